"""The observed figures."""

import pytest

from scenarios import ScenarioError, observations
from scenarios.observed import CONFIDENCE, INDICATORS, TAGS


def test_shipped_figures_are_whole():
    found = observations()
    assert 15 <= len(found) <= 80
    assert {observation.tag for observation in found} == set(TAGS)
    for observation in found:
        assert observation.indicator in INDICATORS
        assert observation.confidence in CONFIDENCE
        assert observation.source and observation.names["zh"] and observation.names["en"]
        assert 1 <= observation.month <= 12
        if observation.unit == "share":
            assert 0 <= observation.value <= 1


def test_managed_figures_are_no_evidence():
    managed = {o.indicator for o in observations() if o.tag == "administrative_target"}
    assert {"still_poor_share", "enrolment_rate"} <= managed


def test_wrong_figures_are_told(tmp_path):
    path = tmp_path / "facts.yaml"
    path.write_text(
        "observations:\n  - id: a\n    facts: []\n    name: {zh: 甲, en: A}\n    year: 2021.5\n    value: x\n"
        "    unit: share\n    place: China\n    tag: emergen\n    indicator: dibao_shar\n"
        "    source: s\n    confidence: source seen\n"
    )
    with pytest.raises(ScenarioError) as caught:
        observations(path)
    text = str(caught.value)
    assert "facts.yaml:5: a.year: a number 2021.5" in text
    assert "facts.yaml:6: a.value: text 'x'; allowed: a number" in text
    assert "facts.yaml:8: a.tag" not in text
    assert "facts.yaml:9: a.tag: text 'emergen'; allowed: input, emergent" in text
    assert "did you mean 'emergent'" in text and "did you mean 'dibao_share'" in text
