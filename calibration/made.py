"""Made panels: a survey of a simulated county, drawn, asked and answered as surveys are. It holds nobody's data.

The order is that of a survey: households are sampled and followed, some are lost; income is counted by the survey's operator,
remembered, misreported and rounded; some questions are not answered. The truth is not changed (`experiments.latent`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from calibration.columns import HOUSEHOLD_COLUMNS, INCOMES, PERSON_COLUMNS, PanelColumn
from calibration.luck import normals, uniforms
from calibration.operators import count_income, heap, misreport, recall_event, recall_income, top_code
from calibration.panel import Meta, Panel, make_panel
from experiments.latent import Latent

SOURCES = tuple(column.name for column in INCOMES if column.name != "income_total")
_ERROR = {"income_wage": 0.20, "income_farm": 0.35, "income_business": 0.40, "income_property": 0.40, "income_transfer": 0.25}
"""Standard deviation of the reporting error by source, in log points: assumptions, such that a total of several sources has an
error variance of about 0.06."""


@dataclass(frozen=True)
class Design:
    """How a made survey asks. All values are assumptions to try a method on, findings about no survey.

    Attributes:
        waves: years of the waves.
        operator: income operator, ``survey``, ``registry`` or ``latent``.
        sampled: probability that a household of each group (ex-poor, marginal, other) is sampled; its inverse is the weight.
        attrition: probability that a household is lost from one wave to the next, for good.
        nonresponse: probability that a question about an amount is not answered.
        error: standard deviation of the reporting error by source, in log points.
        reversion: share of the log distance from the median that reports lose.
        lasting: share of the error's variance that a household keeps over waves.
        before: share of last year's income in remembered income.
        forgotten: probability that an admission is not reported.
        telescoped: probability that an admission of the year before is reported instead.
        heaped: share of amounts said in one leading digit.
        cut: amounts are top-coded here.
    """

    waves: tuple[int, ...]
    operator: str = "survey"
    sampled: tuple[float, float, float] = (1.0, 0.8, 0.6)
    attrition: float = 0.05
    nonresponse: float = 0.02
    error: Mapping[str, float] = field(default_factory=lambda: dict(_ERROR))
    reversion: float = 0.0
    lasting: float = 0.0
    before: float = 0.0
    forgotten: float = 0.03
    telescoped: float = 0.01
    heaped: float = 0.0
    cut: float = float("inf")


def exact(waves: tuple[int, ...], operator: str = "latent") -> Design:
    """Return a survey that asks everybody, loses nobody and makes no error."""
    return Design(waves, operator, (1.0, 1.0, 1.0), 0.0, 0.0, {}, forgotten=0.0, telescoped=0.0)


def years_needed(design: Design) -> tuple[int, ...]:
    """Return the years that must be recorded: those of the waves, and the ones before where memory reaches back."""
    back = design.before > 0.0 or design.telescoped > 0.0
    return tuple(sorted({year for wave in design.waves for year in ((wave - 1, wave) if back else (wave,)) if year >= 2014}))


def make_survey(latent: Latent, design: Design, seed: int = 1, numbered: bool = True) -> Panel:
    """Return the panel that a survey of a simulated county would hold.

    Args:
        latent: the county; it must hold `years_needed`.
        design: how the survey asks.
        seed: luck of the survey, apart from that of the county.
        numbered: whether households and persons are numbered anew, as in a file; else they keep the ids of the model.
    """
    homes = _asked(latent.households, design, seed)
    homes = _with_income(homes, latent.households, design, seed)
    people = _persons(latent.persons, homes, design, seed)
    meta = Meta(f"made from {latent.source}", design.operator, 12, _interval(design.waves), made=True)
    if numbered:
        homes, people = _numbered(homes, people)
    return make_panel(_known(homes, HOUSEHOLD_COLUMNS), _known(people, PERSON_COLUMNS), meta)


def _interval(waves: tuple[int, ...]) -> int:
    """Return the usual distance of waves."""
    return int(np.median(np.diff(waves))) if len(waves) > 1 else 1


def _known(frame: pd.DataFrame, columns: Sequence[PanelColumn]) -> pd.DataFrame:
    """Return the columns that a panel has."""
    return frame[[column.name for column in columns if column.name in frame.columns]]


def _asked(households: pd.DataFrame, design: Design, seed: int) -> pd.DataFrame:
    """Return the rows of the households that are sampled and not yet lost; newcomers are sampled as the others."""
    homes = households[households["wave"].isin(design.waves)]
    ids, waves = homes["household"].to_numpy(), homes["wave"].to_numpy()
    chance = np.asarray(design.sampled)[_first_group(homes)]
    taken = uniforms(seed, "sampled", ids) < chance
    for earlier in design.waves[1:]:
        lost = uniforms(seed, "lost", ids, earlier) < design.attrition
        # a household that is first asked in a wave cannot be lost in it
        taken &= ~(lost & (waves >= earlier) & (_first_wave(homes) < earlier))
    result = homes.assign(weight=1.0 / chance, cluster=homes["village"], stratum=homes["township"])[taken]
    return result[result["size"] > 0]


def _first_group(homes: pd.DataFrame) -> np.ndarray:
    """Return the group of each household when it was first seen: a sample's weights do not change."""
    return homes.groupby("household")["group"].transform("first").to_numpy()


