"""The one door from experiments to the model. Imports stay inside: what simulates nothing loads no compiler."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from experiments.canonical import content_hash
from experiments.task import library_versions
from sim.rules import County, Rules, month_index

FIRST_MONTH = month_index(2021)
"""First month that a run simulates under its policy; the lived past ends the month before."""

LAST_MONTH = month_index(2030, 12)
"""Last month for which the scenarios carry values."""


def live(county: County, rules: Rules, seed: int, threads: int) -> Any:
    """Return the state at the end of 2020 of a county that lived 2013 to 2020."""
    from sim.history import live as live_history

    return live_history(county, rules, seed, threads=threads)


def build_model(county: County, rules: Rules, seed: int, past: Any, months: int, threads: int) -> Any:
    """Return a model that stands at the first month of the horizon."""
    from sim.model import Model

    return Model(county, rules, rng=seed, past=past, months=months, threads=threads)


def warm_up(rules: Rules) -> None:
    """Compile the rules into the cache of this machine, unless it holds them: two villages live from 2013 to 2021.

    Workers then load them; each of several on an empty cache would compile them for itself.
    """
    if is_warm():
        return
    county = County(60, 2, 1)
    past = live(county, rules, 1, 1)
    model = build_model(county, rules, 1, past, 12, 1)
    for _ in range(12):
        model.step()
    _warm_marker().touch()


def is_warm() -> bool:
    """Return whether the cache of this machine holds the compiled rules, or none are compiled."""
    from numba import config

    return bool(config.DISABLE_JIT) or _warm_marker().exists()  # type: ignore[attr-defined]


def _warm_marker() -> Path:
    """Return the file that says that the cache holds code for this processor and these versions."""
    from llvmlite.binding import get_host_cpu_name

    from sim.engine import cache_folder

    made_for = content_hash([get_host_cpu_name(), library_versions()])
    return cache_folder() / f"warm-{made_for[:16]}"


def engine_hash() -> str:
    """Return the hash of the sources of the engine."""
    from sim.engine import engine_hash as hash_of_sources

    return str(hash_of_sources())
