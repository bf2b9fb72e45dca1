"""The disclosure gate: counts of persons behind which stand rows of real persons, made fit to be published.

Cells are hidden until nothing hidden can be worked out to less than `experiments.disclosure.WIDTH`; this is proved for each of
them (`experiments.disclosure_audit`), figures released earlier included.
"""

from __future__ import annotations

import numpy as np

from experiments.disclosure import Counts, Flags, Hidden, Known, Numbers, Protected, nothing_known, rounded
from experiments.disclosure_audit import hide_more


def primary(counts: Counts) -> Hidden:
    """Return the cells with too few contributors, or with too few that the outcome did not meet (0 and 100% among them)."""
    members = ~counts.enough(counts.members)
    hidden = Hidden(members, {year: members.copy() for year, _ in counts.fell})
    for (year, _), fell in counts.fell.items():
        hidden.fell[year] |= ~counts.enough(fell) | ~counts.enough(counts.members - fell)
    return hidden


def protect(counts: Counts, known: Known | None = None) -> Protected:
    """Return counts as they may be published.

    Args:
        counts: exact counts.
        known: what was released before.

    Raises:
        NotProtected: if what was released before gives a hidden count away whatever is hidden now.
    """
    known = known or nothing_known(counts)
    hidden = primary(counts)
    for year, flags in known.never.items():
        for cell in np.flatnonzero(flags):
            if year is None or year in hidden.fell:
                hidden.hide(year, int(cell))
    before = _hidden_cells(hidden)
    hide_more(counts, hidden, known)
    return Protected(
        _shown(counts, counts.members, hidden.members),
        {key: _shown(counts, fell, hidden.fell[key[0]]) for key, fell in counts.fell.items()},
        before,
        _hidden_cells(hidden) - before,
    )


def _hidden_cells(hidden: Hidden) -> int:
    """Return how many cells are hidden."""
    return int(hidden.members.sum() + sum(flags.sum() for flags in hidden.fell.values()))


def _shown(counts: Counts, values: Numbers, hidden: Flags) -> Numbers:
    """Return rounded counts by cell, NaN where hidden."""
    return np.where(hidden, np.nan, rounded(counts.sums @ counts.means(values)))
