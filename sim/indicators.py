"""What a run counts each month, by group. All counts are whole numbers, so sums do not depend on their order."""

from __future__ import annotations

from typing import NamedTuple


class Indicator(NamedTuple):
    """A monthly count: unit, kind (``stock`` at the end of the month or ``flow`` in it) and meaning."""

    name: str
    unit: str
    kind: str
    meaning: str


GROUPS = ("ex_poor", "marginal", "other")
"""Ex-poor: registered and exited by 2020. Marginal: never registered, below 1.5 monitoring lines in 2020. Other: the rest."""

CAUSES = (
    "illness",
    "disaster",
    "farm",
    "job_loss",
    "post_end",
    "dibao_end",
    "support_end",
    "premium",
    "line",
    "household_change",
    "other",
    "housing",
    "schooling",
    "water",
)
"""Main cause of a yearly entry below the line: the largest push since the last yearly test."""

GUARANTEE_CAUSES = (*CAUSES, "insurance")
"""Main cause of a fall by guarantees: that of the fall of income, or the guarantee lost."""

LOST = ("housing", "schooling", "water", "insurance")
"""Guarantees whose loss is a fall; where several are lost at once the first counts as the cause."""

INCOMES = (
    "wage", "post", "workshop", "business", "farm", "pension", "allowance", "support", "transfer", "property", "dibao", "relief",
)  # fmt: skip
"""Sources of household income, each an indicator ``<source>_income``."""

WITHOUT = ("price", "age", "away", "habit", "neighbours", "other")
"""What keeps a person from enrolling most, in the choice of `sim.processes.enrolment`; other: luck alone."""

MILLION = 1_000_000
MEDICAL_BARS = (50, 100, 200, 300, 500, 750, 1000, 1500, 2000, 3000, 4000, 6000, 8000, 12000, 20000)
"""Own medical payments per head of an accounting year, in yuan, at which brackets begin; the first bracket begins at zero."""

