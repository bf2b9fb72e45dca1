"""Founders who are given: households of January 2013 whose members somebody knows, instead of types drawn from tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.engine import rule

NOBODY_KNOWS = -1
"""A given attribute that is not known: it is drawn as ever."""
GIVEN = ("chronic_disease", "disabled", "wants_work", "can_leave_home")
"""Attributes of a member that may be given, in the order of the rows of `Founders.given`."""
CHRONIC, DISABLED, WANTS, LEAVES = range(len(GIVEN))
HEADS = (25, 60)
"""Ages of a head, from the first to below the last."""
BY_LOT, NOBODY = 2, 9
"""Codes of the table of sexes: drawn at random; no such member."""


@dataclass(frozen=True, eq=False, repr=False)
class Founders:
    """Households of January 2013 before registration.

    What is given confines the household's own luck, so that the same number meets the same life from then on; all else is
    drawn as for any founder.

    Attributes:
        digest: hash of all of it: equal digests are equal founders.
        source: where they came from, for provenance.
        person_level: whether they were made from rows of real persons.
        village: village of each household from 0, in rising order (n).
        number: number of each household within its village from 0, rising (n): with the village it decides the luck.
        sizes: members (n).
        heads: age of the head in whole years (n).
        ages: age of each member less the head's, in years (n, largest size).
        sexes: 1 men, 0 women, 2 by lot, 9 nobody (n, largest size).
        given: attributes of all members, household by household (4, members); -1 where not known. ``chronic_disease`` counts
            conditions (2 is two or more), the others are 0 or 1.
    """

    digest: str
    source: str
    person_level: bool
    village: np.ndarray
    number: np.ndarray
    sizes: np.ndarray
    heads: np.ndarray
    ages: np.ndarray
    sexes: np.ndarray
    given: np.ndarray

    def __eq__(self, other: object) -> bool:
        """Compare by the digest."""
        return isinstance(other, Founders) and other.digest == self.digest

    def __hash__(self) -> int:
        """Hash by the digest."""
        return hash(self.digest)

    def __repr__(self) -> str:
        """Say how many there are, and no row."""
        return f"Founders({len(self.village)} households, {int(self.sizes.sum())} persons, {self.digest[:12]})"

    def per_village(self, villages: int) -> np.ndarray:
        """Return how many households each village has."""
        return np.bincount(self.village, minlength=villages)


class Members(NamedTuple):
    """Members of given households, in any order: village and number of their household, age in whole years, sex (1 men, 0 women),
    and what is given of them (rows of `GIVEN`).
    """

    village: np.ndarray
    number: np.ndarray
    age: np.ndarray
    sex: np.ndarray
    given: np.ndarray


def arranged(members: Members, digest: str, source: str, person_level: bool) -> Founders:
    """Return members as founders: by village and number, the head first, then from the oldest on; equals as they stand.

    The head is the oldest member of `HEADS` ages; the oldest of all where there is none.

    Args:
        members: the members.
        digest, source, person_level: as `Founders` keeps them.
    """
    order = np.lexsort((members.number, members.village))
    village, number, age, sex = (column[order] for column in members[:4])
    new = np.concatenate(([True], (np.diff(village) != 0) | (np.diff(number) != 0)))
    first = np.flatnonzero(new)
    sizes = np.diff(np.append(first, len(village)))
    home, rows = np.repeat(np.arange(len(first)), sizes), np.arange(len(village))
    middle = (age >= HEADS[0]) & (age < HEADS[1])
    heads = np.lexsort((rows, -age, ~middle, home))[first]
    seats = np.lexsort((rows, -age, ~np.isin(rows, heads), home))
    age, sex = age[seats], sex[seats]
    place = rows - np.repeat(first, sizes)
    ages, sexes = np.zeros((len(first), int(sizes.max())), np.int16), np.full((len(first), int(sizes.max())), NOBODY, np.int8)
    ages[home, place] = age - np.repeat(age[first], sizes)
    sexes[home, place] = sex
    return Founders(
        digest, source, person_level, village[first].astype(np.int32), number[first], sizes.astype(np.int16),
        age[first].astype(np.int16), ages, sexes, np.ascontiguousarray(members.given[:, order][:, seats]),
    )  # fmt: skip


@rule
def within(u: float, low: float, high: float) -> float:
    """Confine a uniform draw to the part of the unit interval in which the given answer comes out."""
    return low + u * (high - low)


@rule
def chronic_draw(u: float, one: float, two: float, given: int) -> float:
    """Return the draw under which a founder has the given chronic conditions; the table has two before one."""
    if given == 2:
        return within(u, 0.0, two)
    if given == 1:
        return within(u, two, two + one)
    return within(u, two + one, 1.0) if given == 0 else u


@rule
def share_draw(u: float, share: float, given: int) -> float:
    """Return the draw under which a yes-or-no answer of a share comes out as given."""
    if given == 1:
        return within(u, 0.0, share)
    return within(u, share, 1.0) if given == 0 else u
