"""A household's farm: harvests, livestock, farm insurance and the interest on its loan."""

from __future__ import annotations

from typing import Any

from twin import rules
from twin.law import Law
from twin.ledger import Tally
from twin.luck import Luck


class Farm:
    """The part of a household that farms. Attributes are the household's."""

    def __getattr__(self, name: str) -> Any:
        """Say which attribute is missing."""
        raise AttributeError(name)

    def plan_business(self, law: Law, luck: Luck) -> None:
        """Begin or give up livestock in January."""
        self.livestock, self.farms = rules.plan_business(
            self.able, self.land_mu, self.livestock, law.livestock_start, law.livestock_sales, law.livestock_sd,
            luck.once("livestock", self), luck.once("herd", self),
        )  # fmt: skip

    def run_farm(self, law: Law, luck: Luck, tally: Tally) -> tuple[int, int, int, dict[str, int]]:
        """Live the farm's month; return what is booked, paid in cash and lost, and the flows of insurance."""
        policies = self.model.policies
        cash, self.farm_due = rules.collect(self.farm_due)
        booked, lost, crop = 0, 0, (0.0, 0.0, 0.0)
        if law.moy in (6, 10):
            booked, cash, self.farm_due, lost, *crop = rules.harvest(
                law.moy, self.land_mu, self.members, self.able, cash, law.farm_income, law.june_share, law.farm_price,
                law.yield_own_sd, law.farm_without_labour, law.late_sale_share, law.disaster_month, law.loss[self.township],
                law.yields[self.township], policies.factor("farm", self), policies.factor("yield_loss", self),
                policies.factor("price_loss", self), policies.factor("disaster_loss", self), luck.once("yield", self),
                luck.once("sale", self),
            )  # fmt: skip
            self.note_harvest(law, booked, lost, crop[0])
            booked, cash, self.farm_due = rules.lose_to_places(
                law.moy, tally.post + tally.workshop, booked, cash, self.farm_due, law.june_share, law.displacement
            )
        if self.livestock and self.members:
            booked, cash, self.farm_due = rules.tend_livestock(
                law.moy, self.livestock, booked, cash, self.farm_due, law.livestock_cost, law.livestock_price,
                law.late_sale_share, policies.factor("livestock", self), policies.factor("price_loss", self),
                luck.once("sale", self),
            )  # fmt: skip
        self.note_sales(law)
        own, budget = self.take_out_insurance(law, luck) if law.moy == 3 else (0, 0)
        paid_out = self.claim(law, crop) if law.moy in (6, 10, 12) else 0
        flows = {"insurance_premium": own, "insurance_subsidy": budget, "insurance_payout": paid_out}
        return booked - own + paid_out, cash - own + paid_out, lost, flows

    def take_out_insurance(self, law: Law, luck: Luck) -> tuple[int, int]:
        """Take out the year's policies; return the household's premium and the budget's."""
        self.insured = 0
        premiums = []
        luck_of_year = luck.once("insure", self)
        crops = self.land_mu * law.farm_income * (law.farm_without_labour if self.able == 0 else 1.0)
        for bit, policy in enumerate(self.model.policies.of.get("farm_insurance", [])):
            value = crops if policy.words["product"] == "crops" else float(self.livestock)
            wanted = self.members > 0 and value > 0.0 and luck_of_year < policy.terms["take_up"]
            if policy.on and wanted and policy.admits(self):
                self.insured |= 1 << bit
                terms = policy.terms
                premiums.append(rules.split_premium(value * terms["coverage"], terms["premium"], terms["premium_subsidy"]))
                self.model.ledger.pay(policy.number, premiums[-1].budget)
        return sum(premium.own for premium in premiums), sum(premium.budget for premium in premiums)

    def claim(self, law: Law, crop: Any) -> int:
        """Be paid what the policies owe."""
        value, grown, index = crop
        herd = 0.5 * self.livestock if law.moy != 10 else 0.0
        total = 0
        for bit, policy in enumerate(self.model.policies.of.get("farm_insurance", [])):
            if not (self.insured >> bit) & 1 or not policy.on:
                continue
            kinds = ("crops", "livestock"), ("yield", "income", "price", "index")
            product, basis = kinds[0].index(policy.words["product"]), kinds[1].index(policy.words["basis"])
            reached = rules.share_reached(product, basis, grown, index, law.farm_price, law.livestock_price)
            insured = (herd if product else value) * policy.terms["coverage"]
            fen = rules.payout(insured, reached, policy.terms["trigger"], policy.terms["deductible"])
            self.model.ledger.pay(policy.number, fen)
            total += fen
        return total

    def charge_interest(self, law: Law) -> tuple[int, int]:
        """Be charged a quarter's interest on the loan; return the household's part and the budget's."""
        if self.loan_balance == 0 or (law.moy % 3 and law.month != self.loan_due):
            return 0, 0
        lenders = self.model.policies.in_force("credit")
        subsidy = next((policy.terms["subsidy"] for policy in lenders if policy.number == self.loan_lever), 0.0)
        own, budget = rules.quarterly_interest(law.month, law.moy, self.loan_balance, self.loan_rate, self.loan_start, subsidy)
        self.model.ledger.pay(self.loan_lever, budget)
        return own, budget
