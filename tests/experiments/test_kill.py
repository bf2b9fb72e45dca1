"""A study that is killed in the middle ends, when continued, with the same bytes."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import fakes
import pytest

from experiments.runner import run_plan
from experiments.store import Store

HERE = Path(__file__).parent
COMMAND = [sys.executable, str(HERE / "slow_study.py")]
ROOT = HERE.parent.parent
REPLICATIONS = 12
"""Of the study whose processes are killed at random moments: 24 runs."""


def run_files(folder):
    """Return all files of runs but their provenance, whose clocks differ."""
    paths = [path for path in sorted(folder.glob("runs/**/*")) if path.is_file() and path.name != "provenance.json"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def whole_runs(folder):
    """Return which folder each whole run is: another one after it was made again."""
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.glob("runs/*") if path.name[0] != "."}


def start(folder, *words):
    # a session of its own, so that nothing else is hit
    return subprocess.Popen(
        [*COMMAND, str(folder), *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        text=True,
        start_new_session=True,
    )


def finish(folder, *words):
    """Run the study to its end and return how many runs it made."""
    process = start(folder, *words)
    told, errors = process.communicate(timeout=600)
    assert process.returncode == 0, errors
    return int(told)


def kill_in_the_middle(folder):
    process = start(folder, "0.4")
    deadline = time.monotonic() + 60
    while len(whole_runs(folder)) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    process.kill()
    process.communicate()


def environment():
    return {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{HERE}"}


def test_a_killed_study_continues_to_the_same_bytes(engine, tmp_path):
    plan, whole = fakes.plan(), Store(tmp_path / "whole")
    whole.open(plan.study)
    run_plan(plan, whole)
    killed = tmp_path / "killed"
    kill_in_the_middle(killed)
    done = whole_runs(killed)
    assert 2 <= len(done) < 6
    (killed / "runs" / ".tmp-abandoned").mkdir()
    assert finish(killed, "0") == 6 - len(done)
    assert run_files(killed) == run_files(whole.root)
    assert {name: whole_runs(killed)[name] for name in done} == done
    assert not list(killed.glob("runs/.tmp-*"))


def workers_of(process):
    """Return the worker processes of a study."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
            command = (status.parent / "cmdline").read_bytes()
        except OSError:
            continue  # it has ended meanwhile
        if int(fields[1]) == process.pid and b"experiments.processes" in command:
            found.append(int(status.parent.name))
    return found


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="finds worker processes in /proc")
def test_workers_end_soon_after_a_study_that_was_killed(tmp_path):
    process = start(tmp_path / "study", "0.5", "2", str(REPLICATIONS))
    deadline = time.monotonic() + 60
    while not (workers := workers_of(process)) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.kill()
    process.communicate()
    while any(Path(f"/proc/{worker}").exists() for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert workers and not any(Path(f"/proc/{worker}").exists() for worker in workers)


def kill_something(process, chance):
    """Kill the study or one of its workers; return whether something was hit."""
    if chance.random() < 0.4:
        process.kill()
        return True
    workers = workers_of(process)
    if not workers:
        return False
    try:
        os.kill(chance.choice(workers), signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def disturb(folder, kills, seed, pause):
    """Run the study, killing its processes at random moments, until so many were hit; check that no whole run is made again."""
    chance, hits, seen = random.Random(seed), 0, {}
    process = start(folder, pause, "2", str(REPLICATIONS))
    deadline = time.monotonic() + 60 * kills
    while hits < kills and time.monotonic() < deadline:
        time.sleep(chance.uniform(0.2, 2.5))
        now = whole_runs(folder)
        assert {name: now.get(name) for name in seen} == seen, "a whole run was made again"
        seen = now
        if process.poll() is None:
            hits += kill_something(process, chance)
        if process.poll() is not None or not process_alive(process):
            process.communicate()
            if len(seen) == 2 * REPLICATIONS:
                break
            process = start(folder, pause, "2", str(REPLICATIONS))
    process.kill()
    process.communicate()
    return hits, whole_runs(folder)


def process_alive(process):
    """Return whether the study lives, shortly after it may have been killed."""
    try:
        process.wait(0.05)
    except subprocess.TimeoutExpired:
        return True
    return False


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="finds worker processes in /proc")
@pytest.mark.parametrize(("kills", "seed", "pause"), [(5, 1, "0.3"), *((10, seed, "0.6") for seed in range(2, 7))])
@pytest.mark.slow
def test_workers_and_parents_killed_at_random_moments(engine, tmp_path, kills, seed, pause):
    plan, whole, killed = fakes.plan(replications=REPLICATIONS), Store(tmp_path / "whole"), tmp_path / "killed"
    whole.open(plan.study)
    run_plan(plan, whole)
    hits, done = disturb(killed, kills, seed, pause)
    assert hits >= min(kills, 5)
    assert finish(killed, "0", "2", str(REPLICATIONS)) == 2 * REPLICATIONS - len(done)
    assert run_files(killed) == run_files(whole.root)
    assert {name: whole_runs(killed)[name] for name in done} == done
    assert not list(killed.glob("runs/.tmp-*")) and not list(killed.glob("errors/*"))
