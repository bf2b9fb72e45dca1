"""How runs are cut into what workers take at a time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments import chunks, memory
from experiments.chunks import HAND_OVER, cost, cut, past_cost
from experiments.task import Task
from experiments.workers import Workers


def task(replication, policy, months, households):
    return Task("nanyang", f"{policy}", households, months, replication, replication, (), "", "")


def tasks(groups, runs, months=60, households=300):
    """Return runs of a county whose months cost as much as those of 1,000 households."""
    return [task(group, run, months, households) for group in range(groups) for run in range(runs)]


def sizes(found):
    return [len(part) for part in found.parts]


def test_as_many_replications_as_workers_take_one_each():
    found = cut(tasks(4, 2), 2)
    assert sizes(found) == [2, 2, 2, 2]
    assert found.makespan == 2 * ((96 + 2 * 60) * 1000 + HAND_OVER)


def test_the_last_replication_is_shared_out_when_one_is_over():
    # whole: 2 x 216; the third cut in two: 216 + 96 + 60
    found = cut(tasks(3, 2), 2)
    assert sizes(found) == [2, 2, 1, 1]
    assert found.makespan == (216 + 156) * 1000 + 2 * HAND_OVER


def test_a_past_with_many_runs_goes_to_all_workers():
    found = cut(tasks(1, 10), 2)
    assert found.makespan == (96 + 5 * 60) * 1000 + HAND_OVER


def test_a_chunk_is_no_longer_than_a_quarter_of_a_minute():
    found = cut(tasks(1, 1000), 2)
    longest = max(past_cost(part[0]) + sum(cost(task) for task in part) for part in found.parts)
    assert longest <= chunks.LONGEST
    assert longest > chunks.LONGEST / 8, "and not so short that pasts and hand-overs would count"


def test_in_a_whole_county_a_chunk_has_at_least_as_much_own_work_as_past():
    found = cut(tasks(1, 40, households=206_500), 2)
    assert {len(part) for part in found.parts} <= {1, 2}


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(1, 120), st.integers(100, 200_000)), min_size=1, max_size=60),
    st.integers(1, 9),
)
def test_every_run_is_in_one_chunk_and_a_chunk_has_one_past(given_runs, jobs):
    made = [task(past, number, months, households) for number, (past, months, households) in enumerate(given_runs)]
    found = cut(made, jobs)
    assert sorted(task.policy for part in found.parts for task in part) == sorted(task.policy for task in made)
    assert all(len({task.seed for task in part}) == 1 for part in found.parts)
    assert found.makespan >= sum(cost(task) for task in made) / jobs


def test_memory_limits_how_many_whole_counties_live_at_a_time(monkeypatch):
    monkeypatch.setattr(memory, "available", lambda: 4 * 2**30)
    assert Workers(jobs=64).most(206_500) == int(0.8 * 4 * 2**30) // memory.need(206_500) == 2
    assert Workers(jobs=2).most(500) == 2
    monkeypatch.setattr(memory, "available", lambda: 2**20)
    assert Workers(jobs=64).most(206_500) == 1
    monkeypatch.setattr(memory, "available", lambda: None)
    assert Workers(jobs=64).most(206_500) == 64


def test_threads_leave_fewer_jobs(monkeypatch):
    monkeypatch.setattr("experiments.workers.processors", lambda: 8)
    monkeypatch.setattr(memory, "available", lambda: None)
    assert [Workers(threads=threads).most(500) for threads in (None, 1, 3, 8, 16)] == [8, 8, 2, 1, 1]


@pytest.mark.parametrize(("limit", "free"), [("max", None), ("1000", 1000 - 700 + 200)])
def test_a_container_says_how_much_it_may_have(tmp_path, limit, free):
    (tmp_path / "memory.max").write_text(f"{limit}\n")
    (tmp_path / "memory.current").write_text("700\n")
    (tmp_path / "memory.stat").write_text("anon 400\ninactive_file 200\n")
    assert memory._container(str(tmp_path), "memory.max", "memory.current", "inactive_file") == free
    assert memory._container(str(tmp_path / "none"), "memory.max", "memory.current", "inactive_file") is None
