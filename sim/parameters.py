"""The named values and tables that the engine reads. Values come from data; here stand only names, units and meanings.

Units that begin with ``yuan`` reach the engine in fen. Rates are yearly where the unit says so;
`sim.arithmetic.monthly_probability` turns them into monthly probabilities.
"""

from __future__ import annotations

from typing import NamedTuple


class Parameter(NamedTuple):
    """A value that the engine needs: unit and meaning."""

    unit: str
    meaning: str


class Table(NamedTuple):
    """A table that the engine needs: its shape, unit and meaning."""

    shape: tuple[int, ...]
    unit: str
    meaning: str


PARAMETERS: dict[str, Parameter] = {
    # lines and calendar
    "poverty_line": Parameter("yuan/person/year", "line of the yearly relapse test"),
    "exit_line": Parameter("yuan/person/year", "registry income at which a registered household leaves poverty, until 2020"),
    "monitoring_line": Parameter("yuan/person/year", "income line of the monthly at-risk test"),
    "urban_dibao_standard": Parameter(
        "yuan/person/month", "dibao standard of the place's towns, what the rural one is compared with"
    ),
    "rigid_spend_line": Parameter("yuan/household/year", "unavoidable spending of 12 months that raises an alert by itself"),
    "income_drop_line": Parameter("share", "fall of 12-month income against the year before that raises an alert by itself"),
    "enrolment_month": Parameter("month of year", "month in which the household pays for next year's medical insurance"),
    # population and registration
    "simulated_share": Parameter("share", "share of rural households simulated: the poorer ones, among whom relapse is decided"),
    "registered_share": Parameter("share", "share of rural households registered as poor in 2014"),
    "registration_error": Parameter("log points", "standard deviation of the error in the income that registration sees"),
    "verification_error": Parameter("log points", "standard deviation of the error in the income that verification sees"),
    "disabled_share": Parameter("share", "share of adults with a disability certificate at the start, simulated households"),
    "asset_months": Parameter("months", "liquid assets at the start, in months of income"),
    # wages and jobs
    "migrant_wage": Parameter("yuan/month", "mean monthly earnings of workers away from the county"),
    "local_wage": Parameter("yuan/month", "mean monthly earnings of workers within the county"),
    "skill_mean": Parameter("log points", "mean log wage of simulated workers relative to the mean wage"),
    "skill_sd": Parameter("log points", "standard deviation of the log wage level among workers"),
    "wage_persistence": Parameter("ratio", "yearly autocorrelation of a worker's log wage level"),
    "wage_innovation_sd": Parameter("log points", "standard deviation of the yearly change in a worker's log wage level"),
    "season_months": Parameter("months/year", "mean months in a year that a worker with an off-farm job is paid"),
    "wants_work_men": Parameter("share", "share of able men aged 18-59 who look for off-farm work"),
    "wants_work_women": Parameter("share", "share of able women aged 18-59 who look for off-farm work"),
    "migrant_share": Parameter("share", "share of off-farm job seekers who go away, among those who can leave home"),
    "can_leave_share": Parameter("share", "share of able adults who can leave home for work"),
    "job_loss_migrant": Parameter("rate/year", "hazard of losing a job away from the county"),
    "job_loss_local": Parameter("rate/year", "hazard of losing a local job"),
    "job_finding": Parameter("probability/month", "chance that a job seeker finds off-farm work in a month"),
    "job_finding_old": Parameter("ratio", "job finding at 50 and over relative to younger workers"),
    "job_finding_weak": Parameter("ratio", "job finding with weak or half labour capacity relative to full"),
    "wage_weak": Parameter("ratio", "wage with weak or half labour capacity relative to full"),
    "retirement_rate": Parameter("rate/year", "hazard from age 60 of giving up off-farm work for good"),
    "return_rate": Parameter("rate/year", "hazard that a migrant comes home for good"),
    "circular_rate": Parameter("rate/year", "hazard that a migrant comes home for a spell of up to 18 months and goes out again"),
    "remitted_share": Parameter("share", "share of a wage earned away that is sent home"),
    "migrant_peers": Parameter(
        "ratio", "rise of the chance of going away per rise of the village's share of persons away above the county's"
    ),
    "layoff_rate_local": Parameter("rate/year", "hazard that a wave of lay-offs in local jobs begins in the county"),
    "layoff_rate_migrant": Parameter("rate/year", "hazard that a wave of lay-offs in jobs away begins in the nation"),
    "layoff_months": Parameter("months", "length of a wave of lay-offs"),
    "layoff_loss": Parameter("rate/year", "hazard of losing a job in a wave of lay-offs, added to the usual one"),
    "layoff_finding": Parameter("ratio", "job finding in a wave of lay-offs relative to other months, for the jobs that it hits"),
    "job_finding_post": Parameter(
        "ratio", "job finding from the loss of a post or a place until work is found, relative to other seekers"
    ),
    "displacement": Parameter(
        "ratio", "farm income lost per yuan of pay of a post, a workshop or relief work: the time is missing in the field"
    ),
    "casual_days": Parameter("days/month", "days of casual work in a month that an adult at home is given"),
    "casual_pay": Parameter("yuan/day", "pay of a day of casual work"),
    "business_start": Parameter("probability/year", "chance that an able adult without other work opens a business"),
    "business_close": Parameter("probability/year", "chance that a business closes"),
    "business_profit": Parameter("yuan/month", "mean profit of an own business, at the mean wage level"),
    "business_cost": Parameter("ratio", "cost of a business that stays when sales fall, relative to mean profit"),
    "business_sd": Parameter("log points", "standard deviation of the yearly shock to the sales of a business"),
    "local_vacancies": Parameter(
        "ratio", "local vacancies a month per simulated household that suit holders whose post has ended"
    ),
    # farm
    "farm_income": Parameter("yuan/mu/year", "net farm income per mu in a normal year, at current prices"),
    "land_mu": Parameter("mu/person", "contracted land per member"),
    "land_sd": Parameter("log points", "standard deviation of log land per member among households"),
    "june_share": Parameter("share", "share of the year's farm income in the June harvest; the rest in October"),
    "yield_sd": Parameter("log points", "standard deviation of a household's log yield, the township's and its own shock"),
    "yield_common": Parameter("share", "share of the variance of yields that a township's farms have in common, year by year"),
    "price_sd": Parameter("log points", "standard deviation of the yearly change of the farm price level"),
    "price_persistence": Parameter("ratio", "yearly autocorrelation of the log farm price around its path"),
    "price_common": Parameter("share", "share of the variance of crop and livestock prices that counties have in common"),
    "crop_level": Parameter("ratio", "path of the crop price, relative to base"),
    "farm_without_labour": Parameter("ratio", "farm income of a household without able members relative to one with them"),
    "late_sale_share": Parameter("share", "share of harvests whose cash comes a month after the harvest is booked"),
    "disaster_rate": Parameter("probability/year", "chance that a disaster year hits the county"),
    "disaster_month": Parameter("month of year", "month of the disaster season"),
    "disaster_common": Parameter("share", "share of the variance of a county's disaster luck that counties have in common"),
    # livestock
    "livestock_share": Parameter("share", "share of founders' households below old age that keep livestock for sale"),
    "livestock_start": Parameter("probability/year", "chance that a household with able members begins to keep livestock"),
    "livestock_sales": Parameter("yuan/household/year", "mean yearly sales of a household that keeps livestock, at base prices"),
    "livestock_sd": Parameter("log points", "standard deviation of log livestock sales among its keepers"),
    "livestock_cost": Parameter("ratio", "running cost of livestock over its sales at base prices"),
    "livestock_level": Parameter("ratio", "path of the livestock price, relative to base"),
    "livestock_price_sd": Parameter("log points", "standard deviation of the yearly change of the livestock price"),
    "livestock_price_persistence": Parameter("ratio", "yearly autocorrelation of the log livestock price around its path"),
    # other income
    "pension": Parameter("yuan/month", "basic resident pension"),
    "pension_age": Parameter("years", "age at which the resident pension starts"),
    "pension_enrolled": Parameter("share", "share of adults below pension age insured for the resident pension at the start"),
    "pension_contribution": Parameter("yuan/person/year", "lowest yearly contribution to the resident pension"),
    "contribution_month": Parameter("month of year", "month in which contributions to the resident pension are paid"),
    "pension_join": Parameter("probability/year", "chance that an adult below 45 who is not insured begins to contribute"),
    "pension_join_old": Parameter("probability/year", "the same from 45, when the years until the pension grow few"),
    "pension_stop": Parameter("probability/year", "chance that a contributor below 45 who pays the whole stops"),
    "other_transfers": Parameter("yuan/person/year", "public and private transfers not modelled as levers"),
    "elderly_support": Parameter(
        "yuan/person/year", "support from children who live apart, to members of pension age where no prime-age earner lives"
    ),
    "programme_transfers": Parameter("yuan/person/year", "asset dividends and grants of the programme to registered households"),
    "property_income": Parameter("yuan/person/year", "rents, interest and dividends"),
    # care at home
    "care_cost": Parameter("yuan/month", "own cost of a point of care that no service gives: a person without self-care has two"),
    "rehabilitation_cost": Parameter("yuan/month", "own cost of the rehabilitation of a disabled child before services"),
    "treatment_cost": Parameter("yuan/month", "own cost of treating a severe mental disorder before services"),
    "mental_disability_share": Parameter(
        "share", "share of disability certificates for mind or intellect, among those without a severe mental disorder"
    ),
    # health
    "admission_level": Parameter("ratio", "level of admission rates relative to the table's year"),
    "admission_chronic": Parameter("ratio", "admission hazard with two or more chronic conditions relative to none"),
    "admission_disabled": Parameter("ratio", "admission hazard of persons with partial or no self-care relative to full"),
    "readmission": Parameter("ratio", "admission hazard in the three months after an admission"),
    "bill_mean": Parameter("yuan/admission", "mean hospital bill"),
    "bill_log_sd": Parameter("log points", "standard deviation of the log hospital bill"),
    "bill_in_list": Parameter("share", "share of a hospital bill inside the insurance list"),
    "severe_share": Parameter("share", "share of admissions that are severe: the dearest ones"),
    "severe_months": Parameter("months", "months without work after a severe admission"),
    "capacity_loss": Parameter("probability", "chance that a severe admission lowers the labour capacity by one grade"),
    "admission_critical": Parameter("ratio", "admission hazard with a critical illness relative to none"),
    "admission_price": Parameter(
        "ratio", "elasticity of hospital needs that people act on in the own share of the bill they expect; 0 switches it off"
    ),
    "own_share_reference": Parameter("share", "own share of a hospital bill at which the admission table holds"),
    "forgone_reference": Parameter(
        "share", "share of needs for hospital care that goes without it where the admission table holds"
    ),
    "forgone_base": Parameter("probability", "chance of going without needed hospital care, for other reasons than money"),
    "forgone_burden": Parameter(
        "ratio", "rise of that chance with the expected own payment over liquid assets and income of 12 months; 0 switches it off"
    ),
    "deposit_share": Parameter("share", "deposit asked before an admission, over the mean hospital bill"),
    "forgone_deposit": Parameter(
        "probability", "added chance of going without needed hospital care when nothing of the deposit is in the purse"
    ),
    "signed_share": Parameter("share", "share of people with a chronic condition who are signed on with a family doctor"),
    "forgone_months": Parameter("months", "months without work after needed hospital care was forgone"),
    "accident_share": Parameter("share", "share of admissions that are injuries"),
    "accident_months": Parameter("months", "months without work after an injury that is not severe"),
    "critical_share": Parameter("probability", "chance that a severe admission other than an injury begins a critical illness"),
    "listed_share": Parameter("share", "share of critical illnesses that are on the special list"),
    "critical_remission": Parameter("probability/year", "yearly chance that a critical illness ends"),
    "certificate_share": Parameter("share", "share of losses of labour capacity that bring a disability certificate"),
    "capacity_recovery": Parameter("probability/year", "yearly chance to regain a grade of labour capacity, without certificate"),
    "certified_recovery": Parameter("ratio", "that chance with a certificate of grade 3 or 4, relative to none"),
    "mental_prevalence": Parameter("share", "adults with a severe mental disorder at the start"),
    "mental_onset": Parameter("probability/year", "yearly onset of a severe mental disorder at ages 15 to 59"),
    "outpatient_cost": Parameter("yuan/person/year", "outpatient and drug cost of a person with one chronic condition"),
    "outpatient_second": Parameter("ratio", "that cost with two or more chronic conditions, relative to one"),
    "outpatient_critical": Parameter("yuan/person/year", "further outpatient and drug cost with a critical illness"),
    # schooling
    "preschool_share": Parameter("share", "share of children of three to five in preschool"),
    "unfit_for_school": Parameter("share", "share of children medically unfit for compulsory school"),
    "senior_share": Parameter("share", "share of pupils of compulsory school who go on to senior school, without strain"),
    "vocational_share": Parameter("share", "share of them who go on to vocational school, without strain"),
    "tertiary_share": Parameter("share", "share of senior school leavers who go on to tertiary education, without strain"),
    "dropout_compulsory": Parameter("probability/year", "chance of leaving compulsory school from 12 on, without strain"),
    "dropout_senior": Parameter("probability/year", "chance of leaving a later stage before its end, without strain"),
    "dropout_stress": Parameter("ratio", "factor on leaving school in a family below the monitoring line, net"),
    "dropout_cost": Parameter("ratio", "rise of that factor for a year's cost as large as the family's net income"),
    "school_cost_preschool": Parameter("yuan/pupil/month", "own cost of preschool, ten months a year, before aid"),
    "school_cost_compulsory": Parameter("yuan/pupil/month", "own cost of compulsory school, before aid"),
    "school_cost_senior": Parameter("yuan/pupil/month", "own cost of senior school with board, before aid"),
    "school_cost_vocational": Parameter("yuan/pupil/month", "own cost of vocational school with board, before aid"),
    "school_cost_tertiary": Parameter("yuan/student/month", "own cost of tertiary education net of student loans, before aid"),
    # housing and water
    "house_unsafe": Parameter("share", "share of houses that are unsafe at the start"),
    "house_ageing": Parameter("probability/year", "chance that a house becomes unsafe by age"),
    "house_damage": Parameter(
        "ratio", "chance that a disaster makes a house unsafe, over the share of the harvest lost in the township"
    ),
    "house_repair_cost": Parameter("yuan/house", "cost of making a house safe again"),
    "house_repair": Parameter("probability/month", "chance that a household with the savings for it repairs its house itself"),
    "water_interruption": Parameter("probability/year", "chance that a village's water supply fails in the dry season"),
    "dry_month": Parameter("month of year", "month in which water supplies fail"),
    "water_repair": Parameter("probability/month", "chance that a failed supply is repaired, without a lever"),
    "water_cost": Parameter("yuan/household/month", "cost of fetching or buying water while the supply fails"),
    # demography
    "mortality_rural": Parameter("ratio", "rural death rates relative to national, under 65"),
    "mortality_rural_old": Parameter("ratio", "rural death rates relative to national, 65 to 79; 1 from 80 on"),
    "mortality_disabled": Parameter("ratio", "death rate without full self-care relative to others"),
    "mortality_chronic": Parameter("ratio", "death rate with two or more chronic conditions relative to others"),
    "total_fertility": Parameter("children/woman", "total fertility rate"),
    "marriage_women": Parameter("probability/year", "chance that a single woman of 20 to 39 marries"),
    "marriage_men": Parameter("probability/year", "chance that a single man of 20 to 39 marries"),
    "patrilocal_share": Parameter("share", "share of marriages in which the wife moves to the husband's home"),
    "leaving_rate": Parameter(
        "probability/year", "chance that an adult child of 18 to 49 leaves the household for good, with spouse and children"
    ),
    "splitting_rate": Parameter(
        "probability/year",
        "chance that an adult child of 22 to 59 founds an own household in the village, with spouse and children",
    ),
    "homecoming_rate": Parameter("probability/year", "chance that an adult child comes back for good to a mother of 45 to 84"),
    # insurance
    "premium": Parameter("yuan/person/year", "resident medical insurance premium by year of collection"),
    "enrol_base": Parameter("log odds", "enrolment of a person of 40, not enrolled before, at price zero"),
    "enrol_before": Parameter("log odds", "effect of being enrolled this year"),
    "enrol_price": Parameter("log odds", "effect of a net price of one per cent of yearly income per head"),
    "enrol_age": Parameter("log odds", "effect of ten years of age"),
    "enrol_chronic": Parameter("log odds", "effect of a chronic condition"),
    "enrol_away": Parameter("log odds", "effect of working away"),
    "enrol_child": Parameter("log odds", "effect of being under 18"),
    "enrol_peers": Parameter("log odds", "effect of the village's covered share of this year above its reference"),
    "enrol_peers_reference": Parameter("share", "covered share of a village at which neighbours make no difference"),
    "employee_rate": Parameter("probability/year", "yearly chance that a wage worker moves to employee insurance"),
    "waiting_months": Parameter("months", "months without benefits for those who come back after a lapse"),
    "waiting_per_year": Parameter("months/year", "further months of waiting for each year of lapse after the first"),
    "waiting_exempt": Parameter("flag", "1 when families on dibao or in the registry do not wait"),
    # consumption
    "food_share": Parameter("share", "share of consumption that is food, not counted as capacity to pay"),
    "consumption_share": Parameter("share", "share of usual income that is consumed"),
    "consumption_shock": Parameter("share", "share of a transitory income change that passes into consumption"),
    "consumption_floor": Parameter("yuan/person/month", "consumption that a household defends by borrowing"),
    "wealth_spent": Parameter("share/year", "share of liquid assets beyond six months of income that is spent in a year"),
    "interest_rate": Parameter("share/year", "interest on household debt"),
    "kin_limit": Parameter("yuan/household", "most that kin and neighbours lend a household, interest-free, in a normal year"),
    "debt_limit": Parameter("months", "months of usual income up to which others lend at interest"),
    "distress_discount": Parameter("share", "discount at which animals are sold in distress"),
    "subsistence": Parameter("share", "share of the floor below which consumption does not fall; bills stay unpaid first"),
    # credit
    "loan_wish": Parameter("probability/year", "chance that a household with able members, no loan and no arrears wants a loan"),
    "loan_need": Parameter("yuan/household", "mean amount wanted"),
    "loan_need_sd": Parameter("log points", "standard deviation of the log amount wanted"),
    # lasting traits of households and villages
    "relocated_share": Parameter("share", "share of registered households moved to a resettlement site"),
    "retrofit_share": Parameter("share", "share of houses on dangerous sites that have been made safe"),
    "helper_share": Parameter("share", "share of households in the registry or once registered that a named cadre helps"),
    "site_support_share": Parameter("share", "share of resettled households whose site is supported"),
    "linked_share": Parameter("share", "share of registered households linked with a firm, a cooperative or a family farm"),
    "titled_share": Parameter("share", "share of registered households that hold title to project assets"),
    "titled_assets": Parameter("yuan/household", "value of the project assets titled to such a household"),
    "seismic_villages": Parameter("share", "share of villages in a high seismic intensity zone"),
    "agri_community_share": Parameter("share", "share of households in agriculture-related communities, outside the registry"),
    "fisher_share": Parameter("share", "share of fisher households, outside the registry"),
    "farm_forest_share": Parameter("share", "share of households on state farms and forest farms, outside the registry"),
    "slope_cut_share": Parameter("share", "share of households whose house stands on a cut slope"),
    "idle_homestead_share": Parameter("share", "share of households with an idle homestead or house that brings an income"),
    "collective_share": Parameter("share", "share of households that are members of the village collective"),
    "leases_land_share": Parameter("share", "share of households that lease their land out, beyond those of the base year"),
    "entrusts_land_share": Parameter("share", "share of households that entrust field work to a service organisation"),
    "ex_poor_villages": Parameter("share", "share of villages that were on the list of poor villages"),
    "key_support_villages": Parameter("share", "share of villages with concentrated support"),
    "work_team_villages": Parameter("share", "share of villages with a work team of their own"),
    "paired_villages": Parameter("share", "share of villages paired with an enterprise"),
    "workshop_villages": Parameter("share", "share of villages with a workshop"),
    "tourism_villages": Parameter("share", "share of villages that live on visitors in part"),
    "clinic_villages": Parameter("share", "share of villages with a standard clinic"),
    "telemedicine_villages": Parameter("share", "share of villages with telemedicine"),
    "express_villages": Parameter("share", "share of villages with an express point"),
    "irrigated_villages": Parameter("share", "share of villages with improved farmland or irrigation, beyond the base year's"),
    "specialty_villages": Parameter("share", "share of villages in the area of a supported specialty crop or animal"),
    "operator_failure": Parameter("probability/year", "chance that the operators with whom a village is linked fail in a year"),
    # money of villages
    "project_assets": Parameter(
        "yuan/registered household", "operating assets of the programme's projects, per household registered in a village"
    ),
    "project_sd": Parameter("log points", "standard deviation of log project assets per household among villages"),
    "project_loss": Parameter("probability/year", "chance that a village's project assets stop yielding in part in a year"),
    "project_part": Parameter("share", "share of a village's project assets that such a loss takes"),
    "collective_income": Parameter("yuan/village/year", "mean net income of a village collective"),
    "collective_sd": Parameter("log points", "standard deviation of log collective income among villages"),
    "collective_target": Parameter("yuan/village/year", "collective income above which a village counts as having reached it"),
    # registry practice
    "seen_ratio": Parameter(
        "ratio", "net income that the registry counts relative to the household's true net income of 12 months"
    ),
    "confirm_share": Parameter(
        "probability", "chance that a detected ex-poor household truly below the line is confirmed as fallen"
    ),
}

