"""A household as a Mesa agent: its members' month, then its own; after the county has acted, its purse and its tests."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim import relapse
from sim.indicators import CAUSES, GUARANTEE_CAUSES
from sim.institutions.institution import Institution
from sim.processes.demography import FERTILE_FROM, FERTILE_TO
from sim.sources import SOURCES
from twin import rules
from twin.farm import Farm
from twin.law import Law
from twin.ledger import Ledger, Tally
from twin.luck import Luck
from twin.memory import Memory
from twin.person import Person, newborn, single
from twin.policies import Policy
from twin.purse import Purse
from twin.registry import BITS

if TYPE_CHECKING:
    from twin.model import TwinModel

NAMES = [source.name for source in SOURCES]


EVENTS = (
    "disaster", "hardship", "newly_monitored", "rebuilding", "school_entry", "migration", "accident", "high_spending",
)  # fmt: skip
"""Events that a grant may follow; a household's `events` hold them as bits."""


class Household(Farm, Purse, Memory, Institution):
    """One household. Attributes have the names of the engine's columns; members are a list of persons."""

    model: TwinModel

    def __init__(self, model: TwinModel, columns: dict[str, Any], township: int) -> None:
        """Settle in a township with the given attributes and nobody in the house yet."""
        super().__init__(model)
        self.people: list[Person] = []
        self.mother: Person | None = None
        self.place = -1
        self.__dict__.update(columns)
        self.township = township

    # before the county acts ------------------------------------------------------------------------------------

    def start_year(self, month: int) -> None:
        """Count the women who may give birth this year: as many births the year has room for."""
        ages = [(month - person.birth_month) // 12 for person in self.people if person.sex == 0]
        self.spare = sum(FERTILE_FROM - 1 <= age <= FERTILE_TO for age in ages)

    def live(self) -> None:
        """Live one month up to the county's turn."""
        law, luck, ledger = self.model.law, self.model.luck, self.model.ledger
        self.model.policies.go_to(self.township)
        tally = self.live_together(law, luck)
        assistance = self.model.policies.first("top_up", self)
        ledger.count(self.group, ended_households=int(self.members > 0 and tally.alive == 0))
        self.members, self.able = tally.alive, tally.able
        self.absent, self.kept_away = tally.absent, tally.kept_away
        self.any_employed, self.stable_earned_income = int(tally.working > 0), int(tally.stable > 0)
        self.gather_dependents(tally)
        self.count_earning(tally)
        self.note_shock(law, luck, tally)
        if tally.born:
            self.note("newcomer")
        if law.moy == 1:
            self.plan_business(law, luck)
        booked, cash, lost, insurance = self.run_farm(law, luck, tally)
        self.owed_12m, self.owed_window[law.ring], shift = rules.collect_pay(
            self.owed_12m, self.owed_window[law.ring], tally.late
        )
        loan_interest, interest_subsidy = self.charge_interest(law)
        transfers, property_income = rules.other_income(
            self.members, tally.old, tally.prime, self.registered, self.ex_poor, law.other_transfers, law.elderly_support,
            law.programme_transfers, law.property_income,
        )  # fmt: skip
        burden = self.keep_guarantees(law, luck, tally)
        support = self.model.policies.support(self, law.moy, ledger, tally)
        self.note_supports(tally)
        medical, interest = self.close_month(
            law, tally, booked, cash, transfers, support, property_income, burden, shift, loan_interest
        )
        self.book_sources(tally, booked, lost, medical, support)
        self.be_assessed(law, tally, assistance, transfers, property_income)
        self.watch(law, luck, tally)
        _count_flows(ledger, self, tally)
        ledger.count(
            self.group, farm_income=booked, transfer_income=transfers, property_income=property_income,
            own_medical=medical, interest=interest, interest_subsidy=interest_subsidy, support_income=support,
            pay_late=tally.late, **insurance,
        )  # fmt: skip

    def live_together(self, law: Law, luck: Luck) -> Tally:
        """Let the members live; the dead leave, a newborn child comes last and begins to live next month."""
        tally = Tally()
        self.mother = None
        for person in self.people:
            person.live(law, luck, tally)
        if tally.died:
            for person in [person for person in self.people if not person.alive]:
                self.people.remove(person)
                person.remove()
        if self.mother is not None:
            self.spare -= 1
            self.people.append(newborn(self.mother, law, luck))
        return tally

    def gather_dependents(self, tally: Tally) -> None:
        """Fold in who can care, who is away, and how much care is left to the family."""
        self.any_disabled, self.incapable = int(tally.disabled > 0), tally.incapable
        self.carers, self.prime_away, self.men_away = tally.carers, tally.prime_away, tally.men_away
        self.left_behind_members, self.care_burden = tally.left_behind, tally.care_points

    def count_earning(self, tally: Tally) -> None:
        """Count who works, and remember posts lost some months ago."""
        jobless, able, working, self.after_post = rules.count_earning(
            self.able, self.relocated, tally.working, tally.left_3, tally.left_6, tally.left_12
        )
        self.model.ledger.count(
            self.group, jobless_households=jobless, relocated_able=able, relocated_workers=working, seekers=tally.seeking,
            jobs_found=tally.found_work, severe_uncovered=tally.severe_uncovered,
        )  # fmt: skip

    def note_shock(self, law: Law, luck: Luck, tally: Tally) -> None:
        """Name the month's major event; last month's is over."""
        struck = law.struck[self.township]
        if struck > 0.0 or tally.died or tally.severe or self.major_shock:
            self.major_shock = rules.note_shock(self.members, tally.died, tally.severe, tally.hurt, struck).major_shock

    def keep_guarantees(self, law: Law, luck: Luck, tally: Tally) -> int:
        """Repair the house, face nature, and pay for schooling, rebuilding and water; return what it comes to."""
        rebuilding, aid = self.repair_house(law, luck)
        self.face_nature(law, luck)
        water, own_schooling, own_rebuilding, burden = rules.bear_costs(
            self.members, self.water_safe, tally.school_cost, tally.school_aid, rebuilding, aid, law.water_cost
        )
        self.book(schooling=own_schooling, rebuilding=own_rebuilding, water=water)
        self.note_costs(law, own_schooling, own_rebuilding, water)
        self.model.ledger.count(
            self.group, schooling_cost=tally.school_cost, rebuilding=rebuilding, rebuilding_aid=aid, water_cost=water,
            lost_schooling_persons=tally.out_of_school, lost_cover_persons=tally.alive - tally.covered - tally.employed_cover,
            school_aid=tally.school_aid, late_premiums=tally.late_premium,
        )  # fmt: skip
        self.rebuilding = rebuilding
        return burden

    def repair_house(self, law: Law, luck: Luck) -> tuple[int, int]:
        """Repair an unsafe house; return the cost and the grant towards it."""
        if self.house_safe:
            return 0, 0
        services = self.model.policies.services("housing", self)
        lot, payer, grant = luck.once("service", self), -1, 0
        likelier = self.model.policies.factor("housing_service", self)
        for service in services:
            offered = rules.to_fen(min(law.house_repair_cost * service.terms["share"], service.terms["cap"]))
            if lot < likelier * service.terms["probability"] and (payer < 0 or offered > grant):
                payer, grant = service.number, offered
        self.house_safe, cost, aid = rules.rebuild(
            self.assets, self.members, grant, payer, law.house_repair_cost, law.consumption_floor, law.house_repair,
            luck.once("rebuild", self),
        )  # fmt: skip
        self.model.ledger.pay(payer, aid)
        return cost, aid

    def face_nature(self, law: Law, luck: Luck) -> None:
        """Let the house age and disasters strike; have the village's water supply repaired, or see it fail."""
        fragile = self.model.policies.factor("house_unsafe", self)
        if law.moy == 1 + int(12.0 * self.turn):
            self.house_safe = rules.age_house(self.house_safe, law.house_ageing, fragile, luck.once("house", self)).house_safe
        loss = law.struck[self.township]
        if loss > 0.0:
            self.house_safe, self.open_loss, self.struck_month = rules.strike(
                self.house_safe, self.land_mu, self.members, law.month, law.disaster_month, law.farm_income, law.june_share,
                law.farm_price, law.house_damage, law.house_repair_cost, loss, fragile, luck.once("storm", self),
            )  # fmt: skip
            if self.members:
                self.note("disaster", self.open_loss)
        village = self.model.village_ids[self.village]
        if not self.water_safe:
            chance = self.model.policies.chance_to_restore("water", self)
            self.water_safe = rules.restore_supply(chance, law.water_repair, luck.of_village("supply_repair", village)).water_safe
        if law.moy == law.dry_month:
            chance, factor = law.water_interruption, self.model.policies.factor("water_interruption", self)
            self.water_safe = rules.fail_supply(self.water_safe, chance, factor, luck.of_village("supply", village)).water_safe

    def close_month(
        self,
        law: Law,
        tally: Tally,
        booked: int,
        cash: int,
        transfers: int,
        support: int,
        property_income: int,
        burden: int,
        shift: int,
        loan_interest: int,
    ) -> tuple[int, int]:
        """Close the month before assistance; return own medical payments and interest."""
        ring = law.ring
        (
            self.other_12m, self.other_window[ring], self.spend_12m, self.spend_window[ring], self.gross_12m, self.net_12m,
            self.market_month, self.cash_month, self.unavoidable_month, medical, _, interest,
        ) = rules.trail(
            tally.income_12m, tally.earned, tally.own_payment, tally.own_drugs, tally.care_cost, tally.premium_own,
            tally.contribution_own, booked, cash, transfers,
            support, property_income, burden, shift, self.debt, loan_interest, self.other_12m, self.other_window[ring],
            self.benefit_12m, self.spend_12m,
            self.spend_window[ring], self.members, law.interest_rate,
        )  # fmt: skip
        return medical, interest

    def book_sources(self, tally: Tally, booked: int, lost: int, medical: int, support: int) -> None:
        """Add the month to the accounting year."""
        self.book(
            wage=tally.wage, post=tally.post + tally.workshop, business=tally.business, farm=booked, lost=lost,
            sick=tally.lost_sick, medical=medical, premium=tally.premium_own + tally.contribution_own, departed=tally.departed,
            assistance=tally.status_paid, allowance=tally.allowance, support=support,
        )  # fmt: skip

    def book(self, **amounts: int) -> None:
        """Add amounts to sources of the accounting year."""
        for name, amount in amounts.items():
            self.year_sources[NAMES.index(name)] += amount

    def be_assessed(self, law: Law, tally: Tally, assistance: Policy | None, transfers: int, property_income: int) -> None:
        """Have the year's income assessed as the means test counts it."""
        income = float(assistance.words["income"] == "current") if assistance else 0.0
        imputed, standard = (assistance.terms[name] if assistance else 0.0 for name in ("imputed_share", "standard"))
        self.assessed_12m = rules.assess(
            self.members, self.able, self.land_mu, tally.income_12m, self.other_12m, transfers, property_income, tally.pension,
            tally.prospect, tally.entitled, 0, tally.uncounted, 0, tally.disregarded, self.model.policies.leave_out_once(self),
            tally.idle, income, imputed, law.local_wage, law.farm_income, law.farm_without_labour,
        ).assessed_12m  # fmt: skip
        self.assessed_ratio, self.any_tekun, self.on_single_dibao = rules.stand(
            self.members, self.assessed_12m, self.assessment_factor, tally.tekun, tally.single_dibao, standard
        )
        for status in ("dibao_margin", "low_income"):
            setattr(self, status, int(self.members > 0 and self.model.policies.lists(status, self, law.month)))

    def watch(self, law: Law, luck: Luck, tally: Tally) -> None:
        """Raise alerts; let a channel notice a household in need that nobody has noticed yet."""
        (
            self.trigger, self.months_above, self.risk_score, self.alert_month, new, spending, drop, self.on_trial, back,
        ) = rules.raise_alerts(
            self.members, self.net_12m, self.spend_12m, self.net_year_ago, self.months_above, self.able, self.gross_12m,
            self.dibao, self.alert_month, self.cleared_month, self.on_trial, self.lost_guarantees, tally.died, tally.severe,
            law.month, float(self.model.registry.alerts_on), law.seen_ratio, law.monitoring_line,
            law.rigid_spend_line, law.income_drop_line,
        )  # fmt: skip
        self.model.ledger.count(
            self.group, new_alert_households=new, new_alert_spending_households=spending, new_alert_drop_households=drop,
            rolled_back_households=back,
        )  # fmt: skip
        self.lost_guarantees, self.need_types, self.temporary_hardship, _ = rules.find_needs(
            self.members, self.net_12m, self.spend_12m, self.trigger, self.house_safe, self.water_safe, self.struck_month,
            law.month, tally.covered, tally.employed_cover, tally.sick, tally.needs_care, tally.idle,
            tally.out_of_school, tally.student,
            law.monitoring_line, law.rigid_spend_line,
        )  # fmt: skip
        self.events = rules.find_events(
            self.members, self.struck_month, law.month, self.temporary_hardship, self.rebuilding, tally.enters_tertiary,
            tally.leaves_for_work, self.major_shock, self.trigger,
        ).events  # fmt: skip
        self.leave_clues(law, luck, tally)
        self.support_losses = rules.lose_supports(self.support_losses, tally.lost_work).support_losses

    def leave_clues(self, law: Law, luck: Luck, tally: Tally) -> None:
        """Let departments record what happened, and the channels see the household or take it for another."""
        registry = self.model.registry
        self.records, alarm = rules.note_records(
            self.records, self.members, self.monitored, self.trigger, self.farms, tally.bill_insured, tally.lost_work,
            tally.severely_disabled, tally.critically_ill, tally.out_of_school, tally.injured, law.struck[self.township],
            registry.records_kept, registry.large_bill, registry.least_loss, registry.mistakes, luck.of("false_alarm", self),
        )  # fmt: skip
        if self.monitored or self.flagged or not (self.trigger or self.records or alarm):
            return
        if (self.agri_community or self.fisher or self.farm_forest_unit) and not self.model.policies.first(
            "registry_scope", self
        ):
            self.records = 0
            return
        left, mistakes = self.records, 0.0
        for channel in self.model.policies.in_force("detection_channel"):
            before, mistakes = mistakes, mistakes + channel.terms["false_alarms"]
            mistaken = alarm and before <= luck.of("false_alarm", self) < mistakes
            if (self.seen_by(channel, luck) or mistaken) and channel.admits(self):
                kind = ("self_report", "visit", "data").index(channel.words["channel"])
                self.flagged, self.flag_month, self.flag_channel, self.records = 1, law.month, kind + 1, 0
                self.clock_day = rules.day_of(luck.once("flag_day", self))
                return
            if channel.words["channel"] == "data" and rules.is_screened(law.month, channel.terms["interval"]):
                left &= ~BITS[channel.words["record"]]
        self.records = left

    @property
    def is_former(self) -> bool:
        """Say whether the household is, or was, on the register of the poor."""
        return bool(self.ex_poor or self.registered)

    def seen_by(self, channel: Policy, luck: Luck) -> bool:
        """Say whether a channel sees the household: its own report, a visit in its turn, a record that is screened."""
        kind = channel.words["channel"]
        chance = channel.terms["probability"] * self.model.policies.factor("detection", self)
        if kind == "data":
            screened = rules.is_screened(self.model.law.month, channel.terms["interval"])
            held = bool(self.records & BITS[channel.words["record"]])
            return screened and held and luck.once("data", self) < chance
        if not self.trigger:
            return False
        if kind == "self_report":
            return luck.once("report", self) < chance
        visited = self.model.registry.visited[self.is_former]
        return rules.is_visited(self.turn, *visited) and luck.once("visit", self) < chance

    # after the county has acted --------------------------------------------------------------------------------

    def settle(self) -> None:
        """Receive assistance, consume, be cleared, be tested and counted."""
        law, luck, ledger = self.model.law, self.model.luck, self.model.ledger
        self.model.policies.go_to(self.township)
        clearing = self.model.policies.first("clearing", self)
        dibao_before, benefit_before = self.dibao, self.dibao_benefit
        dibao = self.receive_dibao(law, luck)
        relief, grant = self.receive_grants(law, luck)
        self.support_losses, double_loss = rules.lose_dibao(self.support_losses, dibao_before, self.dibao, self.members)
        if dibao_before and not self.dibao:
            self.note("dibao_ended", benefit_before)
        self.alert_month, answered, months = rules.note_first_payment(self.alert_month, dibao, law.month)
        flows = self.manage_money(law, luck, dibao)
        self.book(consumption=flows["consumption"])
        if self.monitored:
            self.years_monitored = rules.grow_known(law.month, self.identified_month).years_monitored
            self.ask_for_clearing(law, luck, clearing)
        falls = self.take_test(law, luck) if law.moy == 9 else (0, 0, 0, 0, 0)
        if law.moy == 12:
            self.net_year_ago = rules.remember_year(self.net_12m, self.members).net_year_ago
            self.monitored_december = self.monitored
        self.count_residents(law, ledger)
        ledger.count(
            self.group, relief_income=relief, rebuilding_grants=grant, dibao_income=dibao, farm_due=self.farm_due,
            pay_due=self.owed_12m,
            assets=self.assets, debt=self.debt, kin_debt=self.kin_debt,
            loan_balance=self.loan_balance, arrears=self.arrears, **flows, monitored_households=self.monitored,
            double_loss_households=double_loss, first_payment_households=answered, first_payment_months=months,
        )  # fmt: skip
        at_risk = self.be_counted(law)
        self.note_firsts(law.month, at_risk, *falls)

    def count_residents(self, law: Law, ledger: Ledger) -> None:
        """Count who lives here, and on what, as a survey would."""
        self.resident_12m, persons, gross, net = rules.count_residents(
            self.members, self.absent, self.gross_12m, self.spend_12m, self.kept_away, law.poverty_line
        )
        ledger.count(
            self.group, residents=persons, below_resident_gross_persons=gross, below_resident_net_persons=net,
        )  # fmt: skip

    def receive_dibao(self, law: Law, luck: Luck) -> int:
        """Move an application on and receive what is due."""
        policy = self.model.policies.first("top_up", self)
        names = (
            "standard", "take_up", "take_up_monitored", "decision_months", "refused_share", "review_months", "exit_months",
            "asset_limit", "minimum", "review_month",
        )  # fmt: skip
        terms = [policy.terms[name] if policy else 0.0 for name in names]
        self.standard_now = terms[0]
        self.dibao, self.dibao_stage, self.dibao_clock, self.dibao_benefit, standard, paid = rules.move_top_up(
            self.members, self.assessed_12m, self.assessment_factor, self.refusal_rank, self.helped, self.assets,
            self.loan_balance, self.dibao_stage, self.dibao_clock, self.dibao_benefit, self.dibao_standard,
            self.on_single_dibao, self.turn, law.moy, 1 if policy else 0, *terms,
            luck.of("apply", self),
        )  # fmt: skip
        self.dibao_standard = single(standard)
        self.model.ledger.pay(policy.number if policy else -1, paid)
        self.benefit_12m, self.benefit_window[law.ring], self.gross_12m, self.net_12m = rules.add_benefit(
            paid, self.benefit_12m, self.benefit_window[law.ring], self.gross_12m, self.net_12m
        )
        self.book(dibao=paid)
        return paid

    def receive_grants(self, law: Law, luck: Luck) -> tuple[int, int]:
        """Receive the one-off grants that are due: as income, and against rebuilding."""
        sums = {"income": 0, "rebuilding": 0}
        if not (self.events or self.monitored) or not self.members:
            return 0, 0
        lot, loss = luck.once("grant", self), self.open_loss
        for policy in self.model.policies.in_force("one_off_grant"):
            terms, kind, event = policy.terms, policy.words["counts_as"], EVENTS.index(policy.words["event"])
            if lot >= terms["probability"] or not policy.admits(self):
                continue
            soon = self.relief_month > 0 and law.month - self.relief_month < terms["wait"]
            if (kind == "income" and soon) or (kind == "rebuilding" and EVENTS[event] == "disaster" and loss == 0):
                continue
            dates = self.identified_month, self.struck_month
            if rules.is_due(event, terms["delay"], law.month, self.events, self.monitored, *dates):
                spent = EVENTS[event] == "high_spending"
                met = self.spend_12m if spent else loss
                amount = rules.grant_amount(terms["amount"], terms["share_of_loss"], terms["cap"], terms["from_loss"], met)
                self.model.ledger.pay(policy.number, amount)
                sums[kind] += amount
                loss = 0 if not spent and (kind == "rebuilding" or terms["share_of_loss"] > 0.0) else loss
        self.open_loss = loss
        relief, grant = sums["income"], sums["rebuilding"]
        self.relief_month = law.month if relief else self.relief_month
        self.cash_month += relief
        self.unavoidable_month -= grant
        ring = law.ring
        (
            self.benefit_12m, self.benefit_window[ring], self.spend_12m, self.spend_window[ring], self.gross_12m, self.net_12m,
        ) = rules.add_grants(
            relief, grant, self.benefit_12m, self.benefit_window[ring], self.spend_12m, self.spend_window[ring],
            self.gross_12m, self.net_12m,
        )  # fmt: skip
        self.book(rebuilding=-grant)
        return relief, grant

    def ask_for_clearing(self, law: Law, luck: Luck, policy: Policy | None) -> None:
        """Be cleared from the registry, or stay."""
        names = ("months_above", "december", "other_months", "needs_measure", "needs_guarantees")
        terms = [policy.terms[name] if policy else 0.0 for name in names]
        choices = {"never": 0.0, "when_guaranteed": 1.0, "always": 2.0}
        terms.append(choices[policy.words["without_labour"]] if policy else 0.0)
        (
            self.monitored, self.monitored_type, self.cleared_month, self.measures, self.returned_poor, self.helped,
            self.job_help, self.on_trial, cleared,
        ) = rules.clear_risk(
            self.monitored_type, self.cleared_month, self.returned_poor, self.measures, self.helped, self.job_help,
            self.on_trial, self.dibao, self.year_sources[NAMES.index("post")], law.enrolment_month, self.months_above,
            self.identified_month, self.able, self.members, law.month, law.moy, self.lost_guarantees, 1 if policy else 0, *terms,
            self.model.policies.factor("clearing_chance", self), luck.once("clear", self),
        )  # fmt: skip
        self.model.ledger.count(self.group, cleared_households=cleared)

    def take_test(self, law: Law, luck: Luck) -> tuple[int, int, int, int, int]:
        """Test the year's income against the line; return new falls, gross and net, a confirmed fall, and their causes."""
        self.below_gross, self.below_net, gross, net = rules.test_year(
            self.members, self.gross_12m, self.net_12m, self.below_gross, self.below_net, law.poverty_line
        )
        pushes = {operator: self.pushes(law, operator) for operator in ("gross", "net")}
        why_gross = main_cause(pushes["gross"]) if gross else relapse.OTHER
        why_net = main_cause(pushes["net"]) if net else relapse.OTHER
        guarantee, core, why_guarantee = self.test_guarantees(law, net, why_net)
        self.returned_poor, confirmed = rules.confirm_fall(
            self.ex_poor, self.monitored, self.members, self.net_12m, self.returned_poor, law.seen_ratio, law.poverty_line,
            law.confirm_share, luck.once("confirm", self),
        )  # fmt: skip
        new = {"gross": gross, "net": net, "guarantee": guarantee, "core": core, "registry": confirmed}
        self.note_fall(
            law, new, {"gross": why_gross, "net": why_net, "guarantee": why_guarantee, "core": why_guarantee}, pushes
        )  # fmt: skip
        _count_test(self.model.ledger, self, gross, net, confirmed, why_net)
        self.test_burden(law)
        self.count_outcomes(net)
        self.turn_year()
        return gross, net, confirmed, why_gross, why_net

    def count_outcomes(self, net: int) -> None:
        """Count a new fall by its circumstances, and the year's farm income and own payments for care."""
        fallen, ledger = self.members * net, self.model.ledger
        ledger.count(
            self.group, relapse_uncovered_persons=fallen * (self.lost_guarantees & 1),
            relapse_absent_persons=fallen * int(self.absent > 0),
            relapse_at_home_persons=fallen * int(self.absent == 0 and self.any_employed == 1),
            relapse_key_village_persons=fallen * self.v_key_support,
        )  # fmt: skip
        if self.members == 0:
            return
        farm, medical = (self.year_sources[NAMES.index(name)] for name in ("farm", "medical"))
        ledger.count(self.group, **{f"own_medical_{rules.bracket_of(medical, self.members)}_persons": self.members})
        if self.farms:
            ledger.count(self.group, farm_households=1, farm_year=farm // 100, farm_year_squares=(farm // 100) ** 2)

    def test_burden(self, law: Law) -> None:
        """Count the members when the year's medical payments were catastrophic, by definition."""
        over = rules.test_burden(
            self.members, *(self.year_sources[NAMES.index(name)] for name in ("medical", "consumption")), self.gross_12m,
            law.food_share,
        ).over  # fmt: skip
        for bit, name in enumerate(("capacity", "income", "tenth", "quarter")):
            if over >> bit & 1:
                self.model.ledger.count(self.group, **{f"che_{name}_persons": self.members})

    def pushes(self, law: Law, operator: str) -> dict[str, int]:
        """Return how far each cause pushed towards the line since the last test."""
        pushes = dict.fromkeys(CAUSES, 0)
        for source, now, before in zip(SOURCES, self.year_sources, self.last_sources, strict=True):
            if source.gross or operator == "net":
                for cause, sign in source.pushes.items():
                    pushes[cause] += sign * (now - before if source.kept else now)
        pushes["line"] += math.floor((law.poverty_line - law.poverty_line_before) * self.members + 0.5)
        added = max(0, self.members - self.members_at_test)
        pushes["household_change"] += math.floor(law.poverty_line * added + 0.5)
        return pushes

    def test_guarantees(self, law: Law, net: int, why_net: int) -> tuple[int, int, int]:
        """Test income and guarantees together, note what is new, and return it with its cause."""
        self.below_guarantee, self.below_core, new, core, why = rules.test_guarantees(
            self.members, self.below_net, why_net, self.lost_guarantees, self.below_guarantee, self.below_core
        )
        self.first_relapse_guarantee, self.cause_guarantee, self.years_net, self.years_core = rules.note_guarantees(
            law.month, net, new, core, why, self.first_relapse_guarantee, self.cause_guarantee, self.years_net,
            self.years_core,
        )  # fmt: skip
        self.model.ledger.count(
            self.group, relapse_guarantees_persons=self.members * new, relapse_guarantees_households=new,
            relapse_core_persons=self.members * core, relapse_core_households=core,
        )  # fmt: skip
        if new and not self.below_net:
            self.model.ledger.count(self.group, **{f"relapse_lost_{GUARANTEE_CAUSES[why]}": self.members})
        return new, core, why

    def turn_year(self) -> None:
        """Open the next accounting year."""
        self.last_sources, self.year_sources = self.year_sources, [0] * len(SOURCES)
        self.members_at_test = self.members

    def be_counted(self, law: Law) -> int:
        """Count where the household stands at the end of the month; return 1 when it is at risk."""
        counts = rules.count_household(
            self.members, self.gross_12m, self.net_12m, self.monitored, self.flagged, self.helped, self.identified_month,
            self.registered, self.dibao_stage, self.on_single_dibao, law.poverty_line, law.monitoring_line,
        )  # fmt: skip
        self.model.ledger.count(self.group, **counts._asdict())
        self.model.ledger.count(self.group, **rules.count_guarantees(self.members, self.lost_guarantees)._asdict())
        assisted = rules.count_assistance(
            self.members, self.net_12m, self.assessed_12m, self.monitored, self.dibao_stage, self.on_single_dibao, self.any_tekun,
            self.standard_now,
        )  # fmt: skip
        self.model.ledger.count(self.group, **assisted._asdict(), loan_waiting_households=self.loan_wanted)
        standing = rules.count_standing(
            self.members, self.net_12m, self.v_key_support, self.struck_month, self.after_post, law.month, law.poverty_line,
            law.monitoring_line,
        )  # fmt: skip
        self.model.ledger.count(self.group, **standing._asdict())
        return counts.at_risk_households

    def note_firsts(self, month: int, at_risk: int, gross: int, net: int, confirmed: int, why_gross: int, why_net: int) -> None:
        """Note the first event of each definition."""
        (
            self.first_relapse_gross, self.first_relapse_net, self.first_relapse_registry, self.first_at_risk,
            self.cause_gross, self.cause_net,
        ) = rules.note_firsts(
            month, at_risk, gross, net, confirmed, why_gross, why_net, self.first_relapse_gross, self.first_relapse_net,
            self.first_relapse_registry, self.first_at_risk, self.cause_gross, self.cause_net,
        )  # fmt: skip


def main_cause(pushes: dict[str, int]) -> int:
    """Return the largest push, the first of equal ones; other when nothing pushed."""
    largest = max(CAUSES, key=lambda cause: pushes[cause])
    return CAUSES.index(largest) if pushes[largest] > 0 else relapse.OTHER


def _count_flows(ledger: Ledger, household: Household, tally: Tally) -> None:
    """Count what the members did this month."""
    ledger.count(
        household.group, births=tally.born, deaths=tally.died, admissions=tally.admitted,
        admitted_persons=tally.first_admission, wage_income=tally.wage, post_income=tally.post,
        workshop_income=tally.workshop, business_income=tally.business, sent_home=tally.sent_home, migrants=tally.away,
        rangers=tally.rangers, workshop_workers=tally.in_workshop, relief_workers=tally.on_relief,
        self_employed=tally.own_business, pension_income=tally.pension, premiums=tally.premium_own,
        premium_subsidy=tally.premium_budget, bills=tally.bill,
        reimbursed=tally.reimbursed, posts=tally.posts, workers=tally.working, paid_workers=tally.paid,
        able_persons=tally.able, enrolled_persons=tally.covered, uninsured_persons=tally.uncovered,
        employee_insured_persons=tally.employed_cover, lapses=tally.lapsed, disabled_persons=tally.disabled,
        critically_ill_persons=tally.critically_ill, care_needed=tally.needed, care_forgone=tally.forgone,
        injury_admissions=tally.injured, paid_basic=tally.basic, paid_critical=tally.critical, paid_assistance=tally.assisted,
        paid_supplementary=tally.supplementary,
        drugs_reimbursed=tally.drugs_reimbursed, allowance_income=tally.allowance, tekun_persons=tally.tekun,
        contributions=tally.contribution_own, contribution_subsidy=tally.contribution_budget, care_cost=tally.care_cost,
        services_paid=tally.service_paid, cared_persons=tally.cared, orphans=tally.orphans,
        care_needing_persons=tally.needs_care, uncared_persons=tally.uncared,
        left_behind_persons=tally.left_behind, pension_insured_persons=tally.accounts,
        low_income_households=household.low_income, margin_households=household.dibao_margin,
    )  # fmt: skip


def _count_test(ledger: Ledger, household: Household, gross: int, net: int, confirmed: int, cause: int) -> None:
    """Count the yearly test of one household."""
    members = household.members
    ledger.count(
        household.group, tested_persons=members, poor_gross_persons=members * household.below_gross,
        poor_net_persons=members * household.below_net, relapse_gross_persons=members * gross,
        relapse_gross_households=gross, relapse_net_persons=members * net, relapse_net_households=net,
        registry_relapse_persons=members * confirmed, registry_relapse_households=confirmed,
        **{f"relapse_{CAUSES[cause]}": members * net},
    )  # fmt: skip
