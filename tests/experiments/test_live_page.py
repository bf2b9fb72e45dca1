"""The state behind the live page, without a browser: choices, sliders, the pair that is stepped, what is shown of it."""

from dataclasses import replace

import numpy as np
import pytest

from experiments.dashboard.figures import SO_FAR, Compared, compared
from experiments.dashboard.opening import place_choices, policy_choices
from experiments.dashboard.sliders import read_sliders, sliders, slots_in
from experiments.dashboard.start import changes_told, prepare, read_scenarios
from experiments.dashboard.wish import Side, Wish, command
from experiments.labels import Label
from scenarios import ScenarioError, load
from sim.rules import month_index

SUBSIDY = "premium_subsidy_taper_ex_poor.path"
STAFF = "suspect_verification.staff"


# choices -------------------------------------------------------------------------------------------------------


def test_a_side_is_the_cell_that_the_command_line_knows():
    side = Side("documented", typed="dibao.standard*=1.1， values.job_finding=0.2").with_option("premium", "cliff")
    assert side.with_level(STAFF, 3.5).name == (
        "documented;premium=cliff;suspect_verification.staff@2022=3.5;dibao.standard*=1.1;values.job_finding=0.2"
    )


def test_options_and_sliders_are_taken_back():
    side = Side("kept").with_option("jobs", "cut20").with_option("jobs", "cliff").with_level(SUBSIDY, 0.5)
    assert side.changes == ("jobs=cliff", f"{SUBSIDY}@2022=0.5")
    assert side.with_option("jobs", "").with_level(SUBSIDY, None) == Side("kept")


def test_the_order_in_which_sliders_are_moved_does_not_matter():
    one = Side("kept").with_level(STAFF, 3.0).with_level(SUBSIDY, 0.5)
    assert one == Side("kept").with_level(SUBSIDY, 0.5).with_level(STAFF, 3.0)


def test_a_slider_moves_the_figure_from_its_year_on_and_not_before():
    side = Side("kept", since=2023).with_level(SUBSIDY, 0.5)
    slider = next(one for one in sliders() if one.key == SUBSIDY)
    moved, kept = load("nanyang", side.name), load("nanyang", "kept")
    (key,) = slots_in(slider, moved)
    # a coverage year is paid for from October of the year before
    for month, ratio in ((month_index(2022, 9), 1.0), (month_index(2022, 10), 0.5), (month_index(2025, 12), 0.5)):
        assert moved.series[key].at(month) == pytest.approx(ratio * kept.series[key].at(month))


@pytest.mark.parametrize("place", sorted(place_choices()))
def test_every_slider_can_be_moved_in_every_place_that_can_be_chosen(place):
    plain = load(place, "documented")
    side = Side("documented")
    for slider in sliders():
        if slots_in(slider, plain):
            side = side.with_level(slider.key, slider.high)
    scenario = load(place, side.name)
    assert len(side.levels) > 8 and len(scenario.overrides) == len(side.levels)


def test_places_are_counties_and_both_lists_have_names():
    places, policies = place_choices(), policy_choices()
    assert {"nanyang", "national/west_other", "heilongjiang/ex_poor"} <= set(places) and "national" not in places
    assert "golden" not in places
    assert policies["kept"]["zh"] == "政策保持不变"


def test_all_problems_of_both_sides_are_told_at_once():
    wish = Wish(sides=(Side("documentd"), Side("kept", typed="nobody.share=1")))
    with pytest.raises(ScenarioError) as error:
        read_scenarios(wish)
    assert "did you mean 'documented'" in str(error.value) and "nobody.share" in str(error.value)


def test_equal_sides_and_places_of_many_counties_are_refused():
    with pytest.raises(ScenarioError, match="two policies that differ"):
        read_scenarios(Wish(sides=(Side("kept"), Side("kept"))))
    with pytest.raises(ScenarioError, match="one county: national/west_southwest_key"):
        read_scenarios(Wish(place="national"))


def test_the_command_that_is_shown_makes_the_same_comparison():
    import shlex

    from fangpin.arguments import read_words

    wish = Wish(sides=(Side("documented").with_level(STAFF, 4.0), Side("documented")), households=800, seed=7)
    first, name, *words = shlex.split(command(wish))
    request, problems = read_words(words)
    assert (first, name, problems) == ("fangpin", "run", [])
    assert set(request.study.policies) == set(wish.study.policies) and request.study.base == wish.study.base == "documented"
    assert (request.study.households, request.study.seed, request.study.replications) == (800, 7, 8)


def test_changes_are_told_in_words():
    told = changes_told(Side("kept", typed="dibao.standard*=1.1").with_option("jobs", "cliff").with_level(STAFF, 4.0))
    assert [one.zh for one in told] == [
        "疑似对象核查核实——核查人员：2022年起为4", "dibao.standard*=1.1",
    ]  # fmt: skip


# the file of sliders -------------------------------------------------------------------------------------------


