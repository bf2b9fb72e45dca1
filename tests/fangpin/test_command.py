"""The command as its users meet it: exit codes, texts, files. The model is pretended."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fangpin.cli import run_command
from sim.indicators import CAUSES

SMALL = ("households=500", "months=24", "reps=2")


def test_the_help_lists_every_key(capsys):
    from fangpin.arguments import KEYS

    assert run_command(["run", "--help"]) == 0
    told = capsys.readouterr().out
    assert all(f"  {key}=" in told for key in KEYS)


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"], ["help"]])
def test_help(words, capsys):
    assert run_command(words) == 0
    assert "fangpin run" in capsys.readouterr().out


def test_version(capsys):
    assert run_command(["version"]) == 0
    assert capsys.readouterr().out == "fangpin 0.1.0\n"


def test_an_unknown_command_names_the_nearest(capsys):
    assert run_command(["runn"]) == 2
    assert "did you mean `fangpin run`?" in capsys.readouterr().err
    assert run_command(["reps=3"]) == 2
    assert "did you mean `fangpin run reps=3`?" in capsys.readouterr().err


def test_a_run_leaves_tables_charts_and_runs(engine, here, capsys):
    assert run_command(["run", *SMALL]) == 0
    folder = here / "runs" / "nanyang"
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {
        "study.json",
        "assumptions.txt",
        "tables/summary.csv",
        "tables/differences.csv",
        "tables/facts.csv",
    } <= names
    assert {"charts/rates-zh.png", "charts/rates-zh.svg", "charts/causes-documented-zh.png"} <= names
    assert len(list(folder.glob("runs/*/indicators.parquet"))) == 4
    told = capsys.readouterr().out
    for word in ("返贫率", "分母", "涌现", "账目余差：0", "assumptions.txt", str(folder)):
        assert word in told


def test_english_is_english_throughout(engine, here, capsys):
    assert run_command(["run", *SMALL, "lang=en", "out=o"]) == 0
    told = capsys.readouterr()
    assert all(char < "\u2e80" for char in told.out + told.err)
    assert "relapse, income net" in told.out
    assert (here / "o/charts/rates-en.png").exists()


def test_the_same_command_again_makes_nothing_and_says_the_same(engine, here, capsys):
    run_command(["run", *SMALL])
    first, made = capsys.readouterr().out, engine.models
    tables = {path.name: path.read_bytes() for path in here.rglob("*.csv")}
    assert run_command(["run", *SMALL]) == 0
    assert engine.models == made
    assert {path.name: path.read_bytes() for path in here.rglob("*.csv")} == tables
    assert capsys.readouterr().out.replace("4 个运行都已完成，直接读取\n", "") == first


def test_all_problems_at_once_and_nothing_written(engine, here, capsys):
    words = [
        "rep=2",
        "reps=0",
        "place=nanyan",
        "policy=kepp",
        "lang=fr",
        "public_welfare_jobs.kepp=1",
        "values.job_finding=7",
    ]
    (here / "file").write_text("")
    assert run_command(["run", *words, "out=file/o"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "8 problems" in told.err and "nothing was written" in told.err
    for part in ("reps?", "nanyang?", "kept?", "zh or en", "'kept'", "0 to 1", "is a file"):
        assert part in told.err
    assert [path.name for path in here.iterdir()] == ["file"]
    assert engine.lives == 0


def test_too_few_households_are_refused_with_the_range(engine, here, capsys):
    assert run_command(["run", "households=3"]) == 2
    told = capsys.readouterr().err
    assert told.count("households: 3") == 1
    assert list(here.iterdir()) == []


def test_a_folder_with_another_study_is_refused(engine, here, capsys):
    run_command(["run", *SMALL])
    capsys.readouterr()
    assert run_command(["run", *SMALL[:2], "reps=2", "seed=5"]) == 2
    assert "another study (seed=1 there, 5 here)" in capsys.readouterr().err


def test_a_failed_run_gives_exit_code_1_and_names_its_error_file(engine, here, capsys):
    from experiments.seeds import replication_seed

    engine.broken = (replication_seed(1, 1),)
    assert run_command(["run", *SMALL, "lang=en"]) == 1
    told = capsys.readouterr()
    assert told.err.count("failed:") == 2
    assert "one replication, no error" in told.out
    assert len(list(here.glob("runs/nanyang/errors/*.txt"))) == 2


def test_an_interrupt_says_that_the_command_continues(engine, here, capsys, monkeypatch):
    def interrupt(*given):
        raise KeyboardInterrupt

    monkeypatch.setattr("experiments.engine.live", interrupt)
    assert run_command(["run", *SMALL]) == 130
    assert "continues where it stopped" in capsys.readouterr().err


def test_a_disk_that_is_full_when_charts_are_drawn_stops_with_one_message(engine, here, capsys, monkeypatch):
    def full(*given, **named):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("matplotlib.figure.Figure.savefig", full)
        assert run_command(["run", *SMALL]) == 1
    told = capsys.readouterr().err
    assert "fangpin run: stopped; what is finished is stored:" in told and "No space left on device" in told
    assert "Traceback" not in told
    made = engine.models
    assert run_command(["run", *SMALL]) == 0 and engine.models == made


def test_one_policy_alone_can_be_run(engine, here, capsys):
    assert run_command(["run", *SMALL, "policy=cliff", "lang=en"]) == 0
    assert "difference in" not in capsys.readouterr().out


def test_a_policy_file_of_ones_own(engine, here, capsys):
    (here / "mine.yaml").write_text(
        "id: mine\nname: {zh: 我的政策, en: My policy}\nmeaning: nothing changes\noverrides: []\n", encoding="utf-8"
    )
    assert run_command(["run", *SMALL, "policy=mine.yaml,kept", "lang=en"]) == 0
    assert "'My policy' minus" in capsys.readouterr().out
    assert not list(here.rglob("*.yaml*.png"))


def test_difference_table_adds_up(engine, here):
    import csv

    run_command(["run", *SMALL])
    with open(here / "runs/nanyang/tables/differences.csv", encoding="utf-8") as handle:
        rows = [row for row in csv.DictReader(handle) if row["year"] == "all" and row["group"] == "ex_poor"]
    parts = {row["cause"]: float(row["persons"]) for row in rows}
    assert sum(parts[cause] for cause in CAUSES) == pytest.approx(parts["total"])


def test_study_json_tells_the_study(engine, here):
    run_command(["run", *SMALL])
    told = json.loads((here / "runs/nanyang/study.json").read_text(encoding="utf-8"))["study"]
    assert told["policies"] == ["documented", "kept"]
    assert told["households"] == 500


HEAVY = ("numpy", "numba", "mesa", "scipy", "matplotlib", "pandas", "pyarrow", "rich", "hydra")


def test_help_loads_nothing_heavy():
    script = f"import sys, fangpin.cli as cli; cli.run_command([]); print([name for name in {HEAVY} if name in sys.modules])"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent.parent)}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.endswith("[]\n")


def test_a_place_of_counties_is_run_weighted(engine, here, capsys):
    words = ["place=national", "households=700", "months=24", "reps=2"]
    assert run_command(["run", *words, "lang=en"]) == 0
    told = capsys.readouterr().out
    for part in ("fangpin: China", "11 representative counties", "weighted over counties", "by representative county"):
        assert part in told
    folder = here / "runs" / "national"
    assert len(list(folder.glob("runs/*/indicators.parquet"))) == 11 * 4
    assert (folder / "tables" / "counties.csv").exists()
    assumed = (folder / "assumptions.txt").read_text(encoding="utf-8")
    assert "national/east_key: values.registered_share = " in assumed
    assert assumed.count("values.poverty_line@2021-01") == 1
    made = engine.models
    assert run_command(["run", *words]) == 0
    assert engine.models == made
    assert "代表县" in capsys.readouterr().out


def test_one_county_of_a_place_is_run_alone(engine, here, capsys):
    assert run_command(["run", "place=national/east_key", "households=700", "months=12", "reps=1", "policy=kept"]) == 0
    assert (here / "runs" / "national-east_key" / "tables" / "summary.csv").exists()
    assert not list(here.rglob("counties.csv"))
    assert run_command(["run", "place=national/east_kye"]) == 2
    assert "did you mean national/east_key" in capsys.readouterr().err


def test_counties_that_are_too_small_are_taken_whole(engine, here, capsys):
    assert run_command(["run", "place=national", "households=40000", "months=12", "reps=1", "policy=kept", "lang=en"]) == 0
    assert "11 representative counties, 431,687 rural households" in capsys.readouterr().out


def test_a_set_runs_its_arms_and_prints_what_it_asks_for(engine, here, capsys):
    words = ("set=premium_subsidy_exit", "arms=keep_full,cliff_2023", "place=longyan", "lang=en")
    assert run_command(["run", *words, *SMALL]) == 0
    folder, told = here / "runs" / "premium_subsidy_exit-longyan", capsys.readouterr().out
    rows = (folder / "tables" / "outputs.csv").read_text().splitlines()
    assert rows[1].startswith('premium_subsidy_exit/keep_full,"enrolment, ex-poor",%')
    assert "Ends at once in 2023" in told and "severe episodes of the uninsured" in told
    assert "stress in every arm: The premium rises" in told
    assert len(list(folder.glob("runs/*/indicators.parquet"))) == 4
    assert run_command(["run", *words, *SMALL, "stress=off"]) == 2
    assert "another" in capsys.readouterr().err
    assert run_command(["run", "arms=keep_full", *SMALL]) == 2
    assert "arms: without set=; allowed: with a scenario set" in capsys.readouterr().err


def test_a_set_whose_stresses_come_apart_makes_a_study_for_each(engine, here, capsys):
    words = ("set=transition_exit_package", "arms=hold_all_fuhuan,by_class", "place=fuhuan", "lang=en")
    assert run_command(["run", *words, *SMALL[1:], "households=800"]) == 0
    folder, told = here / "runs" / "transition_exit_package-fuhuan", capsys.readouterr().out
    assert [path.parent.parent.name for path in sorted(folder.glob("*/tables/outputs.csv"))] == [
        "baseline",
        "illness_wave",
        "labour_shock",
    ]
    assert "stress in every arm: none" in told and "study 3 of 3" in told


def test_many_arms_are_told_compactly(engine, here, capsys):
    assert run_command(["run", "set=public_job_exit", "place=heilongjiang/ex_poor", "lang=en", *SMALL[1:], "households=800"]) == 0
    told = capsys.readouterr().out
    assert told.count("(mean ± half of the 95% interval") == told.count(": cost by lever") == told.count(": clusters (") == 1
    assert "the same tables of 6 more policies are in summary.csv" in told and "tables/outputs.csv" in told


def test_sets_are_listed_and_told(capsys):
    assert run_command(["sets", "lang=en"]) == 0
    assert "premium_subsidy_exit" in capsys.readouterr().out
    assert run_command(["sets", "premium_subsidy_exit", "lang=en"]) == 0
    assert "keep_full (reference)" in capsys.readouterr().out
    assert run_command(["sets", "premium_subsidy_exi"]) == 2
    assert "did you mean 'premium_subsidy_exit'?" in capsys.readouterr().err
