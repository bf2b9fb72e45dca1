"""What a simulated county lived, by household, person and year: the truth that made surveys measure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.sources import PLACE

if TYPE_CHECKING:
    from scenarios import Scenario
    from sim.rules import County, Rules

FIRST_YEAR, LAST_YEAR = 2014, 2030
"""Years that can be recorded: a whole calendar year needs the December before it."""
_JOBS = ("none", "farm", "local_wage", "migrant", "post", "post", "local_wage", "local_wage", "self_employed")
"""The panel's word for each job of the model; workshops and work for relief pay wages at home."""
_HELD = (4, 5)
"""Posts and rangers."""
FEN = 100.0
HOUSEHOLDS_FILE, PERSONS_FILE = "latent-households.parquet", "latent-persons.parquet"
"""Files of a recorded run."""


@dataclass(frozen=True, repr=False)
class Latent:
    """Households and persons of the years that were recorded, as they stood and had lived each December.

    Columns are those of a panel (yuan of the calendar year; incomes of all members, absent earners in full), and of
    ``households`` further ``gross`` (income of all members), ``kept_away`` (absent members' own income less what they sent),
    ``village`` and ``township``. ``household`` and ``person`` are the model's lasting ids.
    """

    households: pd.DataFrame
    persons: pd.DataFrame
    source: str


def live_county(scenario: Scenario, years: Sequence[int], seed: int = 1, threads: int | None = None) -> Latent:
    """Simulate a county and record some years.

    Args:
        scenario: place, policy and size, as `scenarios.scaled` gives it.
        years: calendar years from 2014 to 2030.
        seed: luck of the county.
        threads: threads of the model; None for all processors.

    Raises:
        ValueError: on a year that cannot be recorded.
    """
    source = f"{scenario.place}, {scenario.policy}, seed {seed}"
    return record_years(scenario.county, scenario.rules, years, seed, threads, source)


def record_years(
    county: County,
    rules: Rules,
    years: Sequence[int],
    seed: int,
    threads: int | None = None,
    source: str = "",
    advance: Callable[[int], None] = lambda months: None,
) -> Latent:
    """Simulate a county from 2013 on and record some years.

    Args:
        county, rules: as `sim.model.Model` takes them.
        years: calendar years from 2014 to 2030.
        seed: luck of the county.
        threads: threads of the model; None for all processors.
        source: what the county is, for reports.
        advance: told of every month that is lived.

    Raises:
        ValueError: on a year that cannot be recorded.
    """
    from experiments.engine import FIRST_MONTH
    from sim.model import HISTORY_START, Model

    wanted = sorted(set(years))
    if not wanted or wanted[0] < FIRST_YEAR or wanted[-1] > LAST_YEAR:
        raise ValueError(f"years {wanted}; allowed: years from {FIRST_YEAR} to {LAST_YEAR}")
    recorder = _Recorder(wanted)
    model = Model(county, rules, seed, months=FIRST_MONTH - HISTORY_START, threads=threads)
    _live(model, FIRST_MONTH - HISTORY_START, recorder, advance)
    if wanted[-1] >= 2021:
        model = Model(county, rules, seed, model.as_past(), months_after(wanted), threads)
        _live(model, months_after(wanted), recorder, advance)
    return recorder.latent(source)


def months_after(years: Sequence[int]) -> int:
    """Return how many months from 2021-01 must be lived to record some years."""
    return 12 * max(0, max(years) - 2020)


def _live(model: Any, months: int, recorder: _Recorder, advance: Callable[[int], None]) -> None:
    """Live so many months, the recorder looking on."""
    for _ in range(months):
        model.step()
        recorder.look(model)
        advance(1)


def latent_files(latent: Latent) -> dict[str, bytes]:
    """Return the files of a recorded run by name: equal for equal runs."""
    return {HOUSEHOLDS_FILE: _parquet(latent.households), PERSONS_FILE: _parquet(latent.persons)}


