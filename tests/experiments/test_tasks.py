"""What decides the key of a run, and what does not."""

from dataclasses import replace

import fakes
import pytest

from experiments import task as tasks


@pytest.fixture
def task(engine):
    return fakes.plan().tasks[0]


def test_the_key_is_stable_and_long(task):
    assert task.key == replace(task).key
    assert len(task.key) == 64


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 2},
        {"replication": 1},
        {"months": 24},
        {"households": 300},
        {"policy": "kept"},
        {"scenario_hash": "other"},
        {"engine": "other"},
        {"county": 1},
        {"draw": "posterior-3"},
        {"overrides": ("a.b=1",)},
    ],
)
def test_everything_that_decides_the_result_is_in_the_key(task, change):
    assert replace(task, **change).key != task.key


def test_library_versions_are_in_the_key(task, monkeypatch):
    before = task.key
    monkeypatch.setattr(tasks, "library_versions", lambda: {"numpy": "0"})
    assert task.key != before


def test_replications_have_the_same_seed_under_every_policy(engine):
    plan = fakes.plan(("documented", "kept", "cliff"))
    for replication in range(3):
        assert len({task.seed for task in plan.tasks_of(("point", replication))}) == 1
    assert len({task.seed for task in plan.tasks}) == 3


def test_a_changed_scenario_is_another_run(engine):
    keys = {task.key for policies in (("documented",), ("cliff",)) for task in fakes.plan(policies).tasks}
    assert len(keys) == 6
