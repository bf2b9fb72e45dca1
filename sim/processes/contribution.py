"""Contributions to the resident pension: insured or not, what is paid a year and by whom."""

from __future__ import annotations

from typing import NamedTuple

from sim.arithmetic import to_fen
from sim.engine import rule

UNDECIDED, NO_ACCOUNT, OWN, SPONSORED = range(4)
"""Codes of the standing in the scheme."""
LATE_FROM = 45
"""Age from which contributors do not stop: the pension asks for fifteen years until 60."""


class Account(NamedTuple):
    """Standing in the scheme."""

    pension_account: int


class Contribution(NamedTuple):
    """Standing in the scheme after this year's contribution, and by whom it is paid, in fen."""

    pension_account: int
    contribution_own: int
    contribution_budget: int


@rule
def open_account(age: int, law_pension_age: float, law_pension_enrolled: float, u_account: float) -> Account:
    """Say whether a person is insured when first asked: the old are, others by lot."""
    return Account(OWN if age >= law_pension_age or u_account < law_pension_enrolled else NO_ACCOUNT)


@rule
def contribute(
    in_school: int,
    employee_insured: int,
    age: int,
    pension_contributing_age: int,
    pension_account: int,
    pension_tier: float,
    contribution_share: float,
    law_pension_join: float,
    law_pension_join_old: float,
    law_pension_stop: float,
    x_pension_stop: float,
    u_contribute: float,
) -> Contribution:
    """Pay the year's contribution or not; whose budget pays all of it is insured at once, pupils and employees are not asked.

    Who pays a part stops in proportion to it. Who is insured at no own cost counts as sponsored.
    """
    if pension_contributing_age == 0 or in_school == 1 or employee_insured == 1:
        return Contribution(pension_account, 0, 0)
    price = to_fen(pension_tier)
    budget = to_fen(pension_tier * contribution_share)
    own = price - budget
    if own > 0 and pension_account == NO_ACCOUNT:
        joins = u_contribute < (law_pension_join_old if age >= LATE_FROM else law_pension_join)
    else:
        joins = own == 0 or age >= LATE_FROM or u_contribute >= law_pension_stop * x_pension_stop * own / price
    if not joins or (price == 0 and pension_account == NO_ACCOUNT):
        return Contribution(NO_ACCOUNT, 0, 0)
    return Contribution(SPONSORED if own == 0 and budget > 0 else OWN, own, budget)
