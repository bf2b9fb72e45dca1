"""New falls below a line, by every definition: who, why, and what had happened before."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.eventkinds import KINDS
from sim.indicators import CAUSES
from sim.relapse import DEFINITIONS, FALL

if TYPE_CHECKING:
    from sim.model import Model

NO_CAUSE = -1
"""Stands where no second cause pushed."""
_OTHER, _LOST = CAUSES.index("other"), len(CAUSES)
_TOLD = ("id", "root", "group", "village", "members", "event_month", "event_size", "supports_ended")


class Falls(NamedTuple):
    """The new falls of one yearly test.

    Attributes:
        month: month of the test.
        rows: what the test wrote (`sim.relapse.FALL` and the pushes of all causes, gross and net).
        household: columns of the fallen households, as the test left them.
    """

    month: int
    rows: np.ndarray
    household: dict[str, np.ndarray]

    @classmethod
    def of(cls, model: Model, rows: np.ndarray) -> Falls:
        """Return the falls of this month's test."""
        places = rows[:, 0]
        household = {name: model.state.households[name][..., places] for name in _TOLD}
        household["township"] = model.state.villages["township"][household["village"]]
        return cls(model.month, rows, household)


def relapse_table(model: Model) -> dict[str, np.ndarray]:
    """Return one row for each new fall of a household and each definition by which it fell.

    The columns: month of the test, household, root, group, village, township, persons, definition (place in
    `sim.relapse.DEFINITIONS`), main and second cause (places in `sim.indicators.GUARANTEE_CAUSES`, -1 for none), in fen the
    push of every cause towards the line since the last test, by event the month of the last one (0 for never) and its amount in
    fen, and the transfers that last ended. Gross falls have the pushes on gross income, all others those on net income.
    """
    parts = [part for fall in model.falls for part in _by_definition(fall)]
    names = _columns()
    if not parts:
        nobody: dict[str, np.ndarray] = {name: np.zeros(0, kind) for name, kind in names.items()}
        return nobody | {"supports_ended": np.zeros(0, object)}
    table: dict[str, np.ndarray] = {}
    for name, kind in names.items():
        table[name] = np.concatenate([part[name] for part in parts]).astype(kind)
    ended = np.concatenate([part["supports_ended"] for part in parts])
    words = {bits: " ".join(_names(int(bits), model.transfers)) for bits in set(ended.tolist())}
    table["supports_ended"] = np.array([words[bits] for bits in ended.tolist()], dtype=object)
    order = np.lexsort((table["definition"], table["household"], table["month"]))
    return {name: values[order] for name, values in table.items()}


def _columns() -> dict[str, type]:
    """Return the names of the numbers of the table and how they are stored."""
    names: dict[str, type] = {"month": np.int32, "household": np.uint64, "root": np.uint64, "group": np.int8}
    names |= {"village": np.int16, "township": np.int16, "persons": np.int8, "definition": np.int8}
    names |= {"cause": np.int8, "second": np.int8}
    names |= {f"push_{cause}": np.int64 for cause in CAUSES}
    names |= {f"event_{kind.name}": np.int16 for kind in KINDS}
    return names | {f"size_{kind.name}": np.int32 for kind in KINDS if kind.size}


def _names(bits: int, transfers: tuple[str, ...]) -> list[str]:
    """Return the levers that bits stand for."""
    return [lever for bit, lever in enumerate(transfers) if (bits >> bit) & 1]


def _by_definition(falls: Falls) -> list[dict[str, np.ndarray]]:
    """Return the rows of one test, definition by definition."""
    found = []
    for number, definition in enumerate(DEFINITIONS):
        chosen = np.flatnonzero(falls.rows[:, 1] & (1 << number))
        if len(chosen):
            found.append(_rows(falls, chosen, number, definition))
    return found


def _rows(falls: Falls, chosen: np.ndarray, number: int, definition: str) -> dict[str, np.ndarray]:
    """Return the rows of the households that fell by one definition."""
    rows = falls.rows[chosen]
    first = len(FALL) + (0 if definition == "gross" else len(CAUSES))
    pushes = rows[:, first : first + len(CAUSES)]
    main = _main(rows, pushes, definition)
    told = {name: values[..., chosen] for name, values in falls.household.items()}
    columns = {
        "month": np.full(len(chosen), falls.month),
        "household": told["id"],
        "persons": told["members"],
        "definition": np.full(len(chosen), number),
        "cause": main,
        "second": second_cause(pushes, main),
    }
    columns |= {name: told[name] for name in ("root", "group", "village", "township", "supports_ended")}
    columns |= {f"push_{cause}": pushes[:, place] for place, cause in enumerate(CAUSES)}
    columns |= {f"event_{kind.name}": told["event_month"][place] for place, kind in enumerate(KINDS)}
    return columns | {f"size_{kind.name}": told["event_size"][place] for place, kind in enumerate(KINDS) if kind.size}


def _main(rows: np.ndarray, pushes: np.ndarray, definition: str) -> np.ndarray:
    """Return the main causes: as the test named them; of a confirmed fall the largest push of its year."""
    if definition in ("guarantee", "core"):
        return rows[:, FALL.index("cause_guarantee")]
    if definition == "registry":
        return np.where(pushes.max(axis=1) > 0, pushes.argmax(axis=1), _OTHER)
    return rows[:, FALL.index(f"cause_{definition}")]


def second_cause(pushes: np.ndarray, main: np.ndarray) -> np.ndarray:
    """Return the largest push but that of the main cause; -1 where no other cause pushed.

    Args:
        pushes: fen by household and cause.
        main: main causes; one beyond the causes of income (a guarantee lost) leaves all of them open.
    """
    others = pushes.copy()
    inside = np.flatnonzero(main < _LOST)
    others[inside, main[inside]] = 0
    return np.where(others.max(axis=1) > 0, others.argmax(axis=1), NO_CAUSE)
