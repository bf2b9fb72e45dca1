"""From what the user asks for to a plan: the counties of the place, each under every policy, at the size asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fangpin.size import sized_scenario

if TYPE_CHECKING:
    from experiments.study import CountyCase, Plan, Study
    from scenarios import ListedCounty, Scenario


def load_counties(study: Study) -> list[tuple[ListedCounty, dict[str, Scenario]]]:
    """Return the counties of the study's place, each with its scenario under every policy.

    Raises:
        ScenarioError: with every problem of every county and policy, each once.
    """
    from scenarios import ScenarioError, counties

    found, problems = [], {}
    for county in counties(study.place):
        loaded: dict[str, Scenario] = {}
        for policy in study.policies:
            try:
                loaded[policy] = sized_scenario(
                    county.name, policy, study.overrides, study.households, county.name != study.place, study.levers, study.stress
                )
            except ScenarioError as error:
                problems.update({str(problem): problem for problem in error.problems})
        found.append((county, loaded))
    if problems:
        raise ScenarioError(problems.values())
    return found


def plan_of(study: Study, loaded: list[tuple[ListedCounty, dict[str, Scenario]]], facts: tuple[Any, ...] = ()) -> Plan:
    """Return the plan of a study.

    Args:
        study: what was asked for.
        loaded: its counties with their scenarios (`load_counties`).
        facts: the observed figures to compare results with.
    """
    from experiments.study import make_plan, make_weighted_plan
    from scenarios import lists_counties, place_names, resolved

    if not lists_counties(study.place):
        scenarios = loaded[0][1]
        return make_plan(study, scenarios, {policy: resolved(scenario) for policy, scenario in scenarios.items()}, facts)
    return make_weighted_plan(study, place_names(study.place), [_case(*one) for one in loaded], facts)


def _case(county: ListedCounty, scenarios: dict[str, Scenario]) -> CountyCase:
    """Return a listed county as the runner needs it."""
    from experiments.study import CountyCase
    from scenarios import resolved

    first = next(iter(scenarios.values()))
    whole = first.series["county.households"].entries[0].value
    multiplier = max(1, round(county.weight * whole / first.county.households))
    plain = {policy: resolved(scenario) for policy, scenario in scenarios.items()}
    return CountyCase(county.name, county.names, county.weight, multiplier, dict(scenarios), plain)
