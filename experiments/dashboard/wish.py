"""What the user of the live page chose: a place, two sides, a size and the luck."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from experiments.dashboard.sliders import sliders
from experiments.labels import Label
from experiments.study import Study
from scenarios.cell import Cell
from scenarios.problems import Problem

SIDES = (Label("甲", "A"), Label("乙", "B"))
"""What the two sides are called."""
YEARS = (2021, 2022, 2023, 2024, 2025)
"""Years from which the sliders of a side may hold."""
DEFAULT_HOUSEHOLDS = 1_000
"""Rural households of the county on the page: small enough to step through while one looks on."""
_SEPARATORS = re.compile(r"[,，;；\s]+")


@dataclass(frozen=True)
class Side:
    """One of the two policies that are compared.

    Attributes:
        policy: a shipped policy, a file of one, or an arm of a set.
        options: options of groups by group, such as ``(("premium", "linear"),)``.
        levels: values of the sliders that were moved, by knob.
        since: year from which these values hold.
        typed: changes by hand as typed, ``lever.field=0.5`` each, separated by commas or spaces.
    """

    policy: str
    options: tuple[tuple[str, str], ...] = ()
    levels: tuple[tuple[str, float], ...] = ()
    since: int = YEARS[1]
    typed: str = ""

    @property
    def by_hand(self) -> tuple[str, ...]:
        """The typed changes, each by itself."""
        return tuple(part for part in _SEPARATORS.split(self.typed.strip()) if part)

    @property
    def changes(self) -> tuple[str, ...]:
        """All changes of the policy in the words of the command line."""
        options = tuple(f"{group}={option}" for group, option in self.options)
        levels = tuple(f"{key}@{self.since}={value:g}" for key, value in self.levels)
        return (*options, *levels, *self.by_hand)

    @property
    def name(self) -> str:
        """The name by which the loader knows the policy with its changes."""
        return Cell(self.policy, self.changes).name

    def with_option(self, group: str, option: str) -> Side:
        """Return the side with an option of a group; without one where the option is empty."""
        others = tuple(pair for pair in self.options if pair[0] != group)
        return replace(self, options=tuple(sorted((*others, (group, option)))) if option else others)

    def with_level(self, key: str, value: float | None) -> Side:
        """Return the side with a slider moved to a value; back to what the policy says where there is none."""
        order = [slider.key for slider in sliders()]
        others = [pair for pair in self.levels if pair[0] != key]
        pairs = others if value is None else [*others, (key, value)]
        return replace(self, levels=tuple(sorted(pairs, key=lambda pair: order.index(pair[0]))))


@dataclass(frozen=True)
class Wish:
    """All that the page is asked to simulate.

    Attributes:
        place: name of a county, as `scenarios.load` knows it.
        sides: the two policies.
        households: rural households of the simulated county.
        months: months from 2021-01.
        seed: the user's seed; both sides meet the same luck.
        overrides: changes of both sides, from the command line.
    """

    place: str = "nanyang"
    sides: tuple[Side, Side] = (Side("documented"), Side("kept"))
    households: int = DEFAULT_HOUSEHOLDS
    months: int = 60
    seed: int = 1
    overrides: tuple[str, ...] = ()

    def with_side(self, number: int, side: Side) -> Wish:
        """Return the wish with another side."""
        sides = list(self.sides)
        sides[number] = side
        return replace(self, sides=(sides[0], sides[1]))

    @property
    def study(self) -> Study:
        """The same as a study of one replication: the second side is what the first is compared with."""
        names = tuple(side.name for side in self.sides)
        return Study(
            self.place, names, self.households, self.months, 1, self.seed, self.overrides, reference=names[1]
        )  # fmt: skip

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the wish itself; the rest is the loader's to say."""
        if self.sides[0].name == self.sides[1].name:
            return [Problem("page", "sides", f"both are {self.sides[0].name}", "two policies that differ", "change one of them")]
        return []


def command(wish: Wish, replications: int = 8) -> str:
    """Return the command that makes the same comparison with several replications, errors and intervals.

    Args:
        wish: what was chosen.
        replications: how many.
    """
    import shlex

    # without `kept` among them the command compares with the first one
    policies = ",".join(side.name for side in reversed(wish.sides))
    size = (f"households={wish.households}", f"months={wish.months}", f"reps={replications}", f"seed={wish.seed}")
    return shlex.join(["fangpin", "run", f"place={wish.place}", f"policy={policies}", *size, *wish.overrides])
