"""What has to stand beside an estimate: whether the data told it, what does not fit, what moves what."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import stats

from calibration.estimation.drawn import UNIDENTIFIED, WEAK, Drawn, table
from calibration.estimation.neural import NeuralPosterior
from calibration.estimation.posterior import Posterior
from calibration.fitting import Calibration
from calibration.opinions import check_figures, method_of, opinion, training_figures

MISFIT = 1.5
"""A surface errs when its errors have more than this many times the variance of a run's noise: above it the intervals are no
better than the surface."""
STRONG = 3
"""Moments that are named as moving an estimate most."""


def parameter_rows(found: Calibration) -> list[dict[str, object]]:
    """Return one row for each parameter: prior, estimate with error, posterior where there is one, verdict."""
    point = found.point
    after = table(found.posterior) if found.posterior else [{} for _ in point.parameters]
    rows = []
    for place, (prior, more) in enumerate(zip(found.priors.each, after, strict=True)):
        rows.append(
            {
                "parameter": prior.name,
                "prior_median": float(prior.quantile(0.5)),
                "prior_low": float(prior.quantile(0.05)),
                "prior_high": float(prior.quantile(0.95)),
                "prior_sd": prior.spread,
                "estimate": float(point.theta[place]),
                "error": float(point.errors[place]),
                "at_bound": bool(point.at_bound[place]),
                "mean": more.get("mean", math.nan),
                "sd": more.get("sd", math.nan),
                "low": more.get("low", math.nan),
                "high": more.get("high", math.nan),
                "shrinkage": more.get("shrinkage", math.nan),
                "verdict": more.get("verdict") or _verdict(float(point.errors[place]) / prior.spread),
                "moved_by": ", ".join(_strongest(found, place)),
                "prior_assumed": prior.assumed,
            }
        )
    return rows


def _verdict(share: float) -> str:
    """Return whether the data told a parameter, by its standard error as a share of the prior's standard deviation."""
    if not share <= UNIDENTIFIED:
        return "not identified"
    return "weakly identified" if share > WEAK else "identified"


def _strongest(found: Calibration, place: int) -> list[str]:
    """Return the moments that move an estimate most, the strongest first; none for one that nothing moves."""
    row = found.point.sensitivity[place]
    if not np.isfinite(found.point.errors[place]):
        return []
    return [found.point.moments[one] for one in np.argsort(-np.abs(row))[:STRONG] if abs(row[one]) > 0.0]


def moment_rows(found: Calibration) -> list[dict[str, object]]:
    """Return one row for each moment that was matched: observed with its error, simulated, and how well it fits."""
    point, after = found.point, found.predictive
    errors = found.measured.errors
    surface = found.posterior.emulator.misfit if isinstance(found.posterior, Posterior) else np.full(len(point.moments), np.nan)
    return [
        {
            "moment": one.name,
            "unit": one.unit,
            "observed": float(point.observed[place]),
            "error": float(errors[place]),
            "n": found.measured.counts[place],
            "simulated": float(point.simulated[place]),
            "residual_z": float(point.misfit[place]),
            "predicted": float(after.mean[place]) if after else math.nan,
            "predicted_sd": float(after.spread[place]) if after else math.nan,
            "p": float(after.p[place]) if after else math.nan,
            "surface_misfit": float(surface[place]),
            "definition": one.definition,
        }
        for place, one in enumerate(found.measured.moments)
    ]


def not_identified(found: Calibration) -> list[str]:
    """Return the parameters that the data did not tell."""
    return [str(row["parameter"]) for row in parameter_rows(found) if row["verdict"] in ("not identified", "design too small")]


def surface_errs(posterior: Drawn | None) -> list[str]:
    """Return the moments for which the quadratic surface does not do: above `MISFIT`, and above what few replicates explain.

    None where there is no surface. The ratio of two variances is compared with Fisher's F, at 1% over all moments together.
    """
    if not isinstance(posterior, Posterior):
        return []
    emulator = posterior.emulator
    least = max(MISFIT, float(stats.f.ppf(1 - 0.01 / len(emulator.names), emulator.runs, max(1, len(posterior.pilot) - 1))))
    return [name for name, ratio in zip(emulator.names, emulator.misfit, strict=True) if ratio > least]


def diagnosis(found: Calibration) -> dict[str, Any]:
    """Return everything that has to be known of a calibration as JSON-able values; what is not a number is None."""
    point, posterior, predictive = found.point, found.posterior, found.predictive
    weak = point.weak_directions(found.priors)
    told: dict[str, Any] = {
        "parameters": parameter_rows(found),
        "not_identified": not_identified(found),
        "moments": moment_rows(found),
        "moments_left_out": found.dropped,
        "survey": {
            "operator": found.measured.operator,
            "covariance": found.measured.method,
            "replicates": found.measured.replicates,
            "sampling_units": found.measured.clusters,
            "run_noise_over_survey_noise": found.ratio,
            "noise_beyond_runs": found.beyond,
            "taken_as_drawn": found.measured.drawn,
            "drawn_units": found.measured.units,
            "strata_put_together": found.measured.collapsed,
        },
        "point": {
            "converged": point.converged,
            "j": point.j,
            "degrees": point.degrees,
            "p": point.p,
            "singular_values": point.singular,
            "weak_directions": [{"error_over_prior": ratio, "direction": said} for ratio, said in weak],
            "not_fitting": list(point.not_fitting),
            "sensitivity": {name: _by_moment(found, row) for name, row in zip(point.parameters, point.sensitivity, strict=True)},
        },
        "runs": {"asked": found.runs, "made_now": found.made},
    }
    if posterior and predictive:
        told["posterior"] = {
            "shrinkage": dict(zip(point.parameters, posterior.shrinkage, strict=True)),
            "method": method_of(posterior),
            "draws": len(posterior.values),
            "effective": posterior.draws.effective,
            "autocorrelation": posterior.draws.autocorrelation,
            "acceptance": posterior.draws.acceptance,
            "designs": posterior.designs if isinstance(posterior, Posterior) else 0,
            "edge": dict(zip(point.parameters, posterior.edge, strict=True)),
            "surface_errs": surface_errs(posterior),
            "predictive_overall_p": predictive.overall,
            "not_fitting": list(predictive.not_fitting),
        }
    if found.check:
        told["check"] = check_figures(found.check)
    if isinstance(posterior, NeuralPosterior):
        told["training"] = training_figures(posterior)
    if found.second:
        told["second"] = opinion(found)
    plain: dict[str, Any] = _plain(told)
    return plain


def _by_moment(found: Calibration, row: Any) -> dict[str, float]:
    """Return a row of sensitivities by the names of moments."""
    return dict(zip(found.point.moments, row, strict=True))


def _plain(value: Any) -> Any:
    """Return values as JSON knows them; an infinite or undefined number is None."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [_plain(one) for one in value]
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    return value
