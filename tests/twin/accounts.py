"""Accounts as Mesa agents: the money of a year, and what its end does to policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from sim.model import Past
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
CODES = {"stop": 0, "pro_rata": 1, "queue": 2}


class Account(mesa.Agent):
    """The policies of one budget line and the rule that limits it."""

    model: TwinModel

    def __init__(self, model: TwinModel, name: str) -> None:
        """Find who draws on the line."""
        super().__init__(model)
        self.name = name
        mine = [policy for policy in model.policies.all if policy.lever.account == name]
        self.rules = [policy for policy in mine if policy.lever.mechanism == "budget_rule"]
        self.drawing = [policy for policy in mine if policy.lever.mechanism != "budget_rule"]
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

    def open_month(self, month: int) -> None:
        """Open the year when it begins; cut or close what draws on an account without money."""
        rule = next((policy for policy in self.rules if policy.on), None)
        self.granted = 1.0
        if rule is None:
            self.open = False
            return
        if not self.open or month % 12 + 1 == rules.to_fen(rule.terms["start_month"]):
            overdrawn = min(self.balance, 0)
            self.balance = rules.to_fen(rule.terms["envelope"] * self.model.county.households) + overdrawn
        self.open = True
        word = rule.words["when_out"]
        self.granted = rules.granted_share(self.balance, self.expected(month), CODES[word])
        if self.granted < 1.0:
            for policy in self.drawing:
                self.limit(policy, word)

    def expected(self, month: int) -> int:
        """Return last year's demand of this month, else last month's."""
        return self.demand.get(month - 12, self.demand.get(month - 1, 0))

    def limit(self, policy: Policy, word: str) -> None:
        """Cut a policy's payments and let nobody new in."""
        for field in SCALED[word].get(policy.lever.mechanism, ()):
            policy.terms[field] *= self.granted
        if policy.lever.mechanism == "top_up":
            policy.terms |= {"take_up": 0.0, "take_up_monitored": 0.0}
        if policy.lever.mechanism == "job_slots":
            policy.terms["minimum_age"] = 200.0
        if policy.lever.mechanism in ("one_off_grant", "restored_guarantee", "service"):
            policy.terms["probability"] = 0.0

    def close_month(self, month: int, paid: list[int]) -> None:
        """Book what was paid and what was not."""
        fen = sum(paid[policy.number] for policy in self.drawing)
        self.unmet = max(0, self.expected(month) - fen) if self.granted < 1.0 else 0
        self.demand[month] = fen + self.unmet
        if self.open:
            self.balance -= fen
