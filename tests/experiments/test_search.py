"""Search: what brute force finds, the frontier, robust criteria, the loss of the best simple rule."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.paths import cell_of
from experiments.search import Seen, conditional_value_at_risk, frontier, look, score, scores, simple_loss, tell
from scenarios import ScenarioError, load
from scenarios.searchspace import open_space, search_spaces

pytest.importorskip("pymoo")

LUCK = np.random.default_rng(3).normal(size=6)


def level(changes: list[str], knob: str, year: int) -> float:
    """The level of a knob in a year, by the changes of a cell."""
    found = 1.0
    for change in changes:
        key, _, value = change.partition("=")
        name, _, since = key.partition("@")
        if name == knob and int(since) <= year:
            found = float(value)
    return found


def pretended(policies):
    """A world worked out by hand: support of either kind costs in each year and keeps people from relapsing, with interaction."""
    found = {}
    for policy in policies:
        changes = policy.split(";")[1:]
        years = range(2021, 2026)
        premium = sum(1 - level(changes, "premium_subsidy_taper_ex_poor.path", year) for year in years)
        jobs = sum(1 - level(changes, "public_welfare_jobs.post_count_path", year) for year in years)
        order = "least_need_first" in policy
        relapse = 4 * premium + 9 * jobs * (0.6 if order else 1.0) + premium * jobs + LUCK * (premium + jobs)
        cost = -1.0 * premium - 3.0 * jobs + 0 * LUCK
        found[policy] = {"relapse": relapse, "falls": 0.1 * relapse, "cost": cost}
    return found


SMALL = """id: small
name: {zh: 小, en: small}
meaning: {zh: 小, en: small}
base: kept
rules:
  premium:
    name: {zh: 资助, en: subsidy}
    taper: [premium_subsidy_taper_ex_poor.path]
    start: [never, 2022, 2024]
    years: [1, 2]
    end: [0, 0.5]
  jobs:
    name: {zh: 岗位, en: posts}
    taper: [public_welfare_jobs.post_count_path]
    start: [never, 2022, 2023]
    years: [1, 4]
    end: [0, 0.25]
  order:
    name: {zh: 次序, en: order}
    options:
      random: [public_welfare_job_orderly_exit.exit_order=random]
      need: [public_welfare_job_orderly_exit.exit_order=least_need_first]
simple:
  kept: {}
  at_once: {premium: {start: 2022, years: 1, end: 0}, jobs: {start: 2022, years: 1, end: 0}}
