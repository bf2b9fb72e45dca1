"""Figures that are ratios of other figures: multiplied out after every change, with both sources."""

from __future__ import annotations

import pytest

from scenarios.cited import Cited, Origin, Series
from scenarios.derived import product
from scenarios.load import load
from scenarios.problems import ScenarioError
from sim.rules import month_index


def series(*figures, unit="ratio", linear=False, of=""):
    origin = Origin("x.yaml", 3, "nation", "somebody", "law")
    months = [None if year is None else month_index(year) for year, _ in figures]
    return Series(
        tuple(Cited(m, value, origin) for m, (_, value) in zip(months, figures, strict=True)), unit, 0.0, 10.0, linear, of
    )


def amount(scenario, lever="tekun_support", field="amount", year=2021):
    rule = next(one for one in scenario.rules.levers if one.id == lever)
    return rule.values[field].at(month_index(year))


def test_a_product_changes_whenever_either_side_does():
    ratio, base = series((2020, 1.0), (2022, 1.3), of="a.b"), series((2019, 300.0), (2021, 400.0), unit="yuan/unit")
    found = product(ratio, base, "yuan/unit")
    assert [(entry.month, entry.value) for entry in found.entries] == [
        (month_index(2019), 300.0), (month_index(2020), 300.0), (month_index(2021), 400.0), (month_index(2022), 520.0),
    ]  # fmt: skip
    assert found.dated().at(month_index(2022)) == 52_000.0
    assert found.entries[-1].origin.source == "1.3 x a.b: somebody; somebody"


def test_a_straight_line_is_followed_month_by_month():
    ratio, base = series((None, 0.5)), series((2020, 100.0), (2021, 220.0), unit="yuan/unit", linear=True)
    found = product(ratio, base, "yuan/unit").dated()
    assert [found.at(month_index(2020) + k) for k in (0, 1, 6, 12, 13)] == [5_000, 5_500, 8_000, 11_000, 11_000]


def test_tekun_follows_the_dibao_standard_and_the_ratio():
    kept = load("nanyang", "kept")
    # Henan's floor of 2021 is 377 yuan: 1.3 x 377 = 490.10
    assert amount(kept) == 49_010.0
    assert amount(load("nanyang", "kept", ["tekun_support.amount=1"])) == 37_700.0
    assert amount(load("nanyang", "kept", ["dibao.standard@2021-01=500"])) == 65_000.0
    assert amount(load("nanyang", "kept", ["dibao.standard=500", "tekun_support.amount@2022-01=1.5"]), year=2022) == 75_000.0
    figure = kept.series["levers.tekun_support.amount"]
    assert figure.unit == "yuan/unit" and figure.entries[0].origin.grade == "assumption"


def test_a_figure_can_be_a_ratio_of_a_value():
    scenario = load("shanwei", "kept")
    pension = scenario.rules.values["pension"].at(month_index(2023))
    assert amount(scenario, "social_security_level_uplift.pension", year=2023) == pytest.approx(0.05 * pension, abs=0.5)


def lever_file(tmp_path, *fields):
    text = "levers:\n"
    for number, (of, unit) in enumerate(fields):
        text += f"""
  - id: own_{number}
    name: {{zh: 一, en: one}}
    mechanism: cash_transfer
    who: "True"
    account: x
    level: county
    fields:
      amount: {{unit: {unit}, of: {of}, range: [0, 2], value: 0.5, source: "assumption", grade: assumption}}
      reach: {{unit: share, range: [0, 1], value: 1, source: "assumption", grade: assumption}}
    unused: [month, counted]
    words: {{per: person, status: none}}
"""
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("of", "told"),
    [
        ("dibao.standart", "'dibao.standart', which nobody gives"),
        ("values.pensoin", "values.pension"),
        ("dibao.take_up", "'dibao.take_up' in probability/month"),
        ("own_1.amount", "'own_0.amount', which leads back to itself"),
    ],
)
def test_a_ratio_of_nothing_of_another_kind_or_in_a_circle_is_told(tmp_path, of, told):
    file = lever_file(tmp_path, (of, "ratio"), ("own_0.amount", "ratio"))
    with pytest.raises(ScenarioError) as caught:
        load("nanyang", "kept", levers=[file])
    assert told in str(caught.value) and "own.yaml:" in str(caught.value)


def test_a_derived_figure_is_a_ratio(tmp_path):
    with pytest.raises(ScenarioError, match="'ratio'"):
        load("nanyang", "kept", levers=[lever_file(tmp_path, ("dibao.standard", "yuan/unit"))])