_STATE = (
    Indicator("persons", "persons", "stock", "registered members alive"),
    Indicator("households", "households", "stock", "households with a member alive"),
    Indicator(
        "at_risk_persons", "persons", "stock", "members of households with 12-month net income per head below the monitoring line"
    ),
    Indicator("at_risk_households", "households", "stock", "households below the monitoring line, net"),
    Indicator(
        "below_gross_persons",
        "persons",
        "stock",
        "members of households with 12-month gross income per head below the poverty line",
    ),
    Indicator(
        "below_net_persons", "persons", "stock", "members of households with 12-month net income per head below the poverty line"
    ),
    Indicator(
        "gap_net",
        "millionths x persons",
        "stock",
        "sum over persons of the net shortfall as a share of the poverty line, at most 1",
    ),
    Indicator("gap2_net", "millionths x persons", "stock", "sum over persons of the square of that share"),
    Indicator(
        "shortfall",
        "fen",
        "flow",
        "a twelfth of the yearly net shortfall of all persons: its yearly sum is the area, unbounded",
    ),
    Indicator("monitored_persons", "persons", "stock", "members of households in the registry, not cleared"),
    Indicator("monitored_households", "households", "stock", "households in the registry, not cleared"),
    Indicator("undetected_at_risk_households", "households", "stock", "households at risk and not in the registry"),
    Indicator("new_alert_households", "households", "flow", "households whose alerts begin, as the registry counts"),
    Indicator("new_alert_spending_households", "households", "flow", "those of them with an alert on spending"),
    Indicator("new_alert_drop_households", "households", "flow", "those of them with an alert on a sharp fall"),
    Indicator("double_loss_households", "households", "flow", "households that lose a second job, post or dibao in three months"),
    Indicator("flagged_households", "households", "stock", "households waiting for verification"),
    Indicator("visits_made", "visits", "flow", "visits by village workers, booked to the group other"),
    Indicator("visiting_workers", "workers", "stock", "village workers who visit, booked to the group other"),
    Indicator("verified_households", "households", "flow", "cases settled"),
    Indicator("verified_in_time_households", "households", "flow", "cases settled within the days that the rule allows"),
    Indicator("verification_days", "days", "flow", "days from flag to decision, summed over cases settled"),
    Indicator("turned_away_households", "households", "flow", "cases turned away without an alert on income"),
    Indicator("missed_households", "households", "flow", "cases turned away despite an alert on income"),
    Indicator("staff_minutes", "minutes", "flow", "working time for verification, booked to the group other"),
    Indicator("staff_minutes_used", "minutes", "flow", "working time spent on verification, booked to the group other"),
    Indicator("identified_households", "households", "flow", "households taken into the registry"),
    Indicator("identified_at_risk_households", "households", "flow", "those of them truly below the monitoring line, net"),
    Indicator("false_alarms", "households", "flow", "households taken in without an alert in that month"),
    Indicator("reidentified_households", "households", "flow", "households taken into the registry again after clearing"),
    Indicator("helped_households", "households", "flow", "households that get their first measure"),
    Indicator("helped_in_15_days_households", "households", "flow", "those of them within 15 days of identification"),
    Indicator("helped_in_30_days_households", "households", "flow", "those of them within 30 days of identification"),
    Indicator("help_days", "days", "flow", "days from identification to the first measure, summed over them"),
    Indicator("unhelped_households", "households", "stock", "households in the registry without a measure"),
    Indicator("first_payment_households", "households", "flow", "alerts answered by a first payment of dibao"),
    Indicator("first_payment_months", "months", "flow", "months from the alert to that payment, summed over them"),
    Indicator("rolled_back_households", "households", "flow", "households seen below the line within a year of clearing"),
    Indicator("cleared_households", "households", "flow", "households marked as stably out of risk"),
    Indicator("ever_identified_persons", "persons", "stock", "members of households ever taken into the registry"),
    Indicator("ever_identified_households", "households", "stock", "households ever taken into the registry"),
    Indicator("ever_cleared_households", "households", "stock", "households ever identified and now cleared"),
    Indicator("ever_cleared_persons", "persons", "stock", "members of households ever identified and now cleared"),
    Indicator("registry_relapse_persons", "persons", "flow", "members of ex-poor households confirmed as fallen"),
    Indicator("registry_relapse_households", "households", "flow", "ex-poor households confirmed as fallen"),
    Indicator("registered_persons", "persons", "stock", "members of households on the register of the poor, until 2020"),
    Indicator("lost_housing_persons", "persons", "stock", "members of households in an unsafe house"),
    Indicator("lost_water_persons", "persons", "stock", "members of households without safe water"),
    Indicator("lost_schooling_persons", "persons", "stock", "children out of compulsory school who are fit for it"),
    Indicator("lost_cover_persons", "persons", "stock", "persons without cover of resident medical insurance"),
    Indicator("dibao_persons", "persons", "stock", "members of households paid dibao this month, and single recipients"),
    Indicator("tekun_persons", "persons", "stock", "recipients of tekun support"),
    Indicator("low_income_households", "households", "stock", "families registered as of low income"),
    Indicator("margin_households", "households", "stock", "families registered at the margin of dibao"),
    Indicator("cared_persons", "persons", "stock", "persons for whom a service cares"),
    Indicator("care_needing_persons", "persons", "stock", "persons who cannot wholly care for themselves"),
    Indicator("uncared_persons", "persons", "stock", "those of them for whom no service cares"),
    Indicator("orphans", "persons", "stock", "children without anybody of 18 to 59 able to care for them"),
    Indicator("left_behind_persons", "persons", "stock", "children, old people and women left behind"),
    Indicator("pension_insured_persons", "persons", "stock", "persons insured for the resident pension"),
    Indicator(
        "dibao_eligible_persons", "persons", "stock", "members of households assessed below the dibao standard, without error"
    ),
    Indicator("dibao_missed_persons", "persons", "stock", "those of them on neither dibao nor tekun"),
    Indicator(
        "dibao_unentitled_persons",
        "persons",
        "stock",
        "members of households paid dibao, not in their gradual exit, and assessed at or above the standard",
    ),
    Indicator(
        "monitored_below_dibao_persons", "persons", "stock", "members of monitored households with 12-month net income below it"
    ),
    Indicator("posts", "persons", "stock", "holders of a public-welfare post"),
    Indicator("posts_on_target", "persons", "stock", "those of them who meet the condition of their post in this month"),
    Indicator("rangers", "persons", "stock", "forest rangers"),
    Indicator("workshop_workers", "persons", "stock", "persons with a place in a workshop"),
    Indicator("relief_workers", "persons", "stock", "persons on work for relief, bridging work included; summed: person-months"),
    Indicator("self_employed", "persons", "stock", "persons with an own business"),
    Indicator("migrants", "persons", "stock", "persons with a job away from the county"),
    Indicator("workers", "persons", "stock", "persons with an off-farm job, posts and own business included"),
    Indicator("paid_workers", "persons", "stock", "persons paid a wage, a post, a workshop or relief work this month"),
    Indicator("residents", "persons", "stock", "members without those who worked away within the last 12 months"),
    Indicator(
        "below_resident_gross_persons",
        "persons",
        "stock",
        "residents where gross income per resident is below the poverty line, absent earners counted with what they send",
    ),
    Indicator("below_resident_net_persons", "persons", "stock", "the same, net of unavoidable spending"),
    Indicator("able_persons", "persons", "stock", "members of 16 to 64 with labour capacity"),
    Indicator("seekers", "persons", "stock", "persons without work off the own farm who look for it"),
    Indicator("jobs_found", "persons", "flow", "persons who found a job"),
    Indicator("jobless_households", "households", "stock", "households with able members, none of whom works off the own farm"),
    Indicator("relocated_able", "persons", "stock", "able persons of relocated households"),
    Indicator("relocated_workers", "persons", "stock", "persons of relocated households with work off the own farm"),
    Indicator("key_village_persons", "persons", "stock", "persons in key or demonstration villages"),
    Indicator("key_village_at_risk_persons", "persons", "stock", "those of them below the monitoring line, net"),
    Indicator("watched_struck_households", "households", "stock", "households that a disaster struck within the last 24 months"),
    Indicator("struck_at_risk_households", "households", "stock", "those of them below the monitoring line, net"),
    *(
        indicator
        for months in (3, 6, 12)
        for indicator in (
            Indicator(f"post_left_{months}_households", "households", "flow", f"households that lost a post {months} months ago"),
            Indicator(f"post_left_{months}_poor_households", "households", "flow", "those of them below the poverty line, net"),
        )
    ),
    Indicator("enrolled_persons", "persons", "stock", "persons covered by resident medical insurance"),
    Indicator("uninsured_persons", "persons", "stock", "persons with neither resident nor employee medical insurance"),
    Indicator("employee_insured_persons", "persons", "stock", "persons covered by employee medical insurance"),
    Indicator("lapses", "persons", "flow", "persons covered this year who pay for no cover of the next"),
    *(
        Indicator(f"without_{reason}", "persons", "flow", f"persons who pay for no cover of the next year, mainly for: {reason}")
        for reason in WITHOUT
    ),
    Indicator("disabled_persons", "persons", "stock", "persons with a disability certificate"),
    Indicator("critically_ill_persons", "persons", "stock", "persons with a critical illness"),
    Indicator("care_needed", "cases", "flow", "needs for hospital care, met or not"),
    Indicator("care_forgone", "cases", "flow", "needs for hospital care that went without it"),
    Indicator("injury_admissions", "admissions", "flow", "hospital admissions for injuries"),
    Indicator("severe_uncovered", "admissions", "flow", "severe admissions of persons without any cover"),
    Indicator("admissions", "admissions", "flow", "hospital admissions"),
    Indicator("admitted_persons", "persons", "flow", "persons admitted for the first time in the calendar year"),
    Indicator("births", "persons", "flow", "births"),
    Indicator("deaths", "persons", "flow", "deaths"),
    Indicator("loans_granted", "households", "flow", "households that were paid out a loan"),
    Indicator("defaults", "households", "flow", "households that could not repay a loan that was due"),
    Indicator("loan_waiting_households", "households", "stock", "households that want a loan and have not got it"),
    Indicator("marriages_in", "persons", "flow", "spouses who joined a household"),
    Indicator("marriages_out", "persons", "flow", "members who married into a household elsewhere"),
    Indicator("leavers", "persons", "flow", "adult children who left for good, with spouses and children"),
    Indicator("returners", "persons", "flow", "adult children who came back for good"),
    Indicator("new_households", "households", "flow", "households that split off from another"),
    Indicator("villages", "villages", "flow", "villages, counted in January and booked to the group other"),
    Indicator(
        "collective_villages", "villages", "flow", "those of them whose collective earns more than `collective_target` a year"
    ),
    Indicator("project_assets", "fen", "flow", "operating project assets, counted in January and booked to the group other"),
    Indicator("ended_households", "households", "flow", "households whose last member died"),
)

