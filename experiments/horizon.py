"""The end of a run: levers that end so late that their effect cannot be judged."""

from __future__ import annotations

from sim.rules import Lever, Rules

SUPPORT_FIELDS = ("share", "kept", "slots", "staff", "rate")
"""Fields of levers that say how much support there is: a fall of one is a cut."""


def late_cuts(rules: Rules, last_month: int) -> list[str]:
    """Return the levers whose support ends or falls within the last twelve months of a run."""
    return [lever.id for lever in rules.levers if _is_cut_late(lever, last_month)]


def _is_cut_late(lever: Lever, last_month: int) -> bool:
    """Return whether a lever ends, or one of its support fields falls, within the last twelve months."""
    before = last_month - 12
    if lever.start > before:
        return False
    ends = before < lever.end <= last_month
    fields = [dated for name, dated in lever.values.items() if name in SUPPORT_FIELDS]
    return ends or (lever.end > last_month and any(dated.at(last_month) < dated.at(before) for dated in fields))
