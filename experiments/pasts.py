"""Lived pasts shared by the policies of a replication: policies that agree before 2021 have one past."""

from __future__ import annotations

from typing import Any

from experiments import engine
from experiments.canonical import content_hash
from experiments.progress import Progress
from sim.rules import Condition, Dated, Lever, Rules, month_index

PAST_MONTHS = tuple(range(month_index(2013), engine.FIRST_MONTH))


def _values(dated: Dated) -> list[float]:
    """Return the values in force in the lived past, shortened to one where it does not change."""
    if not dated.linear and not any(PAST_MONTHS[0] < month <= PAST_MONTHS[-1] for month in dated.months):
        return [dated.at(PAST_MONTHS[0])]
    values = [dated.at(month) for month in PAST_MONTHS]
    return [values[0]] if len(set(values)) == 1 else values


def _condition(who: Condition) -> list[list[list[object]]]:
    """Return a condition as plain lists; bounds as text, because an open one is infinite."""
    return [[[term.attribute, repr(term.low), repr(term.high)] for term in clause] for clause in who]


def _lever(lever: Lever) -> list[object]:
    """Return what a lever said before 2021."""
    values = {name: _values(dated) for name, dated in lever.values.items()}
    span = [lever.start, min(lever.end, engine.FIRST_MONTH)]
    return [
        lever.id,
        lever.mechanism,
        _condition(lever.who),
        values,
        dict(lever.words),
        lever.account,
        lever.level,
        span,
        [
            [turn.month, dict(turn.words), _condition(turn.who or ()), _condition(turn.where or ())]
            for turn in lever.turns
            if turn.month < engine.FIRST_MONTH
        ],
    ]


def past_signature(rules: Rules) -> str:
    """Return a hash of all that rules say about the months before 2021."""
    return content_hash(
        {
            "values": {name: _values(dated) for name, dated in rules.values.items()},
            "tables": {name: list(table) for name, table in rules.tables.items()},
            "levers": [_lever(lever) for lever in rules.levers if lever.start < engine.FIRST_MONTH],
        }
    )


class PastKeys:
    """Keys of lived pasts; the signatures of the last scenarios are remembered, for they are the same in every replication."""

    REMEMBERED = 64

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._known: dict[int, tuple[Any, str]] = {}

    def of(self, scenario: Any, seed: int) -> str:
        """Return the key of the past that a run of a scenario goes on from: runs with one key share one past."""
        known = self._known.get(id(scenario))
        if known is None:
            while len(self._known) >= self.REMEMBERED:
                self._known.pop(next(iter(self._known)))
            # the scenario is kept with it, so that its id is not given to another
            known = self._known[id(scenario)] = scenario, past_signature(scenario.rules)
        return content_hash([known[1], scenario.county.plain(), seed])


class Pasts:
    """The lived pasts of one replication, each lived once."""

    def __init__(self, seed: int, threads: int, progress: Progress) -> None:
        """Keep the replication's seed, the threads to live with, and where to tell of months lived."""
        self.seed, self.threads, self.progress = seed, threads, progress
        self.lived: dict[str, Any] = {}

    def of(self, scenario: Any) -> Any:
        """Return the past of a scenario, living it now unless a policy that agrees with it before 2021 already has."""
        signature = past_signature(scenario.rules)
        if signature not in self.lived:
            self.lived[signature] = engine.live(scenario.county, scenario.rules, self.seed, self.threads)
            self.progress.advance(len(PAST_MONTHS))
        return self.lived[signature]
