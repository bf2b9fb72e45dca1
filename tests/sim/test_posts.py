"""Places that offices give: who gets them, who leaves first, when they end, what bridges the gap. Amounts in fen."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from small_county import SMALL, run, with_lever, with_values

from sim.indicators import INDEX
from sim.institutions.leaving import crowding
from sim.institutions.posts import PostsOffice, owners
from sim.model import Model
from sim.past import Past
from sim.processes.employment import FARM, LOCAL, MIGRANT, POST, RANGER, RELIEF, WORKSHOP
from sim.rules import Dated, Lever, Rules, month_index

YUAN = 100
POSTS = "public_welfare_jobs"
JANUARY = month_index(2022, 1)
ALL_JOBS = {POST: POSTS, RANGER: "ecological_rangers", WORKSHOP: "poverty_workshops", RELIEF: "work_for_relief"}


def choosing(rules: Rules, lever: str, **words: str) -> Rules:
    """Return rules with some choices of a lever replaced."""

    def edit(one: Lever) -> Lever:
        return dataclasses.replace(one, words={**one.words, **words}) if one.id == lever else one

    return dataclasses.replace(rules, levers=tuple(edit(one) for one in rules.levers))


class Bench:
    """One office of a small county whose holders and households are written by hand."""

    def __init__(self, rules: Rules, past: Past, lever: str, holders: int, month: int = JANUARY) -> None:
        """Empty all places, then give some of this lever's to the first adult of as many households."""
        self.model = Model(SMALL, rules, past=past, threads=1)
        self.persons, self.households = self.model.state.persons, self.model.state.households
        self.to(month)
        self.office: PostsOffice = next(office for office in self.model.offices if office.lever.id == lever)
        self.persons["job"] = np.minimum(self.persons["job"], MIGRANT)
        self.households["monitored"] = self.households["monitored_december"] = 0
        self.chosen = self.adults()[:holders]
        self.office.appoint(self.chosen, self.office.terms())
        self.persons["job_end"][self.chosen] = month + 11
        self.at_home = owners(self.model.state, self.chosen)

    def to(self, month: int) -> None:
        """Set the clock."""
        self.model.month = month
        self.model.world.advance(month)

    def adults(self) -> np.ndarray:
        """Return one well adult of 30 to 55 without other work of every household that has one."""
        persons = self.persons
        able = (persons["alive"] == 1) & (persons["age"] >= 30) & (persons["age"] <= 55) & (persons["labour"] == 0)
        found = np.flatnonzero(able & (persons["sick_months"] == 0) & (persons["job"] == FARM))
        return found[np.unique(owners(self.model.state, found), return_index=True)[1]]

    def write(self, **columns: list[int]) -> None:
        """Write columns of the holders' households; gross income in yuan a head."""
        for name, values in columns.items():
            if name == "gross_head":
                members = self.households["members"][self.at_home]
                self.households["gross_12m"][self.at_home] = np.array(values) * YUAN * members
            else:
                self.households[name][self.at_home] = values

    def jobs(self) -> list[int]:
        """Return the holders' jobs."""
        return self.persons["job"][self.chosen].tolist()


def _allowing(rules: Rules, past: Past, lever: str, places: int, **fields: float) -> Rules:
    """Return rules under which a lever has so many places in the small county."""
    registered = Model(SMALL, rules, past=past).world.rules.values["registered_share"].at(JANUARY) * SMALL.households
    return with_lever(rules, lever, slots=(places + 0.01) / registered, **fields)


def _ranger_bench(rules: Rules, past: Past, order: str, month: int = JANUARY, **fields: float) -> Bench:
    """Five rangers; the first two are not in the registry. By income with the pay the first looks best off, without it not."""
    rules = choosing(rules, "ecological_rangers", exit_order=order, refill="none")
    rules = _allowing(rules, past, "ecological_rangers", 4, **fields)
    bench = Bench(rules, past, "ecological_rangers", 5, month)
    bench.households["members"][bench.at_home] = [5, 2, 5, 5, 5]
    bench.write(gross_head=[6_623, 6_500, 6_000, 6_100, 5_000], monitored_december=[0, 0, 1, 1, 1])
    # the second has held the post for a month only: nothing of the income is its pay
    bench.persons["income_12m"][bench.chosen] = [10_000 * YUAN, 0, 10_000 * YUAN, 10_000 * YUAN, 10_000 * YUAN]
    return bench


def test_those_not_in_the_registry_leave_first_by_income_without_the_post(kept, past):
    bench = _ranger_bench(kept, past, "not_monitored_first")
    bench.office.renew()
    # without the post: 4,623 and 6,500 outside the registry
    assert bench.jobs() == [RANGER, FARM, RANGER, RANGER, RANGER]


def test_the_status_is_that_of_last_december(kept, past):
    bench = _ranger_bench(kept, past, "not_monitored_first")
    bench.write(monitored=[1, 1, 0, 0, 0])
    bench.office.renew()
    assert bench.jobs() == [RANGER, FARM, RANGER, RANGER, RANGER]


