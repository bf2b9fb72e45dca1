"""Whether a sweep keeps all processors at work: ``python benchmarks/sweep.py [key=value ...]``.

Keys: ``households``, ``months``, ``reps``, ``workers`` (by default the processors), ``rounds``. In each round the same runs are
made by one process with one thread and by the workers; the ratio is that of runs a second, over the number of workers. 1 is
perfect. Starting the workers is in the clock; compiling is not.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from experiments.engine import warm_up  # noqa: E402
from experiments.runner import run_plan  # noqa: E402
from experiments.store import Store  # noqa: E402
from experiments.study import Plan, Study  # noqa: E402
from experiments.workers import Workers, processors  # noqa: E402  (the path must be set first)
from fangpin.planning import load_counties, plan_of  # noqa: E402

DEFAULTS = {"households": 12_000, "months": 60, "reps": 8, "workers": processors(), "rounds": 3}


def seconds(plan: Plan, workers: Workers) -> float:
    """Return how long all runs of a plan take, in a new folder."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "study")
        store.open(plan.study)
        start = time.perf_counter()
        tally = run_plan(plan, store, workers)
        taken = time.perf_counter() - start
    assert len(tally.made) == len(plan.tasks)
    return taken


def read_keys(words: list[str]) -> dict[str, int]:
    """Return the keys of the command line over the defaults.

    Raises:
        SystemExit: on a key that is not known or a value that is no whole number.
    """
    keys = dict(DEFAULTS)
    for word in words:
        key, _, text = word.partition("=")
        if key not in DEFAULTS or not text.isdecimal():
            raise SystemExit(f"{word}: not understood; keys with whole numbers: {', '.join(DEFAULTS)}")
        keys[key] = int(text)
    return keys


def main(words: list[str]) -> None:
    """Measure and print."""
    keys = read_keys(words)
    study = Study(households=keys["households"], months=keys["months"], replications=keys["reps"])
    plan = plan_of(study, load_counties(study))
    warm_up(plan.cases[0].scenarios[study.policies[0]].rules)
    count, ratios = len(plan.tasks), []
    print(f"{count} runs of {keys['households']:,} households and {keys['months']} months, {keys['workers']} workers")
    for number in range(keys["rounds"]):
        one = seconds(plan, Workers(jobs=1, threads=1))
        many = seconds(plan, Workers(jobs=keys["workers"], threads=1))
        ratios.append(one / many / keys["workers"])
        print(f"round {number + 1}: {count / one:.2f} and {count / many:.2f} runs a second, ratio {ratios[-1]:.2f}", flush=True)
    print(f"median ratio {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
