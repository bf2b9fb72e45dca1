"""A study that is killed in the middle ends, when continued, with the same bytes."""

import subprocess
import sys
import time
from pathlib import Path

import fakes

from experiments.runner import run_plan
from experiments.store import Store

HERE = Path(__file__).parent
COMMAND = [sys.executable, str(HERE / "slow_study.py")]
ROOT = HERE.parent.parent


def parquet_bytes(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*.parquet"))}


def whole_runs(folder):
    return [path for path in folder.glob("runs/*") if not path.name.startswith(".")]


def kill_in_the_middle(folder):
    process = subprocess.Popen([*COMMAND, str(folder), "0.4"], cwd=ROOT, stdout=subprocess.PIPE, env=environment())
    deadline = time.monotonic() + 60
    while len(whole_runs(folder)) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    process.kill()
    process.communicate()


def environment():
    import os

    return {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{HERE}"}


def test_a_killed_study_continues_to_the_same_bytes(engine, tmp_path):
    plan, whole = fakes.plan(), Store(tmp_path / "whole")
    whole.open(plan.study)
    run_plan(plan, whole)
    killed = tmp_path / "killed"
    kill_in_the_middle(killed)
    done = {path.name: path.stat().st_mtime_ns for path in whole_runs(killed)}
    assert 2 <= len(done) < 6
    (killed / "runs" / ".tmp-abandoned").mkdir()
    command = [*COMMAND, str(killed), "0"]
    again = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=True)
    assert int(again.stdout) == 6 - len(done)
    assert parquet_bytes(killed) == parquet_bytes(whole.root)
    assert {name: (killed / "runs" / name).stat().st_mtime_ns for name in done} == done
    assert not list(killed.glob("runs/.tmp-*"))
