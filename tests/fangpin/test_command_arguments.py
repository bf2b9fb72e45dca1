"""The words of `fangpin run`: what they mean, and every mistake told at once."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangpin.arguments import read_words
from fangpin.size import DEFAULT_HOUSEHOLDS
from fangpin.values import parse_value


def understood(*words):
    request, problems = read_words(words)
    assert problems == []
    return request


def refused(*words):
    _, problems = read_words(words)
    return [str(problem) for problem in problems]


def test_nothing_said_means_the_first_command():
    request = understood()
    study = request.study
    assert (study.place, study.policies, study.months, study.replications, study.seed) == (
        "nanyang",
        ("documented", "kept"),
        60,
        8,
        1,
    )
    assert study.households == DEFAULT_HOUSEHOLDS
    assert request.folder == Path("runs/nanyang")
    assert (request.lang, request.workers.threads) == ("zh", None)


def test_every_key():
    request = understood(
        "policy=kept,cliff", "households=500", "months=24", "reps=2", "seed=7", "threads=1", "out=a b/c", "lang=en"
    )
    study = request.study
    assert (study.policies, study.households, study.months, study.replications) == (("kept", "cliff"), 500, 24, 2)
    assert (study.seed, request.workers.threads, request.out, request.lang) == (7, 1, Path("a b/c"), "en")


def test_the_whole_county():
    assert understood("households=all").study.households is None


def test_brackets_make_a_list_too():
    assert understood("policy=[kept,cliff]").study.policies == ("kept", "cliff")


def test_a_folder_with_a_chinese_name():
    assert understood("out=结果/南阳").folder == Path("结果/南阳")


def test_overrides_are_kept_as_they_were_written():
    words = ("public_welfare_jobs.kept@2022-01=0.5", "values.job_finding=0.1")
    assert understood(*words).study.overrides == words


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("rep=3", "rep: 3; allowed: place, policy, set, arms, stress, levers, parameters, population, households"),
        ("rep=3", "did you mean reps?"),
        ("reps=0", "reps: 0; allowed: a whole number from 1 on"),
        ("reps=many", "reps: many; allowed: a whole number"),
        ("reps=1.5", "reps: 1.5; allowed: a whole number"),
        ("reps=true", "reps: true; allowed: a whole number"),
        ("reps=", "reps: ; allowed: a whole number"),
        ("months=121", "months: 121; allowed: a whole number from 1 to 120"),
        ("months=121", "2030-12"),
        ("households=-5", "households: -5; allowed: a whole number from 1 on"),
        ("households=lots", "or households=all"),
        ("seed=-1", "seed: -1; allowed: a whole number from 0"),
        ("threads=0", "threads: 0; allowed: a whole number from 1"),
        ("lang=fr", "lang: fr; allowed: zh or en"),
        ("place=nanyan", "did you mean nanyang?"),
        ("place=nanyang,henan", "one place a command"),
        ("policy=kepp", "did you mean kept?"),
        ("policy=kept,kept", "each policy once"),
        ("out=", "out: ; allowed: a folder"),
        ("reps", "write reps=..."),
        ("lever.field=1,2", "run the command once for each value"),
        ("months=[1", "a value, or values separated by commas"),
    ],
)
def test_each_mistake_names_key_value_remedy(word, said):
    (text,) = refused(word)
    assert text.startswith("command line: ")
    assert said in text


def test_a_key_given_twice():
    assert "leave out one of the two reps=" in refused("reps=1", "reps=2")[0]


def test_all_mistakes_are_told_at_once():
    assert len(refused("reps=0", "months=x", "foo", "polcy=kept", "seed=-3")) == 5


def test_a_change_dated_after_the_end_is_refused():
    (text,) = refused("public_welfare_jobs.kept@2024-01=0.5", "months=36")
    assert "public_welfare_jobs.kept@2024-01: 0.5; allowed: a month up to 2023-12" in text
    assert refused("public_welfare_jobs.kept@2023-12=0.5", "months=36") == []


def test_code_and_the_environment_stay_out():
    assert parse_value("${oc.env:HOME}") == "${oc.env:HOME}"
    assert refused("place=${oc.env:HOME}")


@given(st.integers(0, 2**63 - 1))
def test_any_seed_is_read_back(seed):
    assert understood(f"seed={seed}").study.seed == seed


@given(st.text(max_size=30))
def test_no_word_breaks_the_reader(word):
    _, problems = read_words([word])
    assert all(str(problem) for problem in problems)


def test_stresses_come_together_or_apart():
    def asked(*words):
        request = understood("set=transition_exit_package", "arms=by_class", *words)
        return [(str(one.folder), one.study.stress) for one in request.by_case()]

    file, folder = "transition_exit_package", "runs/transition_exit_package-nanyang"
    wave, shock = f"{file}/illness_wave", f"{file}/labour_shock"
    each = [(f"{folder}/baseline", ()), (f"{folder}/illness_wave", (wave,)), (f"{folder}/labour_shock", (shock,))]
    assert asked() == asked("stress=apart") == each
    assert asked("stress=all") == asked("stress=illness_wave,labour_shock") == [(folder, (wave, shock))]
    assert asked("stress=off") == [(folder, ())]
    assert asked("stress=labour_shock", "out=here") == [("here", (shock,))]
    [problem] = refused(f"set={file}", "stress=flood")
    assert problem.endswith("illness_wave, labour_shock, off (none), all (all at once), apart (none, then each alone)")


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["score", "asfo=2022-12"], "asof"),
        (["forecast", "horison=2021-2025"], "horizon"),
        (["sweep", "precison=0.1pp"], "precision"),
        (["grow", "marginls=x"], "marginals"),
        (["calibrate", "codebok=cfps"], "codebook"),
        (["odd", "plaec=nanyang"], "place"),
    ],
)
def test_a_misspelt_key_meets_the_commands_own_words(words, meant, capsys):
    from fangpin.cli import run_command

    assert run_command(words) == 2
    said = capsys.readouterr().err
    assert f"did you mean {meant}?" in said or f"did you mean '{meant}'?" in said
