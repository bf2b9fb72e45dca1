"""The series that forecasts are scored on."""

from __future__ import annotations

import pytest

from experiments.facts import SIMULATED
from scenarios import ScenarioError, observations
from scenarios.scored import read_scored


def test_every_series_is_simulated_and_was_observed():
    listed = read_scored()
    facts = observations()
    for one in listed.series:
        assert one.indicator in SIMULATED
        assert any(fact.indicator == one.indicator and fact.id.startswith(one.figures) for fact in facts), one.id
    assert 0 < listed.spread.share < 0.2 and listed.spread.weight > 1


def test_wrong_lists_are_told_all_at_once(tmp_path):
    path = tmp_path / "scored.yaml"
    path.write_text(
        "spread: {share: 0.03, weight: 1, source: x, grade: assumption}\n"
        "series:\n  - {id: dibao_totl, as: level, between: stock, why: a}\n"
        "  - {id: dibao_total, as: levl, between: stock, why: a}\n"
        "  - {id: dibao_total, as: level, between: stock, why: a}\n"
    )
    with pytest.raises(ScenarioError) as raised:
        read_scored(path)
    said = str(raised.value)
    assert "spread.weight" in said and "above 1" in said
    assert "dibao_totl.indicator" in said and "levl" in said and "given twice" in said
