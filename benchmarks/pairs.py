"""How fast one version is against another: ``python benchmarks/pairs.py OLD NEW [key=value ...]``, two trees of the project.

Each round runs either tree once, in a fresh process each, the first in turn: the same households, months, seed and policy, one
thread, in processor time. The mean of the logarithms of the ratios is told with its 95% interval. A first round compiles and is
not counted. Keys: ``households``, ``months``, ``rounds``; results depend on what else the machine does, so say it.
"""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
import sys
from pathlib import Path

from scipy.stats import t as student

DEFAULTS = {"households": 12_000, "months": 60, "rounds": 20}

ONE = """
import json, sys, time
root, households, months, seed = sys.argv[1], *map(int, sys.argv[2:])
sys.path.insert(0, root)
from fangpin.size import sized_scenario
from sim.history import live
from sim.indicators import INDEX
from sim.model import Model
scenario = sized_scenario("nanyang", "documented", (), households)
start = time.process_time()
past = live(scenario.county, scenario.rules, seed)
lived = time.process_time() - start
Model(scenario.county, scenario.rules, rng=seed, past=past, months=1, threads=1).run_model()
model = Model(scenario.county, scenario.rules, rng=seed, past=past, months=months, threads=1)
start = time.process_time()
model.run_model()
taken = time.process_time() - start
persons = int(model.record[:, :, INDEX["persons"]].sum())
print(json.dumps({"rate": persons / taken, "past": 1 / lived, "bytes": model.state.bytes_per_person()}))
"""
"""What one process does; it uses only what both versions have."""


def measured(tree: Path, keys: dict[str, int], seed: int) -> dict[str, float]:
    """Return what one fresh process measures in a tree."""
    call = [sys.executable, "-c", ONE, str(tree), str(keys["households"]), str(keys["months"]), str(seed)]
    environment = os.environ | {"PYTHONPATH": str(tree)}
    done = subprocess.run(call, env=environment, cwd=tree, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def told(name: str, ratios: list[float]) -> str:
    """Return the geometric mean of ratios with its 95% interval."""
    logs = [math.log(ratio) for ratio in ratios]
    half = student.ppf(0.975, len(logs) - 1) * statistics.stdev(logs) / math.sqrt(len(logs))
    middle = statistics.mean(logs)
    return f"{name}: {math.exp(middle):.3f} [{math.exp(middle - half):.3f}, {math.exp(middle + half):.3f}], {len(logs)} pairs"


def main(words: list[str]) -> None:
    """Measure in pairs and print the ratios, new over old."""
    old, new = (Path(word).resolve() for word in words[:2])
    keys = DEFAULTS | {word.partition("=")[0]: int(word.partition("=")[2]) for word in words[2:]}
    pairs: list[tuple[dict[str, float], dict[str, float]]] = []
    for seed in range(keys["rounds"] + 1):
        order = (old, new) if seed % 2 else (new, old)
        found = {tree: measured(tree, keys, seed) for tree in order}
        if seed:  # the first round compiles
            pairs.append((found[old], found[new]))
    for place, tree in enumerate((old, new)):
        rate, size = (statistics.median(pair[place][key] for pair in pairs) for key in ("rate", "bytes"))
        print(f"{tree.name}: {rate / 1e6:.2f} M person-months a second, {size:.0f} bytes a person")
    print(told("person-months a second, new over old", [new["rate"] / old["rate"] for old, new in pairs]))
    print(told("speed of the past to 2020, new over old", [new["past"] / old["past"] for old, new in pairs]))


if __name__ == "__main__":
    main(sys.argv[1:])
