"""Clearing: six full months over the whole trailing year, help that came, labour or a guarantee; and what comes after it."""

from __future__ import annotations

from collections import deque

import numpy as np
import pytest
from small_county import SEED, SMALL, run, with_lever

from sim.indicators import INDEX
from sim.model import Model
from sim.policies.monitoring import ALWAYS, INCOME, NEVER, TRIAL, WHEN_GUARANTEED, clear_risk, raise_alerts
from sim.rules import month_index


def _clear(**changes):
    base = dict(
        monitored_type=1, cleared_month=0, returned_poor=0, measures=1, helped=8, job_help=1, on_trial=0, dibao=0, year_post=0,
        law_enrolment_month=10.0, months_above=7, identified_month=100, able=1, members=2, month=112, moy=12, clearing_open=1,
        clearing_months_above=6.0, clearing_december=0.8, clearing_other_months=0.05, clearing_needs_measure=1.0,
        clearing_needs_guarantees=1.0, lost_guarantees=0,
        clearing_without_labour=float(NEVER), x_clearing_chance=1.0, u_clear=0.5,
    )  # fmt: skip
    return clear_risk(**{**base, **changes})


def test_clearing_needs_time_labour_and_a_review():
    cleared = _clear()
    assert (cleared.cleared, cleared.monitored, cleared.helped, cleared.job_help, cleared.on_trial) == (1, 0, 0, 0, 1)
    for change in ({"months_above": 6}, {"able": 0}, {"moy": 11}, {"month": 105}, {"u_clear": 0.9}, {"clearing_open": 0}):
        assert _clear(**change).monitored == 1, change
    assert _clear(moy=6, u_clear=0.04).cleared == 1


def test_clearing_needs_help_that_came():
    assert _clear(measures=0, helped=0).monitored == 1
    assert _clear(measures=0).cleared == 1
    assert _clear(measures=0, helped=0, dibao=1).cleared == 1 and _clear(measures=0, helped=0, year_post=700).cleared == 1
    assert _clear(measures=0, helped=0, moy=10, u_clear=0.01).cleared == 1
    assert _clear(dibao=1).measures == 2 and _clear(helped=0).measures == 1


@pytest.mark.parametrize(("lost", "cleared"), [(0, 1), (1, 1), (2, 0), (4, 0), (5, 0), (16, 0)])
def test_guarantees_must_hold_but_for_cover(lost, cleared):
    assert _clear(lost_guarantees=lost).cleared == cleared
    assert _clear(lost_guarantees=lost, clearing_needs_guarantees=0.0).cleared == 1


@pytest.mark.parametrize(
    ("word", "dibao", "cleared"),
    [(NEVER, 1, 0), (WHEN_GUARANTEED, 0, 0), (WHEN_GUARANTEED, 1, 1), (ALWAYS, 0, 1)],
)
def test_households_without_labour(word, dibao, cleared):
    assert _clear(able=0, dibao=dibao, clearing_without_labour=float(word)).cleared == cleared


# a lost harvest ------------------------------------------------------------------------------------------------

LINE = 7_900.0
OCTOBER, JUNE, OTHER = 8_912, 3_820, 1_848
"""A marginal family of four: crops by month of sale and other income a month, yuan: 34,908 a year, 8,727 a head."""
LOST = 5_347
FLOOD, IDENTIFIED = month_index(2023, 8), month_index(2023, 9)


def _income(month: int) -> int:
    crop = {10: OCTOBER, 6: JUNE}.get(month % 12 + 1, 0)
    return OTHER + crop - (LOST if month == month_index(2023, 10) else 0)


def _first_clearing(window: int, line_from_2025: float) -> int | None:
    """Return the first month in which a review would clear the family, over a window of so many months."""
    months = range(month_index(2022, 1), month_index(2027, 1))
    ring: deque[int] = deque(maxlen=window)
    above = 0
    for month in months:
        ring.append(_income(month))
        line = line_from_2025 if month >= month_index(2025, 1) else LINE
        above = raise_alerts(
            4, 100 * sum(ring), 0, 0, above, 2, 100 * sum(ring), 0, 0, 0, 0, 0, 0, 0, month, 31.0, 1.0, 100 * line, 1e12, 1.0
        ).months_above
        if (
            month > IDENTIFIED
            and _clear(months_above=above, identified_month=IDENTIFIED, month=month, moy=1, clearing_other_months=1.0).cleared
        ):
            return month
    return None


def test_the_lost_october_stays_in_the_window_for_a_year():
    assert _first_clearing(12, LINE) == month_index(2025, 4)


def test_with_a_rising_line_the_family_is_not_cleared_at_all():
    assert _first_clearing(12, 8_800.0) is None


def _below(window: int) -> list[int]:
    """Return the months in which the family is below the line, over a window of so many months."""
    months = range(month_index(2023, 1), month_index(2026, 1))
    sums = {month: sum(_income(month - k) for k in range(window)) for month in months}
    return [month for month in months if sums[month] < 4 * LINE]


def test_the_family_is_below_the_line_for_just_twelve_months():
    assert _below(12) == list(range(month_index(2023, 10), month_index(2024, 10)))


@pytest.mark.parametrize("window", [6, 11, 13])
def test_a_stale_window_would_show(window):
    assert _below(window) != _below(12)


def test_nobody_is_cleared_before_six_full_months(rules, past):
    eager = with_lever(rules, "risk_dynamic_clearing", december=1.0, other_months=1.0)
    model = Model(SMALL, eager, rng=SEED, past=past, months=12, threads=1)
    cleared = 0
    for _ in range(12):
        model.step()
        households = model.state.households
        now = households["cleared_month"] == model.month
        cleared += int(now.sum())
        assert (households["months_above"][now] > 6).all()
        assert (model.month - households["identified_month"][now] >= 6).all()
    assert cleared > 3


# after clearing ------------------------------------------------------------------------------------------------


def _trial(month: int, on_trial: int = 1, net: int = 1_000_000):
    return raise_alerts(2, net, 0, 0, 0, 1, net, 0, 0, 100, on_trial, 0, 0, 0, month, 31.0, 1.0, 600_000.0, 1e12, 1.0)


def test_a_fall_within_a_year_of_clearing_is_counted_once():
    fallen = _trial(105)
    assert (fallen.trigger, fallen.rolled_back, fallen.on_trial) == (INCOME, 1, 0)
    assert _trial(105, on_trial=0).rolled_back == 0
    assert (_trial(105, net=2_000_000).rolled_back, _trial(105, net=2_000_000).on_trial) == (0, 1)
    assert _trial(100 + TRIAL, net=2_000_000).on_trial == 0


def test_hasty_clearing_shows_in_the_counts(rules, past):
    def count(model, name):
        return int(model.record[:, :, INDEX[name]].sum())

    careful = run(rules, past, 60)
    hasty = run(with_lever(rules, "risk_dynamic_clearing", months_above=0.0, december=1.0, other_months=1.0), past, 60)
    share = [count(one, "rolled_back_households") / count(one, "cleared_households") for one in (careful, hasty)]
    assert share[1] > share[0]
    assert count(hasty, "reidentified_households") > count(careful, "reidentified_households") > 0
    again = hasty.state.households
    assert np.all(again["on_trial"][again["monitored"] == 1] == 0)
