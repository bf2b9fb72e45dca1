"""Checks of the model against itself: each can fail, and planted faults make them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments.checks import CHECKS, lines, run_checks, timing
from experiments.checks.bench import Bench
from experiments.checks.books import ledger, same_bytes, threads_and_chunks, wages
from experiments.checks.control import LINE, SPREAD, chance_below, identical_households
from experiments.checks.counties import counties_together, hold
from experiments.checks.hazards import flat_hazards
from experiments.checks.people import admissions, bills, vital_events
from experiments.checks.registry import perfect_detection
from experiments.checks.row import CANNOT_TELL, FAILS, HOLDS, Row, bounded, exact, judge
from experiments.checks.timing import ends_by_month, late_cut_warning
from experiments.checks.townships import over_dispersion
from experiments.checks.withdrawal import before_decision, first_difference, morning_after, placebo, shortfall_order
from experiments.labels import Label
from scenarios.load import load
from sim.rules import County, month_index

NAME = Label("名", "name")


@pytest.fixture(scope="module")
def bench() -> Bench:
    """A county of a few villages under three policies, two replications."""
    rules = {policy: load(policy=policy).rules for policy in ("documented", "kept", "cliff")}
    return Bench(County(1200, 9, 3), rules, "documented", (11, 12))


def changed(bench: Bench, **rules) -> Bench:
    """Return a bench with some policies' rules replaced and nothing lived yet."""
    return Bench(bench.county, {**bench.rules, **rules}, bench.policy, bench.seeds)


def verdicts(rows: list[Row]) -> dict[str, str]:
    return {row.id: row.verdict for row in rows}


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.1, 0.2, HOLDS),
        (0.0, 1.0, HOLDS),
        (-0.1, 0.5, CANNOT_TELL),
        (1.1, 2.0, FAILS),
        (-2, -1, FAILS),
        (math.nan, 1, CANNOT_TELL),
    ],
)
def test_an_interval_is_judged_by_where_it_lies(low, high, verdict):
    assert judge(low, high, 0.0, 1.0) == verdict


def test_what_nothing_stands_behind_tells_nothing():
    assert exact("x", NAME, 0.0, NAME, 0).verdict == CANNOT_TELL
    assert exact("x", NAME, 0.0, NAME, 5).verdict == HOLDS and exact("x", NAME, 1.0, NAME, 5).verdict == FAILS
    assert bounded("x", NAME, [0.5], NAME, 0.0, 1.0, 1).verdict == CANNOT_TELL


def test_a_placebo_changes_nothing_and_a_treatment_does(bench):
    assert verdicts(placebo(bench)) == {"placebo": HOLDS}
    assert verdicts(placebo(bench, ("top_up", "cash_transfer"), far=1.0)) == {"placebo": FAILS}


def test_the_morning_after_is_exact_and_a_month_late_is_not(bench):
    assert verdicts(morning_after(bench)) == {"morning_after": HOLDS}
    assert verdicts(morning_after(bench, off_by=6)) == {"morning_after": FAILS}


def test_perfect_detection_is_perfect_and_a_miss_is_not(bench):
    assert verdicts(perfect_detection(bench)) == {"perfect_detection": HOLDS}
    assert verdicts(perfect_detection(bench, miss=0.1)) == {"perfect_detection": FAILS}


def test_nothing_differs_before_the_decision_and_an_early_cut_shows(bench, monkeypatch):
    assert set(verdicts(before_decision(bench)).values()) == {HOLDS}
    decided = first_difference(bench.rules["documented"], bench.kept)
    assert decided == month_index(2021, 10)
    monkeypatch.setattr("experiments.checks.withdrawal.first_difference", lambda one, other: decided + 3)
    assert verdicts(before_decision(bench))["before_decision_documented"] == FAILS


def test_less_support_and_more_shortfall_is_not_the_other_way_round(bench, monkeypatch):
    monkeypatch.setattr("experiments.checks.withdrawal._area", lambda model: 1.0 if model.rules is bench.kept else 2.0)
    monkeypatch.setattr("experiments.checks.withdrawal.ORDER", ("kept", "cliff"))
    assert verdicts(shortfall_order(bench)) == {"shortfall_kept_cliff": HOLDS}
    monkeypatch.setattr("experiments.checks.withdrawal.ORDER", ("cliff", "kept"))
    assert verdicts(shortfall_order(bench)) == {"shortfall_cliff_kept": FAILS}


def test_the_books_balance_and_a_lost_fen_shows(bench):
    assert verdicts(ledger(bench)) == {"ledger": HOLDS}
    lost = changed(bench)
    lost._runs.update({key: _Lost() for key in bench._runs})
    assert verdicts(ledger(lost)) == {"ledger": FAILS}


class _Lost:
    """A model that lost a fen in one month."""

    def ledger_residual(self):
        return np.array([0, 1, 0])


