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
    _money("consumption", "consumption spending"),
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
