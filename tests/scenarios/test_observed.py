"""The observed figures."""

import pytest

from scenarios import ScenarioError, observations, observations_of
from scenarios.observed import CONFIDENCE, INDICATORS, TAGS


def test_shipped_figures_are_whole():
    found = observations()
    assert len(found) >= 140
    assert {observation.tag for observation in found} == set(TAGS)
    for observation in found:
        assert observation.indicator in INDICATORS
        assert observation.confidence in CONFIDENCE
        assert observation.source and observation.names["zh"] and observation.names["en"]
        assert 1 <= observation.month <= 12
        if observation.unit == "share":
            assert 0 <= observation.value <= 1


def test_what_is_not_compared_says_why_and_inputs_name_their_value():
    for one in observations():
        if one.tag == "not_comparable":
            assert one.note, one.id
        if one.tag == "input":
            assert one.used_for, one.id
        assert one.sample == ("in" if one.used_for else "out")


def test_every_value_that_a_figure_was_used_for_exists():
    from scenarios import ScenarioError
    from scenarios.explain import explain

    places = {"": "nation", "chongqing": "fuhuan", "fujian": "longyan", "shanwei": "shanwei", "heilongjiang": "heilongjiang"}
    used = {
        (key, places.get(one.within, "nanyang") if one.within else "nanyang"): one.id
        for one in observations()
        for key in one.used_for
    }
    for (key, place), figure in used.items():
        try:
            assert explain(key, place, "documented", ())
        except ScenarioError as error:
            raise AssertionError(f"{figure}: {key}") from error


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


def test_figures_of_a_place_are_compared_below_it_alone():
    ids = {place: {one.id for one in observations_of(place)} for place in ("nanyang", "fuhuan", "heilongjiang/other")}
    # Chongqing's incomes take the place of the country's there, and are nowhere else
    assert {"income_chongqing_2020", "income_2021"} <= ids["fuhuan"]
    assert not {"income_2020", "cleared_henan_2025", "fifth_fujian_2020"} & ids["fuhuan"]
    assert {"income_2020", "cleared_henan_2025"} <= ids["nanyang"]
    assert not [key for key in ids["nanyang"] if "chongqing" in key]
    assert {"operating_heilongjiang_2020"} <= ids["heilongjiang/other"]


def test_a_figure_may_only_replace_one_that_there_is(tmp_path):
    path = tmp_path / "facts.yaml"
    path.write_text(
        "observations:\n  - id: a\n    facts: []\n    name: {zh: 甲, en: A}\n    year: 2021\n    value: 1\n    unit: share\n"
        "    place: China\n    tag: emergent\n    indicator: dibao_share\n    source: s\n    confidence: source seen\n"
        "    within: henam\n    instead_of: [b]\n"
    )
    with pytest.raises(ScenarioError) as caught:
        observations(path)
    assert "did you mean 'henan'" in str(caught.value)
    assert "a.instead_of: 'b'; allowed: an id of this file" in str(caught.value)
