"""The real command, killed at a bad moment and given again, ends with the same bytes."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
WORDS = ("households=500", "months=12", "reps=4", "lang=en")


def command(out, *more):
    return [sys.executable, "-m", "fangpin", "run", *WORDS, f"out={out}", *more]


def environment():
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def run(out, *more):
    subprocess.run(command(out, *more), env=environment(), cwd=out.parent, capture_output=True, check=True)


def contents(folder, *patterns):
    paths = sorted(path for pattern in patterns for path in folder.rglob(pattern))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def whole_runs(folder):
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("runs/*") if not path.name.startswith(".")}


def start_and_kill(out, runs):
    process = subprocess.Popen(
        command(out), env=environment(), cwd=out.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 300
    while len(whole_runs(out)) < runs and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    process.kill()
    process.wait()


@pytest.mark.parametrize("runs", [1, pytest.param(4, marks=pytest.mark.slow)])
def test_a_killed_command_continues_to_the_same_bytes(tmp_path, runs):
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    run(whole)
    start_and_kill(killed, runs)
    before = whole_runs(killed)
    assert runs <= len(before) < 8
    run(killed)
    patterns = ("*.parquet", "summary.json", "*.csv", "*.png", "*.svg", "study.json", "assumptions.txt")
    assert contents(killed, *patterns) == contents(whole, *patterns)
    assert {name: whole_runs(killed)[name] for name in before} == before
    assert not list(killed.rglob(".tmp-*"))


@pytest.mark.slow
def test_threads_do_not_change_a_byte(tmp_path):
    run(tmp_path / "one", "threads=1")
    run(tmp_path / "seven", "threads=7")
    assert contents(tmp_path / "one", "*.parquet") == contents(tmp_path / "seven", "*.parquet")
