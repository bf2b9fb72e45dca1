"""The state: columns of persons, households and villages, declared once. A new state variable is one line in a table here.

Names and enumerations are those of the catalogue of levers. `RESERVED` holds attributes that no process lives yet: conditions may
name them, they read 0, and they take no memory; moving a line up gives them a column.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim import eventkinds
from sim.sources import COUNT

KINDS = {"i1": np.int8, "i2": np.int16, "i4": np.int32, "i8": np.int64, "u8": np.uint64, "f4": np.float32, "f8": np.float64}


class Column(NamedTuple):
    """A state variable: whose, how it is stored, its unit and meaning, and the names of its codes if it is enumerated."""

    entity: str
    name: str
    kind: str
    unit: str
    meaning: str
    values: tuple[str, ...] = ()
    length: int = 1


JOBS = ("none", "farm", "local_wage", "migrant", "public_welfare", "ranger", "workshop", "work_for_relief", "self_employed")
LABOUR = ("full", "weak", "half", "none")
SELF_CARE = ("full", "partial", "none")
CARE = ("none", "visits", "day_care", "residential")
"""Who cares for a person beside the family."""
DISABILITY_KINDS = ("none", "body_or_senses", "mind_or_intellect")
PENSION_ACCOUNTS = ("undecided", "none", "own", "sponsored")
"""Resident pension: not yet asked, not insured, contributes, insured at no cost of one's own."""
MONITORED_TYPES = ("none", "unstable_ex_poor", "marginal", "sudden_hardship")
FLAG = ("no", "yes")
WINDOW = 12
"""Months of every trailing sum."""


def _person(name: str, kind: str, unit: str, meaning: str, values: tuple[str, ...] = (), length: int = 1) -> Column:
    return Column("person", name, kind, unit, meaning, values, length)


def _household(name: str, kind: str, unit: str, meaning: str, values: tuple[str, ...] = (), length: int = 1) -> Column:
    return Column("household", name, kind, unit, meaning, values, length)


