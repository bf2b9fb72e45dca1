"""Boundaries of places from a GeoJSON file (RFC 7946): polygons by name, refused with all that is wrong with them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.harmless import plain_name
from scenarios.problems import Problem, nearest

Ring = NDArray[np.float64]
"""Positions of a closed line: longitude or easting, latitude or northing."""
Boundaries = Mapping[str, Sequence[Sequence[Ring]]]
"""By name: polygons, each an outer ring and its holes."""
MOST_BYTES = 50_000_000
MOST_POSITIONS = 500_000
NAMES = ("id", "name", "NAME", "名称", "township", "county")
"""Properties that are tried for the name of a feature, in this order."""
_SHAPES = ("Polygon", "MultiPolygon")
FEWEST = 4
"""Positions of a ring: a triangle that comes back to its start."""


class BadBoundaries(ValueError):
    """A file that cannot be drawn, with every problem found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems."""
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


def read_boundaries(path: Path, wanted: Iterable[str]) -> dict[str, list[list[Ring]]]:
    """Return the boundaries of the places that are wanted; features of other places are refused by name.

    Args:
        path: a GeoJSON file: a FeatureCollection of polygons with names.
        wanted: names that the features may have.

    Raises:
        BadBoundaries: with every problem of the file.
    """
    features = _features(path)
    names, count = list(wanted), 0
    problems: list[Problem] = []
    found: dict[str, list[list[Ring]]] = {}
    for number, feature in enumerate(features):
        where = f"{path.name}: feature {number + 1}"
        name, rings, wrong = _feature(feature, where)
        problems += wrong
        count += sum(len(ring) for polygon in rings for ring in polygon)
        if count > MOST_POSITIONS:
            problems.append(
                Problem(where, "coordinates", "too many positions", f"{MOST_POSITIONS:,} in all", "simplify the lines")
            )
            break
        if wrong:
            continue
        known = {one.casefold(): one for one in names}.get(name.casefold())
        if known is None:
            problems.append(Problem(where, "name", f"'{plain_name(name)}'", "a place of these runs", nearest(name, names)))
        elif known in found:
            problems.append(
                Problem(where, "name", f"'{known}' a second time", "each place once; several parts as a MultiPolygon")
            )
        else:
            found[known] = rings
    if not features:
        problems.append(Problem(path.name, "features", "none", "a FeatureCollection with a polygon for each place"))
    if problems:
        raise BadBoundaries(problems)
    return found


def _features(path: Path) -> list[Any]:
    """Return the features of a file."""

    def refuse(given: str, allowed: str, hint: str = "") -> BadBoundaries:
        return BadBoundaries([Problem(str(path), "boundaries", given, allowed, hint)])

    try:
        if path.stat().st_size > MOST_BYTES:
            raise refuse(f"{path.stat().st_size:,} bytes", f"{MOST_BYTES:,} at most", "simplify the lines")
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise refuse(f"not readable: {error.strerror}", "a GeoJSON file") from error
    except (ValueError, RecursionError) as error:
        raise refuse(f"no JSON: {str(error)[:100]}", "a GeoJSON file in UTF-8") from error
    features = content.get("features") if isinstance(content, dict) and content.get("type") == "FeatureCollection" else None
    if not isinstance(features, list):
        raise refuse("no FeatureCollection", "GeoJSON with type FeatureCollection and a list of features")
    return features


def _feature(feature: Any, where: str) -> tuple[str, list[list[Ring]], list[Problem]]:
    """Return name and polygons of a feature, and what is wrong with it."""
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    given = feature.get("properties") if isinstance(feature, dict) else None
    properties = {
        **({"id": feature["id"]} if isinstance(feature, dict) and "id" in feature else {}),
        **(given if isinstance(given, dict) else {}),
    }
    name = next((str(properties[key]).strip() for key in NAMES if isinstance(properties.get(key), str | int)), "")
    problems = [] if name else [Problem(where, "properties", "no name", f"one of {', '.join(NAMES)}")]
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or kind not in _SHAPES:
        return name, [], [*problems, Problem(where, "geometry", plain_name(str(kind)), " or ".join(_SHAPES))]
    nested = geometry.get("coordinates")
    polygons = [nested] if kind == "Polygon" else nested
    rings: list[list[Ring]] = []
    for polygon in polygons if isinstance(polygons, list) else [None]:
        made = [_ring(ring) for ring in polygon] if isinstance(polygon, list) and polygon else [None]
        if any(ring is None for ring in made):
            allowed = f"rings of at least {FEWEST} positions, each two finite numbers, the last like the first"
            return name, [], [*problems, Problem(where, "coordinates", "no closed ring of numbers", allowed)]
        # outer ring against the clock, holes with it: so that holes stay open
        rings.append([_turned(ring, hole=number > 0) for number, ring in enumerate(made) if ring is not None])
    if not rings:
        problems.append(Problem(where, "coordinates", "nothing", "a polygon"))
    return name, rings, problems


def _turned(ring: Ring, hole: bool) -> Ring:
    """Return a ring against the clock, or with it."""
    (x, y), (x1, y1) = ring[:-1].T, ring[1:].T
    return ring if (float(np.sum(x * y1 - x1 * y)) < 0) == hole else ring[::-1]


def _ring(given: Any) -> Ring | None:
    """Return a closed ring; None where it is none."""
    if not isinstance(given, list) or len(given) < FEWEST:
        return None
    for position in given:
        if not isinstance(position, list) or len(position) < 2 or not all(_is_number(number) for number in position[:2]):
            return None
    ring = np.array([position[:2] for position in given], dtype=np.float64)
    return ring if np.array_equal(ring[0], ring[-1]) else None


def _is_number(value: Any) -> bool:
    """Return whether a value is a finite number that a map can hold."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and abs(value) < 1e9