AGE_BANDS = 22
"""Age bands of the life table: 0, 1-4, 5-9, ... 95-99, 100 and over."""

TABLES: dict[str, Table] = {
    "mortality": Table((2, AGE_BANDS), "rate/year", "central death rate by sex (women first) and age band"),
    "fertility": Table((AGE_BANDS,), "share", "share of total fertility by the mother's age band; sums to one"),
    "admission": Table((6,), "probability/year", "yearly chance of an admission at ages 0-14, 15-29, 30-44, 45-59, 60-74, 75+"),
    "chronic": Table((6, 2), "share", "share with one, and with two or more chronic conditions, same age bands"),
    "self_care": Table((6, 2), "share", "share with partial, and with no self-care, same age bands"),
    "disability_onset": Table((6,), "probability/year", "yearly onset of a disability, same age bands"),
    "household_types": Table((8,), "share", "share of simulated households by type"),
    "household_heads": Table((8, 2), "years", "lowest and highest age of the head by type, the highest not included"),
    "household_sexes": Table(
        (8, 6), "code", "sex of the head and of up to five others by type: 0 woman, 1 man, 2 by lot, 9 no such member"
    ),
    "household_ages": Table((8, 6), "years relative to the head", "ages of the same members; the head's own is 0"),
    "disaster_townships": Table((33,), "share", "quantiles 0, 1/32, ... 1 of the share of townships hit in a disaster year"),
    "disaster_loss": Table((33,), "share", "quantiles of the share of the harvest lost in a township that is hit"),
}
