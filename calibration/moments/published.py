"""Published aggregates as moments: what each can tell, and which of them may steer an estimate.

A figure that chose a value comes out because it was put in; a managed figure says what was reported; one that counts something
else says nothing. Only emergent ones are evidence. They carry no sampling error, so a tolerance stands in its place, and that
is an assumption.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from os import PathLike
from typing import NamedTuple

import numpy as np

from calibration.estimation.target import Target
from scenarios.observed import TAGS, Observation, observations_of

USES = {
    "input": "put in: agreement says nothing",
    "emergent": "evidence",
    "administrative_target": "managed: shown, never fitted",
    "not_comparable": "counts something else: never compared",
}
"""What each tag allows."""

TOLERANCE = {
    "source seen": 0.05,
    "source seen (derived)": 0.08,
    "source seen (secondary page)": 0.10,
    "recalled, unverified": 0.25,
}
"""Standard deviation of a published figure around the quantity that the model has, as a share of it, by how well it is known. An
assumption: publishers give no errors, and definitions never agree to the last digit."""


class Published(NamedTuple):
    """A published aggregate.

    Attributes:
        name: id of the figure.
        unit: of the value.
        definition: what it is, in English, with place and year.
        value: the figure.
        error: standard deviation that stands for its error, in the unit; an assumption.
        tag: input, emergent, administrative_target or not_comparable.
        use: what the tag allows.
        indicator: the simulated quantity that it is compared with.
        year: of the figure.
        source: publisher, title, date.
        bound: exact, about, at_least or at_most.
    """

    name: str
    unit: str
    definition: str
    value: float
    error: float
    tag: str
    use: str
    indicator: str
    year: int
    source: str
    bound: str


def published_moments(place: str | PathLike[str] = "nation") -> tuple[Published, ...]:
    """Return the published figures of a place as moments, all tags, in the order of the file.

    Raises:
        ScenarioError: when the place has problems.
    """
    return tuple(_moment(one) for one in observations_of(place))


def _moment(one: Observation) -> Published:
    """Return one figure as a moment."""
    return Published(
        name=one.id,
        unit=one.unit,
        definition=f"{one.names['en']}, {one.place}, {one.year}" + (f" ({one.note})" if one.note else ""),
        value=one.value,
        error=abs(one.value) * TOLERANCE[one.confidence],
        tag=one.tag,
        use=USES[one.tag],
        indicator=one.indicator,
        year=one.year,
        source=one.source,
        bound=one.bound,
    )


def published_target(moments: Iterable[Published], tags: Sequence[str] = ("emergent",)) -> Target:
    """Return the figures that may steer an estimate; errors are independent of each other.

    Args:
        moments: of `published_moments`.
        tags: which to take; administrative targets and what is not comparable are refused.

    Raises:
        ValueError: on a tag that is no evidence or unknown, or when nothing is left.
    """
    refused = [tag for tag in tags if tag not in ("input", "emergent")]
    if refused:
        why = "; ".join(f"{tag}: {USES.get(tag, 'unknown; allowed: ' + ', '.join(TAGS))}" for tag in refused)
        raise ValueError(f"published figures that nothing is fitted to: {why}")
    taken = [one for one in moments if one.tag in tags and one.error > 0 and one.bound in ("exact", "about")]
    if not taken:
        raise ValueError(f"no published figure with tag {', '.join(tags)} that is exact and not zero")
    values, errors = np.array([one.value for one in taken]), np.array([one.error for one in taken])
    return Target(tuple(one.name for one in taken), values, np.diag(errors**2))