_MONEY = (
    ("wage_income", "wages booked, casual work included"),
    ("post_income", "pay of posts, rangers, work for relief and bridging work"),
    ("workshop_income", "pay of workshops by their firms"),
    ("pay_late", "pay of places that is not paid in the month worked, within post_income and workshop_income"),
    ("business_income", "profit of own businesses"),
    ("sent_home", "part of the wages earned away that is sent home: no income of its own"),
    ("job_support", "paid by budgets to workshops and employers for places and jobs given"),
    ("farm_income", "farm income booked by crop cycle"),
    ("pension_income", "basic pensions"),
    ("allowance_income", "transfers of levers to persons, single-person dibao and tekun included"),
    ("support_income", "transfers of levers and of village funds to households"),
    ("transfer_income", "other public and private transfers"),
    ("property_income", "property income"),
    ("dibao_income", "dibao paid"),
    ("relief_income", "one-off grants that count as income"),
    ("premiums", "own premiums paid"),
    ("premium_subsidy", "premiums paid by budgets"),
    ("contributions", "own contributions to the resident pension"),
    ("contribution_subsidy", "contributions to the resident pension paid by budgets"),
    ("care_cost", "part of own_medical: care, rehabilitation and treatment beside services"),
    ("services_paid", "paid by budgets for services to persons"),
    ("late_premiums", "premiums paid by services for cover out of season"),
    ("bills", "hospital bills"),
    ("reimbursed", "hospital bills paid by the three layers"),
    ("paid_basic", "part of reimbursed: basic insurance"),
    ("paid_critical", "part of reimbursed: critical-illness insurance"),
    ("paid_assistance", "part of reimbursed: medical assistance"),
    ("paid_supplementary", "part of reimbursed: supplementary and commercial insurance"),
    ("drugs_reimbursed", "outpatient care and drugs paid by the outpatient layer"),
    ("own_medical", "hospital bills and drugs paid by households"),
    ("interest", "interest paid on debt"),
    ("schooling_cost", "schooling paid by households, before aid"),
    ("school_aid", "aid to pupils"),
    ("rebuilding", "repair of unsafe houses"),
    ("rebuilding_aid", "grants of housing services towards it"),
    ("rebuilding_grants", "one-off grants towards rebuilding"),
    ("water_cost", "fetching or buying water while the supply fails"),
    ("consumption", "consumption"),
    ("estates", "assets less debt that left with a household's last member"),
    ("training_cost", "skills courses paid by budgets"),
    ("interest_subsidy", "interest on loans paid by budgets"),
    ("insurance_premium", "own premiums of farm insurance, a cost within farm income"),
    ("insurance_subsidy", "premiums of farm insurance paid by budgets"),
    ("insurance_payout", "payouts of farm insurance, within farm income"),
    ("kin_borrowed", "borrowed from kin, interest-free"),
    ("borrowed", "borrowed at interest, with no date"),
    ("lent", "loans of levers paid out"),
    ("repaid", "debts, loans and arrears repaid, loans taken over by kin included"),
    ("distress_sales", "animals sold in distress"),
    ("farm_due", "harvests booked and not yet paid"),
    ("pay_due", "pay of places earned and not yet paid"),
    ("assets", "liquid assets, working capital from loans included"),
    ("debt", "debt at interest, with no date"),
    ("kin_debt", "owed to kin, interest-free"),
    ("loan_balance", "balance of loans of levers"),
    ("arrears", "overdue loans and unpaid bills"),
)

