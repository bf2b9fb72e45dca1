"""The model of one county: a Mesa model that lives month by month."""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import mesa
import numpy as np

from sim.events import FOLLOWED
from sim.falls import Falls
from sim.families import live_january
from sim.indicators import GROUPS, INDEX, INDICATORS
from sim.institutions.accounts import Account
from sim.institutions.leaving import crowding, end_posts
from sim.institutions.placement import PlacementOffice
from sim.institutions.postbook import GONE, PostBook
from sim.institutions.posts import PostsOffice, owners
from sim.institutions.register import LAST_REVIEW, PoorRegister
from sim.institutions.registry import Registry
from sim.institutions.response import ResponseDesk
from sim.institutions.review import ReviewBoard
from sim.institutions.units import Fund, Township, Village
from sim.institutions.village_funds import VillageFunds
from sim.loops import WORDS, compiled
from sim.neighbours import compare_villages, note_neighbours
from sim.policies.eligibility import compile_dated
from sim.policies.opening import SLOTS, openings
from sim.policies.service import services_in_force
from sim.policies.tables import by_target, in_force
from sim.population import found
from sim.processes.employment import POST, RELIEF
from sim.relapse import FALL_WIDTH
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
from sim.writer import CONTEXT

PLAN_START = month_index(2021, 1)
HISTORY_START = month_index(FIRST_YEAR, 1)
SEEDS = 2**63
"""Seeds are whole numbers below this."""
TEST = 9
"""Month of the yearly test."""
CHUNKS = 4
"""Chunks of villages for each thread: several, so that all end together; few, for each costs the handing over of all columns."""


