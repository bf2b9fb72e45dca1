"""Worker processes: the same bytes as one process, failures that stay alone, workers that die, a disk that is full."""

import errno
import os
import signal
import sys
import threading
from functools import partial
from pathlib import Path

import fakes
import pytest

from experiments.processes import Process, WorkerDied
from experiments.progress import Count
from experiments.runner import missing_tasks, run_plan, work_left
from experiments.stopped import Stopped
from experiments.store import Store
from experiments.task import POINT
from experiments.workers import Workers

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


def test_a_worker_killed_while_it_sends_stops_nobody(engine, tmp_path):
    plan, half = fakes.plan(replications=4), tmp_path / "half"
    _, tally = made_by(fakes.make_chunk, tmp_path, plan, half=str(half))
    assert half.exists() and len(tally.made) == 8 and not tally.failed


def test_only_the_chunk_of_the_worker_that_died_is_made_again(engine, tmp_path):
    plan, log = fakes.plan(replications=12), tmp_path / "log"
    _, tally = made_by(fakes.make_chunk, tmp_path, plan, deadly=("kept #2",), log=str(log))
    begun = log.read_text(encoding="utf-8").splitlines()
    assert [task.label for task in tally.failed] == ["kept #2"]
    twice = {label for label in begun if begun.count(label) > 1}
    assert "kept #2" in twice and twice <= {"kept #2", "documented #2"}


@pytest.mark.skipif(sys.platform == "win32", reason="stops a process by a signal")
def test_a_worker_killed_before_it_has_read_its_chunk_is_told(tmp_path):
    process = Process()
    assert process.call(len, b"123") == 3
    os.kill(process.process.pid, signal.SIGSTOP)
    threading.Timer(0.3, process.process.kill).start()
    with pytest.raises(WorkerDied, match="SIGKILL"):
        process.call(len, bytes(50_000_000))


def test_what_a_worker_prints_does_not_reach_its_pipe():
    process = Process()
    assert process.call(print, "noise") is None
    assert process.call(len, b"12") == 2
    process.end()


def test_a_worker_that_cannot_begin_is_told_at_once(engine, tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.processes.BEGIN", "raise SystemExit(3)")
    plan = fakes.plan()
    with pytest.raises(Stopped, match=r"exit code 3 before it had begun.*fewer workers="):
        run_plan(plan, with_store(tmp_path, plan), TWO)


def test_a_crew_stays_over_rounds_and_goes_at_the_end(engine, tmp_path):
    numbers = tmp_path / "numbers"
    numbers.mkdir()
    workers = Workers(jobs=2, make=partial(fakes.make_chunk, numbers=str(numbers)))
    with workers.staying():
        for replications in (2, 4, 6):
            plan = fakes.plan(replications=replications)
            assert len(run_plan(plan, with_store(tmp_path, plan), workers).made) == 4
            assert workers.ready
    assert not workers.ready
    pids = [int(path.name) for path in numbers.iterdir()]
    assert 1 <= len(pids) <= 2, "one crew for all rounds"
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_a_standing_crew_goes_on_after_a_death_and_after_an_interruption(engine, tmp_path):
    plan = fakes.plan()
    workers = Workers(jobs=2, make=partial(fakes.make_chunk, half=str(tmp_path / "half")))
    with workers.staying():
        assert len(run_plan(plan, with_store(tmp_path, plan), workers).made) == 6
        store = with_store(tmp_path, plan, "other")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Store, "write", lambda *given: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                run_plan(plan, store, workers)
        assert len(run_plan(plan, store, workers).made) == 6
