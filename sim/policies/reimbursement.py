"""Reimbursement in ordered layers: public insurance, supplements, assistance, commercial insurance; outpatient care apart."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.arithmetic import to_fen
from sim.engine import procedure, rule
from sim.policies.eligibility import qualifies
from sim.policies.tables import column_of

BASIC, CRITICAL, ASSISTANCE, OUTPATIENT, SUPPLEMENTARY, CEILING, COMMERCIAL = range(7)
"""Codes of the word `layer`. A bill meets basic, critical, supplementary, assistance, ceiling and commercial in this order."""
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
    paid_basic: int
    paid_critical: int
    paid_assistance: int
    paid_supplementary: int
    own_in_year: int
    critical_in_year: int
    supplement_in_year: int
    assisted_in_year: int
    ceiling_in_year: int
    commercial_in_year: int


class DrugBill(NamedTuple):
    """The month's outpatient care and drugs after the outpatient layer, in fen, and the person's counters of the year."""

    own_drugs: int
    drugs_reimbursed: int
    drugs_in_year: int
    outpatient_in_year: int


class Offer(NamedTuple):
    """What a layer would pay, in fen, and the number of the lever that would."""

    amount: int
    payer: int


class Price(NamedTuple):
    """The share of a hospital bill that the person expects to pay, in per cent."""

    own_share: int


@rule
def is_covered(bmi_enrolled: int, employee_insured: int, waiting: int, moy: int) -> bool:
    """Say whether insurance pays this month: resident insurance after the waiting months of January on, or an employee's."""
    return (bmi_enrolled == 1 and moy > waiting) or employee_insured == 1


@rule
def per_cent(part: int, whole: int) -> int:
    """Return a share in whole per cent, rounded half up, between 1 and 100."""
    share = math.floor(100.0 * part / whole + 0.5) if whole > 0 else 100
    return 1 if share < 1 else (100 if share > 100 else share)


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


@rule
def ceiling_payment(cost: float, in_list: float, paid_before: float, share: float, cap: float) -> int:
    """Return what lowers the own part of an in-list bill to a share of it, at most what the year's cap leaves."""
    due = cost - share * in_list
    left = cap - paid_before
    due = due if due < left else left
    return to_fen(due) if due > 0.0 else 0


@procedure
def best_offer(  # type: ignore[no-untyped-def]
    layer, cost, before, paid_before, in_list, i, h, L_reimbursement, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1,
    H_i2, H_i4,
) -> Offer:  # fmt: skip
    """Return what the lever that pays person i most would pay in one layer, and its number; -1 for nobody."""
    best = 0
    payer = -1
    for row in range(L_reimbursement.shape[0]):
        if L_reimbursement[row, 0] != 1.0 or L_reimbursement[row, _LAYER] != layer:
            continue
        if layer == CEILING:
            amount = ceiling_payment(cost, in_list, paid_before, L_reimbursement[row, _RATE], L_reimbursement[row, _CAP])
        else:
            amount = layer_payment(
                cost, before, paid_before, L_reimbursement[row, _DEDUCTIBLE], L_reimbursement[row, _RATE],
                L_reimbursement[row, _HIGH_FROM], L_reimbursement[row, _RATE_HIGH], L_reimbursement[row, _CAP],
            )  # fmt: skip
        if amount > best:
            number = int(L_reimbursement[row, 1])
            if qualifies(number, i, h, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4):
                best = amount
                payer = number
    return Offer(best, payer)


@procedure
def best_payment(  # type: ignore[no-untyped-def]
    layer, cost, before, paid_before, in_list, i, h, paid, L_reimbursement, W_lever, W_clause, W_term, W_bound,
    P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
) -> int:  # fmt: skip
    """Pay one layer by the lever that pays person i most, and book it."""
    offer = best_offer(
        layer, float(cost), float(before), float(paid_before), float(in_list), i, h, L_reimbursement, W_lever, W_clause, W_term,
        W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
    )  # fmt: skip
    if offer.payer >= 0:
        paid[offer.payer] += offer.amount
    return offer.amount


