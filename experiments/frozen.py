"""Forecasts as they were made: every draw of every series with what they rest on, never written again; to be scored later."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.asof import in_place_of
from experiments.canonical import content_hash
from experiments.engine import engine_hash
from experiments.fans import HEADER, Forecast, Point, Series, summary_rows
from experiments.goal import HEADER as GOAL_HEADER
from experiments.goal import goal_cells
from experiments.hindsight import Hindsight
from experiments.labels import Label
from experiments.provenance import git_state
from experiments.tables import csv_text
from scenarios.cited import parse_month, show_month

if TYPE_CHECKING:
    from experiments.study import Plan

FOLDER = "forecasts"
TOLD, DRAWS = "forecast.json", "draws.parquet"
SCHEMA = 1


class Clash(ValueError):
    """A folder holds another forecast than the one that is to be frozen there."""


class Broken(ValueError):
    """A frozen forecast cannot be read, or is not what was frozen."""

    def __init__(self, folder: Path, said: str) -> None:
        """Keep where it is."""
        super().__init__(said)
        self.folder = folder


def freeze(forecast: Forecast, plan: Plan, hindsight: Hindsight, root: Path) -> Path:
    """Write a forecast into a folder of its own and return it; one that is there already stays as it is.

    The name of the folder is the month of knowledge and the hash of what was asked for, of the rules and of the repetitions.

    Args:
        forecast: the forecast.
        plan: the study that it comes from.
        hindsight: what was done about later knowledge.
        root: the study's folder.

    Raises:
        Clash: if the folder holds other draws: the stored runs were changed.
    """
    asked = {"study": plan.study.identity(), "engine": engine_hash(), "repeats": [list(one) for one in forecast.repeats]}
    shown = {"years": list(forecast.years), "series": [one.id for one in forecast.series], "last_horizon": forecast.last_horizon}
    name = f"{_month(forecast.asof) or 'all'}-{content_hash({**asked, **shown})[:12]}"
    folder, draws = root / FOLDER / name, _draws(forecast)
    if (folder / TOLD).is_file():
        if (folder / DRAWS).read_bytes() != draws:
            raise Clash(f"{folder} holds a forecast with other draws; a frozen forecast is never written again")
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    (folder / DRAWS).write_bytes(draws)
    (folder / "quantiles.csv").write_text(csv_text(HEADER, summary_rows(forecast)), encoding="utf-8")
    (folder / "goal.csv").write_text(csv_text(GOAL_HEADER, [goal_cells(row) for row in forecast.goal]), encoding="utf-8")
    told = {"schema": SCHEMA, "made": datetime.now(UTC).isoformat(timespec="seconds"), "git": git_state(), **asked}
    told["draws_sha256"] = hashlib.sha256(draws).hexdigest()
    told |= {"forecast": _told(forecast), "hindsight": hindsight.plain()}
    # last: a folder with it is whole
    (folder / TOLD).write_text(json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    return folder


def _month(month: int | None) -> str:
    """Return a month as text; nothing for none."""
    return "" if month is None else show_month(month)


def _told(forecast: Forecast) -> dict[str, Any]:
    """Return all of a forecast but its draws as plain values."""
    return {
        "place": forecast.place._asdict(),
        "policies": {policy: label._asdict() for policy, label in forecast.policies.items()},
        "base": forecast.base,
        "factual": forecast.factual,
        "years": list(forecast.years),
        "series": [_told_series(one) for one in forecast.series],
        "points": [point._asdict() for point in forecast.points],
        "asof": _month(forecast.asof),
        "last_horizon": forecast.last_horizon,
        "transition_end": _month(forecast.transition_end),
        "contains": forecast.contains._asdict(),
    }


def _told_series(series: Series) -> dict[str, Any]:
    """Return a series as plain values."""
    return {**series._asdict(), "label": series.label._asdict(), "unit": series.unit._asdict()}


def _draws(forecast: Forecast) -> bytes:
    """Return every value of a forecast as a table: a row a series, policy, repetition and year."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows: dict[str, list[Any]] = {name: [] for name in ("series", "policy", "draw", "replication", "year", "value")}
    for series, policy, repeat, year, value in _cells(forecast):
        for column, cell in zip(rows.values(), (series, policy, *repeat, year, value), strict=True):
            column.append(cell)
    buffer = BytesIO()
    pq.write_table(pa.table(rows), buffer)
    return buffer.getvalue()


