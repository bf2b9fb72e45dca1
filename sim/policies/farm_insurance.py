"""Farm insurance: a yearly premium, part of it paid by the budget, against a fall of yield, price or both below a trigger."""

from __future__ import annotations

from typing import NamedTuple

from sim.arithmetic import to_fen
from sim.engine import procedure, rule
from sim.policies.eligibility import qualifies
from sim.policies.tables import NUMBER, ON, column_of

CROPS, LIVESTOCK = range(2)
YIELD, INCOME, PRICE, INDEX = range(4)
MOST_PRODUCTS = 30
"""Products on offer at a time: a household's policies are bits of one number."""

_PREMIUM = column_of("farm_insurance", "premium")
_SUBSIDY = column_of("farm_insurance", "premium_subsidy")
_COVERAGE = column_of("farm_insurance", "coverage")
_TRIGGER = column_of("farm_insurance", "trigger")
_DEDUCTIBLE = column_of("farm_insurance", "deductible")
_TAKE_UP = column_of("farm_insurance", "take_up")
_PRODUCT = column_of("farm_insurance", "product")
_BASIS = column_of("farm_insurance", "basis")


class Premium(NamedTuple):
    """A year's premium: the household's own part and the budget's, in fen."""

    own: int
    budget: int


class Insured(NamedTuple):
    """Which products the household holds for this year, as bits; own premiums are a running cost of the farm, in fen."""

    insured: int
    farm_booked: int
    farm_cash: int
    insurance_premium: int
    insurance_subsidy: int


class Claim(NamedTuple):
    """Farm income and cash with the month's payouts, in fen."""

    farm_booked: int
    farm_cash: int
    insurance_payout: int


@rule
def split_premium(value: float, premium: float, subsidy: float) -> Premium:
    """Return the premium on an insured value and who pays it."""
    whole = to_fen(value * premium)
    budget = to_fen(whole * subsidy)
    return Premium(whole - budget, budget)


@rule
def payout(value: float, reached: float, trigger: float, deductible: float) -> int:
    """Return what is paid where a share of the normal is reached: the fall below the trigger, less the deductible share."""
    fall = trigger - reached
    return to_fen(value * fall * (1.0 - deductible)) if fall > 0.0 else 0


@rule
def share_reached(product: int, basis: int, crop_yield: float, crop_index: float, crop_price: float, herd_price: float) -> float:
    """Return what the policy looks at, over normal: the farm's yield, its township's index, the market's price, or both."""
    price = crop_price if product == CROPS else herd_price
    harvest = crop_yield if product == CROPS else 1.0
    if basis == YIELD:
        return harvest
    if basis == INCOME:
        return harvest * price
    if basis == PRICE:
        return price
    return crop_index if product == CROPS else 1.0


@procedure
def insure(  # type: ignore[no-untyped-def]
    members, able, land_mu, livestock, farm_booked, farm_cash, law_farm_income, law_farm_without_labour, u_insure,
    h, start, L_farm_insurance, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4, paid,
) -> Insured:  # fmt: skip
    """Take out this year's policies in spring: every product that is open to the household and that it takes up."""
    bits = 0
    own = 0
    budget = 0
    crops = land_mu * law_farm_income * (law_farm_without_labour if able == 0 else 1.0)
    rows = L_farm_insurance.shape[0]
    for row in range(rows if rows < MOST_PRODUCTS else MOST_PRODUCTS):
        value = crops if L_farm_insurance[row, _PRODUCT] == CROPS else float(livestock)
        takes = members > 0 and L_farm_insurance[row, ON] == 1.0 and value > 0.0 and u_insure < L_farm_insurance[row, _TAKE_UP]
        number = int(L_farm_insurance[row, NUMBER])
        if takes and qualifies(number, start, h, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4):
            premium = split_premium(
                value * L_farm_insurance[row, _COVERAGE], L_farm_insurance[row, _PREMIUM], L_farm_insurance[row, _SUBSIDY]
            )
            bits = bits + 2**row
            own = own + premium.own
            budget = budget + premium.budget
            if premium.budget > 0:
                paid[number] += premium.budget
    return Insured(bits, farm_booked - own, farm_cash - own, own, budget)


@procedure
def claim(  # type: ignore[no-untyped-def]
    insured, moy, livestock, farm_booked, farm_cash, crop_value, crop_yield, crop_index, law_farm_price, law_livestock_price,
    L_farm_insurance, paid,
) -> Claim:  # fmt: skip
    """Pay what the policies owe when a harvest is in or animals are sold: cash at once."""
    total = 0
    herd = 0.5 * livestock if moy == 6 or moy == 12 else 0.0
    rows = L_farm_insurance.shape[0]
    for row in range(rows if rows < MOST_PRODUCTS else MOST_PRODUCTS):
        if (insured // 2**row) % 2 == 1 and L_farm_insurance[row, ON] == 1.0:
            product = int(L_farm_insurance[row, _PRODUCT])
            reached = share_reached(
                product, int(L_farm_insurance[row, _BASIS]), crop_yield, crop_index, law_farm_price, law_livestock_price
            )
            value = (crop_value if product == CROPS else herd) * L_farm_insurance[row, _COVERAGE]
            fen = payout(value, reached, L_farm_insurance[row, _TRIGGER], L_farm_insurance[row, _DEDUCTIBLE])
            total = total + fen
            if fen > 0:
                paid[int(L_farm_insurance[row, NUMBER])] += fen
    return Claim(farm_booked + total, farm_cash + total, total)
