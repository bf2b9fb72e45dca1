"""The rates that tables show. Each is one entry: what it counts, over whom, in which unit, and how it is worked out."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from experiments.labels import Label
from experiments.results import Numbers, Results, ratio
from sim.indicators import GROUPS, MILLION

EX_POOR = ("ex_poor",)
MARGINAL = ("marginal",)
WATCHED = ("ex_poor", "marginal")

REGISTRY_YEAR_FROM = 10
"""The registry's year runs from October to September, the months that the yearly test looks back on."""

TEST_MONTH = 9


class Quantity(NamedTuple):
    """A number of a year.

    Attributes:
        id: short name in the files.
        label: what is counted.
        over: whom it is divided by; empty for plain counts.
        unit: unit of the value as shown.
        scale: factor from the value to the unit shown (100 for per cent).
        digits: decimals shown.
        value: works it out for a year: policy, replication.
    """

    id: str
    label: Label
    over: Label
    unit: Label
    scale: float
    digits: int
    value: Callable[[Results, int], Numbers]


PER_CENT = Label("%", "%")
NO_ONE = Label("", "")
TESTED = Label("9月检验时的脱贫人口", "ex-poor persons at the September test")
TESTED_MARGINAL = Label("9月检验时的边缘人口", "marginal persons at the September test")
RURAL = Label("模拟村全部农村人口", "all rural persons of the simulated villages")
EX_POOR_DECEMBER = Label("12月脱贫人口", "ex-poor persons in December")
MARGINAL_DECEMBER = Label("12月边缘人口", "marginal persons in December")
ALL_DECEMBER = Label("12月全部模拟人口", "all simulated persons in December")
IDENTIFIED = Label("历年识别的监测户", "households ever identified")
EX_POOR_MEAN = Label("全年平均脱贫人口", "ex-poor persons, mean of the year")


def newly_poor(indicator: str, groups: tuple[str, ...]) -> Callable[[Results, int], Numbers]:
    """Return a yearly flow: persons newly below the line at the September test, over those tested."""

    def value(results: Results, year: int) -> Numbers:
        return ratio(
            results.at_end(indicator, groups, year, TEST_MONTH),
            results.at_end("tested_persons", groups, year, TEST_MONTH),
        )

    return value


def registry_relapse(results: Results, year: int) -> Numbers:
    """Return persons confirmed as fallen from October to September, over the ex-poor tested in September."""
    confirmed = results.total("registry_relapse_persons", EX_POOR, year, REGISTRY_YEAR_FROM)
    return ratio(confirmed, results.at_end("tested_persons", EX_POOR, year, TEST_MONTH))


def poor_stock(results: Results, year: int) -> Numbers:
    """Return all simulated persons below the line at the test, net, over the rural population, as exit limits do."""
    return ratio(results.at_end("poor_net_persons", GROUPS, year, TEST_MONTH), results.rural_population)


def december_share(top: str, bottom: str, groups: tuple[str, ...]) -> Callable[[Results, int], Numbers]:
    """Return a quotient of two stocks in December."""

    def value(results: Results, year: int) -> Numbers:
        return ratio(results.at_end(top, groups, year), results.at_end(bottom, groups, year))

    return value


def enrolment(groups: tuple[str, ...]) -> Callable[[Results, int], Numbers]:
    """Return persons with resident insurance over those whom no employer insures, in December."""

    def value(results: Results, year: int) -> Numbers:
        asked = results.at_end("persons", groups, year) - results.at_end("employee_insured_persons", groups, year)
        return ratio(results.at_end("enrolled_persons", groups, year), asked)

    return value


def yearly_share(top: str, bottom: str, groups: tuple[str, ...]) -> Callable[[Results, int], Numbers]:
    """Return a quotient of two stocks, means over the months of a year."""

    def value(results: Results, year: int) -> Numbers:
        return ratio(results.mean(top, groups, year), results.mean(bottom, groups, year))

    return value


def relative_gap(indicator: str) -> Callable[[Results, int], Numbers]:
    """Return a mean gap of the ex-poor in December, as a share of the line."""

    def value(results: Results, year: int) -> Numbers:
        return ratio(results.at_end(indicator, EX_POOR, year), results.at_end("persons", EX_POOR, year)) / MILLION

    return value


