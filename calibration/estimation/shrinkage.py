"""Regression of several columns on many terms, each term drawn towards zero as far as the columns themselves ask for.

With few runs for many terms least squares takes noise for slopes: every parameter then seems to move the moments a little,
the likelihood reads that as knowledge of it, and intervals come out too narrow. Here the coefficients of a group of terms have a
common normal prior around zero, its width estimated by the marginal likelihood (Lindley and Smith 1972, "Bayes Estimates for
the Linear Model", Journal of the Royal Statistical Society B 34(1); MacKay 1992, "Bayesian Interpolation", Neural Computation
4(3)). With runs enough for what a term does nothing is drawn anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibration.estimation.simulator import Numbers

WIDEST, NARROWEST = 1e-9, 1e9
"""Least and largest penalty: terms that stand beyond doubt, and terms that do nothing."""

STEPS, NEAR = 300, 1e-4
"""Steps of the search for the penalties at most; it ends when a step changes none by more than this share."""


@dataclass(frozen=True)
class Shrunk:
    """A penalised regression.

    Attributes:
        coefficients: one row a term, one column a column.
        inverse: of the terms' cross product and the penalties: variance of the coefficients in units of the residuals'.
        covariance: of the residuals.
        degrees: of freedom of that covariance: rows less the terms without a prior.
        penalties: for each term; zero without a prior.
    """

    coefficients: Numbers
    inverse: Numbers
    covariance: Numbers
    degrees: int
    penalties: Numbers


def shrink(terms: Numbers, columns: Numbers, groups: np.ndarray) -> Shrunk:
    """Fit columns to terms.

    Args:
        terms: one row an observation, one column a term; more rows than terms.
        columns: one row an observation.
        groups: number of the group of each term; those of group 0 have no prior.
    """
    penalties = np.where(groups > 0, 1.0, 0.0)
    for _ in range(STEPS):
        found = _fitted(terms, columns, penalties, groups)
        new = _penalties(found, groups)
        moved = np.abs(np.log(new[groups > 0] / penalties[groups > 0])).max(initial=0.0)
        penalties = new
        if moved < NEAR:
            break
    return _fitted(terms, columns, penalties, groups)


def _fitted(terms: Numbers, columns: Numbers, penalties: Numbers, groups: np.ndarray) -> Shrunk:
    """Return the regression under given penalties."""
    # penalties enter as rows more, so that the cross product is never formed before it is inverted
    padded = np.vstack([terms, np.diag(np.sqrt(penalties))])
    solved: Numbers = np.linalg.pinv(padded).astype(np.float64)
    coefficients = solved[:, : len(terms)] @ columns
    left = np.vstack([columns, np.zeros((len(penalties), columns.shape[1]))]) - padded @ coefficients
    degrees = len(terms) - int((groups == 0).sum())
    return Shrunk(coefficients, solved @ solved.T, left.T @ left / degrees, degrees, penalties)


def _penalties(found: Shrunk, groups: np.ndarray) -> Numbers:
    """Return the next penalties: what the terms of a group are known to, over how large they are (MacKay 1992)."""
    known = 1.0 - found.penalties * np.diag(found.inverse)
    root = np.linalg.cholesky(found.covariance)
    large = (np.linalg.solve(root, found.coefficients.T) ** 2).sum(axis=0)
    new = np.zeros_like(found.penalties)
    for group in np.unique(groups[groups > 0]):
        of = groups == group
        new[of] = found.coefficients.shape[1] * known[of].sum() / max(float(large[of].sum()), 1e-300)
    return np.where(groups > 0, np.clip(new, WIDEST, NARROWEST), 0.0)
