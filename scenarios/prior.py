"""Priors: what is thought likely of parameters that nobody knows, as data with its basis."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scenarios.problems import Report, listing, nearest
from scenarios.schema import Reader
from scenarios.shipped import FOLDER
from scenarios.yamlfile import Node, read_yaml
from sim.parameters import PARAMETERS

SHAPES = ("uniform", "normal", "lognormal", "negative_lognormal", "beta")
_KEYS = ("key", "shape", "mean", "range95", "range", "basis")


@dataclass(frozen=True)
class Prior:
    """What is thought likely of one parameter.

    Attributes:
        key: the change by hand that it stands for: ``values.name``, ``values.name*`` for a factor on the place's path, or a knob.
        shape: one of `SHAPES`.
        low, high: ends of a uniform, else of the middle 95%.
        mean: mean of a beta; NaN for the others.
        basis: what it rests on; ``assumption: ...`` where no source gives it.
    """

    key: str
    shape: str
    low: float
    high: float
    mean: float = math.nan
    basis: str = ""


def read_priors(path: str | Path | None = None) -> dict[str, Prior]:
    """Return priors by their keys.

    Args:
        path: a file of one's own; the shipped priors by default.

    Raises:
        ScenarioError: with every problem of the file.
    """
    return dict(_shipped()) if path is None else _read(read_yaml(Path(path), str(path)))


@cache
def _shipped() -> Mapping[str, Prior]:
    """Read the shipped priors once."""
    return _read(read_yaml(FOLDER / "priors.yaml", "priors.yaml"))


def _read(node: Node) -> dict[str, Prior]:
    """Read a file of priors."""
    report = Report()
    found: dict[str, Prior] = {}
    for number, item in enumerate(Reader(node, "", ("priors",), report).items("priors")):
        prior = _prior(Reader(item, f"priors[{number}]", _KEYS, report))
        if prior.key in found:
            report.add(item.where, f"priors[{number}].key", f"'{prior.key}' a second time", "each parameter once")
        found[prior.key] = prior
    report.stop()
    return found


def _prior(reader: Reader) -> Prior:
    """Read one prior."""
    key, shape, basis = reader.text("key"), reader.text("shape", choices=SHAPES), reader.text("basis")
    name = key.rstrip("*").removeprefix("values.")
    if key.startswith("values.") and name not in PARAMETERS:
        reader.wrong(reader.content["key"], "key", "values.<name>, values.<name>* or lever.knob", nearest(name, PARAMETERS))
    low, high = _bounds(reader, "range" if shape == "uniform" else "range95")
    if "lognormal" in shape and not (low > 0 if shape == "lognormal" else high < 0):
        allowed = "two figures above zero" if shape == "lognormal" else "two figures below zero"
        reader.report.add(reader.node.where, reader.name("range95"), f"[{low:g}, {high:g}]", allowed)
    mean = reader.number("mean", required=shape == "beta")
    if shape == "beta" and mean is not None and not 0 <= low < mean < high <= 1:
        reader.report.add(
            reader.node.where, reader.name("mean"), f"{mean:g}", "a figure within range95, which lies within 0 and 1"
        )
    return Prior(key, shape, low, high, math.nan if mean is None else mean, basis)


def _bounds(reader: Reader, key: str) -> tuple[float, float]:
    """Read two ends."""
    items = [item.value for item in reader.items(key)]
    numbers = [float(item) for item in items if isinstance(item, int | float) and not isinstance(item, bool)]
    if len(items) == 2 and len(numbers) == 2 and numbers[0] < numbers[1]:
        return numbers[0], numbers[1]
    if items:
        reader.wrong(reader.content[key], key, listing(("two figures, the lower first",)))
    return 0.0, 1.0
