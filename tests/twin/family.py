"""Families in January: branches marry, leave, split and come back, one household after another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.draws import descendant
from sim.founder import OTHER_ENDS
from sim.newcomer import NEWCOMERS_ORDER, SONS
from sim.processes.employment import FARM
from sim.processes.family import ADULT, LEAVES, MOTHER_FROM, MOTHER_TO, SPLITS, WEDS, WEDS_OUT
from sim.splitting import AS_IS, HOUSEHOLDS_ORDER
from sim.state import HOUSEHOLD, PERSON, WINDOW
from twin import rules
from twin.person import Person, single

if TYPE_CHECKING:
    from twin.household import Household
    from twin.model import TwinModel

SHARED = [
    column.name
    for column in HOUSEHOLD
    if (column.kind in ("i4", "i8") and column.unit.startswith("fen") and column.name not in AS_IS)
    or column.name == "members_at_test"
]
SUMS = ("other", "benefit", "spend", "owed")


def live_january(model: TwinModel) -> None:
    """Let the families of all households change."""
    households: list[Household] = []
    for household in model.households:
        households.append(household)
        households.extend(change_family(model, household))
    model.households = households
    model.household_ids = np.array([household.id for household in households], np.uint64)


def age_of(person: Person, month: int) -> int:
    """Return the age reached in a month: birthdays have not been kept yet."""
    return (month - person.birth_month) // 12


def number_branches(people: list[Person], month: int) -> list[list[Person]]:
    """Give each child who came of age a branch; number the branches and return who is in each."""
    highest = max((person.branch for person in people), default=-1)
    for person in people:
        if age_of(person, month) == ADULT:
            highest += 1
            person.branch = highest
    numbers = sorted({person.branch for person in people})
    for person in people:
        person.branch = numbers.index(person.branch)
    return [[person for person in people if person.branch == number] for number in range(len(numbers))]


def change_family(model: TwinModel, household: Household) -> list[Household]:
    """Let the branches of a household choose; return the new households that split off."""
    month, people = model.law.month, list(household.people)
    branches = number_branches(people, month)
    adults = {person for person in people if age_of(person, month) >= ADULT}
    mother = next((person for person in people if is_mother(person, month)), None)
    count, coming = len(branches), []
    gone: list[Person] = []
    splitting: list[list[Person]] = []
    for number, branch in enumerate(branches):
        head = next((person for person in branch if person in adults), None)
        if head is None:
            continue
        here = adults.intersection(branch)
        choice = choose(model, head, branch, here, number, len(adults) - len(here))
        if choice == WEDS:
            coming.append((people.index(head), spouse_of(model, head)))
        if choice > WEDS:
            adults -= here
        if choice in (WEDS_OUT, LEAVES):
            gone += branch
            name = "marriages_out" if choice == WEDS_OUT else "leavers"
            model.ledger.count(household.group, **{name: len(branch)})
        if choice == SPLITS:
            splitting.append(branch)
    if mother is not None and model.luck.once("come_back", mother) < model.law.homecoming_rate:
        coming.append((people.index(mother), child_of(model, mother, count)))
        model.ledger.count(household.group, returners=1)
    for _ in coming:
        household.note("newcomer")
    for person in gone:
        household.note("departure", person.income_12m)
        household.book(departed=person.income_12m)
        household.people.remove(person)
        person.remove()
    splitting.sort(key=lambda branch: people.index(founder_of(branch, month)))
    new = [split_off(household, branch) for branch in splitting]
    household.people += [person for _, person in sorted(coming, key=lambda pair: pair[0])]
    if gone or coming or new:
        for one in (household, *new):
            recount(one)
    return new


def is_mother(person: Person, month: int) -> bool:
    """Say whether adult children may come back to a person."""
    return person.branch == 0 and person.sex == 0 and MOTHER_FROM <= age_of(person, month) < MOTHER_TO


def choose(model: TwinModel, head: Person, branch: list[Person], here: set[Person], number: int, others: int) -> int:
    """Return what a branch does."""
    law, luck = model.law, model.luck
    return rules.choose_move(
        age_of(head, law.month), head.sex, len(here), len(branch) - len(here), int(number == 0), others, law.marriage_women,
        law.marriage_men, law.patrilocal_share, law.leaving_rate, law.splitting_rate, luck.once("marry", head),
        luck.once("move", head), luck.once("leave", head), luck.once("split", head),
    )  # fmt: skip


def founder_of(branch: list[Person], month: int) -> Person:
    """Return the first adult of a branch."""
    return next(person for person in branch if age_of(person, month) >= ADULT)


def split_off(stem: Household, branch: list[Person]) -> Household:
    """Found a household: a copy of the stem with its share of land, money and windows."""
    names = [column.name for column in HOUSEHOLD if column.name not in ("start", "slots")]
    copy: dict[str, Any] = {name: getattr(stem, name) for name in names}
    heads, persons = len(branch), len(stem.people)
    for name in SHARED:
        value = copy[name]
        if isinstance(value, list):
            copy[name] = [amount * heads // persons for amount in value]
            setattr(stem, name, [whole - part for whole, part in zip(value, copy[name], strict=True)])
        else:
            copy[name] = value * heads // persons
            setattr(stem, name, value - copy[name])
    copy["event_month"] = list(stem.event_month)
    copy["land_mu"] = single(stem.land_mu * heads / persons)
    stem.land_mu = single(stem.land_mu - copy["land_mu"])
    founder = founder_of(branch, stem.model.law.month)
    copy["id"] = int(descendant(np.uint64(founder.id), HOUSEHOLDS_ORDER))
    new = type(stem)(stem.model, copy, stem.township)
    for name in SUMS:
        for one in (stem, new):
            setattr(one, f"{name}_12m", sum(getattr(one, f"{name}_window")))
    for person in branch:
        stem.people.remove(person)
        person.household = new
        person.branch = 0
        new.people.append(person)
    stem.model.ledger.count(stem.group, new_households=1)
    return new


def recount(household: Household) -> None:
    """Count members and the past year's income anew."""
    household.members = len(household.people)
    own = sum(person.income_12m for person in household.people)
    household.gross_12m = own + household.other_12m + household.benefit_12m
    household.net_12m = household.gross_12m - household.spend_12m


