"""The model of one county: a Mesa model that lives month by month."""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence
from typing import Any

import mesa
import numpy as np

from sim.events import FOLLOWED
from sim.falls import Falls
from sim.families import live_january
from sim.indicators import GROUPS, INDEX, INDICATORS
from sim.institutions.accounts import Account
from sim.institutions.leaving import crowding
from sim.institutions.placement import PlacementOffice
from sim.institutions.postbook import PostBook
from sim.institutions.posts import PostsOffice
from sim.institutions.register import LAST_REVIEW, PoorRegister
from sim.institutions.registry import Registry
from sim.institutions.response import ResponseDesk
from sim.institutions.review import ReviewBoard
from sim.institutions.units import Fund, Township, Village
from sim.institutions.village_funds import VillageFunds
from sim.neighbours import compare_villages, note_neighbours
from sim.passes import Passes
from sim.past import Past
from sim.policies.eligibility import compile_dated
from sim.population import found
from sim.risks import new_risks
from sim.rules import County, Rules, month_index, month_of_year
from sim.script import NOTHING, Script
from sim.standing import net_heads
from sim.state import State
from sim.trace import Tracer
from sim.traits import live_traits, number_places
from sim.views import View
from sim.watch import Watch
from sim.world import FIRST_YEAR, World

PLAN_START = month_index(2021, 1)
HISTORY_START = month_index(FIRST_YEAR, 1)
SEEDS = 2**63
"""Seeds are whole numbers below this."""


