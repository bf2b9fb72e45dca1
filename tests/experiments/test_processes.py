"""Worker processes: the same bytes as one process, failures that stay alone, workers that die, a disk that is full."""

import errno
import os
from functools import partial
from pathlib import Path

import fakes
import pytest

from experiments.crew import Workers
from experiments.progress import Count
from experiments.runner import missing_tasks, run_plan, work_left
from experiments.stopped import Stopped
from experiments.store import Store
from experiments.task import POINT

TWO = Workers(jobs=2, make=fakes.make_chunk)


def with_store(tmp_path, plan, name="study"):
    store = Store(tmp_path / name)
    store.open(plan.study)
    return store


def contents(store):
    """Return all files of the runs but their provenance, whose clocks differ."""
    paths = [path for path in sorted(store.root.glob("runs/**/*")) if path.is_file() and path.name != "provenance.json"]
    return {path.relative_to(store.root).as_posix(): path.read_bytes() for path in paths}


def made_by(make, tmp_path, plan, **named):
    store = with_store(tmp_path, plan)
    return store, run_plan(plan, store, Workers(jobs=2, make=partial(make, **named)))


def test_processes_and_one_process_give_the_same_bytes(engine, tmp_path):
    plan = fakes.weighted_plan(policies=("documented", "kept", "cliff"))
    one, two = (with_store(tmp_path, plan, name) for name in ("one", "two"))
    run_plan(plan, one)
    assert engine.models == 12
    tally = run_plan(plan, two, TWO)
    assert (len(tally.made), engine.models) == (12, 12), "workers made them"
    assert contents(one) == contents(two)
    assert contents(two) and len(contents(two)) % 12 == 0
    assert {path.name for path in two.root.glob("runs/*/provenance.json")} == {"provenance.json"}


def test_progress_counts_the_runs_of_workers(engine, tmp_path):
    plan = fakes.plan(months=24)
    store = with_store(tmp_path, plan)
    counted = Count(work_left(plan, store), 6)
    run_plan(plan, store, TWO, counted)
    assert (counted.done, counted.ended, counted.failed) == (counted.total, 6, 0) == (3 * (96 + 2 * 24), 6, 0)
    assert counted.seconds_left == 0 and counted.told.startswith("6/6, ")


def test_a_run_that_fails_in_a_worker_leaves_its_error(engine, tmp_path):
    plan = fakes.plan()
    store, tally = made_by(fakes.make_chunk, tmp_path, plan, broken=(plan.tasks_of((POINT, 1))[0].seed,))
    assert (len(tally.made), len(tally.failed)) == (4, 2)
    text = store.error_file(tally.failed[0]).read_text(encoding="utf-8")
    assert text.startswith(f"{tally.failed[0].label}: RuntimeError: the pretended model broke\n")
    assert "Traceback" in text and f"seed {tally.failed[0].seed}" in text


def test_a_run_that_kills_its_workers_is_named_after_the_third(engine, tmp_path):
    plan, log = fakes.plan(replications=4), tmp_path / "log"
    store, tally = made_by(fakes.make_chunk, tmp_path, plan, deadly=("kept #2",), log=str(log))
    assert [task.label for task in tally.failed] == ["kept #2"]
    assert len(tally.made) == 7
    assert log.read_text(encoding="utf-8").count("kept #2\n") == 3
    text = store.error_file(tally.failed[0]).read_text(encoding="utf-8")
    assert text.startswith("kept #2: 3 workers died") and "SIGKILL" in text
    again = run_plan(plan, store, TWO)
    assert [task.label for task in again.made] == ["kept #2"]
    assert not store.error_file(tally.failed[0]).exists()


def test_two_deadly_runs_do_not_hide_each_other(engine, tmp_path):
    plan = fakes.plan(replications=4)
    _, tally = made_by(fakes.make_chunk, tmp_path, plan, deadly=("kept #1", "documented #4"))
    assert {task.label for task in tally.failed} == {"kept #1", "documented #4"}
    assert len(tally.made) == 6


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES])
@pytest.mark.parametrize("workers", [None, TWO])
def test_a_disk_that_takes_no_more_stops_with_one_message_and_all_is_whole(engine, tmp_path, monkeypatch, workers, number):
    plan, written, write = fakes.plan(), [], Path.write_bytes
    store = with_store(tmp_path, plan)

    def failing(path, content):
        written.append(path)
        folders = list(dict.fromkeys(one.parent for one in written))
        if len(folders) == 3 and [one.parent for one in written].count(folders[2]) == 3:  # in the middle of the third run
            raise OSError(number, os.strerror(number))
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", failing)
    with pytest.raises(Stopped, match=os.strerror(number) + ".*the same command goes on"):
        run_plan(plan, store, workers)
    assert len(missing_tasks(plan, store)) == 4
    assert not list(store.root.glob("runs/.tmp-*"))
    assert len(run_plan(plan, store, workers).made) == 4


def test_a_cluster_and_processes_give_the_same_bytes_and_a_deadly_run_is_named(engine, tmp_path):
    pytest.importorskip("distributed")
    plan = fakes.plan()
    one, two = (with_store(tmp_path, plan, name) for name in ("one", "two"))
    run_plan(plan, one, TWO)
    deadly = partial(fakes.make_chunk, deadly=("kept #2",))
    tally = run_plan(plan, two, Workers(jobs=2, cluster="local", make=deadly))
    assert [task.label for task in tally.failed] == ["kept #2"]
    assert "3 workers died" in two.error_file(tally.failed[0]).read_text(encoding="utf-8")
    assert contents(two) == {name: text for name, text in contents(one).items() if tally.failed[0].key not in name}
