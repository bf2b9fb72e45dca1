"""`fangpin shapley`: players by name, cells of coalitions, mistakes told together."""

from __future__ import annotations

import csv

import pytest

from fangpin.cli import run_command
from fangpin.sharing import read_game
from scenarios import load
from scenarios.cell import split_cell


def told(*words: str) -> str:
    asked, problems = read_game(words)
    assert asked is None
    return "\n".join(str(problem) for problem in problems)


def test_six_players_are_sixty_four_cells():
    asked, problems = read_game(["policy=cliff", "reps=2"])
    assert problems == []
    study = asked.request.study
    assert len(study.policies) == len(asked.game.cells) == 64
    assert study.policies[-1] == "cliff"
    assert study.policies[0] == study.base == "kept;illness=off;disaster=off;job_loss=off;price=off;line=off"
    assert study.replications == 2
    assert asked.request.folder.name == "shapley-nanyang-cliff-illness-disaster-job_loss-price-line-support"


def test_hazards_and_levers_are_joined_with_a_plus():
    asked, _ = read_game(["policy=cliff", "players=illness+disaster,public_welfare_jobs+poverty_workshops"])
    assert asked.game.cells == (
        "cliff;illness=off;disaster=off;keep=public_welfare_jobs+poverty_workshops",
        "cliff;keep=public_welfare_jobs+poverty_workshops",
        "cliff;illness=off;disaster=off",
        "cliff",
    )


def test_supports_are_fields_of_policy_that_together_undo_the_policy():
    asked, _ = read_game(["policy=cliff", "players=supports"])
    assert 2 <= len(asked.game.players) <= 6
    kept, off = load("nanyang", "kept").rules, load("nanyang", asked.game.cells[0]).rules
    assert off == kept
    assert load("nanyang", "cliff").rules != kept


def test_one_lever_kept_is_as_under_support_kept_and_others_are_not():
    ours, kept, cliff = (load("nanyang", name).rules for name in ("cliff;keep=public_welfare_jobs", "kept", "cliff"))
    for mine, theirs, cut in zip(ours.levers, kept.levers, cliff.levers, strict=True):
        assert mine == (theirs if mine.id == "public_welfare_jobs" else cut)


@pytest.mark.parametrize("player", ["illness", "disaster", "job_loss", "price", "line"])
def test_off_begins_in_january_2021(player):
    on, off = (load("nanyang", f"documented;{player}={option}") for option in ("on", "off"))
    plain = load("nanyang", "documented")
    assert on.rules == plain.rules
    changed = [name for name in off.rules.values if off.rules.values[name] != plain.rules.values[name]]
    assert changed
    december, january = 12 * 2020 + 11, 12 * 2021
    for name in changed:
        assert all(off.rules.values[name].at(month) == plain.rules.values[name].at(month) for month in range(24000, january))
        lasting = off.rules.values[name].at(december) if player == "line" else 0
        assert {off.rules.values[name].at(month) for month in range(january, january + 120)} == {lasting}


def test_a_small_game_is_played_told_and_read_again(engine, here, capsys):
    words = ["shapley", "policy=cliff", "players=support,line", "households=500", "months=24", "reps=3", "lang=en", "out=game"]
    assert run_command(words) == 0
    said = capsys.readouterr().out
    assert "where falls under 'Cliff' come from" in said
    assert "end of support" in said
    with open(here / "game/tables/shapley-relapse_net_persons-ex_poor.csv", encoding="utf-8") as handle:
        rows = {row["player"]: row for row in csv.DictReader(handle)}
    assert set(rows) == {"support", "line", "rest", "total"}
    assert sum(float(rows[name]["share"]) for name in ("support", "line", "rest")) == pytest.approx(float(rows["total"]["share"]))
    # the pretended model does not know the line: a dummy gets nothing, in every replication
    assert float(rows["line"]["share"]) == float(rows["line"]["mc_error"]) == 0
    assert float(rows["support"]["share"]) == float(rows["support"]["alone"]) == float(rows["support"]["last"]) > 0
    assert len(list((here / "game/charts").glob("shapley-*.png"))) == 2
    made = engine.models
    assert run_command([*words, "measure=shortfall", "group=all"]) == 0
    assert engine.models == made
    assert (here / "game/tables/shapley-shortfall-all-worth.csv").read_text(encoding="utf-8").count("\n") == 5


def test_mistakes_are_told_together():
    said = told("policy=cliff,kept", "measure=relapse", "group=poor", "players=ilness", "reps=0")
    for key in ("policy", "measure", "group", "reps"):
        assert key in said
    assert "one policy" in said
    assert "did you mean" in said or "relapse_net_persons" in said


def test_unknown_players_are_named_with_the_nearest():
    said = told("policy=cliff", "players=ilness,public_welfare_job")
    assert "ilness" in said and "illness" in said
    assert "public_welfare_jobs" in said


@pytest.mark.parametrize(
    ("players", "said"),
    [
        ("support,public_welfare_jobs", "either support or levers"),
        ("illness,illness", "each player once"),
        ("illness+public_welfare_jobs", "hazards joined with hazards"),
        ("illness,disaster,job_loss,price,line,poverty_workshops,public_welfare_jobs", "1 to 6"),
        (",", "1 to 6"),
    ],
)
def test_games_that_cannot_be_played(players, said):
    assert said in told("policy=cliff", f"players={players}")


def test_an_unknown_lever_in_a_cell_is_told():
    from scenarios import ScenarioError

    with pytest.raises(ScenarioError, match="public_welfare_job'"):
        load("nanyang", "cliff;keep=public_welfare_job")
    assert split_cell("cliff;keep=a+b;premium=linear").kept == ("a", "b")
    assert split_cell("cliff;keep=a+b;premium=linear").choices == (("premium", "linear"),)
