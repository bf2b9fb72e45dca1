"""People against the tables given: deaths, births, admissions, bills."""

from __future__ import annotations

from typing import Any

import numpy as np

from experiments.checks.bench import MONTHS, Bench
from experiments.checks.row import Row, bounded
from experiments.labels import Label
from sim.indicators import INDEX
from sim.rules import Rules, month_index

AGES = {"0–29": (0, 30), "30–59": (30, 60), "60+": (60, 120)}
ADMISSION_BANDS = (0, 15, 30, 45, 60, 75)
"""First ages of the bands of the table of admissions."""
GIVEN = Label("1：与给定的表一致", "1: as the table says")


def vital_events(bench: Bench, mortality: float = 1.0) -> list[Row]:
    """Check deaths against the life table and births against the fertility given, month by month for those alive.

    Args:
        bench: the county.
        mortality: factor on the expected deaths: a planted fault.
    """
    deaths, births, number = [], [], [0, 0]
    for seed in bench.seeds:
        model = bench.start(bench.checked, seed)
        expected = np.zeros(2)
        for _ in range(MONTHS):
            model.step()
            expected += _expected(model)
        happened = model.record.sum(axis=(0, 1))[[INDEX["deaths"], INDEX["births"]]]
        deaths.append(float(happened[0] / (expected[0] * mortality)))
        births.append(float(happened[1] / expected[1]))
        number = [number[0] + int(happened[0]), number[1] + int(happened[1])]
    return [
        bounded("deaths", Label("死亡人数与生命表之比", "deaths relative to the life table"), deaths, GIVEN, 0.9, 1.1, number[0]),
        bounded("births", Label("出生人数与给定生育率之比", "births relative to the fertility given"), births, GIVEN, 0.9, 1.1,
                number[1]),
    ]  # fmt: skip


def _expected(model: Any) -> tuple[float, float]:
    """Return the deaths and births that life table and fertility lead to expect of a month, from those alive at its end."""
    from sim.engine import plain
    from sim.processes.demography import BIRTH_GAP, FERTILE_FROM, FERTILE_TO, age_band

    persons, tables = model.state.persons, model.world.tables
    alive = persons["alive"] == 1
    age, sex = persons["age"][alive].astype(int), persons["sex"][alive].astype(int)
    bands = np.array([plain(age_band)(years) for years in range(128)])
    rates = np.array(model.rules.tables["mortality"]).reshape(2, -1)
    rural = np.where(age < 65, 1.2, np.where(age < 80, 1.1, 1.0))
    dying = 1 - np.exp(-rates[sex, bands[age]] * rural / 12)
    fertile = (sex == 0) & (age >= FERTILE_FROM) & (age <= FERTILE_TO)
    fertile &= model.month - persons["last_birth"][alive] >= BIRTH_GAP
    return float(dying.sum()), float(tables["fertility_month"][bands[age[fertile]]].sum())


def admissions(bench: Bench, level: float = 1.0) -> list[Row]:
    """Check persons admitted in a year by age against the table, admissions per admitted person, and bills.

    Args:
        bench: the county.
        level: factor on the expected share: a planted fault.
    """
    shares: dict[str, list[float]] = {age: [] for age in AGES}
    repeats, insured, number = [], [], 0
    for seed in bench.seeds:
        model = bench.start(bench.checked, seed)
        seen = {age: np.zeros(2) for age in AGES}
        for _ in range(MONTHS):
            model.step()
            if model.month % 12 == 11:
                for age, (low, high) in AGES.items():
                    seen[age] += _admitted(model, low, high)
        for age, (happened, expected) in seen.items():
            shares[age].append(float(happened / (expected * level)))
        total = model.record.sum(axis=(0, 1))
        repeats.append(float(total[INDEX["admissions"]] / total[INDEX["admitted_persons"]]))
        insured.append(float(100 * 12 * total[INDEX["admissions"]] / total[INDEX["enrolled_persons"]]))
        number += int(total[INDEX["admissions"]])
    rows = []
    for age, values in shares.items():
        name = Label(f"{age}岁年内住院人数与住院率表之比", f"persons of {age} admitted in a year relative to the table")
        rows.append(bounded(f"admitted_{age}", name, values, GIVEN, 0.8, 1.2, number))
    each = Label("每名住院者的年住院次数", "admissions a year of each person admitted")
    cover = Label("每百名居民医保参保人的年住院次数", "admissions a year per 100 persons in resident insurance")
    about = Label("约1.2（假设）", "about 1.2 (assumption)")
    many = Label("10–40（合理范围，假设）", "10 to 40 (plausible range, assumption)")
    rows.append(bounded("admissions_each", each, repeats, about, 1.1, 1.35, number))
    rows.append(bounded("admissions_insured", cover, insured, many, 10.0, 40.0, number))
    return rows


def _admitted(model: Any, low: int, high: int) -> tuple[int, float]:
    """Return those of an age who were admitted this year, and how many the table leads to expect."""
    persons = model.state.persons
    chosen = (persons["alive"] == 1) & (persons["age"] >= low) & (persons["age"] < high)
    band = np.searchsorted(ADMISSION_BANDS, persons["age"][chosen], side="right") - 1
    rates = np.array(model.rules.tables["admission"])[band] * model.world.value("admission_level")
    return int(persons["admitted_this_year"][chosen].sum()), float(rates.sum())


def bills(bench: Bench, mean: float = 1.0) -> list[Row]:
    """Check mean and log standard deviation of hospital bills against those given.

    Args:
        bench: the county.
        mean: factor on the expected mean: a planted fault.
    """
    ratios, number = [], 0
    for model in bench.runs():
        counts = model.record.sum(axis=1)
        cases = counts[:, INDEX["admissions"]]
        given = [bench.checked.values["bill_mean"].at(model.first_month + month) for month in range(len(cases))]
        ratios.append(float(counts[:, INDEX["bills"]].sum() / (cases * np.array(given)).sum() / mean))
        number += int(cases.sum())
    name = Label("住院费用均值与给定值之比", "mean hospital bill relative to the one given")
    return [bounded("bill_mean", name, ratios, GIVEN, 0.93, 1.07, number), _log_sd(bench.checked)]


def _log_sd(rules: Rules, draws: int = 4000) -> Row:
    """Return the check of the spread of bills: the rule itself, at evenly spread luck."""
    from sim.engine import plain
    from sim.processes.care import hospital_bill

    month = month_index(2021)
    mean, sd = rules.values["bill_mean"].at(month), rules.values["bill_log_sd"].at(month)
    luck = (np.arange(draws) + 0.5) / draws
    logs = np.log([plain(hospital_bill)(float(u), mean, sd) for u in luck])
    name = Label("住院费用对数标准差与给定值之比", "log standard deviation of bills relative to the one given")
    ratio = float(logs.std() / sd)
    return bounded("bill_log_sd", name, [ratio, ratio], GIVEN, 0.97, 1.03, draws)
