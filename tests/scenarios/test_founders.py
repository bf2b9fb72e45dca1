"""Files of founders: what they say reaches the founders of January 2013, the rest is drawn as ever; bad files are told whole."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from scenarios import ScenarioError, load, resolved
from scenarios.founders import at_size, populated, read_population, write_population
from sim.model import HISTORY_START, Model

ABOUT = {
    "source": "made by hand",
    "person_level": False,
    "place": "nanyang",
    "rural_households": 10,
    "villages": 2,
    "townships": 1,
}
MEMBERS = pd.DataFrame(
    [
        # village, number, age, sex, chronic, disabled, wants, leaves
        (0, 0, 8, 0, -1, -1, -1, -1),
        (0, 0, 40, 1, 2, 0, 1, 1),
        (0, 0, 66, 0, 1, 1, 0, -1),
        (0, 0, 38, 0, 0, -1, 0, 0),
        (1, 3, 70, 1, 0, 1, -1, -1),
        (0, 5, 30, 1, -1, -1, 1, 0),
        (0, 5, 9, 1, -1, -1, -1, -1),
        (1, 7, 52, 0, -1, -1, -1, -1),
    ],
    columns=["village", "number", "age", "sex", "chronic_disease", "disabled", "wants_work", "can_leave_home"],
)


@pytest.fixture
def file(tmp_path):
    def write(members=MEMBERS, **changes):
        path = tmp_path / "founders.parquet"
        write_population(path, members, {key: value for key, value in (ABOUT | changes).items() if value is not None})
        return str(path)

    return write


def founded(scenario, seed=1):
    """Return the state of January 2013, before anything has happened."""
    return Model(scenario.county, scenario.rules, seed, months=1, threads=1).state


def columns(state, *names):
    return [np.asarray(state.persons[name]).tolist() for name in names]


def test_what_the_file_says_reaches_the_founders(file):
    scenario = populated(load("nanyang"), file())
    assert (scenario.county.households, scenario.county.villages, scenario.county.townships) == (10, 2, 1)
    for seed in range(1, 30):
        state = founded(scenario, seed)
        assert state.households["slots"].tolist() == [4, 2, 1, 1]
        assert state.households["village"].tolist() == [0, 0, 1, 1]
        birth = np.asarray(state.persons["birth_month"])
        # head first (the oldest of working age), then from the oldest on
        assert ((HISTORY_START - birth) // 12).tolist() == [40, 66, 38, 8, 30, 9, 70, 52]
        sex, chronic, wants, leaves, disabled = columns(
            state, "sex", "chronic_disease", "wants_work", "can_leave_home", "disability_grade"
        )
        assert sex == [1, 0, 0, 0, 1, 1, 1, 0]
        assert chronic[:3] == [2, 1, 0] and chronic[6] == 0
        assert (wants[0], wants[1], wants[2], wants[4]) == (1, 0, 0, 1)
        assert (leaves[0], leaves[2], leaves[4]) == (1, 0, 0)
        assert disabled[1] > 0 and disabled[6] > 0


def test_what_is_not_known_is_drawn(file):
    scenario = populated(load("nanyang"), file())
    # the woman of 52, of whom only the age is known: different luck, different lives
    chronic = {founded(scenario, seed).persons["chronic_disease"][7] for seed in range(40)}
    wants = {founded(scenario, seed).persons["wants_work"][7] for seed in range(40)}
    assert len(chronic) > 1 and wants == {0, 1}


def test_luck_goes_with_village_and_number_not_with_the_order_or_company(file):
    alone = MEMBERS[(MEMBERS["village"] == 1) & (MEMBERS["number"] == 7)]
    many, few = (populated(load("nanyang"), file(part)) for part in (MEMBERS.iloc[::-1], alone))
    for seed in (1, 2, 3):
        one, other = founded(many, seed), founded(few, seed)
        for name in ("id", "log_skill", "work_rank", "birth_month"):
            assert one.persons[name][7] == other.persons[name][0]
        assert one.households["land_mu"][3] == other.households["land_mu"][0]


def test_another_file_is_another_scenario_and_the_same_file_the_same(file):
    plain = load("nanyang")
    first = resolved(populated(plain, file()))
    assert first == resolved(populated(plain, file()))
    assert first["county"]["founders_source"] == "made by hand" and "founders" not in resolved(plain)["county"]
    other = resolved(populated(plain, file(MEMBERS.assign(age=MEMBERS["age"] + 1))))
    assert other["county"]["founders"] != first["county"]["founders"]
    county = populated(plain, file()).county
    assert county == dataclasses.replace(county) and "founders" in county.plain()
    assert "40" not in repr(county.founders)


def test_a_run_is_loaded_again_at_its_size(file):
    plain = load("nanyang")
    path = file()
    assert at_size(plain, 10, path).county.founders == read_population(path).founders
    assert at_size(plain, 500, "").county.households < 1000
    assert at_size(plain, plain.county.households, "") is plain


@pytest.mark.parametrize(
    ("members", "changes", "said"),
    [
        (MEMBERS.drop(columns="age"), {}, ["age: missing"]),
        (MEMBERS.assign(sex=2, age=-1), {}, ["sex: 8 rows outside", "age: 8 rows outside"]),
        (MEMBERS.assign(chronic_disease=3), {}, ["chronic_disease: 8 rows outside; allowed: whole numbers from -1 to 2"]),
        (MEMBERS.iloc[:0], {}, ["rows: none"]),
        (pd.concat([MEMBERS.iloc[:1]] * 21), {}, ["1 households of more than 20"]),
        (MEMBERS, {"place": None, "villages": None}, ["without place, villages"]),
        (MEMBERS, {"place": "longyan"}, ["made for longyan; allowed: nanyang"]),
    ],
)
def test_a_bad_file_is_told_whole_and_without_a_row(file, members, changes, said):
    with pytest.raises(ScenarioError) as caught:
        populated(load("nanyang"), file(members, **changes))
    assert all(part in str(caught.value) for part in said)


def test_no_file_and_no_parquet(tmp_path):
    other = tmp_path / "notes.parquet"
    other.write_text("not a table")
    for path, said in ((tmp_path / "none.parquet", "that exists"), (other, "no Parquet file")):
        with pytest.raises(ScenarioError, match=said):
            read_population(str(path))
