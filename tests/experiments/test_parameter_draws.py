"""Parameter draws: from priors or a table, one for each replication, or crossed with all of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.draws import Draw, draw_from, open_parameters, read_draws, uniform_points
from experiments.sources import with_origin
from experiments.study import Study, with_draws
from fangpin.drawn import origin_lines
from fangpin.planning import load_counties, plan_of
from scenarios import ScenarioError
from scenarios.prior import read_priors

KEYS = ["values.bill_mean*", "values.enrol_price"]


def table(tmp_path, rows=5, suffix=".csv", **more):
    found = pd.DataFrame(
        {"draw": range(rows), KEYS[0]: np.linspace(0.8, 1.2, rows), KEYS[1]: np.linspace(-1, -0.2, rows), **more}
    )
    path = tmp_path / f"draws{suffix}"
    found.to_csv(path, index=False) if suffix == ".csv" else found.to_parquet(path, index=False)
    return path


def test_the_first_draws_stay_when_more_are_asked_for():
    few, many = draw_from(read_priors(), 5, 3), draw_from(read_priors(), 40, 3)
    assert many[:5] == few
    assert few != draw_from(read_priors(), 5, 4)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 200), st.integers(1, 12), st.integers(0, 99))
def test_points_fill_the_cube_evenly(count, dimensions, seed):
    points = uniform_points(count, dimensions, seed)
    assert points.shape == (count, dimensions)
    assert ((points > 0) & (points < 1)).all()
    if count >= 64:
        # far closer than independent draws would come, whose means scatter by .29/sqrt(n)
        assert np.abs(points[: 1 << (count.bit_length() - 1)].mean(axis=0) - 0.5).max() < 0.02


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_rows_of_a_table(tmp_path, suffix):
    draws = read_draws(table(tmp_path, suffix=suffix), 12, 1)
    assert sorted(draw.values[KEYS[1]] for draw in draws[:5]) == pytest.approx([-1, -0.8, -0.6, -0.4, -0.2])
    assert [draw.values for draw in draws[5:10]] == [draw.values for draw in draws[:5]]
    assert [draw.values for draw in draws[:3]] == [draw.values for draw in read_draws(table(tmp_path, suffix=suffix), 3, 1)]


def test_changes_keep_every_bit():
    value = 0.1 + 0.2
    (change,) = Draw(0, {"values.bill_mean*": value}).changes
    assert float(change.partition("=")[2]) == value


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"bill_mean": 1.0}, ("bill_mean", "values.<name>")),
        ({"values.food_share": ["a"] * 5}, ("values.food_share", "numbers")),
        ({"values.food_share": [1, np.nan, 1, 1, 1]}, ("row 2", "a number in every row")),
    ],
)
def test_a_table_that_cannot_be_taken(tmp_path, more, words):
    with pytest.raises(ScenarioError) as caught:
        read_draws(table(tmp_path, **more), 2, 1)
    assert all(word in str(caught.value) for word in words)


@pytest.mark.parametrize("source", ["prior", "nothing.csv", "nothing.yaml"])
def test_no_such_parameters(source):
    with pytest.raises(ScenarioError, match=r"nothing|prior"):
        open_parameters(source, 3, 1)


def test_each_replication_has_its_draw_and_its_luck(tmp_path):
    study = Study(policies=("kept", "documented"), households=500, months=2, replications=3, parameters=str(table(tmp_path)))
    plan = plan_of(study, load_counties(study))
    assert len(plan.repeats) == 3
    assert len({draw for draw, _ in plan.repeats}) == 3
    assert len({task.seed for task in plan.tasks}) == 3
    by_policy = [[task.draw for task in plan.tasks if task.policy == policy] for policy in study.policies]
    assert by_policy[0] == by_policy[1]
    task = plan.tasks[0]
    found = plan.scenario(task).series["values.bill_mean"].entries[0].value
    base = plan.case(task).scenarios[task.policy].series["values.bill_mean"].entries[0].value
    assert found / base == pytest.approx(plan.draws[0].values[KEYS[0]])
    assert plan.resolved_of(task) != plan.case(task).resolved[task.policy]


def test_keys_differ_by_values_not_by_the_file(tmp_path):
    study = Study(policies=("kept",), households=500, months=2, replications=2, parameters=str(table(tmp_path)))
    (tmp_path / "other").mkdir()
    other = replace(study, parameters=str(table(tmp_path / "other", suffix=".parquet")))
    keys = [[task.key for task in plan_of(one, load_counties(one)).tasks] for one in (study, other)]
    assert keys[0] == keys[1]
    assert len(set(keys[0])) == 2


def test_crossed_draws_share_the_luck():
    study = Study(policies=("kept",), households=500, months=2, replications=2)
    draws = [Draw(number, {KEYS[0]: value}) for number, value in enumerate((0.9, 1.0, 1.1))]
    plan = with_draws(plan_of(study, load_counties(study)), draws, lambda *given: given, crossed=True)
    assert len(plan.tasks) == 6
    assert {task.seed for task in plan.tasks if task.draw == draws[0].name} == {task.seed for task in plan.tasks}


def test_too_few_draws_are_refused():
    study = Study(policies=("kept",), households=500, months=2, replications=2)
    with pytest.raises(ValueError, match="1 draws for 2 replications"):
        with_draws(plan_of(study, load_counties(study)), [Draw(0, {KEYS[0]: 1.0})], lambda *given: given)


def test_a_parameter_that_the_model_has_not_is_said_at_once(tmp_path):
    path = table(tmp_path, **{"values.bill_men": 1.0})
    study = Study(policies=("kept",), households=500, months=2, replications=1, parameters=str(path))
    with pytest.raises(ScenarioError, match=r"did you mean 'values\.bill_mean'"):
        plan_of(study, load_counties(study))


def test_a_value_out_of_bounds_in_any_row_is_refused_before_the_first_run(tmp_path):
    path = table(tmp_path, 40, ".parquet")
    rows = pd.read_parquet(path)
    rows.loc[17, KEYS[1]] = 99.0
    rows.to_parquet(path)
    study = Study(households=414, months=12, replications=2, parameters=str(path))
    with pytest.raises(ScenarioError) as caught:
        plan_of(study, load_counties(study))
    assert "draws.parquet: values.enrol_price: '99.0' in row 18" in str(caught.value) and "1 problem" in str(caught.value)


def test_draws_of_another_version_or_place_are_said(tmp_path):
    path = tmp_path / "posterior.parquet"
    origin = {"engine": "a" * 64, "place": "nanyang"}
    pq.write_table(with_origin(pa.table({KEYS[1]: [-0.5]}), origin), path)
    usual = Study(parameters=str(path))
    assert origin_lines(usual, "a" * 64) == []
    assert "another version of the model" in origin_lines(usual, "b" * 64)[0].en
    assert "data of nanyang" in origin_lines(replace(usual, place="longyan"), "a" * 64)[0].en
    assert origin_lines(replace(usual, parameters="priors"), "a" * 64) == []
