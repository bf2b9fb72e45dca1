"""The proof that nothing hidden can be bounded closely: for each hidden count two tables that fit all that is shown.

Whoever knows every shown figure, how it was rounded and that counts add up over areas and groups, cannot tell such tables from
the true one. They are looked for near the true table, one outcome at a time with all others as they are: whatever exists there
exists in the whole too. Where there are none, one of the shown cells in the way is hidden, and the search goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.disclosure import BASE, LEAST, WIDTH, Counts, Flags, Hidden, Known, NotProtected, Numbers, Outcome, rounded

ROOM = 4 * WIDTH
"""How far a count of a village may move in the search: keeps it finite, and proofs found are proofs all the same."""


def bounds_of(shown: Numbers, runs: int) -> tuple[Numbers, Numbers]:
    """Return what a shown count says of the exact one: within half a base, and not below the least that is shown.

    Halves are rounded upwards and counts of a run are whole, so that the upper end is one step of the mean less.

    Args:
        shown: rounded counts.
        runs: runs whose mean they are.
    """
    return np.maximum(shown - BASE / 2, LEAST), shown + BASE / 2 - 1 / runs


@dataclass
class _Blocked:
    """A hidden count without proof, and the shown cells that stand in its way: of the outcome (True) or the population."""

    cell: int
    ways: list[tuple[bool, int]]


class _Block:
    """The linear program of the population and one outcome, or of the population alone."""

    def __init__(self, counts: Counts, hidden: Hidden, known: Known, key: Outcome | None) -> None:
        """Take what is shown; all else is as it truly is."""
        self.counts, self.hidden, self.known, self.key = counts, hidden, known, key
        self.members = counts.means(counts.members)
        self.fell = counts.means(counts.fell[key]) if key else np.zeros_like(self.members)
        self._build()

    def _build(self) -> None:
        """Build rows: shown cells of the population, of the outcome, and of those whom it did not meet."""
        from scipy.sparse import csr_array, vstack

        counts, size = self.counts, len(self.members)
        none = csr_array((len(counts.cells), size))
        people, fell = _beside(counts.sums, none), _beside(none, counts.sums)
        shown = np.flatnonzero(~self.hidden.members | ~np.isnan(self.known.members))
        runs = len(counts.members)
        low, high = bounds_of(rounded(counts.sums @ self.members), runs)
        low = np.maximum(low, self._least_members())
        rows, limits = [people[shown], -people[shown]], [high[shown], -low[shown]]
        self.ways = [(False, int(cell)) for cell in shown] * 2
        if self.key:
            shown = np.flatnonzero(self.shown_outcome(self.key))
            low, high = bounds_of(rounded(counts.sums @ self.fell), runs)
            rows += [fell[shown], -fell[shown], fell[shown] - people[shown]]
            limits += [high[shown], -low[shown], np.full(len(shown), -float(LEAST))]
            self.ways += [(True, int(cell)) for cell in shown] * 3
        own = _beside(-csr_array(np.eye(size)), csr_array(np.eye(size)))
        self.rows = vstack([*rows, own], format="csr")
        self.limits = np.concatenate([*limits, np.zeros(size)])
        self.kinds = (people, fell, people - fell) if self.key else (people,)

    def shown_outcome(self, key: Outcome) -> Flags:
        """Return the cells of an outcome that are shown or were."""
        before = self.known.fell.get(key)
        shown = ~self.hidden.fell[key[0]]
        return shown if before is None else shown | ~np.isnan(before)

    def _least_members(self) -> Numbers:
        """Return what the shown cells of the other outcomes ask of the population: that enough did not meet them."""
        least = np.zeros(len(self.counts.cells))
        for key, fell in self.counts.fell.items():
            if key != self.key:
                asked = self.counts.sums @ self.counts.means(fell) + LEAST
                least = np.where(self.shown_outcome(key), np.maximum(least, asked), least)
        return least

    def _box(self) -> list[tuple[float, float]]:
        """Return the limits of the counts of villages: no fewer persons than any other outcome meets."""
        others = [self.counts.means(fell) for key, fell in self.counts.fell.items() if key != self.key]
        low = np.max([np.zeros_like(self.members), *others], axis=0)
        people = [(max(float(least), mean - ROOM), mean + ROOM) for least, mean in zip(low, self.members, strict=True)]
        if not self.key:
            return people + [(float(mean), float(mean)) for mean in self.fell]
        return people + [(max(0.0, mean - ROOM), mean + ROOM) for mean in self.fell]

    def prove(self, cells: Sequence[int], proved: Flags) -> _Blocked | None:
        """Find the proofs for some hidden cells and note them; return the first cell for which there is none."""
        truth = np.concatenate([self.members, self.fell])
        told = [kind @ truth for kind in self.kinds]
        low = np.array(told)
        high, box = low.copy(), self._box()
        for cell in cells:
            for number, kind in enumerate(self.kinds):
                ways: list[tuple[bool, int]] = []
                for sign in (-1.0, 1.0):
                    if high[number, cell] - low[number, cell] >= WIDTH:
                        break
                    table, stood = self._furthest(sign * kind[[cell]].toarray()[0], box)
                    ways += stood
                    if table is not None:
                        # one table is a proof for many cells
                        reached = np.array([one @ table for one in self.kinds])
                        low, high = np.minimum(low, reached), np.maximum(high, reached)
                if high[number, cell] - low[number, cell] < WIDTH:
                    return _Blocked(cell, ways)
            proved[cell] = True
        return None

    def _furthest(self, goal: Numbers, box: list[tuple[float, float]]) -> tuple[Numbers | None, list[tuple[bool, int]]]:
        """Return the table that lies furthest, and the shown cells that stop it."""
        from scipy.optimize import linprog

        answer: Any = linprog(goal, A_ub=self.rows, b_ub=self.limits, bounds=box, method="highs")
        if answer.status != 0:
            return None, []
        stops = np.flatnonzero(np.abs(answer.ineqlin.marginals[: len(self.ways)]) > 1e-9)
        return np.asarray(answer.x), [self.ways[place] for place in stops]


def _beside(left: Any, right: Any) -> Any:
    """Return two matrices side by side."""
    from scipy.sparse import hstack

    return hstack([left, right], format="csr")


def _keys(counts: Counts) -> Iterator[Outcome | None]:
    """Yield the population, then each outcome."""
    yield None
    yield from counts.fell


def hide_more(counts: Counts, hidden: Hidden, known: Known) -> None:
    """Hide further cells until every hidden count of every outcome is proved to be wide open.

    What was proved stays so when more is hidden: there is less to fit. So only cells that are new are looked at again.

    Raises:
        NotProtected: if earlier releases stand in the way.
    """
    proved: dict[Outcome | None, Flags] = {key: np.zeros(len(counts.cells), np.bool_) for key in _keys(counts)}
    again = True
    while again:
        again = False
        for key in _keys(counts):
            again |= _prove_block(counts, hidden, known, key, proved[key])


def _prove_block(counts: Counts, hidden: Hidden, known: Known, key: Outcome | None, proved: Flags) -> bool:
    """Prove the hidden cells of one outcome, hiding more where need be; return whether anything was hidden."""
    changed = False
    while True:
        flags = hidden.fell[key[0]] if key else hidden.members
        before = known.fell.get(key) if key else known.members
        open_cells = flags & ~proved if before is None else flags & ~proved & np.isnan(before)
        if not open_cells.any():
            return changed
        blocked = _Block(counts, hidden, known, key).prove(np.flatnonzero(open_cells).tolist(), proved)
        if blocked is None:
            return changed
        _hide_one(counts, hidden, known, key, blocked)
        changed = True


def _hide_one(counts: Counts, hidden: Hidden, known: Known, key: Outcome | None, blocked: _Blocked) -> None:
    """Hide the smallest shown cell that stands in the way: of the outcome before the population, any where none is named."""
    size = counts.sums @ counts.means(counts.fell[key] if key else counts.members)
    years: list[int | None] = [key[0], None] if key else [None]
    for year in years:
        shown = ~(hidden.members if year is None else hidden.fell[year])
        released = known.members if year is None or key is None else known.fell.get(key)
        free = shown if released is None else shown & np.isnan(released)
        named = [cell for outcome, cell in blocked.ways if free[cell] and outcome == (year is not None)]
        candidates = named or ([] if blocked.ways and year is not years[-1] else np.flatnonzero(free).tolist())
        if candidates:
            hidden.hide(year, min(candidates, key=lambda cell: (size[cell], cell)))
            return
    raise NotProtected(f"'{counts.cells[blocked.cell].name}' could be worked out together with what was released before")
