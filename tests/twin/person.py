"""A person as a Mesa agent: one month of life, work, sickness and insurance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.draws import descendant
from sim.indicators import WITHOUT
from sim.institutions.institution import Institution
from sim.newborn import BOYS, MOTHERS_ORDER
from sim.processes.employment import FARM, OWN
from sim.state import PERSON, WINDOW
from twin import rules
from twin.law import Law
from twin.ledger import Tally
from twin.luck import Luck

if TYPE_CHECKING:
    from twin.household import Household

PAY = ("wage", "wage_local", "wage_migrant", "workshop_pay", "business")
"""Targets of multipliers on what work pays."""
COUNTERS = {
    "critical": "critical_in_year", "supplementary": "supplement_in_year", "assistance": "assisted_in_year",
    "ceiling": "ceiling_in_year", "commercial": "commercial_in_year",
}  # fmt: skip
"""What each layer has paid in this year."""
ADULT = 18 * 12
"""Months of age at which a young adult enters working life."""


def single(number: float) -> float:
    """Round to single precision, as the state stores it."""
    return float(np.float32(number))


class Person(Institution):
    """One living person. Attributes have the names of the engine's columns."""

    def __init__(self, household: Household, columns: dict[str, Any]) -> None:
        """Enter a household with the given attributes."""
        super().__init__(household.model)
        self.household = household
        self.place = -1
        self.__dict__.update(columns)

    def factor(self, target: str) -> float:
        """Return the product of the multipliers of a target that the person meets."""
        return self.household.model.policies.factor(target, self.household, self)

    def live(self, law: Law, luck: Luck, tally: Tally) -> None:
        """Live one month: age, fall ill, work, close the books, pay for next year's insurance."""
        self.age = rules.grow_older(law.month, self.birth_month).age
        home = self.household
        self.orphan_or_unattended, self.left_behind = rules.depend(
            self.age, self.sex, self.job, home.members, home.carers, home.prime_away, home.men_away
        )
        january, adult = law.moy == 1, law.month - self.birth_month == ADULT
        if january:
            self.start_year(law, luck)
        if adult:
            self.come_of_age(law, luck)
        if january:
            self.start_working_year(law, luck)
        if not self.survive(law, luck, tally):
            return
        self.bear(law, luck, tally)
        self.be_enrolled_late(law, luck, tally)
        bill = self.see_doctor(law, luck, tally)
        self.be_cared_for(law, luck, tally)
        self.go_to_school(law, luck, tally)
        found = self.work(law, luck)
        self.earn(law, luck, tally)
        if law.moy == law.enrolment_month:
            self.pay_premium(law, luck, tally)
        self.be_counted(law, bill, found, tally)
        if january or adult:
            # within the month new traits stand in double precision: the state rounds them at its end
            self.work_rank, self.season, self.log_skill = map(single, (self.work_rank, self.season, self.log_skill))

    def start_year(self, law: Law, luck: Luck) -> None:
        """Age in health; this year's insurance begins."""
        chronic, grade = self.chronic_disease, self.disability_grade
        (
            self.chronic_disease, self.self_care, self.admitted_this_year, self.own_in_year, self.critical_in_year,
            self.supplement_in_year, self.assisted_in_year, self.ceiling_in_year, self.commercial_in_year,
            self.drugs_in_year, self.outpatient_in_year, self.labour,
        ) = rules.age_in_health(
            self.age, self.chronic_disease, self.self_care, self.labour, law.tables["chronic_onset"],
            law.tables["chronic_second"], law.tables["care_onset"], law.tables["care_second"], luck.of("chronic", self),
            luck.of("self_care", self),
        )  # fmt: skip
        (
            self.disability_grade, self.critical_illness, self.listed_critical_illness, self.severe_mental_disorder, self.labour,
        ) = rules.change_in_health(
            self.age, self.labour, self.disability_grade, self.critical_illness, self.listed_critical_illness,
            self.severe_mental_disorder, law.critical_remission, law.mental_onset, law.capacity_recovery, law.certified_recovery,
            law.tables["disability_onset"], self.factor("disability"), self.factor("recovery"), self.factor("remission"),
            luck.of("remission", self), luck.of("mental", self), luck.of("disability", self), luck.of("recovery", self),
        )  # fmt: skip
        if self.chronic_disease > chronic:
            self.household.note("chronic")
        if self.disability_grade and (not grade or self.disability_grade < grade):
            self.household.note("capacity")
        self.signed_doctor = rules.sign_on(self.chronic_disease, law.signed_share, luck.once("sign_on", self)).signed_doctor
        (
            self.bmi_enrolled, self.employee_insured, self.lapsed_years, self.waiting, self.commercial_insured,
            self.commercial_next,
        ) = rules.start_cover(
            self.bmi_enrolled, self.employee_insured, self.enrolled_next, self.commercial_next, self.lapsed_years,
            self.household.dibao,
            self.household.monitored, law.waiting_months, law.waiting_per_year, law.waiting_exempt,
        )  # fmt: skip
        self.own_share = self.expect_price(law)

    def expect_price(self, law: Law) -> int:
        """Return the share of a mean bill, in per cent, that the layers would leave to the person."""
        bill = rules.to_fen(law.bill_mean)
        in_list = rules.to_fen(bill * law.bill_in_list)
        insured = self.bmi_enrolled or self.employee_insured
        left = in_list
        everything = ("basic", "critical", "supplementary", "assistance", "ceiling", "commercial")
        for layer in everything if insured else ("assistance", "ceiling"):
            left -= self.household.model.policies.pay_layer(layer, left, 0, 0, in_list, self, self.household)[0]
        return rules.per_cent(bill - in_list + left, bill)

    def come_of_age(self, law: Law, luck: Luck) -> None:
        """Enter working life."""
        (
            self.work_rank, self.wants_work, self.can_leave_home, self.season, self.log_skill, self.casual_days,
        ) = rules.come_of_age(
            self.sex, law.wants_work_men, law.wants_work_women, law.can_leave_share, law.skill_mean, law.skill_sd,
            law.casual_days, luck.once("start_work", self), luck.once("start_leave", self), luck.once("start_season", self),
            luck.once("start_skill", self),
        )  # fmt: skip

    def start_working_year(self, law: Law, luck: Luck) -> None:
        """Wish for off-farm work or not, and move the wage level by a year."""
        self.wants_work = rules.want_work(self.age, self.sex, self.work_rank, law.wants_work_men, law.wants_work_women).wants_work
        self.log_skill = rules.change_skill(
            self.log_skill, law.skill_mean, law.wage_persistence, law.wage_innovation_sd, luck.of("skill", self)
        ).log_skill
        self.be_trained(luck)
        self.job, self.job_since, self.wage = rules.run_business(
            self.age, self.job, self.job_since, self.labour, self.wage, self.in_school, law.month, law.business_start,
            law.business_close,
            luck.of("business", self),
        )  # fmt: skip
        if self.job == OWN:
            self.wage = rules.make_profit(
                self.log_skill, law.business_profit, law.business_cost, law.business_sd, luck.once("business_profit", self)
            ).wage

    def be_trained(self, luck: Luck) -> None:
        """Perhaps take the first course that is open to the person, unless it was trained lately."""
        model = self.household.model
        self.course_years = max(0, self.course_years - 1)
        if self.course_years or not self.alive:
            return
        lot = luck.once("training", self)
        courses = [policy for policy in model.policies.in_force("training") if policy.admits(self.household, self)]
        course = next((policy for policy in courses if lot < policy.terms["chance"]), None)
        if course:
            self.log_skill += course.terms["gain"]
            self.course_years = rules.to_fen(course.terms["years"])
            cost = rules.to_fen(course.terms["cost"])
            model.ledger.pay(course.number, cost)
            model.ledger.count(self.household.group, training_cost=cost)

    def survive(self, law: Law, luck: Luck, tally: Tally) -> bool:
        """Live on, or die and leave the household: past income leaves too."""
        death = rules.die(
            self.age, self.sex, self.chronic_disease, self.self_care, self.income_12m, law.mortality_disabled,
            law.mortality_chronic, law.tables["mortality_month"], luck.of("death", self),
        )  # fmt: skip
        self.alive = death.alive
        tally.died += death.died
        tally.departed += death.departed
        if death.died:
            self.household.note("death", death.departed)
        return bool(death.alive)

    def bear(self, law: Law, luck: Luck, tally: Tally) -> None:
        """Perhaps give birth; a household has one birth a month at most."""
        if self.sex == 1:
            return
        spare = 0 if tally.born else self.household.spare
        self.last_birth, self.children, born = rules.give_birth(
            self.age, self.sex, 1, self.last_birth, self.children, law.month, spare, law.tables["fertility_month"],
            luck.of("birth", self),
        )  # fmt: skip
        if born:
            tally.born = 1
            self.household.mother = self

    def see_doctor(self, law: Law, luck: Luck, tally: Tally) -> int:
        """Perhaps need a hospital and go there, have the bill settled, buy drugs; return the bill."""
        needed, self.sick_months, self.readmission_months = rules.fall_ill(
            self.age, 1, self.chronic_disease, self.self_care, self.critical_illness, self.own_share, self.sick_months,
            self.readmission_months, law.admission_chronic, law.admission_disabled, law.admission_critical, law.readmission,
            law.tables["admission_month"], law.tables["demand"], self.factor("admission"), luck.of("admission", self),
        )  # fmt: skip
        bill = self.be_treated(law, luck, tally) if needed and self.goes_to_hospital(law, luck, tally) else 0
        cost = rules.buy_drugs(
            1, self.chronic_disease, self.critical_illness, law.outpatient_cost, law.outpatient_second, law.outpatient_critical
        ).drug_bill
        if cost:
            paid = (
                self.claim("outpatient", cost, self.drugs_in_year, self.outpatient_in_year, cost) if self.is_covered(law) else 0
            )
            self.drugs_in_year += cost
            self.outpatient_in_year += paid
            tally.drugs_reimbursed += paid
            tally.own_drugs += cost - paid
        return bill

    def be_cared_for(self, law: Law, luck: Luck, tally: Tally) -> None:
        """Have a disability named; be served, and bear what care, rehabilitation and treatment cost beside the services."""
        if self.disability_grade and not self.disability_kind:
            lot = luck.once("disability_kind", self)
            self.disability_kind = rules.name_kind(self.severe_mental_disorder, law.mental_disability_share, lot).disability_kind
        costs = {
            "rehabilitation": rules.rehabilitation_need(self.age, self.disability_grade, law.rehabilitation_cost),
            "treatment": rules.treatment_need(self.severe_mental_disorder, law.treatment_cost),
        }
        self.household.model.policies.serve(self, self.household, costs, luck, self.household.model.ledger, tally)
        tally.care_cost += rules.own_care(self.self_care, self.cared, law.care_cost) + sum(costs.values())

    def contribute(self, law: Law, luck: Luck, tally: Tally) -> None:
        """Pay this year's contribution to the resident pension, or not."""
        tier, share, payer = self.household.model.policies.pension_tier(self, self.household, law.pension_contribution)
        self.pension_account, own, budget = rules.contribute(
            self.in_school, self.employee_insured, self.age, self.pension_contributing_age, self.pension_account, tier, share,
            law.pension_join, law.pension_join_old, law.pension_stop, self.factor("pension_stop"), luck.once("contribute", self),
        )  # fmt: skip
        self.household.model.ledger.pay(payer, budget)
        tally.contribution_own += own
        tally.contribution_budget += budget

    def is_covered(self, law: Law) -> bool:
        """Say whether insurance pays this month."""
        return bool(self.employee_insured or (self.bmi_enrolled and law.moy > self.waiting))

    def goes_to_hospital(self, law: Law, luck: Luck, tally: Tally) -> bool:
        """Meet a need for care, or go without."""
        admitted, forgone, self.sick_months, self.readmission_months = rules.seek_care(
            self.own_share, self.sick_months, self.household.assets, self.household.gross_12m, self.household.members,
            law.bill_mean, law.consumption_floor, law.forgone_base, law.forgone_burden, law.forgone_months,
            law.deposit_share, law.forgone_deposit, self.factor("care_forgone"), self.factor("deposit"), luck.once("care", self),
        )  # fmt: skip
        tally.needed += 1
        tally.forgone += forgone
        return bool(admitted)

    def be_treated(self, law: Law, luck: Luck, tally: Tally) -> int:
        """Stay in hospital; return the bill."""
        labour = self.labour
        (
            first, injured, self.admitted_this_year, bill, self.sick_months, self.labour, self.disability_grade,
            self.critical_illness, self.listed_critical_illness,
        ) = rules.be_treated(
            self.age, self.labour, self.disability_grade, self.critical_illness, self.listed_critical_illness, self.sick_months,
            self.admitted_this_year, law.bill_mean, law.bill_log_sd,
            law.severe_share, law.severe_months, law.accident_share, law.accident_months, law.capacity_loss,
            law.certificate_share, law.critical_share, law.listed_share, self.factor("disability"),
            self.factor("hospital_bill"), luck.once("bill", self),
            luck.once("capacity", self), luck.once("cause", self),
        )  # fmt: skip
        tally.injured += injured
        tally.admitted += 1
        tally.first_admission += first
        severe, hurt, bare = rules.note_severe(
            self.sick_months, injured, self.bmi_enrolled, self.employee_insured, law.severe_months
        )
        tally.severe_uncovered += bare
        tally.severe += severe
        tally.hurt += hurt
        tally.bill += bill
        own = self.settle_bill(law, bill, tally)
        self.household.note("accident" if injured else "admission", own)
        if self.labour > labour:
            self.household.note("capacity")
        return bill

    def settle_bill(self, law: Law, bill: int, tally: Tally) -> int:
        """Pass the bill through the layers: each sees the year's cost that those before it left; return what is paid."""
        in_list = rules.to_fen(bill * law.bill_in_list)
        insured = self.is_covered(law)
        basic = self.claim("basic", in_list, 0, 0, in_list) if insured else 0
        left, before = in_list - basic, self.own_in_year
        self.own_in_year += left
        paid = {}
        for layer in ("critical", "supplementary", "assistance", "ceiling", "commercial"):
            counter = COUNTERS[layer]
            year = getattr(self, counter)
            open_to = insured or layer in ("assistance", "ceiling")
            seen = 0 if layer == "ceiling" else before
            paid[layer] = self.claim(layer, left, seen, year, in_list) if open_to else 0
            setattr(self, counter, year + paid[layer])
            left -= paid[layer]
            before -= year
        tally.basic += basic
        tally.critical += paid["critical"]
        tally.assisted += paid["assistance"] + paid["ceiling"]
        tally.supplementary += paid["supplementary"] + paid["commercial"]
        tally.reimbursed += basic + sum(paid.values())
        tally.own_payment += bill - basic - sum(paid.values())
        return bill - basic - sum(paid.values())

    def claim(self, layer: str, cost: int, before: int, paid_before: int, in_list: int) -> int:
        """Claim one layer's payment from whoever pays most."""
        model = self.household.model
        amount, payer = model.policies.pay_layer(layer, cost, before, paid_before, in_list, self, self.household)
        model.ledger.pay(payer, amount)
        return amount

    def be_enrolled_late(self, law: Law, luck: Luck, tally: Tally) -> None:
        """Be enrolled out of season by the first service that acts, at its cost."""
        model = self.household.model
        if self.bmi_enrolled or self.employee_insured:
            return
        for service in model.policies.services("medical", self.household, self):
            if luck.once("service_cover", self) < service.terms["probability"]:
                premium = rules.to_fen(law.premium)
                model.ledger.pay(service.number, premium)
                self.bmi_enrolled = 1
                tally.late_premium += premium
                return

    def receive_aid(self, law: Law, tally: Tally) -> None:
        """Receive all aid to pupils that is due."""
        model = self.household.model
        for policy in model.policies.in_force("schooling_aid"):
            word = ("terms", "school_months", "september").index(policy.words["paid"])
            if rules.is_paid(word, law.moy) and policy.admits(self.household, self):
                amount = rules.to_fen(policy.terms["amount"])
                model.ledger.pay(policy.number, amount)
                tally.school_aid += amount

    def go_to_school(self, law: Law, luck: Luck, tally: Tally) -> None:
        """Begin a school year in September; pay for the month at school."""
        household = self.household
        if law.moy == 9:
            (
                self.school_stage, self.in_school, self.medically_unfit_for_school, self.finished_stage_not_continuing,
            ) = rules.start_school_year(
                self.age, self.school_stage, self.in_school, self.medically_unfit_for_school,
                self.finished_stage_not_continuing, household.net_12m, household.members, law.monitoring_line,
                law.preschool_share, law.unfit_for_school, law.senior_share, law.vocational_share, law.tertiary_share,
                law.dropout_compulsory, law.dropout_senior, law.dropout_stress, law.dropout_cost, law.school_cost_compulsory,
                law.school_cost_senior, law.school_cost_vocational, law.school_cost_tertiary,
                self.factor("dropout"), luck.once("school", self),
            )  # fmt: skip
        if self.school_stage == 2 and not self.in_school and not self.medically_unfit_for_school:
            chance = household.model.policies.chance_to_restore("education", household, self)
            self.in_school = rules.return_to_school(1, chance, luck.once("return", self)).in_school
        if self.in_school:
            self.receive_aid(law, tally)
            tally.school_cost += rules.pay_school(
                law.moy, 1, self.school_stage, law.school_cost_preschool, law.school_cost_compulsory, law.school_cost_senior,
                law.school_cost_vocational, law.school_cost_tertiary, self.factor("school_cost"),
            ).school_cost  # fmt: skip

    def work(self, law: Law, luck: Luck) -> int:
        """Keep, lose or find a job; the wage follows a new job and a new year."""
        (
            self.job, self.job_since, self.can_leave_home, self.wants_work, self.work_rank, self.home_until, changed, found,
        ) = rules.work(
            self.age, 1, self.job, self.job_since, self.labour, self.sick_months, self.wants_work, self.work_rank,
            self.can_leave_home, self.home_until, self.left_post, self.in_school, law.month, law.job_loss_local,
            law.job_loss_migrant, law.layoff_local, law.layoff_migrant, law.retirement_rate, law.return_rate,
            law.circular_rate, law.job_finding, law.job_finding_old, law.job_finding_weak, law.job_finding_post,
            law.job_market, law.crowding,
            self.factor("job_loss"), self.factor("job_finding"), luck.of("job", self),
        )  # fmt: skip
        self.changed, self.found = changed, found
        if changed and not found:
            self.household.note("job_lost", self.wage)
        if found:
            lead = self.household.model.neighbours.lead_of(self.household.village)
            self.job, self.home_until = rules.choose_work(
                self.can_leave_home, self.home_until, self.household.need_types, self.household.able, lead, law.migrant_share,
                law.migrant_peers, self.factor("going_away"), luck.once("job_kind", self),
            )  # fmt: skip
        if changed or law.moy == 1:
            self.wage = rules.set_wage(
                self.job, self.wage, self.labour, self.log_skill, law.migrant_wage, law.local_wage, law.wage_weak
            ).wage
        return int(found)

    def earn(self, law: Law, luck: Luck, tally: Tally) -> None:
        """Be paid the month's wage or post and the pension, and close the trailing year."""
        self.paid, wage, post, workshop, place, profit, work, lost, sent, prospect = rules.earn(
            1, self.job, self.wage, self.sick_months, self.season, self.casual_days, law.moy, law.season_months, law.casual_pay,
            law.remitted_share, *(self.factor(name) for name in PAY),
        )  # fmt: skip
        if self.pay_delay and place > 0:
            self.household.owed_window[(law.month + self.pay_delay) % 12] += place
            tally.late += place
        self.household.model.ledger.pay(self.post_lever, post)
        policies = self.household.model.policies
        allowance = policies.transfer(self, self.household, law.moy, self.household.model.ledger, tally)
        if not self.pension_account and self.age >= 16:
            lot = luck.once("account", self)
            self.pension_account = rules.open_account(self.age, law.pension_age, law.pension_enrolled, lot).pension_account
        pension, self.drawing_pension, self.pension_contributing_age, earned = rules.draw_pension(
            self.age, 1, self.no_pension, self.pension_account, work, allowance, law.pension, law.pension_age
        )
        if law.moy == law.contribution_month:
            self.contribute(law, luck, tally)
        tally.disregarded += policies.leave_out(self, self.household, pension, prospect)
        tally.prospect += prospect
        self.income_12m, self.income_window[law.ring] = rules.close_month(
            1, earned, self.income_12m, self.income_window[law.ring]
        )
        self.last_away, absent, kept = rules.be_away(1, self.job, self.last_away, self.income_12m, law.month, law.remitted_share)
        tally.absent += absent
        tally.kept_away += kept
        tally.workshop += workshop
        tally.business += profit
        tally.sent_home += sent
        tally.paid += self.paid
        tally.wage += wage
        tally.post += post
        tally.lost_sick += lost
        tally.pension += pension
        tally.old += self.drawing_pension
        tally.earned += earned
        tally.income_12m += self.income_12m

    def pay_premium(self, law: Law, luck: Luck, tally: Tally) -> None:
        """Decide on next year's insurance at the price that the best subsidy leaves."""
        household = self.household
        share, payer = household.model.policies.largest_subsidy(self, household)
        self.enrolled_next = rules.change_insurer(
            1, self.job, self.employee_insured, law.employee_rate, luck.of("employee", self)
        ).enrolled_next
        self.enrolled_next, own, budget, lapsed = rules.enrol(
            self.age, 1, self.chronic_disease, self.job, self.bmi_enrolled, self.employee_insured, self.enrolled_next, share,
            household.gross_12m, household.members, household.model.covered_shares[household.village], law.premium,
            law.enrol_base, law.enrol_before, law.enrol_price, law.enrol_age, law.enrol_child, law.enrol_chronic,
            law.enrol_away, law.enrol_peers, law.enrol_peers_reference, self.factor("lapse"), luck.of("enrol", self),
        )  # fmt: skip
        tally.lapsed += lapsed
        without, reason = rules.why_without(
            self.age, 1, self.job, self.bmi_enrolled, self.employee_insured, self.enrolled_next, share, household.gross_12m,
            household.members, household.model.covered_shares[household.village], law.premium, law.enrol_before,
            law.enrol_price, law.enrol_age, law.enrol_away, law.enrol_peers, law.enrol_peers_reference,
        )  # fmt: skip
        household.model.ledger.count(household.group, **{f"without_{WITHOUT[reason]}": without})
        if lapsed:
            household.note("lapse")
        household.model.ledger.pay(payer, budget)
        tally.premium_own += own
        tally.premium_budget += budget
        self.buy_policy(luck, tally)

    def buy_policy(self, luck: Luck, tally: Tally) -> None:
        """Take out next year's commercial policy, or not."""
        household, policies = self.household, self.household.model.policies
        offer = policies.policy_for(self, household) if self.enrolled_next == 1 else None
        self.commercial_next = 0
        if offer is None:
            return
        terms = offer.terms
        if luck.once("policy", self) < rules.wish_for_policy(terms["take_up"], terms["take_up_free"], terms["subsidy"]):
            premium = rules.to_fen(terms["premium"])
            budget = rules.to_fen(premium * terms["subsidy"])
            household.model.ledger.pay(offer.number, budget)
            self.commercial_next = 1
            tally.premium_own += premium - budget
            tally.premium_budget += budget

    def be_counted(self, law: Law, bill: int, found: int, tally: Tally) -> None:
        """Count among the household's members."""
        census = rules.count_person(
            1, self.age, self.labour, self.self_care, self.job, self.bmi_enrolled, self.employee_insured, self.disability_grade,
            self.critical_illness, self.sick_months, self.in_school, bill, self.changed, self.found, self.left_post,
            self.household.model.law.month,
        )  # fmt: skip
        lacking = rules.count_lacking(
            1, self.age, law.moy, self.sick_months, self.self_care, self.school_stage, self.in_school,
            self.medically_unfit_for_school, found, self.job,
        )  # fmt: skip
        tally.sick += lacking.is_sick
        tally.needs_care += lacking.needs_care
        tally.out_of_school += lacking.is_out_of_school
        tally.student += lacking.is_student
        tally.enters_tertiary += lacking.enters_tertiary
        tally.leaves_for_work += lacking.leaves_for_work
        tally.alive += 1
        tally.able += census.is_able
        tally.working += census.is_working
        tally.idle += census.is_idle
        tally.prime += census.is_prime
        tally.covered += census.is_covered
        tally.employed_cover += census.has_employer
        tally.disabled += census.is_disabled
        tally.critically_ill += census.is_critical
        tally.uncovered += census.is_uncovered
        tally.lost_work += census.lost_work
        tally.severely_disabled += census.severely_disabled
        tally.bill_insured += census.bill_insured
        work = rules.count_work(1, self.age, self.job, self.job_since, law.month)
        self.employed, self.job_place, self.working_age = work.employed, work.job_place, work.working_age
        self.count_dependence(tally)
        tally.stable += work.is_stable
        tally.away += work.is_away
        tally.posts += work.holds_post
        tally.rangers += work.is_ranger
        tally.in_workshop += work.in_workshop
        tally.on_relief += work.on_relief
        tally.own_business += work.runs_business
        spell = rules.count_spell(
            1,
            self.age,
            self.labour,
            self.in_school,
            self.sick_months,
            self.wants_work,
            self.job,
            found,
            self.left_post,
            law.month,
        )
        tally.seeking += spell.seeks
        tally.found_work += spell.found
        tally.left_3 += spell.left_3
        tally.left_6 += spell.left_6
        tally.left_12 += spell.left_12

    def count_dependence(self, tally: Tally) -> None:
        """Count among those who care for others, are away, or need care."""
        found = rules.count_dependent(
            1, self.age, self.sex, self.job, self.labour, self.self_care, self.disability_grade, self.cared, self.left_behind,
            self.orphan_or_unattended, self.pension_account,
        )  # fmt: skip
        tally.carers += found.is_carer
        tally.prime_away += found.is_prime_away
        tally.men_away += found.is_man_away
        tally.left_behind += found.is_left_behind
        tally.orphans += found.is_orphan
        tally.incapable += found.is_incapable
        tally.cared += found.is_cared
        tally.accounts += found.has_account
        tally.care_points += found.care_points
        tally.uncared += found.is_uncared

    def lose_work(self) -> None:
        """Go back to the farm."""
        self.job = FARM
        self.wage = 0

    def lose_post(self, month: int) -> None:
        """Lose a post, and look for work from now on."""
        self.household.note("post_ended", self.wage, month)
        self.lose_work()
        self.job_since = self.left_post = month
        self.wants_work, self.work_rank = 1, 0.0


def newborn(mother: Person, law: Law, luck: Luck) -> Person:
    """Return a child of this month: all attributes 0 but those of its birth, and cover as a resident if its mother has any."""
    columns = {column.name: [0] * WINDOW if column.length > 1 else 0 for column in PERSON}
    columns["id"] = int(descendant(np.uint64(mother.id), MOTHERS_ORDER + mother.children))
    columns |= {"alive": 1, "birth_month": law.month, "work_rank": 0.0, "season": 0.0, "log_skill": 0.0}
    cover = 1 if mother.bmi_enrolled or mother.employee_insured else 0
    columns |= {"bmi_enrolled": cover, "enrolled_next": min(1, mother.enrolled_next), "own_share": mother.own_share}
    columns["branch"] = mother.branch
    child = Person(mother.household, columns)
    child.sex = 1 if luck.once("born_sex", child) < BOYS else 0
    return child
