"""Cells of a sweep: a policy with options of groups and changes by hand."""

from __future__ import annotations

import pytest

from scenarios import ScenarioError, load, resolved, sets
from scenarios.cell import Cell, split_cell
from scenarios.group import groups, matching, open_group, open_option
from scenarios.problems import Report
from scenarios.shipped import shipped


def rules(policy: str, place: str = "nanyang", **more):
    found = resolved(load(place, policy, **more))
    return {key: value for key, value in found.items() if key not in ("policy", "policy_names", "meaning", "overrides")}


def share(policy: str, key: str = "levers.premium_subsidy_taper_ex_poor.share") -> list[float]:
    return [entry.value for entry in load("nanyang", policy).series[key].entries]


def test_name_and_cell_are_the_same():
    cell = Cell("premium_subsidy_exit/keep_full", ("jobs=cut20", "values.job_finding@2022-01=0.2"))
    assert split_cell(cell.name) == cell
    assert cell.choices == (("jobs", "cut20"),)
    assert cell.by_hand == ("values.job_finding@2022-01=0.2",)
    assert split_cell("kept") == Cell("kept")


def test_kept_options_on_kept_change_nothing():
    assert rules("kept;premium=kept;jobs=kept") == rules("kept")


def test_documented_options_leave_the_plan():
    assert rules("documented;premium=documented;jobs=documented") == rules("documented")


def test_kept_option_undoes_the_plan():
    assert share("documented;premium=kept") == share("kept")
    assert share("documented")[-1] == 0


def test_changes_by_hand_equal_overrides():
    change = "premium_subsidy_taper_ex_poor.path=0.5"
    ours = rules(f"kept;{change}")
    assert ours == rules("kept", overrides=[change])
    assert ours != rules("kept")


def test_the_arm_of_a_set_is_an_option():
    assert share("kept;premium_subsidy_exit=linear_to_zero") == share("premium_subsidy_exit/linear_to_zero")
    assert share("kept;premium=linear") == share("premium_subsidy_exit/linear_to_zero")


@pytest.mark.parametrize("place", ["nanyang", "shanwei", "fuhuan", "longyan", "heilongjiang/ex_poor"])
def test_every_option_loads_everywhere(place):
    for name in shipped("groups"):
        group = open_group(name, Report())
        for option in group.options:
            load(place, f"documented;{name}={option}")


def test_groups_are_the_shipped_ones_and_the_sets():
    assert set(groups()) == set(shipped("groups")) | set(sets())
    assert not set(shipped("groups")) & set(sets())


def test_own_option_from_a_file(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("name: {zh: 我的, en: mine}\nset: {premium_subsidy_taper_ex_poor.path: {2022: 0.3}}\n", encoding="utf-8")
    assert share(f"documented;premium={path}")[-1] == pytest.approx(0.95 * 0.3)
    assert open_option("premium", str(path), Report()).part.source.startswith("assumption")


def test_patterns_choose_options():
    assert matching("jobs", ["cut*"], ["*bridge"], Report()) == ["cut20"]
    assert matching("premium", ["*"], [], Report()) == ["kept", "documented", "linear", "half", "cliff"]


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ("kept;premum=kept", ("unknown group", "did you mean 'premium'")),
        ("kept;premium=linar", ("unknown option 'linar'", "did you mean 'linear'")),
        ("kept;premium=linear;premium_subsidy_exit=linear_to_zero", ("set by premium and by premium_subsidy_exit", "leave out")),
        ("kept;premium=nothing.yaml", ("nothing.yaml",)),
    ],
)
def test_what_is_wrong_is_said(policy, words):
    with pytest.raises(ScenarioError) as caught:
        load("nanyang", policy)
    assert all(word in str(caught.value) for word in words)


def test_all_problems_of_a_cell_at_once():
    with pytest.raises(ScenarioError) as caught:
        load("nanyang", "kept;premium=linar;jobs=cut200;values.job_findin=1")
    assert len(caught.value.problems) == 3
