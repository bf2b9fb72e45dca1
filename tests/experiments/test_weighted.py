"""A place that lists counties: one run for each, weighted sums, one county in memory at a time."""

import csv
import io
import json

import fakes
import numpy as np
import pytest

from experiments.counties import counties_text
from experiments.differences import TOTAL, cost_difference, difference_rows, paired_counts
from experiments.quantities import EX_POOR, QUANTITIES
from experiments.results import read_results
from experiments.runfiles import read_shared
from experiments.runner import missing_tasks, run_plan, work_left
from experiments.store import Store
from experiments.tables import summary_rows


@pytest.fixture
def weighted(engine, tmp_path):
    plan = fakes.weighted_plan()
    store = Store(tmp_path / "study")
    store.open(plan.study)
    run_plan(plan, store)
    return plan, store


def test_there_is_a_run_for_each_county_policy_and_replication(engine, tmp_path):
    plan = fakes.weighted_plan()
    assert [(task.replication, task.county, task.policy) for task in plan.tasks] == [
        (replication, county, policy) for replication in (0, 1) for county in (0, 1) for policy in ("documented", "kept")
    ]
    assert len({task.key for task in plan.tasks}) == 8
    assert plan.tasks[2].label == "c1 documented #1"
    # one seed for all counties of a replication: what the nation shares is drawn once
    assert len({task.seed for task in plan.tasks if task.replication == 0}) == 1
    assert work_left(plan, Store(tmp_path)) == 4 * 96 + 8 * 60


def test_a_county_is_the_same_run_alone_and_within_its_place(engine):
    from experiments.study import Study, make_plan

    within = fakes.weighted_plan().tasks[2]
    case = fakes.weighted_plan().cases[1]
    study = Study(place="national/c1", policies=("documented", "kept"), replications=1)
    alone = make_plan(study, case.scenarios, case.resolved).tasks[0]
    assert alone.key == within.key


def test_each_county_lives_its_past_once_and_forgets_it(engine, tmp_path, monkeypatch):
    alive = []
    live = engine.live

    class Past:
        def __init__(self, made):
            self.record = made.record
            alive.append(self)

        def __del__(self):
            pass

    most = []

    def counted(county, rules, seed, threads):
        import gc
        import weakref

        gc.collect()
        most.append(sum(past() is not None for past in references))
        past = Past(live(county, rules, seed, threads))
        alive.clear()
        references.append(weakref.ref(past))
        return past

    references: list = []
    monkeypatch.setattr("experiments.engine.live", counted)
    run_plan(fakes.weighted_plan(), Store(tmp_path / "study"))
    assert engine.lives == 4
    assert most == [0, 0, 0, 0]


def test_counts_are_weighted_sums_and_rates_are_rates_of_sums(weighted):
    plan, store = weighted
    whole = read_results(plan, store)
    parts = [read_results(plan, store, case) for case in plan.cases]
    assert (whole.counts == 100 * parts[0].counts + 7 * parts[1].counts).all()
    assert (whole.rural_population == 100 * 3_000 + 7 * 6_000).all()
    assert whole.weighted and not parts[0].weighted
    assert (whole.place.en, parts[1].place.en) == ("China", "county 1")
    risk = next(quantity for quantity in QUANTITIES if quantity.id == "at_risk")
    top, bottom = (
        sum(weight * part.at_end(name, EX_POOR, 2022) for weight, part in zip((100, 7), parts, strict=True))
        for name in ("at_risk_persons", "persons")
    )
    assert risk.value(whole, 2022) == pytest.approx(top / bottom)


def test_costs_are_weighted(weighted):
    plan, store = weighted
    whole = read_results(plan, store)
    part = read_results(plan, store, plan.cases[0])
    assert (whole.cost("premium_dibao", 2023) == 107 * part.cost("premium_dibao", 2023)).all()
    assert cost_difference(whole, "documented").mean == pytest.approx(107 * cost_difference(part, "documented").mean)


def test_differences_are_paired_and_causes_add_up_exactly(weighted):
    whole = read_results(*weighted)
    counts = paired_counts(whole, "documented", "ex_poor", whole.years)
    assert (sum(value for cause, value in counts.items() if cause != TOTAL) == counts[TOTAL]).all()
    assert counts[TOTAL].dtype == np.int64
    assert difference_rows(whole)


def test_a_killed_study_goes_on_with_the_counties_that_are_left(engine, tmp_path):
    plan, store = fakes.weighted_plan(), Store(tmp_path / "study")
    engine.broken = (plan.tasks_of(("point", 1))[0].seed,)
    assert len(run_plan(plan, store).failed) == 4
    assert [task.replication for task in missing_tasks(plan, store)] == [1] * 4
    assert read_results(plan, store).replications == (("point", 0),)
    engine.broken = ()
    assert len(run_plan(plan, store).made) == 4


def test_the_table_by_county_says_what_each_stands_for(weighted):
    plan, store = weighted
    rows = list(csv.DictReader(io.StringIO(counties_text(plan, store))))
    assert {(row["county"], row["weight"], row["stands_for"]) for row in rows} == {
        ("national/c0", "10", "100"),
        ("national/c1", "0.7", "7"),
    }
    assert len(rows) == 2 * len(summary_rows(read_results(plan, store)))


def test_provenance_names_the_county_and_its_weight(weighted):
    plan, store = weighted
    told = json.loads((store.folder(plan.tasks[2]) / "provenance.json").read_text(encoding="utf-8"))
    assert told["county"] == {"name": "national/c1", "weight": 0.7, "stands_for": 7}
    assert read_shared(store.folder(plan.tasks[2]), told["scenario"]) == {"policy": "documented", "county": 1}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_charts_say_that_counts_are_weighted(weighted, lang):
    from experiments.charts.causes import draw_causes
    from experiments.charts.rates import caption, draw_rates

    results = read_results(*weighted)
    assert ("按县加权" if lang == "zh" else "Weighted to") in caption(results, lang)
    assert draw_rates(results, results.place.said(lang), lang)
    (axes,) = draw_causes(results, "documented", results.place.said(lang), lang).axes
    assert {"zh": "万人次", "en": "million persons"}[lang] in axes.get_xlabel()
