"""Scripts: draws and columns of named persons and households, fixed from outside to follow one family or test one rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.draws import NUMBER, STREAMS, bulk, draw, uniform
from sim.engine import procedure
from sim.state import BY_NAME, Columns

if TYPE_CHECKING:
    from sim.model import Model


class Forced(NamedTuple):
    """A draw that is fixed: the uniform of one stream for one entity from one month to another, both included."""

    stream: str
    entity: int
    first: int
    last: int
    u: float


class Edit(NamedTuple):
    """A value written at the start of a month, before anybody acts.

    Attributes:
        month: month number.
        part: ``person``, ``household`` or ``township`` (by its number).
        entity: id; the number of the township.
        column: name of a column that is no ring of months.
        value: number as stored.
    """

    month: int
    part: str
    entity: int
    column: str
    value: float


class Script:
    """What is fixed in a run."""

    def __init__(self, forced: Iterable[Forced] = (), edits: Iterable[Edit] = ()) -> None:
        """Check names and keep both in an order that does not depend on how they came.

        Raises:
            KeyError: on a stream or a column that does not exist.
            ValueError: on a uniform outside 0 to 1.
        """
        self.forced = sorted(forced, key=lambda one: (one.entity, one.stream, one.first))
        self.edits = sorted(edits)
        for one in self.forced:
            if one.stream not in STREAMS:
                raise KeyError(f"no stream {one.stream}")
            if not 0.0 < one.u < 1.0:
                raise ValueError(f"{one.stream}: {one.u} does not lie between 0 and 1")
        for edit in self.edits:
            if (edit.part, edit.column) not in BY_NAME:
                raise KeyError(f"no column {edit.column} of a {edit.part}")
        self.ids = np.array([one.entity for one in self.forced], np.uint64)
        self.when = np.array([(NUMBER[one.stream], one.first, one.last) for one in self.forced], np.int32).reshape(-1, 3)
        self.u = np.array([one.u for one in self.forced])

    @property
    def arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The fixed draws as compiled code takes them: ids, streams with first and last months, uniforms."""
        return self.ids, self.when, self.u

    def apply(self, model: Model) -> None:
        """Write the month's edits; who has died or left is past them."""
        parts = {"person": model.state.persons, "household": model.state.households, "township": model.world.townships}
        for edit in self.edits:
            if edit.month == model.month:
                columns = parts[edit.part]
                place = place_of(columns, edit.part, edit.entity)
                if place is not None:
                    columns[edit.column][place] = edit.value

    def bulk(self, key: int, stream: str, ids: np.ndarray, month: int) -> np.ndarray:
        """Return the uniforms of one stream for many entities, fixed ones in their places."""
        u = bulk(key, stream, ids, month)
        for one in self.forced:
            if one.stream == stream and one.first <= month <= one.last:
                u[ids == one.entity] = one.u
        return u


def place_of(columns: Columns, part: str, entity: int) -> int | None:
    """Return the row of an entity; a township's is its number. None when nobody there has the id."""
    if part == "township":
        return entity
    found = np.flatnonzero(columns["id"] == np.uint64(entity))
    return int(found[0]) if len(found) else None


@procedure
def force(  # type: ignore[no-untyped-def]
    words, rows, ids, first, last, month, F_id, F_when, F_u,
) -> None:  # fmt: skip
    """Put fixed draws into a tile's words; ``rows`` gives the row of every stream, -1 for those not drawn in bulk."""
    for k in range(len(F_id)):
        row = rows[F_when[k, 0]]
        if row < 0 or month < F_when[k, 1] or month > F_when[k, 2]:
            continue
        for j in range(last - first):
            if ids[first + j] == F_id[k]:
                words[row, j] = np.uint32(F_u[k] * 4294967296.0)


@procedure
def luck(key, stream, entity, month, F_id, F_when, F_u) -> float:  # type: ignore[no-untyped-def]
    """Return the uniform of one stream for one entity and month: the fixed one if there is one."""
    for k in range(len(F_id)):
        if F_id[k] == entity and F_when[k, 0] == stream and F_when[k, 1] <= month and month <= F_when[k, 2]:
            return uniform(np.float64(np.uint32(F_u[k] * 4294967296.0)))
    return draw(key, stream, entity, month)


def rows_of(filled: dict[str, int], streams: Sequence[str] = tuple(STREAMS)) -> list[int]:
    """Return for every stream its row in the words of a pass, -1 where it is not drawn in bulk."""
    return [filled.get(name, -1) for name in streams]


NOTHING = Script()
"""The script of an ordinary run."""
