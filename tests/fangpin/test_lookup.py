"""The commands that look something up."""

import pytest

import fangpin
from fangpin.cli import run_command


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["places"], ("淅川", "206,500")),
        (["policies", "lang=en"], ("Support kept", "public_welfare_jobs.kept")),
        (["levers", "group=health", "lang=en"], ("critical_illness_insurance_tilt", "linkage_fund", "family on dibao")),
        (["levers", "mechanism=top_up"], ("农村最低生活保障", "top_up")),
        (["levers", "place=longyan", "lang=en", "grade=sourced"], ("(八)", "in force in longyan", "time-limited")),
        (["levers", "kind=context"], ("五年过渡期", "背景")),
        (["explain", "public_welfare_jobs"], ("条款", "汕尾", "不同", "五地中唯一增设岗位")),
        (["explain", "student_financial_aid.senior", "lang=en"], ("yuan/pupil", "clauses: Nanyang 二（二）3")),
        (["explain", "oop_share_control", "lang=en"], ("not", "Only here, without a figure", "a plan names it")),
        (["coverage", "place=fuhuan"], ("（二十六）", "general_farmer_credit_loan", "R9：", "未做的政策工具")),
        (["coverage", "lang=en"], ("Heilongjiang", "village_express_2022", "neither entry nor knob")),
        (["explain", "values.poverty_line", "lang=en"], ("4,000", "official statistic", "nothing")),
        (["explain", "tables.chronic", "lang=en"], ("0.28  0.15",)),
        (["facts"], ("只列实际数字", "行政目标")),
    ],
)
def test_it_is_told(words, parts, here, capsys):
    assert run_command(words) == 0
    told = capsys.readouterr().out
    assert all(part in told for part in parts)


@pytest.mark.parametrize("command", ["places", "policies", "levers", "explain", "coverage", "facts", "targets"])
def test_help_of_each_and_its_place_in_the_help(command, capsys):
    assert run_command([command, "--help"]) == 0
    assert f"fangpin {command}" in capsys.readouterr().out
    run_command([])
    assert f"fangpin {command}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["levers", "grup=health"], "did you mean 'group'"),
        (["levers", "group=helth"], "did you mean 'health'"),
        (["levers", "place=nanyan"], "did you mean 'nanyang'"),
        (["levers", "grade=lav"], "did you mean 'law'"),
        (["coverage", "place=national"], "has no plan"),
        (["explain"], "fangpin explain dibao"),
        (["explain", "dibaoo"], "did you mean 'dibao'"),
        (["explain", "dibao", "lang=fr"], "zh or en"),
        (["facts", "nowhere"], "holds no tables/facts.csv"),
        (["places", "nanyang"], "not key=value"),
    ],
)
def test_mistakes_are_told_with_the_remedy(words, part, here, capsys):
    assert run_command(words) == 2
    assert part in capsys.readouterr().err


def test_facts_stand_beside_the_results_of_a_run(engine, here, capsys):
    run_command(["run", "households=500", "months=24", "reps=2"])
    capsys.readouterr()
    assert run_command(["facts", "lang=en"]) == 0
    told = capsys.readouterr().out
    assert "agree, " in told and "simulated figures from runs/nanyang" in told
    rows = fangpin.facts("runs/nanyang")
    assert {row["verdict"] for row in rows} <= {"agrees", "differs", "cannot tell", "not judged"}
    assert any(row["id"] == "identity" for row in rows)
    assert all(row["names"]["zh"] and row["names"]["en"] for row in rows)
    assert run_command(["facts", "place=elsewhere"]) == 0
    assert "只列实际数字" in capsys.readouterr().out


def test_the_python_doors_return_plain_data():
    assert fangpin.places()["nanyang"]["counties"] == 1
    assert fangpin.policies()["kept"]["changes"] == []
    assert fangpin.levers(mechanism="top_up")["dibao"]["entries"]["dibao"]["level"] == "county"
    assert fangpin.levers("fuhuan", kind="context")["policy_class_schedule"]["path"] == "stable"
    assert len(fangpin.coverage("shanwei")["plans"]["shanwei"]["clauses"]) == 25
    assert fangpin.explain("poverty_line")["unit"] == "yuan/person/year"
    assert {row["tag"] for row in fangpin.facts()} == {"input", "emergent", "administrative_target", "not_comparable"}


def test_targets_of_the_plan_are_judged_on_a_run(engine, here, capsys):
    run_command(["run", "households=500", "months=24", "reps=2"])
    capsys.readouterr()
    assert run_command(["targets", "lang=en"]) == 0
    told = capsys.readouterr().out
    assert "No dropout in compulsory education" in told and "cannot tell" in told and "二（一）3" in told
    assert (here / "runs/nanyang/tables/targets.csv").is_file()
    rows = fangpin.targets("runs/nanyang", every=True)
    assert len({row["target"] for row in rows}) == 31
    assert run_command(["targets", "plan=longjan"]) == 2
    assert "did you mean 'longyan'" in capsys.readouterr().err
    assert run_command(["targets", "nowhere"]) == 2
    assert "study.json" in capsys.readouterr().err
