"""Worked households: reading the case files. A file is `tests/worked/<lever>.yaml`; see test_worked.py for its format."""

from __future__ import annotations

import copy
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from scenarios.family import Described, read_family
from sim.rules import month_index

FOLDER = Path(__file__).parent
FILE_KEYS = {"lever", "about", "base", "cases"}
CASE_KEYS = {
    "id", "about", "place", "policy", "start", "overrides", "household", "members", "events", "village", "alone", "expect",
}  # fmt: skip
VILLAGES = ("shared", "own")
EXPECT_KEYS = {"paid", "counts", "household", "members"}


@dataclass(frozen=True)
class Case:
    """One worked household.

    Attributes:
        lever: catalogue id of the lever that it is about.
        id: name of the case, unique in its file.
        policy: policy that holds; overrides of the scenario stand in the description.
        described: the family as a family file describes it.
        expected: by month number, what was worked out: payments by lever, counts, columns.
        apart: whether the family brings a village of its own into the county.
        alone: why the case lives only by itself; empty for one that lives in the county too.
    """

    lever: str
    id: str
    policy: str
    described: Described
    expected: dict[int, dict[str, Any]]
    apart: bool = False
    alone: str = ""

    @property
    def name(self) -> str:
        """Name in messages."""
        return f"{self.lever}:{self.id}"

    @property
    def world(self) -> tuple[Any, ...]:
        """What families must have in common to live in one county: place, policy, changes, first month, disasters."""
        family = self.described
        disasters = tuple((one.month, str(one.value)) for one in family.events if one.kind == "disaster")
        return family.place, self.policy, family.overrides, family.start, disasters


def month_of(text: str) -> int:
    """Return the month number of a text such as 2021-05."""
    year, month = text.split("-")
    return month_index(int(year), int(month))


def merged(base: Any, over: Any) -> Any:
    """Return two descriptions laid over each other: mappings by key, lists one after the other, anything else replaced."""
    if isinstance(base, dict) and isinstance(over, dict):
        return {key: merged(base[key], over[key]) if key in base and key in over else (over if key in over else base)[key]
                for key in {**base, **over}}  # fmt: skip
    if isinstance(base, list) and isinstance(over, list):
        return [*base, *over]
    return copy.deepcopy(over)


def read_file(path: Path) -> list[Case]:
    """Read one file of cases.

    Raises:
        ValueError: on a key that the format does not know.
        ScenarioError: on a family that is not well described.
    """
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    _known(raw, FILE_KEYS, path.name)
    return [_read(path, raw["lever"], merged(raw.get("base") or {}, item)) for item in raw["cases"]]


def _known(mapping: dict[str, Any], allowed: set[str], where: str) -> None:
    """Refuse keys that the format does not know."""
    unknown = sorted(set(mapping) - allowed)
    if unknown:
        raise ValueError(f"{where}: unknown {', '.join(unknown)}; allowed: {', '.join(sorted(allowed))}")


def _read(path: Path, lever: str, raw: dict[str, Any]) -> Case:
    """Read one case: its family is written out as a family file and read back by the program's own reader."""
    where = f"{path.name}, case {raw.get('id')}"
    _known(raw, CASE_KEYS, where)
    expected = {month_of(month): values for month, values in raw["expect"].items()}
    for month, values in expected.items():
        _known(values, EXPECT_KEYS, f"{where}, {month}")
    village = raw.get("village", "shared")
    if village not in VILLAGES:
        raise ValueError(f"{where}: village '{village}'; allowed: {', '.join(VILLAGES)}")
    start = raw.get("start", "2021-01")
    family = {key: raw[key] for key in ("overrides", "events") if raw.get(key)}
    family |= {
        "id": "worked",
        "name": {"zh": "算例", "en": "worked"},
        "place": raw.get("place", "golden"),
        "start": start,
        "months": max(expected) - month_of(start) + 1,
        "household": {"group": "other"} | raw.get("household", {}),
        "members": raw["members"],
    }
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "worked.yaml"
        file.write_text(yaml.safe_dump(family, allow_unicode=True, sort_keys=False), encoding="utf-8")
        described = read_family(str(file))
    policy = raw.get("policy", "kept")
    return Case(lever, raw["id"], policy, described, expected, village == "own", raw.get("alone", ""))


def files() -> list[Path]:
    """Return all files of cases."""
    return sorted(FOLDER.glob("*.yaml"))


def exemptions() -> dict[str, str]:
    """Return the direct levers that have no worked household, and why."""
    found: dict[str, str] = {}
    for path in sorted((FOLDER / "exempt").glob("*.yaml")):
        found |= yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return found
