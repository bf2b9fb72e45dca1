"""The command `fangpin compare`: what it prints, writes and refuses, on a stored study of the pretended model."""

from __future__ import annotations

import csv
from pathlib import Path

import fakes
import pytest

from experiments.runner import run_plan
from experiments.store import Store
from fangpin.cli import run_command
from fangpin.comparing import compare_rows


@pytest.fixture
def folder(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    fakes.Engine().install(monkeypatch)
    return store_study(here / "study", ("documented", "kept", "cliff"))


def store_study(root: Path, policies: tuple[str, ...]) -> Path:
    plan = fakes.plan(policies)
    store = Store(root)
    store.open(plan.study)
    run_plan(plan, store)
    return store.root


def rows_of(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_prints_the_page_first_and_writes_every_table(folder, capsys, lang):
    assert run_command(["compare", str(folder), f"lang={lang}"]) == 0
    said = capsys.readouterr().out
    first, second = {"zh": ("防贫首页", "减“政策保持不变”"), "en": ("First page", "minus 'Support kept'")}[lang]
    assert 0 < said.index(first) < said.index(second)
    # files written before a household had type and income are told as lacking, not left out in silence
    assert {"zh": "未存", "en": "not stored"}[lang] in said
    names = {"bureau", "compare", "who", "costs", "cost_effectiveness", "net_benefit", "frontier", "distribution"}
    assert names <= {path.stem for path in (folder / "tables").glob("*.csv")}
    assert {f"pairs-{lang}.png", f"plane-{lang}.svg"} <= {path.name for path in (folder / "charts").iterdir()}


def test_the_table_says_difference_verdict_and_worth_of_pairing(folder, capsys):
    assert run_command(["compare", str(folder), "base=documented", "format=csv"]) == 0
    rows = rows_of(folder / "tables" / "compare.csv")
    assert {row["base"] for row in rows} == {"documented"} and {row["policy"] for row in rows} == {"kept", "cliff"}
    for row in rows:
        if row["verdict"] == "more":
            assert float(row["low95"]) > 0
        if row["verdict"] == "fewer":
            assert float(row["high95"]) < 0
    horizon = [row for row in rows if row["year"] == "all"]
    assert all(row["runs_unpaired_for_each_paired"] for row in horizon if row["outcome"] == "relapse_net")
    assert all(float(row["p_holm"]) >= float(row["p"]) for row in horizon if row["p_holm"])
    capsys.readouterr()


def test_python_users_get_the_same_differences(folder):
    found = compare_rows(folder, "documented")
    net = next(row for row in found if (row["policy"], row["outcome"], row["year"]) == ("kept", "relapse_net", None))
    assert net["base"] == "documented" and net["difference"]["mean"] == pytest.approx(net["value"] - net["base_value"])


def test_every_mistake_is_told_at_once_and_nothing_is_written(folder, capsys):
    assert run_command(["compare", str(folder), "definition=nett", "format=xlsx", "lang=fr"]) == 2
    said = capsys.readouterr().err
    assert "definition" in said and "format" in said and "lang" in said and "net" in said
    assert not (folder / "tables").exists()


def test_a_base_that_is_no_policy_names_those_there_are(folder, capsys):
    assert run_command(["compare", str(folder), "base=clif"]) == 2
    said = capsys.readouterr().err
    assert "'clif'" in said and "documented" in said and "did you mean 'cliff'?" in said


def test_a_folder_that_holds_no_study(here, capsys):
    assert run_command(["compare", "nothing"]) == 2
    assert "study.json" in capsys.readouterr().err
    assert run_command(["compare", "--help"]) == 0 and "base=" in capsys.readouterr().out


def test_one_policy_alone_has_a_page_and_nothing_to_compare(here, monkeypatch, capsys):
    fakes.Engine().install(monkeypatch)
    store_study(here / "alone", ("documented",))
    assert run_command(["compare", "alone", "lang=en"]) == 0
    said = capsys.readouterr().out
    assert "First page" in said and "nothing to compare" in said
