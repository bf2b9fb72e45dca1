"""What an early warning is judged by: when households truly come to risk, when they are found, what a December knew of them.

A household is truly at risk in a month at whose end its net income of twelve months lies below the monitoring line: what the
county sees of it does not count here. Nothing in the model reads these notes but the tables of a run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.relapse import BITS_FROM
from sim.rules import month_of_year, year_of

if TYPE_CHECKING:
    from sim.model import Model

ENDS = ("known", "found", "unseen", "open")
"""How the wait of a spell of risk ends: the household was in the registry before; found after so many months; out of risk and not
found; neither when the run ends."""
KNOWN, FOUND, UNSEEN, OPEN = range(len(ENDS))
STANDINGS = ("not", "earlier", "now")
"""True risk in a December: in no month of the year, in an earlier month of it, in December."""
SCORES = 101
_STANDING, _MONITORED = SCORES, SCORES * len(STANDINGS)


def december_view(score: Any, standing: Any, monitored: Any) -> Any:
    """Return risk score, standing and registry in one number from 1; 0 is left for households without a December."""
    return 1 + score + _STANDING * standing + _MONITORED * monitored


def seen_in_december(view: int) -> tuple[int, int, int]:
    """Return risk score, standing and whether in the registry, from the one number."""
    rest, score = divmod(view - 1, SCORES)
    monitored, standing = divmod(rest, len(STANDINGS))
    return score, standing, monitored


class Watch:
    """Notes of one county's spells of risk and December lists.

    Attributes:
        spells: households by month in which the spell began, group, end (`ENDS`) and months waited.
        lists: households by year, group, what was known in the December before (`december_view`), whether they came to be at risk
            in the year, and whether they newly fell at its yearly test.
    """

    def __init__(self, model: Model) -> None:
        """Begin with nothing noted."""
        self.county = model
        self.spells: Counter[tuple[int, int, int, int]] = Counter()
        self.lists: Counter[tuple[int, int, int, int, int]] = Counter()

    def step(self) -> None:
        """Look at every household at the end of a month."""
        columns, month = self.county.state.households, self.county.month
        line = self.county.world.value("monitoring_line")
        at_risk = (columns["members"] > 0) & (columns["net_12m"] < line * columns["members"])
        columns["risk_in_year"] |= at_risk
        self._follow(at_risk, month)
        entered = (columns["monitored"] == 1) & (columns["identified_month"] == month) & at_risk
        self.county.count_by_group("identified_at_risk_households", columns["group"][entered])
        if month_of_year(month) == 12:
            self._look_back(year_of(month))
            self._look_ahead(at_risk)

    def _follow(self, at_risk: np.ndarray, month: int) -> None:
        """Let spells begin, be found and end."""
        columns = self.county.state.households
        begun = at_risk & (columns["risk_since"] == 0)
        columns["risk_since"][begun] = month
        known = columns["monitored"] == 1
        before = begun & known & (columns["identified_month"] < month)
        found = at_risk & known & (columns["risk_found"] == 0)
        over = ~at_risk & (columns["risk_since"] > 0)
        self._note(before, KNOWN, month)
        self._note(found & ~before, FOUND, month)
        self._note(over & (columns["risk_found"] == 0), UNSEEN, month)
        columns["risk_found"][found] = 1
        columns["risk_found"][over] = 0
        columns["risk_since"][over] = 0

    def _note(self, chosen: np.ndarray, end: int, month: int) -> None:
        """Note the ends of the waits of some households."""
        rows = np.flatnonzero(chosen)
        columns = self.county.state.households
        since, group = columns["risk_since"][rows].tolist(), columns["group"][rows].tolist()
        self.spells.update((began, of, end, month - began) for began, of in zip(since, group, strict=True))

    def _look_back(self, year: int) -> None:
        """Compare the list of last December with what the year brought."""
        columns = self.county.state.households
        rows = np.flatnonzero((columns["december_view"] > 0) & (columns["members"] > 0))
        fell = (columns["years_net"][rows] >> (year - BITS_FROM)) & 1
        parts = (columns[name][rows].tolist() for name in ("group", "december_view", "risk_in_year"))
        self.lists.update((year, *row) for row in zip(*parts, fell.tolist(), strict=True))

    def _look_ahead(self, at_risk: np.ndarray) -> None:
        """Note what is known of every household this December, and open a new year."""
        columns = self.county.state.households
        standing = np.where(at_risk, 2, columns["risk_in_year"]).astype(np.int64)
        view = december_view(columns["risk_score"].astype(np.int64), standing, columns["monitored"].astype(np.int64))
        columns["december_view"] = np.where(columns["members"] > 0, view, 0)
        columns["risk_in_year"] = 0

    def waiting(self) -> Counter[tuple[int, int, int, int]]:
        """Return the spells that go on unseen, as `spells` holds those whose wait has ended."""
        columns = self.county.state.households
        rows = np.flatnonzero((columns["risk_since"] > 0) & (columns["risk_found"] == 0))
        since, group = columns["risk_since"][rows].tolist(), columns["group"][rows].tolist()
        month = self.county.month
        return Counter((began, of, OPEN, month - began) for began, of in zip(since, group, strict=True))


def spell_table(watch: Watch) -> dict[str, np.ndarray]:
    """Return the spells of true risk as columns: month of beginning, group, how the wait ended, months waited, households."""
    counted = watch.spells + watch.waiting()
    keys = sorted(counted)
    began, group, end, months = _columns(keys, 4)
    return {
        "began": began.astype(np.int32),
        "group": group.astype(np.int8),
        "end": end.astype(np.int8),
        "months": months.astype(np.int16),
        "households": np.array([counted[key] for key in keys], np.int32),
    }


def list_table(watch: Watch) -> dict[str, np.ndarray]:
    """Return what was known each December and what the next year brought, as columns.

    ``year`` is the year that follows; ``score``, ``standing`` (codes of `STANDINGS`) and ``monitored`` are of December before it.
    """
    keys = sorted(watch.lists)
    year, group, view, came, fell = _columns(keys, 5)
    score, standing, monitored = _columns([seen_in_december(int(one)) for one in view], 3)
    return {
        "year": year.astype(np.int16),
        "group": group.astype(np.int8),
        "score": score.astype(np.int8),
        "standing": standing.astype(np.int8),
        "monitored": monitored.astype(np.int8),
        "came_at_risk": came.astype(np.int8),
        "fell": fell.astype(np.int8),
        "households": np.array([watch.lists[key] for key in keys], np.int32),
    }


def _columns(keys: Iterable[tuple[int, ...]], width: int) -> np.ndarray:
    """Return keys as columns."""
    return np.array(list(keys), np.int64).reshape(-1, width).T
