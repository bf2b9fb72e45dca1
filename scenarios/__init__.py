"""Dated parameters with their sources, places, levers and policies, and the loader that checks them."""

from scenarios.counties import ListedCounty, counties, lists_counties, place_names
from scenarios.load import load
from scenarios.observed import Observation, observations, observations_of
from scenarios.problems import Problem, ScenarioError
from scenarios.scenario import Scenario, resolved, scaled
from scenarios.scenarioset import ScenarioSet, open_set, sets
from scenarios.shipped import lever_ids, places, policies

__all__ = [
    "ListedCounty",
    "Observation",
    "Problem",
    "Scenario",
    "ScenarioError",
    "ScenarioSet",
    "counties",
    "lever_ids",
    "lists_counties",
    "load",
    "observations",
    "observations_of",
    "open_set",
    "place_names",
    "places",
    "policies",
    "resolved",
    "scaled",
    "sets",
]
