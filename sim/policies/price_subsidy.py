"""Price subsidy: the budget pays a share of a price; the largest share that a person qualifies for counts. Prices may be kept."""

from __future__ import annotations

from typing import NamedTuple

from sim.engine import procedure
from sim.policies.eligibility import qualifies
from sim.policies.mechanisms import MECHANISMS
from sim.policies.tables import column_of

_SHARE, _TERM = column_of("price_subsidy", "share"), column_of("price_subsidy", "term_years")
_PRICE = column_of("price_subsidy", "price")
_PREMIUM, _PENSION = (MECHANISMS["price_subsidy"].words["price"].index(name) for name in ("premium", "pension"))
_KEPT = column_of("kept_price", "amount")


class Subsidy(NamedTuple):
    """The share of the premium paid by the budget and the number of the lever that pays; -1 for none."""

    subsidy_share: float
    subsidy_lever: int


class Tier(NamedTuple):
    """The yearly contribution to the resident pension that is asked, in fen, the share that the budget pays, and its lever."""

    pension_tier: float
    contribution_share: float
    contribution_lever: int


@procedure
def largest_share(  # type: ignore[no-untyped-def]
    price, i, h, years_monitored, L_price_subsidy, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
) -> Subsidy:  # fmt: skip
    """Return the largest share of a price that person i qualifies for; of equal ones the first."""
    best = 0.0
    payer = -1
    for row in range(L_price_subsidy.shape[0]):
        if L_price_subsidy[row, _PRICE] != price:
            continue
        share = L_price_subsidy[row, _SHARE]
        term = L_price_subsidy[row, _TERM]
        if L_price_subsidy[row, 0] == 1.0 and share > best and (term == 0.0 or years_monitored < term):
            number = int(L_price_subsidy[row, 1])
            if qualifies(number, i, h, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4):
                best = share
                payer = number
    return Subsidy(best, payer)


@procedure
def premium_subsidy(  # type: ignore[no-untyped-def]
    i, h, hh_years_monitored, L_price_subsidy, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
) -> Subsidy:  # fmt: skip
    """Return the largest share of the premium that person i qualifies for; of equal ones the first."""
    return largest_share(
        _PREMIUM, i, h, hh_years_monitored, L_price_subsidy, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2,
        H_i4,
    )  # fmt: skip


@procedure
def pension_tier(  # type: ignore[no-untyped-def]
    i, h, hh_years_monitored, law_pension_contribution, L_kept_price, L_price_subsidy, W_lever, W_clause, W_term, W_bound,
    P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
) -> Tier:  # fmt: skip
    """Return what person i is asked to contribute to the resident pension, a kept tier included, and who pays what share."""
    price = law_pension_contribution
    for row in range(L_kept_price.shape[0]):
        if L_kept_price[row, 0] == 1.0 and L_kept_price[row, _KEPT] < price:
            number = int(L_kept_price[row, 1])
            if qualifies(number, i, h, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4):
                price = L_kept_price[row, _KEPT]
    best = largest_share(
        _PENSION, i, h, hh_years_monitored, L_price_subsidy, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2,
        H_i4,
    )  # fmt: skip
    return Tier(price, best.subsidy_share, best.subsidy_lever)
