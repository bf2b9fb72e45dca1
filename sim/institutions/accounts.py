"""Accounts: envelopes of money by fiscal year. What they grant in a month is decided at its start, from the past alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import mesa
import numpy as np

from sim.policies.budget import ADMISSIONS, CONTRACTS, FLOWS, PRO_RATA, QUEUE, granted_share
from sim.policies.tables import ON, columns_of
from sim.rules import month_of_year
from sim.world import whole

if TYPE_CHECKING:
    from sim.model import Model, Past

YEAR = 12


class Month(NamedTuple):
    """What an account did in a month: fen paid, fen left, fen of demand not met, and the share of amounts that it granted."""

    month: int
    paid: int
    balance: int
    unmet: int
    granted: float


class Account(mesa.Agent):
    """One budget line: the levers that draw on it, and the rule that limits it, if there is one."""

    def __init__(self, model: Model, name: str) -> None:
        """Open the account with the year behind it."""
        super().__init__(model)
        self.county: Model = model
        self.name = name
        levers = model.rules.levers
        self.drawing = [k for k, one in enumerate(levers) if one.account == name and one.mechanism != "budget_rule"]
        self.levels = tuple(sorted({levers[k].level for k in self.drawing}))
        rules = [one for one in levers if one.mechanism == "budget_rule"]
        self.rules = [row for row, one in enumerate(rules) if one.account == name]
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

    def terms(self) -> dict[str, float] | None:
        """Return the terms of the rule in force, None where money is not limited."""
        table = self.county.world.levers["budget_rule"]
        rows = [table[row] for row in self.rules if table[row, ON] == 1.0]
        return dict(zip(columns_of("budget_rule"), (float(x) for x in rows[0]), strict=True)) if rows else None

    def expected(self) -> int:
        """Return the demand to expect: that of the same month a year ago, else of last month."""
        month = self.county.month
        return self.demand.get(month - YEAR, self.demand.get(month - 1, 0))

    def open_month(self) -> None:
        """Open a fiscal year when it begins; decide what share is granted this month and bring it to the levers' terms."""
        terms = self.terms()
        if terms is None:
            self.open, self.granted = False, 1.0
            return
        if not self.open or month_of_year(self.county.month) == whole(terms["start_month"]):
            envelope = whole(terms["envelope"] * self.county.county.households)
            # what an overdrawn year took too much, the next one lacks; what is left lapses
            self.balance = envelope + min(self.balance, 0)
        self.open = True
        mode = int(terms["when_out"])
        self.granted = granted_share(self.balance, self.expected(), mode)
        if self.granted < 1.0:
            self._limit(mode)

    def _limit(self, mode: int) -> None:
        """Scale or close the levers of this account, each mechanism in its way."""
        for mechanism, table in self.county.world.levers.items():
            names = columns_of(mechanism)
            fields = () if mode == QUEUE else FLOWS.get(mechanism, ())
            fields += CONTRACTS.get(mechanism, ()) if mode == PRO_RATA else ()
            for row in table:
                if int(row[1]) not in self.drawing:
                    continue
                for field in fields:
                    row[names.index(field)] *= self.granted
                for field, closed in ADMISSIONS.get(mechanism, {}).items():
                    row[names.index(field)] = closed

    def close_month(self, paid: np.ndarray) -> None:
        """Book the month's payments; what was expected and not paid is demand not met."""
        fen = int(paid[self.drawing].sum()) if self.drawing else 0
        short = max(0, self.expected() - fen) if self.granted < 1.0 else 0
        self.demand[self.county.month] = fen + short
        self.balance -= fen if self.open else 0
        self.months.append(Month(self.county.month, fen, self.balance if self.open else 0, short, self.granted))

    def carried(self) -> dict[str, float]:
        """Return what goes over into the next month."""
        return {f"{self.name}.balance": float(self.balance), f"{self.name}.open": float(self.open)}