def shortfall_per_person(results: Results, year: int) -> Numbers:
    """Return the shortfall area of a year per ex-poor person, in yuan."""
    return ratio(results.total("shortfall", EX_POOR, year), results.mean("persons", EX_POOR, year)) / 100


def count(indicator: str) -> Callable[[Results, int], Numbers]:
    """Return a plain yearly sum over all simulated groups."""
    return lambda results, year: results.total(indicator, GROUPS, year)


HOUSEHOLDS = Label("户", "households")

EX_POOR_HOUSEHOLDS = Label("12月脱贫户", "ex-poor households in December")


def defaulting(results: Results, year: int) -> Numbers:
    """Return ex-poor households that could not repay a loan in a year, over those of December."""
    return ratio(results.total("defaults", EX_POOR, year), results.at_end("households", EX_POOR, year))


OWED = ("debt", "kin_debt", "arrears")
"""What a household owes but for loans of levers, which carry a business."""


def owed_per_household(results: Results, year: int) -> Numbers:
    """Return what an ex-poor household owes in December at interest, to kin and in arrears, in yuan."""
    owed = np.sum([results.at_end(name, EX_POOR, year) for name in OWED], axis=0)
    return ratio(owed, results.at_end("households", EX_POOR, year)) / 100


def months_to_payment(results: Results, year: int) -> Numbers:
    """Return the mean months from an alert to the first payment of dibao, over the alerts answered in a year."""
    return ratio(results.total("first_payment_months", GROUPS, year), results.total("first_payment_households", GROUPS, year))


