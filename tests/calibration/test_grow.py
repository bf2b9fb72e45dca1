"""Households grown from a survey: taken back to 2013, the life most like the wave chosen, the same life lived again."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from calibration.grow import asked_again, candidates, choose, fit, founders_table, poorer, seed_households
from calibration.made import exact, make_survey
from calibration.marginals import place_marginals, read_marginals, traits_of, with_counts
from calibration.panel import Meta, make_panel
from calibration.reweight import reweight
from calibration.sample import standing
from experiments.latent import live_county
from fangpin.cli import run_command
from scenarios import ScenarioError, load, scaled
from scenarios.founders import populated, write_population

WAVE = 2020


def panel(homes=60):
    """A panel of couples with a child; every fourth couple has married since 2013, every tenth is on dibao."""
    number = np.arange(homes)
    rows = pd.DataFrame({"household": number, "wave": WAVE, "weight": 1.0 + number % 2, "size": 3.0})
    rows = rows.assign(income_total=3.0 * (4000.0 + 100.0 * number), dibao=(number % 10 == 0).astype(float))
    ages = np.stack([np.where(number % 4 == 0, 24, 50), np.where(number % 4 == 0, 23, 48), np.full(homes, 5)], axis=1)
    people = pd.DataFrame({"household": np.repeat(number, 3), "person": np.arange(3 * homes), "wave": WAVE})
    people = people.assign(weight=1.0, age=ages.ravel().astype(float), female=np.tile([0.0, 1.0, 1.0], homes))
    people["job"] = np.tile(["migrant", "farm", "none"], homes)
    people["chronic"] = np.tile([0.0, 1.0, 0.0], homes)
    return make_panel(rows, people, Meta("test"))


@pytest.fixture(scope="module")
def place():
    return load("nanyang")


def seeds_of(place, households=500, wave=None):
    wave = with_counts(wave or panel(), WAVE)
    done = reweight(wave, WAVE, place_marginals(place, wave))
    cut = poorer(done, 0.4, standing(wave, "income_total"))
    return done, seed_households(cut, wave, place, households, seed=3)


def test_members_are_counted_and_an_unknown_one_makes_the_count_unknown():
    before = panel(4)
    people = before.persons.assign(age=before.persons["age"].where(before.persons["person"] != 4))
    counted = with_counts(make_panel(before.households, people, before.meta), WAVE).households
    assert counted["children"].tolist()[0] == 1.0 and np.isnan(counted["aged_60"][1]) and counted["workers"].tolist() == [1.0] * 4
    assert counted["households"].tolist() == [1.0] * 4 and counted["chronic_members"].tolist() == [1.0] * 4


def test_the_poorer_by_weight_are_simulated(place):
    done, _ = seeds_of(place)
    kept = poorer(done, 0.4, standing(panel(), "income_total")).households
    assert kept["income_total"].max() < done.households["income_total"].median()
    share = kept["weight"].sum() / done.households["weight"].sum()
    assert 0.4 <= share < 0.4 + done.households["weight"].max() / done.households["weight"].sum()
    registered = done.households.assign(ex_poor=(done.households["income_total"] > 25_000).astype(float))
    first = poorer(replace(done, households=registered), 0.4, standing(panel(), "income_total"))
    assert first.households["ex_poor"].sum() == registered["ex_poor"].sum()


def test_members_go_back_to_2013_and_who_was_not_born_is_left_to_the_model(place):
    _, seeds = seeds_of(place)
    assert seeds.left_out == {"no adult in January 2013: formed since": seeds.left_out["no adult in January 2013: formed since"]}
    assert len(seeds.homes) == round(0.4 * 500) and seeds.rural_households == 500 and seeds.villages == 1
    members = seeds.members
    assert set(members["age"]) == {43, 41} and (members.groupby("home").size() == 2).all()
    men = members[members["sex"] == 1]
    assert (men["wants_work"] == 1).all() and (men["can_leave_home"] == 1).all() and (men["chronic_disease"] == 0).all()
    women = members[members["sex"] == 0]
    assert (women["wants_work"] == 0).all() and (women["can_leave_home"] == -1).all()
    # ill now: some were not yet ill seven years younger, by the prevalence at both ages
    assert 0.5 < (women["chronic_disease"] == 1).mean() < 1.0


def test_the_life_most_like_the_wave_is_chosen_and_one_that_ended_only_without_another(place):
    _, seeds = seeds_of(place)
    homes = seeds.homes.head(2)
    seeds = type(seeds)(homes, seeds.members[seeds.members["home"] < 2], {}, 1, 1, 500)
    numbers = candidates(seeds, 3)
    wanted = traits_of(homes)
    near, far = wanted.iloc[0] + 0.1, wanted.iloc[0] + 9.0
    key = pd.MultiIndex.from_arrays([[homes["village"][0]] * 2, numbers[0, 1:]], names=["village", "number"])
    lived = pd.DataFrame([far, near]).set_index(key)
    chosen, gone = choose(seeds, numbers, lived)
    assert chosen.tolist() == [numbers[0, 2], numbers[1, 0]] and gone == 1


def test_chosen_lives_are_lived_again_the_same_but_for_company(place, tmp_path):
    """A survey of the model itself: grown households come nearer to it than households of any life, and live as they did."""
    county = scaled(place, 828)
    truth = live_county(county, [WAVE], seed=5)
    survey = with_counts(make_survey(truth, exact((WAVE,), "survey"), 5), WAVE)
    done = reweight(survey, WAVE, place_marginals(place, survey, simulated=True))
    seeds = seed_households(done, survey, place, 1000, seed=3)
    about = {"source": "made", "person_level": False, "place": "nanyang", "rural_households": 1000}
    about |= {"villages": seeds.villages, "townships": seeds.townships}

    def live(numbers, name):
        write_population(tmp_path / name, founders_table(seeds, numbers), about)
        scenario = populated(place, str(tmp_path / name))
        return asked_again(live_county(scenario, [WAVE], seed=7, threads=1), WAVE, "survey")

    numbers = candidates(seeds, 3)
    all_lives = live(numbers, "lives.parquet")
    chosen, gone = choose(seeds, numbers, all_lives)
    key = pd.MultiIndex.from_arrays([seeds.homes["village"], chosen], names=["village", "number"])
    again = live(chosen[:, None], "population.parquet").reindex(key)
    first = all_lives.reindex(key)
    assert gone < 0.05 * len(chosen)
    # what institutions and neighbours do not touch is the same life
    same = (first["aged_60"] == again["aged_60"]) | first["aged_60"].isna()
    assert same.mean() > 0.97
    assert np.corrcoef(first["income_total"].fillna(0.0), again["income_total"].fillna(0.0))[0, 1] > 0.7
    table = fit(seeds, {"all_lives": all_lives, "lived_again": again}).set_index(["trait", "measure"])
    means = table.xs("mean", level="measure")
    assert means.loc["size", "lived_again_off"].__abs__() < 0.2
    assert (means["lived_again_off"].abs()).mean() < (means["all_lives_off"].abs()).mean()


def test_marginals_from_a_file(place, tmp_path):
    path = tmp_path / "totals.yaml"
    wave = with_counts(panel(), WAVE)
    path.write_text(
        "marginals:\n"
        "  - {name: on dibao, column: dibao, share: 0.1, source: the county yearbook 2020, grade: official_statistic}\n"
        '  - {name: over 60, column: aged_60, total: 9, low: 1, persons: true, source: "assumption: x", grade: assumption}\n'
    )
    whole, dibao, old = read_marginals(str(path), place, wave)
    assert whole.total == place.county.households and dibao.total == 0.1 * whole.total
    assert old.persons and old.low == 1.0 and dibao.source.startswith("the county yearbook")


def test_a_survey_of_the_simulated_stands_for_them_alone(place):
    homes, share = place.county.households, place.rules.values["simulated_share"].values[0]
    (whole,) = place_marginals(place, with_counts(panel(), WAVE))
    (part,) = place_marginals(place, with_counts(panel(), WAVE), simulated=True)
    assert whole.total == homes and part.total == homes * share and part.name == "simulated rural households"


def test_bad_marginals_are_told_together(place, tmp_path):
    path = tmp_path / "totals.yaml"
    path.write_text(
        "marginals:\n  - {name: a, column: dibbao, total: 3, share: 0.2, source: x, grade: assumption}\n"
        "  - {name: b, column: disabled_members, total: 0, low: 3, high: 1, source: x, grade: guess}\n"
        "  - {name: c, colum: size, total: 10, source: x, grade: assumption}\n"
    )
    with pytest.raises(ScenarioError) as caught:
        read_marginals(str(path), place, with_counts(panel(), WAVE))
    said = str(caught.value)
    for part in ("dibbao", "dibao", "total and share", "does not tell", "not above zero", "not below high", "guess", "colum"):
        assert part in said, part


def test_the_command_grows_a_population_that_a_run_takes(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run_command(["survey", "made", "panels", "waves=2018,2020", "households=828", "lang=en"]) == 0
    words = ["data=panels", "codebook=cfps", "households=1000", "lives=2", "lang=en", "out=grown"]
    assert run_command(["grow", *words]) == 0
    told = capsys.readouterr().out
    assert "sample=all" in told, "made files hold simulated households"
    assert "lived again" in told and "population=grown/population.parquet" in told and "off (sd)" in told
    first = (tmp_path / "grown/population.parquet").read_bytes()
    assert run_command(["grow", *words]) == 0  # goes on: every life is already lived
    assert (tmp_path / "grown/population.parquet").read_bytes() == first
    capsys.readouterr()
    run = ["run", "population=grown/population.parquet", "months=12", "reps=1", "policy=kept", "out=study", "lang=en"]
    assert run_command(run) == 0
    assert "population from rows of persons" in capsys.readouterr().out
    assert run_command([*run, "households=500"]) == 2
    assert "population= decides the size" in capsys.readouterr().err
    assert run_command(["life", "--from", "study"]) == 2
    assert "rows of persons" in capsys.readouterr().err


def test_the_command_tells_all_problems_at_once(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run_command(["grow", "data=nowhere", "codebok=cfps", "lives=0", "place=naniang", "wave=2030"]) == 2
    said = capsys.readouterr().err
    for part in ("codebok", "codebook: missing", "lives: 0", "naniang"):
        assert part in said, part
    assert not list(tmp_path.iterdir())