def spouse_of(model: TwinModel, partner: Person) -> Person:
    """Return the spouse who joins a member."""
    model.ledger.count(partner.household.group, marriages_in=1)
    spouse = stranger(partner, partner.branch)
    spouse.sex = 1 - partner.sex
    u_age = model.luck.once("start_age", spouse)
    spouse.birth_month = rules.spouse_birth(partner.birth_month, partner.sex, model.law.month, u_age)
    equip(model, spouse)
    return spouse


def child_of(model: TwinModel, mother: Person, branch: int) -> Person:
    """Return the adult child who comes back to a mother, without the job that was elsewhere."""
    child = stranger(mother, branch)
    child.sex = 1 if model.luck.once("born_sex", child) < SONS else 0
    child.birth_month = rules.child_birth(mother.birth_month, model.law.month, model.luck.once("start_age", child))
    equip(model, child)
    if child.job >= FARM:
        child.job, child.wage = FARM, 0
    return child


def stranger(anchor: Person, branch: int) -> Person:
    """Return a person of whom nothing is known but to whom he or she comes."""
    columns = {column.name: [0] * WINDOW if column.length > 1 else 0 for column in PERSON}
    month = anchor.household.model.law.month
    columns["id"] = int(descendant(np.uint64(anchor.id), NEWCOMERS_ORDER + month))
    cover = 1 if anchor.bmi_enrolled or anchor.employee_insured else 0
    columns |= {"alive": 1, "branch": branch, "bmi_enrolled": cover, "enrolled_next": min(1, anchor.enrolled_next)}
    columns["own_share"] = anchor.own_share
    return Person(anchor.household, columns)


def equip(model: TwinModel, person: Person) -> None:
    """Draw a newcomer's health and work by the own id, with the income of the past year."""
    law, luck = model.law, model.luck
    person.age = age_of(person, law.month)
    one, two, partial, none = (shares[min(person.age, 100)] for shares in model.world.shares)
    (
        person.chronic_disease, person.self_care, person.disability_grade, person.severe_mental_disorder, person.labour,
    ) = rules.start_health(
        person.age, one, two, partial, none, law.disabled_share, law.mental_prevalence, luck.once("start_chronic", person),
        luck.once("start_care", person), luck.once("start_disability", person), luck.once("start_mental", person),
    )  # fmt: skip
    person.come_of_age(law, luck)
    person.work_rank, person.season, person.log_skill = map(single, (person.work_rank, person.season, person.log_skill))
    employed = law.job_finding / (law.job_finding + law.job_loss_local + OTHER_ENDS)
    person.job = rules.start_job(
        person.wants_work, person.can_leave_home, person.age, person.labour, employed, law.migrant_share,
        luck.once("start_job", person), luck.once("start_job_kind", person),
    )  # fmt: skip
    person.wage = rules.set_wage(
        person.job, 0, person.labour, person.log_skill, law.migrant_wage, law.local_wage, law.wage_weak
    ).wage
    person.income_window = [
        rules.brought_income(ring + 1, person.job, person.wage, person.season, law.season_months) for ring in range(WINDOW)
    ]
    person.income_12m = sum(person.income_window)
    person.job_since = law.month
