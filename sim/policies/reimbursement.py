"""Reimbursement in ordered layers: basic insurance, critical-illness insurance, medical assistance."""

from __future__ import annotations

from typing import NamedTuple

from sim.arithmetic import to_fen
from sim.engine import procedure, rule
from sim.policies.eligibility import qualifies
from sim.policies.tables import column_of

BASIC, CRITICAL, ASSISTANCE = range(3)
_DEDUCTIBLE = column_of("reimbursement", "deductible")
_RATE = column_of("reimbursement", "rate")
_HIGH_FROM = column_of("reimbursement", "high_from")
_RATE_HIGH = column_of("reimbursement", "rate_high")
_CAP = column_of("reimbursement", "cap")
_LAYER = column_of("reimbursement", "layer")


class Bill(NamedTuple):
    """A hospital bill after all layers, in fen, and the person's counters of the year."""

    own_payment: int
    reimbursed: int
    own_in_year: int
    critical_in_year: int
    assisted_in_year: int


@rule
def layer_total(cost: float, deductible: float, rate: float, high_from: float, rate_high: float, cap: float) -> float:
    """Return what a layer pays on a cost: a rate above the deductible, another above `high_from`, at most the cap."""
    if cost <= deductible:
        return 0.0
    high = cost - high_from if cost > high_from else 0.0
    paid = (cost - deductible - high) * rate + high * rate_high
    return cap if paid > cap else paid


@rule
def layer_payment(
    cost: float, before: float, paid_before: float, deductible: float, rate: float, high_from: float, rate_high: float, cap: float
) -> int:
    """Return what a yearly layer pays on a new cost: its total on the year's cost less what it has paid, never negative."""
    total = layer_total(before + cost, deductible, rate, high_from, rate_high, cap)
    due = total - paid_before
    if due < 0.0:
        return 0
    return to_fen(due if due < cost else cost)


@procedure
def best_payment(  # type: ignore[no-untyped-def]
    layer, cost, before, paid_before, i, h, paid, L_reimbursement, W_lever, W_clause, W_term, W_bound,
    P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
) -> int:  # fmt: skip
    """Pay one layer by the lever that pays person i most, and book it."""
    best = 0
    payer = -1
    for row in range(L_reimbursement.shape[0]):
        if L_reimbursement[row, 0] != 1.0 or L_reimbursement[row, _LAYER] != layer:
            continue
        amount = layer_payment(
            cost, before, paid_before, L_reimbursement[row, _DEDUCTIBLE], L_reimbursement[row, _RATE],
            L_reimbursement[row, _HIGH_FROM], L_reimbursement[row, _RATE_HIGH], L_reimbursement[row, _CAP],
        )  # fmt: skip
        if amount > best:
            number = int(L_reimbursement[row, 1])
            if qualifies(number, i, h, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4):
                best = amount
                payer = number
    if payer >= 0:
        paid[payer] += best
    return best


@procedure
def settle_bill(  # type: ignore[no-untyped-def]
    bill, bmi_enrolled, waiting, moy, own_in_year, critical_in_year, assisted_in_year, law_bill_in_list, i, h, paid,
    L_reimbursement, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
) -> Bill:  # fmt: skip
    """Pass a bill through the three layers in their order; each pays on the in-list cost that the one before left."""
    in_list = to_fen(bill * law_bill_in_list)
    basic = 0
    critical = 0
    if bmi_enrolled == 1 and moy > waiting:
        basic = best_payment(
            0, float(in_list), 0.0, 0.0, i, h, paid, L_reimbursement, W_lever, W_clause, W_term, W_bound,
            P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
        )  # fmt: skip
        left = in_list - basic
        critical = best_payment(
            1, float(left), float(own_in_year), float(critical_in_year), i, h, paid, L_reimbursement, W_lever, W_clause,
            W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
        )  # fmt: skip
    left = in_list - basic
    # what assistance sees is the year's cost that both insurances leave
    before = own_in_year - critical_in_year
    remaining = left - critical
    assisted = best_payment(
        2, float(remaining), float(before), float(assisted_in_year), i, h, paid, L_reimbursement, W_lever, W_clause, W_term,
        W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
    )  # fmt: skip
    reimbursed = basic + critical + assisted
    return Bill(bill - reimbursed, reimbursed, own_in_year + left, critical_in_year + critical, assisted_in_year + assisted)
