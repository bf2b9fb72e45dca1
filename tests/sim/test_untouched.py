"""Levers that touched nobody: each reason brought about by hand."""

from __future__ import annotations

import dataclasses

from small_county import run

from experiments.labels import REASON_LABELS
from sim.model import PLAN_START
from sim.past import Past
from sim.policies.mechanisms import MECHANISMS
from sim.rules import Lever, Rules, Term, constant
from sim.untouched import _NEEDED, REASONS

NOBODY = ((Term("p.age", 150, 200),),)
CLOSED = "empty_fund"


def _transfer(name: str, amount: float, **changes: object) -> Lever:
    """Return a transfer of so many fen a month to every person."""
    values = {"amount": constant(amount), "month": constant(0), "reach": constant(1), "counted": constant(1)}
    lever = Lever(name, "cash_transfer", ((),), values, {"per": "person", "status": "none"}, "other_fund")
    return dataclasses.replace(lever, **changes)


def _subsidy(name: str, share: float) -> Lever:
    """Return a subsidy of everybody's premium."""
    return Lever(name, "price_subsidy", ((),), {"share": constant(share), "term_years": constant(0)}, {"price": "premium"})


def _rule() -> Lever:
    """Return a rule that leaves an account without money."""
    values = {"envelope": constant(0), "start_month": constant(1)}
    return Lever("z_rule", "budget_rule", ((),), values, {"when_out": "queue"}, CLOSED)


def test_each_reason(kept: Rules, past: Past) -> None:
    """One lever for each reason, and one that pays, over the whole of 2021."""
    service = {"probability": constant(0.5), "share": constant(0), "cap": constant(0)}
    added = (
        _transfer("a_later", 100.0, start=PLAN_START + 12),
        _transfer("a_zero", 0.0),
        _transfer("a_nobody", 100.0, who=NOBODY),
        _transfer("a_paid", 100.0),
        Lever("a_poor", "restored_guarantee", ((),), service, {"guarantee": "medical"}, CLOSED),
        _subsidy("a_little", 0.01),
        _subsidy("a_lot", 0.9),
        dataclasses.replace(_transfer("a_winter", 100.0), values={**_transfer("x", 100.0).values, "month": constant(13)}),
        Lever("a_one", "multiplier", ((),), {"factor": constant(1)}, {"target": "farm"}),
        _rule(),
    )
    rules = dataclasses.replace(kept, levers=tuple(sorted((*kept.levers, *added), key=lambda one: one.id)))
    model = run(rules, past, 12)
    told = dict(model.untouched_levers())
    expected = {
        "a_later": "outside_dates",
        "a_zero": "switched_off",
        "a_nobody": "nobody_eligible",
        "a_poor": "no_budget",
        "a_little": "another_paid_more",
        "a_winter": "no_take_up",
        "a_one": "switched_off",
    }
    assert {name: reason for name, reason in told.items() if name.startswith("a_")} == expected
    assert "a_paid" not in told and "a_lot" not in told


def test_every_code_has_its_words() -> None:
    """Reports translate every code."""
    assert set(REASON_LABELS) == set(REASONS)


def test_the_fields_named_exist() -> None:
    """What switches a lever off is a field of its mechanism."""
    for mechanism, needed in _NEEDED.items():
        assert {field for fields in needed for field in fields} <= set(MECHANISMS[mechanism].fields)
