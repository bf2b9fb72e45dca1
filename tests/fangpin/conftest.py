"""The pretended model of the experiments' tests, for the command too."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "experiments"))

import fakes


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> fakes.Engine:
    """A pretended model whose generosity comes from the real scenario's premium subsidy."""

    class Engine(fakes.Engine):
        def build_model(self, county, rules, seed, past, months, threads):
            levers = {lever.id: lever for lever in rules.levers}
            subsidy = levers["premium_subsidy_taper_ex_poor"].values["share"]
            generosity = min(1.0, 0.1 + subsidy.values[-1])
            return super().build_model(county, fakes.rules(generosity), seed, past, months, threads)

    return Engine().install(monkeypatch)


@pytest.fixture(scope="session", autouse=True)
def no_office():
    """Contents name estimated pages: LibreOffice is asked only by the test that is about it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("experiments.report.office.office", lambda: None)
        yield


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
