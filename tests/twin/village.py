"""Villages as Mesa agents: lasting traits of their households, project assets, collective income and what is paid out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.draws import NUMBER, draw
from sim.institutions.institution import Institution
from sim.institutions.village_funds import HANDED_OVER
from sim.traits import ASSETS, COLLECTIVE, TITLED, TRAITS, Trait
from sim.world import whole
from twin import rules
from twin.policies import Policy

if TYPE_CHECKING:
    from twin.household import Household
    from twin.model import TwinModel


def live_traits(model: TwinModel) -> None:
    """Let every household gain and lose traits."""
    january = model.month % 12 == 0
    for number, trait in enumerate(TRAITS):
        path = model.world.rules.values[trait.share]
        before, now = path.at(model.month - 1), path.at(model.month)
        if max(before, now) > 0.0 and (january or (now != before and not trait.stream)):
            for household in model.households:
                change_trait(model, household, trait, number, before, now)
    for household in model.households if january else ():
        lot = lot_of(model, "trait", household.root, TITLED)
        if not household.titled_asset_value and is_former(household) and lot < model.law.titled_share:
            household.titled_asset_value = whole(model.law.titled_assets)


def number_places(model: TwinModel) -> None:
    """Tell every household its township's number, and which in turn its village is to get a workshop."""
    number = [trait.column for trait in TRAITS].index("v_workshop")
    lots = [lot_of(model, "village_trait", village, number) for village in model.village_ids]
    for household in model.households:
        own = lots[household.village]
        earlier = sum(lot < own for lot in lots) + sum(lot == own for lot in lots[: household.village])
        household.workshop_site = earlier + 1


def change_trait(model: TwinModel, household: Household, trait: Trait, number: int, before: float, now: float) -> None:
    """Give a household a trait, take it, or leave all as it is."""
    of_village = trait.entity == "village"
    entity = model.village_ids[household.village] if of_village else household.root
    when = model.month if trait.stream else number
    lot = lot_of(model, trait.stream or ("village_trait" if of_village else "trait"), entity, when)
    if trait.stream:
        setattr(household, trait.column, int(lot < now))
    elif lot < now and (is_former(household) or not trait.former):
        setattr(household, trait.column, 1)
    elif now <= lot < before:
        setattr(household, trait.column, 0)


def is_former(household: Household) -> bool:
    """Say whether a household is or was on the register of the poor."""
    return bool(household.registered or household.ex_poor)


def lot_of(model: TwinModel, stream: str, entity: int, when: int) -> float:
    """Return one lot."""
    return float(draw(model.key, NUMBER[stream], np.uint64(entity), when))


class Village(Institution):
    """One village's money."""

    model: TwinModel

    def __init__(self, model: TwinModel, number: int) -> None:
        """Begin with nothing."""
        super().__init__(model)
        self.number = number
        self.project_assets = 0
        self.collective_income = 0

    @property
    def households(self) -> list[Household]:
        """Its households."""
        return [household for household in self.model.households if household.village == self.number]

    def place(self, number: int, sd: float) -> float:
        """Return its lasting place around the mean of all villages."""
        lot = lot_of(self.model, "village_trait", self.model.village_ids[self.number], number)
        return rules.exp(sd * rules.normal(lot) - 0.5 * sd * sd)

    def open_month(self) -> None:
        """Take stock in January; pay out what is due."""
        if self.model.law.moy == 1:
            self.take_stock()
        left: dict[str, float] = {}
        for policy in self.model.policies.in_force("village_fund"):
            if whole(policy.terms["month"]) == self.model.law.moy:
                self.pay_out(policy, left)

    def take_stock(self) -> None:
        """Measure the collective's income; build assets, or lose some."""
        law = self.model.law
        self.collective_income = whole(law.collective_income * self.place(COLLECTIVE, law.collective_sd))
        self.model.ledger.count(2, villages=1, collective_villages=int(self.collective_income > law.collective_target))
        if self.model.month < HANDED_OVER:
            registered = sum(is_former(household) for household in self.households)
            self.project_assets = whole(law.project_assets * registered * self.place(ASSETS, law.project_sd))
        elif self.project_assets:
            lot = lot_of(self.model, "project", self.model.village_ids[self.number], self.model.month)
            chance = law.project_loss * self.model.policies.factor("project_loss", self.households[0])
            if lot < chance:
                self.project_assets -= rules.to_fen(self.project_assets * law.project_part)
        self.model.ledger.count(2, project_assets=self.project_assets)

    def pay_out(self, policy: Policy, left: dict[str, float]) -> None:
        """Divide the income of one source; what is not spent is there for the next policy."""
        terms, source = policy.terms, policy.words["source"]
        incomes = {"project_assets": self.project_assets * terms["yield"], "collective": float(self.collective_income)}
        left.setdefault(source, incomes[source])
        by_member = policy.words["by"] == "member"
        served = [household for household in self.households if household.members and policy.admits(household)]
        sharers = sum(household.members if by_member else 1 for household in served)
        if policy.words["shared_by"] == "whole_village":
            simulated = sum((household.members if by_member else 1) for household in self.households if household.members)
            sharers = whole(simulated / self.model.law.simulated_share)
        order = ("households_first", "works_first").index(policy.words["order"])
        share = terms["households"] if sharers else 0.0
        uses = rules.divide(left[source], terms["upkeep"], terms["works"], share, order)
        left[source] = uses.rest
        for household in served:
            fen = uses.households * (household.members if by_member else 1) // sharers
            household.village_due += fen
            self.model.ledger.pay(policy.number, fen)
