"""Policies as objects: whom they admit, and which of several counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sim.events import FOLLOWED
from sim.policies.review import SUPPORTS
from sim.rules import EVERYBODY, Condition, County, Lever, Term
from sim.state import COUNTY, attribute, is_reserved
from twin.rules import ceiling_payment, gap_payment, layer_payment, to_fen

OFFICES = -1
"""Stands for the county's offices, where townships stand by the months that supports are behind their plan."""
CARE = ("visits", "day_care", "residential")
"""Services that care for a person; each excludes the others."""


class Policy:
    """One lever of the scenario: its terms of the month and whom it admits."""

    def __init__(self, number: int, lever: Lever, county: County) -> None:
        """Take the lever's number and read its condition; what it asks of the county is settled for good."""
        self.number = number
        self.lever = lever
        self.words: Mapping[str, str] = lever.words
        self.county = county
        self.clauses = self.tests_of(lever.who)
        self.on = False
        self.terms: dict[str, float] = {}
        self.versions: dict[int, tuple[bool, dict[str, float]]] = {}

    def tests_of(self, who: Condition) -> list[list[_Test]]:
        """Return the tests of a condition, clause by clause; what it asks of the county is settled."""
        possible = [clause for clause in who if all(_of_county(term, self.county) for term in clause)]
        return [[_test(term) for term in clause if not _is_lived(term)] for clause in possible]

    def renew(self, month: int, delays: Mapping[int, float]) -> None:
        """Read the terms of a month: by the months that supports are behind in some townships, and for the county's offices.

        Args:
            month: month number.
            delays: share of the county's villages by months of delay.
        """
        self.shares = delays
        self.versions = {delay: self.version(month, delay) for delay in delays}
        if len(delays) > 1:
            mixed = dict(self.versions[min(delays)][1])
            for name in SUPPORTS.get(self.lever.mechanism, ()):
                mixed[name] = sum(share * self.versions[delay][1][name] for delay, share in delays.items())
            self.versions[OFFICES] = (any(on for on, _ in self.versions.values()), mixed)
        self.stand_at(OFFICES)
        if self.lever.turns:
            self.words = self.lever.words_in(month)
            self.clauses = self.tests_of(self.lever.who_in(month))

    def version(self, month: int, delay: int) -> tuple[bool, dict[str, float]]:
        """Return whether it is in force, and its terms, where supports that fall are so many months behind."""
        terms = {name: dated.at(month) for name, dated in self.lever.values.items()}
        for name in SUPPORTS.get(self.lever.mechanism, ()) if delay else ():
            terms[name] = max(terms[name], self.lever.values[name].at(month - delay))
        return self.lever.start <= month and month - delay < self.lever.end, terms

    def stand_at(self, delay: int) -> None:
        """Take the terms of townships with a delay, or those of the county's offices."""
        self.on, self.terms = self.versions.get(delay) or next(iter(self.versions.values()))

    def acts_at(self, household: Any, month: int) -> bool:
        """Say whether it acts where a household lives."""
        where = self.lever.where_in(month)
        return where is None or any(all(_holds({"h": household}, test) for test in clause) for clause in self.tests_of(where))

    def share_open(self, model: Any) -> float:
        """Return the share of the villages that it is meant for in which it acts."""
        if self.lever.where_in(model.month) is None:
            return 1.0
        asked = [[_test(term) for term in clause if term.attribute.startswith("v.")] for clause in self.lever.who]
        meant = [h for h in model.households if any(all(_holds({"h": h}, test) for test in clause) for clause in asked)]
        served = {household.village for household in meant}
        there = {household.village for household in meant if self.acts_at(household, model.month)}
        return len(there) / len(served) if served else 1.0

    def admits(self, household: Any, person: Any = None) -> bool:
        """Say whether a household, or one of its members, meets the condition: all terms of any clause."""
        whose = {"h": household, "p": person}
        return any(all(_holds(whose, test) for test in clause) for clause in self.clauses)

    def reaches(self, household: Any, person: Any = None) -> bool:
        """Say whether a transfer reaches a household by its lasting place, and admits it or its member."""
        return household.refusal_rank >= 100.0 * (1.0 - self.terms["reach"]) and self.admits(household, person)

    def yearly(self, amount: int) -> tuple[int, int]:
        """Return what a payment comes to in a year, and the part that the means test leaves out."""
        year = amount * (12 if self.terms["month"] == 0.0 else 1)
        return year, to_fen(year * (1.0 - self.terms["counted"]))


_Test = tuple[str, str, float, float]


def _test(term: Term) -> _Test:
    """Return whose attribute a term asks, its name (empty where nobody lives it) and its bounds."""
    owner, name = term.attribute.split(".")
    if owner == "v" and not is_reserved(term.attribute):
        return "h", f"v_{name}", term.low, term.high
    return owner, "" if is_reserved(term.attribute) else name, term.low, term.high


def _is_lived(term: Term) -> bool:
    """Say whether a test is of the county as such."""
    return attribute(term.attribute) in COUNTY


def _of_county(term: Term, county: County) -> bool:
    """Say whether a test of the county holds; all others are left open."""
    if not _is_lived(term):
        return True
    return term.low <= getattr(county, term.attribute.split(".")[1]) <= term.high


