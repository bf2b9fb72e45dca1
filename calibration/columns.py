"""What a survey panel may hold: the name, kind, unit and meaning of every column of households and of persons."""

from __future__ import annotations

from typing import NamedTuple

KINDS = {
    "id": "int64",
    "year": "int16",
    "group": "int32",
    "weight": "float64",
    "money": "float64",
    "count": "float32",
    "flag": "float32",
    "job": "category",
}
"""Kinds of columns and how they are stored: what a survey asks can be missing (NaN), what identifies a row cannot."""

JOBS = ("none", "farm", "local_wage", "migrant", "wage", "post", "self_employed")
"""Main job of a person; ``wage`` where the survey does not say whether at home or away."""


class PanelColumn(NamedTuple):
    """One column.

    Attributes:
        name: its fixed name.
        kind: one of `KINDS`.
        unit: unit of the numbers.
        meaning: what it says.
        low: least possible value of a count.
        high: largest possible value of a count.
    """

    name: str
    kind: str
    unit: str
    meaning: str
    low: float = 0.0
    high: float = float("inf")


def _money(name: str, meaning: str) -> PanelColumn:
    """Return an amount of a household in a year, before any division by its size."""
    return PanelColumn(name, "money", "yuan/year", meaning, low=float("-inf"))


def _flag(name: str, meaning: str) -> PanelColumn:
    """Return a question that is answered by yes or no."""
    return PanelColumn(name, "flag", "0 or 1", meaning, high=1.0)


HOUSEHOLD_KEYS = (
    PanelColumn("household", "id", "", "number of the household within the panel, the same in every wave"),
    PanelColumn("wave", "year", "year", "year of the wave", 1980, 2060),
    PanelColumn("weight", "weight", "households", "design weight: how many households the row stands for"),
)

DESIGN = (
    PanelColumn("stratum", "group", "", "number of the sampling stratum"),
    PanelColumn("cluster", "group", "", "number of the primary sampling unit"),
    PanelColumn("province", "group", "", "number of the province, as the file's codes are sorted"),
    PanelColumn("county", "group", "", "number of the county, as the file's codes are sorted"),
)

INCOMES = (
    _money("income_total", "income of all sources"),
    _money("income_wage", "wages, posts included"),
    _money("income_farm", "net income of crops, animals, forest and fish"),
    _money("income_business", "net income of own businesses"),
    _money("income_property", "rent, interest, dividends"),
    _money("income_transfer", "public and private transfers received"),
)
"""Income by source, as the panel's operator measures it (`Meta.operator`)."""

SPENDING = (
    _money("consumption", "consumption spending, own medical spending included"),
    _money("food", "food, own produce included"),
    _money("medical_spending", "medical spending that the household paid itself, after reimbursement"),
    _money("medical_reimbursed", "medical bills that insurers and assistance paid"),
    _money("premium", "own premiums of medical insurance"),
    _money("debt", "debt at the interview (yuan, not a year's flow)"),
)

BENEFITS = (
    _flag("dibao", "received dibao"),
    _flag("tekun", "received tekun support"),
    _flag("post", "a member held a public-welfare post"),
    _flag("pension", "a member drew the resident pension"),
    _flag("medical_assistance", "received medical assistance"),
    _flag("temporary_relief", "received temporary relief"),
    _flag("disability_allowance", "a member received a disability allowance"),
    _flag("student_aid", "a member received student aid"),
    _flag("premium_subsidy", "premiums were subsidised"),
    _flag("farm_subsidy", "received farm subsidies"),
    _flag("loan", "held a microcredit loan of the programme"),
)
"""Receipt of each benefit in the year of the wave."""

STATUS = (
    _flag("ex_poor", "formerly registered poor household that exited"),
    _flag("registered", "on the register of the poor, until 2020"),
    _flag("monitored", "in the monitoring registry, risk not cleared"),
    _flag("returned_poor", "confirmed as fallen back by the county"),
)

HOUSEHOLD_COLUMNS = (
    *HOUSEHOLD_KEYS,
    *DESIGN,
    PanelColumn("months_covered", "count", "months", "months that the amounts of the row were asked for", 1, 24),
    PanelColumn("size", "count", "persons", "members as the income is counted over them", 1, 40),
    PanelColumn("absent", "count", "persons", "members who live and earn elsewhere", 0, 40),
    *INCOMES,
    *SPENDING,
    *BENEFITS,
    *STATUS,
)