BALANCES = ("farm_due", "pay_due", "assets", "debt", "kin_debt", "loan_balance", "arrears")
"""Accounts of money that are stocks."""

_TEST = (
    Indicator("tested_persons", "persons", "flow", "persons in the yearly test at the end of September"),
    Indicator(
        "relapse_gross_persons", "persons", "flow", "members of households newly below the poverty line at the yearly test, gross"
    ),
    Indicator("relapse_gross_households", "households", "flow", "households newly below the line at the yearly test, gross"),
    Indicator(
        "relapse_net_persons", "persons", "flow", "members of households newly below the poverty line at the yearly test, net"
    ),
    Indicator("relapse_net_households", "households", "flow", "households newly below the line at the yearly test, net"),
    Indicator(
        "poor_gross_persons", "persons", "flow", "all members of households below the line at the yearly test, gross: the stock"
    ),
    Indicator(
        "poor_net_persons", "persons", "flow", "all members of households below the line at the yearly test, net: the stock"
    ),
)

_BURDEN = tuple(
    Indicator(f"che_{name}_persons", "persons", "flow", f"persons tested in September whose household paid {meaning}")
    for name, meaning in (
        ("capacity", "40% of its capacity to pay or more for care: its consumption but food, and care"),
        ("income", "more than 10% of its gross income for care"),
        ("tenth", "more than 10% of its consumption for care, care included"),
        ("quarter", "more than 25% of its consumption for care, care included"),
    )
)
"""Catastrophic medical spending of the accounting year, by definition."""
_GUARANTEES = (
    Indicator(
        "relapse_guarantees_persons",
        "persons",
        "flow",
        "members of households newly below the poverty line, net, or newly without a guarantee, at the yearly test",
    ),
    Indicator("relapse_guarantees_households", "households", "flow", "such households"),
    Indicator("relapse_core_persons", "persons", "flow", "the same without insurance cover among the guarantees"),
    Indicator("relapse_core_households", "households", "flow", "such households"),
    *(
        Indicator(f"relapse_lost_{lost}", "persons", "flow", f"part of relapse_guarantees_persons above the line: {lost} lost")
        for lost in LOST
    ),
)

