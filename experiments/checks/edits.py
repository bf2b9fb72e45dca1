"""Changes of rules that checks make: some values, one lever, everything as it stood in one month."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from sim.rules import Dated, Lever, Rules, constant


def _dated(values: dict[str, float | Dated]) -> dict[str, Dated]:
    return {name: value if isinstance(value, Dated) else constant(value) for name, value in values.items()}


def with_values(rules: Rules, **values: float | Dated) -> Rules:
    """Return rules with some named values replaced."""
    return dataclasses.replace(rules, values={**rules.values, **_dated(values)})


def with_levers(rules: Rules, edit: Callable[[Lever], Lever]) -> Rules:
    """Return rules with every lever passed through a function."""
    return dataclasses.replace(rules, levers=tuple(edit(lever) for lever in rules.levers))


def with_lever(rules: Rules, name: str, **fields: float | Dated) -> Rules:
    """Return rules with some fields of one lever replaced.

    Raises:
        KeyError: if there is no such lever.
    """
    if all(lever.id != name for lever in rules.levers):
        raise KeyError(name)

    def edit(lever: Lever) -> Lever:
        return lever if lever.id != name else dataclasses.replace(lever, values={**lever.values, **_dated(fields)})

    return with_levers(rules, edit)


def ended(rules: Rules, names: set[str], month: int) -> Rules:
    """Return rules in which some levers end in a month at the latest."""

    def edit(lever: Lever) -> Lever:
        return lever if lever.id not in names else dataclasses.replace(lever, end=min(lever.end, month))

    return with_levers(rules, edit)


def without_levers(rules: Rules, names: set[str]) -> Rules:
    """Return rules without some levers."""
    return dataclasses.replace(rules, levers=tuple(lever for lever in rules.levers if lever.id not in names))


def frozen(rules: Rules, month: int) -> Rules:
    """Return rules in which every value and lever stays as it stood in a month."""

    def still(values: dict[str, Dated]) -> dict[str, Dated]:
        return {name: constant(dated.at(month)) for name, dated in values.items()}

    stopped = dataclasses.replace(rules, values=still(dict(rules.values)))
    return with_levers(stopped, lambda lever: dataclasses.replace(lever, values=still(dict(lever.values))))


MOVES = ("marriage_women", "marriage_men", "leaving_rate", "splitting_rate", "homecoming_rate")


def without_moves(rules: Rules) -> Rules:
    """Return rules under which nobody marries, leaves, splits off or comes back: rows of households stay where they are."""
    return with_values(rules, **dict.fromkeys(MOVES, 0.0))
