"""Counts of a survey panel for the disclosure gate: households and persons of a wave by sampling unit, and whom a flag meets."""

from __future__ import annotations

import numpy as np

from calibration.panel import Panel
from experiments.disclosure import Counts
from scenarios.problems import Report, listing


def counts_of_panel(panel: Panel, wave: int, flag: str, unit: str = "households", above: str = "stratum") -> Counts:
    """Return who was observed in a wave and whom a flag meets, by cluster within strata, unweighted.

    Weighted totals are no counts of contributors: publish shares of released counts, or weight them outside.

    Args:
        panel: the panel.
        wave: its year.
        flag: a column of households that is 0 or 1, such as ``dibao``; households where it is unknown are left out.
        unit: what is published, households or persons.
        above: the column that clusters lie in.

    Raises:
        ScenarioError: if the panel lacks a column, or the wave.
    """
    report, table = Report(), panel.households
    for name in ("cluster", above, "size", flag):
        if not panel.has(name):
            report.add("panel", name, "not measured", listing(map(str, table.columns)))
    if wave not in panel.waves:
        report.add("panel", "wave", str(wave), listing(map(str, panel.waves)))
    report.stop()
    rows = table[(table["wave"] == wave) & table[flag].notna() & table["size"].notna()]
    pairs = list(zip(rows[above].astype(str), rows["cluster"].astype(str), strict=True))
    places = sorted(set(pairs))
    numbers = {place: number for number, place in enumerate(places)}
    place = np.array([numbers[pair] for pair in pairs], np.int64)
    met = rows[flag].to_numpy(dtype=np.float64) == 1.0
    size = rows["size"].to_numpy(dtype=np.float64)

    def counted(chosen: np.ndarray) -> np.ndarray:
        both = [np.bincount(place[chosen], weights, len(places)) for weights in (np.ones(int(chosen.sum())), size[chosen])]
        return np.array(both, np.float64).reshape(1, 2, len(places), 1)

    paths = tuple((panel.meta.source, *one) for one in places)
    everyone = np.ones(len(rows), np.bool_)
    return Counts(f"wave {wave}", unit, paths, ("observed",), counted(everyone), {(wave, flag): counted(met)})
