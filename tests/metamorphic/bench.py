"""A small county that has lived to the end of 2020, and months of it under rules that differ in one thing."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from experiments import engine
from scenarios import load
from sim.rules import County, Lever, Rules

COUNTY = County(1500, 6, 3)
SEED = 7


@cache
def rules() -> Rules:
    """Return Nanyang's rules as documented."""
    return load("nanyang", "documented").rules


@cache
def past() -> Any:
    """Return the county at the end of 2020."""
    return engine.live(COUNTY, rules(), SEED, 1)


def model_of(changed: Rules, months: int) -> Any:
    """Return a model that stands at January 2021 under changed rules."""
    return engine.build_model(COUNTY, changed, SEED, past(), months, 1)


def lived(changed: Rules, months: int) -> Any:
    """Return a model that lived some months from January 2021 under changed rules."""
    model = model_of(changed, months)
    model.run_model()
    return model


def with_lever(changed: Rules, lever: Lever) -> Rules:
    """Return rules with one lever replaced."""
    return replace(changed, levers=tuple(lever if one.id == lever.id else one for one in changed.levers))


def without(changed: Rules, *names: str) -> Rules:
    """Return rules in which some levers never begin; they keep their place in the order."""
    out = tuple(replace(one, end=one.start) if one.id in names else one for one in changed.levers)
    return replace(changed, levers=out)


def state_bytes(model: Any) -> dict[str, bytes]:
    """Return every column of the state."""
    tables = {"person": model.state.persons, "household": model.state.households}
    return {f"{kind}.{name}": table[name].tobytes() for kind, table in tables.items() for name in table.names}
