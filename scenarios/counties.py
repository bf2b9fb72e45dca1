"""The counties of a place: itself where it is one, else those that it lists, with how many counties each stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike, fspath

from scenarios.place import read_chain, split_name
from scenarios.problems import Report


@dataclass(frozen=True)
class ListedCounty:
    """A county of a place.

    Attributes:
        name: what `scenarios.load` knows it by: ``nanyang``, ``national/west``, ``mine.yaml/west``.
        names: in Chinese and English.
        weight: how many counties it stands for; 1 where the place is this county.
        number: its place in the list: the luck that is its own.
    """

    name: str
    names: Mapping[str, str]
    weight: float
    number: int


def place_names(place: str | PathLike[str]) -> dict[str, str]:
    """Return the names of a place in Chinese and English.

    Raises:
        ScenarioError: when its file has problems.
    """
    report = Report()
    chain = read_chain(fspath(place), report)
    report.stop()
    return dict(chain[0].names)


def counties(place: str | PathLike[str]) -> tuple[ListedCounty, ...]:
    """Return the counties of a place, one where it is a county.

    Raises:
        ScenarioError: when its file has problems.
    """
    report = Report()
    name = fspath(place)
    first = read_chain(name, report)[0]
    report.stop()
    if not first.counties:
        return (ListedCounty(name, first.names, 1.0, first.number),)
    return tuple(
        ListedCounty(f"{name}/{one.id.rpartition('/')[2]}", one.names, one.weight.value if one.weight else 1.0, one.number)
        for one in first.counties
    )


def lists_counties(place: str | PathLike[str]) -> bool:
    """Say whether a place lists counties, so that its results are weighted sums.

    Raises:
        ScenarioError: when its file has problems.
    """
    name = fspath(place)
    return not split_name(name)[1] and bool(read_chain(name, Report())[0].counties)
