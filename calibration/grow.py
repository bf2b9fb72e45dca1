"""Households with a history, grown from a survey: members are taken back to January 2013, several lives of each are lived to the
wave, and the life that comes out most like the household that was asked is kept.

A draw from the wave itself would have no past: no months of income, no spells, no register that knew it. Here every household
has lived what it is; what the survey says of it decides which of its possible lives it lived.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from calibration.luck import uniforms
from calibration.made import exact, make_survey
from calibration.marginals import OFF_FARM, traits_of, with_counts
from calibration.panel import Panel
from calibration.reweight import Reweighted, synthetic_households
from calibration.sample import poorest
from experiments.latent import Latent
from sim.founders import NOBODY_KNOWS
from sim.world import prevalence

if TYPE_CHECKING:
    from scenarios import Scenario

START = 2013
ADULT = 18
LARGEST = 20
"""Members of a household at most; larger ones are left out."""


@dataclass(frozen=True, repr=False)
class Seeds:
    """Households of the wave, one for each that is wanted, and their members as they were in January 2013.

    Attributes:
        homes: a row for each wanted household: ``village``, ``slot`` within it, ``origin`` in the panel, and its traits.
        members: a row for each member of each: ``home`` (its row), ``age`` and ``sex`` and what else is known (-1: not).
        left_out: households of the wave that could not be taken, by reason.
        villages, townships: of the county.
        rural_households: all rural households that the county stands for.
    """

    homes: pd.DataFrame
    members: pd.DataFrame
    left_out: Mapping[str, int]
    villages: int
    townships: int
    rural_households: int


def poorer(done: Reweighted, share: float, order: pd.Series) -> Reweighted:
    """Return the households that the model simulates: all that were ever registered, then the poorer ones, up to a share of the
    weight. What the survey measures orders them, error included.

    Args:
        done: the wave with its new weights.
        share: of the weight.
        order: where each household of the survey stands, by number (`calibration.sample.standing`).
    """
    homes = done.households
    registered = homes["ex_poor"].fillna(0.0).to_numpy() if "ex_poor" in homes else np.zeros(len(homes))
    kept = poorest(order.reindex(homes["household"]).to_numpy(), homes["weight"].to_numpy(), registered, share)
    return replace(done, households=homes[kept].reset_index(drop=True))


def seed_households(done: Reweighted, wave: Panel, scenario: Scenario, households: int, seed: int) -> Seeds:
    """Return the wanted households with their members taken back to January 2013.

    Args:
        done: the wave with its new weights, cut to those that are simulated (`poorer`) where the survey is of all.
        wave: the same wave, from `with_counts`.
        scenario: the place.
        households: rural households that the county stands for; a share of them is simulated.
        seed: luck of the choice.
    """
    county, share = scenario.county, scenario.rules.values["simulated_share"].values[0]
    usable, people, left_out = _usable(done, wave)
    count = max(1, round(share * households))
    villages = min(county.villages, max(1, round(households * county.villages / county.households)))
    homes = synthetic_households(usable, count, seed)
    # villages are dealt at random: the survey's clusters are other places
    order = np.argsort(uniforms(seed, "village", np.arange(count)), kind="stable")
    homes = homes.iloc[order].reset_index(drop=True)
    village = np.arange(count) * villages // count
    first = np.searchsorted(village, np.arange(villages))
    homes = homes.assign(village=village, slot=np.arange(count) - first[village])
    members = _members(homes, people, scenario, seed)
    return Seeds(homes, members, left_out, villages, min(villages, county.townships), households)


def _usable(done: Reweighted, wave: Panel) -> tuple[Reweighted, pd.DataFrame, dict[str, int]]:
    """Return the households that can have been one in 2013, their members then, and who was left out."""
    year = int(wave.households["wave"].iloc[0])
    people = wave.persons.assign(then=wave.persons["age"] - (year - START))
    homes = done.households
    known = people.groupby("household").agg(
        unknown=("age", lambda ages: ages.isna().sum()), adult=("then", "max"), rows=("age", "size")
    )
    known = known.reindex(homes["household"])
    reasons = {
        "no rows of persons": known["rows"].isna(),
        "a member of unknown age": known["unknown"] > 0,
        "no adult in January 2013: formed since": known["adult"] < ADULT,
        f"more than {LARGEST} members": known["rows"] > LARGEST,
    }
    out = np.zeros(len(homes), np.bool_)
    counts = {}
    for reason, met in reasons.items():
        new = met.to_numpy() & ~out
        counts[reason] = int(new.sum())
        out |= new
    kept = homes[~out].reset_index(drop=True)
    usable = replace(done, households=kept)
    people = people[people["household"].isin(kept["household"]) & (people["then"] >= 0)]
    return usable, people, {reason: number for reason, number in counts.items() if number}


def _members(homes: pd.DataFrame, people: pd.DataFrame, scenario: Scenario, seed: int) -> pd.DataFrame:
    """Return the members of each wanted household as they were in January 2013; who was born since is born in the model."""
    rows = homes[["origin"]].assign(home=np.arange(len(homes))).merge(people, left_on="origin", right_on="household")
    rows = rows.sort_values(["home", "then", "person"], ascending=[True, False, True], kind="stable").reset_index(drop=True)
    found = {"home": rows["home"].to_numpy(np.int64), "age": rows["then"].to_numpy(np.int64)}
    unit = rows["home"].to_numpy(np.int64) * 64 + rows.groupby("home").cumcount().to_numpy(np.int64)
    lot = np.where(uniforms(seed, "sex", unit) < 0.5, 1.0, 0.0)
    female = rows["female"] if "female" in rows else pd.Series(np.nan, rows.index)
    found["sex"] = np.where(female.isna(), lot, 1.0 - female.fillna(0.0)).astype(np.int64)
    if "chronic" in rows:
        found["chronic_disease"] = _chronic(rows, scenario, uniforms(seed, "onset", unit))
    if "disabled" in rows:
        found["disabled"] = _known(rows["disabled"], rows["disabled"] > 0)
    if "job" in rows:
        work = rows["job"].isin(OFF_FARM)
        grown = rows["then"] >= ADULT
        found["wants_work"] = np.where(grown, _known(rows["job"], work), NOBODY_KNOWS)
        away = np.where(rows["job"] == "migrant", 1, np.where(rows["job"] == "local_wage", 0, NOBODY_KNOWS))
        found["can_leave_home"] = np.where(grown, away, NOBODY_KNOWS)
    return pd.DataFrame(found)


def _known(asked: pd.Series, answer: pd.Series) -> np.ndarray:
    """Return 1 or 0, -1 where it was not answered."""
    return np.where(asked.isna(), NOBODY_KNOWS, answer.astype(int))


def _chronic(rows: pd.DataFrame, scenario: Scenario, luck: np.ndarray) -> np.ndarray:
    """Return chronic conditions in January 2013: those of the wave, less the onsets since that the prevalence by age implies."""
    table = np.asarray(scenario.rules.tables["chronic"]).reshape(-1, 2).sum(axis=1)

    def share(ages: pd.Series) -> np.ndarray:
        return np.array([prevalence(table, int(age)) for age in ages])

    had = luck < share(rows["then"]) / np.maximum(share(rows["age"]), 1e-12)
    counted = np.minimum(rows["chronic"].fillna(0.0), 2.0).astype(int)
    return np.where(rows["chronic"].isna(), NOBODY_KNOWS, np.where(had, counted, 0))


def founders_table(seeds: Seeds, numbers: np.ndarray) -> pd.DataFrame:
    """Return the members of given lives as a file of founders holds them.

    Args:
        seeds: the wanted households.
        numbers: number within its village of every life, a row for each household and a column for each of its lives.
    """
    lives = numbers.shape[1]
    members = seeds.members
    # by household, then life, then member: the order of villages and numbers
    repeated = pd.concat([members.assign(life=life) for life in range(lives)], ignore_index=True)
    repeated = repeated.sort_values(["home", "life"], kind="stable").reset_index(drop=True)
    village = seeds.homes["village"].to_numpy()[repeated["home"]]
    number = numbers[repeated["home"], repeated["life"]]
    return repeated.drop(columns=["home", "life"]).assign(village=village, number=number)


def candidates(seeds: Seeds, lives: int) -> np.ndarray:
    """Return the numbers of all lives to be lived: a row for each household, a column for each life."""
    return seeds.homes["slot"].to_numpy()[:, None] * lives + np.arange(lives)


def asked_again(latent: Latent, wave: int, operator: str) -> pd.DataFrame:
    """Return the traits of lived households as the survey would measure them without error, by village and number.

    Args:
        latent: the recorded county.
        wave: the year.
        operator: income operator of the survey.
    """
    homes = latent.households[latent.households["wave"] == wave].reset_index(drop=True)
    only = Latent(homes, latent.persons[latent.persons["wave"] == wave], latent.source)
    panel = with_counts(make_survey(only, exact((wave,), operator), numbered=False), wave)
    ids = panel.households["household"].to_numpy()
    index = pd.MultiIndex.from_arrays([(ids >> 20) & 0xFFFFF, (ids & 0xFFFFF) - 1], names=["village", "number"])
    return traits_of(panel.households).set_index(index)


def choose(seeds: Seeds, numbers: np.ndarray, lived: pd.DataFrame) -> tuple[np.ndarray, int]:
    """Return the life of each household that came out most like it, and how many households have none that lasted.

    The distance is the mean over the traits that were observed of the squared difference in standard deviations of the survey.
    A life whose household is gone by the wave is taken only where all are.
    """
    wanted = traits_of(seeds.homes)
    names = [name for name in wanted if name in lived]
    scale = wanted[names].std().replace(0.0, 1.0).fillna(1.0).to_numpy()
    aim = wanted[names].to_numpy()
    best, least = numbers[:, 0].copy(), np.full(len(numbers), np.inf)
    for life in range(numbers.shape[1]):
        key = pd.MultiIndex.from_arrays([seeds.homes["village"], numbers[:, life]])
        gaps = ((lived[names].reindex(key).to_numpy() - aim) / scale) ** 2
        seen = ~np.isnan(gaps)
        distance = np.where(seen.any(axis=1), np.where(seen, gaps, 0.0).sum(axis=1) / np.maximum(seen.sum(axis=1), 1), np.inf)
        better = distance < least
        best[better], least[better] = numbers[better, life], distance[better]
    return best, int(np.isinf(least).sum())


def fit(seeds: Seeds, stages: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return how the county's households compare with the wave, trait by trait.

    Args:
        seeds: the wanted households.
        stages: traits of lived households at each stage.

    Returns:
        A row a trait and measure (``mean``, ``std``): the survey's, each stage's, and each stage's distance in standard
        deviations of the survey. No row of anybody.
    """
    wanted = traits_of(seeds.homes)
    rows = []
    for name in wanted:
        sd = float(wanted[name].std()) or 1.0
        for measure in ("mean", "std"):
            row: dict[str, object] = {"trait": name, "measure": measure, "survey": float(getattr(wanted[name], measure)())}
            for stage, lived in stages.items():
                value = float(getattr(lived[name], measure)()) if name in lived else np.nan
                row |= {stage: value, f"{stage}_off": (value - float(getattr(wanted[name], measure)())) / sd}
            rows.append(row)
    return pd.DataFrame(rows)
