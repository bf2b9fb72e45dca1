"""What is told of checks, of a network's posterior, and of two posteriors beside each other, as plain values."""

from __future__ import annotations

from typing import Any

from calibration.estimation.checks import LEVELS, Check
from calibration.estimation.comparison import FAR, WIDER, coverages, differences
from calibration.estimation.drawn import Drawn, table
from calibration.estimation.neural import NeuralPosterior
from calibration.fitting import Calibration

NAMES = {"first": "posterior", "second": "npe", "neither": "neither"}
"""The two by the words of `method=`."""
UNLIKE = 0.01
"""Data that fewer of the training rows than this lie as far out as are unlike what the network has seen."""


def method_of(posterior: Drawn) -> str:
    """Return by which method of `method=` draws were found."""
    return "npe" if isinstance(posterior, NeuralPosterior) else "posterior"


def training_figures(posterior: NeuralPosterior) -> dict[str, Any]:
    """Return how a network was trained: runs, moments, losses, seed, versions, and whether the data are like what it saw."""
    learned = posterior.learned
    return {
        "runs": posterior.runs,
        "rounds": posterior.rounds,
        "rows": learned.rows,
        "moments": len(posterior.summary.places),
        "moments_left_out": list(posterior.summary.left_out),
        "epochs": learned.epochs,
        "training_loss": learned.training_loss,
        "held_out_loss": learned.held_out_loss,
        "seed": learned.seed,
        "versions": learned.versions,
        "share_as_far_out_as_the_data": posterior.beyond,
        "data_are_unlike": posterior.beyond < UNLIKE,
    }


def opinion(found: Calibration) -> dict[str, Any] | None:
    """Return the second posterior beside the first: where they disagree and which has the better measured coverage."""
    first, second = found.posterior, found.second
    if first is None or second is None:
        return None
    apart = differences(first, second.posterior)
    rows = [
        {
            **{key: row[key] for key in ("parameter", "mean", "sd", "low", "high", "shrinkage", "verdict")},
            "difference_in_sd": one.difference,
            "width_ratio": one.width,
            "disagrees": one.apart,
        }
        for row, one in zip(table(second.posterior), apart, strict=True)
    ]
    return {
        "method": method_of(second.posterior),
        "parameters": rows,
        "disagree": [one.parameter for one in apart if one.apart],
        "limits": {"difference_in_sd": FAR, "width_ratio": WIDER},
        "coverage": _coverage(found.check, second.check),
        "training": training_figures(second.posterior),
        "check": check_figures(second.check) if second.check else None,
    }


def _coverage(first: Check | None, second: Check | None) -> dict[str, Any]:
    """Return shares of truths held by level and which method is nearer its promise; nothing without pseudo data."""
    if first is None or second is None:
        return {}
    found = {}
    for level in LEVELS:
        one = coverages(first, second, level)
        found[f"{level:.0%}"] = {
            "posterior": one.first,
            "npe": one.second,
            "difference": one.difference,
            "monte_carlo_error": one.error,
            "better": NAMES[one.nearer],
        }
    return found


def check_figures(check: Check) -> dict[str, Any]:
    """Return what pseudo data sets said of the intervals: coverage with its interval, ranks, standardised errors."""
    by_level = {level: check.coverage_by_parameter(level) for level in LEVELS}
    means, ranks = check.mean_errors(), check.rank_tests()
    return {
        "sets": len(check.truths),
        "runs": check.runs,
        "coverage": {f"{level:.0%}": check.coverage(level)._asdict() | {"kept": check.coverage(level).kept} for level in LEVELS},
        "ranks_even": check.ranks_even,
        "parameters": {
            name: {
                "coverage_90": by_level[0.9][name].share,
                "mean_standardised_error": means[name][0],
                "monte_carlo_error": means[name][1],
                "rank_p": ranks[name],
            }
            for name in check.names
        },
    }
