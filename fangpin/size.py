"""How large a county the command and the Python door simulate."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scenarios import Scenario

DEFAULT_HOUSEHOLDS = 12_000
"""Rural households of the county that `fangpin run` simulates: large enough for rates, small enough for a minute."""


def sized_scenario(
    place: str,
    policy: str,
    overrides: tuple[str, ...],
    households: int | None,
    at_most: bool = False,
    levers: tuple[str, ...] = (),
    stress: tuple[str, ...] = (),
    founders: str = "",
) -> Scenario:
    """Return a scenario with its county shrunk by whole villages to about so many households; ``None`` keeps all.

    Args:
        place, policy, overrides: the scenario.
        households: rural households wanted.
        at_most: whether a county with fewer households is taken whole instead of refused.
        levers, stress: as in `scenarios.load`.
        founders: file of a population grown from a survey; it decides the size.

    Raises:
        ScenarioError: if place, policy or an override is not known.
    """
    from scenarios import load, scaled

    scenario = load(place, policy, overrides, levers, stress)
    if founders:
        from scenarios.founders import populated

        return populated(scenario, founders)
    if households is None or (at_most and households >= scenario.county.households):
        return scenario
    return scaled(scenario, households)
