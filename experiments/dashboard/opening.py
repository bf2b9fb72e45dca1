"""How the page opens: what the command line said, for every browser window."""

from __future__ import annotations

from dataclasses import dataclass, field

from experiments.dashboard.wish import Wish
from experiments.labels import Lang


@dataclass
class Opening:
    """What a window shows first.

    Attributes:
        wish: what is simulated.
        lang: language of the page.
        places, policies: choices besides the shipped ones: files of the user's own.
    """

    wish: Wish = field(default_factory=Wish)
    lang: Lang = "zh"
    places: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()


OPENING = Opening()
"""Set by the command before the server starts; windows read it when they open."""


def place_choices() -> dict[str, dict[str, str]]:
    """Return the counties that can be chosen, with their names; a place that lists counties gives these."""
    from scenarios.counties import counties
    from scenarios.shipped import places

    names = (*(place for place in places() if place not in CONVENTIONS), *OPENING.places)
    listed = [county for place in names for county in counties(place)]
    return {county.name: dict(county.names) for county in listed}


CONVENTIONS = ("golden",)
"""Shipped places that hold conventions of worked examples and no real county."""


def policy_choices() -> dict[str, dict[str, str]]:
    """Return the policies that can be chosen, with their names in Chinese and English."""
    from scenarios.catalogue import policy_catalogue

    shipped = {name: dict(policy["names"]) for name, policy in policy_catalogue().items()}
    return {**shipped, **{name: {"zh": name, "en": name} for name in OPENING.policies}}
