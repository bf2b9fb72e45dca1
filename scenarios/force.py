"""Which entries are in force in a place: schemes of the whole country, those that its plan names, what is in no plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from scenarios.knob import lever_of
from scenarios.lever import LeverEntry
from scenarios.planbook import plan_book

EVERY = "every"
"""What a place says in which the levers of all plans are in force."""


def mark_force(levers: Mapping[str, LeverEntry], plan: str, place: str, every: bool = False) -> dict[str, LeverEntry]:
    """Switch off the entries of catalogue levers that a place's plan does not name.

    A user's own entries and those written for the place itself are in force; a scheme that is no lever of any plan is, too.

    Args:
        levers: entries by their ids.
        plan: id of the place's plan, empty where it has none.
        place: id of the place.
        every: whether the levers of all plans are in force.
    """
    if every:
        return dict(levers)
    book = plan_book()
    named = book.in_force(plan)
    return {
        key: entry
        if entry.own or entry.place == place or lever_of(key) in named or lever_of(key) not in book.levers
        else replace(entry, enabled=False)
        for key, entry in levers.items()
    }
