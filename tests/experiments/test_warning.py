"""Early warning: waiting times, lists and what they catch, what a worker brings; worked by hand."""

from __future__ import annotations

import dataclasses

import fakes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.results import Results, read_results
from experiments.runner import run_plan
from experiments.store import Store
from experiments.warning import (
    ALL,
    OUTCOMES,
    RULES,
    caught_by,
    curves,
    finding,
    outcome,
    read_notes,
    registry_size,
    worth,
)
from experiments.warning_measures import MEASURES, measure_rows, staff_capacity, worker_values
from experiments.warning_tables import FINDING_HEADER, LIST_HEADER, WORKER_HEADER, finding_cells, list_cells, worker_cells
from sim.indicators import GROUPS, INDEX
from sim.rules import month_index
from sim.watch import FOUND, KNOWN, OPEN, UNSEEN

START = month_index(2021)


def spells(*rows: tuple[int, int, int]) -> dict[str, np.ndarray]:
    """Return spells of the ex-poor: end, months waited, households; all begin in January 2021."""
    end, months, households = (np.array(column) for column in zip(*rows, strict=True))
    return {"began": np.full(len(end), START), "group": 0 * end, "end": end, "months": months, "households": households}


def lists(*rows: tuple[int, ...]) -> dict[str, np.ndarray]:
    """Return a December list: score, standing, monitored, came at risk, fell, households."""
    names = ("score", "standing", "monitored", "came_at_risk", "fell", "households")
    columns = dict(zip(names, (np.array(column) for column in zip(*rows, strict=True)), strict=True))
    return {"year": np.full(len(rows), 2022), "group": np.zeros(len(rows), np.int64), **columns}


# how soon -----------------------------------------------------------------------------------------------------


def test_waiting_worked_by_hand():
    """Of four: one found after a month, one followed for a month only, one out of risk after two, one found after three.

    After one month 1/4 is found and 3/4 is left; of the two still followed half leaves in month two: 3/8 is found in the third.
    """
    found = finding(spells((FOUND, 1, 1), (OPEN, 1, 1), (UNSEEN, 2, 1), (FOUND, 3, 1)))
    assert found.spells == 4
    assert found.known == 0
    assert found.found[:4].tolist() == [0, 0.25, 0.25, 0.625]
    assert found.unseen[:4].tolist() == [0, 0, 0.375, 0.375]
    assert found.median == 3


def test_known_before_counts_as_found_at_once():
    found = finding(spells((KNOWN, 0, 3), (FOUND, 0, 1), (UNSEEN, 5, 4)))
    assert found.known == 0.375
    assert found.found[0] == 0.5
    assert found.median == 0
    assert found.unseen[-1] == 0.5


def test_only_spells_that_began_within_the_run_are_followed():
    table = spells((FOUND, 1, 1), (FOUND, 9, 1))
    table["began"][1] = START - 8
    assert finding(table).spells == 1
    nobody = finding(table, "marginal")
    assert nobody.spells == 0
    assert np.isnan(nobody.found).all()


@given(rows=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30), st.integers(1, 5)), min_size=1, max_size=12))
def test_found_and_unseen_never_exceed_all(rows):
    found = finding(spells(*rows))
    assert (np.diff(found.found) >= 0).all()
    assert (np.diff(found.unseen) >= 0).all()
    assert (found.found + found.unseen <= 1 + 1e-9).all()


# lists --------------------------------------------------------------------------------------------------------

HUNDRED = lists((60, 2, 0, 1, 1, 4), (60, 2, 1, 1, 0, 2), (40, 1, 0, 1, 0, 4), (20, 0, 1, 0, 0, 6), (0, 0, 0, 0, 0, 84))
"""Of 100 households 10 come to be at risk; the registry holds 8, of them 2."""


def test_the_registry_and_the_benchmark_worked_by_hand():
    assert registry_size(HUNDRED) == 8
    registry = worth(HUNDRED, "registry", "at_risk", 8)
    assert (registry.size, registry.precision, registry.recall) == (0.08, 0.25, 0.2)
    # persistence lists the 6 at risk in December, all right, then 2 of the 4 at risk before, right too
    persistence = worth(HUNDRED, "persistence", "at_risk", 8)
    assert (persistence.precision, persistence.recall) == (1.0, 0.8)
    assert worth(HUNDRED, "random", "at_risk", 8).precision == pytest.approx(0.1)
    # newly at risk are the 4: the first 6 places of persistence hold none of them, the next 2 both
    assert worth(HUNDRED, "persistence", "newly_at_risk", 8).recall == 0.5
    assert worth(HUNDRED, "score", "fell", 3).recall == pytest.approx(0.5)


