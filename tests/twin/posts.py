"""The posts office as a Mesa agent: posts and other places in limited number, given by need, ending by a rule."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.draws import bulk
from sim.institutions.institution import Institution
from sim.institutions.postbook import APPOINTED, BRIDGE_OVER, CLOSED, CUT, HOLDERS, NO_NEED, OVER, UNFIT
from sim.processes.employment import LOCAL, LOW_LABOUR, POST, RANGER, RELIEF, SEEK_TO, WORKSHOP
from sim.state import WINDOW
from sim.world import FIRST_YEAR, whole
from twin.person import Person
from twin.policies import OFFICES, Policy

if TYPE_CHECKING:
    from twin.household import Household
    from twin.model import TwinModel


KINDS = {"public_welfare": POST, "ranger": RANGER, "workshop": WORKSHOP, "work_for_relief": RELIEF}


class PostsOffice(Institution):
    """The office of one lever's places."""

    model: TwinModel

    def __init__(self, model: TwinModel, policy: Policy) -> None:
        """Take over a policy's posts."""
        super().__init__(model)
        self.policy = policy
        self.kind = KINDS[policy.words["job"]]

    def renew(self) -> None:
        """Before anybody works: end and renew contracts, cut to the number allowed, set the month's pay."""
        if self.kind != RELIEF:
            self.end_bridges()
        rule = self.policy.words["exit_rule"]
        for person in self.holders():
            if not self.policy.acts_at(person.household, self.model.month):
                self.dismiss(person, CLOSED)
        if rule == "monthly_test":
            self.test_need(self.holders())
        if rule == "contract_end":
            surplus = len(self.holders()) - self.allowed()
            ending = [
                person for person in self.leaving_order() if person.job_end < self.model.month and not self.is_paused(person)
            ]
            for person in ending[: max(0, surplus)]:
                self.dismiss(person, CUT)
        if rule == "need_test":
            self.test_need([person for person in self.holders() if person.job_end < self.model.month])
        self.end_contracts()
        if rule != "contract_end":
            self.cut(len(self.holders()) - self.allowed())
        for person in self.holders():
            self.policy.stand_at(self.model.board.delays[person.household.township])
            person.wage, person.pay_delay = whole(self.policy.terms["pay"]), whole(self.policy.terms["pay_delay"])
        self.policy.stand_at(OFFICES)

    def is_paused(self, person: Person) -> bool:
        """Say whether supports may not be lowered where a person lives."""
        return self.model.board.paused[person.household.township]

    def test_need(self, holders: list[Person]) -> None:
        """Let go whom the policy no longer admits."""
        for person in holders:
            if not self.policy.admits(person.household, person):
                self.dismiss(person, NO_NEED)

    def support(self) -> None:
        """Pay the employers for the places taken."""
        fen = whole(self.policy.terms["support"])
        for person in self.holders():
            self.model.ledger.pay(self.policy.number, fen)
            self.model.ledger.count(person.household.group, job_support=fen)

    def fill_vacancies(self) -> None:
        """After the month's work: give vacant posts to those in need, who begin next month."""
        for person in self.holders() if self.kind == POST else ():
            self.model.ledger.count(person.household.group, posts_on_target=int(self.policy.admits(person.household, person)))
        if self.policy.on and self.policy.words["refill"] == "same_rule":
            self.fill(self.allowed() - len(self.holders()))
        for person in self.holders():
            self.note(HOLDERS, person)

    def note(self, event: str, person: Person) -> None:
        """Write down what happened to a person."""
        self.model.post_book.note(self.model.month, self.policy.lever.id, event, (person.household.group,))

    def allowed(self) -> int:
        """Return the number of places, in proportion to the county's registered households or to its villages."""
        county = self.model.county
        of_households = self.model.law.registered_share * county.households
        units = {"registered_household": of_households, "village": county.villages}[self.policy.words["per"]]
        kept = {"first": self.policy.terms["kept"], "remaining": self.left_of_the_year_before()}[self.policy.words["cut_base"]]
        there = self.policy.share_open(self.model)
        return whole(self.policy.terms["slots"] * kept * units * there) if self.policy.on else 0

    def left_of_the_year_before(self) -> float:
        """Return what is left when every January keeps its share of what was left before, as the mean over townships."""
        return sum(share * self.left_after(delay) for delay, share in self.policy.shares.items())

    def left_after(self, delay: int) -> float:
        """Return what is left where supports are so many months behind their plan."""
        left, lever = 1.0, self.policy.lever
        for month in range(12 * FIRST_YEAR, self.model.month - delay + 1):
            if month % 12 == 0 and month >= lever.start:
                left *= lever.values["kept"].at(month)
        return left

    def holders(self, job: int | None = None) -> list[Person]:
        """Return the holders of this office's places, or of its bridging work, in the county's order."""
        job = self.kind if job is None else job
        return [person for person in self.model.people() if person.job == job and person.post_lever == self.policy.number]

    def dismiss(self, person: Person, why: str) -> None:
        """End a place; who held it looks for work from now on, but for relief work."""
        self.note(why, person)
        if self.kind == RELIEF:
            person.lose_work()
        else:
            person.lose_post(self.model.month)

    def end_bridges(self) -> None:
        """End bridging work whose months are over."""
        for person in self.holders(RELIEF):
            if person.job_end < self.model.month:
                self.note(BRIDGE_OVER, person)
                person.lose_work()

    def end_contracts(self) -> None:
        """Let go who is too old or cannot work; renew contracts that end, as often as allowed."""
        terms = self.policy.terms
        for person in self.holders():
            if person.age > terms["maximum_age"] or person.labour >= LOW_LABOUR:
                self.dismiss(person, UNFIT)
            elif person.job_end < self.model.month:
                if person.renewals >= terms["renewals"]:
                    self.dismiss(person, OVER)
                else:
                    person.renewals += 1
                    person.job_end += whole(terms["contract_months"])

    def cut(self, surplus: int) -> None:
        """Cut posts in the order of exit; those cut may get bridging work."""
        months, pay = whole(self.policy.terms["bridge_months"]), whole(self.policy.terms["bridge_pay"])
        leaving = [person for person in self.leaving_order() if not self.is_paused(person)]
        for person in leaving[: max(surplus, 0)]:
            self.dismiss(person, CUT)
            if months > 0 and self.kind != RELIEF:
                person.job, person.wage, person.job_end = RELIEF, pay, self.model.month + months - 1

    def leaving_order(self) -> list[Person]:
        """Return the holders in the order in which they leave; equal ones in the county's order."""
        order = self.policy.words["exit_order"]
        holders = self.holders()
        if order == "longest_stay":
            return sorted(holders, key=lambda person: person.job_since)
        if order == "random":
            lots = self.lots()
            return sorted(holders, key=lambda person: lots[person.household.place])
        if order == "least_need_first":
            return sorted(holders, key=lambda person: -self.income_without_post(person))
        return sorted(holders, key=lambda person: (person.household.monitored_december, -self.income_without_post(person)))

    def lots(self) -> list[float]:
        """Return the year's lot of every household."""
        january = self.model.month - self.model.month % 12
        return bulk(self.model.key, "post_order", self.model.household_ids, january).tolist()

    def income_without_post(self, person: Person) -> int:
        """Return trailing household income per head in whole fen without what the person earned in a post."""
        since = self.model.month - person.left_post
        recent = POST <= person.job <= RELIEF or (person.left_post > 0 and since < WINDOW)
        post = min(person.income_12m, 12 * whole(self.policy.terms["pay"])) if recent else 0
        return (person.household.gross_12m - post) // max(person.household.members, 1)

    def fill(self, vacancies: int) -> None:
        """Give vacant places to the poorest households, or to those in the registry first; to one member where so ruled."""
        if vacancies <= 0:
            return
        alone = self.policy.words["one_a_household"] == "yes"
        taken = self.served() if alone else set()
        chosen: list[Person] = []
        for person in self.model.people():
            if person.household not in taken and self.accepts(person):
                chosen.append(person)
                if alone:
                    taken.add(person.household)
        for person in sorted(chosen, key=self.claim)[:vacancies]:
            self.appoint(person)

    def claim(self, person: Person) -> tuple[int, int]:
        """Return what orders the candidates."""
        first = self.policy.words["fill_order"] == "monitored_first"
        return (1 - person.household.monitored if first else 0), self.income_without_post(person)

    def served(self) -> set[Household]:
        """Return the households with a place of any office that gives one a household."""
        found: set[Household] = set()
        for office in self.model.offices:
            if office.policy.words["one_a_household"] == "yes":
                found |= {person.household for person in office.holders()}
        return found

    def accepts(self, person: Person) -> bool:
        """Say whether a person may take a post: able, well, of age, without other work, and admitted by the policy."""
        terms = self.policy.terms
        free = person.job < LOCAL and person.labour < LOW_LABOUR and person.sick_months == 0 and not person.in_school
        of_age = terms["minimum_age"] <= person.age <= terms["maximum_age"]
        return free and of_age and self.policy.admits(person.household, person)

    def appoint(self, person: Person) -> None:
        """Appoint a person for one contract."""
        terms = self.policy.terms
        person.job = self.kind
        person.wage = whole(terms["pay"])
        person.job_since = self.model.month
        person.job_end = self.model.month + whole(terms["contract_months"]) - 1
        person.renewals = 0
        person.post_lever = self.policy.number
        self.note(APPOINTED, person)


def crowding(model: TwinModel) -> float:
    """Return what is left of the chance of finding work when many posts end together."""
    vacancies = model.law.local_vacancies * sum(household.id == household.root for household in model.households)
    leavers = [person for person in model.people() if person.left_post and person.job_since == person.left_post]
    seekers = sum(
        person.job < LOCAL and person.wants_work == 1 and person.labour < LOW_LABOUR and person.age < SEEK_TO
        for person in leavers
    )
    return 1.0 if seekers <= vacancies else math.sqrt(vacancies / seekers)