def _cells(forecast: Forecast) -> Iterable[tuple[str, str, tuple[str, int], int, float]]:
    """Yield every value of a forecast."""
    for one in forecast.series:
        for policy in forecast.policies:
            values = forecast.of(one.id, policy)
            for number, repeat in enumerate(forecast.repeats):
                for place, year in enumerate(forecast.years):
                    yield one.id, policy, repeat, year, float(values[number, place])


def frozen_in(folder: Path) -> list[Path]:
    """Return the frozen forecasts in a folder: itself, or those of a study's folder, in the order of their names."""
    if (folder / TOLD).is_file():
        return [folder]
    return sorted(path.parent for path in folder.glob(f"{FOLDER}/*/{TOLD}"))


def read_frozen(folder: Path) -> Forecast:
    """Return a frozen forecast as it was made; probabilities of the goal stay in its table.

    Raises:
        Broken: if a file is missing or damaged, if the files do not belong together, or the draws are not those that were frozen.
    """
    try:
        return _read(folder)
    except FileNotFoundError as error:
        raise Broken(folder, f"no {Path(error.filename or str(error)).name}") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Broken(folder, str(error)) from error


def _read(folder: Path) -> Forecast:
    """Read a frozen forecast; whatever is wrong with it is raised as it comes."""
    import pyarrow.parquet as pq

    told = json.loads((folder / TOLD).read_text(encoding="utf-8"))
    sealed = told.get("draws_sha256")
    if sealed and hashlib.sha256((folder / DRAWS).read_bytes()).hexdigest() != sealed:
        raise ValueError(f"{folder / DRAWS} is not what was frozen: its hash differs from the one in {TOLD}")
    one, repeats = told["forecast"], tuple((str(draw), int(number)) for draw, number in told["repeats"])
    series = tuple(_series_of(given) for given in one["series"])
    shape = (len(series), len(one["policies"]), len(repeats), len(one["years"]))
    values = np.asarray(pq.read_table(folder / DRAWS)["value"].to_numpy(), dtype=np.float64)
    if values.size != np.prod(shape):
        raise ValueError(f"{folder / DRAWS} holds {values.size} values; {TOLD} tells of {np.prod(shape)}")
    return Forecast(
        place=Label(**one["place"]),
        policies={policy: Label(**label) for policy, label in one["policies"].items()},
        base=one["base"],
        factual=one["factual"],
        years=tuple(one["years"]),
        values={name.id: block for name, block in zip(series, values.reshape(shape), strict=True)},
        series=series,
        repeats=repeats,
        points=tuple(Point(**given) for given in one["points"]),
        goal=(),
        asof=parse_month(one["asof"]),
        last_horizon=one["last_horizon"],
        transition_end=parse_month(one["transition_end"]),
    )


def _series_of(given: Mapping[str, Any]) -> Series:
    """Return a series from plain values."""
    return Series(**{**given, "label": Label(**given["label"]), "unit": Label(**given["unit"])})


def hindsight_in(folder: Path) -> Mapping[str, Any]:
    """Return what a frozen forecast did about later knowledge, as plain values; nothing where it says nothing of it."""
    found = json.loads((folder / TOLD).read_text(encoding="utf-8")).get("hindsight", {})
    return found if isinstance(found, dict) else {}


def later_lines(hindsight: Hindsight) -> list[tuple[object, ...]]:
    """Return the rows of ``tables/asof.csv``: inputs dated after the month of a hindcast, and default values."""
    rows: list[tuple[object, ...]] = [
        (one.key, show_month(one.month), one.value, one.unit, in_place_of(one, hindsight.inputs), one.source)
        for one in hindsight.later
    ]
    rows += [(one.key, "", "", "", f"set anew: {one.change}", one.why) for one in hindsight.set_anew]
    return rows + [(key, "", "", "", "chosen with later figures", ", ".join(ids)) for key, ids in hindsight.chosen_with.items()]


LATER_HEADER = ("key", "month", "value", "unit", "what", "source")
