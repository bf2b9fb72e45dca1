"""Priors between bounds: densities that integrate to one and fit their quantiles."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from calibration.estimation.incomes import PRIORS
from calibration.estimation.prior import Prior, Priors, bounded, priors_of, uniform
from scenarios.prior import Prior as Belief
from scenarios.prior import read_priors

KINDS = [
    Prior(Belief("a", "normal", -1.0, 3.0), -2.0, 2.5),
    Prior(Belief("b", "lognormal", 0.5, 4.0), 0.1, 6.0),
    Prior(Belief("c", "negative_lognormal", -4.0, -0.5), -6.0, -0.1),
    Prior(Belief("d", "beta", 0.2, 0.8, 0.5), 0.0, 1.0),
    uniform("e", 2.0, 5.0),
]


@pytest.mark.parametrize("prior", [*KINDS, *PRIORS.each], ids=lambda prior: prior.name)
def test_density_and_quantiles_are_of_one_distribution(prior):
    """The density integrates to one, and to .3 below the 30% quantile."""

    def density(value):
        return float(np.exp(prior.log_density(value)))

    middle = float(prior.quantile(0.3))
    assert integrate.quad(density, prior.lower, prior.upper, points=[middle], limit=200)[0] == pytest.approx(1.0, abs=1e-6)
    assert integrate.quad(density, prior.lower, middle, limit=200)[0] == pytest.approx(0.3, abs=1e-6)
    assert prior.share_below(middle) == pytest.approx(0.3)


@pytest.mark.parametrize("prior", KINDS, ids=lambda prior: prior.name)
def test_nothing_outside_the_bounds(prior):
    assert np.isneginf(prior.log_density([prior.lower - 0.01, prior.upper + 0.01])).all()
    drawn = Priors((prior,)).draw(500, seed=1)
    assert (drawn >= prior.lower).all() and (drawn <= prior.upper).all()


def test_all_together_are_the_sum_of_each():
    """The densities of all parameters at once are those of each, inside and outside the bounds."""
    narrow = Prior(Belief("f", "uniform", 0.2, 0.8), 0.0, 1.0)
    priors = Priors((*KINDS, narrow, *PRIORS.each))
    points = priors.lower + np.random.default_rng(1).uniform(-0.02, 1.02, (400, len(priors.each))) * (priors.upper - priors.lower)
    each = np.sum([prior.log_density(column) for prior, column in zip(priors.each, points.T, strict=True)], axis=0)
    assert np.isneginf(each).any() and np.isfinite(each).any()
    assert priors.log_density(points) == pytest.approx(each)


def test_a_cut_normal_is_that_of_scipy():
    sd = 4 / (2 * stats.norm.ppf(0.975))
    cut = stats.truncnorm(-3 / sd, 1.5 / sd, loc=1, scale=sd)
    assert KINDS[0].log_density(0.7) == pytest.approx(cut.logpdf(0.7))
    assert KINDS[0].spread == pytest.approx(cut.std(), rel=1e-3)


def test_shipped_beliefs_become_priors():
    """Every belief of the project can be estimated; those that nobody has measured say so."""
    beliefs = read_priors().values()
    priors = priors_of(beliefs)
    assert priors.names == tuple(belief.key for belief in beliefs)
    assert np.isfinite(priors.log_density(priors.draw(20, seed=2))).all()
    assert sum(prior.assumed for prior in priors.each) > 10


@pytest.mark.parametrize(
    ("belief", "bounds", "said"),
    [
        (Belief("x", "unifrm", 0.0, 1.0), (0.0, 1.0), r"'unifrm'.*did you mean 'uniform'"),
        (Belief("x", "normal", 0.0, 1.0), (1.0, 0.0), "the lower one first"),
        (Belief("x", "normal", 0.0, 1.0), (2.0, 3.0), "outside the bounds"),
        (Belief("x", "lognormal", 0.5, 1.0), (-1.0, 3.0), "one sign"),
    ],
)
def test_what_is_no_prior_is_said(belief, bounds, said):
    with pytest.raises(ValueError, match=f"prior of x: .*{said}"):
        Prior(belief, *bounds)


def test_bounds_of_a_belief():
    prior = bounded(Belief("x", "lognormal", 0.5, 4.0))
    assert prior.lower < 0.5 and prior.upper > 4.0 and prior.share_below(0.5) == pytest.approx(0.024, abs=0.001)


def test_names_must_agree():
    with pytest.raises(ValueError, match="priors of e; the simulator's parameters are f"):
        Priors((KINDS[4],)).check(("f",))