def test_all_mistakes_in_a_file_of_sliders_are_told(tmp_path):
    path = tmp_path / "sliders.yaml"
    path.write_text(
        "sliders:\n"
        "  - {knob: suspect_verification.stuff, low: 0, high: 1, step: 0.1}\n"
        "  - {knob: premium_subsidy_taper_ex_poor.path, low: 0, high: 2, step: 0.1}\n"
        "  - {knob: suspect_verification.staff, low: 0, high: 1, step: 3}\n",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError) as error:
        read_sliders(path)
    said = [str(problem) for problem in error.value.problems]
    assert len(said) == 3
    assert "did you mean 'suspect_verification.staff'" in said[0] and "0 to 1" in said[1] and "0 to 1 by 3" in said[2]


# the pair ------------------------------------------------------------------------------------------------------

WISH = Wish(sides=(Side("documented").with_option("jobs", "cliff"), Side("kept")), households=500, months=21, seed=3)


@pytest.fixture(scope="module")
def pair():
    from experiments.dashboard.pair import Pair

    return Pair(prepare(WISH))


@pytest.fixture(scope="module")
def finished(pair):
    while pair.running:
        pair.step()
    return pair


def test_preparing_says_what_it_does():
    said = []
    prepare(WISH, said.append)
    assert [one.en.split(" ")[0] for one in said] == ["reading", "compiling", "living", "ready"]


def test_before_the_first_month_there_are_results_without_years(pair):
    fresh = type(pair)(pair.start)
    assert fresh.lived == 0 and fresh.running
    assert compared(fresh.results()) == [] or all(set(row.values) == {SO_FAR} for row in compared(fresh.results()))
    assert fresh.fallen() == []


def test_the_page_shows_what_a_stored_run_of_the_same_study_holds(finished, tmp_path):
    from experiments.results import read_results
    from experiments.runner import run_plan
    from experiments.store import Store
    from fangpin.planning import load_counties, plan_of

    study = WISH.study
    plan, store = plan_of(study, load_counties(study)), Store(tmp_path)
    store.open(plan.study)
    run_plan(plan, store)
    stored, live = read_results(plan, store), finished.results()
    assert np.array_equal(stored.counts, live.counts)
    assert np.array_equal(stored.rural_population, live.rural_population)
    assert set(stored.costs) == set(live.costs)
    assert all(np.array_equal(stored.costs[lever], live.costs[lever]) for lever in stored.costs)
    paid = finished.paid()
    for place in range(2):
        assert sum(paid[place].values()) == pytest.approx(sum(fen[place].sum() for fen in live.costs.values()) / 1e8)


def test_a_month_after_the_last_one_changes_nothing(finished):
    before = finished.results().counts.copy()
    finished.step()
    assert finished.lived == 21 and not finished.running
    assert np.array_equal(finished.results().counts, before)


def test_a_familys_story_is_the_one_that_the_pair_lived(finished):
    from experiments.dashboard.family import describe, story

    one = finished.fallen()[0]
    lives = finished.follow(one.id)
    assert [len(life.months) for life in lives] == [21, 21]
    for life, fall, side in zip(lives, one.falls, finished.sides, strict=True):
        place = int(np.flatnonzero(side.state.households["id"] == np.uint64(one.id))[0])
        assert life.months[-1].household["net_12m"] == side.state.households["net_12m"][place]
        fell = [month.month for month in life.months if month.counts["relapse_net_persons"]]
        assert fell[:1] == ([fall[0]] if fall else [])
    assert str(one.id) in describe(one).zh and len(story(lives)) > 1


def test_one_start_makes_pairs_that_do_not_touch_each_other(finished):
    again = type(finished)(finished.start)
    for _ in range(21):
        again.step()
    assert np.array_equal(again.results().counts, finished.results().counts)


# what is shown -------------------------------------------------------------------------------------------------


def test_cells_show_both_sides_and_a_signed_difference():
    row = Compared(Label("甲乙", "both"), Label("%", "%"), 2, {2021: (1.234, 1.0), 2022: (0.5, 0.5001), SO_FAR: (2.0, 3.0)})
    assert row.cells([2021, 2022, 2023, SO_FAR]) == [
        ["1.23", "0.50", "", "2.00"], ["1.00", "0.50", "", "3.00"], ["+0.23", "+0.00", "", "-1.00"],
    ]  # fmt: skip


def test_figures_agree_with_the_counts(finished):
    results = finished.results()
    rows = {row.label.en: row for row in compared(results)}
    falls = rows["falls of the ex-poor and the marginal, net"].values
    for place in range(2):
        counted = sum(results.total("relapse_net_persons", ("ex_poor", "marginal"), year)[place, 0] for year in (2021, 2022))
        assert falls[SO_FAR][place] == counted == falls[2021][place] + falls[2022][place]


def test_the_table_has_three_lines_a_quantity_and_a_column_a_year(finished):
    from experiments.dashboard.panels import table_of

    heads, cells = table_of(compared(finished.results()), "zh")
    assert heads == ["", "", "2021", "2022", "累计"]
    assert [row[1] for row in cells[:3]] == ["甲", "乙", "甲－乙"] and len(cells) % 3 == 0
    assert all(len(row) == len(heads) for row in cells)


def test_names_of_the_sides_say_what_differs(finished):
    assert [name.zh for name in finished.start.names] == ["甲：文件规定；岗位2023年一次取消", "乙：政策保持不变"]
    changed = replace(WISH, sides=(WISH.sides[0].with_level(STAFF, 5.0), Side("documented")))
    assert prepare(changed).names[0].zh.endswith("；调整1项")