def _parquet(frame: pd.DataFrame) -> bytes:
    """Return a table as Parquet, without what tells of versions of pandas."""
    import pyarrow as pa

    from experiments.runfiles import table_bytes

    return table_bytes(pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None))


def read_latent(folder: Path, source: str = "") -> Latent:
    """Return what a recorded run left in its folder."""
    import pyarrow.parquet as pq

    tables = [pq.read_table(folder / name).to_pandas() for name in (HOUSEHOLDS_FILE, PERSONS_FILE)]
    return Latent(tables[0], tables[1], source)


class _Recorder:
    """Notes months of paid work as they pass, and the county each December."""

    def __init__(self, years: Sequence[int]) -> None:
        """Remember which years are wanted."""
        self.years = set(years)
        self.households: list[pd.DataFrame] = []
        self.persons: list[pd.DataFrame] = []
        self.paid: list[np.ndarray] = []
        self.opening: dict[str, np.ndarray] = {"id": np.zeros(0, np.int64), "sums": np.zeros((len(PLACE), 0))}

    def look(self, model: Any) -> None:
        """Note the month that has just been lived."""
        year, moy = _calendar(model.month)
        people = model.state.persons
        self.paid.append(_ids(people)[(people["paid"] == 1) & (people["alive"] == 1)])
        if moy == 12:
            if year in self.years:
                self.households.append(self._households(model, year))
                self.persons.append(self._persons(model, year))
            homes = model.state.households
            self.opening = {"id": _ids(homes), "sums": np.array(homes["year_sources"], np.float64)}
            self.paid = []

    def latent(self, source: str) -> Latent:
        """Return all that was recorded."""
        return Latent(pd.concat(self.households, ignore_index=True), pd.concat(self.persons, ignore_index=True), source)

    def _year_of(self, homes: Any) -> dict[str, np.ndarray]:
        """Return the calendar year's sums by source, in yuan: the accounting year ended in September, moved by three months."""
        before = np.zeros_like(homes["year_sources"], dtype=np.float64)
        place = {number: row for row, number in enumerate(self.opening["id"].tolist())}
        rows = np.array([place.get(number, -1) for number in _ids(homes).tolist()])
        before[:, rows >= 0] = self.opening["sums"][:, rows[rows >= 0]]
        sums = (np.asarray(homes["last_sources"], np.float64) - before + homes["year_sources"]) / FEN
        return {name: sums[row] for name, row in PLACE.items()}

    def _households(self, model: Any, year: int) -> pd.DataFrame:
        """Return the households that have members."""
        homes, people = model.state.households, model.state.persons
        flows = self._year_of(homes)
        home_of = _homes_of(model.state)
        size = np.asarray(homes["members"], np.float64)
        incomes = _incomes(flows, np.asarray(homes["gross_12m"], np.float64) / FEN, size * _property(model))
        living = np.maximum(flows["consumption"], 0.0)
        frame = {
            "household": _ids(homes),
            "wave": np.full(len(size), year, np.int16),
            "group": np.asarray(homes["group"], np.int64),
            "village": np.asarray(homes["village"], np.int64),
            "township": _townships(model),
            "size": size,
            "absent": np.asarray(homes["absent"], np.float64),
            "kept_away": np.asarray(homes["kept_away"], np.float64) / FEN,
            **incomes,
            "consumption": living + flows["medical"],
            "food": living * model.world.value("food_share"),
            "medical_spending": flows["medical"],
            "premium": flows["premium"],
            "debt": sum(np.asarray(homes[name], np.float64) for name in ("debt", "kin_debt", "arrears", "loan_balance")) / FEN,
            "dibao": (flows["dibao"] > 0.0) | (homes["on_single_dibao"] > 0),
            "tekun": homes["any_tekun"] == 1,
            "loan": homes["loan_balance"] > 0,
            "ex_poor": homes["ex_poor"] == 1,
            "registered": homes["registered"] == 1,
            "monitored": homes["monitored"] == 1,
            "returned_poor": homes["returned_poor"] == 1,
            "post": _any(np.isin(people["job"], _HELD) & (people["alive"] == 1), home_of, len(size)),
            "pension": _any((people["drawing_pension"] == 1) & (people["alive"] == 1), home_of, len(size)),
        }
        return pd.DataFrame(frame)[size > 0]

    def _persons(self, model: Any, year: int) -> pd.DataFrame:
        """Return the living; who was born in December is counted as a member from January on, as in the model."""
        people = model.state.persons
        alive = (people["alive"] == 1) & (people["birth_month"] != model.month)
        homes = _ids(model.state.households)
        ids, counts = np.unique(np.concatenate(self.paid), return_counts=True)
        own = _ids(people)
        place = np.minimum(np.searchsorted(ids, own), max(0, len(ids) - 1))
        months = np.where(ids[place] == own, counts[place], 0) if len(ids) else np.zeros(len(own))
        frame = {
            "household": homes[_homes_of(model.state)],
            "person": own,
            "wave": np.full(len(own), year, np.int16),
            "age": people["age"],
            "female": people["sex"] == 0,
            "insured": (people["bmi_enrolled"] == 1) | (people["employee_insured"] == 1),
            "admitted": people["admitted_this_year"] == 1,
            "job": np.array(_JOBS)[people["job"]],
            "holds_post": np.isin(people["job"], _HELD),
            "works_months": np.minimum(months, 12),
            "chronic": people["chronic_disease"],
            "disabled": (people["disability_grade"] > 0) | (people["self_care"] > 0),
            "in_school": people["in_school"] == 1,
        }
        return pd.DataFrame(frame)[alive]