"""


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return open_space(str(path))


def brute(space, objectives=("relapse", "cost"), budget=None):
    seen = look(space, pretended, objectives, most=10_000, seed=1, budget=budget)
    assert len(seen.values) == len({cell_of(space, one) for one in space.every()})
    given = scores(seen, objectives, "mean")
    within = {policy for policy, values in seen.values.items() if budget is None or values["cost"].mean() <= budget}
    return {given[policy] for policy in frontier({policy: given[policy] for policy in within})}


@pytest.mark.parametrize("budget", [None, -4.0])
def test_the_search_finds_what_brute_force_finds(small, budget):
    """A genetic search that may look at half of the paths finds the best relapse within the budget that looking at all finds."""
    wanted = min(brute(small, budget=budget))
    count = len({cell_of(small, one) for one in small.every()})
    seen = look(small, pretended, ("relapse", "cost"), most=count // 2, seed=1, budget=budget, population=12)
    assert len(seen.values) < count
    found = tell(small, seen, ("relapse", "cost"), "mean", budget)
    assert min((one.scores["relapse"], one.scores["cost"]) for one in found if one.on_frontier) == pytest.approx(wanted)


@pytest.mark.parametrize("most", [3, 7, 30])
def test_no_more_candidates_are_evaluated_than_allowed(small, most):
    asked = []

    def counted(policies):
        asked.extend(policies)
        return pretended(policies)

    seen = look(small, counted, ("relapse", "cost"), most=most, seed=1, budget=-6.0)
    simple = {cell_of(small, chosen) for chosen in small.simple.values()}
    assert set(asked) == set(seen.values) and len(asked) == len(set(asked))
    assert len(simple) < len(asked) <= most + len(simple)


def test_one_objective_under_a_budget(small):
    wanted = min(brute(small, ("relapse",), -6.0))
    seen = look(small, pretended, ("relapse",), most=52, seed=2, budget=-6.0, population=12)
    best = next(one for one in tell(small, seen, ("relapse",), "mean", -6.0) if one.on_frontier)
    assert best.scores["relapse"] == pytest.approx(wanted[0])
    assert best.estimates["cost"].mean <= -6.0


def test_combinations_that_do_the_same_are_one_candidate(small):
    names = [cell_of(small, one) for one in small.every()]
    assert len(set(names)) < len(names)
    kept = [one for one in small.every() if one[0] == one[3] == "never" and one[6] == "random"]
    assert len({cell_of(small, one) for one in kept}) == 1


def test_a_taper_says_and_does_the_same(small):
    chosen = ("2022", "2", "0.5", "2023", "4", "0", "need")
    assert cell_of(small, chosen).split(";")[1:] == [
        "premium_subsidy_taper_ex_poor.path@2022=0.75",
        "premium_subsidy_taper_ex_poor.path@2023=0.5",
        *(f"public_welfare_jobs.post_count_path@{2023 + step}={0.75 - 0.25 * step:g}" for step in range(4)),
        "public_welfare_job_orderly_exit.exit_order=least_need_first",
    ]
    assert (
        small.said(chosen, "en")
        == "subsidy from 2022 in 2 yearly steps to 50%; posts from 2023 in 4 yearly steps to 0%; order: need"
    )
    load("nanyang", cell_of(small, chosen))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=30))
def test_frontier_is_what_nothing_beats(points):
    found = {str(number): (float(one), float(two)) for number, (one, two) in enumerate(points)}
    best = set(frontier(found))
    assert best
    for policy, mine in found.items():
        beaten = any(o != mine and all(x <= y for x, y in zip(o, mine, strict=True)) for o in found.values())
        assert (policy not in best) == beaten


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=40))
def test_value_at_risk_lies_between_mean_and_worst(values):
    sample = np.array(values)
    risk = conditional_value_at_risk(sample)
    assert sample.mean() - 1e-9 <= risk <= sample.max() + 1e-9


def test_value_at_risk_by_hand():
    assert conditional_value_at_risk(np.arange(10.0)) == pytest.approx(8.5)
    assert conditional_value_at_risk(np.array([1.0, 5.0, 3.0])) == pytest.approx(5.0)


def test_regret_is_against_the_best_in_each_repetition():
    best = np.array([0.0, 1.0])
    assert score(np.array([2.0, 1.0]), "regret", best) == 2.0


def test_robust_choice_differs_from_the_mean():
    steady, risky = {"relapse": np.array([3.0, 3.0, 3.0, 3.0, 3.0])}, {"relapse": np.array([0.0, 0.0, 0.0, 0.0, 10.0])}
    seen = Seen({"a": (), "b": ()}, {"a": steady, "b": risky})
    assert min(scores(seen, ["relapse"], "mean").items(), key=lambda one: one[1])[0] == "b"
    assert min(scores(seen, ["relapse"], "cvar").items(), key=lambda one: one[1])[0] == "a"
    assert min(scores(seen, ["relapse"], "regret").items(), key=lambda one: one[1])[0] == "a"


def test_how_much_worse_the_best_simple_rule_is(small):
    seen = look(small, pretended, ("relapse", "cost"), most=10_000, seed=1)
    loss = simple_loss(small, seen, "relapse", "mean", -12.0)
    assert loss.simple == "at_once"
    ours, best = seen.values[cell_of(small, small.simple["at_once"])], seen.values[loss.best]
    assert best["cost"].mean() <= ours["cost"].mean()
    assert loss.loss.mean == pytest.approx((ours["relapse"] - best["relapse"]).mean())
    assert simple_loss(small, seen, "relapse", "mean", None).simple == "kept"


@pytest.mark.parametrize("name", search_spaces())
@pytest.mark.parametrize("place", ["nanyang", "longyan"])
def test_shipped_spaces_load(name, place):
    space = open_space(name)
    for chosen in (*space.simple.values(), *list(space.every())[:: max(1, space.size() // 7)]):
        load(place, cell_of(space, chosen))


def test_all_problems_of_a_space(tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text(
        SMALL.replace("years: [1, 2]", "years: [0, 2]")
        .replace("end: [0, 0.25]", "end: [0, 2]")
        .replace("start: 2022, years: 1", "start: 2027, years: 1"),
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError) as caught:
        open_space(str(path))
    text = str(caught.value)
    assert all(word in text for word in ("whole numbers from 1 on", "numbers from 0 to 1", "'2027'"))
