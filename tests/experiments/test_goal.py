"""The goal: intervals and lights, joint probabilities, counties together, clusters; and folders of runs reopened."""

from __future__ import annotations

import json
import shutil
from itertools import pairwise

import fakes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from experiments.chances import AMBER, GREEN, RED, UNSURE, below, chance_of, jeffreys, jointly, light_of, runs_for_green
from experiments.goal import (
    EVERY,
    WHOLE,
    GoalRow,
    Rates,
    cluster_chances,
    county_steps,
    goal_cells,
    goal_rows,
    place_and_counties,
)
from experiments.results import read_results
from experiments.runner import run_plan
from experiments.store import Store
from experiments.stored import NoRuns, reopen

NAN = float("nan")


def rates(county: str, values: list[list[float]], independent: int = 0) -> Rates:
    """Return rates of one policy and definition: a row a repetition, a column a year from 2021."""
    table = np.array([values], dtype=np.float64)
    years = tuple(range(2021, 2021 + table.shape[2]))
    return Rates(county, years, {"relapse_net": table}, independent or table.shape[1], ("kept",))


def row_of(rows: list[GoalRow], **wanted: object) -> GoalRow:
    return next(row for row in rows if all(getattr(row, name) == value for name, value in wanted.items()))


# intervals and lights -----------------------------------------------------------------------------------------


def test_the_tails_beside_a_jeffreys_interval_hold_five_per_cent():
    low, high = jeffreys(3, 10)
    grid = np.linspace(0, 1, 400_001)[1:-1]
    density = grid ** (3.5 - 1) * (1 - grid) ** (7.5 - 1)
    density /= density.sum()
    assert density[grid < low].sum() == pytest.approx(0.025, abs=1e-4)
    assert density[grid > high].sum() == pytest.approx(0.025, abs=1e-4)


def test_when_all_agree_the_interval_ends_at_the_end():
    assert jeffreys(0, 10)[0] == 0.0
    assert jeffreys(10, 10)[1] == 1.0
    low, high = jeffreys(10, 10)[0], jeffreys(0, 10)[1]
    assert low == pytest.approx(1 - high)
    assert low == pytest.approx(0.7829, abs=2e-4)


@given(runs=st.integers(1, 200), data=st.data())
def test_an_interval_holds_its_share_and_narrows_with_runs(runs, data):
    times = data.draw(st.integers(0, runs))
    low, high = jeffreys(times, runs)
    assert 0 <= low <= times / runs <= high <= 1
    wide = jeffreys(times, runs)
    narrow = jeffreys(4 * times, 4 * runs)
    assert narrow[1] - narrow[0] < wide[1] - wide[0]


def test_a_light_takes_the_whole_interval():
    def light(times: int, runs: int) -> str:
        return light_of(chance_of(np.array([1.0] * times + [0.0] * (runs - times))))

    assert light(8, 8) == UNSURE
    least = runs_for_green()
    assert light(least, least) == GREEN
    assert light(least - 1, least - 1) == UNSURE
    assert light(0, 8) == RED
    assert light(70, 100) == AMBER
    assert light(88, 100) == UNSURE
    assert light_of(chance_of(np.array([NAN, NAN]))) == UNSURE


def test_repetitions_that_share_a_draw_count_as_one():
    flags = np.array([1.0] * 40)
    alone, shared = chance_of(flags), chance_of(flags, independent=5)
    assert alone is not None
    assert shared is not None
    assert (alone.share, alone.runs) == (shared.share, shared.runs) == (1.0, 40)
    assert shared.low == pytest.approx(jeffreys(5, 5)[0])
    assert light_of(alone) == GREEN
    assert light_of(shared) == UNSURE


# probabilities ------------------------------------------------------------------------------------------------


def test_probabilities_worked_by_hand():
    """Four repetitions, two years: 3 of 4 and 2 of 4 below two per cent, 1 of 4 in both years; at the limit is not below."""
    rows = goal_rows([rates(WHOLE, [[0.01, 0.03], [0.01, 0.01], [0.01, 0.02], [0.04, 0.01]])], [0.02])
    assert [row.year for row in rows] == [2021, 2022, 0]
    shares = [row.chance.share for row in rows if row.chance]
    assert shares == [0.75, 0.5, 0.25]
    assert rows[0].value is not None
    assert rows[0].value.mean == pytest.approx(0.0175)
    low, high = jeffreys(1, 4)
    assert goal_cells(rows[2])[4:] == ("all", "", "", "0.25", f"{low:.10g}", f"{high:.10g}", 4, UNSURE)


def test_years_without_anybody_say_nothing():
    rows = goal_rows([rates(WHOLE, [[NAN, 0.01], [NAN, 0.05]])], [0.02])
    assert rows[0].chance is None
    assert rows[2].chance is not None
    assert rows[2].chance.share == 0.5


_shares = arrays(np.float64, (6, 4), elements=st.floats(0, 0.1))


@given(values=_shares, other=_shares)
def test_probabilities_rise_with_the_threshold_and_joint_ones_are_the_least(values, other):
    bars = [0.005, 0.02, 0.05, 0.09]
    counties = [rates(WHOLE, values.tolist()), rates("a", values.tolist()), rates("b", other.tolist())]
    rows = goal_rows(counties, bars)

    def share(county: str, bar: float, year: int) -> float:
        chance = row_of(rows, county=county, threshold=bar, year=year).chance
        assert chance is not None
        return chance.share

    for county in (WHOLE, "a", "b", EVERY):
        for year in (2021, 2022, 2023, 2024, 0):
            rising = [share(county, bar, year) for bar in bars]
            assert rising == sorted(rising)
    for bar in bars:
        for county in (WHOLE, "a", "b", EVERY):
            assert share(county, bar, 0) <= min(share(county, bar, year) for year in (2021, 2022, 2023, 2024))
        for year in (2021, 0):
            assert share(EVERY, bar, year) <= min(share("a", bar, year), share("b", bar, year))


