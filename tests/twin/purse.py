"""A household's purse: loans, consumption, what is done when money is short, and debts repaid."""

from __future__ import annotations

from typing import Any

from twin import rules
from twin.law import Law
from twin.luck import Luck
from twin.person import single


class Purse:
    """The part of a household that handles money. Attributes are the household's."""

    def __getattr__(self, name: str) -> Any:
        """Say which attribute is missing."""
        raise AttributeError(name)

    def manage_money(self, law: Law, luck: Luck, dibao: int) -> dict[str, int]:
        """Borrow, consume, cover what is short, repay; return the month's flows."""
        self.flows = dict.fromkeys(
            ("estates", "lent", "loans_granted", "kin_borrowed", "borrowed", "repaid", "distress_sales", "defaults"), 0
        )
        if int(12.0 * self.turn) + 1 == law.moy:
            self.credit_eligible, self.loan_wanted, self.loan_need = rules.seek_credit(
                self.able, self.loan_balance, self.arrears, law.loan_wish, law.loan_need, law.loan_need_sd,
                luck.once("loan_wish", self), luck.once("loan_need", self),
            )  # fmt: skip
        if self.loan_wanted:
            self.ask_for_loan(law, luck)
        spent, self.assets, self.usual_income, gap = rules.consume(
            self.members, self.cash_month, dibao, self.market_month, self.unavoidable_month, self.flows["lent"],
            self.loan_balance, self.usual_income, self.assets, law.consumption_share, law.consumption_shock,
            law.consumption_floor, law.wealth_spent, self.model.policies.factor("consumption", self),
        )  # fmt: skip
        if gap:
            spent = self.cover_gap(law, gap, spent)
        elif self.debt or self.kin_debt or self.arrears:
            self.assets, self.arrears, self.debt, self.kin_debt, self.in_default, self.flows["repaid"] = rules.repay_debts(
                self.assets, self.usual_income, self.loan_balance, self.arrears, self.debt, self.kin_debt, self.in_default
            )
        if self.loan_balance and law.month >= self.loan_due:
            self.settle_loan(law, luck)
        if not self.members:
            self.close_estate()
        return {"consumption": spent, **self.flows}

    def ask_for_loan(self, law: Law, luck: Luck) -> None:
        """Ask every lender; take the largest loan of those that say yes."""
        answer, easier = luck.once("loan", self), self.model.policies.factor("loan_chance", self)
        offers = [
            (rules.is_granted(self.loan_need, policy.terms["amount"], 0), policy)
            for policy in self.model.policies.in_force("credit")
            if answer < easier * policy.terms["take_up"] and policy.admits(self)
        ]
        granted, lender = max(offers, key=lambda offer: offer[0], default=(0, None))
        if granted == 0:
            return
        self.loan_balance, self.loan_start, self.loan_lever = granted, law.month, lender.number
        self.loan_rate = single(self.model.policies.factor("loan_rate", self) * lender.terms["rate"])
        self.loan_due = law.month + int(lender.terms["term_months"] + 0.5)
        self.loan_renewals = self.loan_wanted = 0
        self.loan_herd = rules.added_herd(granted, lender.terms["scale"], self.livestock)
        self.livestock += self.loan_herd
        self.flows.update(lent=granted, loans_granted=1)

    def cover_gap(self, law: Law, gap: int, spent: int) -> int:
        """Go through what a household does when money is short; return what was consumed in the end."""
        (
            spent, self.kin_debt, self.debt, self.livestock, self.arrears, self.flows["kin_borrowed"], self.flows["borrowed"],
            self.flows["distress_sales"],
        ) = rules.cover_gap(
            self.members, law.moy, gap, spent, self.usual_income, self.kin_debt, self.debt, self.livestock, self.arrears,
            law.aftermath[self.township], law.kin_limit, law.debt_limit, law.livestock_price, law.distress_discount,
            law.consumption_floor, law.subsistence, self.model.policies.factor("asset_loss", self),
        )  # fmt: skip
        if self.flows["distress_sales"]:
            self.note("distress_sale", self.flows["distress_sales"])
        return spent

    def settle_loan(self, law: Law, luck: Luck) -> None:
        """Repay, renew or fail to repay a loan that is due."""
        term = 0.0
        if self.loan_renewals == 0:
            asked = luck.once("renewal", self)
            once = (p for p in self.model.policies.in_force("credit") if p.words["renewal"] == "once")
            renewing = (p for p in once if p.number == self.loan_lever or p.admits(self))
            term = next((p.terms["term_months"] for p in renewing if asked < p.terms["renewal_chance"]), 0.0)
        (
            self.loan_balance, self.loan_due, self.loan_renewals, self.loan_herd, self.livestock, self.assets, self.kin_debt,
            self.arrears, self.in_default, self.flows["defaults"], self.flows["repaid"], self.flows["kin_borrowed"],
        ) = rules.end_loan(
            term, law.month, self.loan_balance, self.loan_due, self.loan_renewals, self.loan_herd, self.livestock, self.assets,
            self.kin_debt, self.arrears, self.in_default, self.flows["repaid"], self.flows["kin_borrowed"],
            law.aftermath[self.township], law.kin_limit,
        )  # fmt: skip
        if self.flows["defaults"]:
            self.note("default", self.arrears)

    def close_estate(self) -> None:
        """Close the books of an empty house."""
        (
            self.flows["estates"], self.assets, self.debt, self.kin_debt, self.loan_balance, self.arrears, self.livestock,
            self.in_default,
        ) = rules.close_estate(self.assets, self.debt, self.kin_debt, self.loan_balance, self.arrears)  # fmt: skip
