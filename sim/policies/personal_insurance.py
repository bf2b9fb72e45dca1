"""Personal insurance: a yearly commercial policy beside resident insurance, its premium paid in part by the budget."""

from __future__ import annotations

from typing import NamedTuple

from sim.arithmetic import to_fen
from sim.engine import procedure, rule
from sim.policies.eligibility import qualifies
from sim.policies.tables import column_of
from sim.processes.enrolment import RESIDENT

_PREMIUM, _SUBSIDY, _TAKE_UP, _TAKE_UP_FREE = (
    column_of("personal_insurance", name) for name in ("premium", "subsidy", "take_up", "take_up_free")
)


class Bought(NamedTuple):
    """Whether the person has the policy next year, and premiums of the season by who pays them, in fen."""

    commercial_next: int
    premium_own: int
    premium_budget: int


@rule
def wish_for_policy(take_up: float, take_up_free: float, subsidy: float) -> float:
    """Return the chance of taking a policy out: straight between that at the full price and that at no price."""
    return take_up + (take_up_free - take_up) * subsidy


@procedure
def buy_policy(  # type: ignore[no-untyped-def]
    alive, enrolled_next, premium_own, premium_budget, u_policy, i, h, paid, L_personal_insurance,
    W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
) -> Bought:  # fmt: skip
    """Take out next year's policy in the season of enrolment: of those on offer to an enrolled resident the first."""
    for row in range(L_personal_insurance.shape[0]):
        if L_personal_insurance[row, 0] != 1.0 or alive == 0 or enrolled_next != RESIDENT:
            continue
        number = int(L_personal_insurance[row, 1])
        if not qualifies(number, i, h, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4):
            continue
        subsidy = L_personal_insurance[row, _SUBSIDY]
        if u_policy < wish_for_policy(L_personal_insurance[row, _TAKE_UP], L_personal_insurance[row, _TAKE_UP_FREE], subsidy):
            premium = to_fen(L_personal_insurance[row, _PREMIUM])
            budget = to_fen(premium * subsidy)
            paid[number] += budget
            return Bought(1, premium_own + premium - budget, premium_budget + budget)
        return Bought(0, premium_own, premium_budget)
    return Bought(0, premium_own, premium_budget)
