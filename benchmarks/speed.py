"""How fast fangpin is, measured on the documented plan of Nanyang: ``python benchmarks/speed.py [key=value ...]``.

Keys: ``households`` (of the engine's county), ``twin`` (households of the twin's county), ``months``, ``rounds``,
``command=true`` (also the wall times of the command), ``levers=true`` (what the levers of all plans cost, and nothing else),
``seed``. Nothing is asserted: goals stand beside measures.

One thread and the twin are measured in processor time, which other work on the machine disturbs little; two threads and whole
processes in wall time, which it disturbs.
"""

from __future__ import annotations

import functools
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from fangpin.size import DEFAULT_HOUSEHOLDS, sized_scenario  # noqa: E402  (the path must be set first)
from scenarios import lever_ids  # noqa: E402
from scenarios.planbook import plan_book  # noqa: E402
from sim.draws import fill  # noqa: E402
from sim.engine import procedure  # noqa: E402
from sim.history import live  # noqa: E402
from sim.indicators import INDEX  # noqa: E402
from sim.loops import _filled  # noqa: E402
from sim.model import PLAN_START, Model  # noqa: E402
from sim.month import HOUSEHOLD, ORDER, PEOPLE, SETTLE  # noqa: E402
from sim.past import Past  # noqa: E402
from sim.rules import County, Rules  # noqa: E402

DEFAULTS = {"households": DEFAULT_HOUSEHOLDS, "twin": 1500, "months": 60, "rounds": 5, "seed": 1, "command": 0, "levers": 0}
TWIN_MONTHS = 12
"""Months of a twin's round: a whole year, since January and autumn have more to do than other months."""

BLOCKS = [np.array(_filled(steps)[1], np.int64) for steps in (PEOPLE, HOUSEHOLD, SETTLE)]
"""Blocks of draws that the passes fill, of persons and twice of households."""


class Line(NamedTuple):
    """One line of the table: what, its measure, its goal."""

    what: str
    measure: str
    goal: str = ""


class Place(NamedTuple):
    """A county with its rules and its past, ready to go on from January 2021."""

    county: County
    rules: Rules
    past: Past
    seed: int

    def model(self, threads: int, months: int) -> Timed:
        """Return a fresh model."""
        return Timed(self.county, self.rules, rng=self.seed, past=self.past, months=months, threads=threads)


class Timed(Model):
    """The model, with a watch on each stage of the month."""

    def __init__(self, *given: object, **named: object) -> None:
        """Start the watches at zero."""
        super().__init__(*given, **named)  # type: ignore[arg-type]
        self.seconds: dict[str, float] = defaultdict(float)

    def _watch(self, stage: str, work: Callable[..., None], *given: object) -> None:
        start = time.thread_time()
        work(*given)
        self.seconds[stage] += time.thread_time() - start

    def _environment(self, paid: np.ndarray) -> None:
        self._watch("environment", super()._environment, paid)

    def _pass(self, name: str, paid: np.ndarray) -> None:
        self._watch(name, super()._pass, name, paid)

    def _county(self, paid: np.ndarray) -> None:
        self._watch("county", super()._county, paid)

    def _recording(self, paid: np.ndarray) -> None:
        self._watch("recording", super()._recording, paid)


def settled(households: int | None, seed: int) -> Place:
    """Return a county of Nanyang that has lived until the end of 2020."""
    scenario = sized_scenario("nanyang", "documented", (), households)
    return Place(scenario.county, scenario.rules, live(scenario.county, scenario.rules, seed), seed)