@given(values=arrays(np.float64, (4, 5, 2), elements=st.floats(0, 0.1)))
def test_more_counties_are_harder_to_hold(values):
    counties = [rates(WHOLE, values[0].tolist()), *(rates(str(k), part.tolist()) for k, part in enumerate(values))]
    steps = county_steps(counties, [0.05])
    together = [step.together for step in steps]
    assert [step.counties for step in steps] == [1, 2, 3, 4]
    assert all(later <= earlier + 1e-12 for earlier, later in pairwise(together))
    held = np.stack([jointly([below(part[:, year], 0.05) for year in range(2)]) for part in values])
    assert together[0] == pytest.approx(held.mean())
    assert together[-1] == pytest.approx(held.all(axis=0).mean())
    assert steps[-1].alone == pytest.approx(np.prod(held.mean(axis=1)))


def test_counties_with_luck_of_their_own_and_with_one_luck():
    """Two counties that each hold in half of the repetitions: at the same time, or never together."""
    same = [rates(WHOLE, [[0.0], [0.1]]), rates("a", [[0.0], [0.1]]), rates("b", [[0.0], [0.1]])]
    against = [same[0], rates("a", [[0.0], [0.1]]), rates("b", [[0.1], [0.0]])]
    assert [step.together for step in county_steps(same, [0.05])] == [0.5, 0.5]
    assert [step.together for step in county_steps(against, [0.05])] == [0.5, 0.0]
    assert [step.alone for step in county_steps(same, [0.05])] == [0.5, 0.25]


# stored runs --------------------------------------------------------------------------------------------------


def test_a_stored_place_and_its_counties(engine, tmp_path):
    plan = fakes.weighted_plan(replications=3)
    store = Store(tmp_path / "study")
    store.open(plan.study)
    run_plan(plan, store)
    found = place_and_counties(plan, store, ("relapse_net",))
    assert [one.county for one in found] == [WHOLE, "national/c0", "national/c1"]
    rows = goal_rows(found, [0.015])
    results = read_results(plan, store, plan.cases[1])
    tested = results.at_end("tested_persons", ("ex_poor",), 2023, 9)
    share = (results.at_end("relapse_net_persons", ("ex_poor",), 2023, 9) / tested < 0.015)[1].mean()
    row = row_of(rows, policy="kept", county="national/c1", year=2023)
    assert row.chance is not None
    assert row.chance.share == pytest.approx(share)


def test_a_village_that_falls_as_a_whole_breaks_its_year(stored):
    """In the pretended model six of ten households of the first village fall in 2022, one of another."""
    rows = [row for row in cluster_chances(*stored) if row.definition == "net village ex_poor" and row.policy == "kept"]
    shares = {row.year: row.chance.share for row in rows if row.chance}
    assert shares == {2021: 1.0, 2022: 0.0, 2023: 1.0, 2024: 1.0, 2025: 1.0, 0: 0.0}
    value = row_of(rows, year=2022).value
    assert value is not None
    assert value.mean == 1.0


def test_a_folder_reopened_gives_the_same_results(stored):
    plan, store = stored
    again, where = reopen(store.root)
    assert {task.key for task in again.tasks} == {task.key for task in plan.tasks}
    assert again.study.replications == plan.study.replications
    ours, theirs = read_results(plan, store), read_results(again, where)
    assert np.array_equal(ours.counts, theirs.counts)
    assert np.array_equal(ours.rural_population, theirs.rural_population)
    assert ours.names == theirs.names
    assert ours.replications == theirs.replications


def test_a_folder_of_counties_reopened_keeps_their_weights(engine, tmp_path):
    plan = fakes.weighted_plan()
    store = Store(tmp_path / "study")
    store.open(plan.study)
    run_plan(plan, store)
    again, where = reopen(store.root)
    assert again.weighted
    assert [(case.name, case.multiplier) for case in again.cases] == [(case.name, case.multiplier) for case in plan.cases]
    assert np.array_equal(read_results(plan, store).counts, read_results(again, where).counts)


def test_only_whole_replications_of_the_newest_version_are_read(stored):
    plan, store = stored
    shutil.rmtree(store.folder(plan.tasks_of(("point", 1))[0]))
    again, _ = reopen(store.root)
    assert [number for _, number in again.repeats] == [0, 2]
    for task in plan.tasks_of(("point", 2)):
        path = store.folder(task) / "provenance.json"
        told = json.loads(path.read_text(encoding="utf-8"))
        told["task"]["engine"], told["clock"]["finished"] = "older", "2000"
        path.write_text(json.dumps(told), encoding="utf-8")
    again, _ = reopen(store.root)
    assert [number for _, number in again.repeats] == [0]


def test_a_folder_without_runs_is_refused(tmp_path, engine):
    with pytest.raises(NoRuns, match=r"study\.json"):
        reopen(tmp_path)
    plan = fakes.plan()
    Store(tmp_path / "empty").open(plan.study)
    with pytest.raises(NoRuns, match="no replication that is whole"):
        reopen(tmp_path / "empty")
