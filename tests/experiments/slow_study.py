"""A study of the pretended model in a process of its own: killed and continued by test_kill.py."""

import sys
from functools import partial
from pathlib import Path

import fakes
import pytest

from experiments.runner import run_plan
from experiments.store import Store
from experiments.workers import Workers


def main(folder: str, pause: str, jobs: str = "1", replications: str = "3", log: str = "") -> None:
    patch = pytest.MonkeyPatch()
    fakes.Engine(pause=float(pause)).install(patch)
    plan, store = fakes.plan(replications=int(replications)), Store(Path(folder))
    make = partial(fakes.make_chunk, pause=float(pause), log=log)
    store.open(plan.study)
    with store.locked():
        store.sweep()
        print(len(run_plan(plan, store, Workers(jobs=int(jobs), make=make)).made), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
