"""The twin of `sim.Model`: one agent a person, a household and an institution."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import mesa
import numpy as np

from sim.events import FOLLOWED
from sim.indicators import GROUPS, INDICATORS
from sim.institutions.postbook import GONE, PostBook
from sim.institutions.register import LAST_REVIEW
from sim.model import HISTORY_START, PLAN_START
from sim.past import Past
from sim.population import found
from sim.processes.employment import POST, RELIEF
from sim.rules import County, Rules
from sim.state import HOUSEHOLD, PERSON, Columns, State
from sim.world import World
from twin.accounts import Account
from twin.family import live_january
from twin.household import Household
from twin.law import Law
from twin.ledger import Ledger
from twin.luck import AUTUMN, JANUARY, MONTHLY, Luck
from twin.neighbours import Neighbours
from twin.person import Person, single
from twin.placement import PlacementOffice
from twin.policies import Policies
from twin.posts import PostsOffice, crowding
from twin.register import PoorRegister
from twin.registry import Registry
from twin.response import ResponseDesk
from twin.review import ReviewBoard
from twin.village import Village, live_traits, number_places
from twin.watch import Watch

LAYOUT = ("start", "slots")
"""Columns that say where the engine keeps members; the twin keeps lists."""


class TwinModel(mesa.Model):
    """One county as plain Mesa agents, month by month."""

    def __init__(self, county: County, rules: Rules, seed: int, first_month: int) -> None:
        """Prepare an empty county; see `from_past` and `founded`."""
        super().__init__(rng=seed)
        self.county, self.key = county, int(seed)
        self.month = first_month - 1
        self.world = World(county, rules, self.key)
        self.policies = Policies(rules.levers, county)
        self.households: list[Household] = []
        self.household_ids = np.zeros(0, np.uint64)
        self.village_ids: list[int] = []
        self.crowding = 1.0
        self.covered_shares: list[float] = []
        self.records: list[np.ndarray] = []
        self.post_book = PostBook()
        self.payments: list[list[int]] = []
        self.falls: list[dict[str, Any]] = []
        self.neighbours = Neighbours(self)
        self.registry = Registry(self)
        self.watch = Watch(self)
        self.response = ResponseDesk(self)
        self.register = PoorRegister(self)
        self.accounts = [Account(self, name) for name in sorted({policy.lever.account for policy in self.policies.all})]
        self.board = ReviewBoard(self)
        self.villages = [Village(self, number) for number in range(county.villages)]
        self.placements = [PlacementOffice(self, policy) for policy in self.policies.of.get("placement", [])]
        self.offices = [PostsOffice(self, policy) for policy in self.policies.of.get("job_slots", [])]

    @classmethod
    def from_past(cls, county: County, rules: Rules, seed: int, past: Past) -> TwinModel:
        """Take over a county as it stood at the end of 2020."""
        twin = cls(county, rules, seed, PLAN_START)
        twin.settle_in(past.state)
        twin.renumber_posts(past.levers)
        twin.renumber_transfers(past.transfers)
        twin.registry.take_over(past.carried)
        twin.board.take_over(past.carried)
        for account in twin.accounts:
            account.take_over(past)
        twin.crowding = past.carried["crowding"]
        return twin

    @classmethod
    def founded(cls, county: County, rules: Rules, seed: int) -> TwinModel:
        """Begin with the founders of January 2013."""
        twin = cls(county, rules, seed, HISTORY_START)
        twin.world.advance(HISTORY_START)
        twin.settle_in(found(county, twin.world, HISTORY_START))
        return twin

    def settle_in(self, state: State) -> None:
        """Make agents of the engine's households and living persons."""
        townships = state.villages["township"].tolist()
        for village, assets, income in zip(
            self.villages, state.villages["project_assets"].tolist(), state.villages["collective_income"].tolist(), strict=True
        ):
            village.project_assets, village.collective_income = assets, income
        self.village_ids = state.villages["id"].tolist()
        first, slots = state.households["start"].tolist(), state.households["slots"].tolist()
        persons = _rows(state.persons, tuple(column.name for column in PERSON))
        names = tuple(column.name for column in HOUSEHOLD if column.name not in LAYOUT)
        for place, columns in enumerate(_rows(state.households, names)):
            household = Household(self, columns, townships[columns["village"]])
            members = persons[first[place] : first[place] + slots[place]]
            household.people = [Person(household, member) for member in members if member["alive"]]
            self.households.append(household)
        number_places(self)
        self.household_ids = state.households["id"].copy()

    def renumber_posts(self, before: tuple[str, ...]) -> None:
        """Point the posts of the past to this scenario's levers; posts of a lever that is gone end."""
        numbers = {policy.lever.id: policy.number for policy in self.policies.all}
        for household in self.households:
            if household.loan_balance and household.loan_lever >= 0:
                household.loan_lever = numbers.get(before[household.loan_lever], -1)
        for person in self.people():
            if POST <= person.job <= RELIEF:
                lever = before[person.post_lever]
                person.post_lever = numbers.get(lever, -1)
                if person.post_lever < 0:
                    self.post_book.note(self.month + 1, lever, GONE, (person.household.group,))
                    person.lose_post(self.month + 1)

    @property
    def transfers(self) -> list[str]:
        """Ids of the transfers that bits in the state stand for."""
        return [policy.lever.id for policy in self.policies.of.get("cash_transfer", [])][:FOLLOWED]

    def renumber_transfers(self, before: tuple[str, ...]) -> None:
        """Point the bits of the past's transfers to this scenario's levers."""
        for household in self.households:
            for name in ("supports_held", "supports_ended"):
                ids = [lever for bit, lever in enumerate(before) if getattr(household, name) >> bit & 1]
                setattr(household, name, sum(1 << bit for bit, lever in enumerate(self.transfers) if lever in ids))

    def people(self) -> Iterator[Person]:
        """Go through all persons, household by household."""
        return (person for household in self.households for person in household.people)

    def step(self) -> None:
        """Live one month."""
        self.month += 1
        self.begin_month()
        for household in self.households:
            household.live()
        self.let_county_act()
        for household in self.households:
            household.settle()
        self.policies.go_to(-1)
        self.watch.step()
        self.records.append(self.ledger.as_record())
        self.payments.append(self.ledger.paid)
        for account in self.accounts:
            account.close_month(self.month, self.ledger.paid)
        self.board.step()

    def begin_month(self) -> None:
        """Bring the month's law, terms, draws and empty books; plan the visits; end, renew and pay posts."""
        self.board.open_month()
        self.world.delays = np.array(self.board.delays)
        self.law = Law(self.world, self.month, self.crowding)
        self.policies.renew(self.month, self.board.delays, self.county.villages)
        self.ledger = Ledger(len(self.policies.all))
        autumn = AUTUMN if self.law.moy == self.law.enrolment_month else ()
        january = JANUARY if self.law.moy == 1 else ()
        self.luck = Luck(self.key, self.month)
        if self.law.moy == 1:
            live_january(self)
        self.luck.deal((*MONTHLY, *january, *autumn), list(self.people()))
        self.luck.deal(("apply", "false_alarm"), self.households)
        if self.law.moy == 1:
            for household in self.households:
                household.start_year(self.month)
            self.neighbours.look_around()
        if autumn:
            self.look_around()
        live_traits(self)
        for account in self.accounts:
            account.open_month(self.month)
        for account in self.accounts:
            account.grant(self.month)
        for household in self.households:
            household.village_due = 0
        for village in self.villages:
            village.open_month()
        self.registry.open_month()
        for office in self.offices:
            office.renew()
            office.support()

    def look_around(self) -> None:
        """See how many neighbours of each village are covered this year, of those whom no employer covers."""
        asked, covered = [0] * self.county.villages, [0] * self.county.villages
        for person in self.people():
            if not person.employee_insured:
                asked[person.household.village] += 1
                covered[person.household.village] += person.bmi_enrolled
        self.covered_shares = [single(part / whole) if whole else 1.0 for part, whole in zip(covered, asked, strict=True)]

    def let_county_act(self) -> None:
        """Verify cases, arrange measures, fill posts and, until 2020, the register of the poor."""
        self.policies.go_to(-1)
        self.registry.verify_cases()
        self.response.step()
        for office in self.offices:
            office.fill_vacancies()
        for placement in self.placements:
            placement.step()
        if self.month <= LAST_REVIEW:
            self.register.step()
        self.crowding = crowding(self)

    def run_months(self, months: int) -> TwinModel:
        """Live some months and return the model."""
        for _ in range(months):
            self.step()
        return self

    @property
    def record(self) -> np.ndarray:
        """Monthly counts: int64 [months, groups, indicators]."""
        return np.array(self.records, np.int64).reshape(-1, len(GROUPS), len(INDICATORS))

    @property
    def paid(self) -> np.ndarray:
        """Monthly payments by lever, in fen: int64 [months, levers]."""
        return np.array(self.payments, np.int64).reshape(-1, max(1, len(self.policies.all)))


def _rows(columns: Columns, names: tuple[str, ...]) -> list[dict]:
    """Return an entity's columns as one dictionary of plain numbers a row; rings of months as lists."""
    lists = [columns[name].T.tolist() for name in names]
    return [dict(zip(names, values, strict=True)) for values in zip(*lists, strict=True)]
