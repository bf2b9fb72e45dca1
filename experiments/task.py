"""One run to be made, and the key under which its result is stored."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from typing import Any

from experiments.canonical import content_hash

POINT = "point"
"""Name of the draw that changes nothing: the scenario's own values."""
LABEL_LENGTH = 60
"""Letters of a policy's name in a run's label."""
SCHEMA_VERSION = 2
"""Version of the files of a run; a change makes every stored run another run."""


@cache
def library_versions() -> dict[str, str]:
    """Return the versions that may change the bytes of a run: interpreter, arithmetic, compiler, file writer."""
    packages = ("numpy", "numba", "llvmlite", "pyarrow")
    versions = {package: importlib.metadata.version(package) for package in packages}
    return {"python": ".".join(platform.python_version_tuple()[:2]), **versions}


@dataclass(frozen=True)
class Task:
    """One run: a policy in a county, with one replication's luck.

    Attributes:
        place, policy: names of the scenario; a county that a place lists is called ``place/county``.
        households: rural households of the simulated county.
        months: months simulated from 2021-01.
        replication: number of the replication, from 0.
        seed: the replication's seed (`experiments.seeds.replication_seed`).
        overrides: changes of the scenario, as the user wrote them.
        scenario_hash: hash of the resolved scenario, county included.
        engine: hash of the engine's sources.
        county: number of the county within the place: the luck that is its own.
        draw: name of the parameter draw, its number and a hash of its values; ``point`` is the scenario's own values.
        records: years of which the run keeps households and persons as they stood each December (`experiments.latent`) instead
            of the usual files; none for a usual run.
    """

    place: str
    policy: str
    households: int
    months: int
    replication: int
    seed: int
    overrides: tuple[str, ...]
    scenario_hash: str
    engine: str
    county: int = 0
    draw: str = POINT
    records: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        """The hash of all that decides the result: 64 hexadecimal digits. Threads and clocks are no part of it."""
        return content_hash({"schema": SCHEMA_VERSION, "versions": library_versions(), "task": self.parts})

    @property
    def parts(self) -> dict[str, Any]:
        """The fields; years of record only where there are any, so that usual runs keep their keys."""
        return {name: value for name, value in asdict(self).items() if name != "records" or value}

    @property
    def label(self) -> str:
        """A short name for people, such as ``documented #3``, with the county where a place lists several."""
        _, slash, county = self.place.rpartition("/")
        listed = f"{county} " if slash and not county.endswith((".yaml", ".yml")) else ""
        policy = self.policy if len(self.policy) <= LABEL_LENGTH else f"{self.policy[: LABEL_LENGTH - 3]}..."
        drawn = "" if self.draw == POINT else f" draw {int(self.draw[:4]) + 1}"
        return f"{listed}{policy} #{self.replication + 1}{drawn}"


def read_task(told: Mapping[str, Any]) -> Task:
    """Return a run as a file tells of it: what `dataclasses.asdict` wrote, entries of other versions left out."""
    known = {field.name for field in fields(Task)}
    parts: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in told.items() if name in known
    }
    return Task(**parts)