def _first_wave(homes: pd.DataFrame) -> np.ndarray:
    """Return the wave in which each household was first seen."""
    return homes.groupby("household")["wave"].transform("min").to_numpy()


def _with_income(homes: pd.DataFrame, truth: pd.DataFrame, design: Design, seed: int) -> pd.DataFrame:
    """Return the rows with incomes and spending as they are told."""
    homes = homes.copy()
    counted = count_income(
        design.operator, homes["gross"], homes["size"], homes["absent"], homes["kept_away"], homes["premium"]
    )  # fmt: skip
    if design.operator == "survey":
        # what the absent kept are wages not seen, premiums are taken off what others pay
        homes["income_wage"] -= homes["kept_away"]
        homes["income_transfer"] -= homes["premium"]
    homes["size"] = counted.persons
    homes = homes[homes["size"] > 0]
    ids, waves = homes["household"].to_numpy(), homes["wave"].to_numpy()
    for name in SOURCES:
        if name in homes.columns:
            homes[name] = _told(name, homes, truth, design, seed)
    homes["income_total"] = homes[list(SOURCES)].sum(axis=1)
    for name in ("income_total", *SOURCES, "consumption", "medical_spending"):
        amounts = top_code(heap(homes[name], uniforms(seed, f"heap {name}", ids, waves), design.heaped), design.cut)
        homes[name] = np.where(uniforms(seed, f"answer {name}", ids, waves) < design.nonresponse, np.nan, amounts)
    return homes


def _told(name: str, homes: pd.DataFrame, truth: pd.DataFrame, design: Design, seed: int) -> np.ndarray:
    """Return one source of income as it is remembered and reported."""
    ids, waves = homes["household"].to_numpy(), homes["wave"].to_numpy()
    amounts = homes[name].to_numpy(dtype=np.float64)
    if design.before:
        last = truth.set_index(["household", "wave"])[name].reindex(pd.MultiIndex.from_arrays([ids, waves - 1]))
        amounts = recall_income(amounts, last.to_numpy(dtype=np.float64), design.before)
    lasting, passing = normals(seed, f"lasting {name}", ids), normals(seed, f"error {name}", ids, waves)
    noise = np.sqrt(design.lasting) * lasting + np.sqrt(1.0 - design.lasting) * passing
    positive = amounts[amounts > 0.0]
    centre = float(np.median(positive)) if len(positive) else 1.0
    return misreport(amounts, noise, design.error.get(name, 0.0), design.reversion, centre)


def _persons(persons: pd.DataFrame, homes: pd.DataFrame, design: Design, seed: int) -> pd.DataFrame:
    """Return the persons of the households asked, with what they tell of themselves."""
    asked = persons.merge(homes[["household", "wave", "weight"]], on=["household", "wave"])
    ids, waves = asked["person"].to_numpy(), asked["wave"].to_numpy()
    last = persons.set_index(["person", "wave"])["admitted"].reindex(pd.MultiIndex.from_arrays([ids, waves - 1]))
    luck = uniforms(seed, "admission told", ids, waves)
    before = last.astype(object).fillna(False).astype(np.float64).to_numpy()
    asked["admitted"] = recall_event(asked["admitted"], before, luck, design.forgotten, design.telescoped)
    return asked


def _numbered(homes: pd.DataFrame, people: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return both tables with numbers from 0 on instead of the model's ids."""
    known = np.unique(homes["household"].to_numpy())
    homes = homes.assign(household=np.searchsorted(known, homes["household"].to_numpy()))
    people = people.assign(
        household=np.searchsorted(known, people["household"].to_numpy()),
        person=np.unique(people["person"].to_numpy(), return_inverse=True)[1],
    )
    return homes, people