PERSON = (
    _person("id", "u8", "", "lasting id; a child's derives from its mother's"),
    _person("alive", "i1", "flag", "alive; 0 also marks a spare slot", FLAG),
    _person("birth_month", "i2", "month number", "month of birth"),
    _person("age", "i1", "years", "age in years"),
    _person("sex", "i1", "", "sex", ("female", "male")),
    _person("last_birth", "i2", "month number", "month of a woman's last birth"),
    _person("children", "i1", "count", "births so far, for the ids of children"),
    _person("branch", "i1", "", "branch of the household: 0 the stem, one for every adult child with spouse and children"),
    _person("labour", "i1", "", "labour capacity", LABOUR),
    _person("self_care", "i1", "", "ability to care for self", SELF_CARE),
    _person("disability_grade", "i1", "grade", "grade of the disability certificate: 0 none, 1 and 2 severe"),
    _person("disability_kind", "i1", "", "kind of disability that the certificate names", DISABILITY_KINDS),
    _person("chronic_disease", "i1", "count", "main chronic conditions; 2 is two or more"),
    _person(
        "school_stage",
        "i1",
        "",
        "stage of schooling; a child of compulsory age keeps it when out of school",
        ("none", "preschool", "compulsory", "senior", "vocational", "tertiary"),
    ),
    _person("in_school", "i1", "flag", "enrolled in school", FLAG),
    _person("medically_unfit_for_school", "i1", "flag", "physically unfit to study", FLAG),
    _person("finished_stage_not_continuing", "i1", "flag", "left school after junior or senior stage", FLAG),
    _person("critical_illness", "i1", "flag", "severe illness", FLAG),
    _person("listed_critical_illness", "i1", "flag", "illness on the special list", FLAG),
    _person("severe_mental_disorder", "i1", "flag", "severe mental disorder", FLAG),
    _person(
        "own_share", "i1", "per cent", "share of a mean hospital bill that the person expected in January to pay, at least 1"
    ),
    _person("sick_months", "i1", "months", "months without work still ahead after an admission"),
    _person("readmission_months", "i1", "months", "months still ahead with a raised hazard of admission"),
    _person("admitted_this_year", "i1", "flag", "admitted in this calendar year", FLAG),
    _person("work_rank", "f4", "share", "lasting place among those who want off-farm work; 2 after giving it up for good"),
    _person("wants_work", "i1", "flag", "wants off-farm work", FLAG),
    _person("can_leave_home", "i1", "flag", "can leave home for work", FLAG),
    _person("job", "i1", "", "job type", JOBS),
    _person("job_since", "i2", "month number", "month in which the job began"),
    _person("job_end", "i2", "month number", "last month of a contract; 0 for none"),
    _person("renewals", "i1", "count", "renewals of a post so far"),
    _person("post_lever", "i2", "", "number of the lever that pays the post"),
    _person("pay_delay", "i1", "months", "months by which the pay of the place comes late"),
    _person("left_post", "i2", "month number", "month in which a post was last lost; 0 for never"),
    _person("last_away", "i2", "month number", "last month with a job away from the county; 0 for never"),
    _person(
        "home_until", "i2", "month number", "who came home for a spell looks for work away again from this month; 0 for nobody"
    ),
    _person("season", "f4", "months", "own working season minus the mean"),
    _person("log_skill", "f4", "log points", "log wage level relative to the mean wage"),
    _person("wage", "i4", "fen/month", "pay of a month worked"),
    _person("course_years", "i1", "years", "years left of the better chances after a skills course"),
    _person("paid", "i1", "flag", "paid a wage or post this month", FLAG),
    _person("pension_contributing_age", "i1", "flag", "of pension contribution age", FLAG),
    _person("drawing_pension", "i1", "flag", "draws the resident pension", FLAG),
    _person("no_pension", "i1", "flag", "not insured for the basic pension", FLAG),
    _person("pension_account", "i1", "", "standing in the resident pension scheme", PENSION_ACCOUNTS),
    _person("orphan_or_unattended", "i1", "flag", "child whose household has no adult of 18 to 59 able to care", FLAG),
    _person(
        "left_behind", "i1", "flag", "child, old person or woman at home while those of 18 to 59, or the men, work away", FLAG
    ),
    _person("cared", "i1", "", "service that cares for the person", CARE),
    _person("rehabilitated", "i1", "flag", "in a rehabilitation service", FLAG),
    _person("treated", "i1", "flag", "in a treatment service", FLAG),
    _person("trained", "i1", "flag", "has been trained by a service", FLAG),
    _person("tekun", "i1", "flag", "tekun recipient", FLAG),
    _person("casual_days", "i1", "days/month", "days of casual work in a month at home"),
    _person("employed", "i1", "flag", "has a job off the own farm, own business included", FLAG),
    _person("job_place", "i1", "", "place of work", ("none", "village", "county", "outside_county")),
    _person("working_age", "i1", "flag", "of working age, 16 to 64", FLAG),
    _person("bmi_enrolled", "i1", "flag", "covered by resident basic medical insurance", FLAG),
    _person("enrolled_next", "i1", "", "next year's cover, as it stands", ("none", "resident", "employee")),
    _person("employee_insured", "i1", "flag", "covered by employee medical insurance", FLAG),
    _person("commercial_insured", "i1", "flag", "holds a commercial policy this year", FLAG),
    _person("commercial_next", "i1", "flag", "has taken one out for next year", FLAG),
    _person("signed_doctor", "i1", "flag", "signed on with a family doctor for a chronic condition this year", FLAG),
    _person("lapsed_years", "i1", "years", "years in a row without any cover"),
    _person("waiting", "i1", "months", "months at the start of this year without benefits, after a lapse"),
    _person("own_in_year", "i4", "fen", "in-list cost left after the basic layer in this calendar year"),
    _person("critical_in_year", "i4", "fen", "paid by the critical-illness layer in this calendar year"),
    _person("supplement_in_year", "i4", "fen", "paid by the supplementary layer in this calendar year"),
    _person("assisted_in_year", "i4", "fen", "paid by medical assistance in this calendar year"),
    _person("ceiling_in_year", "i4", "fen", "paid to keep own payments under their ceiling in this calendar year"),
    _person("commercial_in_year", "i4", "fen", "paid by commercial insurance in this calendar year"),
    _person("drugs_in_year", "i4", "fen", "cost of outpatient care and drugs in this calendar year"),
    _person("outpatient_in_year", "i4", "fen", "paid by the outpatient layer in this calendar year"),
    _person("income_12m", "i4", "fen", "own income of the last 12 months: it leaves with its earner"),
    _person("income_window", "i4", "fen", "own income by month, a ring of 12", (), WINDOW),
)