def test_threads_do_not_matter_and_seeds_do(bench):
    assert verdicts(threads_and_chunks(bench)) == {"threads": HOLDS}
    one, other = (bench.run(bench.checked, seed, 2) for seed in bench.seeds)
    assert not same_bytes(one, other)


def test_every_late_cut_is_found_and_a_blind_eye_shows(bench, monkeypatch):
    assert verdicts(late_cut_warning(bench)) == {"late_cuts": HOLDS}
    monkeypatch.setattr(timing, "late_cuts", lambda rules, last: [])
    assert verdicts(late_cut_warning(bench)) == {"late_cuts": FAILS}


def test_the_december_review_is_a_calendar_of_its_own(bench):
    assert verdicts(ends_by_month(bench))["ends_registry"] == HOLDS
    assert verdicts(ends_by_month(bench, calendar=()))["ends_registry"] == FAILS


def test_people_follow_the_tables_and_not_others(bench):
    many = changed(bench)
    many.seeds = (11, 12, 13, 14)
    assert FAILS not in verdicts(vital_events(many)).values()
    assert verdicts(vital_events(many, mortality=3.0))["deaths"] == FAILS
    assert FAILS not in verdicts(admissions(many)).values()
    assert verdicts(admissions(many, level=2.0))["admitted_60+"] == FAILS
    assert FAILS not in verdicts(bills(many)).values()
    assert verdicts(bills(many, mean=2.0)) == {"bill_mean": FAILS, "bill_log_sd": HOLDS}


def test_wages_add_up_and_a_missing_deduction_shows(bench):
    assert FAILS not in verdicts(wages(bench)).values()
    assert verdicts(wages(bench, months=2.0)) == {"wages": FAILS}


def test_households_that_differ_in_luck_alone_follow_probability_and_others_do_not(bench):
    many = changed(bench)
    many.seeds = (11, 12, 13, 14)
    alike = {row.id: row for row in identical_households(many)}
    assert FAILS not in {row.verdict for row in alike.values()}
    assert alike["control_entry"].low < 1.0 < alike["control_entry"].high
    unlike = verdicts(identical_households(many, land_sd=0.6))
    assert unlike["control_entry"] == unlike["control_duration"] == FAILS


def test_the_chance_below_the_line_agrees_with_drawing_it():
    z = np.random.default_rng(1).normal(size=(2, 400_000))
    harvests = np.exp(SPREAD * z - SPREAD**2 / 2)
    drawn = (0.3 * harvests[0] + 0.7 * harvests[1] < LINE).mean()
    assert chance_below(0.3) == pytest.approx(drawn, abs=0.003)


def test_fewer_counties_hold_together_and_copies_of_one_hold_as_one(bench):
    rates = np.array([[0.1, 0.3], [0.3, 0.1], [0.1, 0.1]])
    assert hold(rates, 1, 0.2) == pytest.approx(4 / 6)
    assert hold(rates, 2, 0.2) == pytest.approx((0 + 0.5 + 0.5) / 3)
    assert hold(rates, 3, 0.2) == 0.0
    few = changed(bench)
    assert verdicts(counties_together(few, same_luck=True))["counties_hold"] == FAILS


def test_without_anything_shared_dispersion_does_not_fall(bench):
    rows = {row.id: row for row in over_dispersion(bench, shared={})}
    assert rows["dispersion_less"].measured == 0.0


def test_rising_hazards_fail_and_flat_ones_hold(bench, monkeypatch):
    flat = {11: [0.030, 0.031, 0.030, 0.031, 0.030], 12: [0.031, 0.030, 0.031, 0.030, 0.031]}
    monkeypatch.setattr("experiments.checks.hazards._hazards", lambda bench, seed, follow: flat[seed])
    assert set(verdicts(flat_hazards(bench)).values()) <= {HOLDS, CANNOT_TELL}
    monkeypatch.setattr(
        "experiments.checks.hazards._hazards", lambda bench, seed, follow: [0.01 * year + seed / 1e5 for year in range(1, 6)]
    )
    assert verdicts(flat_hazards(bench))["hazard_slope"] == FAILS


@pytest.mark.slow
def test_all_checks_run_on_the_shipped_model(bench):
    rows = list(run_checks(changed(bench)))
    assert len(rows) >= len(CHECKS) and len({row.id for row in rows}) == len(rows)
    assert [row for row in rows if row.verdict == FAILS] == []


def test_nobody_near_a_line_in_a_small_county_is_no_finding_and_a_heap_is_one():
    assert lines._ratio(0, 12)[0] == 0.0 and lines._ratio(0, 12)[2] > 1.6
    assert lines._ratio(0, 0)[1:] == (0.0, np.inf)
    near, low, high = lines._ratio(100, 900)
    assert near == pytest.approx(1.0) and 0.5 < low < near < high < 1.6
    assert lines._ratio(400, 900)[1] > 1.6
