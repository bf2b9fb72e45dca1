"""Studies of the same policies beside each other: the same sweep in several places, or under several stresses.

Within a study a policy is compared with the base in pairs. What a policy changes in one study, minus what it changes in the
first, is taken repetition by repetition too: repetitions are independent of each other, so its interval holds
whether or not the lucks of two places have anything in common.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from experiments.compare.outcomes import Outcome, outcomes
from experiments.intervals import Estimate, estimate
from experiments.labels import Label
from experiments.results import Numbers, Results


class Named(NamedTuple):
    """One of the studies.

    Attributes:
        name: its folder's name: a place, or a stress.
        label: what it is called.
        results: its results.
    """

    name: str
    label: Label
    results: Results


class Beside(NamedTuple):
    """A policy against the base in one study and outcome, over the horizon.

    Attributes:
        study: the study.
        policy: the policy.
        outcome: what is compared by; the study's own.
        theirs: the base's value.
        difference: policy minus base, paired.
        further: the difference less that in the first study; None in the first.
    """

    study: Named
    policy: str
    outcome: Outcome
    theirs: Estimate
    difference: Estimate
    further: Estimate | None


def shared_policies(studies: Sequence[Named]) -> list[str]:
    """Return the policies that all studies compare with the same base, in the order of the first."""
    first = studies[0].results.study
    others = [one.results.study for one in studies]
    if any(study.base != first.base for study in others):
        return []
    return [name for name in first.policies if name != first.base and all(name in study.policies for study in others)]


def beside_rows(studies: Sequence[Named]) -> list[Beside]:
    """Return every shared policy against the base in every study and outcome."""
    found = [{outcome.id: outcome for outcome in outcomes(one.results)} for one in studies]
    names = [name for name in found[0] if all(name in one for one in found)]
    return [
        row for policy in shared_policies(studies) for name in names for row in _of(studies, policy, [o[name] for o in found])
    ]


def _of(studies: Sequence[Named], policy: str, each: Sequence[Outcome]) -> list[Beside]:
    """Return one policy and outcome in every study."""
    differences = [_difference(one.results, policy, outcome) for one, outcome in zip(studies, each, strict=True)]
    rows = []
    for one, outcome, difference in zip(studies, each, differences, strict=True):
        theirs = estimate(outcome.horizon()[one.results.place_of(one.results.study.base)])
        further = None if one is studies[0] else estimate(_apart(difference, differences[0]))
        rows.append(Beside(one, policy, outcome, theirs, estimate(list(difference.values())), further))
    return rows


def _difference(results: Results, policy: str, outcome: Outcome) -> dict[tuple[str, int], float]:
    """Return policy minus base by repetition."""
    values = outcome.horizon()
    apart = values[results.place_of(policy)] - values[results.place_of(results.study.base)]
    return dict(zip(results.replications, apart.tolist(), strict=True))


def _apart(ours: dict[tuple[str, int], float], first: dict[tuple[str, int], float]) -> Numbers:
    """Return one difference minus another in the repetitions that both have."""
    return np.array([ours[repeat] - first[repeat] for repeat in ours if repeat in first], dtype=np.float64)


HEADER = (
    "study", "policy", "base", "outcome", "label", "over", "unit", "base_value", "difference", "mc_error", "low95", "high95",
    "minus_first_study", "minus_low95", "minus_high95", "replications",
)  # fmt: skip


def beside_cells(row: Beside) -> tuple[object, ...]:
    """Return a row as the cells of the CSV file."""
    from experiments.tables import plain

    one, other, more = row.outcome, row.difference, row.further
    words = (row.study.name, row.policy, row.study.results.study.base, one.id, one.label.en, one.over.en, one.unit.en)
    numbers = (row.theirs.mean, other.mean, other.error, other.low, other.high)
    further = ("", "", "") if more is None else tuple(plain(value) for value in (more.mean, more.low, more.high))
    return (*words, *map(plain, numbers), *further, other.runs)
