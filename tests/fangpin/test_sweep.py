"""`fangpin sweep`: axes in Hydra's grammar, cells as policies, replications until an interval is narrow enough."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

from experiments.compare.beside import _apart
from experiments.precision import Width, next_replications, replications_for
from experiments.sweep import Axis, axis_values, cell_names, find_cell
from fangpin.axes import read_sweep
from fangpin.cli import run_command
from fangpin.request import Request
from scenarios.group import open_group
from scenarios.problems import Report

SMALL = ("households=500", "months=24")


def read(*words):
    asked, problems = read_sweep(words, Request())
    assert not problems, problems
    return asked


def refused(*words):
    return [str(problem) for problem in read_sweep(words, Request())[1]]


def test_cells_are_all_combinations_in_order():
    cells = cell_names(("documented",), [Axis("premium", ("kept", "cliff")), Axis("jobs", ("kept", "cut20"))])
    assert [axis_values(cell, ["premium", "jobs"]) for cell in cells] == [
        ["kept", "kept"],
        ["kept", "cut20"],
        ["cliff", "kept"],
        ["cliff", "cut20"],
    ]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("kept,linear", ("kept", "linear")),
        ("choice(kept,cliff)", ("kept", "cliff")),
        ("glob(*)", tuple(open_group("premium", Report()).options)),
        ("glob(*,exclude=c*)", tuple(name for name in open_group("premium", Report()).options if name[0] != "c")),
    ],
)
def test_axes_in_hydras_grammar(text, values):
    (axis,) = read("policy=kept", f"premium={text}").axes
    assert axis.values == values


def test_a_range_of_figures():
    (axis,) = read("policy=kept", "values.job_finding=range(0.1,0.3,0.05)").axes
    assert [float(value) for value in axis.values] == pytest.approx([0.1, 0.15, 0.2, 0.25])


def test_one_value_of_a_knob_holds_for_every_cell():
    asked = read("policy=kept", "premium=kept,cliff", "values.job_finding=0.2", "reps=3")
    assert asked.request.study.overrides == ("values.job_finding=0.2",)
    assert len(asked.request.study.policies) == 2
    assert asked.request.study.replications == 3


def test_the_base_is_a_cell_or_a_part_of_one():
    words = ("policy=kept", "premium=kept,cliff", "jobs=kept,cut20")
    assert read(*words).request.study.base == "kept;premium=kept;jobs=kept"
    assert read(*words, "base=premium=cliff,jobs=cut20").request.study.base == "kept;premium=cliff;jobs=cut20"
    assert find_cell(("a;x=1", "a;x=2"), "x=2") == ["a;x=2"]


def test_a_file_of_words_and_the_command_line_before_it(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("premium: [kept, cliff]\njobs: [kept, cut20]\nprecision: 0.2pp\n", encoding="utf-8")
    asked, problems = read_sweep([str(path), "jobs=kept", "policy=kept"], Request())
    assert not problems
    assert len(asked.request.study.policies) == 2
    assert asked.precision == 0.2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("premum=kept,cliff",), "did you mean premium"),
        (("premium=",), "at least one value"),
        (("premium=kept,kept",), "leave out the second kept"),
        (("premium=kept", "premium=cliff"), "each key once"),
        (("precision=wide",), "precision=0.1pp"),
        (("precision=0.1pp", "reps=8"), "one of the two"),
        (("outcome=relapse",), "did you mean relapse_net"),
        (("base=premium=nothing", "premium=kept,cliff"), "a cell or a part of one"),
        (("set=premium_subsidy_exit",), "premium_subsidy_exit=keep_full"),
        (("values.food_share=range(0,1,0.0001)",), "at most 2,000"),
        (("premium=kept,{a:1}",), "plain values"),
        (("nothing.yaml",), "nothing.yaml"),
    ],
)
def test_each_mistake_is_said(words, said):
    assert any(said in problem for problem in refused(*words)), refused(*words)


def test_all_mistakes_at_once_and_nothing_written(engine, here, capsys):
    assert run_command(["sweep", "premium=kept,lin", "jobs=kepd", "reps=0", "outcome=x", "out=o"]) == 2
    told = capsys.readouterr().err
    assert all(word in told for word in ("'lin'", "'kepd'", "reps", "outcome"))
    assert not (here / "o").exists()


def test_a_sweep_leaves_a_row_a_cell(engine, here, capsys):
    assert run_command(["sweep", "premium=kept,cliff", "jobs=kept,cut20", "reps=3", *SMALL]) == 0
    folder = here / "runs" / "sweep-nanyang"
    rows = list(csv.DictReader((folder / "tables/sweep.csv").read_text(encoding="utf-8").splitlines()))
    assert [(row["policy"], row["premium"], row["jobs"]) for row in rows] == [
        ("documented", premium, jobs) for premium in ("kept", "cliff") for jobs in ("kept", "cut20")
    ]
    assert rows[0]["difference"] == ""
    assert all(float(row["difference_low95"]) <= float(row["difference"]) <= float(row["difference_high95"]) for row in rows[1:])
    assert all(row["replications"] == "3" for row in rows)
    assert (folder / "charts/sweep-relapse_net-zh.png").exists()
    assert len(list(folder.glob("runs/*/indicators.parquet"))) == 12
    assert "premium" in capsys.readouterr().out


def test_differences_are_those_of_the_values(engine, here):
    run_command(["sweep", "premium=kept,cliff", "reps=3", "outcome=enrolment", *SMALL])
    text = (here / "runs/sweep-nanyang/tables/sweep.csv").read_text(encoding="utf-8")
    kept, cliff = csv.DictReader(text.splitlines())
    assert float(cliff["difference"]) == pytest.approx(float(cliff["mean"]) - float(kept["mean"]), abs=1e-6)


def test_another_sweep_in_the_folder_is_refused(engine, here, capsys):
    run_command(["sweep", "premium=kept,cliff", "reps=2", "out=o", *SMALL])
    study = (here / "o/study.json").read_bytes()
    assert run_command(["sweep", "premium=kept,linear", "reps=2", "out=o", *SMALL]) == 2
    assert "another study" in capsys.readouterr().err
    assert (here / "o/study.json").read_bytes() == study


def test_precision_adds_replications_until_it_is_reached(engine, here, capsys):
    words = ["sweep", "premium=kept,cliff", "outcome=relapse_net", "lang=en", *SMALL]
    assert run_command([*words, "precision=5pp", "out=a"]) == 0
    assert "precise enough: 4 replications" in capsys.readouterr().out
    assert run_command([*words, "precision=0.02pp", "most=9", "out=b"]) == 0
    told = capsys.readouterr().out
    assert "not precise enough: 9 replications" in told
    assert json.loads((here / "b/study.json").read_text())["study"]["policies"] == [
        f"documented;premium={o}" for o in ("kept", "cliff")
    ]
    assert len(list((here / "b").glob("runs/*/summary.json"))) == 18


@pytest.mark.parametrize(("spread", "target"), [(1.0, 0.5), (1.0, 0.1), (0.3, 0.29), (2.0, 0.05)])
def test_replications_needed_are_the_least_that_do(spread, target):
    from experiments.intervals import student_quantile

    count = replications_for(spread, target)
    half = [student_quantile(n - 1) * spread / np.sqrt(n) for n in (count - 1, count) if n > 1]
    assert half[-1] <= target
    assert len(half) == 1 or half[0] > target


def test_no_wild_leap_and_no_more_than_allowed():
    assert next_replications(Width("p", 1.0, 4, 5_000), 0.1, 200) == 16
    assert next_replications(Width("p", 1.0, 16, 20), 0.1, 200) == 20
    assert next_replications(Width("p", 1.0, 16, 12), 0.1, 200) == 17
    assert next_replications(Width("p", 1.0, 150, 900), 0.1, 200) == 200
    assert next_replications(Width("p", 1.0, 200, 900), 0.1, 200) == 0
    assert next_replications(Width("p", 0.1, 8, 8), 0.1, 200) == 0


def test_groups_are_shown(capsys):
    assert run_command(["groups", "lang=en"]) == 0
    assert "premium_subsidy_exit" in capsys.readouterr().out
    assert run_command(["groups", "premium", "lang=en"]) == 0
    assert "premium_subsidy_taper_ex_poor.path" in capsys.readouterr().out
    assert run_command(["groups", "premum"]) == 2
    assert "did you mean 'premium'" in capsys.readouterr().err


TWO = ("place=nanyang,longyan", "policy=kept", "premium=kept,cliff", "households=600", "months=24", "reps=3", "lang=en")


def test_places_are_an_axis_and_stand_beside_each_other(engine, here, capsys):
    assert run_command(["sweep", *TWO, "out=two"]) == 0
    told = capsys.readouterr().out
    assert "Longyan" in told and "minus the first" in told
    made = engine.models
    assert made == 2 * 2 * 3
    with (here / "two/tables/beside.csv").open(encoding="utf-8") as handle:
        rows = [row for row in csv.DictReader(handle) if row["outcome"] == "relapse_net"]
    assert [row["study"] for row in rows] == ["nanyang", "longyan"]
    first, second = rows
    assert first["minus_first_study"] == ""
    apart = float(second["difference"]) - float(first["difference"])
    assert float(second["minus_first_study"]) == pytest.approx(apart, abs=1e-6)
    with (here / "two/longyan/tables/sweep.csv").open(encoding="utf-8") as handle:
        own = next(row for row in csv.DictReader(handle) if row["premium"] == "cliff")
    assert float(own["difference"]) == pytest.approx(float(second["difference"]), abs=1e-6)
    assert (here / "two/charts/beside-relapse_net-en.png").stat().st_size > 10_000
    assert run_command(["sweep", *TWO, "out=two"]) == 0
    assert engine.models == made, "all are there"
    capsys.readouterr()
    assert run_command(["compare", "two", "base=premium=cliff", "lang=en"]) == 0
    assert "difference from 'Support kept; premium subsidy ends at once in 2023'" in capsys.readouterr().out


def test_places_that_cannot_be_swept(engine, here, capsys):
    assert run_command(["sweep", *TWO[1:], "place=nanyang", "out=one"]) == 0
    made = engine.models
    capsys.readouterr()
    assert run_command(["sweep", *TWO, "out=one"]) == 2
    assert "one holds one study; allowed: a folder for studies of places" in capsys.readouterr().err
    assert "did you mean longyan?" in " ".join(refused("place=nanyang,longyn"))
    assert "leave out the second nanyang" in " ".join(refused("place=nanyang,nanyang"))
    assert "at least one place" in " ".join(refused("place="))
    assert engine.models == made


def test_the_difference_from_the_first_study_is_taken_repetition_by_repetition():
    found = _apart({("point", 0): 3.0, ("point", 1): 5.0, ("point", 2): 9.0}, {("point", 1): 1.0, ("point", 0): 2.0})
    assert found.tolist() == [1.0, 4.0]
