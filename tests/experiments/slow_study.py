"""A study of the pretended model in a process of its own: killed and continued by test_kill.py."""

import sys
from pathlib import Path

import fakes
import pytest

from experiments.runner import run_plan
from experiments.store import Store


def main(folder: str, pause: str) -> None:
    patch = pytest.MonkeyPatch()
    fakes.Engine(pause=float(pause)).install(patch)
    plan, store = fakes.plan(), Store(Path(folder))
    store.open(plan.study)
    with store.locked():
        store.sweep()
        print(len(run_plan(plan, store).made), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
