"""Birthdays, deaths and births."""

from __future__ import annotations

from typing import NamedTuple

from sim.engine import rule

FERTILE_FROM, FERTILE_TO = 15, 49
BIRTH_GAP = 12
"""Least months between two births of a woman."""
OLDEST = 100
"""Oldest single age of the tables by age: who is older has its values."""


class Birthday(NamedTuple):
    """A person's age in whole years."""

    age: int


class Death(NamedTuple):
    """Whether the person lives on; ``died`` is 1 in the month of death, ``departed`` the past income that leaves."""

    alive: int
    died: int
    departed: int


class Birth(NamedTuple):
    """A woman's births: ``born`` is 1 in the month of a birth."""

    last_birth: int
    children: int
    born: int


@rule
def age_band(age: int) -> int:
    """Return the life table's band of an age: 0, 1-4, 5-9, ... 95-99, 100 and over."""
    if age < 1:
        return 0
    if age < 5:
        return 1
    band = age // 5 + 1
    return 21 if band > 21 else band


@rule
def grow_older(month: int, birth_month: int) -> Birthday:
    """Return the age reached in this month."""
    return Birthday((month - birth_month) // 12)


@rule
def die(
    age: int,
    sex: int,
    chronic_disease: int,
    self_care: int,
    income_12m: int,
    law_mortality_disabled: float,
    law_mortality_chronic: float,
    table_mortality_month: object,
    u_death: float,
) -> Death:
    """Decide on death: the life table, raised for ill health; the table is normalised for the health of those who live."""
    chance = table_mortality_month[sex * (OLDEST + 1) + (OLDEST if age > OLDEST else age)]  # type: ignore[index]
    chance = chance * (law_mortality_disabled if self_care > 0 else 1.0)
    chance = chance * (law_mortality_chronic if chronic_disease > 1 else 1.0)
    if u_death < chance:
        return Death(0, 1, income_12m)
    return Death(1, 0, 0)


@rule
def give_birth(
    age: int,
    sex: int,
    alive: int,
    last_birth: int,
    children: int,
    month: int,
    hh_spare: int,
    table_fertility_month: object,
    u_birth: float,
) -> Birth:
    """Decide on a birth: the total fertility rate spread by age, at least a year apart, while a slot is free."""
    fertile = (sex == 0) & (alive == 1) & (age >= FERTILE_FROM) & (age <= FERTILE_TO)
    can = fertile & (hh_spare > 0) & (month - last_birth >= BIRTH_GAP)
    if can & (u_birth < table_fertility_month[age_band(age)]):  # type: ignore[index]
        return Birth(month, children + 1, 1)
    return Birth(last_birth, children, 0)
