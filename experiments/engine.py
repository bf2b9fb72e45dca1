"""The one door from experiments to the model. Imports stay inside: what simulates nothing loads no compiler."""

from __future__ import annotations

from typing import Any

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


def engine_hash() -> str:
    """Return the hash of the sources of the engine."""
    from sim.engine import engine_hash as hash_of_sources

    return str(hash_of_sources())
