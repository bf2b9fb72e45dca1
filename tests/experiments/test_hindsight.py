"""What a hindcast does about later knowledge: values set anew, what stays and is named, whose word goes first."""

from __future__ import annotations

from itertools import pairwise

import pytest

from experiments.frozen import later_lines
from experiments.hindsight import Hindsight, hindsight_of, told
from scenarios import load, observations_of
from scenarios.knownby import SetAnew
from sim.rules import month_index

DECEMBER_2022 = month_index(2022, 12)


@pytest.fixture(scope="module")
def nanyang():
    return [load("nanyang", policy) for policy in ("documented", "kept")], observations_of("nanyang")


def test_fitted_values_are_those_of_the_figures_known_then(nanyang):
    scenarios, facts = nanyang
    found = hindsight_of(scenarios, facts, DECEMBER_2022)
    changed = load("nanyang", "documented", found.changes(DECEMBER_2022))
    before, after = (one.series["values.programme_transfers"] for one in (scenarios[0], changed))
    assert after.at(DECEMBER_2022) == pytest.approx(0.79 * before.at(DECEMBER_2022))
    # goes on from the level that is set anew, not from the shipped one, or is held at it
    past = [after.at(DECEMBER_2022 - 12 * back) for back in range(4)]
    growth = min(sorted(new / old for new, old in pairwise(past))[1], 1.1)
    assert after.at(month_index(2025, 12)) == pytest.approx(past[0] * growth**3, rel=1e-4)
    held = hindsight_of(scenarios, facts, DECEMBER_2022, inputs="held").changes(DECEMBER_2022)
    assert not any(change.endswith("=trend") for change in held)
    assert "values.programme_transfers@2023-01=held" in held and "values.admission_level@2023-01=held" in held
    assert "values.admission_level@2023-01=held" in found.changes(DECEMBER_2022)
    season = changed.series["values.season_months"]
    assert season.at(month_index(2024, 6)) == season.at(month_index(2021, 12)) < 8.4


def test_what_still_leans_on_later_figures_is_named_by_parameter(nanyang):
    scenarios, facts = nanyang
    stays = hindsight_of(scenarios, facts, DECEMBER_2022).chosen_with
    assert "income_2022" in stays["values.season_months"] and stays["values.bill_mean"] == ("bill_2023",)
    assert not {"values.programme_transfers", "values.wants_work_men", "values.seen_ratio"} & set(stays)
    # once the figures are known nothing is left
    late = hindsight_of(scenarios, facts, month_index(2026, 2))
    assert late.chosen_with == {} and late.set_anew == ()


def test_what_the_user_sets_stays_the_users(nanyang):
    scenarios, facts = nanyang
    given = ("values.programme_transfers*=1.5", "values.season_months@2022-01=9")
    found = hindsight_of(scenarios, facts, DECEMBER_2022, given)
    keys = {one.key for one in found.set_anew}
    assert not {"values.programme_transfers", "values.season_months"} & keys and "values.seen_ratio" in keys
    assert "values.season_months" not in found.chosen_with


def test_a_place_keeps_values_of_its_own():
    scenarios = [load("heilongjiang/ex_poor", "documented")]
    keys = {one.key for one in hindsight_of(scenarios, observations_of("heilongjiang"), DECEMBER_2022).set_anew}
    assert "values.wants_work_men" not in keys and "values.programme_transfers" in keys


def test_it_is_told_in_words_and_in_a_table():
    anew = (SetAnew("values.a*=0.9", "fitted", "why a"), SetAnew("values.b@2022-01=held", "held", "why b"))
    found = Hindsight(set_anew=anew, chosen_with={"values.c": ("x", "y")})
    inputs, first, second = told(found.plain())
    assert "go on by the median" in inputs.en
    assert "all stay as they were" in told({**found.plain(), "inputs": "held"})[0].en
    assert "values.a*=0.9; later course held: values.b@2022-01=held" in first.en
    assert "warning" in second.en and "values.c ← x, y" in second.en and "values.c ← x, y" in second.zh
    assert [row[4] for row in later_lines(found)] == ["set anew: values.a*=0.9", "set anew: values.b@2022-01=held",
                                                      "chosen with later figures"]  # fmt: skip
    assert told({}) == []
    # forecasts frozen before listed the figures alone
    _, old = told({"chosen_with": ["x"]})
    assert "? ← x" in old.en
