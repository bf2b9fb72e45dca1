"""`fangpin release` on stored runs of the pretended model."""

import json

from fangpin.cli import run_command

RUN = ["run", "households=500", "months=24", "reps=2", "out=ours", "lang=en"]


def test_a_synthetic_population_needs_no_gate(engine, here, capsys):
    run_command(RUN)
    assert "synthetic population: free of disclosure limits" in capsys.readouterr().out
    assert run_command(["release", "ours", "lang=en"]) == 0
    assert "free of disclosure limits" in capsys.readouterr().out
    assert not (here / "ours/release").exists()


def test_persons_leave_through_the_gate_alone(engine, here, capsys):
    run_command([*RUN, "population=person_level"])
    assert "fangpin release" in capsys.readouterr().out
    assert run_command(["release", "ours"]) == 2
    assert "register: missing" in capsys.readouterr().err
    assert run_command(["release", "ours", "register=out", "lang=en"]) == 0
    text = (here / "ours/release/counts.csv").read_text(encoding="utf-8-sig")
    # six of the ten households of the first village fall in 2022, one of the last: too few; nobody falls in 2021
    assert {line.rsplit(",", 1)[-1] for line in text.splitlines()[1:]} == {"hidden"}
    assert "village 1,ex_poor,2022,documented,10,hidden,hidden" in text or "village 1,ex_poor,2022,documented,hidden" in text
    (line,) = (here / "out/register.jsonl").read_text().splitlines()
    assert json.loads(line)["kind"] == "release"


def test_no_life_is_told_of_persons(engine, here, capsys):
    run_command([*RUN, "population=person_level"])
    for words in (["life", "--from", "ours"], ["life", "--from", "ours", "--household", "1"], ["causes", "ours", "household=1"]):
        assert run_command(words) == 2
        assert "rows of persons" in capsys.readouterr().err


def test_what_is_not_for_publication_says_so_wherever_it_goes(engine, here, capsys):
    run_command([*RUN, "population=person_level"])
    assert capsys.readouterr().out.rstrip().endswith("`fangpin release` makes what may")
    assert "may be published" in (here / "ours/NOT-FOR-PUBLICATION.txt").read_text(encoding="utf-8")
    for words in (["goal", "ours", "lang=en"], ["compare", "ours", "lang=en"]):
        assert run_command(words) == 0
        assert capsys.readouterr().out.rstrip().endswith("`fangpin release` makes what may"), words
    run_command([*RUN[:-2], "out=free", "lang=en"])
    assert run_command(["goal", "free", "lang=en"]) == 0 and "fangpin release" not in capsys.readouterr().out
    # the charts of the same runs differ by the stamp alone
    assert (here / "ours/charts/rates-en.png").read_bytes() != (here / "free/charts/rates-en.png").read_bytes()
    assert not (here / "free/NOT-FOR-PUBLICATION.txt").exists()


def test_two_registers_are_not_played_against_each_other(engine, here, capsys):
    run_command([*RUN, "population=person_level"])
    assert run_command(["release", "ours", "register=one"]) == 0
    capsys.readouterr()
    for words in (["release", "ours", "register=two", "unit=persons"], ["report", "ours", "register=two"]):
        assert run_command([*words, "lang=en"]) == 2
        assert "do not stand in" in capsys.readouterr().err
    assert not (here / "two/register.jsonl").exists()


def test_exact_tables_ask_who_and_why(engine, here, capsys):
    run_command([*RUN, "population=person_level"])
    capsys.readouterr()
    assert run_command(["release", "ours", "register=out", "secure=Li", "unit=person"]) == 2
    told = capsys.readouterr().err
    assert "2 problems" in told and "why: missing" in told and "persons" in told
    assert run_command(["release", "ours", "register=out", "secure=Li", "why=check", "lang=en"]) == 0
    assert (here / "ours/secure/counts-exact-not-for-publication.csv").exists()
    assert json.loads((here / "out/register.jsonl").read_text())["who"] == "Li"
