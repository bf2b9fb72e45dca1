"""Schooling: stages by age, leaving school, its cost. The school year begins in September and ends in June."""

from __future__ import annotations

from typing import NamedTuple

from sim.arithmetic import to_fen
from sim.engine import procedure, rule

NONE, PRESCHOOL, COMPULSORY, SENIOR, VOCATIONAL, TERTIARY = range(6)
PRESCHOOL_FROM, COMPULSORY_FROM, JUNIOR_FROM, SENIOR_FROM, TERTIARY_FROM, TERTIARY_TO = 3, 6, 12, 15, 18, 22
"""Ages in September at which stages begin, and at which tertiary education is over."""
SCHOOL_MONTHS = 10
"""Months of a school year; July and August are free."""
HOLIDAY_FROM, HOLIDAY_TO = 7, 8


class Schooling(NamedTuple):
    """Where a person stands in schooling."""

    school_stage: int
    in_school: int
    medically_unfit_for_school: int
    finished_stage_not_continuing: int


class Fees(NamedTuple):
    """What a pupil's month of school costs, in fen, before aid."""

    school_cost: int


@rule
def strain(net_12m: int, members: int, line: float, cost: float, dropout_stress: float, dropout_cost: float) -> float:
    """Return the factor on leaving school: higher below the monitoring line, and with a year's cost over the family's net income.

    The net income counts as one line for the family at least, so that the burden has a bound.
    """
    bar = line * (members if members > 0 else 1)
    burden = SCHOOL_MONTHS * cost / (net_12m if net_12m > bar else bar)
    return (dropout_stress if net_12m < bar else 1.0) * (1.0 + dropout_cost * burden)


@rule
def chance_to_stop(going_on: float, factor: float) -> float:
    """Return the chance of not going on to a next stage: the factor multiplies its odds."""
    stops = (1.0 - going_on) * factor
    return stops / (going_on + stops) if going_on > 0.0 else 1.0


@rule
def begin_compulsory(unfit_share: float, u: float) -> Schooling:
    """Begin compulsory school, unless medically unfit for it."""
    unfit = 1 if u < unfit_share else 0
    return Schooling(COMPULSORY, 1 - unfit, unfit, 0)


@rule
def end_compulsory(unfit: int, senior_share: float, vocational_share: float, factor: float, u: float) -> Schooling:
    """End compulsory school: stop there with the lowest draws, else go on to vocational or senior school in their proportion."""
    share = senior_share + vocational_share
    stop = chance_to_stop(share, factor)
    if u < stop:
        return Schooling(NONE, 0, unfit, 1)
    vocational = u < stop + (1.0 - stop) * vocational_share / share
    return Schooling(VOCATIONAL if vocational else SENIOR, 1, unfit, 0)


@rule
def study_on(
    age: int, school_stage: int, unfit: int, tertiary_share: float, stop_factor: float, dropout: float, u: float
) -> Schooling:
    """Go on after compulsory school: from senior school to tertiary education or not; end by age; drop out."""
    if school_stage == SENIOR and age >= TERTIARY_FROM:
        stops = u < chance_to_stop(tertiary_share, stop_factor)
        return Schooling(NONE, 0, unfit, 1) if stops else Schooling(TERTIARY, 1, unfit, 0)
    over = age >= (TERTIARY_TO if school_stage == TERTIARY else TERTIARY_FROM)
    if over or u < dropout:
        return Schooling(NONE, 0, unfit, 0 if over or school_stage == TERTIARY else 1)
    return Schooling(school_stage, 1, unfit, 0)


