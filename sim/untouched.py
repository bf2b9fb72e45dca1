"""Levers that touched nobody in a run, and why: a code of `REASONS` for each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from sim.institutions.posts import owners, who_qualifies
from sim.processes.employment import POST, RELIEF

if TYPE_CHECKING:
    from sim.model import Model
    from sim.rules import Lever

REASONS = ("outside_dates", "switched_off", "no_budget", "nobody_eligible", "another_paid_more", "no_take_up")
"""Codes of reasons, in the order in which they are looked for."""

_PAYING = (
    "top_up", "price_subsidy", "reimbursement", "job_slots", "schooling_aid", "one_off_grant", "cash_transfer", "credit",
    "farm_insurance", "service", "village_fund", "training",
)  # fmt: skip
_SILENT = ("multiplier", "disregard", "placement", "budget_source", "budget_part", "budget_pool")
"""Mechanisms that pay nothing themselves: they are judged by their figures."""

_EXCLUSIVE = ("top_up", "price_subsidy", "reimbursement", "credit", "restored_guarantee")
"""Mechanisms of which several levers may admit somebody and only one counts."""

_NEEDED: dict[str, tuple[tuple[str, ...], ...]] = {
    "top_up": (("standard",), ("take_up", "take_up_monitored")),
    "price_subsidy": (("share",),),
    "reimbursement": (("rate", "rate_high"),),
    "job_slots": (("slots",), ("kept",)),
    "schooling_aid": (("amount",),),
    "one_off_grant": (("amount", "share_of_loss"), ("probability",)),
    "restored_guarantee": (("probability",),),
    "service": (("probability",),),
    "cash_transfer": (("amount",), ("reach",)),
    "credit": (("take_up", "renewal_chance"),),
    "farm_insurance": (("coverage",), ("take_up",)),
    "disregard": (("amount", "share"),),
    "village_fund": (("households",),),
    "placement": (("places",),),
    "training": (("chance",),),
    "budget_source": (("amount",),),
    "budget_part": (("share",),),
    "budget_pool": (("flexible",),),
}
"""Fields by mechanism: where all of one bracket are zero, the lever is switched off. A multiplier is at a factor of one."""


def untouched_levers(model: Model) -> list[tuple[str, str]]:
    """Return the levers that touched nobody, each with a code of `REASONS`.

    Levers that pay are judged by payments, loans and places; the others by their dates and by whether they are switched off.
    Who is eligible, and who is not, is seen at the end of the run.
    """
    paid = model.paid.sum(axis=0)
    untouched = []
    for number, lever in enumerate(model.rules.levers):
        months = _months(model, lever)
        if not months:
            untouched.append((lever.id, "outside_dates"))
        elif _pays(lever) and not _has_touched(model, number, paid):
            untouched.append((lever.id, _reason(model, number, months, paid)))
        elif lever.mechanism in _SILENT and _is_off(lever, months):
            untouched.append((lever.id, "switched_off"))
    return untouched


def _months(model: Model, lever: Lever) -> range:
    """Return the months of the run in which a lever was in force."""
    end = model.first_month + len(model.records)
    return range(max(lever.start, model.first_month), min(lever.end, end))


def _pays(lever: Lever) -> bool:
    """Say whether a lever pays money; services for water and schooling do not."""
    return lever.mechanism in _PAYING or lever.words.get("guarantee") in ("housing", "medical")


def _has_touched(model: Model, number: int, paid: np.ndarray) -> bool:
    """Say whether a lever paid anything, or a loan or a place of it is held at the end: a firm pays in a workshop."""
    households, persons = model.state.households, model.state.persons
    lent = (households["loan_balance"] > 0) & (households["loan_lever"] == number)
    holds = (persons["job"] >= POST) & (persons["job"] <= RELIEF) & (persons["post_lever"] == number)
    return bool(paid[number] > 0 or lent.any() or (holds & (persons["alive"] == 1)).any())


def _reason(model: Model, number: int, months: range, paid: np.ndarray) -> str:
    """Return why a lever in force paid nobody."""
    lever = model.rules.levers[number]
    if _is_off(lever, months):
        return "switched_off"
    if not any(_money(model, lever, months)):
        return "no_budget"
    if not _is_anybody_eligible(model, number):
        return "nobody_eligible"
    rivals = (other for other, one in enumerate(model.rules.levers) if other != number and _alike(one, lever))
    if lever.mechanism in _EXCLUSIVE and any(_has_touched(model, other, paid) for other in rivals):
        return "another_paid_more"
    return "no_take_up"


def _is_off(lever: Lever, months: range) -> bool:
    """Say whether a lever gave nothing in any of some months by its own figures."""
    if lever.mechanism == "multiplier":
        return all(lever.values["factor"].at(month) == 1.0 for month in months)
    needed = _NEEDED.get(lever.mechanism, ())
    on = (all(any(lever.values[field].at(month) > 0.0 for field in fields) for fields in needed) for month in months)
    return not any(on)


def _money(model: Model, lever: Lever, months: range) -> Iterator[bool]:
    """Yield whether the lever's account granted anything, month by month."""
    account = next(account for account in model.accounts if account.name == lever.account)
    return (month.granted > 0.0 for month in account.months if month.month in months)


def _is_anybody_eligible(model: Model, number: int) -> bool:
    """Say whether any living person, or its household, meets the lever's condition at the end of the run."""
    state = model.state
    alive = np.flatnonzero(state.persons["alive"] == 1)
    found = np.zeros(len(alive), bool)
    p, h = state.persons.matrices, state.households.matrices
    matrices = (p["i1"], p["i2"], p["i4"], h["i1"], h["i2"], h["i4"])
    who_qualifies(number, alive, owners(state, alive), *model.conditions, *matrices, found)
    return bool(found.any())


def _alike(one: Lever, other: Lever) -> bool:
    """Say whether of two levers only one counts: the same mechanism, price, layer and guarantee."""
    words = ("price", "layer", "guarantee")
    return one.mechanism == other.mechanism and all(one.words.get(word) == other.words.get(word) for word in words)
