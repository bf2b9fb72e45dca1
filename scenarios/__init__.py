"""Dated parameters with their sources, places, levers and policies, and the loader that checks them."""

from scenarios.load import load
from scenarios.observed import Observation, observations
from scenarios.problems import Problem, ScenarioError
from scenarios.scenario import Scenario, resolved, scaled
from scenarios.shipped import lever_ids, places, policies

__all__ = [
    "Observation",
    "Problem",
    "Scenario",
    "ScenarioError",
    "lever_ids",
    "load",
    "observations",
    "places",
    "policies",
    "resolved",
    "scaled",
]
