"""Measures of what the plans commit to: each takes the runs of a policy and a year and returns one figure a replication."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from experiments.evidence import Evidence, NotStored, Numbers
from experiments.quantities import EX_POOR, REGISTRY_YEAR_FROM, TEST_MONTH, WATCHED
from experiments.results import ratio
from sim.indicators import GROUPS
from sim.rules import month_index

NEVER = ("marginal", "other")
QUARTERS = (3, 6, 9, 12)
BASE_YEAR = 2020
"""Year that growth and lasting levels are counted from: the last before the plans."""

LOST = ("lost_housing_persons", "lost_water_persons", "lost_schooling_persons", "lost_cover_persons")
SOURCES = {
    "wage": ("wage_income", "post_income", "workshop_income"),
    "operating": ("farm_income", "business_income"),
    "transfer": ("pension_income", "allowance_income", "support_income", "transfer_income", "dibao_income", "relief_income"),
    "property": ("property_income",),
}
"""The four sources that the plans name, as sums of indicators."""

Measure = Callable[[Evidence, int], Numbers]


def relapse_registry(runs: Evidence, year: int) -> Numbers:
    """Return ex-poor persons confirmed as fallen from October to September, over those tested in September."""
    confirmed = runs.total("registry_relapse_persons", EX_POOR, year, REGISTRY_YEAR_FROM)
    return ratio(confirmed, runs.at("tested_persons", EX_POOR, year, TEST_MONTH))


def newly_poor(runs: Evidence, year: int) -> Numbers:
    """Return never-registered persons newly below the line, net, at the yearly test, over those tested."""
    fallen = runs.at("relapse_net_persons", NEVER, year, TEST_MONTH)
    return ratio(fallen, runs.at("tested_persons", NEVER, year, TEST_MONTH))


def _income(runs: Evidence, year: int, groups: tuple[str, ...], names: tuple[str, ...]) -> Numbers:
    """Return yuan a year per person."""
    total = np.sum([runs.total(name, groups, year) for name in names], axis=0)
    return ratio(total * 12, runs.total("persons", groups, year)) / 100


def income_growth(runs: Evidence, year: int) -> Numbers:
    """Return the growth of gross income per head of the ex-poor since 2020, as a share."""
    names = tuple(name for group in SOURCES.values() for name in group)
    return ratio(_income(runs, year, EX_POOR, names), _income(runs, BASE_YEAR, EX_POOR, names)) - 1


def monitored_above_dibao(runs: Evidence, year: int) -> Numbers:
    """Return the share of monitored persons whose 12-month net income is not below the dibao standard, mean of the year."""
    return 1 - runs.share("monitored_below_dibao_persons", "monitored_persons", GROUPS, year)


def guarantees_broken(runs: Evidence, year: int) -> Numbers:
    """Return person-months without house, water, schooling or cover over all of the ex-poor; who lacks two counts twice."""
    lost = np.sum([runs.total(name, EX_POOR, year) for name in LOST], axis=0)
    return ratio(lost, runs.total("persons", EX_POOR, year))


def dropout(runs: Evidence, year: int) -> Numbers:
    """Return ex-poor children out of compulsory school, mean of the year."""
    return runs.total("lost_schooling_persons", EX_POOR, year) / 12


def enrolment(runs: Evidence, year: int) -> Numbers:
    """Return ex-poor persons with resident insurance over those whom no employer insures, in December."""
    asked = runs.at("persons", EX_POOR, year) - runs.at("employee_insured_persons", EX_POOR, year)
    return ratio(runs.at("enrolled_persons", EX_POOR, year), asked)


def illness_relapse(runs: Evidence, year: int) -> Numbers:
    """Return ex-poor persons newly below the line, net, mainly by illness, over those tested."""
    fallen = runs.at("relapse_illness", EX_POOR, year, TEST_MONTH)
    return ratio(fallen, runs.at("tested_persons", EX_POOR, year, TEST_MONTH))


def unsafe_housing(runs: Evidence, year: int) -> Numbers:
    """Return the largest share of the ex-poor in unsafe houses at the end of a quarter."""
    return _worst_quarter(runs, "lost_housing_persons", "persons", EX_POOR, year)


def unsafe_water(runs: Evidence, year: int) -> Numbers:
    """Return the share of ex-poor person-months without safe water."""
    return runs.share("lost_water_persons", "persons", EX_POOR, year)


def _worst_quarter(runs: Evidence, top: str, bottom: str, groups: tuple[str, ...], year: int) -> Numbers:
    """Return the largest quotient of two stocks at the ends of the quarters."""
    shares = [ratio(runs.at(top, groups, year, month), runs.at(bottom, groups, year, month)) for month in QUARTERS]
    return np.asarray(np.nanmax(np.nan_to_num(np.stack(shares), nan=0.0), axis=0))


def uncleared(runs: Evidence, year: int) -> Numbers:
    """Return the largest share of monitored households without a measure at the end of a quarter."""
    return _worst_quarter(runs, "unhelped_households", "monitored_households", GROUPS, year)


def days_to_help(runs: Evidence, year: int) -> Numbers:
    """Return mean days from flag to decision and from decision to the first measure, together."""
    return runs.share("verification_days", "verified_households", GROUPS, year) + runs.share(
        "help_days", "helped_households", GROUPS, year
    )


def take_up(runs: Evidence, year: int) -> Numbers:
    """Return the share of those assessed below the dibao standard who are on dibao or tekun, mean of the year."""
    return 1 - runs.share("dibao_missed_persons", "dibao_eligible_persons", GROUPS, year)


def double_loss(runs: Evidence, year: int) -> Numbers:
    """Return households that lose a second job, post or dibao within three months, over all, in a year."""
    lost = runs.total("double_loss_households", GROUPS, year)
    return ratio(lost * 12, runs.total("households", GROUPS, year))


def four_incomes(runs: Evidence, year: int) -> Numbers:
    """Return the lowest growth against the year before among wages, own business, transfers and property income per head."""
    growth = []
    for names in SOURCES.values():
        before = _income(runs, year - 1, WATCHED, names)
        growth.append(ratio(_income(runs, year, WATCHED, names), before) - 1)
    return np.asarray(np.min(np.stack(growth), axis=0))


def working_share(runs: Evidence, year: int) -> Numbers:
    """Return ex-poor persons with an off-farm job, a post or a business over those able to work."""
    return runs.share("workers", "able_persons", EX_POOR, year)


def pay_on_time(runs: Evidence, year: int) -> Numbers:
    """Return what the account of work for relief owed and paid in the month worked; 1 in a year in which it owed nothing.

    Late pay of other places counts against it as well, where a scenario pays these late.
    """
    account = runs.account_of("work_for_relief")
    if account not in runs.paid:
        raise NotStored(f"the runs do not hold the account {account}")
    start = month_index(year) - month_index(2021)
    paid, unmet = (flows[account][:, start : start + 12].sum(axis=1) for flows in (runs.paid, runs.unmet))
    prompt = np.maximum(paid - runs.total("pay_late", GROUPS, year), 0.0)
    return np.where(paid + unmet > 0, np.nan_to_num(ratio(prompt, paid + unmet), nan=1.0), 1.0)


def village_collective_income(runs: Evidence, year: int) -> Numbers:
    """Return the share of villages whose collective earns more than the target, as counted in January."""
    return ratio(runs.at("collective_villages", ("other",), year, 1), runs.at("villages", ("other",), year, 1))


def care_share(runs: Evidence, year: int) -> Numbers:
    """Return the share of person-months of those who cannot wholly care for themselves in which a service cares for them."""
    return 1 - runs.share("uncared_persons", "care_needing_persons", GROUPS, year)


def credit_take_up(runs: Evidence, year: int) -> Numbers:
    """Return ex-poor households that got a loan in a year over these and those that still want one in December."""
    granted = runs.total("loans_granted", EX_POOR, year)
    return ratio(granted, granted + runs.at("loan_waiting_households", EX_POOR, year))


def posts_to_target_group(runs: Evidence, year: int) -> Numbers:
    """Return the share of holders of posts who meet the condition of their post, mean of the year."""
    return runs.share("posts_on_target", "posts", GROUPS, year)


def relocated_working_share(runs: Evidence, year: int) -> Numbers:
    """Return persons of relocated households with work off the farm over those able to work, mean of the year."""
    return runs.share("relocated_workers", "relocated_able", GROUPS, year)


def asset_value(runs: Evidence, year: int) -> Numbers:
    """Return the value of operating project assets per village in January, in yuan."""
    return ratio(runs.at("project_assets", ("other",), year, 1), runs.at("villages", ("other",), year, 1)) / 100


def assistance_gap(runs: Evidence, year: int) -> Numbers:
    """Return the rural over the urban dibao standard in December; the lowest of the counties."""
    rural, urban = runs.figures("dibao.standard", year), runs.figures("values.urban_dibao_standard", year)
    return _same(runs, min(one / other for one, other in zip(rural, urban, strict=True)))


def _same(runs: Evidence, value: float) -> Numbers:
    """Return a figure of the rules, the same for every replication."""
    return np.full(runs.replications, value)


def fund_growth(runs: Evidence, year: int) -> Numbers:
    """Return the envelope of the linkage fund over the year before's; the lowest of the counties."""
    now, before = (runs.figures("fiscal_input_level.envelope", when) for when in (year, year - 1))
    return _same(runs, min(new / old for new, old in zip(now, before, strict=True)))


