"""Monitoring: alerts, records, channels, the queue with its clock and its staff, measures matched to need."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_county import SEED, SMALL, run, with_lever, with_values, without_levers, without_moves

from sim.indicators import INDEX
from sim.model import Model
from sim.past import Past
from sim.policies import detection
from sim.policies.detection import (
    CRITICAL_ILLNESS,
    DISABILITY,
    DISASTER,
    DROPOUT,
    HOSPITAL_BILL,
    JOB_LOSS,
    day_of,
    is_screened,
    is_visited,
    note_records,
)
from sim.policies.monitoring import (
    DROP,
    GUARANTEES,
    INCOME,
    LABOUR,
    SPENDING,
    kind_of,
    note_first_payment,
    raise_alerts,
    risk_of,
    verify,
)
from sim.policies.response import (
    ANY,
    CARE,
    EMPLOYMENT,
    HOUSING,
    MATCHED,
    MEDICAL,
    count_bits,
    days_waited,
    is_ready,
    measures_of,
    needs_of,
)
from sim.policies.response import DISASTER as DISASTER_HELP
from sim.rules import Rules

CHANNELS = ("self_report_channel", "grassroots_visit_channel", "village_work_teams")


def _total(model: Model, name: str) -> np.ndarray:
    """Return a count by month."""
    total: np.ndarray = model.record[:, :, INDEX[name]].sum(axis=1)
    return total


def _words(rules: Rules, lever: str, **words: str) -> Rules:
    """Return rules with some words of a lever replaced."""
    levers = (dataclasses.replace(one, words={**one.words, **words}) if one.id == lever else one for one in rules.levers)
    return dataclasses.replace(rules, levers=tuple(levers))


def _alerts(net, **changes):
    base = dict(
        members=2, net_12m=net, spend_12m=0, net_year_ago=0, months_above=5, able=1, gross_12m=net, dibao=0, alert_month=0,
        cleared_month=0, on_trial=0, lost_guarantees=0, sum_died=0, sum_severe=0, month=100, law_alerts_on=31.0,
        law_seen_ratio=1.0, law_monitoring_line=600_000.0,
        law_rigid_spend_line=1_500_000.0, law_income_drop_line=0.3,
    )  # fmt: skip
    return raise_alerts(**{**base, **changes})


def test_alerts_at_their_lines():
    assert _alerts(1_199_999)[:2] == (INCOME, 0)
    assert _alerts(1_200_000)[:2] == (0, 6)
    assert _alerts(1_300_000, spend_12m=1_500_001)[:2] == (SPENDING, 6)
    assert _alerts(1_300_000, net_year_ago=1_000_000).trigger == DROP
    assert _alerts(1_400_000, net_year_ago=1_000_000).trigger == 0
    assert _alerts(2_400_000, spend_12m=9_000_000).trigger == 0
    assert _alerts(1_000_000, law_seen_ratio=1.2).trigger == 0
    assert set(_alerts(0, members=0)) == {0}


def test_indicators_can_be_switched_and_guarantees_and_labour_raise_alerts():
    # cover alone (bit 1) is no lost guarantee; all but income count under twice the line only
    assert _alerts(1_300_000, lost_guarantees=1).trigger == 0
    assert _alerts(1_300_000, lost_guarantees=5).trigger == GUARANTEES
    assert _alerts(1_300_000, sum_died=1).trigger == LABOUR == _alerts(1_300_000, sum_severe=1).trigger
    assert _alerts(2_400_000, lost_guarantees=4, sum_died=1).trigger == 0
    assert _alerts(1_000_000, spend_12m=1_500_001, law_alerts_on=2.0).trigger == SPENDING
    # months above the line and trials go by income whatever the indicators
    assert _alerts(1_000_000, law_alerts_on=0.0)[:2] == (0, 0)


def test_an_alert_keeps_its_month_until_it_ends_or_is_answered():
    assert (_alerts(1_000_000).alert_month, _alerts(1_000_000).new_alert) == (100, 1)
    again = _alerts(1_000_000, alert_month=97)
    assert (again.alert_month, again.new_alert) == (97, 0)
    assert _alerts(1_300_000, alert_month=97).alert_month == 0
    assert _alerts(1_000_000, dibao=1).alert_month == -1  # help was there before the alert
    assert note_first_payment(97, 50_000, 100) == (-1, 1, 3)
    assert note_first_payment(97, 0, 100) == (97, 0, 0) and note_first_payment(-1, 50_000, 100) == (-1, 0, 0)


def test_the_risk_score_by_hand():
    assert risk_of(1_200_000.0, 1_200_000.0, 0.0, 1_200_000.0, 1) == 50
    assert risk_of(1_200_000.0, 1_200_000.0, 300_000.0, 1_200_000.0, 0) == 65  # 20 x a quarter of income spent, 10 without labour
    assert risk_of(9e6, 1_200_000.0, 0.0, 9e6, 1) == 0 and risk_of(-5e6, 1_200_000.0, 1e6, 0.0, 0) == 100


def _records(**changes):
    base = dict(
        records=0, members=2, monitored=0, trigger=0, farms=1, sum_bill_insured=0, sum_lost_work=0,
        sum_severely_disabled=0, sum_is_critical=0,
        sum_is_out_of_school=0, sum_injured=0,
        env_struck=0.0, law_records_kept=127.0, law_large_bill=1_000_000.0, law_least_loss=0.3,
        law_false_alarms=0.01, u_false_alarm=0.5,
    )  # fmt: skip
    return note_records(**{**base, **changes})


@pytest.mark.parametrize(
    ("changes", "record"),
    [
        ({"sum_bill_insured": 1_000_001}, HOSPITAL_BILL),
        ({"sum_bill_insured": 1_000_000}, 0),
        ({"env_struck": 0.4}, DISASTER),
        ({"env_struck": 0.3}, 0),
        ({"env_struck": 0.4, "farms": 0}, 0),
        ({"sum_lost_work": 2}, JOB_LOSS),
        ({"sum_severely_disabled": 1}, 0),
        ({"sum_severely_disabled": 1, "trigger": INCOME}, DISABILITY),
        ({"sum_is_out_of_school": 1, "trigger": DROP}, DROPOUT),
        ({"sum_is_critical": 1, "trigger": SPENDING}, CRITICAL_ILLNESS),
        ({"sum_lost_work": 2, "law_records_kept": 59.0}, 0),
        ({"records": DISASTER, "sum_lost_work": 1}, DISASTER | JOB_LOSS),
        ({"records": DISASTER, "monitored": 1}, 0),
    ],
)
def test_what_departments_record(changes, record):
    assert _records(**changes).records == record


def test_mistakes_concern_households_without_an_alert():
    assert _records(u_false_alarm=0.0099).alarm == 1 and _records().alarm == 0
    assert _records(u_false_alarm=0.0099, trigger=INCOME).alarm == 0 == _records(u_false_alarm=0.0099, monitored=1).alarm


def test_screening_comes_at_the_end_of_its_months():
    assert [month for month in range(24252, 24264) if is_screened(month, 3.0)] == [24254, 24257, 24260, 24263]
    assert all(is_screened(month, 1.0) and is_screened(month, 0.0) for month in range(24252, 24264))
    assert (day_of(0.0001), day_of(0.5), day_of(0.9999)) == (1, 16, 30)


@given(st.floats(0, 0.999), st.sampled_from([4, 8, 16, 64]), st.floats(0, 0.999))
def test_a_full_round_visits_everybody_once(turn, months, first):
    starts = [(first + k / months) % 1.0 for k in range(months)]
    edge = min(abs((turn - start) % 1.0 - x) for start in starts for x in (0.0, 1.0 / months, 1.0))
    if edge > 1e-9:  # on an edge the last digit decides between two neighbouring months
        assert sum(is_visited(turn, start, 1.0 / months) for start in starts) == 1


def test_verification_and_kinds():
    plain = dict(
        members=2, line=600_000.0, seen_ratio=1.0, error=0.15, miss=0.1, tolerance=0.05, sudden_margin=0.2, u_verify=0.5
    )  # fmt: skip
    assert verify(trigger=INCOME, net_12m=1_199_999.0, u_miss=0.5, **plain)
    assert not verify(trigger=INCOME, net_12m=1_199_999.0, u_miss=0.05, **plain)
    assert not verify(trigger=INCOME, net_12m=1_250_000.0, u_miss=0.5, **plain)
    assert verify(trigger=INCOME | SPENDING, net_12m=1_250_000.0, u_miss=0.5, **plain)
    assert not verify(trigger=INCOME | SPENDING, net_12m=1_300_000.0, u_miss=0.5, **plain)
    assert verify(trigger=SPENDING, net_12m=1_430_000.0, u_miss=0.5, **plain)  # sudden hardship has its own bar
    assert not verify(trigger=0, net_12m=1_430_000.0, u_miss=0.5, **plain)
    assert [kind_of(INCOME, 1), kind_of(INCOME, 0), kind_of(DROP, 1), kind_of(INCOME | DROP, 0)] == [1, 2, 3, 2]


# the clock in days ---------------------------------------------------------------------------------------------


def test_fifteen_days_from_the_flag():
    # flagged on the 18th, 12 days of field work: done on the 30th; on the 19th: only next month, still after 12 days
    assert is_ready(100, 100, 18, 12.0) and not is_ready(100, 100, 19, 12.0) and is_ready(101, 100, 19, 12.0)
    assert days_waited(100, 100, 18, 12.0) == 12 == days_waited(101, 100, 19, 12.0)
    # flagged on the 10th and settled in the next month for want of staff: on its first day, after 21 days
    assert days_waited(101, 100, 10, 12.0) == 21 and days_waited(102, 100, 10, 12.0) == 51


@given(st.integers(0, 5), st.integers(1, 30), st.integers(0, 90))
def test_nobody_is_settled_before_the_days_are_over(months, day, days):
    if is_ready(months, 0, day, float(days)):
        waited = days_waited(months, 0, day, float(days))
        assert (waited >= days and 30 * months < day + waited <= 30 * (months + 1)) or waited == days


def test_with_enough_staff_every_case_is_in_time(rules, past):
    free = run(with_lever(rules, "suspect_verification", staff=100.0), past, 12)
    settled = _total(free, "verified_households")[1:]
    assert settled.sum() > 20
    assert (_total(free, "verified_in_time_households")[1:] == settled).all()
    assert (_total(free, "verification_days")[1:] == 12 * settled).all()


def test_short_of_staff_cases_are_late_and_wait(rules, past):
    short = run(with_lever(rules, "suspect_verification", staff=0.1), past, 24)
    used, hours = _total(short, "staff_minutes_used").sum(), _total(short, "staff_minutes").sum()
    assert 0.9 * hours < used <= hours
    assert _total(short, "verified_in_time_households").sum() < _total(short, "verified_households").sum()
    assert (np.diff(_total(short, "flagged_households")[[5, 11, 23]]) > 0).all()


def test_hours_are_used_up_and_never_overdrawn(rules, past):
    model = run(with_lever(rules, "suspect_verification", staff=0.1, hours_data=7.0, hours_report=1.0), past, 18)
    assert (_total(model, "staff_minutes_used").cumsum() <= _total(model, "staff_minutes").cumsum()).all()


@pytest.mark.parametrize("order", ["poorest_first", "urgent_first"])
def test_the_order_decides_who_waits(rules, past, order):
    short = with_lever(rules, "suspect_verification", staff=0.1)
    first, other = run(short, past, 18), run(_words(short, "suspect_verification", order=order), past, 18)

    def mean_of_waiting(model: Model) -> float:
        h = model.state.households
        waiting = (h["flagged"] == 1) & (h["members"] > 0)
        return float(np.mean(h["net_12m"][waiting] / h["members"][waiting]))

    assert mean_of_waiting(other) > mean_of_waiting(first)  # those left waiting are better off


# scarcity and truth --------------------------------------------------------------------------------------------


def _perfect(rules: Rules) -> Rules:
    """Everybody reports at once, staff is plenty, nobody errs."""
    sure = with_values(rules, verification_error=0.0, seen_ratio=1.0)
    sure = with_lever(sure, "self_report_channel", probability=1.0, false_alarms=0.0)
    return with_lever(
        sure, "suspect_verification", staff=1e6, field_days=0.0, miss=0.0, tolerance=0.0, sudden_margin=1.0
    )  # fmt: skip


def _watch(rules: Rules, past: Past, months: int) -> list[bool]:
    """Say for each month whether the registry holds exactly those whose alert fired and who are not yet cleared."""
    model = Model(SMALL, rules, rng=SEED, past=past, months=months, threads=1)
    held = past.state.households["monitored"] == 1
    agree = []
    for _ in range(months):
        model.step()
        now = model.state.households
        cleared = now["cleared_month"] == model.month
        held = (held | (now["trigger"] > 0)) & ~cleared & (now["members"] > 0)
        agree.append(bool((held == (now["monitored"] == 1)).all()))
    return agree


def test_perfect_detection_makes_the_registry_equal_the_truth(rules, past):
    assert all(_watch(without_moves(_perfect(rules)), past, 30))


@pytest.mark.parametrize(
    ("lever", "changes"),
    [
        ("self_report_channel", {"probability": 0.9}),
        ("self_report_channel", {"false_alarms": 0.05}),
        ("suspect_verification", {"miss": 0.1}),
        ("suspect_verification", {"staff": 0.01}),
        ("suspect_verification", {"field_days": 5.0}),
        ("suspect_verification", {"sudden_margin": 0.0}),
    ],
)
def test_every_imperfection_parts_the_registry_from_the_truth(rules, past, lever, changes):
    if "false_alarms" in changes:
        changes = changes | {"probability": 1.0}
        model = run(with_lever(_perfect(rules), lever, **changes), past, 12)
        assert _total(model, "turned_away_households")[1:].sum() > 20 and _total(model, "false_alarms")[1:].sum() == 0
    else:
        assert not all(_watch(with_lever(without_moves(_perfect(rules)), lever, **changes), past, 30))


def test_false_alarms_cost_hours(rules, past):
    quiet, noisy = run(rules, past, 12), run(with_lever(rules, "self_report_channel", false_alarms=0.02), past, 12)
    more = _total(noisy, "staff_minutes_used").sum() - _total(quiet, "staff_minutes_used").sum()
    turned = _total(noisy, "turned_away_households").sum() - _total(quiet, "turned_away_households").sum()
    assert turned > 20 and more > 200 * turned


def test_a_lapse_of_insurance_takes_the_insurers_push_away(rules, past):
    others = [one.id for one in rules.levers if one.mechanism == "detection_channel" and not one.id.endswith(".medical")]
    rules = with_lever(without_levers(rules, *others), "department_data_matching.medical", false_alarms=0.0)
    state = past.state.copy()
    state.persons["bmi_enrolled"][:] = 0
    state.persons["enrolled_next"][:] = 0
    lapsed = run(rules, dataclasses.replace(past, state=state), 9)
    insured = run(rules, past, 9)
    assert _total(insured, "verified_households")[2:].sum() > 5 > _total(lapsed, "verified_households")[2:].sum()


def test_visits_go_to_the_monitored_then_the_ex_poor(rules, past):
    def shares(staff: float) -> tuple[float, float]:
        few = with_lever(with_lever(rules, "village_work_teams", staff=0.0), "grassroots_visit_channel", staff=staff)
        model = run(few, past, 1)
        return model.world.value("visit_share_ex_poor"), model.world.value("visit_share")

    assert shares(0.0) == (0.0, 0.0)
    ex_poor, other = shares(3.0)
    assert 0.0 < ex_poor < 4.0 / 12.0 and other == pytest.approx(0.0, abs=1e-12)
    ex_poor, other = shares(8.0)
    assert ex_poor == pytest.approx(4.0 / 12.0) and 0.0 < other < 1.0
    assert shares(1000.0)[1] == 1.0


def test_records_wait_for_their_screening(rules, past):
    levers = [one for one in rules.levers if one.mechanism != "detection_channel" or one.words["channel"] == "data"]
    data = dataclasses.replace(rules, levers=tuple(levers))
    for one in levers:
        if one.mechanism == "detection_channel":
            data = with_lever(data, one.id, interval=6.0, false_alarms=0.0)
    model = Model(SMALL, data, rng=SEED, past=past, months=12, threads=1)
    flagged = []
    for _ in range(12):
        model.step()
        flagged.append(int((model.state.households["flag_month"] == model.month).sum()))
    assert min(flagged[5], flagged[11]) > 0 == sum(flagged) - flagged[5] - flagged[11]


# measures ------------------------------------------------------------------------------------------------------


def test_needs_and_measures_by_hand():
    assert needs_of(0, INCOME, 2, False) == EMPLOYMENT
    assert needs_of(0, INCOME, 2, True) == EMPLOYMENT | CARE
    assert needs_of(EMPLOYMENT, INCOME, 0, False) == CARE
    assert needs_of(0, SPENDING, 2, False) == MEDICAL
    assert needs_of(0, 0, 1, False) == EMPLOYMENT == needs_of(EMPLOYMENT, 0, 1, False)
    assert needs_of(HOUSING, 0, 1, False) == HOUSING
    assert needs_of(DISASTER_HELP, SPENDING | DROP, 1, False) == MEDICAL | DISASTER_HELP | EMPLOYMENT
    assert measures_of(MEDICAL | CARE, MATCHED) == MEDICAL | CARE and measures_of(MEDICAL | CARE, ANY) == EMPLOYMENT
    assert [count_bits(bits) for bits in (0, 1, 40, 127)] == [0, 1, 2, 7]


def test_measures_come_when_the_clock_and_the_staff_say(rules, past):
    quick = run(with_lever(rules, "rapid_response", days=0.0, staff=1000.0, lost=0.0), past, 24)
    assert (_total(quick, "helped_households")[1:] == _total(quick, "identified_households")[1:]).all()
    assert _total(quick, "unhelped_households")[1:].sum() == 0
    slow = run(with_lever(rules, "rapid_response", days=90.0), past, 24)
    assert _total(slow, "helped_in_30_days_households")[1:].sum() == 0 < _total(slow, "helped_households").sum()
    none = run(with_lever(rules, "rapid_response", staff=0.0), past, 24)
    assert _total(none, "helped_households").sum() == 0
    assert (_total(none, "unhelped_households") + (none.state.households["helped"] != 0).sum())[-1] > 0


def test_late_or_mismatched_help_delays_the_first_payment(rules, past):
    def mean(model: Model) -> float:
        return float(_total(model, "first_payment_months").sum() / _total(model, "first_payment_households").sum())

    rules = with_lever(rules, "dibao", take_up=0.0, take_up_monitored=0.9)
    quick = run(with_lever(rules, "rapid_response", days=0.0, staff=1000.0, lost=0.0), past, 36)
    late = run(with_lever(rules, "rapid_response", days=180.0, staff=1000.0, lost=0.0), past, 36)
    assert mean(late) > mean(quick)
    other = run(_words(rules, "rapid_response", match="any"), past, 36)
    assert _total(other, "first_payment_households").sum() < _total(quick, "first_payment_households").sum()


def test_days_are_those_of_a_month():
    assert detection.DAYS == 30