PERSON_COLUMNS = (
    PanelColumn("household", "id", "", "number of the household in this wave"),
    PanelColumn("person", "id", "", "number of the person within the panel, the same in every wave"),
    PanelColumn("wave", "year", "year", "year of the wave", 1980, 2060),
    PanelColumn("weight", "weight", "persons", "design weight: how many persons the row stands for"),
    PanelColumn("age", "count", "years", "age", 0, 120),
    _flag("female", "woman or girl"),
    _flag("insured", "covered by a public medical insurance"),
    _flag("admitted", "admitted to a hospital within 12 months"),
    PanelColumn("admissions", "count", "admissions/year", "admissions within 12 months", 0, 100),
    _money("medical_spending", "medical spending that the person paid, after reimbursement"),
    _money("inpatient_bill", "hospital bills before reimbursement"),
    _money("wage", "wages of the year"),
    PanelColumn("job", "job", "", "main job"),
    _flag("holds_post", "holds a public-welfare post"),
    PanelColumn("works_months", "count", "months/year", "months worked off the own farm", 0, 12),
    PanelColumn("chronic", "count", "conditions", "chronic conditions", 0, 40),
    _flag("disabled", "holds a disability certificate, or cannot care for self"),
    PanelColumn("schooling", "count", "years", "years of schooling completed", 0, 30),
    _flag("in_school", "in school"),
)

TABLES = {"households": HOUSEHOLD_COLUMNS, "persons": PERSON_COLUMNS}
KEYS = {"households": ("household", "wave"), "persons": ("person", "wave")}
"""What names a row of each table; nobody may stand twice in a wave."""
NEEDED = {"households": ("household", "wave", "weight"), "persons": ("household", "person", "wave", "weight")}


def column(table: str, name: str) -> PanelColumn:
    """Return a column by its name.

    Raises:
        KeyError: when there is none.
    """
    return {one.name: one for one in TABLES[table]}[name]


CHINESE = {
    "household": "户的编号，各轮相同",
    "person": "人的编号，各轮相同",
    "wave": "调查年份",
    "weight": "抽样权数",
    "stratum": "抽样层",
    "cluster": "初级抽样单元",
    "province": "省",
    "county": "县",
    "months_covered": "金额所覆盖的月数",
    "size": "计入收入的家庭人口",
    "absent": "在外居住并有收入的成员",
    "income_total": "总收入",
    "income_wage": "工资性收入（含岗位）",
    "income_farm": "种养业净收入",
    "income_business": "自营净收入",
    "income_property": "财产性收入",
    "income_transfer": "转移性收入",
    "consumption": "消费支出（含自付医疗）",
    "food": "食品（含自产自用）",
    "medical_spending": "报销后自付的医疗支出",
    "medical_reimbursed": "医保和救助支付的医疗费",
    "premium": "自缴医保费",
    "debt": "调查时的债务（元，非年度流量）",
    "dibao": "领取低保",
    "tekun": "领取特困供养",
    "post": "有成员在公益性岗位",
    "pension": "有成员领取居民养老金",
    "medical_assistance": "得到医疗救助",
    "temporary_relief": "得到临时救助",
    "disability_allowance": "有成员领取残疾人补贴",
    "student_aid": "有成员得到学生资助",
    "premium_subsidy": "参保费得到资助",
    "farm_subsidy": "领取农业补贴",
    "loan": "有小额信贷",
    "ex_poor": "脱贫户",
    "registered": "建档立卡贫困户（2020年前）",
    "monitored": "监测对象，风险未消除",
    "returned_poor": "确认返贫",
    "age": "年龄",
    "female": "女性",
    "insured": "参加公共医保",
    "admitted": "12个月内住过院",
    "admissions": "12个月内住院次数",
    "inpatient_bill": "报销前住院费用",
    "wage": "全年工资",
    "job": "主要工作",
    "holds_post": "在公益性岗位",
    "works_months": "离开自家农业的工作月数",
    "chronic": "慢性病种数",
    "disabled": "持残疾证或不能自理",
    "schooling": "受教育年限",
    "in_school": "在校",
}
"""Chinese words for the columns; the English ones are their meanings."""