@dataclass(frozen=True)
class Past:
    """A county at the end of 2020: its state, what its institutions carry over, and the record of 2013 to 2020."""

    state: State
    carried: dict[str, float]
    record: np.ndarray
    paid: np.ndarray
    levers: tuple[str, ...]
    """Ids of the levers that numbers in the state point to."""
    county: County
    month: int
    rural_population: int
    """Rural persons of all income groups, simulated or not, at the end of 2020."""
    transfers: tuple[str, ...] = ()
    """Ids of the levers of transfers that bits in the state stand for, in their order."""


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
        self.script = script
        if not 0 <= int(rng) < SEEDS:
            raise ValueError(f"rng is {rng}; allowed: whole numbers from 0 to {SEEDS - 1}")
        super().__init__(rng=rng)
        self.county, self.rules, self.key, self.months = county, rules, int(rng), months
        self.threads = threads or os.cpu_count() or 1
        self.chunk = chunk or -(-county.villages // (CHUNKS * self.threads if self.threads > 1 else 1))
        self.world = World(county, rules, self.key)
        self.world.script = script
        self.conditions, self.later = compile_dated(rules.levers, county)
        self.first_month = past.month + 1 if past else HISTORY_START
        self.month = self.first_month - 1
        self.post_book = PostBook()
        self.decembers: dict[int, tuple[np.ndarray, np.ndarray]] = {}
        if past is None:
            self.world.advance(self.first_month)
            self.state = found(county, self.world, self.first_month)
            self.opening_assets = int(self.state.households["assets"].sum())
        else:
            if past.county != county or month_of_year(past.month) != 12:
                raise ValueError(f"the past is of {past.county} until month {past.month}; allowed: {county} until a December")
            self.state = past.state.copy()
            self._renumber_posts(past.levers)
            self._renumber_transfers(past.transfers)
        number_places(self.state, self.world)
        self.past = past
        self.now = np.zeros((len(GROUPS), len(INDICATORS)), np.int64)
        self.totals = self.now.sum(axis=0)
        self.records: list[np.ndarray] = []
        self._laid: dict[int, tuple[dict[str, np.ndarray], dict[str, np.ndarray]]] = {}
        self.payments: list[np.ndarray] = []
        self.falls: list[Falls] = []
        self.risks: list[dict[str, np.ndarray]] = []
        self.widest = self._widest()
        self.tracer = Tracer(self, tuple(trace))
        self.watch = Watch(self)
        self._found_institutions()
        if past is not None:
            self.registry.take_over(past.carried)
            self.board.take_over(past.carried)
            self.world.set("crowding", past.carried["crowding"])
            for account in self.accounts:
                account.take_over(past)
        self.datacollector = mesa.DataCollector(model_reporters={name: _reporter(name) for name in INDEX})

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

    def _renumber_posts(self, before: tuple[str, ...]) -> None:
        """Point posts to the levers of these rules; posts of a lever that is gone end."""
        now = [lever.id for lever in self.rules.levers]
        if tuple(now) == before:
            return
        persons = self.state.persons
        held = (persons["job"] >= POST) & (persons["job"] <= RELIEF)
        number = np.array([now.index(lever) if lever in now else -1 for lever in before], np.int16)
        for place in np.flatnonzero(number < 0):
            holders = np.flatnonzero(held & (persons["alive"] == 1) & (persons["post_lever"] == place))
            groups = self.state.households["group"][owners(self.state, holders)]
            self.post_book.note(self.first_month, before[place], GONE, groups.tolist())
        persons["post_lever"][held] = number[persons["post_lever"][held]]
        gone = held & (persons["alive"] == 1) & (persons["post_lever"] < 0)
        end_posts(self.state, np.flatnonzero(gone), self.first_month)
        households = self.state.households
        lent = (households["loan_balance"] > 0) & (households["loan_lever"] >= 0)
        households["loan_lever"][lent] = number[households["loan_lever"][lent]]

    def _renumber_transfers(self, before: tuple[str, ...]) -> None:
        """Let the bits of transfers stand for the levers of these rules; those of a lever that is gone are dropped."""
        now = self.transfers
        if now == before:
            return
        households = self.state.households
        for name in ("supports_held", "supports_ended"):
            bits = households[name].copy()
            households[name] = 0
            for place, lever in enumerate(before):
                if lever in now:
                    households[name] |= ((bits >> place) & 1) << now.index(lever)

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
            self.widest = self._widest()
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
        """Run one compiled pass over all villages, chunks of them in threads; sums are of integers, so their order is free.

        Returns:
            new falls below a line (`sim.relapse.note_fall`), in the order of the households.
        """
        chunks = self._chunks()
        arrays = {delay: self._arrays(delay) for delay in self.world.by_delay}
        compiled()
        if self.threads == 1 or len(chunks) == 1:
            parts = [self._run(name, chunks, arrays)]
        else:
            shares = [chunks[k :: self.threads] for k in range(self.threads)]
            parts = list(_pool(self.threads).map(lambda share: self._run(name, share, arrays), shares))
        for record, payments, _ in parts:
            self.now += record
            paid += payments
        falls = np.concatenate([found for _, _, found in parts])
        return falls[np.argsort(falls[:, 0])]

    def _chunks(self) -> list[tuple[int, int, int]]:
        """Return pieces of the county, first village to last, each with the months that its supports are behind their plan."""
        edges = set(range(0, self.county.villages, self.chunk))
        delays = self.world.delays[self.state.villages["township"]]
        edges |= {int(village) + 1 for village in np.flatnonzero(np.diff(delays))}
        starts = sorted(edges)
        ends = [*starts[1:], self.county.villages]
        return [(first, last, int(delays[first])) for first, last in zip(starts, ends, strict=True)]

    def _run(
        self, name: str, chunks: list[tuple[int, int, int]], arrays: dict[int, dict[str, np.ndarray]]
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Run one pass over some chunks with buffers of its own; villages with followed households are run in pieces."""
        own = self._buffers()
        own["falls"] = np.empty((len(self.state.households) if month_of_year(self.month) == TEST else 0, FALL_WIDTH), np.int64)
        function = getattr(compiled(), name)
        everything = {delay: [own.get(key, found.get(key)) for key in CONTEXT] for delay, found in arrays.items()}
        followed = self.tracer.villages()
        for first, last, delay in chunks:
            for village in sorted(v for v in followed if first <= v < last):
                function(first, village, self.month, self.key, *everything[delay])
                self._follow(function, village, followed[village], own, arrays[delay])
                first = village + 1
            function(first, last, self.month, self.key, *everything[delay])
        return own["record"], own["paid"], own["falls"][: own["fallen"][0]]

    def _follow(
        self, function: Any, village: int, rows: list[tuple[int, int]], own: dict[str, np.ndarray], arrays: dict[str, np.ndarray]
    ) -> None:
        """Run one pass over one village, each followed household by itself."""
        for columns, number in self.tracer.split(village, rows):
            part = self._buffers() | {"falls": own["falls"], "fallen": own["fallen"]}
            pieces = arrays | {"V_i4": columns} | part
            function(village, village + 1, self.month, self.key, *(pieces[key] for key in CONTEXT))
            own["record"] += part["record"]
            own["paid"] += part["paid"]
            if number:
                self.tracer.add(number, part["record"], part["paid"])

    def _buffers(self) -> dict[str, np.ndarray]:
        """Return empty books and room for the words of the widest village."""
        return {
            "record": np.zeros_like(self.now),
            "paid": np.zeros(max(1, len(self.rules.levers)), np.int64),
            "P_words": np.empty((WORDS, self.widest), np.uint32),
            "H_words": np.empty((WORDS, self.widest), np.uint32),
            "O_first": np.zeros(len(SLOTS), np.int32),
            "O_last": np.zeros(len(SLOTS), np.int32),
            "O_rows": np.zeros(max(1, len(self.rules.levers)), np.int32),
            "fallen": np.zeros(1, np.int64),
        }

    def _widest(self) -> int:
        """Return the most slots or households of a village."""
        households = self.state.households
        slots = np.bincount(households["village"], weights=households["slots"], minlength=self.county.villages)
        return int(max(slots.max(initial=1), np.bincount(households["village"]).max(initial=1)))

    def _arrays(self, delay: int) -> dict[str, np.ndarray]:
        """Return the arrays that both passes share, for villages whose supports are so many months behind their plan."""
        state, world = self.state, self.world
        arrays = {"env": world.env, "law": world.law, "T_bit": self.transfer_bits}
        for letter, part in (("P", state.persons), ("H", state.households), ("V", state.villages)):
            arrays |= {f"{letter}_{kind}": matrix for kind, matrix in part.matrices.items()}
        arrays |= {f"table_{name}": table for name, table in world.tables.items()}
        arrays |= self._lever_arrays(delay)
        arrays |= {"F_id": self.script.ids, "F_when": self.script.when, "F_u": self.script.u}
        conditions = self.conditions
        return arrays | {
            "W_lever": conditions.lever,
            "W_clause": conditions.clause,
            "W_term": conditions.term,
            "W_bound": conditions.bound,
        }

    def _lever_arrays(self, delay: int) -> dict[str, np.ndarray]:
        """Return the month's tables of levers as the passes take them; both passes of a month have the same."""
        levers, laid = self.world.by_delay[delay], self._laid.get(delay)
        if laid is None or laid[0] is not levers:
            now = {name: in_force(name, table) for name, table in levers.items()}
            now["service"] = services_in_force(now["service"])
            now["multiplier"], first = by_target(now["multiplier"])
            arrays = {f"L_{name}": table for name, table in now.items()}
            arrays |= {"X_first": first, "X_rows": np.arange(len(now["multiplier"]), dtype=np.int32)}
            arrays |= dict(zip(("A_slots", "A_first", "A_rows"), openings(now), strict=True))
            self._laid[delay] = laid = levers, arrays
        return laid[1]

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


@functools.cache
def _pool(threads: int) -> ThreadPoolExecutor:
    """Return the threads that all models of this process share; starting them anew each month would cost more than the month."""
    return ThreadPoolExecutor(threads)


def _reporter(name: str) -> Any:
    """Return a reporter of one count of all groups together."""
    place = INDEX[name]
    return lambda model: int(model.totals[place])
