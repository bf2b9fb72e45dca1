"""What levers work on by name: the targets that a multiplier may scale, and the guarantees that a service may restore."""

from __future__ import annotations

from typing import NamedTuple


class Target(NamedTuple):
    """What a multiplier scales: whose it is, and what."""

    acts_on: str
    meaning: str


TARGETS: dict[str, Target] = {
    "admission": Target("person", "chance of a need for hospital care"),
    "care_forgone": Target("person", "chance of going without the hospital care needed"),
    "disability": Target("person", "chance of a disability certificate, by age or after a severe admission"),
    "recovery": Target("person", "chance that a weak or half labour capacity rises by a grade"),
    "pension_stop": Target("person", "chance of no longer contributing to the resident pension"),
    "hospital_bill": Target("person", "hospital bill"),
    "deposit": Target("person", "deposit asked before an admission"),
    "remission": Target("person", "yearly chance that a critical illness ends"),
    "lapse": Target("person", "chance of paying for no cover of the next year"),
    "job_loss": Target("person", "hazard of losing a job"),
    "job_finding": Target("person", "chance of finding work"),
    "wage": Target("person", "pay of a month worked for a wage"),
    "wage_local": Target("person", "pay of a month worked for a wage within the county"),
    "wage_migrant": Target("person", "pay of a month worked for a wage away from the county"),
    "workshop_pay": Target("person", "pay of a month in a workshop"),
    "business": Target("person", "profit of an own business"),
    "going_away": Target("person", "chance that a seeker who can leave home chooses work away from the county"),
    "farm": Target("household", "farm income"),
    "dropout": Target("person", "chance of leaving school: of dropping out, or the odds of not going on to a next stage"),
    "school_cost": Target("person", "own cost of school before aid"),
    "house_unsafe": Target("household", "chance that a house becomes unsafe, by age or in a disaster"),
    "water_interruption": Target("household", "chance that the water supply fails"),
    "livestock": Target("household", "livestock sales"),
    "yield_loss": Target("household", "fall of a harvest's yield below normal"),
    "price_loss": Target("household", "fall of a price below normal, crops and livestock"),
    "disaster_loss": Target("household", "share of the harvest lost to a disaster"),
    "asset_loss": Target("household", "discount at which animals are sold in distress"),
    "detection": Target("household", "chance that a report, a visit or a record brings a household to notice"),
    "response_days": Target("household", "days from identification to the first measure when staff is free"),
    "clearing_chance": Target("household", "chance that a household that may be cleared is cleared in a review"),
    "housing_service": Target("household", "chance that a service acts on an unsafe house"),
    "consumption": Target("household", "consumption wished for, above the floor that is defended"),
    "loan_chance": Target("household", "chance that a lender lends to a household that wants a loan and qualifies"),
    "loan_rate": Target("household", "interest rate of a loan when it is paid out"),
    "project_loss": Target("household", "chance that a village's project assets stop yielding; asked of its first household"),
}
"""What the mechanism `multiplier` may scale. A rule asks for it by the argument ``x_<target>``."""

GUARANTEES = {"housing": "household", "water": "household", "education": "person", "medical": "person"}
"""Guarantees that the mechanism `restored_guarantee` restores, and whose they are."""
