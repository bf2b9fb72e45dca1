"""The closed table of mechanisms: what a lever of each kind must say. A lever names one of these and fills its fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sim.parameters import Parameter
from sim.policies.targets import GUARANTEES, TARGETS


class Mechanism(NamedTuple):
    """What a lever of one kind says: dated numbers (`fields`), choices (`words`) and whom it acts on.

    ``acts_on`` is ``person``, ``household``, or the word that decides it (see `acts_on`).
    """

    meaning: str
    fields: dict[str, Parameter]
    words: dict[str, tuple[str, ...]]
    acts_on: str = "person"


MONEY = ("budget_rule", "budget_source", "budget_part", "budget_pool")
"""Mechanisms that say what money an account has; all others draw on it."""

MECHANISMS: dict[str, Mechanism] = {
    "top_up": Mechanism(
        "monthly payment that lifts assessed income to a standard, after an application",
        {
            "standard": Parameter("yuan/person/month", "the standard that assessed income is lifted to"),
            "take_up": Parameter("probability/month", "chance that a household in need applies in a month"),
            "take_up_monitored": Parameter("probability/month", "the same when the registry refers the household"),
            "decision_months": Parameter("months", "months from application to the first payment"),
            "review_months": Parameter("months", "months between reviews"),
            "exit_months": Parameter(
                "months", "months that payment goes on after a review finds the household above the standard"
            ),
            "assessment_error": Parameter(
                "log points", "standard deviation of the error in assessed income, fixed per household"
            ),
            "refused_share": Parameter("share", "share of households in need that assessment keeps out for good"),
            "imputed_share": Parameter("share", "share of half a year's local wage imputed to each idle able adult"),
            "asset_limit": Parameter("months", "liquid assets allowed, in months of the standard for the household"),
            "minimum": Parameter("yuan/person/month", "smallest payment per member"),
            "review_month": Parameter("month of year", "month in which all are reviewed; 0 for each by its own clock"),
        },
        {"income": ("trailing", "current")},
        "household",
    ),
    "price_subsidy": Mechanism(
        "share of a price that the budget pays; the largest share that a person qualifies for counts",
        {
            "share": Parameter("share", "share of the price paid by the budget"),
            "term_years": Parameter("years", "years since the entry into the registry for which it is paid; 0 for no limit"),
        },
        {"price": ("premium", "pension")},
    ),
    "kept_price": Mechanism(
        "lower price that whoever qualifies may keep when the price rises; of several the lowest counts",
        {"amount": Parameter("yuan/person/year", "price kept; a lower price in force stays as it is")},
        {"price": ("pension",)},
    ),
    "status_rule": Mechanism(
        "status in the register of assistance: found at any time, reviewed at an interval; one rule that admits is enough",
        {
            "reach": Parameter("share", "share of households reached: the lasting places above one minus it"),
            "review_months": Parameter("months", "months between reviews, in which who no longer qualifies loses the status"),
        },
        {"status": ("dibao_margin", "low_income")},
        "household",
    ),
    "service": Mechanism(
        "care, treatment or training of a person while the person qualifies; one provider a kind, residential care first",
        {
            "probability": Parameter("probability/month", "chance that the service takes on a person who qualifies"),
            "reach": Parameter("share", "share of households reached: the lasting places above one minus it"),
            "cost": Parameter("yuan/month", "paid to the provider for a person served; for training once"),
            "relief": Parameter("yuan/month", "most that is paid of the family's own cost of rehabilitation or treatment"),
        },
        {"kind": ("visits", "day_care", "residential", "rehabilitation", "treatment", "training")},
    ),
    "reimbursement": Mechanism(
        "one layer of payment for medical bills; within a layer the best lever that a person qualifies for pays",
        {
            "deductible": Parameter("yuan", "in-list cost not paid: per admission in the basic layer, per year in the others"),
            "rate": Parameter(
                "share", "share paid above the deductible; in the ceiling layer the largest share of an in-list bill left to pay"
            ),
            "high_from": Parameter("yuan", "yearly cost from which `rate_high` applies"),
            "rate_high": Parameter("share", "share paid above `high_from`"),
            "cap": Parameter("yuan", "most that the layer pays: for an admission in the basic layer, in a year in the others"),
        },
        {"layer": ("basic", "critical", "assistance", "outpatient", "supplementary", "ceiling", "commercial")},
    ),
    "personal_insurance": Mechanism(
        "yearly commercial policy of a resident, taken out with next year's cover; a layer `commercial` pays for its holders",
        {
            "premium": Parameter("yuan/person/year", "price of the policy"),
            "subsidy": Parameter("share", "share of the price that the budget pays"),
            "take_up": Parameter("probability/year", "chance of taking it out at the full price"),
            "take_up_free": Parameter("probability/year", "the same at no price; between the two it is a straight line"),
        },
        {},
    ),
    "job_slots": Mechanism(
        "paid places in limited number (posts, rangers, workshops, work for relief), given by need, ending by a rule",
        {
            "slots": Parameter("places/unit", "places per household registered in 2014, or per village (`per`), before `kept`"),
            "kept": Parameter(
                "share",
                "share of the places that stay: of the first count, or with `cut_base` remaining of those left a year before",
            ),
            "pay": Parameter("yuan/month", "pay of a place; the firm pays it in a workshop, the lever elsewhere"),
            "pay_delay": Parameter(
                "months", "months by which the pay comes late, below twelve: owed to the household until then"
            ),
            "support": Parameter("yuan/month", "paid by the lever to the employer for each place taken"),
            "minimum_age": Parameter("years", "youngest holder"),
            "maximum_age": Parameter("years", "oldest holder: who has passed this age leaves in the month after the birthday"),
            "contract_months": Parameter("months", "length of a contract"),
            "renewals": Parameter("count", "renewals of a contract"),
            "bridge_pay": Parameter("yuan/month", "pay of temporary work for holders whose post is cut"),
            "bridge_months": Parameter("months", "months of that temporary work"),
        },
        {
            "job": ("public_welfare", "ranger", "workshop", "work_for_relief"),
            "exit_order": ("not_monitored_first", "random", "longest_stay", "least_need_first"),
            "exit_rule": ("cut", "contract_end", "need_test", "monthly_test"),
            "refill": ("none", "same_rule"),
            "fill_order": ("poorest", "monitored_first"),
            "cut_base": ("first", "remaining"),
            "per": ("registered_household", "village"),
            "one_a_household": ("yes", "no"),
        },
    ),
    "placement": Mechanism(
        "ordinary jobs in limited number that are given to seekers who qualify, month by month",
        {
            "places": Parameter("places/1000 households/year", "jobs given in a year, per thousand rural households"),
            "cost": Parameter("yuan/person", "paid by the lever to the employer or the agency for each job given"),
        },
        {"kind": ("local", "migrant"), "fill_order": ("poorest", "monitored_first")},
    ),
    "training": Mechanism(
        "skills course in winter that raises the wage level; what it adds fades as wage levels do",
        {
            "chance": Parameter("probability/year", "chance that who qualifies takes a course in a winter"),
            "gain": Parameter("log points", "rise of the log wage level"),
            "years": Parameter("years", "years for which the person counts as trained, and takes no other course"),
            "cost": Parameter("yuan/person", "paid by the lever for a course"),
        },
        {},
    ),
    "village_fund": Mechanism(
        "yearly income of a village's project assets or of its collective, shared among upkeep, village works and households",
        {
            "yield": Parameter("share/year", "net return of project assets; what the collective earns is given as income"),
            "upkeep": Parameter("share", "share of the income that upkeep takes first"),
            "works": Parameter("share", "share for village works, of what its turn finds"),
            "households": Parameter("share", "share for the households that qualify, of what its turn finds"),
            "month": Parameter("month of year", "month of the payment"),
        },
        {
            "source": ("project_assets", "collective"),
            "order": ("households_first", "works_first"),
            "by": ("household", "member"),
            "shared_by": ("qualifying", "whole_village"),
        },
        "household",
    ),
    "detection_channel": Mechanism(
        "one way in which a household at risk comes to the county's notice",
        {
            "probability": Parameter(
                "probability", "chance that a household at risk, or a record of it, is noticed: per month, visit or screening"
            ),
            "false_alarms": Parameter("probability/month", "chance that a household without an alert is flagged by mistake"),
            "interval": Parameter("months", "months between two screenings of the records"),
            "staff": Parameter("workers/1000 households", "workers who visit, per thousand rural households"),
            "visits": Parameter("visits/month", "visits that one worker can make in a month"),
            "visits_monitored": Parameter("visits/year", "visits due to a monitored household: they come first"),
            "visits_ex_poor": Parameter("visits/year", "visits due to an ex-poor household: they come second"),
            "visits_other": Parameter("visits/year", "visits due to any other household, as far as staff is left"),
            "large_bill": Parameter("yuan", "insured hospital bills of a month that the insurer's records report"),
            "least_loss": Parameter("share", "loss of the harvest from which a township's households are on the disaster list"),
        },
        {
            "channel": ("self_report", "visit", "data"),
            "record": ("none", "hospital_bill", "disaster", "job_loss", "disability", "dropout", "critical_illness", "accident"),
        },
        "household",
    ),
    "warning_indicator": Mechanism(
        "indicator whose turn raises an alert",
        {},
        {"indicator": ("income", "spending", "income_drop", "guarantees", "labour")},
        "household",
    ),
    "registry_scope": Mechanism(
        "households that live outside the villages and are watched and helped all the same",
        {},
        {},
        "household",
    ),
    "verification": Mechanism(
        "field check of flagged households by finite staff before they enter the registry",
        {
            "staff": Parameter("workers/1000 households", "workers who verify, per thousand rural households"),
            "hours": Parameter("hours/month", "hours that one worker has for verification in a month"),
            "hours_report": Parameter("hours/case", "hours that a household's own report takes"),
            "hours_visit": Parameter("hours/case", "hours that a case found on a visit takes"),
            "hours_data": Parameter("hours/case", "hours that a case from departments' records takes"),
            "field_days": Parameter("days", "days from the flag to the decision when staff is free"),
            "clock_days": Parameter("days", "days after the flag within which a decision is in time"),
            "miss": Parameter("probability", "chance that a household truly at risk is turned away"),
            "tolerance": Parameter(
                "share",
                "with a further alert, households are taken in below the line times one plus this",
            ),
            "sudden_margin": Parameter("share", "the same for sudden hardship: an alert, and none on income"),
        },
        {"order": ("longest_waiting", "poorest_first", "urgent_first")},
    ),
    "response_clock": Mechanism(
        "first measures for households at risk: how soon, how many, and whether they meet the need",
        {
            "days": Parameter("days", "days from identification to the first measure when staff is free"),
            "dispatch_months": Parameter("months", "months between the meetings that release measures"),
            "staff": Parameter("workers/1000 households", "workers who arrange measures, per thousand rural households"),
            "measures": Parameter("measures/month", "measures that one worker arranges in a month"),
            "lost": Parameter("probability", "chance in a month that a referral gets lost between departments"),
            "least_score": Parameter("score", "risk score, of 1, above which households are helped; 0 for all who qualify"),
        },
        {
            "match": ("matched", "any"),
            "order": ("longest_waiting", "poorest_first", "urgent_first"),
        },
        "household",
    ),
    "budget_rule": Mechanism(
        "yearly envelope of the account that the lever names; what happens to the levers that draw on it when money runs out",
        {
            "envelope": Parameter("yuan/household/year", "money of a fiscal year per rural household of the county"),
            "start_month": Parameter("month of year", "month in which the fiscal year begins"),
        },
        {"when_out": ("stop", "pro_rata", "queue")},
        "household",
    ),
    "budget_source": Mechanism(
        "further money for the account that the lever names, on top of its envelope",
        {
            "amount": Parameter("yuan/household/year", "money of a fiscal year per rural household of the county"),
            "spread": Parameter("log points", "standard deviation of the log of a year's amount"),
        },
        {},
        "household",
    ),
    "budget_part": Mechanism(
        "share of an account's envelope that is earmarked for the account that the lever names, such as `linkage_fund.industry`",
        {"share": Parameter("share", "share of the envelope of the account before the dot")},
        {},
        "household",
    ),
    "budget_pool": Mechanism(
        "the account that the lever names and its earmarked parts pay from one purse",
        {"flexible": Parameter("flag", "1 when earmarked money may be moved")},
        {},
        "household",
    ),
    "review": Mechanism(
        "regular review: while too many are at risk, supports are not lowered further and none ends, in the county or a township",
        {
            "interval": Parameter("months", "months between two reviews"),
            "limit": Parameter("share", "share of ex-poor persons at risk above which tapers pause"),
        },
        {"looks_at": ("county", "worst_township", "each_township")},
        "household",
    ),
    "clearing": Mechanism(
        "rule by which a registered household at risk is marked as stably out of risk",
        {
            "months_above": Parameter("months", "months at or above the line, after identification"),
            "december": Parameter("probability", "chance that an eligible household is cleared in the December review"),
            "other_months": Parameter("probability", "the same in any other month"),
            "needs_measure": Parameter("flag", "1 when at least one measure must have been received"),
            "needs_guarantees": Parameter("flag", "1 when house, water and compulsory schooling must be safe"),
        },
        {"without_labour": ("never", "when_guaranteed", "always")},
        "household",
    ),
    "credit": Mechanism(
        "loans to households that qualify and want one: interest by quarter, repaid in one sum at the end of the term",
        {
            "amount": Parameter("yuan", "largest loan; 0 for a lever that only renews"),
            "rate": Parameter("share/year", "interest rate, fixed for the term"),
            "subsidy": Parameter("share", "share of the interest that the budget pays"),
            "term_months": Parameter("months", "months from the loan to its repayment"),
            "take_up": Parameter(
                "probability/month", "chance that a household that wants a loan and qualifies gets it in a month"
            ),
            "scale": Parameter("ratio", "yearly livestock sales at base prices that a yuan lent adds"),
            "renewal_chance": Parameter("probability", "chance that a loan that is due and cannot be repaid is renewed"),
        },
        {"renewal": ("none", "once")},
        "household",
    ),
    "farm_insurance": Mechanism(
        "yearly policy on crops or livestock that pays the fall of yield, price or both below a trigger",
        {
            "premium": Parameter("share", "yearly premium over the sum insured"),
            "premium_subsidy": Parameter("share", "share of the premium that the budget pays"),
            "coverage": Parameter("share", "sum insured over the value of a normal year's output"),
            "trigger": Parameter("ratio", "share of the normal below which the policy pays"),
            "deductible": Parameter("share", "share of the loss below the trigger that the household keeps"),
            "take_up": Parameter("probability/year", "share of those who qualify that take out the policy"),
        },
        {"product": ("crops", "livestock"), "basis": ("yield", "income", "price", "index")},
        "household",
    ),
    "schooling_aid": Mechanism(
        "aid to a pupil that takes off from the cost of schooling; what several levers pay adds up",
        {"amount": Parameter("yuan/pupil", "paid each time")},
        {"paid": ("terms", "school_months", "september")},
    ),
    "one_off_grant": Mechanism(
        "grant after an event, as income or against the cost of rebuilding",
        {
            "amount": Parameter("yuan/household", "paid whatever the loss"),
            "share_of_loss": Parameter("share", "share of the loss of the last disaster paid on top; a loss is met once"),
            "cap": Parameter("yuan/household", "most that is paid"),
            "probability": Parameter("probability/month", "chance that a household that is due is paid in a month"),
            "delay": Parameter("months", "months from a disaster, or from the entry into the registry after it, to the payment"),
            "wait": Parameter("months", "least months since the last grant that counted as income"),
            "from_loss": Parameter("yuan/household", "loss, or spending of 12 months after `high_spending`, that is not met"),
        },
        {
            "event": (
                "disaster",
                "hardship",
                "newly_monitored",
                "rebuilding",
                "school_entry",
                "migration",
                "accident",
                "high_spending",
            ),
            "counts_as": ("income", "rebuilding"),
        },
        "household",
    ),
    "restored_guarantee": Mechanism(
        "service that restores a lost guarantee: a house or water supply repaired, a child back at school, a member insured",
        {
            "probability": Parameter("probability/month", "chance that the service acts in a month while the guarantee is lost"),
            "share": Parameter("share", "share of the cost of the house that is paid"),
            "cap": Parameter("yuan/house", "most that is paid for a house"),
        },
        {"guarantee": tuple(GUARANTEES)},
        "guarantee",
    ),
    "cash_transfer": Mechanism(
        "an amount a month or a year for whoever meets the condition; ``status`` makes a person's a single-person dibao or tekun",
        {
            "amount": Parameter(
                "yuan/unit",
                "amount for a person, a household, a mu, or a yuan of titled assets; for a gap monthly income for each member",
            ),
            "month": Parameter("month of year", "month of a yearly payment; 0 for every month"),
            "reach": Parameter("share", "share of households reached: the lasting places above one minus it"),
            "counted": Parameter("share", "share that the means test counts as income"),
        },
        {"per": ("person", "household", "mu", "titled_yuan", "gap"), "status": ("none", "dibao", "tekun")},
        "per",
    ),
    "disregard": Mechanism(
        "income of a year that the means test leaves out for a person; several add up",
        {
            "amount": Parameter("yuan/person/year", "amount left out"),
            "share": Parameter("share", "share of the source left out"),
        },
        {"source": ("none", "pension", "wage")},
    ),
    "household_disregard": Mechanism(
        "income of a year that the means test leaves out once for a household; several add up",
        {"amount": Parameter("yuan/household/year", "amount left out")},
        {},
        "household",
    ),
    "multiplier": Mechanism(
        "factor on a hazard, a chance or an income of whoever meets the condition; factors of several levers multiply",
        {"factor": Parameter("ratio", "what the target is multiplied with; 1 changes nothing")},
        {"target": tuple(TARGETS)},
        "target",
    ),
}


def acts_on(mechanism: str, words: Mapping[str, str]) -> str:
    """Return whom a lever acts on, ``person`` or ``household``: only levers on persons can ask about one person."""
    kind = MECHANISMS[mechanism]
    if kind.acts_on == "per":
        return "person" if words.get("per") == "person" else "household"
    if kind.acts_on == "target":
        target = TARGETS.get(words.get("target", ""))
        return target.acts_on if target else "person"
    if kind.acts_on == "guarantee":
        return GUARANTEES.get(words.get("guarantee", ""), "person")
    return kind.acts_on
