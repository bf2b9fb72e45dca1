"""`fangpin forecast`: its words, the command end to end on the pretended model, hindcasts, frozen copies."""

from __future__ import annotations

import csv
import json
from dataclasses import replace

import pytest
from pretended_forecasts import made

from experiments.frozen import frozen_in, read_frozen
from experiments.report.method import method
from experiments.report.subject import open_subjects
from fangpin.cli import run_command
from fangpin.forecasting import equal_to_base
from fangpin.forecastwords import groups_with, read_forecast
from sim.rules import month_index

SMALL = ("households=500", "parameters=none", "reps=3", "lang=en")


def read(*words):
    wanted, problems = read_forecast(words)
    assert not problems, problems
    return wanted


def refused(*words):
    return " | ".join(str(problem) for problem in read_forecast(words)[1])


def test_an_option_of_one_group_alone_stands_on_the_first_policy():
    assert groups_with("linear") == ("premium",)
    assert read("policy=documented,linear").request.study.policies == ("documented", "documented;premium=linear")
    assert read("policy=kept,linear").request.study.policies == ("kept", "kept;premium=linear")
    assert read("policy=documented,premium=half").request.study.policies == ("documented", "documented;premium=half")


def test_a_policy_goes_before_an_option_of_the_same_name():
    assert groups_with("cliff")
    assert read("policy=documented,cliff").request.study.policies == ("documented", "cliff")


def test_groups_add_cells_beside_the_policies():
    study = read("policy=documented", "premium=linear,cliff").request.study
    assert study.policies == ("documented", "documented;premium=linear", "documented;premium=cliff")


def test_parameters_are_drawn_unless_told_not_to():
    assert read().request.study.parameters == "priors"
    assert read("parameters=none").request.study.parameters == ""
    assert read().request.study.replications == 20


def test_years_become_months():
    assert read("horizon=2021-2025").request.study.months == 60
    assert read("horizon=2023-2025", "extend=2027").request.study.months == 84
    assert read("asof=2022-12").asof == month_index(2022, 12)
    assert read("asof=2022-12", "inputs=held").inputs == "held"
    assert read("asof=2022-12", "inputs=held").request.folder != read("asof=2022-12").request.folder


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("horizon=2025-2021",), "the earlier first"),
        (("horizon=2019-2025",), "two years from 2021 to 2030"),
        (("extend=2024",), "a year from 2026 to 2030"),
        (("extend=2031",), "up to 2030"),
        (("asof=2022",), "asof=2022-12"),
        (("asof=2022-12", "inputs=trent"), "trend"),
        (("inputs=held",), "a hindcast"),
        (("asof=2025-12",), "a month before 2025-12"),
        (("asof=2029-12", "extend=2030"), "a month from 2020-12 to 20"),
        (("outcome=relapse_nett",), "did you mean relapse_net"),
        (("policy=documented,kept", "asof=2022-12", "asof=2023-12"), "each key once"),
        (("months=60",), "horizon=2021-2025"),
        (("policy=documented,linar",), "allowed"),
    ],
)
def test_what_cannot_be_understood_is_told(words, said):
    assert said in refused(*words)


def test_an_option_of_several_groups_needs_its_group():
    assert len(groups_with("on")) > 1
    assert "name the group" in refused("policy=documented,on")


def test_a_forecast_from_end_to_end(engine, here, capsys):
    words = ("forecast", *SMALL, "policy=documented,linear", "outcome=relapse_net,at_risk")
    assert run_command(words) == 0
    said = capsys.readouterr().out
    folder = here / "runs" / "forecast-nanyang"
    assert "the transition ends in 2025-02" in said and "extend=2027" in said
    assert "luck only" in said and "in pairs" in said
    (frozen,) = frozen_in(folder)
    forecast = read_frozen(frozen)
    assert forecast.values["relapse_net"].shape == (2, 3, 5)
    rows = list(csv.DictReader((folder / "tables" / "forecast.csv").read_text(encoding="utf-8").splitlines()))
    assert {(row["series"], row["minus"]) for row in rows} == {
        (name, base) for name in ("relapse_net", "at_risk") for base in ("", "documented")
    }
    levels = [float(rows[0][name]) for name in ("q05", "q15", "q25", "q50", "q75", "q85", "q95")]
    assert levels == sorted(levels)
    charts = {path.name for path in (folder / "charts").iterdir()}
    assert {f"fan-relapse_net-en.{end}" for end in ("png", "svg", "pdf")} <= charts
    assert {"difference-at_risk-en.pdf", "goal-years-en.png"} <= charts
    # the same again is the same frozen forecast; more repetitions are another beside it
    assert run_command(words) == 0
    assert frozen_in(folder) == [frozen]
    assert run_command([word if word != "reps=3" else "reps=4" for word in words]) == 0
    assert len(frozen_in(folder)) == 2


def test_a_hindcast_hides_what_came_later(engine, here, capsys):
    assert run_command(("forecast", *SMALL, "policy=documented", "asof=2022-12")) == 0
    said = capsys.readouterr().out
    folder = here / "runs" / "forecast-nanyang-asof-2022-12"
    (frozen,) = frozen_in(folder)
    told = json.loads((frozen / "forecast.json").read_text(encoding="utf-8"))
    assert {point["fact"] for point in told["forecast"]["points"]} >= {"income_2021"}
    assert not {"income_2022", "offfarm_share_2024"} & {point["fact"] for point in told["forecast"]["points"]}
    assert "values.premium@2023-01=trend" in told["study"]["overrides"]
    assert "offfarm_share_2024" in told["hindsight"]["chosen_with"]["values.season_months"] and "offfarm_share_2024" in said
    assert "values.programme_transfers*=0.79" in told["study"]["overrides"] and "values.programme_transfers*=0.79" in said
    listed = list(csv.DictReader((folder / "tables" / "asof.csv").read_text(encoding="utf-8").splitlines()))
    assert {"trend", "held", "policy", "set anew", "chosen with later figures"} == {
        row["what"].partition(":")[0] for row in listed
    }
    # a report counts the changes that a hindcast makes by itself, and lists those that somebody asked for
    page = repr(method(open_subjects([folder], "en")[0]))
    assert "are put back to what was known then" in page and "Changes under every policy" not in page and "=trend" not in page


def test_support_that_ends_late_is_told(engine, here, capsys):
    assert run_command(("forecast", *SMALL, "policy=documented", "horizon=2021-2024", "outcome=relapse_net")) == 0
    said = capsys.readouterr().out
    assert "within the last 12 months" in said and "premium_subsidy_taper_ex_poor" in said


def test_policies_that_change_nothing_are_named():
    told = made()
    assert equal_to_base(told) == []
    same = replace(told, values={"relapse_net": told.values["relapse_net"][[0, 0]]})
    assert equal_to_base(same) == ["documented"]


def test_a_word_that_is_not_understood_is_the_only_problem(here, capsys):
    from experiments.store import Store
    from experiments.study import Study

    Store(here / "runs" / "forecast-nanyang").open(Study())
    assert run_command(("forecast", "horizon=2025-2021")) == 2
    assert "1 problem " in capsys.readouterr().err
    assert run_command(("forecast",)) == 2
    assert "holds another study" in capsys.readouterr().err
