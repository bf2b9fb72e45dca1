"""Accounts: envelopes of money by fiscal year. What they grant in a month is decided at its start, from the past alone."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.draws import NUMBER, draw
from sim.institutions.institution import Institution
from sim.policies.budget import ADMISSIONS, CONTRACTS, FLOWS, PRO_RATA, QUEUE, granted_share, year_amount
from sim.policies.eligibility import NOT_MET
from sim.policies.mechanisms import MONEY
from sim.policies.tables import NUMBER as NUMBER_IN
from sim.policies.tables import ON, columns_of
from sim.rules import month_of_year
from sim.world import whole

if TYPE_CHECKING:
    from sim.model import Model
    from sim.past import Past

YEAR = 12


class Month(NamedTuple):
    """What an account did in a month: fen paid, fen left, fen of demand not met, and the share of amounts that it granted."""

    month: int
    paid: int
    balance: int
    unmet: int
    granted: float


class Account(Institution):
    """One budget line: the levers that draw on it, and the rule that limits it, if there is one.

    ``linkage_fund.industry`` is part of ``linkage_fund``: earmarked money while a lever gives it a share of the envelope, else
    its levers draw on the whole.
    """

    def __init__(self, model: Model, name: str) -> None:
        """Open the account with the year behind it."""
        super().__init__(model)
        self.county: Model = model
        self.name = name
        levers = model.rules.levers
        self.drawing = [k for k, one in enumerate(levers) if one.account == name and one.mechanism not in MONEY]
        self.levels = tuple(sorted({levers[k].level for k in self.drawing}))
        self.rows = {
            mechanism: [row for row, one in enumerate(k for k in levers if k.mechanism == mechanism) if one.account == name]
            for mechanism in MONEY
        }
        self.rules = self.rows["budget_rule"]
        self.balance = 0
        self.open = False
        self.granted = 1.0
        self.demand: dict[int, int] = {}
        self.months: list[Month] = []

    def take_over(self, past: Past) -> None:
        """Go on from the past: its balance, and its payments of a year as the demand to expect."""
        ids = [self.county.rules.levers[k].id for k in self.drawing]
        columns = [place for place, lever in enumerate(past.levers) if lever in ids]
        paid = past.paid[-YEAR:, columns].sum(axis=1).tolist()
        self.demand = {past.month + 1 - len(paid) + place: fen for place, fen in enumerate(paid)}
        self.balance = int(past.carried.get(f"{self.name}.balance", 0.0))
        self.open = past.carried.get(f"{self.name}.open", 0.0) == 1.0

    def in_force(self, mechanism: str) -> list[dict[str, float]]:
        """Return the terms of the levers of one mechanism that name this account and are in force."""
        table = self.county.world.levers[mechanism]
        clauses = self.county.conditions.lever
        # its condition asks of the county alone: it is met by everybody or by nobody
        met = [row for row in self.rows[mechanism] if clauses[int(table[row, NUMBER_IN])] != NOT_MET]
        rows = [table[row] for row in met if table[row, ON] == 1.0]
        return [dict(zip(columns_of(mechanism), (float(x) for x in row), strict=True)) for row in rows]

    @cached_property
    def whole(self) -> Account | None:
        """The account of which this one is a part, if it has one."""
        name = self.name.rpartition(".")[0]
        return next((one for one in self.county.accounts if one.name == name), None)

    @cached_property
    def within(self) -> list[Account]:
        """The accounts named as parts of this one, earmarked or not."""
        return [one for one in self.county.accounts if one.name.rpartition(".")[0] == self.name]

    @property
    def parts(self) -> list[Account]:
        """The earmarked parts of this account."""
        return [one for one in self.within if one.in_force("budget_part")]

    @property
    def purse(self) -> list[Account]:
        """The accounts that pay from one purse with this one."""
        whole_ = self.whole if self.whole and self.in_force("budget_part") else self
        pooled = any(terms["flexible"] == 1.0 for terms in whole_.in_force("budget_pool"))
        return [whole_, *whole_.parts] if pooled else [self]

    @property
    def charged(self) -> list[int]:
        """The levers that this account pays this month: its own, and those of its parts that have no money of their own."""
        loose = [one for one in self.within if not one.in_force("budget_part")]
        return [*self.drawing, *(lever for one in loose for lever in one.drawing)]

    def terms(self) -> dict[str, float] | None:
        """Return the terms of the rule in force, None where money is not limited; a part goes by the rule of the whole."""
        if self.whole and self.in_force("budget_part"):
            return self.whole.terms()
        rules = self.in_force("budget_rule")
        return rules[0] if rules else None

    def envelope(self) -> int:
        """Return the money of a fiscal year: envelope and further sources, less the shares of the parts."""
        if self.whole and self.in_force("budget_part"):
            return whole(self.whole.all_money() * self.in_force("budget_part")[0]["share"])
        return whole(self.all_money() * (1.0 - sum(one.in_force("budget_part")[0]["share"] for one in self.parts)))

    def all_money(self) -> float:
        """Return envelope and further sources of a fiscal year, parts included."""
        county = self.county
        luck = draw(county.key, NUMBER["revenue"], np.uint64(county.county.number), county.month)
        amount = self.in_force("budget_rule")[0]["envelope"]
        for source in self.in_force("budget_source"):
            amount += year_amount(source["amount"], source["spread"], luck)
        return amount * county.county.households

    def expected(self) -> int:
        """Return the demand to expect: that of the same month a year ago, else of last month."""
        month = self.county.month
        return self.demand.get(month - YEAR, self.demand.get(month - 1, 0))

    def open_month(self) -> None:
        """Open a fiscal year when it begins."""
        self.granted = 1.0
        terms = self.terms()
        if terms is None:
            self.open = False
            return
        if not self.open or month_of_year(self.county.month) == whole(terms["start_month"]):
            # what an overdrawn year took too much, the next one lacks; what is left lapses. The first of a purse bears it for all
            purse = self.purse
            self.balance = self.envelope() + (min(sum(one.balance for one in purse), 0) if purse[0] is self else 0)
        self.open = True

    def grant(self) -> None:
        """Decide what share is granted this month and bring it to the levers' terms."""
        terms = self.terms()
        if terms is None:
            return
        mode = int(terms["when_out"])
        balance, expected = sum(one.balance for one in self.purse), sum(one.expected() for one in self.purse)
        self.granted = granted_share(balance, expected, mode)
        if self.granted < 1.0:
            self._limit(mode)

    def _limit(self, mode: int) -> None:
        """Scale or close the levers of this account, each mechanism in its way."""
        charged = self.charged
        world = self.county.world
        # with one delay for all townships the county's tables are that delay's
        apart = [tables for tables in world.by_delay.values() if tables is not world.levers]
        for mechanism, table in (pair for tables in (world.levers, *apart) for pair in tables.items()):
            names = columns_of(mechanism)
            fields = () if mode == QUEUE else FLOWS.get(mechanism, ())
            fields += CONTRACTS.get(mechanism, ()) if mode == PRO_RATA else ()
            for row in table:
                if int(row[1]) not in charged:
                    continue
                for field in fields:
                    row[names.index(field)] *= self.granted
                for field, closed in ADMISSIONS.get(mechanism, {}).items():
                    row[names.index(field)] = closed

    def close_month(self, paid: np.ndarray) -> None:
        """Book the month's payments; what was expected and not paid is demand not met."""
        charged = self.charged
        fen = int(paid[charged].sum()) if charged else 0
        short = max(0, self.expected() - fen) if self.granted < 1.0 else 0
        self.demand[self.county.month] = fen + short
        self.balance -= fen if self.open else 0
        self.months.append(Month(self.county.month, fen, self.balance if self.open else 0, short, self.granted))

    def carried(self) -> dict[str, float]:
        """Return what goes over into the next month."""
        return {f"{self.name}.balance": float(self.balance), f"{self.name}.open": float(self.open)}
