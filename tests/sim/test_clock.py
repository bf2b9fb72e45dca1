"""The 15-day clock of verification, case by case at a desk with staff to spare or without. By hand: months have 30 days."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest

from sim.institutions.registry import ORDERS, Registry
from sim.policies.detection import SELF_REPORT
from sim.policies.monitoring import INCOME

TERMS = {
    "staff": 1.0, "hours": 100.0, "field_days": 12.0, "clock_days": 15.0, "hours_report": 2.0, "hours_visit": 2.0,
    "hours_data": 2.0, "order": float(ORDERS.index("longest_waiting")), "miss": 0.0, "tolerance": 0.0, "sudden_margin": 0.2,
}  # fmt: skip
MONTH = 100
LAW = {"monitoring_line": 600_000.0, "seen_ratio": 1.0, "verification_error": 0.0}


def _desk(cases: list[tuple[int, int]], month: int) -> tuple[Registry, dict[str, np.ndarray], Counter[str]]:
    """Return a registry before which true cases lie, its households and its counts.

    Args:
        cases: month and day of each flag.
        month: the month that is settled.
    """
    count, counts = len(cases), Counter[str]()
    columns = {
        name: np.full(count, value, np.int64)
        for name, value in {
            "flagged": 1, "flag_channel": SELF_REPORT + 1, "trigger": INCOME, "members": 2, "net_12m": 500_000, "group": 0,
            "ex_poor": 1, "cleared_month": 0, "monitored": 0, "identified_month": 0, "measures": 0, "first_help_month": 0,
            "on_trial": 0, "monitored_type": 0,
        }.items()
    }  # fmt: skip
    columns |= {"flag_month": np.array([one for one, _ in cases]), "clock_day": np.array([day for _, day in cases])}
    columns["id"] = np.arange(count)

    def note(name: str, group: np.ndarray, amounts: np.ndarray | int = 1) -> None:
        counts[name] += int(np.sum(np.broadcast_to(amounts, group.shape)))

    desk = object.__new__(Registry)
    desk.county = SimpleNamespace(  # type: ignore[assignment]
        month=month,
        state=SimpleNamespace(households=columns),
        world=SimpleNamespace(value=LAW.__getitem__),
        bulk=lambda stream, ids, month: np.full(len(ids), 0.5),
        count_by_group=note,
    )
    return desk, columns, counts


def _settle(cases: list[tuple[int, int]], month: int) -> tuple[dict[str, np.ndarray], Counter[str]]:
    """Settle whatever is ready in a month and return the households and the counts."""
    desk, columns, counts = _desk(cases, month)
    desk._settle(desk._queue(TERMS).rows, TERMS)
    return columns, counts


def test_twelve_days_of_field_work_end_within_the_month_or_in_the_next():
    # flagged on the 18th and checked for 12 days: done on the 30th; on the 19th: on the 1st of the next month
    households, counts = _settle([(MONTH, 18), (MONTH, 19)], MONTH)
    assert households["monitored"].tolist() == [1, 0] and households["flagged"].tolist() == [0, 1]
    assert (counts["verified_households"], counts["verified_in_time_households"], counts["verification_days"]) == (1, 1, 12)
    households, counts = _settle([(MONTH, 19)], MONTH + 1)
    assert households["monitored"].tolist() == [1] and counts["verification_days"] == 12


@pytest.mark.parametrize(("day", "waited", "in_time"), [(15, 16, 0), (16, 15, 1), (18, 13, 1), (5, 26, 0)])
def test_a_case_left_to_the_next_month_is_late_when_fifteen_days_are_over(day, waited, in_time):
    # ready in its own month but settled on the 1st of the next: 31 less the day of the flag
    _, counts = _settle([(MONTH, day)], MONTH + 1)
    assert (counts["verification_days"], counts["verified_in_time_households"]) == (waited, in_time)


def test_the_clock_of_help_starts_on_the_day_of_the_decision():
    households, _ = _settle([(MONTH, 3), (MONTH, 18)], MONTH)
    assert households["clock_day"].tolist() == [15, 30]
    # left to the next month: decided on its 1st; with field work still under way: the 19th and 12 days are the 1st
    households, _ = _settle([(MONTH, 3), (MONTH, 19), (MONTH, 25)], MONTH + 1)
    assert households["clock_day"].tolist() == [1, 1, 7] and (households["identified_month"] == MONTH + 1).all()


def test_who_waited_longest_is_settled_first():
    desk, _, _ = _desk([(MONTH, 18), (MONTH - 1, 20), (MONTH, 2)], MONTH)
    queue = desk._queue(TERMS)
    assert queue.rows.tolist() == [1, 2, 0] and queue.cost.tolist() == [120, 120, 120]
