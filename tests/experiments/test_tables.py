"""Tables of stored results: rates with their own denominators, costs, incomplete years."""

import csv

import fakes
import numpy as np
import pytest

from experiments.quantities import QUANTITIES
from experiments.results import Results, complete_replications, ratio, read_results
from experiments.runner import run_plan
from experiments.store import Store
from experiments.study import Study
from experiments.tables import HEADER, cost_rows, csv_text, row_cells, summary_rows
from sim.indicators import GROUPS, INDEX, INDICATORS
from sim.rules import month_index


@pytest.fixture
def results(stored):
    return read_results(*stored)


def worked(**changes):
    """Two years of one replication, all counts zero but those that a test sets."""
    counts = np.zeros((1, 1, 36, len(GROUPS), len(INDICATORS)), dtype=np.int64)
    for (month, group, name), value in changes.pop("set", {}).items():
        counts[0, 0, month - month_index(2020), GROUPS.index(group), INDEX[name]] = value
    study = Study(policies=("documented",), months=changes.pop("months", 24), replications=1)
    population = np.array([[10_000]])
    return Results(study, (0,), month_index(2020), counts, population, {}, (({"untouched_levers": []},),), {})


def value_of(results, measure, year):
    quantity = next(quantity for quantity in QUANTITIES if quantity.id == measure)
    return float(quantity.value(results, year)[0, 0] * quantity.scale)


SEPTEMBER, DECEMBER = month_index(2021, 9), month_index(2021, 12)


def test_a_flow_is_over_those_tested():
    results = worked(set={(SEPTEMBER, "ex_poor", "tested_persons"): 400, (SEPTEMBER, "ex_poor", "relapse_net_persons"): 6})
    assert value_of(results, "relapse_net", 2021) == pytest.approx(1.5)


def test_a_stock_is_over_the_rural_population():
    poor = {(SEPTEMBER, group, "poor_net_persons"): count for group, count in zip(GROUPS, (50, 30, 20), strict=True)}
    assert value_of(worked(set=poor), "poor_stock", 2021) == pytest.approx(1.0)


def test_falling_of_the_marginal_is_apart():
    changes = {(SEPTEMBER, "marginal", "tested_persons"): 200, (SEPTEMBER, "marginal", "relapse_net_persons"): 1}
    results = worked(set=changes)
    assert value_of(results, "falling_net", 2021) == pytest.approx(0.5)
    assert np.isnan(value_of(results, "relapse_net", 2021))


def test_the_registry_year_runs_from_october_to_september():
    confirmed = {(month_index(2020, 9), "ex_poor", "registry_relapse_persons"): 100}
    confirmed[month_index(2020, 10), "ex_poor", "registry_relapse_persons"] = 1
    confirmed[SEPTEMBER, "ex_poor", "registry_relapse_persons"] = 2
    confirmed[SEPTEMBER + 1, "ex_poor", "registry_relapse_persons"] = 100
    confirmed[SEPTEMBER, "ex_poor", "tested_persons"] = 100
    assert value_of(worked(set=confirmed), "relapse_registry", 2021) == pytest.approx(3.0)


def test_gaps_are_shares_of_the_line():
    results = worked(set={(DECEMBER, "ex_poor", "persons"): 100, (DECEMBER, "ex_poor", "gap_net"): 500_000})
    assert value_of(results, "gap_net", 2021) == pytest.approx(0.5)


def test_a_shortfall_is_in_yuan_per_person():
    months = range(month_index(2021), month_index(2022))
    changes = {(month, "ex_poor", "persons"): 100 for month in months}
    changes |= {(month, "ex_poor", "shortfall"): 10_000 for month in months}
    assert value_of(worked(set=changes), "shortfall", 2021) == pytest.approx(12.0)


def test_every_rate_names_its_denominator():
    for quantity in QUANTITIES:
        assert quantity.label.zh and quantity.label.en
        assert bool(quantity.over.en) == bool(quantity.over.zh)
        assert quantity.over.en or quantity.unit.en == "households"


def test_summary_has_every_measure_policy_and_year(results):
    rows = summary_rows(results)
    assert len(rows) == len(QUANTITIES) * 5 * 2
    assert all(row.estimate.runs == 3 for row in rows if row.measure == "relapse_net")


def test_costs_are_in_million_yuan(results):
    costs = {(row.policy, row.year): row.estimate.mean for row in cost_rows(results)}
    assert costs["kept", 2021] == pytest.approx(12 * 30_000_000 / 1e8)
    assert costs["documented", 2025] == pytest.approx(0.6 * 3.6)


def test_an_incomplete_year_says_how_many_months_it_has(engine, tmp_path):
    plan, store = fakes.plan(months=20, replications=2), Store(tmp_path)
    store.open(plan.study)
    run_plan(plan, store)
    rows = [row for row in summary_rows(read_results(plan, store)) if row.year == 2022]
    assert {row.months for row in rows} == {8}
    assert all(np.isnan(row.estimate.mean) for row in rows if row.measure in ("relapse_net", "at_risk"))
    assert all(row.estimate.mean > 0 for row in rows if row.measure == "identified")


def test_only_complete_replications_are_read(stored):
    plan, store = stored
    lost = plan.tasks_of(("point", 1))[0]
    for path in store.folder(lost).iterdir():
        path.unlink()
    store.folder(lost).rmdir()
    assert complete_replications(plan, store) == (("point", 0), ("point", 2))
    assert read_results(plan, store).counts.shape[:2] == (2, 2)


def test_nothing_to_read_is_an_error(engine, tmp_path):
    with pytest.raises(ValueError, match="no replication is complete"):
        read_results(fakes.plan(), Store(tmp_path))


def test_a_ratio_over_nobody_is_nothing():
    assert np.isnan(ratio(np.array([1.0]), np.array([0.0]))).all()


def test_the_csv_file_can_be_read_back(results):
    rows = list(csv.DictReader(csv_text(HEADER, [row_cells(row) for row in summary_rows(results)]).splitlines()))
    assert len(rows) == len(summary_rows(results))
    assert rows[0]["replications"] == "3"


def test_debt_counts_what_is_owed_at_interest_to_kin_and_overdue(results):
    end = (month_index(2021, 12), "ex_poor")
    changes = {(*end, "debt"): 100_000, (*end, "kin_debt"): 50_000, (*end, "arrears"): 30_000, (*end, "households"): 2}
    assert value_of(worked(set=changes), "owed", 2021) == pytest.approx(900)


def test_months_to_the_first_payment_are_those_of_alerts_answered(results):
    year = {
        (month_index(2021, 3), "ex_poor", "first_payment_months"): 8,
        (month_index(2021, 3), "ex_poor", "first_payment_households"): 2,
        (month_index(2021, 9), "other", "first_payment_months"): 2,
        (month_index(2021, 9), "other", "first_payment_households"): 3,
    }
    assert value_of(worked(set=year), "months_to_payment", 2021) == pytest.approx(2.0)
