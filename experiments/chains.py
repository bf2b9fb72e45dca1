"""Why households fell: main and second causes, and the chains of events before, from the stored tables of relapses."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from experiments.intervals import Estimate, estimate
from experiments.stored import Run, open_stored
from experiments.task import POINT
from scenarios.registrycauses import RegistryCause, RegistryList, registry_causes
from sim.eventkinds import KINDS
from sim.indicators import CAUSES, GROUPS, GUARANTEE_CAUSES
from sim.relapse import DEFINITIONS
from sim.rules import month_index

LEAST = 20_000
"""Events with an amount are told from this one on, in fen: 200 yuan (assumption)."""
LINE = "line"
"""The rise of the line, told among the events."""
TOTAL = "total"
NONE = "none"
"""Second cause where no other one pushed."""


class Event(NamedTuple):
    """Something that happened before a fall: its kind, its month, and its amount in fen; None where the kind has none."""

    kind: str
    month: int
    fen: int | None


class Fall(NamedTuple):
    """A new fall of one household by one definition.

    Attributes:
        policy, replication, county: the run.
        month: the test.
        household, root: ids.
        group, township, persons: who it is.
        definition: one of `sim.relapse.DEFINITIONS`.
        main, second: entries of the registry's list; second is None where nothing else pushed.
        cause, second_cause: the same as causes of the model.
        pushes: fen towards the line since the last test, by cause.
        events: what happened within the list's window, in order.
        ended: transfers that had ended when one last ended within the window.
        weight: persons of the whole place for one of the run.
        draw: name of the run's parameter draw.
    """

    policy: str
    replication: int
    county: int
    month: int
    household: int
    root: int
    group: str
    township: int
    persons: int
    definition: str
    main: RegistryCause
    second: RegistryCause | None
    cause: str
    second_cause: str
    pushes: dict[str, int]
    events: tuple[Event, ...]
    ended: tuple[str, ...]
    weight: int
    draw: str = POINT

    @property
    def chain(self) -> tuple[str, ...]:
        """The kinds of the events in their order."""
        return tuple(event.kind for event in self.events)


class Falls(NamedTuple):
    """The falls of a folder of runs.

    Attributes:
        policies: in the order of the study.
        replications: how many are whole.
        falls: all of them.
        listed: the registry's list by which they are named.
    """

    policies: tuple[str, ...]
    replications: int
    falls: tuple[Fall, ...]
    listed: RegistryList

    def chosen(self, policy: str, definition: str, groups: Sequence[str]) -> list[Fall]:
        """Return the falls of one policy, definition and of some groups."""
        return [one for one in self.falls if (one.policy, one.definition) == (policy, definition) and one.group in groups]


def read_falls(folder: Path, least: int = LEAST, household: int | None = None) -> Falls:
    """Return the new falls of all whole replications of a folder, from 2021 on.

    Args:
        folder: a folder that ``fangpin run`` wrote.
        least: events with an amount below this one, in fen, are left out.
        household: only falls of one household and of those that split off from it.

    Raises:
        FileNotFoundError: if the folder holds no study or no whole replication, or runs without tables of relapses.
    """
    stored, listed = open_stored(folder), registry_causes()
    falls: list[Fall] = []
    lines: dict[tuple[str, int, str], list[int]] = {}
    for policy in stored.study.policies:
        for run in (run for repeat in stored.repeats for run in stored.of(policy, repeat)):
            # the scenario is that of every replication
            same = (policy, run.county, run.repeat[0])
            if same not in lines:
                lines[same] = _line_months(run)
            falls += _falls_of(run, listed, least, household, lines[same])
    return Falls(stored.study.policies, len(stored.repeats), tuple(falls), listed)


def _line_months(run: Run) -> list[int]:
    """Return the months from which the poverty line is another, by the scenario of a run."""
    return [_month_of(text) for text in run.scenario().get("values", {}).get("poverty_line", {}).get("months", ())]


def _falls_of(run: Run, listed: RegistryList, least: int, household: int | None, lines: Sequence[int]) -> Iterator[Fall]:
    """Go through the falls of one run.

    Raises:
        FileNotFoundError: if the run was written without them.
    """
    table = run.columns("relapses.parquet")
    if not table:
        raise FileNotFoundError(f"{run.folder} holds no relapses.parquet: written by an older version; run it again")
    for row in np.flatnonzero(_wanted(table, household)).tolist():
        yield _fall(run, {name: values[row] for name, values in table.items()}, listed, least, lines)


def _wanted(table: Mapping[str, Any], household: int | None) -> np.ndarray:
    """Mark the rows of one household and its split-offs; all without one."""
    if household is None:
        return np.ones(len(table["month"]), bool)
    number = np.uint64(household)
    wanted: np.ndarray = (table["household"] == number) | (table["root"] == number)
    return wanted


def _month_of(text: str) -> int:
    """Return the month number of ``2021-01``."""
    return month_index(int(text[:4]), int(text[5:]))


def _fall(run: Run, row: Mapping[str, Any], listed: RegistryList, least: int, lines: Sequence[int]) -> Fall:
    """Return one row as a fall."""
    pushes = {cause: int(row[f"push_{cause}"]) for cause in CAUSES}
    events = _events(row, listed.window, least)
    sizes = {event.kind: event.fen or 0 for event in _events(row, listed.window, 0)}
    if pushes[LINE] > 0:
        risen = max((month for month in lines if month <= row["month"]), default=int(row["month"]) - int(row["month"]) % 12)
        events = [*events, Event(LINE, risen, pushes[LINE])]
    main, second = (GUARANTEE_CAUSES[int(row[name])] if row[name] >= 0 else "" for name in ("cause", "second"))
    ended = str(row["supports_ended"]).split() if any(event.kind == "support_ended" for event in events) else []
    return Fall(
        run.policy, run.repeat[1], run.county, int(row["month"]), int(row["household"]), int(row["root"]),
        GROUPS[int(row["group"])], int(row["township"]), int(row["persons"]), DEFINITIONS[int(row["definition"])],
        listed.of(main, sizes), listed.of(second, sizes) if second else None, main, second, pushes,
        tuple(sorted(events, key=lambda event: event.month)), tuple(ended),
        run.stands_for, run.repeat[0],
    )  # fmt: skip


def _events(row: Mapping[str, Any], window: int, least: int) -> list[Event]:
    """Return the events within the window before a test, in the order of their kinds."""
    found = []
    for kind in KINDS:
        month = int(row[f"event_{kind.name}"])
        fen = int(row[f"size_{kind.name}"]) if kind.size else None
        if row["month"] - window < month <= row["month"] and (fen is None or fen >= least):
            found.append(Event(kind.name, month, fen))
    return found


class Crossed(NamedTuple):
    """Persons who fell by one main and second cause over the horizon; the cause ``total`` has all of them."""

    policy: str
    definition: str
    main: str
    second: str
    persons: Estimate


def crossed(falls: Falls, definition: str, groups: Sequence[str]) -> list[Crossed]:
    """Return main by second causes of every policy, largest main cause first; each main cause begins with its total."""
    return [row for policy in falls.policies for row in _crossed(falls, policy, definition, groups)]


def _crossed(falls: Falls, policy: str, definition: str, groups: Sequence[str]) -> Iterator[Crossed]:
    """Go through main and second causes of one policy."""
    chosen = falls.chosen(policy, definition, groups)
    yield Crossed(policy, definition, TOTAL, TOTAL, _persons(falls, chosen))
    for main, ours in _sorted(chosen, lambda one: one.main.id):
        yield Crossed(policy, definition, main, TOTAL, _persons(falls, ours))
        for second, theirs in _sorted(ours, lambda one: one.second.id if one.second else NONE):
            yield Crossed(policy, definition, main, second, _persons(falls, theirs))


def _sorted(falls: Sequence[Fall], key: Callable[[Fall], str]) -> list[tuple[str, list[Fall]]]:
    """Return falls by a key, the most persons first."""
    found: dict[str, list[Fall]] = {}
    for one in falls:
        found.setdefault(key(one), []).append(one)
    return sorted(found.items(), key=lambda pair: (-sum(one.persons * one.weight for one in pair[1]), pair[0]))


def _persons(falls: Falls, chosen: Sequence[Fall]) -> Estimate:
    """Return the persons of some falls, mean and error over replications."""
    counts = Counter({(one.draw, one.replication): 0 for one in chosen})
    for one in chosen:
        counts[one.draw, one.replication] += one.persons * one.weight
    return estimate([*counts.values(), *([0] * (falls.replications - len(counts)))])


class Chain(NamedTuple):
    """A sequence of events before falls, and how many households and persons fell after it, summed over replications."""

    policy: str
    definition: str
    events: tuple[str, ...]
    households: int
    persons: int
    share: float


def chains(falls: Falls, definition: str, groups: Sequence[str], most: int | None = None) -> list[Chain]:
    """Return the most frequent chains of every policy; the share is of all households that fell.

    Args:
        falls: the falls.
        definition: by which definition.
        groups: whose.
        most: how many for each policy; all by default.
    """
    rows = []
    for policy in falls.policies:
        chosen = falls.chosen(policy, definition, groups)
        households: Counter[tuple[str, ...]] = Counter()
        persons: Counter[tuple[str, ...]] = Counter()
        for one in chosen:
            households[one.chain] += one.weight
            persons[one.chain] += one.weight * one.persons
        total = sum(households.values())
        ordered = sorted(households, key=lambda chain: (-households[chain], chain))[:most]
        rows += [Chain(policy, definition, one, households[one], persons[one], households[one] / total) for one in ordered]
    return rows


CROSSED_HEADER = ("policy", "definition", "main", "second", "persons", "mc_error", "low95", "high95", "replications")
CHAIN_HEADER = ("policy", "definition", "chain", "households", "persons", "share")
FALL_HEADER = (
    "policy", "replication", "county", "month", "household", "root", "group", "township", "persons", "definition", "main",
    "second", "chain", "events", "supports_ended", "pushes",
)  # fmt: skip


def crossed_cells(row: Crossed) -> tuple[object, ...]:
    """Return a row as the cells of the CSV file."""
    from experiments.tables import plain

    numbers = (row.persons.mean, row.persons.error, row.persons.low, row.persons.high)
    return (row.policy, row.definition, row.main, row.second, *(plain(number) for number in numbers), row.persons.runs)


def chain_cells(row: Chain) -> tuple[object, ...]:
    """Return a row as the cells of the CSV file."""
    return (row.policy, row.definition, " > ".join(row.events), row.households, row.persons, f"{row.share:.6f}")


def fall_cells(fall: Fall) -> tuple[object, ...]:
    """Return a fall as the cells of the CSV file: events as month, kind and yuan."""
    events = " > ".join(f"{said_month(one.month)} {one.kind}{said_yuan(one.fen)}" for one in fall.events)
    second = fall.second.id if fall.second else NONE
    return (
        fall.policy, fall.replication, fall.county, said_month(fall.month), fall.household, fall.root, fall.group,
        fall.township, fall.persons, fall.definition, fall.main.id, second, " > ".join(fall.chain), events,
        " ".join(fall.ended), json.dumps({cause: push / 100 for cause, push in fall.pushes.items() if push}),
    )  # fmt: skip


def said_month(month: int) -> str:
    """Return a month number as ``2021-01``."""
    return f"{month // 12}-{month % 12 + 1:02d}"


def said_yuan(fen: int | None) -> str:
    """Return an amount as `` 1,234`` yuan; nothing where there is none."""
    return "" if fen is None else f" {fen / 100:,.0f}"