def test_least_need_looks_at_income_alone(kept, past):
    bench = _ranger_bench(kept, past, "least_need_first")
    bench.write(gross_head=[6_623, 4_500, 6_700, 6_100, 5_000])
    bench.office.renew()
    # without the post: 4,623 / 4,500 / 4,700 / 4,100 / 3,000
    assert bench.jobs() == [RANGER, RANGER, FARM, RANGER, RANGER]


def test_the_longest_stay_and_the_lot(kept, past):
    bench = _ranger_bench(kept, past, "longest_stay")
    bench.persons["job_since"][bench.chosen] = [50, 40, 30, 20, 60]
    bench.office.renew()
    assert bench.jobs() == [RANGER, RANGER, RANGER, FARM, RANGER]
    bench = _ranger_bench(kept, past, "random")
    bench.office.renew()
    assert sorted(bench.jobs()) == [FARM] + [RANGER] * 4


def test_a_bridge_pays_three_months_and_ends(kept, past):
    bench = _ranger_bench(kept, past, "not_monitored_first", bridge_months=3.0, bridge_pay=120_000.0)
    gone = bench.chosen[1]
    seen = []
    for month in range(JANUARY, JANUARY + 5):
        bench.to(month)
        bench.office.renew()
        seen.append((int(bench.persons["job"][gone]), int(bench.persons["wage"][gone])))
    assert seen == [(RELIEF, 120_000)] * 3 + [(FARM, 0)] * 2
    assert bench.persons["left_post"][gone] == JANUARY and bench.persons["wants_work"][gone] == 1


@pytest.mark.parametrize(("maximum", "year"), [(59, 2022), (60, 2023)])
def test_who_has_passed_the_age_leaves_in_the_month_after_the_birthday(kept, past, maximum, year):
    """Born in September 1962: with 59 as the oldest age the last pay is that of September 2022."""
    bench = Bench(with_lever(kept, POSTS, maximum_age=float(maximum)), past, POSTS, 1)
    person = bench.chosen[0]
    month = JANUARY
    while bench.persons["job"][person] == POST and month < JANUARY + 60:
        month += 1
        bench.to(month)
        bench.persons["job_end"][person] = month
        # the age is that of the last month: the pass over persons comes after the office
        bench.persons["age"][person] = (month - 1 - month_index(1962, 9)) // 12
        bench.office.renew()
    assert month == month_index(year, 10)


def test_contracts_are_renewed_as_often_as_allowed(kept, past):
    bench = Bench(with_lever(kept, POSTS, contract_months=3.0, renewals=2.0), past, POSTS, 1)
    bench.persons["job_end"][bench.chosen] = JANUARY + 2
    months = 0
    while bench.jobs() == [POST]:
        months += 1
        bench.to(JANUARY + months)
        bench.office.renew()
    assert months == 9


def test_work_for_relief_ends_without_a_search(kept, past):
    rules = choosing(kept, "work_for_relief", refill="none")
    bench = Bench(with_lever(rules, "work_for_relief", contract_months=4.0, slots=1.0), past, "work_for_relief", 2)
    bench.persons["job_end"][bench.chosen] = JANUARY + 3
    bench.persons["wants_work"][bench.chosen] = 0
    for month in range(JANUARY, JANUARY + 4):
        bench.to(month)
        bench.office.renew()
        assert bench.jobs() == [RELIEF] * 2
    bench.to(JANUARY + 4)
    bench.office.renew()
    assert bench.jobs() == [FARM] * 2
    assert bench.persons["wants_work"][bench.chosen].tolist() == [0, 0] == bench.persons["left_post"][bench.chosen].tolist()


@pytest.mark.parametrize(("base", "expected"), [("first", [80, 80, 80]), ("remaining", [80, 64, 51])])
def test_a_share_is_of_the_first_count_or_of_those_left(kept, past, base, expected):
    rules = _allowing(choosing(kept, POSTS, cut_base=base), past, POSTS, 100, kept=Dated((0, JANUARY), (1.0, 0.8)))
    office = Bench(rules, past, POSTS, 0).office
    found = []
    for year in range(3):
        month = JANUARY + 12 * year
        office.county.month = month
        office.county.world.advance(month)
        found.append(office.allowed(office.terms()))
    assert found == expected


def test_places_may_be_counted_by_villages(kept, past):
    rules = with_lever(choosing(kept, "poverty_workshops", per="village"), "poverty_workshops", slots=2.0)
    office = Bench(rules, past, "poverty_workshops", 0).office
    assert office.allowed(office.terms()) == 2 * SMALL.villages


def _open_to_all(rules: Rules, past: Past, lever: str) -> Bench:
    """Return the office of a lever that everybody qualifies for; nobody holds a place."""
    everybody = dataclasses.replace(
        rules, levers=tuple(dataclasses.replace(one, who=((),)) if one.id == lever else one for one in rules.levers)
    )
    return Bench(everybody, past, lever, 0)


