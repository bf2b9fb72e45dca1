"""Who holds, gets and leaves posts, and why, from the book of posts of every run."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from experiments.compare.figures import PERSONS, Counts, Line
from experiments.labels import Label
from experiments.stored import Run
from sim.institutions.postbook import APPOINTED, HOLDERS, LEFT

EVENT_LABELS = {
    "holders": Label("年末在岗", "holders in December"),
    "appointed": Label("新上岗", "appointed"),
    "unfit": Label("超龄或丧失劳力离岗", "left: too old or unable"),
    "contract_over": Label("合同期满离岗", "left: contract over"),
    "no_need": Label("不再符合条件离岗", "left: need no longer there"),
    "cut": Label("岗位核减离岗", "left: places cut"),
    "lever_gone": Label("政策取消离岗", "left: lever gone"),
    "by_themselves": Label("自行离岗（就业、死亡、迁出）", "left by themselves: other work, death, moved"),
}


def posts(counts: Counts, runs: list[list[Run]]) -> Iterable[Line]:
    """Yield by lever and year who holds, gets and leaves places, and why."""
    moves = [post_moves(row) for row in runs]
    for lever in sorted({key[0] for one in moves for key in one}):
        for event, label in EVENT_LABELS.items():
            for year in counts.years:
                values = np.array([one.get((lever, event, year), 0.0) for one in moves])
                if values.any():
                    yield counts.line("posts", label, year, values, PERSONS, lever, digits=1)


def post_moves(runs: list[Run]) -> dict[tuple[str, str, int], float]:
    """Return persons by lever, event and year in one repetition; those who left by themselves worked out from the holders."""
    found: dict[tuple[str, str, int], float] = {}
    for run in runs:
        table = run.columns("posts.parquet")
        rows = zip(table.get("lever", ()), table.get("event", ()), table.get("month", ()), table.get("persons", ()), strict=True)
        months: dict[tuple[str, str, int], float] = {}
        for lever, event, month, persons in rows:
            key = (str(lever), str(event), int(month))
            months[key] = months.get(key, 0.0) + float(persons) * run.stands_for
        for key, persons in _with_own_leavers(months).items():
            found[key] = found.get(key, 0.0) + persons
    return found


def _with_own_leavers(months: dict[tuple[str, str, int], float]) -> dict[tuple[str, str, int], float]:
    """Return persons by lever, event and year: holders of December, sums of all else, those who left without the office added."""
    found: dict[tuple[str, str, int], float] = {}
    last = max((month for _, _, month in months), default=0)
    for (lever, event, month), persons in months.items():
        if event != HOLDERS:
            found[lever, event, month // 12] = found.get((lever, event, month // 12), 0.0) + persons
        elif month % 12 == 11:
            found[lever, event, month // 12] = persons
    for lever in sorted({key[0] for key in months}):
        first = min(month for one, event, month in months if one == lever)
        for month in range(first + 1, last + 1):
            held, now = (months.get((lever, HOLDERS, when), 0.0) for when in (month - 1, month))
            come = months.get((lever, APPOINTED, month), 0.0)
            sent = sum(months.get((lever, event, month), 0.0) for event in LEFT)
            key = (lever, "by_themselves", month // 12)
            found[key] = found.get(key, 0.0) + held + come - sent - now
    return found
