"""Review: feedback on the plan; while too many are at risk, supports are not lowered further and none ends."""

from __future__ import annotations

from sim.engine import rule

SUPPORTS: dict[str, tuple[str, ...]] = {
    "top_up": ("standard",),
    "price_subsidy": ("share",),
    "reimbursement": ("rate", "rate_high", "cap"),
    "job_slots": ("slots", "kept", "pay", "support"),
    "placement": ("places",),
    "training": ("chance",),
    "credit": ("subsidy",),
    "farm_insurance": ("premium_subsidy",),
    "schooling_aid": ("amount",),
    "restored_guarantee": ("probability", "share", "cap"),
    "cash_transfer": ("amount",),
    "disregard": ("amount", "share"),
    "detection_channel": ("staff",),
}
"""By mechanism, fields of which more is more support: a pause keeps them from falling and lets them rise."""


@rule
def is_review(month: int, interval: float) -> bool:
    """Say whether a month closes with a review: the last one of every so many, counted from January."""
    return interval < 2.0 or (month + 1) % int(interval) == 0


@rule
def too_many(at_risk: int, persons: int, limit: float) -> bool:
    """Say whether more than a share of persons is at risk."""
    return at_risk > limit * persons