def test_the_poorest_come_first_or_those_in_the_registry(kept, past):
    for order in ("poorest", "monitored_first"):
        bench = _open_to_all(choosing(kept, POSTS, fill_order=order), past, POSTS)
        adults = owners(bench.model.state, bench.adults())
        bench.households["gross_12m"] = 10**9
        bench.households["gross_12m"][adults[:4]] = [400_000, 100_000, 200_000, 300_000]
        bench.households["members"][adults[:4]] = 1
        bench.households["monitored"][adults[[0, 3]]] = 1
        bench.office.fill(3, bench.office.terms())
        served = set(owners(bench.model.state, bench.office.holders()).tolist())
        wanted = [1, 2, 3] if order == "poorest" else [0, 3, 1]
        assert served == set(adults[wanted].tolist())


def test_one_a_household_across_offices_unless_the_lever_says_no(kept, past):
    bench = _open_to_all(choosing(kept, "poverty_workshops", one_a_household="no"), past, "poverty_workshops")
    posts = next(office for office in bench.model.offices if office.lever.id == POSTS)
    rangers = next(office for office in bench.model.offices if office.lever.id == "ecological_rangers")
    adults = bench.adults()[:20]
    posts.appoint(adults, posts.terms())
    served = rangers.served()
    assert served[owners(bench.model.state, adults)].all() and served.sum() == 20
    # a workshop looks at no household: it takes several members, also beside a post
    bench.office.fill(10**6, bench.office.terms())
    by_household = np.bincount(owners(bench.model.state, bench.office.holders()))
    assert by_household.max() > 1 and by_household[owners(bench.model.state, adults)].sum() > 0
    assert (rangers.served() == served).all()


def test_nobody_holds_two_places_and_households_keep_to_one(kept, past):
    rules = kept
    for lever in ALL_JOBS.values():
        rules = with_lever(rules, lever, slots=0.1)
    model = run(rules, past, 12)
    persons = model.state.persons
    numbers = {one.id: number for number, one in enumerate(rules.levers)}
    one = np.zeros(len(model.state.households), int)
    for job, lever in ALL_JOBS.items():
        held = np.flatnonzero((persons["job"] == job) & (persons["alive"] == 1))
        assert len(held) > 0 and (persons["post_lever"][held] == numbers[lever]).all()
        if job != WORKSHOP:
            one += np.bincount(owners(model.state, held), minlength=len(one))
    assert one.max() == 1


def test_a_workshop_closes_when_its_support_ends(kept, past):
    rules = with_values(_allowing(kept, past, "poverty_workshops", 20, support=10_000.0), workshop_villages=1.0)
    model = run(with_lever(rules, "poverty_workshops", end=JANUARY), past, 14)
    record = model.record.sum(axis=1)
    assert record[11, INDEX["workshop_workers"]] > 5 and record[12, INDEX["workshop_workers"]] == 0
    number = next(k for k, one in enumerate(rules.levers) if one.id == "poverty_workshops")
    assert (model.paid[:, number] == record[:, INDEX["job_support"]]).all() and model.paid[12:, number].sum() == 0
    left = (model.state.persons["left_post"] == JANUARY) & (model.state.persons["alive"] == 1)
    assert left.sum() > 5 and (model.state.persons["wants_work"][left] == 1).all()


def test_work_for_relief_opens_for_some_months_and_counts_person_months(kept, past):
    opens, closes = month_index(2021, 4), month_index(2021, 8)
    slots = Dated((0, opens, closes), (0.0, 0.05, 0.0))
    model = run(with_lever(kept, "work_for_relief", slots=slots, pay=120_000.0), past, 10)
    months = model.record.sum(axis=1)[:, INDEX["relief_workers"]]
    # who is appointed works from next month on
    assert (months[:4] == 0).all() and (months[4:7] > 0).all() and (months[7:] == 0).all()


def test_many_leavers_crowd_each_other(kept, past):
    model = Model(SMALL, kept, past=past, threads=1)
    persons = model.state.persons
    persons["left_post"] = 0
    assert crowding(model.state, 0.0) == 1.0
    seekers = np.flatnonzero((persons["alive"] == 1) & (persons["job"] == FARM) & (persons["labour"] == 0))[:16]
    persons["left_post"][seekers], persons["wants_work"][seekers], persons["age"][seekers] = JANUARY - 30, 1, 50
    persons["job_since"][seekers] = JANUARY - 30
    assert crowding(model.state, 4.0) == 0.5
    assert crowding(model.state, 16.0) == 1.0
    persons["job_since"][seekers[:12]] = JANUARY - 1
    assert crowding(model.state, 4.0) == 1.0
    persons["job_since"][seekers[:12]], persons["job"][seekers[:12]] = JANUARY - 30, LOCAL
    assert crowding(model.state, 4.0) == 1.0
