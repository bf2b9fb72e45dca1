"""Priors as data: what they say holds, and what is wrong is said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from scenarios import ScenarioError, load
from scenarios.prior import Prior, read_priors

PRIORS = read_priors()


@pytest.mark.parametrize("prior", PRIORS.values(), ids=PRIORS)
def test_middle_95_per_cent(prior):
    """The middle 95% is what the file says; a beta keeps its mean and the width."""
    low, high = prior.quantile(0.025), prior.quantile(0.975)
    if prior.shape == "uniform":
        assert (prior.quantile(0), prior.quantile(1)) == pytest.approx((prior.low, prior.high))
    elif prior.shape == "beta":
        assert high - low == pytest.approx(prior.high - prior.low, abs=1e-6)
        grid = (np.arange(4000) + 0.5) / 4000
        assert np.mean([prior.quantile(u) for u in grid]) == pytest.approx(prior.mean, abs=1e-3)
    else:
        assert (low, high) == pytest.approx((prior.low, prior.high))


def test_quantiles_are_those_of_scipy():
    assert Prior("k", "normal", -1.0, 3.0).quantile(0.3) == pytest.approx(stats.norm(1, 4 / (2 * 1.959963984540054)).ppf(0.3))
    log = (np.log(8) - np.log(2)) / (2 * 1.959963984540054)
    assert Prior("k", "lognormal", 2.0, 8.0).quantile(0.9) == pytest.approx(stats.lognorm(log, scale=4).ppf(0.9))


@given(st.sampled_from(sorted(PRIORS)), st.floats(1e-6, 1 - 1e-6), st.floats(1e-6, 1 - 1e-6))
def test_quantiles_grow(key, one, two):
    low, high = sorted((one, two))
    assert PRIORS[key].quantile(low) <= PRIORS[key].quantile(high)


@pytest.mark.parametrize("probability", [0.001, 0.5, 0.999])
def test_every_prior_is_a_change_that_loads(probability):
    changes = [f"{key}={prior.quantile(probability)!r}" for key, prior in PRIORS.items()]
    load("nanyang", "documented", overrides=changes)


def test_every_prior_says_what_it_rests_on():
    assert all(len(prior.basis) > 15 for prior in PRIORS.values())


def test_a_factor_keeps_the_course():
    before, after = (
        load("nanyang", "kept", overrides=given).series["values.bill_mean"] for given in ([], ["values.bill_mean*=1.5"])
    )
    assert [entry.month for entry in after.entries] == [entry.month for entry in before.entries]
    assert [entry.value for entry in after.entries] == pytest.approx([1.5 * entry.value for entry in before.entries])


@pytest.mark.parametrize("change", ["values.wage_persistence*=2", "values.bill_mean*@2022-01=2", "values.bill_men*=2"])
def test_a_factor_that_cannot_be_taken(change):
    with pytest.raises(ScenarioError, match=r"values\."):
        load("nanyang", "kept", overrides=[change])


def test_all_problems_of_a_file(tmp_path):
    path = tmp_path / "priors.yaml"
    path.write_text(
        "priors:\n"
        "  - {key: values.bill_men, shape: uniform, range: [0, 1], basis: none}\n"
        "  - {key: values.bill_mean, shape: unifrm, range95: [0, 1], basis: none}\n"
        "  - {key: values.bill_log_sd, shape: lognormal, range95: [-1, 1], basis: none}\n"
        "  - {key: values.severe_share, shape: uniform, range: [1, 0], basis: none}\n",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError) as caught:
        read_priors(path)
    text = str(caught.value)
    assert all(word in text for word in ("bill_mean", "uniform", "above zero", "two figures, the lower first"))
    assert text.count("priors.yaml:") >= 4
