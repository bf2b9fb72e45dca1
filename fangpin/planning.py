"""From what the user asks for to a plan: the counties of the place, each under every policy, at the size asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fangpin.drawn import refuse_values
from fangpin.size import sized_scenario

if TYPE_CHECKING:
    from experiments.study import CountyCase, Plan, Study
    from scenarios import ListedCounty, Scenario

REMEMBERED = 64
"""Scenarios of parameter draws that are kept: loading one takes longer than a month of its county."""


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
                    county.name,
                    policy,
                    study.overrides,
                    study.households,
                    county.name != study.place,
                    study.levers,
                    study.stress,
                    study.founders,
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

    Raises:
        ScenarioError: if the parameters cannot be read or are no parameters of the scenario.
    """
    from experiments.draws import open_parameters
    from experiments.study import make_plan, make_weighted_plan, with_draws
    from fangpin.posterior import settled
    from scenarios import lists_counties, place_names, resolved

    study = settled(study)
    if lists_counties(study.place):
        plan = make_weighted_plan(study, place_names(study.place), [_case(*one) for one in loaded], facts)
    else:
        scenarios = loaded[0][1]
        plan = make_plan(study, scenarios, {policy: resolved(scenario) for policy, scenario in scenarios.items()}, facts)
    if not study.parameters:
        return plan
    drawn = with_draws(plan, open_parameters(study.parameters, study.replications, study.seed), Reload(study))
    # what a draw cannot change is said before the first run
    refuse_values(drawn)
    return drawn


def more_replications(plan: Plan, count: int) -> Plan:
    """Return the plan of the same study with more replications; the first ones are what they were."""
    from experiments.draws import open_parameters
    from experiments.study import with_draws, with_replications

    more = with_replications(plan, count)
    if not plan.study.parameters:
        return more
    assert plan.reload is not None
    return with_draws(more, open_parameters(plan.study.parameters, count, plan.study.seed), plan.reload)


class Reload:
    """Loads the scenario of a county and policy with changes by hand; the last few are remembered."""

    def __init__(self, study: Study) -> None:
        """Keep what the study changes everywhere."""
        self.study = study
        self.last: dict[tuple[str, str, tuple[str, ...]], Scenario] = {}

    def __call__(self, case: CountyCase, policy: str, changes: tuple[str, ...]) -> Scenario:
        """Return the scenario, at the study's size."""
        key, study = (case.name, policy, changes), self.study
        if key not in self.last:
            while len(self.last) >= REMEMBERED:
                self.last.pop(next(iter(self.last)))
            overrides = (*study.overrides, *changes)
            self.last[key] = sized_scenario(
                case.name,
                policy,
                overrides,
                study.households,
                case.name != study.place,
                study.levers,
                study.stress,
                study.founders,
            )
        return self.last[key]


def _case(county: ListedCounty, scenarios: dict[str, Scenario]) -> CountyCase:
    """Return a listed county as the runner needs it."""
    from experiments.study import CountyCase
    from scenarios import resolved

    first = next(iter(scenarios.values()))
    whole = first.series["county.households"].entries[0].value
    multiplier = max(1, round(county.weight * whole / first.county.households))
    plain = {policy: resolved(scenario) for policy, scenario in scenarios.items()}
    return CountyCase(county.name, county.names, county.weight, multiplier, dict(scenarios), plain)
