"""A pretended model for all tests here, and a stored study of it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import fakes

from experiments.runner import run_plan
from experiments.store import Store


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> fakes.Engine:
    return fakes.Engine().install(monkeypatch)


@pytest.fixture
def stored(engine: fakes.Engine, tmp_path: Path):
    plan = fakes.plan()
    store = Store(tmp_path / "study")
    store.open(plan.study)
    run_plan(plan, store)
    return plan, store
