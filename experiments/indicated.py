"""What a run says of each indicator that has been observed: how it is worked out from stored counts, and of whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from experiments.quantities import EX_POOR
from experiments.results import Numbers, Results, ratio
from sim.indicators import GROUPS, INCOMES, MILLION
from sim.rules import month_index

FEN_PER_BILLION_YUAN = 100_000_000_000

EARNED = ("wage_income", "post_income", "workshop_income")
TRANSFERS = ("pension_income", "allowance_income", "support_income", "transfer_income", "dibao_income", "relief_income")
GROSS = tuple(f"{source}_income" for source in INCOMES)
NEVER_REGISTERED = ("marginal", "other")
Simulated = Callable[..., Numbers]
"""Works out a figure of results, groups and year; a stock takes the month too."""


def sum_of(results: Results, indicators: Iterable[str], groups: tuple[str, ...], year: int) -> Numbers:
    """Return the yearly sum of several indicators."""
    total: Numbers = np.sum([results.total(indicator, groups, year) for indicator in indicators], axis=0)
    return total


def _per_person(*indicators: str) -> Simulated:
    """Return yuan a year per person."""
    return lambda results, groups, year: (
        ratio(sum_of(results, indicators, groups, year), results.mean("persons", groups, year)) / 100
    )


def _of_sums(top: str, bottom: str, scale: float = 1.0) -> Simulated:
    """Return a quotient of two yearly sums."""
    return lambda results, groups, year: scale * ratio(results.total(top, groups, year), results.total(bottom, groups, year))


def _of_ends(top: str, bottom: str) -> Simulated:
    """Return a quotient of two stocks in December, or in another month."""

    def value(results: Results, groups: tuple[str, ...], year: int, month: int = 12) -> Numbers:
        return ratio(results.at_end(top, groups, year, month), results.at_end(bottom, groups, year, month))

    return value


def _millions(*parts: tuple[str, tuple[str, ...]]) -> Simulated:
    """Return a stock in millions, of the groups of each part."""

    def value(results: Results, groups: tuple[str, ...], year: int, month: int = 12) -> Numbers:
        counts = [results.at_end(indicator, whose, year, month) for indicator, whose in parts]
        return np.asarray(np.sum(counts, axis=0)) / MILLION

    return value


def _assisted_share(results: Results, groups: tuple[str, ...], year: int) -> Numbers:
    """Return persons on dibao or tekun over persons, in December; nobody is on both."""
    assisted = results.at_end("dibao_persons", groups, year) + results.at_end("tekun_persons", groups, year)
    return ratio(assisted, results.at_end("persons", groups, year))


def _identified_in_year(results: Results, groups: tuple[str, ...], year: int, month: int = 12) -> Numbers:
    """Return millions of persons identified from January on; who dies in between is missing."""
    before = results.at_end("ever_identified_persons", groups, year - 1)
    return (results.at_end("ever_identified_persons", groups, year, month) - before) / MILLION


def _income_growth(results: Results, groups: tuple[str, ...], year: int) -> Numbers:
    """Return the growth of gross income per head against the year before."""
    level = _per_person(*GROSS)
    return ratio(level(results, groups, year), level(results, groups, year - 1)) - 1


def _enrolment_rate(results: Results, groups: tuple[str, ...], year: int) -> Numbers:
    """Return persons with resident insurance over those whom no employer insures, in December."""
    return ratio(
        results.at_end("enrolled_persons", groups, year),
        results.at_end("persons", groups, year) - results.at_end("employee_insured_persons", groups, year),
    )


def _monitored_share(results: Results, groups: tuple[str, ...], year: int) -> Numbers:
    """Return persons ever identified in any group over ex-poor persons, as the counties report it."""
    return ratio(results.at_end("ever_identified_persons", groups, year), results.at_end("persons", EX_POOR, year))


def _offfarm_share(results: Results, groups: tuple[str, ...], year: int) -> Numbers:
    """Return the share of wages, posts and workshops in gross income."""
    return ratio(sum_of(results, EARNED, groups, year), sum_of(results, GROSS, groups, year))


def _earned_per_worker(results: Results, groups: tuple[str, ...], year: int) -> Numbers:
    """Return wages and pay of posts and workshops per worker and year, own businesses left out, in yuan."""
    workers = results.mean("workers", groups, year) - results.mean("self_employed", groups, year)
    return ratio(sum_of(results, EARNED, groups, year), workers) / 100.0


def _workers_per_person(results: Results, groups: tuple[str, ...], year: int) -> Numbers:
    """Return workers over persons; who has an own business is no worker in the published figures."""
    workers = results.total("workers", groups, year) - results.total("self_employed", groups, year)
    return ratio(workers, results.total("persons", groups, year))


def _posts_per_household(results: Results, groups: tuple[str, ...], year: int) -> Numbers:
    """Return posts over households; the published number of posts includes the forest rangers."""
    posts = results.at_end("posts", groups, year) + results.at_end("rangers", groups, year)
    return ratio(posts, results.at_end("households", groups, year))


def _yearly_millions(indicators: tuple[str, ...], groups: tuple[str, ...]) -> Simulated:
    """Return million persons, or households, of a yearly flow."""

    def value(results: Results, _: tuple[str, ...], year: int) -> Numbers:
        return sum_of(results, indicators, groups, year) / MILLION

    return value


def _billions(indicator: str, first: int | None = None) -> Simulated:
    """Return a yearly sum in billion yuan; with a first year the sum of all years from it on."""

    def value(results: Results, groups: tuple[str, ...], year: int, month: int = 12) -> Numbers:
        start, end = (month_index(*when) - results.first_month for when in ((first or year, 1), (year, month)))
        return np.asarray(results.monthly(indicator, groups)[:, :, start : end + 1].sum(axis=2) / FEN_PER_BILLION_YUAN)

    return value


def _balance(results: Results, groups: tuple[str, ...], year: int) -> Numbers:
    """Return the balance of loans in December, in billion yuan."""
    return results.at_end("loan_balance", groups, year) / FEN_PER_BILLION_YUAN


def _incidence(results: Results, groups: tuple[str, ...], year: int) -> Numbers:
    """Return the registered poor over all rural persons of the simulated villages, in December."""
    return ratio(results.at_end("registered_persons", groups, year), results.rural_population)


def _away_share(results: Results, groups: tuple[str, ...], year: int, month: int = 12) -> Numbers:
    """Return workers away from the county over workers without own businesses."""
    workers = results.at_end("workers", groups, year, month) - results.at_end("self_employed", groups, year, month)
    return ratio(results.at_end("migrants", groups, year, month), workers)


def _covered_share(results: Results, groups: tuple[str, ...], year: int) -> Numbers:
    """Return persons with resident or employee insurance over persons, in December."""
    return 1 - ratio(results.at_end("uninsured_persons", groups, year), results.at_end("persons", groups, year))


def _enrolled_growth(results: Results, groups: tuple[str, ...], year: int) -> Numbers:
    """Return the change of persons with resident insurance from December to December."""
    return ratio(results.at_end("enrolled_persons", groups, year), results.at_end("enrolled_persons", groups, year - 1)) - 1


def _identified_in_two_years(results: Results, groups: tuple[str, ...], year: int) -> Numbers:
    """Return persons identified in the year and the one before over ex-poor persons; who died in between is missing."""
    before = results.at_end("ever_identified_persons", groups, year - 2)
    return ratio(results.at_end("ever_identified_persons", groups, year) - before, results.at_end("persons", EX_POOR, year))


def _of_register(millions: Simulated) -> Simulated:
    """Return millions of persons as a share of the ex-poor and others ever monitored."""

    def value(results: Results, groups: tuple[str, ...], year: int, month: int = 12) -> Numbers:
        register = _millions(("persons", EX_POOR), ("ever_identified_persons", NEVER_REGISTERED))
        return ratio(millions(results, groups, year, month=month), register(results, groups, year, month=month))

    return value


SIMULATED: dict[str, tuple[Simulated, tuple[str, ...]]] = {
    "income_gross_pc": (_per_person(*GROSS), EX_POOR),
    "wage_income_pc": (_per_person(*EARNED), EX_POOR),
    "farm_income_pc": (_per_person("farm_income"), EX_POOR),
    "consumption_pc": (_per_person("consumption"), EX_POOR),
    "own_medical_pc": (_per_person("own_medical"), EX_POOR),
    "offfarm_share": (_offfarm_share, EX_POOR),
    "workers_per_person": (_workers_per_person, EX_POOR),
    "able_share": (_of_sums("able_persons", "persons"), EX_POOR),
    "earned_per_worker": (_earned_per_worker, EX_POOR),
    "enrolment_rate": (_enrolment_rate, EX_POOR),
    "admitted_share": (
        lambda results, groups, year: ratio(
            results.total("admitted_persons", groups, year), results.mean("persons", groups, year)
        ),
        EX_POOR,
    ),
    "admissions_per_admitted": (_of_sums("admissions", "admitted_persons"), EX_POOR),
    "bill_mean": (_of_sums("bills", "admissions", 0.01), EX_POOR),
    "reimbursed_share": (_of_sums("reimbursed", "bills"), EX_POOR),
    "dibao_share": (_assisted_share, EX_POOR),
    "still_poor_share": (_of_ends("registered_persons", "persons"), EX_POOR),
    "cleared_share": (_of_ends("ever_cleared_households", "ever_identified_households"), GROUPS),
    "monitored_share": (_monitored_share, GROUPS),
    "posts_per_registered_household": (_posts_per_household, EX_POOR),
    "loan_size": (_of_sums("lent", "loans_granted", 0.01), EX_POOR),
    "loan_balance_pc": (
        lambda results, groups, year: (
            ratio(results.at_end("loan_balance", groups, year), results.at_end("persons", groups, year)) / 100
        ),
        EX_POOR,
    ),
    "household_size": (_of_ends("persons", "households"), EX_POOR),
    "income_growth": (_income_growth, EX_POOR),
    "income_all_pc": (_per_person(*GROSS), GROUPS),
    "operating_all_pc": (_per_person("farm_income", "business_income"), GROUPS),
    "registered_total": (_millions(("registered_persons", GROUPS)), GROUPS),
    "ex_poor_total": (_millions(("persons", EX_POOR), ("ever_identified_persons", NEVER_REGISTERED)), GROUPS),
    "workers_total": (_millions(("workers", EX_POOR)), EX_POOR),
    "posts_total": (_millions(("posts", GROUPS), ("rangers", GROUPS)), GROUPS),
    "dibao_total": (_millions(("dibao_persons", GROUPS)), GROUPS),
    "dibao_ex_poor_total": (_millions(("dibao_persons", EX_POOR), ("tekun_persons", EX_POOR)), EX_POOR),
    "identified_total": (_millions(("ever_identified_persons", GROUPS)), GROUPS),
    "identified_ex_poor_total": (_millions(("ever_identified_persons", EX_POOR)), EX_POOR),
    "identified_marginal_total": (_millions(("ever_identified_persons", NEVER_REGISTERED)), NEVER_REGISTERED),
    "identified_in_year": (_identified_in_year, GROUPS),
    "cleared_total": (_millions(("ever_cleared_persons", GROUPS)), GROUPS),
    "premium_subsidy_total": (
        lambda results, groups, year: results.total("premium_subsidy", groups, year) / FEN_PER_BILLION_YUAN,
        GROUPS,
    ),
    "incidence": (_incidence, GROUPS),
    "relapsed_total": (_yearly_millions(("registry_relapse_persons",), EX_POOR), EX_POOR),
    "relapsed_size": (_of_sums("registry_relapse_persons", "registry_relapse_households"), EX_POOR),
    "ex_poor_registered_total": (_millions(("persons", EX_POOR)), EX_POOR),
    "away_share": (_away_share, EX_POOR),
    "rangers_total": (_millions(("rangers", GROUPS)), GROUPS),
    "lent_total": (_billions("lent"), GROUPS),
    "loans_total": (_yearly_millions(("loans_granted",), GROUPS), GROUPS),
    "lent_since_2021": (_billions("lent", 2021), GROUPS),
    "loan_balance_total": (_balance, EX_POOR),
    "unmet_need": (_of_sums("care_forgone", "care_needed"), GROUPS),
    "covered_share": (_covered_share, GROUPS),
    "enrolled_growth": (_enrolled_growth, GROUPS),
    "illness_share": (_of_sums("relapse_illness", "relapse_net_persons"), GROUPS),
    "identified_two_years_share": (_identified_in_two_years, GROUPS),
    "identified_in_year_share": (_of_register(_identified_in_year), GROUPS),
    "monitored_register_share": (_of_register(_millions(("ever_identified_persons", GROUPS))), GROUPS),
    "wage_all_pc": (_per_person(*EARNED), GROUPS),
    "property_all_pc": (_per_person("property_income"), GROUPS),
    "transfer_all_pc": (_per_person(*TRANSFERS), GROUPS),
}
"""How each indicator of facts.yaml is worked out, and of which groups."""

_FACTORS = {"%": 100.0, "yuan/month": 1 / 12, "yuan/person/month": 1 / 12}
"""Factors from shares, or yuan a year, to the units that facts.yaml may use."""


def indicator_factor(unit: str) -> float:
    """Return the factor from an indicator as `SIMULATED` works it out to a unit of facts.yaml."""
    return _FACTORS.get(unit, 1.0)