def seconds(work: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """Return the time that some work takes by a clock: processor time, or wall time with `time.perf_counter`."""
    start = clock()
    work()
    return clock() - start


def person_months(record: np.ndarray) -> int:
    """Return the persons counted at the ends of all months."""
    return int(record[:, :, INDEX["persons"]].sum())


@procedure
def fill_villages(words, ids, first, last, blocks, month, key):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """Fill some blocks of draws, village by village, compiled as in the passes."""
    for village in range(len(first)):
        for block in blocks:
            fill(words, 0, ids, first[village], last[village], month, block, key)


def fill_once(model: Model) -> None:
    """Fill the draws that the passes of one month fill, on one thread."""
    state = model.state
    words = np.empty((8, model.passes.widest), np.uint32)
    first = state.villages["first_household"].astype(np.int64)
    last = first + state.villages["households"]
    start, slots = state.households["start"], state.households["slots"]
    ends = start[last - 1].astype(np.int64) + slots[last - 1]
    fill_villages(words, state.persons["id"], start[first].astype(np.int64), ends, BLOCKS[0], model.month, model.key)
    for blocks in BLOCKS[1:]:
        fill_villages(words, state.households["id"], first, last, blocks, model.month, model.key)


class Watch:
    """What the rounds measured, by name; the median is told."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.measured: dict[str, list[float]] = defaultdict(list)

    def note(self, name: str, value: float) -> None:
        """Add one measure."""
        self.measured[name].append(value)

    def __getitem__(self, name: str) -> float:
        """Return the median."""
        return statistics.median(self.measured[name])


def engine_round(place: Place, threads: int, months: int, watch: Watch, name: str) -> None:
    """Run the engine once and note its rate; on one thread of the engine's county also its parts."""
    model = place.model(threads, months)
    taken = seconds(model.run_model, time.process_time if threads == 1 else time.perf_counter)
    watch.note(name, person_months(model.record) / taken)
    if name != "one":
        return
    for stage, _ in ORDER:
        watch.note(stage, model.seconds[stage] / taken)
    fill_once(model)  # compiled before it is measured
    watch.note("draws", min(seconds(lambda: fill_once(model)) for _ in range(5)) * months / taken)


def twin_round(place: Place, watch: Watch) -> None:
    """Run the twin once, its agents ready and its draws given in bulk."""
    from twin import TwinModel

    twin = TwinModel.from_past(place.county, place.rules, place.seed, place.past)
    taken = seconds(lambda: twin.run_months(TWIN_MONTHS))
    watch.note("twin", person_months(twin.record) / taken)


def measure(keys: dict[str, int]) -> tuple[Watch, Place, Place]:
    """Measure engine and twin side by side, round by round."""
    large, small = (settled(keys[name], keys["seed"]) for name in ("households", "twin"))
    watch = Watch()
    large.model(2, 1).run_model()  # compiled and warm before the first round
    for _ in range(keys["rounds"]):
        engine_round(large, 1, keys["months"], watch, "one")
        engine_round(large, 2, keys["months"], watch, "two")
        engine_round(small, 1, TWIN_MONTHS, watch, "small")
        twin_round(small, watch)
    return watch, large, small


def engine_lines(watch: Watch, large: Place, small: Place, months: int) -> list[Line]:
    """Return the lines on engine and twin."""
    model = large.model(1, months)
    people = int(model.state.persons["alive"].sum())
    few = int(small.past.state.persons["alive"].sum())
    return [
        Line("simulated persons, engine / twin", f"{people:,} / {few:,}"),
        Line("person-months a second, one thread (processor time)", f"{watch['one'] / 1e6:.1f} M", "15 M a core, quiet machine"),
        Line("person-months a second, two threads (wall time)", f"{watch['two'] / 1e6:.1f} M"),
        Line("person-months a second, twin (processor time)", f"{watch['twin'] / 1e3:.1f} k"),
        Line("engine over twin, one thread", f"{watch['one'] / watch['twin']:.0f} times", "at least 150 times"),
        Line("the same, both on the twin's county", f"{watch['small'] / watch['twin']:.0f} times"),
        Line("bytes of state per person", f"{model.state.bytes_per_person():.0f}", "at most 120"),
    ]


def share_lines(watch: Watch) -> list[Line]:
    """Return the shares of a month's time, one thread."""
    names = {
        "environment": "environment (law, weather, repacking, visits)",
        "people": "first pass: people and household",
        "county": "institutions",
        "settle": "second pass: settle",
        "recording": "recording",
    }
    lines = [Line(f"share: {names[stage]}", f"{100 * watch[stage]:.0f}%") for stage, _ in ORDER]
    return [*lines, Line("of these, draws filled in bulk inside the passes", f"{100 * watch['draws']:.0f}%")]


SMALL_RUN = "from fangpin import Model; Model(households=500, months=1).run_model()"


def timed_process(*words: str, cache: str) -> float:
    """Return the wall time of a fresh Python process with its compiled code in ``cache``."""
    environment = os.environ | {"FANGPIN_CACHE": cache, "PYTHONPATH": str(ROOT)}
    call = [sys.executable, *words]
    run = functools.partial(subprocess.run, call, env=environment, check=True, capture_output=True, cwd=cache)
    return seconds(run, time.perf_counter)


def compile_lines() -> list[Line]:
    """Return the cost of compilation: a small run in a fresh process, with nothing compiled and again."""
    with tempfile.TemporaryDirectory() as cache:
        first, again = (timed_process("-c", SMALL_RUN, cache=cache) for _ in range(2))
    return [Line("small run in a fresh process, first / again", f"{first:.1f} / {again:.1f} s")]


def command_lines() -> list[Line]:
    """Return the wall times of the command, each in a fresh process."""
    with tempfile.TemporaryDirectory() as cache:
        helped = statistics.median(timed_process("-m", "fangpin", "--help", cache=cache) for _ in range(5))
        first, again = (timed_process("-m", "fangpin", "run", f"out={cache}/{k}", cache=cache) for k in range(2))
    return [
        Line("fangpin --help", f"{helped:.2f} s", "under 1 s"),
        Line("fangpin run, nothing compiled", f"{first:.1f} s", "under 30 s"),
        Line("fangpin run, another folder, compiled", f"{again:.1f} s", "under 10 s"),
    ]


def with_every_lever(households: int) -> tuple[County, Rules]:
    """Return Nanyang's county with every entry switched on, those of other plans too."""
    off = set(lever_ids()) - {lever.id for lever in sized_scenario("nanyang", "documented", (), households).rules.levers}
    scenario = sized_scenario("nanyang", "documented", tuple(f"{lever}.enabled=true" for lever in sorted(off)), households)
    return scenario.county, scenario.rules


def core_of(rules: Rules) -> Rules:
    """Return the rules with the schemes alone that no plan has to name: dibao, the three layers of cover, school aid and such."""
    book = plan_book()
    named = {key for key in book.levers if key not in book.in_force()}
    return replace(rules, levers=tuple(lever for lever in rules.levers if lever.id.partition(".")[0] not in named))


def lever_lines(keys: dict[str, int]) -> list[Line]:
    """Return the speed with the levers of all plans over that with the core set: month by month in turn, median of the pairs."""
    county, rules = with_every_lever(keys["households"])
    every, core = (Place(county, each, live(county, each, keys["seed"]), keys["seed"]) for each in (rules, core_of(rules)))
    ratios: list[float] = []
    for _ in range(keys["rounds"]):
        models = [place.model(1, keys["months"]) for place in (every, core)]
        for number in range(keys["months"]):
            rates = [0.0, 0.0]
            # who goes first changes from month to month
            for place in ((0, 1), (1, 0))[number % 2]:
                taken = seconds(models[place].step)
                rates[place] = models[place].totals[INDEX["persons"]] / taken
            ratios.append(rates[0] / rates[1])
    low, high = statistics.quantiles(ratios, n=10)[0], statistics.quantiles(ratios, n=10)[-1]
    counts = f"{len(every.rules.levers)} entries over {len(core.rules.levers)}"
    return [
        Line(f"speed, {counts}, {len(ratios)} pairs", f"{statistics.median(ratios):.2f}", "at least 0.5"),
        Line("a tenth of the pairs below / above", f"{low:.2f} / {high:.2f}"),
    ]


def machine() -> str:
    """Return what the measures depend on."""
    versions = ", ".join(f"{package} {version(package)}" for package in ("numba", "numpy", "mesa"))
    load = f"load before {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} processors {platform.machine()}, Python {platform.python_version()}, {versions}, {load}"


def read_keys(words: list[str]) -> dict[str, int]:
    """Return the keys of the command line over the defaults.

    Raises:
        SystemExit: on a key that is not known or a value that is no whole number.
    """
    keys = dict(DEFAULTS)
    for word in words:
        key, _, text = word.partition("=")
        number = {"true": "1", "false": "0"}.get(text, text)
        if key not in DEFAULTS or not number.isdecimal():
            raise SystemExit(f"{word}: not understood; keys with whole numbers: {', '.join(DEFAULTS)}")
        keys[key] = int(number)
    return keys


def main(words: list[str]) -> None:
    """Measure and print the table."""
    keys = read_keys(words)
    print(machine(), flush=True)
    if keys["levers"]:
        for line in lever_lines(keys):
            print(f"{line.what:54}{line.measure:>18}   {line.goal}".rstrip())
        return
    lines = [*(command_lines() if keys["command"] else []), *compile_lines()]
    watch, large, small = measure(keys)
    lines = [*engine_lines(watch, large, small, keys["months"]), *share_lines(watch), *lines]
    print(f"{keys['months']} months from {PLAN_START // 12}-01, medians of {keys['rounds']} rounds\n")
    print(f"{'':54}{'measured':>18}   goal")
    for line in lines:
        print(f"{line.what:54}{line.measure:>18}   {line.goal}".rstrip())


if __name__ == "__main__":
    main(sys.argv[1:])
