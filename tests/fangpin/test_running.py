"""What a folder of runs holds, and any of them once more. The model is pretended."""

import json

import pytest

from fangpin.cli import run_command

SMALL = ("households=500", "months=24", "reps=2", "lang=en")


def stored(here):
    return sorted((here / "o/runs").iterdir())


def test_runs_are_counted_and_listed(engine, here, capsys):
    assert run_command(["run", *SMALL, "out=o"]) == 0
    capsys.readouterr()
    assert run_command(["runs", "o", "lang=en"]) == 0
    told = capsys.readouterr().out
    rows = [line.split() for line in told.splitlines()]
    assert ["documented", "2", "2", "0", "0", "2"] in rows and ["4", "4", "0", "0", "2"] in rows
    assert all(path.name[:6] in told for path in stored(here))


def test_a_failed_run_is_told_with_its_error(engine, here, capsys, monkeypatch):
    monkeypatch.setattr("experiments.engine.live", broken)
    assert run_command(["run", *SMALL, "out=o"]) == 1
    capsys.readouterr()
    assert run_command(["runs", "o"]) == 0
    told = capsys.readouterr().out
    assert told.count("RuntimeError: no past") == 4 and "失败" in told


def broken(*given):
    raise RuntimeError("no past")


@pytest.mark.parametrize("which", [0, 2, 3])
def test_any_run_made_again_gives_its_stored_bytes(engine, here, capsys, which):
    run_command(["run", *SMALL, "out=o", "premium_subsidy_taper_ex_poor.share=0.4"])
    capsys.readouterr()
    assert run_command(["rerun", "o", stored(here)[which].name[:8], "lang=en"]) == 0
    told = capsys.readouterr().out
    assert "all the same" in told and "not as it was" not in told
    assert told.count(" same") == 1 + len(list(stored(here)[which].iterdir())) - 1


def test_a_run_of_a_parameter_draw_made_again(engine, here, capsys):
    run_command(["run", *SMALL, "out=o", "parameters=priors", "policy=kept"])
    assert run_command(["rerun", "o", stored(here)[0].name, "lang=en"]) == 0
    assert "all the same" in capsys.readouterr().out


def test_a_file_that_differs_is_named(engine, here, capsys):
    run_command(["run", *SMALL, "out=o"])
    path = stored(here)[0] / "summary.json"
    path.write_bytes(path.read_bytes() + b" ")
    capsys.readouterr()
    assert run_command(["rerun", "o", stored(here)[0].name[:10], "lang=en"]) == 1
    told = capsys.readouterr().out
    assert [line.split() for line in told.splitlines() if "summary.json" in line] == [["summary.json", "different"]]
    assert "not all the same" in told


def test_other_versions_are_told_first(engine, here, capsys):
    run_command(["run", *SMALL, "out=o"])
    plan = here / "o/plan.json"
    told = json.loads(plan.read_text(encoding="utf-8"))
    told["versions"]["numpy"] = "1.0"
    told["all"]["engine"] = "older"
    plan.write_text(json.dumps(told), encoding="utf-8")
    capsys.readouterr()
    assert run_command(["rerun", "o", stored(here)[0].name[:10], "lang=en"]) == 0
    said = capsys.readouterr().out
    assert "not as it was: engine fake-engine instead of older, numpy" in said
    assert said.index("not as it was") < said.index("all the same")


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["rerun", "o"], "a folder and the id of one run"),
        (["rerun", "o", "zzz"], "RUN: zzz; allowed: the beginning of one run's key, such as"),
        (["rerun", "o", ""], "allowed: the beginning of one run's key"),
        (["rerun", "nowhere", "a"], "nowhere holds no plan.json"),
        (["rerun", "o", "a", "lang=fr"], "zh or en"),
        (["runs", "nowhere"], "nowhere holds no plan.json"),
    ],
)
def test_what_cannot_be_understood(engine, here, capsys, words, part):
    run_command(["run", *SMALL, "out=o"])
    capsys.readouterr()
    assert run_command(words) == 2
    assert part in capsys.readouterr().err


def test_help(capsys):
    for command in ("runs", "rerun"):
        assert run_command([command, "--help"]) == 0
        assert f"fangpin {command}" in capsys.readouterr().out
    assert run_command(["rerun"]) == 2
