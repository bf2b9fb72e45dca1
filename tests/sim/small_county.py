"""A small county, and edits of its rules, for the engine's tests."""

from __future__ import annotations

import dataclasses

from sim.model import Model
from sim.past import Past
from sim.rules import County, Dated, Lever, Rules, constant

SMALL = County(households=1200, villages=9, townships=3)
SEED = 11


def with_values(rules: Rules, **values: float | Dated) -> Rules:
    """Return rules with some named values replaced."""
    changed = {name: value if isinstance(value, Dated) else constant(value) for name, value in values.items()}
    return dataclasses.replace(rules, values={**rules.values, **changed})


MOVES = ("marriage_women", "marriage_men", "leaving_rate", "splitting_rate", "homecoming_rate")


def without_moves(rules: Rules) -> Rules:
    """Return rules under which nobody marries, leaves, splits off or comes back: rows of households stay where they are."""
    return with_values(rules, **dict.fromkeys(MOVES, 0.0))


def with_lever(rules: Rules, lever: str, *, end: int | None = None, **fields: float | Dated) -> Rules:
    """Return rules with some fields of one lever replaced, or with its end moved."""
    changed = {name: value if isinstance(value, Dated) else constant(value) for name, value in fields.items()}

    def edit(one: Lever) -> Lever:
        if one.id != lever:
            return one
        return dataclasses.replace(one, values={**one.values, **changed}, end=one.end if end is None else end)

    assert any(one.id == lever for one in rules.levers), lever
    return dataclasses.replace(rules, levers=tuple(edit(one) for one in rules.levers))


def without_levers(rules: Rules, *ids: str) -> Rules:
    """Return rules without some levers."""
    return dataclasses.replace(rules, levers=tuple(one for one in rules.levers if one.id not in ids))


def run(rules: Rules, past: Past, months: int = 60, seed: int = SEED, county: County = SMALL, **how: int) -> Model:
    """Run the small county for some months."""
    model = Model(county, rules, rng=seed, past=past, months=months, **{"threads": 1, **how})
    model.run_model()
    return model


def same_state(one: Model, other: Model) -> bool:
    """Say whether two models stand at the same bytes."""
    parts = (("persons", "persons"), ("households", "households"), ("villages", "villages"))
    return all(
        (getattr(one.state, part).matrices[kind] == getattr(other.state, part).matrices[kind]).all()
        for part, _ in parts
        for kind in getattr(one.state, part).matrices
    )
