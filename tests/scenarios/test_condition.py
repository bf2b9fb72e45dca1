"""Conditions: the grammar, and agreement with a plain evaluation of the same expression."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.condition import ConditionError, attributes_of, parse_condition
from sim.rules import Term
from sim.state import JOBS, attribute


def holds(condition, person):
    return any(all(t.low <= person[t.attribute] <= t.high for t in clause) for clause in condition)


def test_flags_names_numbers_and_money():
    assert parse_condition("True") == ((),)
    assert parse_condition("False") == ()
    assert parse_condition("h.ex_poor") == ((Term("h.ex_poor", 1, 1),),)
    assert parse_condition("not h.ex_poor") == ((Term("h.ex_poor", 0, 0),),)
    assert parse_condition("p.job == 'public_welfare'") == ((Term("p.job", 4, 4),),)
    assert parse_condition("p.age >= 60") == ((Term("p.age", 60, math.inf),),)
    assert parse_condition("p.age < 60") == ((Term("p.age", -math.inf, 59),),)
    assert parse_condition("p.wage > 100") == ((Term("p.wage", 10001, math.inf),),)
    assert parse_condition("p.labour in ('full', 'weak', 'half')") == ((Term("p.labour", 0, 2),),)


def test_negation_reaches_the_tests():
    condition = parse_condition("h.ex_poor and not (h.dibao or h.monitored)")
    assert condition == ((Term("h.dibao", 0, 0), Term("h.ex_poor", 1, 1), Term("h.monitored", 0, 0)),)
    assert attributes_of(condition) == ("h.dibao", "h.ex_poor", "h.monitored")


def test_what_cannot_be_and_what_is_contained_drop_out():
    assert parse_condition("h.dibao and not h.dibao") == ()
    assert parse_condition("p.age > 60 and p.age < 50") == ()
    assert parse_condition("h.dibao or True") == ((),)
    assert parse_condition("h.dibao or h.dibao and h.ex_poor") == ((Term("h.dibao", 1, 1),),)


def test_reserved_attributes_may_be_named():
    assert parse_condition("p.tekun") == ((Term("p.tekun", 1, 1),),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("h.ex_por", "unknown attribute 'h.ex_por'.*did you mean 'h.ex_poor'"),
        ("p.job == 'public'", "'public' for 'p.job'; allowed: none, farm, .*did you mean 'public_welfare'"),
        ("p.job == 4", "4 for 'p.job'.*write the name in quotes"),
        ("p.job < 'farm'", "names have no order"),
        ("p.age", "'p.age' alone; allowed: a comparison"),
        ("p.age == 'old'", "'old' for 'p.age'; allowed: a number"),
        ("h.dibao and", "the end of the condition"),
        ("(h.dibao", r"the end of the condition; allowed: '\)'"),
        ("h.dibao h.ex_poor", "'h.ex_poor' after a whole condition; allowed: and, or, the end"),
        ("h.dibao & h.ex_poor", "'& h.ex_poor'"),
        ("__import__('os')", "unknown attribute '__import__'"),
        ("p.age in ()", "'\\)'"),
        ("p.age > ", "the end of the condition"),
        ("h.net_window > 1", "unknown attribute"),
        ("h.other_window > 1", "which the engine cannot test"),
        ("h.land_mu > 1", "which the engine cannot test"),
        ("", "the end of the condition"),
    ],
)
def test_says_what_is_wrong(text, message):
    with pytest.raises(ConditionError, match=message):
        parse_condition(text)


def test_refuses_what_unfolds_too_far():
    names = ("p.age", "p.children", "p.renewals", "p.waiting", "h.members", "h.able", "h.measures")
    text = " and ".join(f"({name} == 1 or {name} == 3)" for name in names)
    with pytest.raises(ConditionError, match="128 alternatives; allowed: at most 64"):
        parse_condition(text)


FLAGS = ("h.dibao", "h.ex_poor", "h.monitored", "p.bmi_enrolled")
NUMBERS = ("p.age", "h.members")


def _leaf():
    """Return strategies of (text, plain meaning) of a single test."""
    flag = st.sampled_from(FLAGS).map(lambda name: (name, lambda who: who[name] == 1))
    sign = st.sampled_from(("==", "!=", "<", "<=", ">", ">="))
    number = st.tuples(st.sampled_from(NUMBERS), sign, st.integers(-1, 5)).map(_number_leaf)
    job = st.tuples(st.booleans(), st.lists(st.sampled_from(JOBS), min_size=1, max_size=4)).map(_job_leaf)
    return st.one_of(flag, number, job)


def _number_leaf(parts):
    name, sign, value = parts
    meaning = {
        "==": lambda who: who[name] == value,
        "!=": lambda who: who[name] != value,
        "<": lambda who: who[name] < value,
        "<=": lambda who: who[name] <= value,
        ">": lambda who: who[name] > value,
        ">=": lambda who: who[name] >= value,
    }[sign]
    return f"{name} {sign} {value}", meaning


def _job_leaf(parts):
    inside, jobs = parts
    text = f"p.job in ({', '.join(repr(job) for job in jobs)})"
    codes = {JOBS.index(job) for job in jobs}
    if inside:
        return text, lambda who: who["p.job"] in codes
    return f"not {text}", lambda who: who["p.job"] not in codes


def _join(children):
    def both(pair):
        (one, left), (two, right) = pair
        return f"({one} and {two})", lambda who: left(who) and right(who)

    def either(pair):
        (one, left), (two, right) = pair
        return f"({one} or {two})", lambda who: left(who) or right(who)

    def negated(part):
        return f"not ({part[0]})", lambda who: not part[1](who)

    pairs = st.tuples(children, children)
    return st.one_of(pairs.map(both), pairs.map(either), children.map(negated))


PEOPLE = st.fixed_dictionaries(
    {name: st.integers(0, 1) for name in FLAGS}
    | {name: st.integers(0, 5) for name in NUMBERS}
    | {"p.job": st.integers(0, len(JOBS) - 1)}
)


@settings(max_examples=300, deadline=None)
@given(st.recursive(_leaf(), _join, max_leaves=8), st.lists(PEOPLE, min_size=1, max_size=20))
def test_agrees_with_the_plain_meaning(expression, people):
    text, meaning = expression
    try:
        condition = parse_condition(text)
    except ConditionError as error:
        assert "alternatives" in error.given
        return
    for person in people:
        assert holds(condition, person) == meaning(person), text
    for clause in condition:
        assert len({term.attribute for term in clause}) == len(clause)
        assert all(attribute(term.attribute) is not None for term in clause)
