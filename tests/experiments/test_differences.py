"""Paired differences and their parts."""

import fakes
import numpy as np
import pytest

from experiments.differences import TOTAL, difference_rows, paired_counts
from experiments.results import read_results
from experiments.runner import run_plan
from experiments.store import Store
from sim.indicators import CAUSES, GROUPS, INDEX


@pytest.fixture
def results(stored):
    return read_results(*stored)


@pytest.mark.parametrize("group", ["ex_poor", "marginal"])
def test_causes_add_up_exactly_in_every_replication(results, group):
    for years in ([2021], [2023], results.years):
        parts = paired_counts(results, "documented", group, years)
        assert (sum(parts[cause] for cause in CAUSES) == parts[TOTAL]).all()


def test_the_difference_is_policy_minus_base(results):
    tests = results.counts[..., GROUPS.index("ex_poor"), INDEX["relapse_net_persons"]][:, :, 96:].sum(axis=2)
    parts = paired_counts(results, "documented", "ex_poor", results.years)
    assert (parts[TOTAL] == tests[0] - tests[1]).all()
    total = next(row for row in difference_rows(results) if row.cause == TOTAL and row.year == 0)
    assert (total.policy, total.base) == ("documented", "kept")
    assert total.estimate.mean == pytest.approx(np.mean(tests[0] - tests[1]))
    assert total.per_thousand.mean == pytest.approx(total.estimate.mean / (5 * 3000) * 1000)


def test_before_the_policies_part_there_is_no_difference(results):
    first = [row for row in difference_rows(results) if row.year == 2021]
    assert len(first) == len(CAUSES) + 1
    assert all(row.estimate.mean == 0 and row.estimate.error == 0 for row in first)


def test_pairing_takes_the_shared_luck_out(results):
    row = next(row for row in difference_rows(results) if row.cause == TOTAL and row.year == 2023)
    counts = results.total("relapse_net_persons", ("ex_poor",), 2023)
    unpaired = np.sqrt((counts.var(axis=1, ddof=1) / counts.shape[1]).sum())
    assert row.estimate.error < unpaired


def test_causes_that_do_not_add_up_are_an_error(results):
    results.counts[0, 0, 96 + 20, 0, INDEX["relapse_illness"]] += 1
    with pytest.raises(ValueError, match="causes add up to"):
        difference_rows(results)


def test_without_kept_the_first_policy_is_the_base(engine, tmp_path):
    plan, store = fakes.plan(("documented", "cliff"), replications=2), Store(tmp_path)
    store.open(plan.study)
    run_plan(plan, store)
    assert {(row.policy, row.base) for row in difference_rows(read_results(plan, store))} == {("cliff", "documented")}


def test_one_policy_has_no_difference(engine, tmp_path):
    plan, store = fakes.plan(("kept",), replications=1), Store(tmp_path)
    store.open(plan.study)
    run_plan(plan, store)
    assert difference_rows(read_results(plan, store)) == []
