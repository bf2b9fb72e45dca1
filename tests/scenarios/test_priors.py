"""Priors as data: what they say holds, and what is wrong is said."""

from __future__ import annotations

import pytest

from experiments.quantiles import prior_quantile
from scenarios import ScenarioError, load
from scenarios.prior import read_priors

PRIORS = read_priors()


@pytest.mark.parametrize("probability", [0.001, 0.5, 0.999])
def test_every_prior_is_a_change_that_loads(probability):
    changes = [f"{key}={prior_quantile(prior, probability)!r}" for key, prior in PRIORS.items()]
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
