"""The sentence of a run, and the warning of late cuts."""

from dataclasses import replace

import fakes
import pytest

from experiments.results import read_results
from experiments.runner import run_plan
from experiments.store import Store
from fangpin.findings import finding, late_cuts
from sim.rules import Dated, constant, month_index

LAST = month_index(2025, 12)


def lever(share, **changes):
    return replace(fakes.rules().levers[0], values={"share": share}, **changes)


def names(*levers):
    return late_cuts(replace(fakes.rules(), levers=levers), LAST)


def test_a_cut_in_the_last_year_is_late():
    assert names(lever(Dated((0, month_index(2025)), (0.5, 0.2)))) == ["premium_dibao"]


@pytest.mark.parametrize(
    "share",
    [
        constant(0.5),
        Dated((0, month_index(2024, 12)), (0.5, 0.2)),  # seen for a year
        Dated((0, month_index(2025)), (0.2, 0.5)),  # a rise
        Dated((0, month_index(2026)), (0.5, 0.2)),  # after the end
    ],
)
def test_other_paths_are_not_late_cuts(share):
    assert names(lever(share)) == []


def test_an_end_in_the_last_year_is_late():
    assert names(lever(constant(0.5), end=month_index(2025, 6))) == ["premium_dibao"]
    assert names(lever(constant(0.5), end=month_index(2023))) == []
    assert names(lever(constant(0.5), start=month_index(2025, 3), end=month_index(2025, 6))) == []


def test_the_sentence_says_direction_size_and_cost(monkeypatch, tmp_path):
    fakes.Engine().install(monkeypatch)
    plan, store = fakes.plan(), Store(tmp_path)
    store.open(plan.study)
    run_plan(plan, store)
    said = finding(read_results(plan, store), "documented")
    # the premium subsidy costs 0.3 million a month under kept and six tenths of it under documented
    assert "costs 7.2 [7.2, 7.2] million yuan less" in said.en
    assert "more relapses in 2021–2025" in said.en
    assert "政策支出少7.2 [7.2, 7.2]百万元" in said.zh
    assert "“文件规定”2021–2025年多返贫" in said.zh
