"""Traces: what happens to named households, month by month and fen by fen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.indicators import INDICATORS
from sim.state import BY_NAME, HOUSEHOLD, PERSON, ROW, Columns

if TYPE_CHECKING:
    from sim.model import Model

_FIRST, _COUNT = ROW["village", "first_household"], ROW["village", "households"]


class Traced(NamedTuple):
    """One household's month.

    Attributes:
        month: month number.
        counts: what the household added to every indicator, money in fen.
        paid: what each lever paid to it or for it, in fen, by the lever's id; nothing where nothing was paid.
        household: its columns at the end of the month.
        persons: its living members' columns at the end of the month.
    """

    month: int
    counts: dict[str, int]
    paid: dict[str, int]
    household: dict[str, Any]
    persons: list[dict[str, Any]]


class Tracer:
    """Follows some households of a model."""

    def __init__(self, model: Model, ids: tuple[int, ...]) -> None:
        """Follow households by their lasting ids."""
        self.model = model
        self.ids = ids
        self.months: dict[int, list[Traced]] = {number: [] for number in ids}
        self._counts: dict[int, np.ndarray] = {}
        self._paid: dict[int, np.ndarray] = {}

    def begin(self) -> None:
        """Start a month with empty books."""
        self._counts = {number: np.zeros_like(self.model.now) for number in self.ids}
        self._paid = {number: np.zeros(max(1, len(self.model.rules.levers)), np.int64) for number in self.ids}

    def places(self) -> dict[int, int]:
        """Return the rows of the households, by id."""
        ids = self.model.state.households["id"]
        return {number: int(np.flatnonzero(ids == np.uint64(number))[0]) for number in self.ids}

    def villages(self) -> dict[int, list[tuple[int, int]]]:
        """Return by village the followed households in it: rows and ids, in the order of the rows."""
        found: dict[int, list[tuple[int, int]]] = {}
        for number, place in self.places().items():
            found.setdefault(int(self.model.state.households["village"][place]), []).append((place, number))
        return {village: sorted(rows) for village, rows in found.items()}

    def split(self, village: int, rows: list[tuple[int, int]]) -> list[tuple[np.ndarray, int]]:
        """Return the village cut into runs of households, each followed one by itself: village columns and id (0 for others)."""
        columns = self.model.state.villages.matrices["i4"]
        first = int(columns[_FIRST, village])
        end = first + int(columns[_COUNT, village])
        pieces: list[tuple[int, int, int]] = []
        for place, number in rows:
            pieces += [(first, place, 0), (place, place + 1, number)]
            first = place + 1
        pieces.append((first, end, 0))
        cut = []
        for start, stop, number in pieces:
            if stop > start:
                own = columns.copy()
                own[_FIRST, village], own[_COUNT, village] = start, stop - start
                cut.append((own, number))
        return cut

    def add(self, number: int, record: np.ndarray, paid: np.ndarray) -> None:
        """Add what one pass counted and paid for a household."""
        self._counts[number] += record
        self._paid[number] += paid

    def end(self) -> None:
        """Close the month."""
        model = self.model
        for number, place in self.places().items():
            counts = self._counts[number].sum(axis=0)
            paid = self._paid[number]
            start, slots = (int(model.state.households[name][place]) for name in ("start", "slots"))
            members = [slot for slot in range(start, start + slots) if model.state.persons["alive"][slot] == 1]
            self.months[number].append(
                Traced(
                    model.month,
                    {one.name: int(counts[k]) for k, one in enumerate(INDICATORS)},
                    {lever.id: int(paid[k]) for k, lever in enumerate(model.rules.levers) if paid[k]},
                    values(model.state.households, HOUSEHOLD, place),
                    [values(model.state.persons, PERSON, slot) for slot in members],
                )
            )


def values(columns: Columns, table: tuple[Any, ...], place: int) -> dict[str, Any]:
    """Return one row as plain values, enumerations by their names; rings of months are left out."""
    found: dict[str, Any] = {}
    for column in table:
        if column.length > 1:
            continue
        value = columns[column.name][place].item()
        names = BY_NAME[column.entity, column.name].values
        found[column.name] = names[value] if names and names != ("no", "yes") else value
    return found
