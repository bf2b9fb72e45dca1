"""Counts of persons before and after the disclosure gate, what is hidden of them, and the gate's figures.

A cell is shown where at least `LEAST` persons and households stand on both sides of it: those counted and those not. Shown cells
are multiples of `BASE`, and nothing hidden can be bounded within `WIDTH`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]
Outcome = tuple[int, str]
"""Year and policy of a count of households that fell."""

LEAST = 10
"""Persons, and households, that must stand behind a cell and behind its complement (issue of the disclosure gate)."""
BASE = 10
"""Shown counts are multiples of it. A choice: no two of them differ by less than the least number of contributors."""
WIDTH = 10.0
"""A hidden count cannot be bounded within this."""
UNITS = ("households", "persons")
ALL = "all"
"""What stands for all groups together."""


def _plain_part(part: str) -> str:
    """Return a part of a name in which the signs between parts are spelt out: else two areas could have one name."""
    return part.replace("%", "%25").replace("/", "%2F").replace("|", "%7C")


def area_name(parts: Sequence[str]) -> str:
    """Return the name of an area in the register."""
    return "/".join(map(_plain_part, parts))


class Cell(NamedTuple):
    """A cell of the tables: an area as the path from the top, and a group or `ALL`."""

    area: tuple[str, ...]
    group: str

    @property
    def name(self) -> str:
        """Its name in the register; the top is left out, so that the same villages are known again under another place."""
        return area_name(self.area[1:]) + "|" + _plain_part(self.group)


@dataclass(frozen=True, eq=False)
class Counts:
    """Exact counts by village and group, before the gate. They never leave.

    Attributes:
        population: who is counted, such as ``2020-12``; counts of different populations are different things.
        unit: what is published, households or persons.
        villages: path of each village from the top: ``(county, township, village)``, any number of levels from two on.
        groups: groups that share out the population.
        members: all, by run, unit (households, persons), village and group.
        fell: those whom the outcome met, the same axes, by year and policy.
    """

    population: str
    unit: str
    villages: tuple[tuple[str, ...], ...]
    groups: tuple[str, ...]
    members: Numbers
    fell: Mapping[Outcome, Numbers]

    def __post_init__(self) -> None:
        """Check shapes and what must hold of counts.

        Raises:
            ValueError: if they do not fit, with what and where.
        """
        shape = (len(self.members), len(UNITS), len(self.villages), len(self.groups))
        if self.unit not in UNITS:
            raise ValueError(f"unit: {self.unit}; allowed: {', '.join(UNITS)}")
        if len(set(self.villages)) < len(self.villages) or len({len(path) for path in self.villages}) != 1:
            raise ValueError("villages: paths are doubled or of different length; allowed: one path a village, all of one length")
        if ALL in self.groups or len(set(self.groups)) < len(self.groups):
            raise ValueError(f"groups: {', '.join(self.groups)}; allowed: each once, none called {ALL}")
        for what, counts in (("members", self.members), *((f"fell {key}", value) for key, value in self.fell.items())):
            if counts.shape != shape:
                raise ValueError(f"{what}: shape {counts.shape}; allowed: {shape}")
            if (counts < 0).any() or (counts > self.members).any():
                raise ValueError(f"{what}: counts below zero or above the members; allowed: 0 to the members of the cell")

    def __repr__(self) -> str:
        """Say what there is, never a count."""
        return f"Counts({len(self.villages)} villages, {len(self.groups)} groups, {len(self.fell)} outcomes)"

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """All cells: every area from the top down, by group, and all groups where there are several."""
        depth = len(self.villages[0])
        areas = [path for level in range(1, depth + 1) for path in dict.fromkeys(one[:level] for one in self.villages)]
        groups = (*self.groups, ALL) if len(self.groups) > 1 else self.groups
        return tuple(Cell(area, group) for area in areas for group in groups)

    @cached_property
    def sums(self) -> Any:
        """The sparse matrix that adds villages by group (in their order) up to cells."""
        from scipy.sparse import csr_array

        below: dict[tuple[str, ...], list[int]] = {}
        for place, path in enumerate(self.villages):
            for level in range(1, len(path) + 1):
                below.setdefault(path[:level], []).append(place)
        rows, columns = [], []
        for row, cell in enumerate(self.cells):
            chosen = range(len(self.groups)) if cell.group == ALL else (self.groups.index(cell.group),)
            inside = [place * len(self.groups) + group for place in below[cell.area] for group in chosen]
            rows += [row] * len(inside)
            columns += inside
        shape = (len(self.cells), len(self.villages) * len(self.groups))
        return csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)

    def means(self, counts: Numbers) -> Numbers:
        """Return the mean over runs of the published unit, by village and group in one row."""
        mean: Numbers = counts[:, UNITS.index(self.unit)].mean(axis=0).reshape(-1)
        return mean

    def enough(self, counts: Numbers) -> Flags:
        """Return the cells with enough persons and households in every run."""
        runs = counts.reshape(-1, counts.shape[2] * counts.shape[3])
        least: Flags = (self.sums @ runs.T >= LEAST).all(axis=1)
        return least


@dataclass
class Hidden:
    """Which cells are hidden: of the population, and of the outcome of each year, the same under every policy.

    Were a cell hidden under one policy and shown under another, one would be read off the other: they seldom differ by much.
    """

    members: Flags
    fell: dict[int, Flags]

    def hide(self, year: int | None, cell: int) -> None:
        """Hide a cell of a year, or of the population and with it of all years."""
        if year is None:
            self.members[cell] = True
        for flags in self.fell.values() if year is None else (self.fell[year],):
            flags[cell] = True


@dataclass(frozen=True)
class Known:
    """What earlier releases say of the same villages.

    Attributes:
        members, fell: rounded counts by cell; NaN where none was shown.
        never: cells that were hidden before, by year (None: the population): they stay hidden.
    """

    members: Numbers
    fell: Mapping[Outcome, Numbers] = field(default_factory=dict)
    never: Mapping[int | None, Flags] = field(default_factory=dict)


def nothing_known(counts: Counts) -> Known:
    """Return that nothing was released."""
    return Known(np.full(len(counts.cells), np.nan))


@dataclass(frozen=True)
class Protected:
    """Tables fit to be published: rounded counts by cell, NaN where hidden.

    Attributes:
        members: the population.
        fell: those whom the outcome met, by year and policy.
        primary: hidden for too few contributors; ``added``: hidden so that those cannot be worked out. Numbers of cells.
    """

    members: Numbers
    fell: dict[Outcome, Numbers]
    primary: int
    added: int


class NotProtected(Exception):
    """Counts that cannot be protected any more: earlier releases give too much away."""


def rounded(values: Numbers) -> Numbers:
    """Return counts rounded to `BASE`, halves upwards: what differs by `BASE` or more still does."""
    nearest: Numbers = np.floor(values / BASE + 0.5) * BASE
    return nearest
