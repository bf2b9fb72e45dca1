"""What a folder says of its runs: done, missing, failed, no part of it."""

import fakes
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.runner import run_plan
from experiments.store import Store
from experiments.task import POINT
from experiments.wanted import DONE, FAILED, MISSING, read_wanted, short_ids, write_wanted


def test_states_of_the_runs_of_a_folder(engine, tmp_path):
    plan, store = fakes.plan(), Store(tmp_path)
    store.open(plan.study)
    engine.broken = (plan.tasks_of((POINT, 1))[0].seed,)
    run_plan(plan, store)
    write_wanted(fakes.plan(replications=4), store)
    wanted = read_wanted(tmp_path)
    assert [run.state for run in wanted.runs] == [DONE, DONE, FAILED, FAILED, DONE, DONE, MISSING, MISSING]
    assert [run.task for run in wanted.runs] == list(fakes.plan(replications=4).tasks)
    assert wanted.runs[2].error == "documented #2: RuntimeError: the pretended model broke"
    assert [run.key for run in wanted.runs] == [task.key for task in fakes.plan(replications=4).tasks]
    assert (wanted.others, wanted.base, wanted.changes) == ((), "", {})


def test_runs_of_fewer_replications_than_there_are(engine, tmp_path):
    store = Store(tmp_path)
    store.open(fakes.plan().study)
    run_plan(fakes.plan(), store)
    run_plan(fakes.plan(replications=1), store)
    wanted = read_wanted(tmp_path)
    assert [run.task.replication for run in wanted.runs] == [0, 0, 1, 1, 2, 2], "those of now first"
    assert {run.state for run in wanted.runs} == {DONE} and not wanted.others


def test_missing_runs_of_earlier_commands_are_not_listed(engine, tmp_path):
    store = Store(tmp_path)
    store.open(fakes.plan().study)
    write_wanted(fakes.plan(), store)
    run_plan(fakes.plan(replications=1), store)
    assert len(read_wanted(tmp_path).runs) == 2


def test_every_round_of_a_search_can_be_listed_and_made_again(engine, tmp_path):
    store = Store(tmp_path)
    store.open(fakes.plan(policies=("search:exits",)).study)
    for policies in (("kept", "documented"), ("kept", "cliff")):
        run_plan(fakes.plan(policies=policies), store)
    wanted = read_wanted(tmp_path)
    assert [run.task.policy for run in wanted.runs] == ["kept", "cliff"] * 3 + ["documented"] * 3
    assert [run.key for run in wanted.runs] == [run.task.key for run in wanted.runs]


def test_runs_of_another_engine_are_no_part_of_the_plan(engine, tmp_path, monkeypatch):
    store = Store(tmp_path)
    store.open(fakes.plan().study)
    run_plan(fakes.plan(), store)
    for module in ("experiments.engine", "experiments.study"):
        monkeypatch.setattr(f"{module}.engine_hash", lambda: "another")
    write_wanted(fakes.plan(), store)
    wanted = read_wanted(tmp_path)
    assert {run.state for run in wanted.runs} == {MISSING} and len(wanted.others) == 6


def test_files_of_ones_own_are_found_from_where_the_command_was_given(engine, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = Store(tmp_path / "o")
    plan = fakes.plan(levers=("mine.yaml",))
    store.open(plan.study)
    write_wanted(plan, store)
    wanted = read_wanted(tmp_path / "o")
    assert (wanted.base, wanted.levers) == (str(tmp_path), ("mine.yaml",))


def test_a_folder_without_a_plan(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"holds no plan.json; allowed: a folder"):
        read_wanted(tmp_path)


@given(st.lists(st.text("ab", min_size=8, max_size=8), unique=True, min_size=1, max_size=40), st.integers(1, 6))
def test_short_ids_mean_one_run_each_and_are_no_longer_than_needed(keys, least):
    for key, short in short_ids(keys, least).items():
        assert [other for other in keys if other.startswith(short)] == [key]
        assert len(short) == least or sum(other.startswith(short[:-1]) for other in keys) > 1
