"""The sliders of the live page: a chosen few of the levers' knobs, as a file lists them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from experiments.labels import Label
from scenarios.knob import NUMBERS, Knob, read_knobs
from scenarios.planbook import plan_book
from scenarios.problems import Report, nearest
from scenarios.scenario import Scenario
from scenarios.schema import Reader
from scenarios.shipped import knob_files, lever_ids
from scenarios.yamlfile import Node, read_yaml

FILE = Path(__file__).parent / "sliders.yaml"
_KEYS = ("knob", "low", "high", "step")


class Slider(NamedTuple):
    """One slider.

    Attributes:
        key: the knob that it turns, ``lever.knob``.
        lever, meaning: what the lever is called, and what the value means.
        unit: unit of the value.
        low, high, step: how far it reaches, inside the knob's own range.
        slots: the figures that the knob moves: ``entry.field`` or ``values.name``.
    """

    key: str
    lever: Label
    meaning: Label
    unit: str
    low: float
    high: float
    step: float
    slots: tuple[str, ...]


@cache
def sliders() -> tuple[Slider, ...]:
    """Return the sliders in the order of their file.

    Raises:
        ScenarioError: with every entry that names no knob of numbers or leaves its range.
    """
    return read_sliders(FILE)


def read_sliders(path: Path) -> tuple[Slider, ...]:
    """Read a file of sliders.

    Args:
        path: the file.

    Raises:
        ScenarioError: with every problem in it.
    """
    report = Report()
    knobs = read_knobs(knob_files(), {}, lever_ids(), Report()).knobs
    items = Reader(read_yaml(path), "", ("sliders",), report).items("sliders")
    found = [_slider(item, f"sliders[{place}]", knobs, report) for place, item in enumerate(items)]
    report.stop()
    return tuple(one for one in found if one is not None)


def _slider(node: Node, name: str, knobs: Mapping[str, Knob], report: Report) -> Slider | None:
    """Read one slider."""
    reader = Reader(node, name, _KEYS, report)
    key, low, high, step = reader.text("knob"), reader.number("low"), reader.number("high"), reader.number("step")
    if not key or low is None or high is None or step is None:
        return None
    knob = knobs.get(key)
    if knob is None or knob.kind not in NUMBERS:
        report.add(node.where, f"{name}.knob", f"'{key}'", "a knob whose values are numbers", nearest(key, knobs))
        return None
    if not knob.low <= low < high <= knob.high or not 0 < step <= high - low:
        given = f"{low:g} to {high:g} by {step:g}"
        report.add(node.where, name, given, f"inside {knob.low:g} to {knob.high:g}, with a step above 0")
        return None
    lever = plan_book().levers[knob.lever].names
    meaning = Label(knob.meaning["zh"], knob.meaning["en"])
    return Slider(key, Label(lever["zh"], lever["en"]), meaning, knob.unit, float(low), float(high), float(step), knob.of)


def slots_in(slider: Slider, scenario: Scenario) -> tuple[str, ...]:
    """Return the figures that a slider moves in a scenario; none where its place has no such lever."""
    keys = [slot if slot.startswith("values.") else f"levers.{slot}" for slot in slider.slots]
    return tuple(key for key in keys if key in scenario.series)