VILLAGE_TRAITS = (
    ("ex_poor_village", "ex-poor village"),
    ("key_support", "key or demonstration village"),
    ("has_work_team", "has a work team"),
    ("paired_enterprise", "paired with an enterprise"),
    ("workshop", "has a workshop"),
    ("tourism", "tourist village"),
    ("clinic", "has a standard clinic"),
    ("telemedicine", "has telemedicine"),
    ("express_point", "has an express point"),
    ("irrigated", "improved farmland or irrigation"),
    ("specialty", "in the area of a specialty crop or animal"),
    ("operator_failed", "the operators that its households are linked with failed this year"),
)
"""Flags of a village that conditions name ``v.name``: each household carries those of its village, as ``v_name``."""

HOUSEHOLD = (
    _household("id", "u8", "", "lasting id; a split household's derives from its founder's"),
    _household("root", "u8", "", "id of the founding household from which it comes; its own id if it is one"),
    _household("start", "i4", "slot", "first member's slot"),
    _household("slots", "i1", "count", "members' slots, spare ones included"),
    _household("spare", "i1", "count", "slots that no one has used since January"),
    _household("village", "i2", "", "village number, from 0"),
    _household("township", "i2", "", "township number, from 0"),
    _household("workshop_site", "i2", "", "place of the village in the order in which villages get a workshop, from 1"),
    _household("group", "i1", "", "group of the measures", ("ex_poor", "marginal", "other")),
    # who
    _household("members", "i1", "persons", "registered members alive, absent earners included"),
    _household("able", "i1", "persons", "members of 16 to 64 with labour capacity"),
    _household("any_employed", "i1", "flag", "has an employed member", FLAG),
    _household("stable_earned_income", "i1", "flag", "a member has held the same job for half a year", FLAG),
    _household("any_disabled", "i1", "flag", "has a disabled member", FLAG),
    _household("incapable", "i1", "persons", "members from 16 with half or no labour capacity"),
    _household("carers", "i1", "persons", "members of 18 to 59 at home who can care for others"),
    _household("prime_away", "i1", "persons", "members of 18 to 59 with a job away from the county"),
    _household("men_away", "i1", "persons", "men of 18 to 59 among them"),
    _household("left_behind_members", "i1", "persons", "members left behind"),
    _household(
        "care_burden", "i1", "points", "care left to the family: 1 a member with partial, 2 with no self-care, less services"
    ),
    _household("absent", "i1", "persons", "members who earned away from the county within the last 12 months"),
    _household("registered", "i1", "flag", "on the register of the poor, until 2020", FLAG),
    _household("ex_poor", "i1", "flag", "formerly registered poor, exited", FLAG),
    _household("land_mu", "f4", "mu", "contracted land"),
    _household("livestock", "i4", "fen/year", "yearly livestock sales at base prices, half in June and half in December"),
    _household("farms", "i1", "flag", "runs crops or livestock", FLAG),
    _household("turn", "f4", "share", "place in the round of visits"),
    # lasting traits, see `sim.traits`
    _household("relocated", "i1", "flag", "moved to a resettlement site", FLAG),
    _household("seismic_zone", "i1", "flag", "in a high seismic intensity zone", FLAG),
    _household("slope_cut_site", "i1", "flag", "house on a cut slope", FLAG),
    _household("retrofitted", "i1", "flag", "house made safe against the hazards of its site", FLAG),
    _household("has_helper", "i1", "flag", "a named cadre helps it", FLAG),
    _household("site_supported", "i1", "flag", "jobs and services of its resettlement site are supported", FLAG),
    _household("idle_homestead", "i1", "flag", "has an idle homestead or house", FLAG),
    _household("linked_operator", "i1", "flag", "linked with a firm, a cooperative or a family farm", FLAG),
    _household("collective_member", "i1", "flag", "member of the village collective", FLAG),
    _household("leases_land", "i1", "flag", "leases its land out", FLAG),
    _household("entrusts_land", "i1", "flag", "entrusts field work to a service organisation", FLAG),
    _household("titled_asset_value", "i4", "fen", "value of project assets titled to the household"),
    *(_household(f"v_{name}", "i1", "flag", f"{meaning}: the household's village", FLAG) for name, meaning in VILLAGE_TRAITS),
    _household("village_due", "i4", "fen", "due this month from the village's project assets and its collective"),
    _household("agri_community", "i1", "flag", "lives in an agriculture-related community", FLAG),
    _household("fisher", "i1", "flag", "fisher household", FLAG),
    _household("farm_forest_unit", "i1", "flag", "lives on a farm or forest farm", FLAG),
    _household("major_shock", "i1", "", "major event this month", ("none", "natural_disaster", "family_calamity", "accident")),
    # the registry
    _household("trigger", "i1", "bits", "alerts: 1 income, 2 spending, 4 income drop, 8 guarantee lost, 16 labour lost"),
    _household("risk_score", "i1", "points", "projected relapse risk, 0 to 100"),
    _household("alert_month", "i2", "month number", "month in which the present alerts began; 0 without one, -1 once answered"),
    _household("after_post", "i1", "bits", "a member lost a post so many months ago: 1 three, 2 six, 4 twelve"),
    _household("support_losses", "i1", "", "jobs, posts and dibao lost this month plus 4 x last month's plus 16 x those before"),
    _household(
        "records",
        "i1",
        "bits",
        "not yet screened: 1 hospital bill, 2 disaster, 4 job loss, 8 disability, 16 dropout, 32 illness, 64 accident",
    ),
    _household("flagged", "i1", "flag", "flagged by a channel, not yet verified", FLAG),
    _household("flag_month", "i2", "month number", "month of the flag"),
    _household("flag_channel", "i1", "", "channel of the last flag", ("none", "self_report", "visit", "data")),
    _household("clock_day", "i1", "day", "day of the month of the flag while flagged, then of identification"),
    _household("monitored", "i1", "flag", "in the anti-relapse registry, not cleared", FLAG),
    _household("monitored_december", "i1", "flag", "in the registry at the end of the last year", FLAG),
    _household("monitored_type", "i1", "", "kind of monitored household", MONITORED_TYPES),
    _household("identified_month", "i2", "month number", "month of entry into the registry; 0 for never"),
    _household("years_monitored", "i1", "years", "whole years since the entry into the registry"),
    _household("cleared_month", "i2", "month number", "month of the last clearing; 0 for never"),
    _household("measures", "i1", "count", "months since identification in which help came"),
    _household(
        "helped", "i1", "bits", "measures: 1 medical, 2 education, 4 housing, 8 employment, 16 water, 32 disaster, 64 care"
    ),
    _household("job_help", "i1", "flag", "helped to find work", FLAG),
    _household("first_help_month", "i2", "month number", "month of the first measure since identification; 0 for none"),
    _household("on_trial", "i1", "flag", "cleared within twelve months and above the line since", FLAG),
    _household("months_above", "i1", "months", "months in a row at or above the monitoring line"),
    _household("returned_poor", "i1", "flag", "confirmed as fallen into poverty", FLAG),
    # true risk, which no institution sees
    _household("risk_since", "i2", "month number", "month in which the present spell of true risk began; 0 without one"),
    _household("risk_found", "i1", "flag", "in the registry in the present spell of true risk", FLAG),
    _household("risk_in_year", "i1", "flag", "truly at risk in a month of this year", FLAG),
    _household("december_view", "i2", "code", "last December's risk score, true risk and registry, by `sim.watch`; 0 for none"),
    # guarantees and needs
    _household("house_safe", "i1", "flag", "house is safe", FLAG),
    _household("water_safe", "i1", "flag", "drinking water is safe", FLAG),
    _household(
        "lost_guarantees",
        "i1",
        "bits",
        "guarantees lost: 1 insurance cover of a member, 2 compulsory schooling, 4 house, 16 water",
    ),
    _household(
        "need_types",
        "i1",
        "bits",
        "current needs: 1 medical, 2 education, 4 housing, 8 employment, 16 water, 32 disaster, 64 care",
    ),
    _household("temporary_hardship", "i1", "flag", "basic living temporarily in difficulty", FLAG),
    _household(
        "events",
        "i2",
        "bits",
        "events that a grant may follow: 1 disaster, 2 hardship, 8 rebuilding, 16 school entry, 32 migration, 64 accident, "
        "128 high spending",
    ),
    _household("relief_month", "i2", "month number", "month of the last one-off grant counted as income; 0 for never"),
    _household("struck_month", "i2", "month number", "month of the last disaster; 0 for never"),
    _household("open_loss", "i4", "fen", "loss of the last disaster that no grant has met yet"),
    # dibao
    _household("dibao", "i1", "flag", "paid dibao, as a household or for one member", FLAG),
    _household("on_single_dibao", "i1", "persons", "members on single-person dibao"),
    _household("any_tekun", "i1", "flag", "has a tekun member", FLAG),
    _household("dibao_margin", "i1", "flag", "dibao-margin family, by the status rules in force", FLAG),
    _household("low_income", "i1", "flag", "low-income family, by the status rules in force", FLAG),
    _household("assessed_ratio", "i2", "per cent", "assessed income over the dibao standard of its members; 32000 without one"),
    _household("dibao_stage", "i1", "", "where an application stands", ("none", "applied", "paid", "leaving")),
    _household("dibao_clock", "i1", "months", "months to the decision, review or end"),
    _household("dibao_benefit", "i4", "fen/month", "monthly payment"),
    _household("dibao_standard", "f4", "fen/month", "standard at the last decision"),
    _household("refusal_rank", "i1", "per cent", "lasting place among those whom assessment keeps out, 0 to 99"),
    _household("assessment_factor", "f4", "ratio", "assessed income relative to true, a lasting error"),
    # money
    _household("assets", "i8", "fen", "liquid assets"),
    _household("debt", "i8", "fen", "debt at interest, with no date"),
    _household("kin_debt", "i4", "fen", "owed to kin and neighbours, interest-free"),
    _household("arrears", "i8", "fen", "owed and overdue: loans not repaid and bills not paid"),
    _household("in_default", "i1", "flag", "failed to repay a loan, and still in arrears", FLAG),
    _household("credit_eligible", "i1", "flag", "qualifies for credit", FLAG),
    _household("loan_wanted", "i1", "flag", "wants a loan", FLAG),
    _household("loan_need", "i4", "fen", "amount wanted"),
    _household("loan_balance", "i4", "fen", "loan balance"),
    _household("loan_rate", "f4", "share/year", "interest rate of the loan"),
    _household("loan_start", "i2", "month number", "month in which the loan was paid out"),
    _household("loan_due", "i2", "month number", "month in which it is to be repaid"),
    _household("loan_lever", "i2", "", "number of the lever that lent; -1 when it is gone"),
    _household("loan_renewals", "i1", "count", "renewals of the loan so far"),
    _household("loan_herd", "i4", "fen/year", "part of the livestock that the loan carries"),
    _household("insured", "i4", "bits", "farm insurance held this year, a bit a product"),
    _household("farm_due", "i4", "fen", "harvest booked and not yet paid"),
    _household("owed_12m", "i4", "fen", "pay of places earned and not yet paid"),
    _household("owed_window", "i4", "fen", "the same by the month in which it will be paid, a ring of 12", (), WINDOW),
    _household("usual_income", "i4", "fen/month", "smoothed monthly income"),
    _household("market_month", "i4", "fen", "income of this month before assistance, booked"),
    _household("cash_month", "i4", "fen", "cash received this month before regular assistance"),
    _household("other_12m", "i4", "fen", "farm, transfer and property income of the last 12 months"),
    _household("other_window", "i4", "fen", "the same by month, a ring of 12", (), WINDOW),
    _household("benefit_12m", "i4", "fen", "assistance of the last 12 months"),
    _household("benefit_window", "i4", "fen", "the same by month, a ring of 12", (), WINDOW),
    _household("spend_12m", "i4", "fen", "unavoidable spending of the last 12 months"),
    _household("spend_window", "i4", "fen", "the same by month, a ring of 12", (), WINDOW),
    _household("gross_12m", "i4", "fen", "gross income of the last 12 months, registered members"),
    _household("net_12m", "i4", "fen", "gross income net of unavoidable spending, last 12 months"),
    _household("kept_away", "i4", "fen", "own income of absent members in 12 months less what they sent home"),
    _household(
        "resident_12m", "i4", "fen", "gross income of residents, last 12 months: absent earners count with what they send"
    ),
    _household(
        "unavoidable_month",
        "i4",
        "fen",
        "own premiums, own medical payments, interest, schooling, rebuilding and water of this month, less aid",
    ),
    _household("assessed_12m", "i4", "fen", "income of a year as the means test counts it, before its lasting error"),
    _household("net_year_ago", "i4", "fen", "net income per head of the 12 months to last December"),
    # the yearly test, sources since October
    _household("below_gross", "i1", "flag", "below the poverty line at the last yearly test, gross", FLAG),
    _household("below_net", "i1", "flag", "below the poverty line at the last yearly test, net", FLAG),
    _household("below_guarantee", "i1", "flag", "the same, or a guarantee lost, at the last yearly test", FLAG),
    _household("below_core", "i1", "flag", "the same without insurance cover among the guarantees", FLAG),
    _household("members_at_test", "i1", "persons", "members at the last yearly test"),
    _household("year_sources", "i4", "fen", "sums of the accounting year, October to September, by `sim.sources`", (), COUNT),
    _household("last_sources", "i4", "fen", "the same of the year before", (), COUNT),
    # what happened last of each kind, see `sim.eventkinds`
    _household("event_month", "i2", "month number", "month of the last event of each kind; 0 for never", (), eventkinds.COUNT),
    _household("event_size", "i4", "fen", "amount of the last event of each kind", (), eventkinds.COUNT),
    _household("transfers_due", "i4", "fen/year", "transfers of levers due in a year, as this month leaves them"),
    _household("supports_held", "i8", "bits", "transfers due last month, a bit a lever in the scenario's order"),
    _household("supports_now", "i8", "bits", "the same of this month, while it is lived"),
    _household("supports_ended", "i8", "bits", "the same of those that ended when a transfer last ended"),
    # first events, for pairing
    _household("first_relapse_gross", "i2", "month number", "first entry below the line at a yearly test, gross; 0 for never"),
    _household("first_relapse_net", "i2", "month number", "the same, net"),
    _household("first_relapse_guarantee", "i2", "month number", "first fall by guarantees; 0 for never"),
    _household("first_relapse_registry", "i2", "month number", "first confirmed fall; 0 for never"),
    _household("first_at_risk", "i2", "month number", "first month below the monitoring line; 0 for never"),
    _household("cause_gross", "i1", "", "main cause of the first entry, gross"),
    _household("cause_net", "i1", "", "main cause of the first entry, net"),
    _household("cause_guarantee", "i1", "", "main cause of the first fall by guarantees"),
    _household("years_net", "i4", "bits", "years from 2013 with a new fall at the yearly test, net"),
    _household("years_core", "i4", "bits", "the same by guarantees but for insurance cover"),
)

