"""Policies beside each other: worked by hand, and read from stored runs."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from experiments.compare import money, outcomes, shares, who
from experiments.compare.fieller import BOUNDED, NO_BOUND, UNBOUNDED, fieller
from experiments.compare.funds import _by_year
from experiments.compare.outcomes import FEWER, MORE, SAME, UNSURE, holm, p_value, pairing, verdict
from experiments.compare.postmoves import _with_own_leavers
from experiments.compare.watchlist import list_marks
from experiments.results import read_results
from experiments.stored import open_stored
from experiments.sweep import find_cell

# differences ---------------------------------------------------------------------------------------------------


def test_a_verdict_needs_an_interval_without_zero():
    # mean 2, error 1/sqrt(3) of sd 1: the interval is 2 +- 4.303 x 0.577
    assert verdict(np.array([1.0, 2.0, 3.0])) == UNSURE
    assert verdict(np.array([1.9, 2.0, 2.1])) == MORE and verdict(-np.array([1.9, 2.0, 2.1])) == FEWER
    assert verdict(np.zeros(4)) == SAME and verdict(np.array([5.0])) == UNSURE
    assert verdict(np.array([np.nan, 1.9, 2.0, 2.1])) == MORE


def test_the_p_value_is_that_of_the_paired_t_test():
    sample = np.array([0.3, -0.1, 0.8, 0.4, 0.2])
    assert p_value(sample) == pytest.approx(stats.ttest_1samp(sample, 0.0).pvalue)
    assert p_value(np.zeros(3)) == 1.0 and p_value(np.full(3, 2.0)) == 0.0 and np.isnan(p_value(np.ones(1)))


def test_holm_multiplies_the_smallest_by_the_number_and_never_falls():
    # 4 x .01 = .04; 3 x .04 = .12; 2 x .03 would be .06 but stands second: 3 x .03 = .09, then 2 x .04 = .08 rises to .09
    assert holm([0.01, 0.04, 0.03, 0.5]) == pytest.approx([0.04, 0.09, 0.09, 0.5])
    assert holm([0.9, 0.8]) == [1.0, 1.0] and holm([]) == []


def test_pairing_is_worth_the_variance_that_luck_shares():
    base = np.array([1.0, 2.0, 3.0, 4.0])
    # they vary by 2 and 5/3, the difference by 1/3: eleven times as many unpaired runs
    assert pairing(base + np.array([1.0, 0.0, 0.0, 1.0]), base) == pytest.approx(11.0)
    assert pairing(base + 1.0, base) == np.inf and np.isnan(pairing(np.ones(4), np.ones(4)))
    assert np.isnan(pairing(np.ones(1), np.ones(1)))


@given(st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)), min_size=3, max_size=20))
def test_pairing_says_how_many_runs_the_same_error_takes(points):
    ours, theirs = np.array(points).T
    found = pairing(ours, theirs)
    together, apart = (ours - theirs).var(ddof=1), ours.var(ddof=1) + theirs.var(ddof=1)
    if together > 1e-6 and apart > 1e-6:
        # the error of an unpaired comparison with `found` times the runs equals that of the paired one
        assert np.sqrt(apart / (found * len(ours))) == pytest.approx(np.sqrt(together / len(ours)))


def test_years_without_a_value_leave_the_mean():
    assert outcomes.mean_over([np.array([1.0, np.nan]), np.array([3.0, np.nan])])[0] == 2.0
    assert np.isnan(outcomes.mean_over([np.array([np.nan])])[0])


# money ---------------------------------------------------------------------------------------------------------


def test_fieller_with_a_sure_denominator_is_the_interval_of_the_mean():
    top = np.array([9.0, 11.0, 10.0, 14.0])
    found = fieller(top, np.full(4, 2.0))
    low, high = stats.t.interval(0.95, 3, top.mean(), top.std(ddof=1) / 2)
    assert (found.ratio, found.shape) == (5.5, BOUNDED)
    assert (found.low, found.high) == pytest.approx((low / 2, high / 2))


def test_fieller_says_when_the_denominator_may_be_zero():
    assert fieller(np.array([10.0, 10.1, 9.9, 10.0]), np.array([1.0, -1.0, 2.0, -1.5])).shape == UNBOUNDED
    assert fieller(np.array([1.0, -1.0, 0.5]), np.array([1.0, -1.0, 2.0])).shape == NO_BOUND
    assert fieller(np.array([1.0]), np.array([2.0])).shape == NO_BOUND


@given(st.integers(0, 10_000))
def test_fiellers_ends_are_where_the_t_test_just_fails(seed):
    random = np.random.default_rng(seed)
    top, bottom = random.normal(5, 2, 8), random.normal(4, 1, 8)
    found = fieller(top, bottom)
    for end in (found.low, found.high):
        if np.isfinite(end):
            assert stats.ttest_1samp(top - end * bottom, 0.0).pvalue == pytest.approx(0.05, abs=1e-6)


def _rank(*points: tuple[float, float]) -> list[money.Ranked]:
    costs, falls = (np.repeat(np.array(row)[:, None], 2, axis=1) for row in zip(*points, strict=True))
    return money.rank([f"p{number}" for number in range(len(points))], costs, falls)


def test_dominance_and_frontier_by_hand():
    # p1 is dominated by p0; p3 lies above the line from p0 (1, 100) to p4 (5, 20): a mix at cost 3 has 60 falls
    found = {row.policy: row for row in _rank((1, 100), (2, 110), (2, 70), (3, 65), (5, 20))}
    assert found["p1"].by == ("p0",) and not found["p1"].extended and found["p1"].share == 1.0
    assert found["p3"].by == ("p2", "p4") and found["p3"].extended and found["p3"].share == 0.0
    assert [row.policy for row in _rank((1, 100), (2, 110), (2, 70), (3, 65), (5, 20)) if not row.by] == ["p0", "p2", "p4"]
    # 1 million for 30 falls, then 3 million for 50
    assert found["p2"].step == pytest.approx(1e6 / 30) and found["p4"].step == pytest.approx(3e6 / 50)
    assert np.isnan(found["p0"].step)


def test_the_cheapest_may_be_dominated_by_none_but_an_equal_cost():
    found = {row.policy: row for row in _rank((1, 100), (1, 90))}
    assert found["p0"].by == ("p1",) and found["p1"].by == ()


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=8))
def test_nothing_on_the_frontier_can_be_beaten_by_a_mix(points):
    rows = _rank(*[(float(cost), float(falls)) for cost, falls in points])
    on = [row for row in rows if not row.by]
    assert on and on[0].cost == min(cost for cost, _ in points) and on[-1].falls == min(falls for _, falls in points)
    assert all(one.cost <= two.cost and one.falls >= two.falls for one, two in itertools.pairwise(on))
    steps = [row.step for row in on if np.isfinite(row.step)]
    assert all(one <= two + 1e-6 for one, two in itertools.pairwise(steps))


# who -----------------------------------------------------------------------------------------------------------

NUMBERS = st.integers(-1, 60)


def _table(first: list[int], **more: np.ndarray) -> dict[str, np.ndarray]:
    count = len(first)
    base = {
        "id": np.arange(count, dtype=np.uint64) + 7,
        "group": np.arange(count) % 3,
        "township": np.arange(count) % 2,
        "village": np.arange(count) % 4,
        "persons_2020": np.arange(count) % 5 + 1,
        "first_relapse_net": np.array(first),
        "cause_net": np.where(np.array(first) < 0, -1, np.arange(count) % 10),
        "type_2020": np.arange(count) % 7,
        "fifth_2020": np.arange(count) % 5 + 1,
    }
    return base | more


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=60))
def test_who_falls_under_one_alone_adds_up_to_the_difference_in_first_falls(firsts):
    ours, theirs = (_table([pair[side] for pair in firsts]) for side in (0, 1))
    one, other = who.apart(ours, theirs, "net")
    assert len(one) - len(other) == (ours["first_relapse_net"] >= 0).sum() - (theirs["first_relapse_net"] >= 0).sum()
    assert not set(one.tolist()) & set(other.tolist())


def test_households_that_are_not_the_same_cannot_be_paired():
    with pytest.raises(ValueError, match="the same households"):
        who.apart(_table([1, -1]), _table([1, -1], id=np.array([1, 2], np.uint64)), "net")


@pytest.fixture
def changed(stored, monkeypatch):
    """The pretended study with households that fall by policy and replication, read as one."""
    _, store = stored
    opened = open_stored(store.root)
    falls = {"documented": [3, -1, 5, -1, 8, 2], "kept": [3, -1, -1, -1, -1, 2]}

    def columns(run, name):
        first = list(falls[run.policy])
        if run.policy == "documented" and run.repeat[1] == 1:
            first[2], first[1] = -1, 9
        return _table(first, net_head_2024=np.full(6, 12_000.0), net_head_2025=np.array([9e3, 8e3, 13e3, np.nan, 12e3, 8.4e3]))

    monkeypatch.setattr("experiments.stored.Run.columns", columns)
    return opened


def test_who_is_counted_by_class_and_in_pairs(changed):
    rows = who.who_rows(changed)
    total = next(row for row in rows if row.by == "all")
    assert (total.ours.mean, total.theirs.mean, total.net.mean) == (2.0, 0.0, 2.0)
    # households 2 and 4 have 3 and 5 members, in the second replication 1 and 4 with 2 and 5
    assert total.persons.mean == pytest.approx((8 + 7 + 8) / 3)
    for by in who.BY:
        mine = [row for row in rows if row.by == by]
        assert sum(row.net.mean for row in mine) == pytest.approx(2.0), by
        assert sum(row.persons.mean for row in mine) == pytest.approx(23 / 3), by
    causes = {row.value: row.ours.mean for row in rows if row.by == "cause"}
    assert causes == {"farm": pytest.approx(2 / 3), "post_end": 1.0, "disaster": pytest.approx(1 / 3)}


def test_the_list_names_household_cause_and_month(changed):
    columns = who.list_columns(changed)
    rows = list(zip(columns["replication"], columns["id"], columns["cause"], columns["first_month"], strict=True))
    assert rows == [
        (0, 9, "farm", 5),
        (0, 11, "post_end", 8),
        (1, 8, "disaster", 9),
        (1, 11, "post_end", 8),
        (2, 9, "farm", 5),
        (2, 11, "post_end", 8),
    ]
    assert set(columns["falls_under"]) == {"policy_only"} and set(columns["base"]) == {"kept"}


def test_shares_by_class_are_over_the_persons_of_2020(changed):
    rows = {(row.policy, row.measure, row.by, row.value): row for row in shares.share_rows(changed)}
    # ex-poor are households 0 and 3 with 1 and 4 members; only the first ever falls, under both
    ex_poor = rows["documented", "fell", "group", "ex_poor"]
    assert ex_poor.level.mean == pytest.approx(100 * 1 / 5) and ex_poor.difference.mean == 0.0
    # watched of type 4 (household 4, marginal, 5 members) fall under the plan and not when support is kept
    away = rows["documented", "fell", "type", "away"]
    assert (away.level.mean, away.difference.mean, away.persons) == (100.0, 100.0, 5.0)
    # households 0 and 3 have 1 and 4 members: 12,000 each in 2024, 9,000 and nothing in 2025
    gain = rows["kept", "net_income_sum", "group", "ex_poor"]
    assert gain.level.mean == pytest.approx((1 * (12_000 + 9_000) + 4 * 12_000) / 1e6)
    for measure_of in ("documented", "kept"):
        fifths = [row for key, row in rows.items() if key[:3] == (measure_of, "net_income_sum", "fifth")]
        groups = [rows[measure_of, "net_income_sum", "group", name] for name in ("ex_poor", "marginal")]
        assert sum(row.level.mean for row in fifths) == pytest.approx(sum(row.level.mean for row in groups))
    # household 3 has nobody left in December: its members leave the mean of income
    assert rows["kept", "net_income", "group", "ex_poor"].level.mean == 9_000.0


def test_the_list_of_the_bureau_by_hand():
    before = np.array([12e3, 15e3, 1e4, -5.0, 14e3, 11e3])
    now = np.array([9_999.0, 10_500.0, 1e4, 6e3, 9.8e3, 1e3])
    table = _table([-1] * 6, net_head_2024=before, net_head_2025=now, group=np.array([0, 1, 0, 0, 0, 2]))
    below, fell = list_marks(table, 2025)
    # the round figure itself is not below it; others than the watched are not on the list
    assert np.flatnonzero(below).tolist() == [0, 3, 4]
    # from 15,000 to 10,500 is exactly 30%; a negative year before says nothing
    assert np.flatnonzero(fell).tolist() == [1, 4]


# funds and posts -----------------------------------------------------------------------------------------------


def test_the_first_dry_month_and_the_gap_of_a_year():
    months = [(2022 * 12 + month, 1.0 if month < 9 else 0.6, 0.25 * (month >= 9)) for month in range(12)]
    found = _by_year(months, [2022, 2023], 10)
    assert found["dry"].tolist() == [3.0, 0.0] and found["first"][0] == 10.0 and np.isnan(found["first"][1])
    assert found["gap"].tolist() == [7.5, 0.0]


def test_who_leaves_without_the_office_is_what_the_books_leave_open():
    start = 2022 * 12
    months = {("guards", "holders", start + 10): 10.0, ("guards", "holders", start + 11): 8.0, ("guards", "cut", start + 11): 3.0}
    months |= {("guards", "appointed", start + 11): 2.0}
    found = _with_own_leavers(months)
    # 10 and 2 come to 12; 3 are cut, 8 are left: one went by itself
    assert (
        found["guards", "by_themselves", 2022] == 1.0
        and found["guards", "holders", 2022] == 8.0
        and found["guards", "cut", 2022] == 3.0
    )


# stored runs ---------------------------------------------------------------------------------------------------


def test_a_folder_opened_from_its_files_equals_the_plan_read(stored):
    plan, store = stored
    by_plan, by_files = read_results(plan, store), open_stored(store.root).results()
    assert (by_plan.counts == by_files.counts).all() and by_plan.replications == by_files.replications
    assert by_plan.costs.keys() == by_files.costs.keys() and by_files.study.policies == plan.study.policies
    assert all((by_plan.costs[lever] == by_files.costs[lever]).all() for lever in by_plan.costs)
    assert by_plan.study.base == by_files.study.base and by_plan.months == by_files.months


def test_a_folder_without_whole_repetitions_is_refused(stored, tmp_path):
    import shutil

    plan, store = stored
    for task in plan.tasks:
        if task.policy == "kept" and task.replication < 2:
            shutil.rmtree(store.folder(task))
    opened = open_stored(store.root)
    assert opened.repeats == (("point", 2),) and opened.left_out == 2
    shutil.rmtree(store.folder(next(task for task in plan.tasks if (task.policy, task.replication) == ("documented", 2))))
    with pytest.raises(FileNotFoundError, match="no replication that is whole"):
        open_stored(store.root)
    with pytest.raises(FileNotFoundError, match=r"no study\.json"):
        open_stored(tmp_path / "nowhere")


def test_another_base_turns_every_difference_round(stored):
    _, store = stored
    opened = open_stored(store.root)
    one, other = (outcomes.paired_rows(opened.against(base).results()) for base in ("kept", "documented"))
    for row, back in zip(one, other, strict=True):
        assert (row.policy, row.base) == (back.base, back.policy)
        assert row.difference.mean == pytest.approx(-back.difference.mean, nan_ok=True)
        assert (row.verdict, back.verdict) in {(MORE, FEWER), (FEWER, MORE), (SAME, SAME), (UNSURE, UNSURE)}
        assert row.pairing == pytest.approx(back.pairing, nan_ok=True)


def test_the_parts_of_cost_add_up_to_the_fen(stored):
    _, store = stored
    opened = open_stored(store.root)
    results = opened.results()
    costs = outcomes.cost(results).horizon()
    for place, policy in enumerate(opened.study.policies):
        rows = [row for row in money.cost_rows(opened) if row.policy == policy]
        assert sum(row.paid.mean for row in rows) == pytest.approx(costs[place].mean(), rel=1e-12)


def test_net_benefit_is_value_times_falls_less_cost(stored):
    results = open_stored(stored[1].root).results()
    falls, costs = outcomes.relapses(results).horizon(), outcomes.cost(results).horizon()
    row = next(row for row in money.benefits(results, (30_000.0,)) if row.policy == "documented")
    assert row.benefit.mean == pytest.approx(0.03 * (falls[1] - falls[0]).mean() - (costs[0] - costs[1]).mean())
    assert sum(one.best for one in money.benefits(results, (30_000.0,))) >= 1.0


def test_a_part_of_a_cell_names_it():
    cells = ("documented;premium=kept;jobs=kept", "documented;premium=linear;jobs=kept")
    assert find_cell(cells, "premium=linear") == [cells[1]] and find_cell(cells, "jobs=kept")[0] == cells[0]