def _incomes(flows: dict[str, np.ndarray], gross: np.ndarray, rent: np.ndarray) -> dict[str, np.ndarray]:
    """Return income by source, adding up to the gross income of the members of December.

    Wages are what was earned, less what left with earners of whom gross income no longer knows; transfers are the rest.
    """
    business, farm = flows["business"], flows["farm"]
    known = flows["dibao"] + flows["allowance"] + flows["support"]
    left = gross - business - farm - rent
    wage = np.clip(left - known, 0.0, np.maximum(flows["wage"] + flows["post"], 0.0))
    transfer = np.maximum(left - wage, 0.0)
    return {
        "gross": gross,
        "income_total": gross,
        "income_wage": wage,
        "income_farm": gross - wage - business - rent - transfer,
        "income_business": business,
        "income_property": rent,
        "income_transfer": transfer,
    }


def _ids(part: Any) -> np.ndarray:
    """Return lasting ids as signed numbers."""
    return np.array(part["id"], np.uint64).view(np.int64)


def _homes_of(state: Any) -> np.ndarray:
    """Return the household's row of every person's slot: households lie one behind the other."""
    return np.repeat(np.arange(len(state.households["slots"])), np.asarray(state.households["slots"], np.int64))


def _any(flags: np.ndarray, home_of: np.ndarray, count: int) -> np.ndarray:
    """Return whether any member has a flag."""
    return np.bincount(home_of, weights=np.asarray(flags, np.float64), minlength=count) > 0.0


def _townships(model: Any) -> np.ndarray:
    """Return the township of every household."""
    return np.asarray(model.state.villages["township"], np.int64)[np.asarray(model.state.households["village"], np.int64)]


def _property(model: Any) -> float:
    """Return property income a head and year, in yuan."""
    return float(model.world.value("property_income")) / FEN


def _calendar(month: int) -> tuple[int, int]:
    """Return year and month of the year of a month's number."""
    from sim.rules import month_index, month_of_year

    moy = int(month_of_year(month))
    return 2020 + (month - month_index(2020, moy)) // 12, moy