VILLAGE = (
    Column("village", "id", "u8", "", "lasting id"),
    Column("village", "township", "i2", "", "township number"),
    Column("village", "migrant_lead", "i2", "thousandths", "share of persons working away in January less that of the county"),
    Column("village", "first_household", "i4", "", "its first household"),
    Column("village", "households", "i4", "count", "simulated households"),
    Column("village", "project_assets", "i8", "fen", "operating assets of the programme's projects"),
    Column("village", "collective_income", "i8", "fen/year", "net income of the village collective"),
    Column("village", "enrolled_share", "f4", "share", "residents covered among those not in employee insurance, last autumn"),
)

TOWNSHIP = (
    Column("township", "id", "u8", "", "lasting id"),
    Column("township", "loss", "f8", "share", "share of this year's standing harvest that a disaster takes"),
    Column("township", "struck", "f8", "share", "the same in the month in which the disaster strikes; 0 in all others"),
    Column("township", "aftermath", "f8", "share", "the same from that month to the end of the year; 0 before"),
    Column("township", "yields", "f8", "ratio", "this year's yields relative to a normal year, common to the township"),
)

RESERVED = (
    *(_household(name, "i1", "flag", meaning, FLAG) for name, meaning in (("assets_ok", "passes the asset test"),)),
    _household("income_pc", "f4", "yuan/person/year", "12-month net income per person"),
    _household("assessed_income_pc", "f4", "yuan/person/year", "income per person as the means test counts it"),
    _household("income_drop_12m", "f4", "share", "income fall against the year before"),
    _household("rigid_spend_12m", "f4", "yuan", "rigid spending of 12 months"),
    Column("county", "tilt_group", "i1", "", "which risk group gets the tilt", ("at_risk", "relapsed")),
    Column("county", "elderly_age", "i1", "years", "age counted as elderly"),
    *(
        Column("county", name, "f8", unit, meaning)
        for name, unit, meaning in (
            ("dibao_std", "fen/person/year", "dibao standard"),
            ("monitor_line", "fen/person/year", "monitoring income line"),
            ("rigid_spend_line", "fen", "rigid spending line"),
            ("income_drop_line", "share", "income drop line"),
            ("early_warning_score", "score", "score that starts preventive help"),
            ("high_risk_score", "score", "score for asset-income rewards"),
            ("microcredit_cap", "fen", "microcredit cap"),
        )
    ),
)

