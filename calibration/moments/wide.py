"""A panel as arrays: one row a household or person, one column a wave, so that every moment is a few sums."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from calibration.moments.weighted import Numbers
from calibration.panel import Panel


@dataclass(frozen=True)
class Wide:
    """One table of a panel.

    Attributes:
        waves: years, in order.
        columns: by name, one row a unit and one column a wave; NaN where not observed.
        weights: of the same shape; 0 where not observed.
        clusters: number of the sampling unit of each row, from 0.
        units: number of what errors take as drawn, from 0: the sampling units, or the households where there are too few.
    """

    waves: tuple[int, ...]
    columns: dict[str, Numbers]
    weights: Numbers
    clusters: np.ndarray
    units: np.ndarray

    def has(self, *names: str) -> bool:
        """Return whether all these columns were measured."""
        return all(name in self.columns for name in names)

    def __getitem__(self, name: str) -> Numbers:
        """Return a column."""
        return self.columns[name]

    @property
    def years(self) -> Numbers:
        """Years of the waves, as numbers."""
        return np.array(self.waves, dtype=np.float64)

    def weighted(self, factors: Numbers) -> Wide:
        """Return the same with weights times the factor of each row's unit."""
        return replace(self, weights=self.weights * factors[self.units][:, None])


@dataclass(frozen=True)
class Sample:
    """What moments are measured on.

    Attributes:
        households: the table of households.
        persons: the table of persons; None where the panel has none.
        lines: poverty line of each wave, yuan a person and year; NaN where none was given.
        strata: stratum of each of the units that errors take as drawn, from 0.
        interval: years between waves, for the definitions.
        owners: row of the household of each person's row.
    """

    households: Wide
    persons: Wide | None
    lines: Numbers
    strata: np.ndarray
    interval: float
    owners: np.ndarray

    def weighted(self, factors: Numbers) -> Sample:
        """Return the same with weights times a factor for each unit that errors take as drawn."""
        persons = None if self.persons is None else self.persons.weighted(factors)
        return replace(self, households=self.households.weighted(factors), persons=persons)

    def by_household(self) -> Sample:
        """Return the same with households, within their strata, as what errors take as drawn."""
        homes = self.households
        own = np.arange(len(homes.clusters))
        persons = None if self.persons is None else replace(self.persons, units=self.owners)
        return replace(self, households=replace(homes, units=own), persons=persons, strata=self.strata[homes.clusters])

    @cached_property
    def income(self) -> Numbers:
        """Income per head, yuan a year."""
        return np.asarray(self.households["income_total"] / self.households["size"])

    @property
    def heads(self) -> Numbers:
        """Weights that count persons: those of households times their members; 0 where the size is unknown."""
        return np.nan_to_num(self.households.weights * self.households["size"])

    @cached_property
    def poor(self) -> Numbers:
        """1 where income per head is below the line of the wave, 0 where not, NaN where not seen."""
        return np.where(np.isfinite(self.income), (self.income < self.lines).astype(np.float64), np.nan)


def sample_of(panel: Panel, lines: float | dict[int, float] | None = None) -> Sample:
    """Return a panel as arrays.

    Sampling units are the panel's clusters within strata; where the file names none, each household is its own. A household
    belongs to the unit in which it was first seen, a person to that of the first household.

    Args:
        panel: checked.
        lines: poverty line in yuan a person and year: one for all waves, or by year of the wave.

    Raises:
        ValueError: when lines are given by year and a wave has none.
    """
    frame = panel.households
    units, strata = _units(frame)
    first = pd.Series(units, index=frame["household"].to_numpy()).groupby(level=0, sort=True).first()
    waves = panel.waves
    households = _wide(frame, "household", waves, first)
    persons, owners = _persons(panel.persons, first, waves)
    interval = float(np.diff(waves).mean()) if len(waves) > 1 else float(panel.meta.interval)
    return Sample(households, persons, _lines(lines, waves), strata, interval, owners)


def _persons(frame: pd.DataFrame, units: pd.Series, waves: tuple[int, ...]) -> tuple[Wide | None, np.ndarray]:
    """Return the persons of known households, and the row of the household of each."""
    rows = units.index.get_indexer(pd.Index(frame["household"].to_numpy())) if len(frame) else np.zeros(0, np.int64)
    known = rows >= 0
    if not known.any():
        return None, np.zeros(0, np.int64)
    first = pd.Series(rows[known], index=frame["person"].to_numpy()[known]).groupby(level=0, sort=True).first()
    placed = pd.Series(units.to_numpy()[first.to_numpy()], index=first.index)
    return _wide(frame[known], "person", waves, placed), first.to_numpy(dtype=np.int64)


def _units(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the sampling unit of each row and the stratum of each unit."""
    stratum = frame["stratum"].to_numpy() if "stratum" in frame else np.zeros(len(frame), dtype=np.int64)
    cluster = frame["cluster"].to_numpy() if "cluster" in frame else frame["household"].to_numpy()
    _, stratum = np.unique(stratum, return_inverse=True)
    _, cluster = np.unique(cluster, return_inverse=True)
    keys, units = np.unique(stratum.astype(np.int64) * (int(cluster.max()) + 1) + cluster, return_inverse=True)
    return units, (keys // (int(cluster.max()) + 1)).astype(np.int64)


def _wide(frame: pd.DataFrame, key: str, waves: tuple[int, ...], first: pd.Series) -> Wide:
    """Return a table with one row for each key."""
    rows = first.index.get_indexer(pd.Index(frame[key].to_numpy()))
    places = np.searchsorted(np.array(waves), frame["wave"].to_numpy())
    shape = (len(first), len(waves))
    columns = {str(name): _spread(_numbers(frame[name]), rows, places, shape) for name in _measured(frame.columns)}
    weights = np.nan_to_num(_spread(frame["weight"].to_numpy(dtype=np.float64), rows, places, shape))
    clusters = first.to_numpy(dtype=np.int64)
    return Wide(waves, columns, weights, clusters, clusters)


def _measured(names: Iterable[str]) -> list[str]:
    """Return the columns that are no keys."""
    return [name for name in names if name not in ("household", "person", "wave", "weight", "stratum", "cluster")]


def _numbers(values: pd.Series) -> Numbers:
    """Return a column as numbers; categories as their codes, NaN where missing."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        codes = values.cat.codes.to_numpy(dtype=np.float64)
        return np.where(codes < 0, np.nan, codes)
    return values.to_numpy(dtype=np.float64)


def _spread(values: Numbers, rows: np.ndarray, places: np.ndarray, shape: tuple[int, int]) -> Numbers:
    """Return values in their row and wave, NaN elsewhere."""
    table = np.full(shape, np.nan)
    table[rows, places] = values
    return table


def _lines(lines: float | dict[int, float] | None, waves: tuple[int, ...]) -> Numbers:
    """Return the line of each wave."""
    if lines is None:
        return np.full(len(waves), np.nan)
    if not isinstance(lines, dict):
        return np.full(len(waves), float(lines))
    missing = [str(wave) for wave in waves if wave not in lines]
    if missing:
        raise ValueError(f"no poverty line for {', '.join(missing)}; given for {', '.join(map(str, sorted(lines)))}")
    return np.array([float(lines[wave]) for wave in waves])