def _holds(whose: dict[str, Any], test: _Test) -> bool:
    """Say whether one test holds; attributes that nobody lives read 0."""
    owner, name, low, high = test
    return low <= (getattr(whose[owner], name) if name else 0) <= high


class Policies:
    """All levers of a scenario, by mechanism, in their order."""

    def __init__(self, levers: Iterable[Lever], county: County) -> None:
        """Number the levers as the scenario does."""
        self.all = [Policy(number, lever, county) for number, lever in enumerate(levers)]
        self.of: dict[str, list[Policy]] = {}
        for policy in self.all:
            self.of.setdefault(policy.lever.mechanism, []).append(policy)

    def renew(self, month: int, delays: list[int], villages: int) -> None:
        """Read the terms of a month; villages are dealt to the townships in turn."""
        self.delays = delays
        of_village = [delays[village % len(delays)] for village in range(villages)]
        shares = {delay: of_village.count(delay) / villages for delay in sorted(set(of_village))}
        self.apart = len(shares) > 1
        for policy in self.all:
            policy.renew(month, shares)

    def go_to(self, township: int) -> None:
        """Take the terms of a township, or with a negative number those of the county's offices."""
        for policy in self.all if self.apart else ():
            policy.stand_at(OFFICES if township < 0 else self.delays[township])

    def in_force(self, mechanism: str) -> list[Policy]:
        """Return the policies of one mechanism that are in force this month."""
        return [policy for policy in self.of.get(mechanism, []) if policy.on]

    def first(self, mechanism: str, household: Any) -> Policy | None:
        """Return the first policy in force that admits a household, one for everybody last: it meets one of the mechanism."""
        in_order = sorted(self.in_force(mechanism), key=lambda policy: policy.lever.who == EVERYBODY)
        return next((policy for policy in in_order if policy.admits(household)), None)

    def lists(self, status: str, household: Any, month: int) -> bool:
        """Say whether a household has a status of the register of assistance: by a rule, or until its review."""
        for policy in self.in_force("status_rule"):
            if policy.words["status"] != status or household.refusal_rank < 100.0 * (1.0 - policy.terms["reach"]):
                continue
            period = int(policy.terms["review_months"])
            waits = getattr(household, status) and (month + int(household.turn * period)) % period
            if waits or policy.admits(household):
                return True
        return False

    def serve(self, person: Any, household: Any, costs: dict[str, int], luck: Any, ledger: Any, tally: Any) -> None:
        """Let services of a person go on, begin or end; they take their part off the family's costs by kind."""
        held = {kind: person.cared > place for place, kind in enumerate(CARE)}
        held |= {"rehabilitation": person.rehabilitated, "treatment": person.treated, "training": 0}
        given = {"training"} if person.trained else set()
        for policy in sorted(self.in_force("service"), key=_fullest_care_first):
            kind = policy.words["kind"]
            if kind in given or (kind in CARE and given & set(CARE)) or not policy.reaches(household, person):
                continue
            if not held[kind] and luck.once("service_begin", person) >= policy.terms["probability"]:
                continue
            given.add(kind)
            relief = min(costs.get(kind, 0), to_fen(policy.terms["relief"]))
            if kind in costs:
                costs[kind] -= relief
            amount = to_fen(policy.terms["cost"]) + relief
            ledger.pay(policy.number, amount)
            tally.service_paid += amount
        person.cared = next((place + 1 for place, kind in enumerate(CARE) if kind in given), 0)
        person.rehabilitated, person.treated = int("rehabilitation" in given), int("treatment" in given)
        person.trained = int("training" in given)

    def services(self, guarantee: str, household: Any, person: Any = None) -> list[Policy]:
        """Return the services in force that restore a guarantee of a household or person, in their order."""
        services = [policy for policy in self.in_force("restored_guarantee") if policy.words["guarantee"] == guarantee]
        return [policy for policy in services if policy.admits(household, person)]

    def chance_to_restore(self, guarantee: str, household: Any, person: Any = None) -> float:
        """Return the chance that at least one service restores a guarantee this month."""
        none = 1.0
        for policy in self.services(guarantee, household, person):
            none = none * (1.0 - policy.terms["probability"])
        return 1.0 - none

    def largest_subsidy(self, person: Any, household: Any, price: str = "premium") -> tuple[float, int]:
        """Return the largest share of a price that budgets pay for a person, and who pays; the first of equal ones."""
        of_price = (p for p in self.in_force("price_subsidy") if p.words["price"] == price)
        in_term = (p for p in of_price if not 0 < p.terms["term_years"] <= household.years_monitored)
        open_to = [policy for policy in in_term if policy.admits(household, person)]
        best = max(open_to, key=lambda policy: policy.terms["share"], default=None)
        if best is None or best.terms["share"] <= 0.0:
            return 0.0, -1
        return best.terms["share"], best.number

    def pension_tier(self, person: Any, household: Any, price: float) -> tuple[float, float, int]:
        """Return the contribution to the resident pension asked of a person, the share that a budget pays, and who pays."""
        kept = [policy.terms["amount"] for policy in self.in_force("kept_price") if policy.admits(household, person)]
        return min([price, *kept]), *self.largest_subsidy(person, household, "pension")

    def factor(self, target: str, household: Any, person: Any = None) -> float:
        """Return the product of the factors of all policies in force on a target, in their order."""
        product = 1.0
        for policy in self.in_force("multiplier"):
            if policy.words["target"] == target and policy.admits(household, person):
                product = product * policy.terms["factor"]
        return product

    def transfer(self, person: Any, household: Any, moy: int, ledger: Any, tally: Any) -> int:
        """Pay a person all transfers of the month; give or take the status that comes with one."""
        admitted = [p for p in self.in_force("cash_transfer") if p.words["per"] == "person" and p.reaches(household, person)]
        paid = {policy: to_fen(policy.terms["amount"]) for policy in admitted if policy.terms["amount"] > 0.0}
        for policy, amount in paid.items():
            tally.entitle(*policy.yearly(amount))
            self.hold(policy, household)
        due = {policy: amount for policy, amount in paid.items() if policy.terms["month"] in (0.0, moy)}
        for policy, amount in due.items():
            ledger.pay(policy.number, amount)
        statuses = {policy.words["status"] for policy in paid}
        person.tekun = int("tekun" in statuses)
        tally.single_dibao += int("dibao" in statuses)
        tally.tekun += person.tekun
        tally.status_paid += sum(amount for policy, amount in due.items() if policy.words["status"] != "none")
        tally.allowance += sum(due.values())
        return sum(due.values())

    def support(self, household: Any, moy: int, ledger: Any, tally: Any) -> int:
        """Pay a household all transfers of the month that it gets as one or by its land."""
        total = household.village_due
        for policy in self.in_force("cash_transfer"):
            if policy.words["per"] == "person" or not household.members or not policy.reaches(household):
                continue
            sizes = {"mu": household.land_mu, "titled_yuan": household.titled_asset_value / 100.0}
            amount = to_fen(policy.terms["amount"] * sizes.get(policy.words["per"], 1.0))
            if policy.words["per"] == "gap":
                assessed = household.assessed_12m * household.assessment_factor
                dibao = household.dibao_benefit if household.dibao_stage >= 2 else 0
                amount = max(0, gap_payment(assessed, household.members, policy.terms["amount"], 0.0) - dibao)
            tally.entitle(*policy.yearly(amount))
            if amount > 0:
                self.hold(policy, household)
            if policy.terms["month"] in (0.0, moy):
                total += amount
                ledger.pay(policy.number, amount)
        return total

    def hold(self, policy: Policy, household: Any) -> None:
        """Mark that a transfer is due to a household this month."""
        bit = self.of["cash_transfer"].index(policy)
        if bit < FOLLOWED:
            household.supports_now |= 1 << bit

    def leave_out(self, person: Any, household: Any, pension: int, prospect: int) -> int:
        """Return what the means test leaves out of a person's income of a year."""
        total = 0.0
        for policy in self.in_force("disregard"):
            if policy.admits(household, person):
                base = {"pension": 12.0 * pension, "wage": float(prospect), "none": 0.0}[policy.words["source"]]
                total = total + policy.terms["amount"] + policy.terms["share"] * base
        return to_fen(total)

    def leave_out_once(self, household: Any) -> int:
        """Return what the means test leaves out once of a household's income of a year."""
        policies = self.in_force("household_disregard") if household.members else []
        return to_fen(sum((policy.terms["amount"] for policy in policies if policy.admits(household)), 0.0))

    def pay_layer(
        self, layer: str, cost: int, before: int, paid_before: int, in_list: int, person: Any, household: Any
    ) -> tuple[int, int]:
        """Return the most that a policy of one layer pays on a person's bill, and who pays; the first of equal ones."""

        def pays(policy: Policy) -> int:
            if layer == "ceiling":
                return ceiling_payment(cost, in_list, paid_before, policy.terms["rate"], policy.terms["cap"])  # type: ignore[no-any-return]
            return layer_payment(float(cost), float(before), float(paid_before), **_layer_terms(policy))  # type: ignore[no-any-return]

        offers = [
            (pays(policy), policy.number)
            for policy in self.in_force("reimbursement")
            if policy.words["layer"] == layer and policy.admits(household, person)
        ]
        best = max(offers, key=lambda offer: offer[0], default=(0, -1))
        return best if best[0] > 0 else (0, -1)

    def policy_for(self, person: Any, household: Any) -> Policy | None:
        """Return the first commercial policy on offer to a person."""
        offers = self.in_force("personal_insurance")
        return next((policy for policy in offers if policy.admits(household, person)), None)


def _fullest_care_first(policy: Policy) -> int:
    """Return a service's place: residential care, day care, visits, then all other kinds."""
    kind = policy.words["kind"]
    return -CARE.index(kind) if kind in CARE else len(CARE)


def _layer_terms(policy: Policy) -> dict[str, float]:
    """Return the terms of a layer."""
    return {name: policy.terms[name] for name in ("deductible", "rate", "high_from", "rate_high", "cap")}
