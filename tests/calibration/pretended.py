"""A county of plain numbers in the place of the model, and a survey of it: no model is compiled."""

from __future__ import annotations

import numpy as np
from villages import latent

from calibration.codebook import load_codebook
from calibration.luck import normals
from calibration.made import exact, make_survey
from calibration.shape import write_shape
from experiments import latent as recorded
from experiments.latent import Latent
from fangpin.cli import run_command
from scenarios import load

WAVES = (2016, 2018, 2020)
FREE = "values.wage_innovation_sd,values.bill_mean*,values.enrol_peers"
TRUE_SD, TRUE_BILL = 0.2, 1.15
MEAN_BILL = 850_000.0
"""Nothing hangs on it: bills of the pretended county are in units of this, in fen."""


def county(innovation: float, bill: float, seed: int, households: int = 400) -> Latent:
    """Return villages whose yearly incomes vary by the one parameter and whose medical spending is proportional to the other."""
    found = latent(households, tuple(range(2014, 2021)))
    homes = found.households.copy()
    ids, waves = homes["household"].to_numpy(), homes["wave"].to_numpy()
    moved = np.exp(3 * innovation * normals(seed, "passing", ids, waves) + 0.05 * normals(seed, "own", ids))
    sources = [name for name in homes if name.startswith("income_")] + ["gross", "kept_away"]
    homes[sources] = homes[sources].mul(moved, axis=0)
    homes["medical_spending"] *= bill * np.exp(0.3 * normals(seed, "bills", ids, waves))
    return Latent(homes, found.persons, "villages")


def pretend(patch) -> list[int]:
    """Put the pretended county in the place of the model; return what notes the seed of every run."""
    seeds = []

    def record(county_, rules, years, seed, threads=None, source="", advance=None):
        seeds.append(seed)
        month = 2020 * 12
        return county(rules.values["wage_innovation_sd"].at(month), rules.values["bill_mean"].at(month) / MEAN_BILL, seed % 2**31)

    patch.setattr(recorded, "record_years", record)
    return seeds


def surveyed(folder):
    """Write a survey of a county with known parameters and return its folder."""
    book = load_codebook("cfps")
    unit = load("nanyang", "documented").rules.values["bill_mean"].at(2020 * 12) / MEAN_BILL
    write_shape(make_survey(county(TRUE_SD, TRUE_BILL * unit, 77), exact(WAVES, book.meta.operator)), book, folder, "csv")
    return folder


def command(data, out, *more) -> int:
    """Return the exit code of a small calibration."""
    words = [f"data={data}", "codebook=cfps", f"parameters={FREE}", "moments=income,health", "households=450", "error=no"]
    return run_command(["calibrate", *words, "points=64", "reps=1", "check=0", "workers=1", "lang=en", f"out={out}", *more])
