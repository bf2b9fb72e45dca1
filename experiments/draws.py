"""Parameter draws: what nobody knows, taken from priors or from a file, one set of changes by hand a draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.canonical import content_hash
from experiments.quantiles import prior_quantile
from scenarios.prior import Prior
from scenarios.problems import Report

NUMBER = "draw"
"""Column of a file of draws that numbers them; it is no parameter."""
LUCK = "replication"
"""Column of a design: the replication whose luck a row meets. With it every row is run, as it stands."""


@dataclass(frozen=True)
class Draw:
    """One set of parameter values.

    Attributes:
        number: its place among the draws.
        values: what each key of a change by hand (``values.bill_mean*``) is set to.
        replication: number of the replication whose luck it meets, in a design; None where the study says.
    """

    number: int
    values: Mapping[str, float]
    replication: int | None = None

    @cached_property
    def name(self) -> str:
        """Its number and the hash of its values: the name in the key of a run."""
        return f"{self.number:04d}-{content_hash(dict(self.values))[:16]}"

    @property
    def changes(self) -> tuple[str, ...]:
        """The draw as changes by hand, figures written so that they are read back to the last bit."""
        return tuple(f"{key}={float(value)!r}" for key, value in self.values.items())


TABLES = (".parquet", ".csv")
"""Endings of files of draws."""
NO_CHANGE = Draw(0, {})


def uniform_points(count: int, dimensions: int, seed: int) -> NDArray[np.float64]:
    """Return points that fill the unit cube evenly: scrambled Sobol' points (Owen 1998), the first `count` of a sequence.

    More points of the same seed continue the sequence, so that a study can grow.
    """
    from scipy.stats import qmc

    sampler = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(seed))
    points = sampler.random(1 << max(0, (count - 1).bit_length()))[:count]
    # ends have no quantile
    return np.clip(points, 1e-9, 1 - 1e-9)


def draw_from(priors: Mapping[str, Prior], count: int, seed: int) -> tuple[Draw, ...]:
    """Return draws from priors, independent of each other, as evenly spread as points can be.

    Args:
        priors: by their keys.
        count: how many; the first ones stay when more are asked for.
        seed: the study's seed.
    """
    points = uniform_points(count, len(priors), seed)
    found = []
    for number, point in enumerate(points):
        values = {key: prior_quantile(prior, float(u)) for (key, prior), u in zip(priors.items(), point, strict=True)}
        found.append(Draw(number, values))
    return tuple(found)


def read_draws(path: Path, count: int, seed: int) -> tuple[Draw, ...]:
    """Return draws from a table: one row a draw, one column a parameter.

    Rows are taken in an order that the seed shuffles, without repetition until all are used; the first draws stay when more
    are asked for. A design, with a column ``replication``, is taken as it stands.

    Args:
        path: a .parquet or .csv file; columns are keys of changes by hand, a column ``draw`` is left out.
        count: how many draws.
        seed: the study's seed.

    Raises:
        ScenarioError: if the file cannot be read, has no rows, a column that is no key, or a value that is no number.
    """
    columns, keys, rows = _checked(path)
    luck = [int(number) for number in columns[LUCK]] if LUCK in columns else None
    order = np.arange(rows) if luck else np.random.default_rng(seed).permutation(rows)
    chosen = range(rows) if luck else [int(order[number % rows]) for number in range(count)]
    return tuple(
        Draw(number, {key: float(columns[key][row]) for key in keys}, luck[row] if luck else None)
        for number, row in enumerate(chosen)
    )


def extreme_draws(path: Path) -> tuple[Draw, ...]:
    """Return the rows of a table of draws that hold the least and the greatest value of each parameter, numbered by row.

    Raises:
        ScenarioError: as `read_draws`.
    """
    columns, keys, _ = _checked(path)
    rows = sorted({int(pick(columns[key])) for key in keys for pick in (np.argmin, np.argmax)})
    return tuple(Draw(row, {key: float(columns[key][row]) for key in keys}) for row in rows)


def _checked(path: Path) -> tuple[dict[str, Any], list[str], int]:
    """Return the columns of a table of draws, which of them are parameters, and the number of rows.

    Raises:
        ScenarioError: as `read_draws`.
    """
    report = Report()
    columns = _columns(path, report)
    report.stop()
    keys = [key for key in columns if key not in (NUMBER, LUCK)]
    rows = len(columns[keys[0]]) if keys else 0
    for key in keys:
        _check_column(path, key, columns[key], report)
    if not rows:
        report.add(path.name, "rows", "none", "one row a draw, one column a parameter such as values.bill_mean*")
    report.stop()
    return columns, keys, rows


def _columns(path: Path, report: Report) -> dict[str, Any]:
    """Read the columns of a table."""
    import pandas as pd

    if path.suffix not in TABLES:
        report.add("command line", "parameters", f"'{path}'", "priors, or the path of a .parquet, .csv or .yaml file")
        return {}
    try:
        table = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    except (OSError, ValueError) as error:
        said = "not found" if isinstance(error, FileNotFoundError) else f"{type(error).__name__}: cut off, or no such table"
        report.add("command line", "parameters", f"'{path}' ({said})", "a table that can be read: one row a draw")
        return {}
    return {str(name): table[name].to_numpy() for name in table.columns}


def _check_column(path: Path, key: str, values: Any, report: Report) -> None:
    """Note a column that is no parameter or holds what is no number."""
    if "." not in key:
        report.add(path.name, key, "a column", f"values.<name>, values.<name>*, lever.knob or {NUMBER}")
    elif not np.issubdtype(values.dtype, np.number):
        report.add(path.name, key, "text", "numbers")
    elif not np.isfinite(values.astype(np.float64)).all():
        rows = np.flatnonzero(~np.isfinite(values.astype(np.float64)))
        more = f" and {len(rows) - 1} others" if len(rows) > 1 else ""
        report.add(path.name, key, f"no number in row {rows[0] + 1}{more}", "a number in every row")


def open_parameters(source: str, count: int, seed: int, only: Sequence[str] = ()) -> tuple[Draw, ...]:
    """Return the draws that ``parameters=`` asks for.

    Args:
        source: ``priors`` for the shipped ones, a .yaml file of priors, or a .parquet or .csv table of draws.
        count: how many.
        seed: the study's seed.
        only: keys of priors to draw; the others keep the scenario's values. All by default.

    Raises:
        ScenarioError: with every problem of the file.
    """
    from scenarios.prior import read_priors

    if source.endswith(TABLES):
        return read_draws(Path(source), count, seed)
    if source != "priors" and not source.endswith((".yaml", ".yml")):
        report = Report()
        report.add("command line", "parameters", f"'{source}'", "priors, or the path of a .yaml, .parquet or .csv file")
        report.stop()
    priors = read_priors(None if source == "priors" else source)
    chosen = {key: prior for key, prior in priors.items() if not only or key in only}
    return draw_from(chosen, count, seed)
