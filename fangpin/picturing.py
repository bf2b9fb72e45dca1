"""The command `fangpin charts`: flows among states, small multiples by place and a map, from a folder's files alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.labels import Label, Lang
from fangpin.exits import DONE, HELP_WORDS, refuse
from fangpin.screen import Screen
from scenarios.problems import Problem, nearest

if TYPE_CHECKING:
    from experiments.boundaries import Boundaries
    from experiments.standing import PlaceFalls
    from experiments.stored import Stored

CHARTS_HELP = """fangpin charts DIR [key=value ...] - more pictures of stored runs; runs nothing

  DIR                       a folder that `fangpin run` wrote; else the newest folder under runs/
  boundaries=FILE           a GeoJSON file of polygons: draws a map. Names (id, name) are ids of counties, or numbers of townships
  policy=                   policies, separated by commas; by default all
  lang=zh                   zh or en

Draws flows of ex-poor families among states from December to December (charts/flows-*), new falls by county, or by township
where there is one county (charts/places), with boundaries a map of them (charts/map-*): PNG, SVG, PDF; and tables/flows.csv and
places.csv with the same figures.

examples:
  fangpin charts runs/nanyang lang=en
  fangpin charts runs/nanyang boundaries=townships.geojson policy=documented
"""
KEYS = {"boundaries": "", "policy": "", "lang": "zh"}
FLOWS_HEADER = ("policy", "year", "state_before", "state_after", "share")
PLACES_HEADER = ("policy", "place", "families", "year", "share_newly_fallen")


def charts(words: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    from experiments.boundaries import BadBoundaries
    from experiments.stored import open_stored

    if any(word in HELP_WORDS for word in words):
        print(CHARTS_HELP, end="")
        return DONE
    given = {**KEYS, **dict(word.split("=", 1) for word in words if "=" in word)}
    problems = [Problem("command line", key, given[key], ", ".join(KEYS), nearest(key, KEYS)) for key in given if key not in KEYS]
    if given["lang"] not in ("zh", "en"):
        problems.append(Problem("command line", "lang", given["lang"], "zh or en"))
    folder = _folder([word for word in words if "=" not in word])
    if problems:
        return refuse(problems, "charts")
    try:
        stored = open_stored(folder)
        policies = [name.strip() for name in given["policy"].split(",") if name.strip()] or list(stored.study.policies)
        problems += [
            Problem("command line", "policy", name, ", ".join(stored.study.policies), nearest(name, stored.study.policies))
            for name in policies
            if name not in stored.study.policies
        ]
        if problems:
            return refuse(problems, "charts")
        return _tell(stored, policies, Path(given["boundaries"]) if given["boundaries"] else None, Screen(given["lang"]))
    except FileNotFoundError as error:
        return refuse([Problem("command line", "DIR", str(error), "a folder of `fangpin run`")], "charts")
    except BadBoundaries as error:
        return refuse(error.problems, "charts")


def _folder(words: Sequence[str]) -> Path:
    """Return the folder named, or the newest under ``runs``."""
    if words:
        return Path(words[0])
    found = sorted(Path("runs").glob("*/study.json"), key=lambda path: path.stat().st_mtime)
    return found[-1].parent if found else Path("runs")


def _tell(stored: Stored, policies: Sequence[str], boundaries: Path | None, screen: Screen) -> int:
    """Draw, write the tables and name the files."""
    from experiments.boundaries import read_boundaries
    from experiments.standing import falls_by_place

    places = falls_by_place(stored)
    # a wrong file is told before anything is drawn
    areas = None if boundaries is None else read_boundaries(boundaries, [place.id for place in places])
    for path in write_charts(stored, policies, places, areas, screen.lang):
        if path.suffix in (".png", ".csv"):
            name = path.relative_to(stored.root)
            screen.line(Label(f"  {name}", f"  {name}"))
    return DONE


def write_charts(
    stored: Stored, policies: Sequence[str], places: Sequence[PlaceFalls], areas: Boundaries | None, lang: Lang
) -> list[Path]:
    """Write charts and tables into the folder of the runs; return the paths."""
    from experiments.charts.flows import draw_flows
    from experiments.charts.places import draw_map, draw_places
    from experiments.charts.style import save
    from experiments.standing import STATES, flows_of
    from experiments.store import write_whole
    from experiments.tables import csv_text

    folder, results = stored.root / "charts", stored.results()
    paths, rows = [], []
    for number, policy in enumerate(policies):
        flows, name = flows_of(stored, policy), _file_name(policy, number)
        paths += save(draw_flows(flows, results.place, results.name(policy), lang), folder, f"flows-{name}-{lang}")
        rows += [
            (policy, year + 1, before, after, float(flows.moves[place, one, two]))
            for place, year in enumerate(flows.years[:-1])
            for one, before in enumerate(STATES)
            for two, after in enumerate(STATES)
        ]
        if areas:
            paths += save(draw_map(results, places, areas, policy, lang), folder, f"map-{name}-{lang}")
    paths += save(draw_places(results, places, lang), folder, f"places-{lang}")
    falls = [
        (policy, place.id, place.families, year, float(share))
        for place in places
        for policy, shares in place.shares.items()
        for year, share in zip(place.years, shares.mean(axis=0), strict=True)
    ]
    tables = stored.root / "tables"
    paths.append(write_whole(tables / "flows.csv", csv_text(FLOWS_HEADER, rows)))
    return [*paths, write_whole(tables / "places.csv", csv_text(PLACES_HEADER, falls))]


def _file_name(policy: str, number: int) -> str:
    """Return a policy's name for a file: cells of sweeps hold signs that file names should not."""
    return policy if policy.replace("-", "").replace("_", "").isalnum() and len(policy) < 40 else f"policy{number + 1}"
