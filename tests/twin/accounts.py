"""Accounts as Mesa agents: the money of a year, and what its end does to policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.draws import NUMBER, draw
from sim.institutions.institution import Institution
from sim.past import Past
from twin import rules
from twin.policies import Policy

if TYPE_CHECKING:
    from twin.model import TwinModel

PAYMENTS = {
    "price_subsidy": ("share",),
    "reimbursement": ("rate", "rate_high"),
    "credit": ("subsidy",),
    "farm_insurance": ("premium_subsidy",),
    "schooling_aid": ("amount",),
}
SCALED: dict[str, dict[str, tuple[str, ...]]] = {
    "stop": PAYMENTS,
    "pro_rata": PAYMENTS | {"job_slots": ("pay", "bridge_pay"), "cash_transfer": ("amount",), "service": ("cost", "relief")},
    "queue": {},
}
KINDS = ("budget_rule", "budget_source", "budget_part", "budget_pool")
CODES = {"stop": 0, "pro_rata": 1, "queue": 2}


class Account(Institution):
    """The policies of one budget line and the rule that limits it."""

    model: TwinModel

    def __init__(self, model: TwinModel, name: str) -> None:
        """Find who draws on the line."""
        super().__init__(model)
        self.name = name
        mine = [policy for policy in model.policies.all if policy.lever.account == name]
        self.money = {kind: [policy for policy in mine if policy.lever.mechanism == kind] for kind in KINDS}
        self.drawing = [policy for policy in mine if policy.lever.mechanism not in KINDS]
        self.balance, self.open, self.granted, self.unmet = 0, False, 1.0, 0
        self.demand: dict[int, int] = {}

    def take_over(self, past: Past) -> None:
        """Go on from the end of 2020."""
        ids = {policy.lever.id for policy in self.drawing}
        rows = past.paid.tolist()
        for back in range(1, min(12, len(rows)) + 1):
            self.demand[past.month + 1 - back] = sum(
                fen for lever, fen in zip(past.levers, rows[-back], strict=False) if lever in ids
            )
        self.balance = int(past.carried.get(f"{self.name}.balance", 0))
        self.open = bool(past.carried.get(f"{self.name}.open", 0))

    def said(self, kind: str) -> Policy | None:
        """Return the first policy in force of a kind that names this account."""
        return next((policy for policy in self.money[kind] if policy.on and policy.clauses), None)

    def parent(self) -> Account | None:
        """Return the account of which this is a part."""
        above = self.name.rpartition(".")[0]
        return next((account for account in self.model.accounts if account.name == above), None)

    def is_part(self) -> bool:
        """Say whether it has a share of another account's envelope of its own."""
        return self.parent() is not None and self.said("budget_part") is not None

    def below(self) -> list[Account]:
        """Return the accounts whose name begins with this one's."""
        return [account for account in self.model.accounts if account.parent() is self]

    def rule(self) -> Policy | None:
        """Return the rule that limits the account."""
        above = self.parent()
        return above.rule() if above and self.is_part() else self.said("budget_rule")

    def purse(self) -> list[Account]:
        """Return the accounts that share this one's money, itself included."""
        above = self.parent()
        top = above if above and self.is_part() else self
        pool = [policy for policy in top.money["budget_pool"] if policy.on and policy.clauses and policy.terms["flexible"] == 1.0]
        return [top, *(account for account in top.below() if account.is_part())] if pool else [self]

    def all_money(self, month: int) -> float:
        """Return a year's envelope with all further sources."""
        amount = self.said("budget_rule").terms["envelope"]
        lot = float(draw(self.model.key, NUMBER["revenue"], np.uint64(self.model.county.number), month))
        for source in self.money["budget_source"]:
            if source.on and source.clauses:
                amount += rules.year_amount(source.terms["amount"], source.terms["spread"], lot)
        return amount * self.model.county.households

    def envelope(self, month: int) -> int:
        """Return the money of a year: a share of the whole, or what the parts leave of it."""
        above = self.parent()
        if above and self.is_part():
            return rules.to_fen(above.all_money(month) * self.said("budget_part").terms["share"])
        given = sum(account.said("budget_part").terms["share"] for account in self.below() if account.is_part())
        return rules.to_fen(self.all_money(month) * (1.0 - given))

    def charged(self) -> list[Policy]:
        """Return who draws on this money: also those below without money of their own."""
        more = [policy for account in self.below() if not account.is_part() for policy in account.drawing]
        return self.drawing + more

    def open_month(self, month: int) -> None:
        """Open the year when it begins."""
        rule = self.rule()
        self.granted = 1.0
        if rule is None:
            self.open = False
            return
        if not self.open or month % 12 + 1 == rules.to_fen(rule.terms["start_month"]):
            purse = self.purse()
            overdrawn = min(sum(account.balance for account in purse), 0) if purse[0] is self else 0
            self.balance = self.envelope(month) + overdrawn
        self.open = True

    def grant(self, month: int) -> None:
        """Cut or close what draws on an account without money."""
        rule = self.rule()
        if rule is None:
            return
        word, purse = rule.words["when_out"], self.purse()
        balance, expected = sum(one.balance for one in purse), sum(one.expected(month) for one in purse)
        self.granted = rules.granted_share(balance, expected, CODES[word])
        if self.granted < 1.0:
            for policy in self.charged():
                self.limit(policy, word)

    def expected(self, month: int) -> int:
        """Return last year's demand of this month, else last month's."""
        return self.demand.get(month - 12, self.demand.get(month - 1, 0))

    def limit(self, policy: Policy, word: str) -> None:
        """Cut a policy's payments and let nobody new in, whatever terms it has in whichever township."""
        held = policy.on, policy.terms
        for version in policy.versions.values():
            policy.on, policy.terms = version
            self.limit_terms(policy, word)
        policy.on, policy.terms = held

    def limit_terms(self, policy: Policy, word: str) -> None:
        """Cut the payments in the terms that a policy stands at."""
        for field in SCALED[word].get(policy.lever.mechanism, ()):
            policy.terms[field] *= self.granted
        if policy.lever.mechanism == "top_up":
            policy.terms |= {"take_up": 0.0, "take_up_monitored": 0.0}
        if policy.lever.mechanism == "job_slots":
            policy.terms["minimum_age"] = 200.0
        if policy.lever.mechanism == "placement":
            policy.terms["places"] = 0.0
        if policy.lever.mechanism == "training":
            policy.terms["chance"] = 0.0
        if policy.lever.mechanism in ("one_off_grant", "restored_guarantee", "service"):
            policy.terms["probability"] = 0.0

    def close_month(self, month: int, paid: list[int]) -> None:
        """Book what was paid and what was not."""
        fen = sum(paid[policy.number] for policy in self.charged())
        self.unmet = max(0, self.expected(month) - fen) if self.granted < 1.0 else 0
        self.demand[month] = fen + self.unmet
        if self.open:
            self.balance -= fen
