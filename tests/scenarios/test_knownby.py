"""Default values as known by a month: every row uses the figures known then, all of them, and nothing later."""

from __future__ import annotations

import pytest

from experiments.asof import dated
from fangpin.defaults import fit_as_of
from scenarios import ScenarioError, load, observations
from scenarios.knownby import BEFORE, FITTED, known_by, read_known_by
from sim.rules import month_index

ROWS = read_known_by()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.month))
def test_a_row_is_fitted_to_what_was_known_and_to_nothing_later(row):
    facts = {fact.id: fact for fact in observations()}
    assert all(dated(facts[name]) <= row.month for name in row.figures)
    assert row.figures == fit_as_of(row.month).figures


def test_no_figure_of_the_fit_becomes_known_between_two_rows():
    ends = [*(row.month for row in ROWS[1:]), month_index(2031, 1)]
    for row, end in zip(ROWS, ends, strict=True):
        assert fit_as_of(end - 1).figures == row.figures


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.month))
def test_its_changes_are_understood_in_a_county(row):
    changes = [one.change for one in row.values]
    plain, changed = load("nanyang", "documented"), load("nanyang", "documented", changes)
    assert bool(changes) == (plain.series["values.seen_ratio"] != changed.series["values.seen_ratio"])


def test_values_that_nothing_tells_are_those_before_the_fit():
    first = ROWS[0]
    assert {one.key for one in first.values if one.how == BEFORE} >= {"values.programme_transfers", "dibao.imputed_share"}
    assert {one.key for one in first.values if one.how == FITTED} == {"public_welfare_jobs.slots", "ecological_rangers.slots"}
    assert ROWS[-1].values == ()


def test_a_month_takes_the_last_row_before_it():
    assert known_by(month_index(2020, 9)) is None
    assert known_by(month_index(2022, 12)).month == month_index(2022, 2)
    assert known_by(month_index(2023, 2)).month == month_index(2023, 2)
    held = known_by(month_index(2022, 12))
    # fitted values lean on no later figure; what is only held still does
    assert "values.wants_work_men" in held.without_hindsight and "values.season_months" not in held.without_hindsight


def test_mistakes_are_told_all_at_once(tmp_path):
    path = tmp_path / "knownby.yaml"
    path.write_text(
        "known:\n  - {from: 2022-02, figures: [], values: [{change: seen, how: guessed, why: x}]}\n"
        "  - {from: 2021-02, figures: [], values: []}\n  - {figures: [], values: []}\n"
    )
    with pytest.raises(ScenarioError) as raised:
        read_known_by(path)
    said = str(raised.value)
    assert "a change by hand" in said and "fitted, before, held" in said
    assert "months that increase" in said and "known[2].from" in said
