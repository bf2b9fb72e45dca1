"""What is counted for scenario sets and targets, at its edges."""

import pytest

from sim.engine import plain
from sim.indicators import MEDICAL_BARS
from sim.outcomes import WATCHED_MONTHS, bracket_of, count_earning, count_spell, count_standing
from sim.processes.employment import FARM, LOCAL
from sim.processes.shocks import note_severe

spell, earning, standing, bracket = (plain(rule) for rule in (count_spell, count_earning, count_standing, bracket_of))


def test_brackets_begin_at_their_bars():
    for place, bar in enumerate(MEDICAL_BARS):
        # of a family of three: a bar is reached at so much a head, not a fen before
        assert (bracket(300 * bar - 1, 3), bracket(300 * bar, 3)) == (place, place + 1)
    assert bracket(0, 3) == 0 and bracket(10**9, 0) == 0


@pytest.mark.parametrize(
    ("changed", "seeks"),
    [
        ({}, 1), ({"job": LOCAL}, 0),
        ({"age": 17}, 0), ({"age": 65}, 0), ({"wants_work": 0}, 0), ({"sick_months": 1}, 0), ({"alive": 0}, 0),
    ],
)  # fmt: skip
def test_who_looks_for_work(changed, seeks):
    person = {
        "alive": 1, "age": 40, "labour": 0, "in_school": 0, "sick_months": 0, "wants_work": 1, "job": FARM, "found_job": 0,
        "left_post": 0, "month": 100,
    }  # fmt: skip
    assert spell(**{**person, **changed}).seeks == seeks


def test_a_post_lost_is_counted_three_six_and_twelve_months_later():
    for since in range(15):
        found = spell(1, 40, 0, 0, 0, 1, FARM, 0, 200 - since, 200)
        assert (found.left_3, found.left_6, found.left_12) == (since == 3, since == 6, since == 12)
    assert spell(1, 40, 0, 0, 0, 1, FARM, 0, 0, 3).left_3 == 0


def test_earning_is_of_households_with_able_members():
    assert earning(2, 1, 0, 0, 0, 0) == (1, 2, 0, 0)
    assert earning(2, 1, 1, 1, 0, 2) == (0, 2, 1, 5)
    assert earning(0, 0, 0, 0, 1, 0) == (0, 0, 0, 2)


def test_recovery_is_watched_for_two_years():
    lines = {"law_poverty_line": 400.0, "law_monitoring_line": 600.0}
    for since, watched in ((0, 1), (WATCHED_MONTHS - 1, 1), (WATCHED_MONTHS, 0)):
        now = standing(3, 1799, 1, 100, 6, 100 + since, **lines)
        assert (now.watched_struck_households, now.struck_at_risk_households) == (watched, watched)
    assert (now.key_village_persons, now.key_village_at_risk_persons) == (3, 3)
    assert (now.post_left_3_households, now.post_left_6_households, now.post_left_6_poor_households) == (0, 1, 0)
    assert standing(3, 1199, 0, 0, 4, 100, **lines).post_left_12_poor_households == 1
    assert sum(standing(0, -1, 1, 100, 7, 100, **lines)) == 0


def test_a_severe_admission_without_any_cover():
    found = [plain(note_severe)(months, 0, bmi, employer, 6.0).severe_uncovered for months, bmi, employer in
             ((6, 0, 0), (6, 1, 0), (6, 0, 1), (5, 0, 0))]  # fmt: skip
    assert found == [1, 0, 0, 0]
