"""The frozen objects that describe one scenario to the engine: dated values, conditions, levers, tables."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.founders import Founders


def month_index(year: int, month: int = 1) -> int:
    """Return the engine's month number: ``year * 12 + month - 1`` (2021-01 is 24252)."""
    return year * 12 + month - 1


def year_of(month: int) -> int:
    """Return the calendar year of a month number."""
    return month // 12


def month_of_year(month: int) -> int:
    """Return 1 to 12 for a month number."""
    return month % 12 + 1


@dataclass(frozen=True)
class Dated:
    """A value that changes on dates.

    Attributes:
        months: month numbers, increasing.
        values: the value from each of those months on; money in fen.
        linear: straight lines between the dates instead of steps. Flat before the first and after the last date.
    """

    months: tuple[int, ...]
    values: tuple[float, ...]
    linear: bool = False

    def at(self, month: int) -> float:
        """Return the value in force in a month."""
        after = bisect_right(self.months, month)
        if after == 0:
            return self.values[0]
        if not self.linear or after == len(self.months):
            return self.values[after - 1]
        start, end = self.months[after - 1], self.months[after]
        low, high = self.values[after - 1], self.values[after]
        return low + (high - low) * (month - start) / (end - start)


def constant(value: float) -> Dated:
    """Return a value that never changes."""
    return Dated((0,), (float(value),))


@dataclass(frozen=True)
class Term:
    """One test on one attribute: ``low <= attribute <= high``, both ends included.

    Attributes:
        attribute: ``p.name`` or ``h.name``, a column of the state.
        low, high: numbers (enumerated attributes by their code, booleans 0 and 1).
    """

    attribute: str
    low: float
    high: float


Condition = tuple[tuple[Term, ...], ...]
"""Any of all of: a person or household qualifies when every term of at least one clause holds. ``((),)`` is everybody."""


EVERYBODY: Condition = ((),)


@dataclass(frozen=True)
class Turn:
    """What a lever says otherwise from a month on; what is not said stays.

    Attributes:
        month: first month in which it counts.
        words: choices that change.
        who: the condition from then on; None where it stays.
        where: households among which alone the lever acts from then on; None where it stays.
    """

    month: int
    words: Mapping[str, str] = field(default_factory=dict)
    who: Condition | None = None
    where: Condition | None = None


def both(one: Condition, other: Condition) -> Condition:
    """Return the condition that both hold."""
    return tuple((*first, *second) for first in one for second in other)


@dataclass(frozen=True)
class Lever:
    """One policy of a known mechanism.

    Attributes:
        id: name in the catalogue of levers.
        mechanism: key of `sim.policies.mechanisms.MECHANISMS`.
        who: condition over named attributes.
        values: dated numbers of the mechanism's fields.
        words: the mechanism's fields that are chosen from a list (an exit order, a channel).
        account: budget line that pays.
        level: level of government that pays (township, county, city, province, nation).
        start, end: first month in force, first month no longer in force.
        turns: changes of choices and of the condition, by increasing months.
    """

    id: str
    mechanism: str
    who: Condition
    values: Mapping[str, Dated]
    words: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    account: str = "none"
    level: str = "county"
    start: int = 0
    end: int = 10**6
    turns: tuple[Turn, ...] = ()

    def who_in(self, month: int) -> Condition:
        """Return the condition in force in a month."""
        said = [turn.who for turn in self.turns if turn.month <= month and turn.who is not None]
        who, where = said[-1] if said else self.who, self.where_in(month)
        return who if where is None else both(who, where)

    def where_in(self, month: int) -> Condition | None:
        """Return the households among which alone it acts in a month; None for all."""
        said = [turn.where for turn in self.turns if turn.month <= month and turn.where is not None]
        return said[-1] if said and said[-1] != EVERYBODY else None

    def words_in(self, month: int) -> dict[str, str]:
        """Return the choices in force in a month."""
        words = dict(self.words)
        for turn in self.turns:
            if turn.month <= month:
                words.update(turn.words)
        return words


@dataclass(frozen=True)
class Rules:
    """All that a scenario says: every named value, the tables and the levers in force.

    Attributes:
        values: dated numbers by the names in `sim.parameters.PARAMETERS`; money in fen.
        tables: fixed tables by the names in `sim.parameters.TABLES`, flattened row by row.
        levers: in a fixed order (the order of their ids).
    """

    values: Mapping[str, Dated]
    tables: Mapping[str, tuple[float, ...]]
    levers: tuple[Lever, ...]


@dataclass(frozen=True)
class County:
    """What the place is before policy: how many households live where.

    Attributes:
        households: rural households of the simulated county, all income groups.
        villages: administrative villages.
        townships: townships; villages are dealt to them in turn.
        number: which county of the place this is (its own draws).
        former_poor_county: 1 when it was on the list of poor counties: what conditions may ask of it.
        founders: the simulated households of January 2013 where they are given; None draws them by type.
    """

    households: int
    villages: int
    townships: int
    number: int = 0
    former_poor_county: int = 0
    founders: Founders | None = None

    def plain(self) -> dict[str, int | str]:
        """Return what makes the county itself as plain values: the founders by their digest."""
        own: dict[str, int | str] = {
            "households": self.households,
            "villages": self.villages,
            "townships": self.townships,
            "number": self.number,
            "former_poor_county": self.former_poor_county,
        }
        return own if self.founders is None else own | {"founders": self.founders.digest}