def tekun_ratio(runs: Evidence, year: int) -> Numbers:
    """Return the tekun amount over the dibao standard in December; the lowest of the counties."""
    amounts, standards = runs.figures("tekun_support.amount", year), runs.figures("dibao.standard", year)
    # amounts are whole fen: a ratio of 1.3 may come out a hair below
    return _same(runs, round(min(amount / standard for amount, standard in zip(amounts, standards, strict=True)), 4))


def clinic_share(runs: Evidence, year: int) -> Numbers:
    """Return the share of villages with a standard clinic, as the rules say; the lowest of the counties."""
    return _same(runs, min(runs.figures("values.clinic_villages", year)))


def express_share(runs: Evidence, year: int) -> Numbers:
    """Return the share of villages with an express point in December, as the rules say; the lowest of the counties."""
    return _same(runs, min(runs.figures("values.express_villages", year)))


def own_share(runs: Evidence, year: int) -> Numbers:
    """Return what the three layers leave of hospital cost within the insurance list, of the ex-poor."""
    listed = float(np.mean(runs.figures("values.bill_in_list", year)))
    return 1 - ratio(runs.total("reimbursed", EX_POOR, year), runs.total("bills", EX_POOR, year) * listed)


def helped_share(runs: Evidence, year: int) -> Numbers:
    """Return the share of monitored households that have a measure, mean of the year."""
    return 1 - runs.share("unhelped_households", "monitored_households", GROUPS, year)


def relative_income(runs: Evidence, year: int) -> Numbers:
    """Return gross income per head of the ex-poor over that of all simulated."""
    names = tuple(name for group in SOURCES.values() for name in group)
    return ratio(_income(runs, year, EX_POOR, names), _income(runs, year, GROUPS, names))


MEASURES: Mapping[str, Measure] = {
    measure.__name__: measure
    for measure in (
        relapse_registry, newly_poor, income_growth, monitored_above_dibao, guarantees_broken, dropout, enrolment,
        illness_relapse, unsafe_housing, unsafe_water, uncleared, days_to_help, take_up, double_loss, four_incomes,
        working_share, village_collective_income, care_share, credit_take_up, pay_on_time, fund_growth, tekun_ratio,
        assistance_gap, posts_to_target_group, relocated_working_share, asset_value,
        own_share, helped_share, relative_income, clinic_share, express_share,
    )
}  # fmt: skip
"""Measures by their names, as ``plans/targets.yaml`` names them."""

__all__ = ["BASE_YEAR", "MEASURES", "Measure", "NotStored"]
