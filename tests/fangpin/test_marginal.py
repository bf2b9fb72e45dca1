"""The command `fangpin marginal`: its words, its refusals, and a whole one with the pretended model."""

from __future__ import annotations

import csv

from fangpin.cli import run_command
from fangpin.margins import prepare_marginal

WORDS = ["lever=premium_subsidy_taper_ex_poor.share@2022", "levels=0.2,0.5,0.8", "households=2000", "reps=3", "months=24"]


def test_every_level_of_every_knob_is_a_policy_beside_the_base(here):
    request, plan, problems = prepare_marginal([*WORDS[1:], "lever=a.x,premium_subsidy_taper_ex_poor.share@2022"])
    assert plan is None and any("a.x" in str(problem) for problem in problems)
    request, plan, problems = prepare_marginal(WORDS)
    assert problems == [] and plan is not None and request.folder.name == "marginal-nanyang"
    key = "premium_subsidy_taper_ex_poor.share@2022"
    assert plan.study.policies == ("documented", *(f"documented;{key}={level}" for level in ("0.2", "0.5", "0.8")))
    assert plan.study.base == "documented"


def test_all_mistakes_are_told_and_nothing_is_written(here, capsys):
    assert run_command(["marginal", "lever=posts", "policy=kept,cliff", "reps=none"]) == 2
    said = capsys.readouterr().err
    assert "'posts'" in said and "levels" in said and "one policy" in said and "reps" in said
    assert list(here.iterdir()) == []
    assert run_command(["marginal", "nothing-here"]) == 2 and "study.json" in capsys.readouterr().err
    assert run_command(["marginal", "--help"]) == 0 and "levels=" in capsys.readouterr().out


def test_it_runs_tells_and_goes_on(engine, here, capsys):
    assert run_command(["marginal", *WORDS, "lang=en", "workers=1", "out=next"]) == 0
    said = capsys.readouterr().out
    assert "falls averted by each further million yuan" in said and "premium_subsidy_taper_ex_poor.share@2022" in said
    with open(here / "next" / "tables" / "marginal.csv", encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert rows and all(row["knob"] == "premium_subsidy_taper_ex_poor.share@2022" for row in rows)
    assert (here / "next" / "charts" / "marginal-en.png").exists()
    made = engine.models
    assert run_command(["marginal", *WORDS, "lang=zh", "workers=1", "out=next"]) == 0 and engine.models == made
    assert run_command(["marginal", "next", "lang=zh"]) == 0 and "每多花一百万元" in capsys.readouterr().out


def test_a_misspelt_word_meets_the_commands_own_words(capsys):
    assert run_command(["marginal", "levls=0,1", "lever=public_welfare_jobs.kept@2022"]) == 2
    told = capsys.readouterr().err
    assert "levls: 0,1; allowed: lever, levels, place," in told and "did you mean levels?" in told
    assert "levels: nothing; allowed: levels=..., separated by commas, or a folder of stored runs" in told
    assert run_command(["marginal", "households=600"]) == 2
    told = capsys.readouterr().err
    assert "lever: nothing" in told and "unknown key" not in told
