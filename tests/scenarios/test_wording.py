"""Conditions in words."""

import re

import pytest

from experiments.labels import UNIT_LABELS
from scenarios.lever import LEVELS
from scenarios.load import load
from scenarios.wording import CHINESE, CODES, ENGLISH, PLANS, say_attribute, say_condition
from sim.parameters import PARAMETERS
from sim.policies.mechanisms import MECHANISMS
from sim.state import attribute


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("True", "所有人", "everybody"),
        ("h.dibao", "低保户", "family on dibao"),
        (
            "h.ex_poor and not (p.tekun or h.dibao)",
            "脱贫户且非（特困人员或低保户）",
            "ex-poor household and not (tekun recipient or family on dibao)",
        ),
        ("p.labour in ('weak', 'half')", "劳动能力为弱或半", "labour capacity is weak or half"),
        ("(p.age >= 16)", "（年龄不低于16）", "(age in years at least 16)"),
    ],
)
def test_conditions_are_said_as_a_reader_would(text, zh, en):
    assert say_condition(text, "zh") == zh
    assert say_condition(text, "en") == en


def test_every_attribute_with_words_exists():
    assert all(attribute(name) is not None for name in (*CHINESE, *ENGLISH))


def test_every_code_with_words_exists():
    from sim.state import COLUMNS, RESERVED

    assert set(CODES) <= {value for column in (*COLUMNS, *RESERVED) for value in column.values}


def test_an_attribute_without_words_says_its_meaning():
    assert say_attribute("h.usual_income", "zh") == "smoothed monthly income"
    assert say_attribute("h.nothing", "en") == "h.nothing"


def test_clauses_are_those_of_the_five_plans():
    assert len(PLANS) == 5
    for lever in load().levers:
        assert set(lever.clauses) <= set(PLANS)
        assert lever.level in LEVELS


def test_every_attribute_that_a_shipped_condition_asks_has_a_chinese_name():
    infos = [lever for place in ("nanyang", "heilongjiang/ex_poor", "shanwei") for lever in load(place).levers]
    asked = {name for info in infos for name in re.findall(r"\b[phvj]\.[a-z_]+", info.who)}
    assert asked <= set(CHINESE)


def test_every_unit_of_a_lever_and_of_a_value_has_a_chinese_name():
    units = {field.unit for mechanism in MECHANISMS.values() for field in mechanism.fields.values()}
    assert units | {value.unit for value in PARAMETERS.values()} <= set(UNIT_LABELS)
