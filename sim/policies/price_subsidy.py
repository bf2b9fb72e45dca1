"""Price subsidy: the budget pays a share of a price; the largest share that a person qualifies for counts."""

from __future__ import annotations

from typing import NamedTuple

from sim.engine import procedure
from sim.policies.eligibility import qualifies
from sim.policies.tables import column_of

_SHARE, _TERM = column_of("price_subsidy", "share"), column_of("price_subsidy", "term_years")


class Subsidy(NamedTuple):
    """The share of the premium paid by the budget and the number of the lever that pays; -1 for none."""

    subsidy_share: float
    subsidy_lever: int


@procedure
def premium_subsidy(  # type: ignore[no-untyped-def]
    i, h, hh_years_monitored, L_price_subsidy, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
) -> Subsidy:  # fmt: skip
    """Return the largest share of the premium that person i qualifies for; of equal ones the first."""
    best = 0.0
    payer = -1
    for row in range(L_price_subsidy.shape[0]):
        share = L_price_subsidy[row, _SHARE]
        term = L_price_subsidy[row, _TERM]
        if L_price_subsidy[row, 0] == 1.0 and share > best and (term == 0.0 or hh_years_monitored < term):
            number = int(L_price_subsidy[row, 1])
            if qualifies(number, i, h, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4):
                best = share
                payer = number
    return Subsidy(best, payer)