class Model(mesa.Model):
    """One county under one set of rules, month by month.

    Args:
        county: how many rural households live in how many villages and townships.
        rules: all values, tables and levers of the scenario.
        rng: seed; equal seeds give every household the same luck under all rules.
        past: the county at the end of 2020; None begins with the founders of January 2013 and their history.
        months: months to live in `run_model`; with ``past`` None the months from January 2013.
        threads: threads that share the villages; None takes the processors of the machine. Results do not depend on it.
        chunk: villages that a thread takes at a time; None shares them out. Results do not depend on it.
        script: draws and columns that are fixed from outside.
        trace: ids of households to follow; see `sim.trace`.
    """

    def __init__(
        self,
        county: County,
        rules: Rules,
        rng: int = 1,
        past: Past | None = None,
        months: int = 60,
        threads: int | None = None,
        chunk: int | None = None,
        script: Script = NOTHING,
        trace: Sequence[int] = (),
    ) -> None:
        """Take over the past, or found the county."""
        if not 0 <= int(rng) < SEEDS:
            raise ValueError(f"rng is {rng}; allowed: whole numbers from 0 to {SEEDS - 1}")
        super().__init__(rng=rng)
        self.county, self.rules, self.key, self.months = county, rules, int(rng), months
        self.script, self.past = script, past
        self.world = World(county, rules, self.key)
        self.world.script = script
        self.conditions, self.later = compile_dated(rules.levers, county)
        self.first_month = past.month + 1 if past else HISTORY_START
        self.month = self.first_month - 1
        self.post_book = PostBook()
        self.state = self._first_state()
        number_places(self.state, self.world)
        self._open_books()
        self.passes = Passes(self, threads or os.cpu_count() or 1, chunk)
        self.tracer = Tracer(self, tuple(trace))
        self.watch = Watch(self)
        self._found_institutions()
        if past is not None:
            self._carry_over(past)
        self.datacollector = mesa.DataCollector(model_reporters={name: _reporter(name) for name in INDEX})

    def _first_state(self) -> State:
        """Return the state to begin with: that of the past, or the founders'."""
        if self.past is not None:
            levers = tuple(lever.id for lever in self.rules.levers)
            return self.past.taken_over(self.county, levers, self.transfers, self.post_book)
        self.world.advance(self.first_month)
        state = found(self.county, self.world, self.first_month)
        self.opening_assets = int(state.households["assets"].sum())
        return state

    def _open_books(self) -> None:
        """Begin with nothing counted."""
        self.now = np.zeros((len(GROUPS), len(INDICATORS)), np.int64)
        self.totals = self.now.sum(axis=0)
        self.records: list[np.ndarray] = []
        self.payments: list[np.ndarray] = []
        self.falls: list[Falls] = []
        self.risks: list[dict[str, np.ndarray]] = []
        self.decembers: dict[int, tuple[np.ndarray, np.ndarray]] = {}

    def _carry_over(self, past: Past) -> None:
        """Let the institutions go on with what they carried at the end of the past."""
        self.registry.take_over(past.carried)
        self.board.take_over(past.carried)
        self.world.set("crowding", past.carried["crowding"])
        for account in self.accounts:
            account.take_over(past)

    def _found_institutions(self) -> None:
        """Found the county's offices, its townships, villages and funds."""
        self.registry = Registry(self)
        self.response = ResponseDesk(self, self.conditions)
        self.register = PoorRegister(self)
        self.board = ReviewBoard(self)
        self.village_funds = VillageFunds(self, self.conditions)
        self.placements = [PlacementOffice(self, row, self.conditions) for row in range(len(self._rows("placement")))]
        self.offices = [PostsOffice(self, row, self.conditions) for row in range(len(self._rows("job_slots")))]
        self.township_agents = [Township(self, number) for number in range(self.county.townships)]
        self.village_agents = [Village(self, number) for number in range(self.county.villages)]
        self.accounts = [Account(self, name) for name in sorted({lever.account for lever in self.rules.levers})]
        self.funds = [Fund(self, number, lever) for number, lever in enumerate(self.rules.levers)]

    @functools.cached_property
    def transfer_bits(self) -> np.ndarray:
        """The bit of each lever's transfers in the state; -1 for levers without one."""
        bits = {lever: bit for bit, lever in enumerate(self.transfers)}
        return np.array([bits.get(lever.id, -1) for lever in self.rules.levers] or [-1], np.int64)

    @functools.cached_property
    def transfers(self) -> tuple[str, ...]:
        """Ids of the levers of transfers whose end is told apart, in the order of their bits."""
        return tuple(self._rows("cash_transfer")[:FOLLOWED])

    def _rows(self, mechanism: str) -> list[str]:
        return [lever.id for lever in self.rules.levers if lever.mechanism == mechanism]

    def step(self) -> None:
        """Live one month, in the order of `sim.month.ORDER`."""
        self.month += 1
        self.now = np.zeros((len(GROUPS), len(INDICATORS)), np.int64)
        paid = np.zeros(max(1, len(self.rules.levers)), np.int64)
        self._environment(paid)
        self.tracer.begin()
        self._pass("people", paid)
        self._county(paid)
        falls = self._pass("settle", paid)
        if len(falls):
            self.falls.append(Falls.of(self, falls))
        self.risks.append(new_risks(self))
        self._recording(paid)

    def _environment(self, paid: np.ndarray) -> None:
        """Bring the month's law and weather; change families in January; open accounts; plan visits; end, renew and pay posts."""
        crowded = self.world.value("crowding")
        self.board.open_month()
        self.world.advance(self.month)
        self.later.turn(self.conditions, self.month)
        self.world.set("crowding", crowded)
        if month_of_year(self.month) == 1:
            self.now += live_january(self.state, self.world, self.month)
            self.passes.measure()
            compare_villages(self.state)
        if month_of_year(self.month) == self.world.value("enrolment_month"):
            note_neighbours(self.state)
        live_traits(self.state, self.world, self.month)
        self.script.apply(self)
        for account in self.accounts:
            account.open_month()
        for account in self.accounts:
            account.grant()
        self.village_funds.open_month(paid)
        self.registry.open_month()
        for office in self.offices:
            office.renew()
            office.support(paid)

    def _county(self, paid: np.ndarray) -> None:
        """Let the county act: verification, measures, jobs and posts, the register of the poor."""
        self.registry.verify_cases()
        self.response.step()
        for office in self.offices:
            office.step()
        for placement in self.placements:
            placement.step(paid)
        if self.past is None and self.month <= LAST_REVIEW:
            self.register.step()
        vacancies = self.world.value("local_vacancies") * self.state.founding_households
        self.world.set("crowding", crowding(self.state, vacancies))

    def count_by_group(self, indicator: str, groups: np.ndarray, amounts: np.ndarray | int = 1) -> None:
        """Add to this month's count of an indicator: of each household's group, one or its amount."""
        np.add.at(self.now[:, INDEX[indicator]], groups, amounts)

    def count_for_county(self, indicator: str, amount: int) -> None:
        """Add to this month's count of an indicator that belongs to the county and to no group: it stands under the last one."""
        self.now[-1, INDEX[indicator]] += amount

    def _recording(self, paid: np.ndarray) -> None:
        """Note who is truly at risk; keep the month's counts and payments."""
        self.watch.step()
        self.records.append(self.now)
        self.totals = self.now.sum(axis=0)
        self.payments.append(paid)
        for account in self.accounts:
            account.close_month(paid)
        self.board.step()
        for fund in self.funds:
            fund.receive(int(paid[fund.number]))
        if month_of_year(self.month) == 12:
            self.decembers[self.month // 12] = net_heads(self.state)
        self.datacollector.collect(self)
        self.tracer.end()

    def bulk(self, stream: str, ids: np.ndarray, month: int) -> np.ndarray:
        """Return the uniforms of one stream for many entities in a month."""
        return self.script.bulk(self.key, stream, ids, month)

    def _pass(self, name: str, paid: np.ndarray) -> np.ndarray:
        """Run one compiled pass and return its new falls; see `sim.passes`."""
        return self.passes.live(name, paid)

    def run_model(self) -> None:
        """Live all months."""
        while len(self.records) < self.months:
            self.step()

    @property
    def record(self) -> np.ndarray:
        """Monthly counts: int64 [months, groups, indicators]."""
        return np.array(self.records, np.int64).reshape(-1, len(GROUPS), len(INDICATORS))

    @property
    def paid(self) -> np.ndarray:
        """Monthly payments by lever, in fen: int64 [months, levers]."""
        return np.array(self.payments, np.int64).reshape(-1, max(1, len(self.rules.levers)))

    @property
    def households(self) -> View:
        """The households, seen like an AgentSet."""
        return View(self, "household")

    @property
    def persons(self) -> View:
        """The living persons, seen like an AgentSet."""
        return View(self, "person")

    @property
    def rural_population(self) -> int:
        """Rural persons of all income groups at the end of 2020: the denominator of the county's exit limits."""
        if self.past is not None:
            return self.past.rural_population
        simulated = int(self.state.persons["alive"].sum())
        return simulated * self.county.households // max(1, self.state.founding_households)

    def as_past(self) -> Past:
        """Return the county as it stands, to be taken over by models that go on from here."""
        carried = {**self.registry.carried(), **self.board.carried(), "crowding": self.world.value("crowding")}
        for account in self.accounts:
            carried |= account.carried()
        levers = tuple(lever.id for lever in self.rules.levers)
        rural = self.rural_population
        return Past(
            self.state.copy(), carried, self.record, self.paid, levers, self.county, self.month, rural, self.transfers
        )  # fmt: skip

    def relapse_table(self) -> dict[str, np.ndarray]:
        """Return every new fall by every definition: causes, pushes, and the last events before it; see `sim.falls`."""
        from sim.falls import relapse_table

        return relapse_table(self)

    def household_table(self) -> dict[str, np.ndarray]:
        """Return what pairing needs of every household: who it is and when it first fell, by each definition; -1 for never."""
        from sim.results import household_table

        return household_table(self)

    def ledger_table(self) -> dict[str, np.ndarray]:
        """Return payments by month and lever with their account and level, in fen; months without payment are left out."""
        from sim.results import ledger_table

        return ledger_table(self)

    def account_table(self) -> dict[str, np.ndarray]:
        """Return by month and account what was paid, what is left, and the demand not met, in fen."""
        from sim.results import account_table

        return account_table(self)

    def risk_table(self) -> dict[str, np.ndarray]:
        """Return the households at risk for the first time after 2020 and what came before; see `sim.risks`."""
        from sim.risks import risk_table

        return risk_table(self)

    def post_table(self) -> dict[str, np.ndarray]:
        """Return by month, lever, event and group how many persons held, got and left a place."""
        from sim.results import post_table

        return post_table(self)

    def spell_table(self) -> dict[str, np.ndarray]:
        """Return spells of true risk by their beginning and how soon they were found; see `sim.watch`."""
        from sim.watch import spell_table

        return spell_table(self.watch)

    def list_table(self) -> dict[str, np.ndarray]:
        """Return what was known of households each December and what the next year brought; see `sim.watch`."""
        from sim.watch import list_table

        return list_table(self.watch)

    def ledger_residual(self) -> np.ndarray:
        """Return what the books leave unexplained each month, in fen: all zero."""
        from sim.results import ledger_residual

        return ledger_residual(self)

    def untouched_levers(self) -> list[tuple[str, str]]:
        """Return the levers that never touched anybody, each with a code of `sim.untouched.REASONS`."""
        from sim.untouched import untouched_levers

        return untouched_levers(self)


def _reporter(name: str) -> Any:
    """Return a reporter of one count of all groups together."""
    place = INDEX[name]
    return lambda model: int(model.totals[place])