COUNTY = (Column("county", "former_poor_county", "i1", "flag", "ex-poor county", FLAG),)
"""What conditions may ask of the county: fields of `sim.rules.County`."""

COLUMNS = (*PERSON, *HOUSEHOLD, *VILLAGE, *TOWNSHIP)
_PREFIX = {"p": "person", "h": "household", "v": "village", "j": "county"}


def attribute(name: str) -> Column | None:
    """Return the column that a condition's attribute (``p.age``, ``h.dibao``) names, lived or reserved; None if there is none.

    A village's trait (``v.workshop``) is a column of its households.
    """
    prefix, _, column = name.partition(".")
    wanted = (_PREFIX.get(prefix), column)
    if prefix == "v" and any(column == trait for trait, _ in VILLAGE_TRAITS):
        wanted = ("household", f"v_{column}")
    return next((c for c in (*COLUMNS, *COUNTY, *RESERVED) if (c.entity, c.name) == wanted), None)


def is_reserved(name: str) -> bool:
    """Say whether an attribute has a name but no process that lives it yet."""
    column = attribute(name)
    return column is not None and column in RESERVED


def _places() -> dict[tuple[str, str], int]:
    """Return the row of every column in the matrix of its entity and kind."""
    used: dict[tuple[str, str], int] = {}
    rows: dict[tuple[str, str], int] = {}
    for column in COLUMNS:
        matrix = (column.entity, column.kind)
        rows[column.entity, column.name] = used.get(matrix, 0)
        used[matrix] = used.get(matrix, 0) + column.length
    return rows