@given(
    rows=st.lists(
        st.tuples(
            st.integers(0, 100), st.integers(0, 2), st.integers(0, 1), st.integers(0, 1), st.integers(0, 1), st.integers(1, 9)
        ),
        min_size=1,
        max_size=15,
    ),
    rule=st.sampled_from(sorted(RULES)),
    name=st.sampled_from(sorted(OUTCOMES)),
)
def test_longer_lists_catch_more_and_the_longest_all(rows, rule, name):
    table = lists(*rows)
    total, hits = float(table["households"].sum()), float(table["households"][outcome(table, name)].sum())
    sizes = np.linspace(0, total, 7)
    caught = caught_by(table, rule, name, sizes)
    assert (np.diff(caught) >= -1e-9).all()
    assert (caught <= np.minimum(sizes, hits) + 1e-9).all()
    assert caught[-1] == pytest.approx(hits)
    if rule == "random":
        assert caught == pytest.approx(hits * sizes / total)


def test_curves_begin_with_nothing():
    precision, recall = curves(HUNDRED, "persistence", "at_risk")
    assert np.isnan(precision[0])
    assert recall[0] == 0
    assert recall[-1] == 1


# measures and workers -----------------------------------------------------------------------------------------


def with_counts(results: Results, place: int, **amounts: int) -> Results:
    """Return results with some counts of the ex-poor replaced in every month, under one policy."""
    counts = results.counts.copy()
    for name, amount in amounts.items():
        counts[place, :, :, GROUPS.index("ex_poor"), INDEX[name]] = amount
    return dataclasses.replace(results, counts=counts)


def test_measures_worked_by_hand(stored):
    months = {"at_risk_households": 40, "undetected_at_risk_households": 10, "monitored_households": 50}
    flows = {"visits_made": 600, "verified_households": 5, "staff_minutes": 3000, "staff_minutes_used": 1200}
    results = with_counts(read_results(*stored), 0, **months, **flows, identified_at_risk_households=2, visiting_workers=7)
    values = {one.id: one.value(results, 2023)[0, 0] * one.scale for one in MEASURES}
    assert values["undercoverage"] == 25
    assert values["leakage"] == pytest.approx(100 * 20 / 50)
    assert values["visits_per_true_case"] == 300
    assert values["staff_use"] == 40
    assert values["visiting_workers"] == 7
    assert values["verification_hours"] == 600
    # 1,200 minutes for 5 cases: 3,000 minutes a month are enough for 12.5
    assert staff_capacity(results, 2023)[0, 0] == pytest.approx(150)
    assert {row.measure for row in measure_rows(results)} == {one.id for one in MEASURES}


def test_one_more_worker_is_the_paired_difference_by_worker(stored):
    results = read_results(*stored)
    base, other = results.place_of("kept"), results.place_of("documented")
    assert worker_values(results) == []
    results = with_counts(results, base, visiting_workers=10, undetected_at_risk_households=30)
    results = with_counts(results, other, visiting_workers=14, undetected_at_risk_households=20)
    found = {one.outcome: one for one in worker_values(results)}
    assert found["unseen_months"].more == pytest.approx(4)
    assert found["unseen_months"].values == pytest.approx(np.full(3, 12 * (20 - 30) / 4))
    assert found["unseen_months"].base == "kept"
    assert len(worker_cells(found["relapses"])) == len(WORKER_HEADER)


def test_notes_of_counties_count_what_they_stand_for(engine, tmp_path):
    plan = fakes.weighted_plan(multipliers=(100, 7))
    store = Store(tmp_path / "study")
    store.open(plan.study)
    run_plan(plan, store)
    results = read_results(plan, store)
    notes = read_notes(plan, store, results)["kept"]
    assert [float(table["households"].sum()) for table in notes.lists] == [5 * 100 * 107.0] * 2
    assert finding(notes.spells[0], ALL).found[1] == pytest.approx(0.6)
    rows = list_cells({"kept": notes}, {"kept": np.array([50.0, 50.0])})
    assert all(len(row) == len(LIST_HEADER) for row in rows)
    assert all(len(row) == len(FINDING_HEADER) for row in finding_cells({"kept": notes}))