QUANTITIES: tuple[Quantity, ...] = (
    Quantity(
        "relapse_registry",
        Label("返贫率·建档认定（上年10月-当年9月）", "relapse, registry (Oct-Sep)"),
        TESTED,
        PER_CENT,
        100,
        3,
        registry_relapse,
    ),
    Quantity(
        "relapse_gross",
        Label("返贫率·毛收入口径", "relapse, income gross"),
        TESTED,
        PER_CENT,
        100,
        2,
        newly_poor("relapse_gross_persons", EX_POOR),
    ),
    Quantity(
        "relapse_net",
        Label("返贫率·扣除刚性支出", "relapse, income net"),
        TESTED,
        PER_CENT,
        100,
        2,
        newly_poor("relapse_net_persons", EX_POOR),
    ),
    Quantity(
        "relapse_guarantees",
        Label("返贫率·收入或住房、教育、饮水、医保失去保障", "relapse, income or guarantees"),
        TESTED,
        PER_CENT,
        100,
        2,
        newly_poor("relapse_guarantees_persons", EX_POOR),
    ),
    Quantity(
        "relapse_core",
        Label("返贫率·同上但不计断保", "relapse, the same but for insurance"),
        TESTED,
        PER_CENT,
        100,
        2,
        newly_poor("relapse_core_persons", EX_POOR),
    ),
    Quantity(
        "falling_net",
        Label("致贫率·边缘户·扣除刚性支出", "falling of the marginal, net"),
        TESTED_MARGINAL,
        PER_CENT,
        100,
        2,
        newly_poor("relapse_net_persons", MARGINAL),
    ),
    Quantity(
        "falling_core",
        Label("致贫率·边缘户·收入或住房、教育、饮水", "falling of the marginal, guarantees but for insurance"),
        TESTED_MARGINAL,
        PER_CENT,
        100,
        2,
        newly_poor("relapse_core_persons", MARGINAL),
    ),
    Quantity("poor_stock", Label("贫困存量·扣除刚性支出", "stock of poor, net"), RURAL, PER_CENT, 100, 2, poor_stock),
    Quantity(
        "at_risk",
        Label("风险率·脱贫人口（低于监测线）", "at risk, ex-poor"),
        EX_POOR_DECEMBER,
        PER_CENT,
        100,
        2,
        december_share("at_risk_persons", "persons", EX_POOR),
    ),
    Quantity(
        "at_risk_marginal",
        Label("风险率·边缘人口（低于监测线）", "at risk, marginal"),
        MARGINAL_DECEMBER,
        PER_CENT,
        100,
        2,
        december_share("at_risk_persons", "persons", MARGINAL),
    ),
    Quantity(
        "lost_housing",
        Label("住房不安全·脱贫人口", "house not safe, ex-poor"),
        EX_POOR_MEAN,
        PER_CENT,
        100,
        2,
        yearly_share("lost_housing_persons", "persons", EX_POOR),
    ),
    Quantity(
        "lost_water",
        Label("饮水不安全·脱贫人口", "water not safe, ex-poor"),
        EX_POOR_MEAN,
        PER_CENT,
        100,
        2,
        yearly_share("lost_water_persons", "persons", EX_POOR),
    ),
    Quantity(
        "out_of_school",
        Label("义务教育阶段失学人数占比·脱贫人口", "children out of compulsory school, share of the ex-poor"),
        EX_POOR_MEAN,
        PER_CENT,
        100,
        3,
        yearly_share("lost_schooling_persons", "persons", EX_POOR),
    ),
    Quantity(
        "headcount_net",
        Label("贫困发生率 FGT0·扣除刚性支出", "headcount FGT0, net"),
        EX_POOR_DECEMBER,
        PER_CENT,
        100,
        2,
        december_share("below_net_persons", "persons", EX_POOR),
    ),
    Quantity(
        "gap_net",
        Label("贫困缺口率 FGT1·扣除刚性支出", "poverty gap FGT1, net"),
        EX_POOR_DECEMBER,
        PER_CENT,
        100,
        3,
        relative_gap("gap_net"),
    ),
    Quantity(
        "squared_gap_net",
        Label("平方缺口率 FGT2·扣除刚性支出", "squared gap FGT2, net"),
        EX_POOR_DECEMBER,
        PER_CENT,
        100,
        3,
        relative_gap("gap2_net"),
    ),
    Quantity(
        "shortfall",
        Label("人均收入缺口面积", "shortfall area per person"),
        EX_POOR_MEAN,
        Label("元/年", "yuan/year"),
        1,
        1,
        shortfall_per_person,
    ),
    Quantity(
        "owed",
        Label("户均债务（有息、亲友、拖欠）", "owed: at interest, to kin, arrears"),
        EX_POOR_HOUSEHOLDS,
        Label("元", "yuan"),
        1,
        0,
        owed_per_household,
    ),
    Quantity(
        "months_to_payment",
        Label("预警至首次低保月数", "months from alert to first dibao"),
        Label("当年首次发放低保的预警户", "alerts answered by dibao in the year"),
        Label("月", "months"),
        1,
        1,
        months_to_payment,
    ),
    Quantity(
        "identified",
        Label("新识别监测户", "households identified"),
        NO_ONE,
        HOUSEHOLDS,
        1,
        1,
        count("identified_households"),
    ),
    Quantity("cleared", Label("风险消除户", "households cleared"), NO_ONE, HOUSEHOLDS, 1, 1, count("cleared_households")),
    Quantity(
        "cleared_share",
        Label("风险消除比例（12月）", "share cleared, December"),
        IDENTIFIED,
        PER_CENT,
        100,
        1,
        december_share("ever_cleared_households", "ever_identified_households", GROUPS),
    ),
    Quantity(
        "loan_default",
        Label("贷款到期未还·脱贫户", "loans not repaid when due, ex-poor"),
        EX_POOR_HOUSEHOLDS,
        Label("‰", "per thousand"),
        1000,
        2,
        defaulting,
    ),
    Quantity(
        "enrolment",
        Label("居民医保参保率·脱贫人口", "insurance enrolment, ex-poor"),
        EX_POOR_DECEMBER,
        PER_CENT,
        100,
        2,
        enrolment(EX_POOR),
    ),
    Quantity(
        "enrolment_all",
        Label("居民医保参保率·全部模拟人口", "insurance enrolment, all"),
        ALL_DECEMBER,
        PER_CENT,
        100,
        2,
        enrolment(GROUPS),
    ),
)