@procedure
def start_school_year(
    age: int,
    school_stage: int,
    in_school: int,
    medically_unfit_for_school: int,
    finished_stage_not_continuing: int,
    hh_net_12m: int,
    hh_members: int,
    law_monitoring_line: float,
    law_preschool_share: float,
    law_unfit_for_school: float,
    law_senior_share: float,
    law_vocational_share: float,
    law_tertiary_share: float,
    law_dropout_compulsory: float,
    law_dropout_senior: float,
    law_dropout_stress: float,
    law_dropout_cost: float,
    law_school_cost_compulsory: float,
    law_school_cost_senior: float,
    law_school_cost_vocational: float,
    law_school_cost_tertiary: float,
    x_dropout: float,
    u_school: float,
) -> Schooling:
    """Begin a school year: enter by age, go on at 15 and 18 or stop, drop out under strain; low draws leave.

    A child of compulsory age keeps that stage when out of school: there the guarantee is lost, unless medically unfit.
    """
    unfit = medically_unfit_for_school
    if age < COMPULSORY_FROM:
        enters = in_school == 1 or (age == PRESCHOOL_FROM and u_school < law_preschool_share)
        return Schooling(PRESCHOOL, 1, 0, 0) if enters else Schooling(NONE, 0, 0, 0)
    if age < SENIOR_FROM:
        if school_stage != COMPULSORY:
            return begin_compulsory(law_unfit_for_school, u_school)
        factor = strain(
            hh_net_12m, hh_members, law_monitoring_line, law_school_cost_compulsory, law_dropout_stress, law_dropout_cost
        )
        leaves = age >= JUNIOR_FROM and u_school < law_dropout_compulsory * factor * x_dropout
        return Schooling(COMPULSORY, 0 if leaves else in_school, unfit, 0)
    if in_school == 0:
        # whoever has left compulsory school is past it; the mark of not going on is forgotten with the age of study
        return Schooling(NONE, 0, unfit, finished_stage_not_continuing if age < TERTIARY_TO else 0)
    cost = law_school_cost_vocational if school_stage == VOCATIONAL else law_school_cost_senior
    if school_stage == TERTIARY or (age >= TERTIARY_FROM and school_stage != COMPULSORY):
        cost = law_school_cost_tertiary
    factor = strain(hh_net_12m, hh_members, law_monitoring_line, cost, law_dropout_stress, law_dropout_cost)
    if school_stage == COMPULSORY:
        return end_compulsory(unfit, law_senior_share, law_vocational_share, factor * x_dropout, u_school)
    dropout = law_dropout_senior * factor * x_dropout
    return study_on(age, school_stage, unfit, law_tertiary_share, factor * x_dropout, dropout, u_school)


class Return(NamedTuple):
    """Whether a child who was out of compulsory school attends."""

    in_school: int


@rule
def return_to_school(alive: int, school_chance: float, u_return: float) -> Return:
    """Bring a child back to compulsory school."""
    return Return(1 if (alive == 1) & (u_return < school_chance) else 0)


@rule
def pay_school(
    moy: int,
    alive: int,
    school_stage: int,
    law_school_cost_preschool: float,
    law_school_cost_compulsory: float,
    law_school_cost_senior: float,
    law_school_cost_vocational: float,
    law_school_cost_tertiary: float,
    x_school_cost: float,
) -> Fees:
    """Pay fees, board and lodging of a pupil's month, from September to June."""
    cost = law_school_cost_preschool if school_stage == PRESCHOOL else law_school_cost_compulsory
    cost = law_school_cost_senior if school_stage == SENIOR else cost
    cost = law_school_cost_vocational if school_stage == VOCATIONAL else cost
    cost = law_school_cost_tertiary if school_stage == TERTIARY else cost
    free = (moy >= HOLIDAY_FROM) & (moy <= HOLIDAY_TO)
    return Fees(0 if free else to_fen(cost * x_school_cost) * alive)


@procedure
def first_school(
    age: int,
    preschool_share: float,
    unfit_for_school: float,
    senior_share: float,
    vocational_share: float,
    tertiary_share: float,
    u: float,
) -> Schooling:
    """Draw where a founder stands in schooling, by the age of last September."""
    if age < PRESCHOOL_FROM or age >= TERTIARY_TO:
        return Schooling(NONE, 0, 0, 0)
    if age < COMPULSORY_FROM:
        return Schooling(PRESCHOOL, 1, 0, 0) if u < preschool_share else Schooling(NONE, 0, 0, 0)
    if age < SENIOR_FROM:
        unfit = 1 if u < unfit_for_school else 0
        return Schooling(COMPULSORY, 1 - unfit, unfit, 0)
    if age < TERTIARY_FROM:
        if u >= senior_share + vocational_share:
            return Schooling(NONE, 0, 0, 1)
        return Schooling(SENIOR if u < senior_share else VOCATIONAL, 1, 0, 0)
    return Schooling(TERTIARY, 1, 0, 0) if u < senior_share * tertiary_share else Schooling(NONE, 0, 0, 0)