_OUTCOMES = (
    Indicator("relapse_uncovered_persons", "persons", "flow", "part of relapse_net_persons with a member without any cover"),
    Indicator("relapse_absent_persons", "persons", "flow", "part of it with a member who worked away within the last 12 months"),
    Indicator("relapse_at_home_persons", "persons", "flow", "part of it with nobody away and a member at work at home"),
    Indicator("relapse_key_village_persons", "persons", "flow", "part of it in key or demonstration villages"),
    Indicator("farm_households", "households", "flow", "farming households tested in September"),
    Indicator("farm_year", "yuan", "flow", "their farm income of the accounting year"),
    Indicator("farm_year_squares", "yuan squared", "flow", "sum of the squares of that income"),
    *(
        Indicator(
            f"own_medical_{place}_persons",
            "persons",
            "flow",
            f"persons tested whose household paid from {start} yuan per head for care in the year, below the next bracket",
        )
        for place, start in enumerate((0, *MEDICAL_BARS))
    ),
)
"""What scenario sets ask for of the yearly test: falls by circumstance, farm income, own medical payments by bracket."""

INDICATORS: tuple[Indicator, ...] = (
    *_STATE,
    *(Indicator(name, "fen", "stock" if name in BALANCES else "flow", meaning) for name, meaning in _MONEY),
    *_TEST,
    *_BURDEN,
    *_OUTCOMES,
    *_GUARANTEES,
    *(
        Indicator(f"relapse_{cause}", "persons", "flow", f"part of relapse_net_persons whose main cause is {cause}")
        for cause in CAUSES
    ),
)

INDEX = {indicator.name: place for place, indicator in enumerate(INDICATORS)}