@procedure
def expect_price(  # type: ignore[no-untyped-def]
    bmi_enrolled, employee_insured, law_bill_mean, law_bill_in_list, i, h, L_reimbursement, W_lever, W_clause, W_term, W_bound,
    P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
) -> Price:  # fmt: skip
    """Work out in January what share of a mean hospital bill would be left to the person, in whole per cent, at least 1."""
    bill = to_fen(law_bill_mean)
    in_list = to_fen(bill * law_bill_in_list)
    left = in_list
    for layer in (BASIC, CRITICAL, SUPPLEMENTARY, ASSISTANCE, CEILING, COMMERCIAL):
        if layer == ASSISTANCE or layer == CEILING or bmi_enrolled == 1 or employee_insured == 1:
            offer = best_offer(
                layer, float(left), 0.0, 0.0, float(in_list), i, h, L_reimbursement, W_lever, W_clause, W_term, W_bound,
                P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
            )  # fmt: skip
            left -= offer.amount
    return Price(per_cent(bill - in_list + left, bill))


@procedure
def settle_bill(  # type: ignore[no-untyped-def]
    bill, bmi_enrolled, employee_insured, waiting, moy, own_in_year, critical_in_year, supplement_in_year, assisted_in_year,
    ceiling_in_year, commercial_in_year, law_bill_in_list, i, h, paid, L_reimbursement, W_lever, W_clause, W_term, W_bound,
    P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
) -> Bill:  # fmt: skip
    """Pass a bill through the layers in their order; each pays on the in-list cost that those before it left.

    A yearly layer sees the year's cost that all layers before it leave. Without cover of insurance only assistance pays.
    """
    in_list = to_fen(bill * law_bill_in_list)
    covered = is_covered(bmi_enrolled, employee_insured, waiting, moy)
    basic = 0
    critical = 0
    supplement = 0
    commercial = 0
    if covered:
        basic = best_payment(
            BASIC, in_list, 0, 0, in_list, i, h, paid, L_reimbursement, W_lever, W_clause, W_term, W_bound,
            P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
        )  # fmt: skip
        critical = best_payment(
            CRITICAL, in_list - basic, own_in_year, critical_in_year, in_list, i, h, paid, L_reimbursement, W_lever, W_clause,
            W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
        )  # fmt: skip
    left = in_list - basic - critical
    before = own_in_year - critical_in_year
    if covered:
        supplement = best_payment(
            SUPPLEMENTARY, left, before, supplement_in_year, in_list, i, h, paid, L_reimbursement, W_lever, W_clause, W_term,
            W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
        )  # fmt: skip
    left -= supplement
    before -= supplement_in_year
    assisted = best_payment(
        ASSISTANCE, left, before, assisted_in_year, in_list, i, h, paid, L_reimbursement, W_lever, W_clause, W_term, W_bound,
        P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
    )  # fmt: skip
    left -= assisted
    raised = best_payment(
        CEILING, left, 0, ceiling_in_year, in_list, i, h, paid, L_reimbursement, W_lever, W_clause, W_term, W_bound,
        P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
    )  # fmt: skip
    left -= raised
    before -= assisted_in_year + ceiling_in_year
    if covered:
        commercial = best_payment(
            COMMERCIAL, left, before, commercial_in_year, in_list, i, h, paid, L_reimbursement, W_lever, W_clause, W_term,
            W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
        )  # fmt: skip
    reimbursed = basic + critical + supplement + assisted + raised + commercial
    return Bill(
        bill - reimbursed, reimbursed, basic, critical, assisted + raised, supplement + commercial, own_in_year + in_list - basic,
        critical_in_year + critical, supplement_in_year + supplement, assisted_in_year + assisted, ceiling_in_year + raised,
        commercial_in_year + commercial,
    )  # fmt: skip


@procedure
def settle_drugs(  # type: ignore[no-untyped-def]
    drug_bill, bmi_enrolled, employee_insured, waiting, moy, drugs_in_year, outpatient_in_year, i, h, paid, L_reimbursement,
    W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
) -> DrugBill:  # fmt: skip
    """Pay outpatient care and drugs: the outpatient layer pays a share above its deductible up to its cap of the year."""
    amount = 0
    if is_covered(bmi_enrolled, employee_insured, waiting, moy):
        amount = best_payment(
            OUTPATIENT, drug_bill, drugs_in_year, outpatient_in_year, drug_bill, i, h, paid, L_reimbursement, W_lever,
            W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
        )  # fmt: skip
    return DrugBill(drug_bill - amount, amount, drugs_in_year + drug_bill, outpatient_in_year + amount)
