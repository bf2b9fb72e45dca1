"""Budget rule: what an account that runs out of money does to the levers that draw on it."""

from __future__ import annotations

from sim.arithmetic import exp, normal
from sim.engine import rule

STOP, PRO_RATA, QUEUE = range(3)
"""Codes of the word `when_out`."""

FLOWS: dict[str, tuple[str, ...]] = {
    "price_subsidy": ("share",),
    "reimbursement": ("rate", "rate_high"),
    "credit": ("subsidy",),
    "farm_insurance": ("premium_subsidy",),
    "schooling_aid": ("amount",),
}
"""By mechanism, fields of payments that nobody holds a running claim to: nothing under ``stop``, less under ``pro_rata``."""

CONTRACTS: dict[str, tuple[str, ...]] = {
    "job_slots": ("pay", "bridge_pay"),
    "cash_transfer": ("amount",),
    "service": ("cost", "relief"),
}
"""Fields of running contracts and statuses: less under ``pro_rata``, untouched under ``stop``."""

ADMISSIONS: dict[str, dict[str, float]] = {
    "top_up": {"take_up": 0.0, "take_up_monitored": 0.0},
    # nobody is so old: holders stay, nobody new is appointed
    "job_slots": {"minimum_age": 200.0},
    "placement": {"places": 0.0},
    "training": {"chance": 0.0},
    "one_off_grant": {"probability": 0.0},
    "restored_guarantee": {"probability": 0.0},
    "service": {"probability": 0.0},
}
"""Fields and the values that let nobody new in, under all three words. Running dibao and posts go on."""


@rule
def granted_share(balance: int, expected: int, mode: int) -> float:
    """Return the share of amounts granted this month: all while the balance covers the demand to expect.

    Under ``pro_rata`` amounts are cut to what is left; under ``stop`` and ``queue`` the account closes when nothing is left.
    """
    if mode == PRO_RATA:
        if balance >= expected:
            return 1.0
        return balance / expected if balance > 0 else 0.0
    return 1.0 if balance > 0 else 0.0


@rule
def year_amount(amount: float, spread: float, u_revenue: float) -> float:
    """Return a source's amount of a year: lognormal around its mean; without spread the mean itself."""
    return amount * exp(spread * normal(u_revenue) - 0.5 * spread * spread)
