"""A linear regression that a network starts from: with few runs it need not learn from steps what least squares says at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibration.estimation.simulator import Numbers


@dataclass(frozen=True)
class Headstart:
    """Parameters = intercept + slopes moments + root rest; the network learns the density of the rest given the moments.

    Attributes:
        slopes: one row for the intercept and each moment, one column for each parameter.
        root: Cholesky root of the covariance of what is left, each run left out of the fit that it is measured against.
    """

    slopes: Numbers
    root: Numbers

    @classmethod
    def fit(cls, scores: Numbers, rows: Numbers) -> tuple[Headstart, Numbers]:
        """Return the regression of parameters on moments, and what it leaves in units of its root."""
        terms = _terms(rows)
        solved = np.linalg.pinv(terms)
        slopes = solved @ scores
        # a run that alone decides its own fit would leave a rest without bound
        leverage = np.minimum((terms * solved.T).sum(axis=1), 0.9)
        left = (scores - terms @ slopes) / (1 - leverage)[:, None]
        root: Numbers = np.linalg.cholesky(np.atleast_2d(left.T @ left / len(left)) + 1e-9 * np.eye(scores.shape[1])).astype(
            np.float64
        )
        return cls(slopes, root), np.asarray(np.linalg.solve(root, left.T).T)

    def scores(self, rows: Numbers, rest: Numbers) -> Numbers:
        """Return parameters for moments (a row a set) and what is left (sets, draws, parameters)."""
        return np.asarray((_terms(rows) @ self.slopes)[:, None, :] + rest @ self.root.T)


def _terms(rows: Numbers) -> Numbers:
    """Return one and the moments, a row a set."""
    return np.column_stack([np.ones(len(rows)), rows])