ROW = _places()
BY_NAME = {(column.entity, column.name): column for column in COLUMNS}


class Columns:
    """The columns of one entity, as one matrix for each kind of number. ``columns["age"]`` is a view, not a copy."""

    def __init__(self, entity: str, count: int) -> None:
        """Make ``count`` rows of zeros."""
        self.entity = entity
        self.matrices: dict[str, np.ndarray] = {}
        for kind, dtype in KINDS.items():
            rows = sum(c.length for c in COLUMNS if c.entity == entity and c.kind == kind)
            self.matrices[kind] = np.zeros((rows, count), dtype)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all columns of this entity."""
        return tuple(c.name for c in COLUMNS if c.entity == self.entity)

    def __len__(self) -> int:
        """Return the number of entities, spare slots included."""
        return int(self.matrices["u8"].shape[1])

    def __getitem__(self, name: str) -> np.ndarray:
        """Return one column as an array; a ring of months as 12 rows."""
        column = BY_NAME[self.entity, name]
        row = ROW[self.entity, name]
        matrix = self.matrices[column.kind]
        return matrix[row] if column.length == 1 else matrix[row : row + column.length]

    def __setitem__(self, name: str, value: Any) -> None:
        """Write a whole column."""
        self[name][...] = value

    def copy(self) -> Columns:
        """Return an independent copy."""
        twin = Columns(self.entity, 0)
        twin.matrices = {kind: matrix.copy() for kind, matrix in self.matrices.items()}
        return twin


class State:
    """Everything that changes: persons within households within villages, contiguous."""

    def __init__(self, persons: Columns, households: Columns, villages: Columns) -> None:
        """Hold the three floors of the state."""
        self.persons = persons
        self.households = households
        self.villages = villages

    @property
    def founding_households(self) -> int:
        """Number of the households of January 2013, ended ones included; households that split off are not counted."""
        return int((self.households["id"] == self.households["root"]).sum())

    def copy(self) -> State:
        """Return an independent copy."""
        return State(self.persons.copy(), self.households.copy(), self.villages.copy())

    def bytes_per_person(self) -> float:
        """Return the memory of the state per living person, in bytes."""
        total = sum(m.nbytes for part in (self.persons, self.households, self.villages) for m in part.matrices.values())
        return total / max(1, int(self.persons["alive"].sum()))
