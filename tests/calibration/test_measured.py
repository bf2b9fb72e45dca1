"""Moments of a panel: sets, errors, and what is missing said by name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from moment_panels import made_panel

from calibration.estimation.simulator import EstimationError, Simulator
from calibration.moments.measured import FAMILIES, MOMENTS, SETS, UNITS, measure, names_of
from calibration.moments.published import published_moments, published_target
from calibration.moments.simulated import PanelSimulator, simulated_row
from calibration.moments.wide import sample_of
from calibration.redundant import without_followers
from scenarios.observed import TAGS

LINE = 5000.0


@pytest.fixture(scope="module")
def panel():
    return made_panel(households=320)


def test_every_moment_is_told():
    assert len(MOMENTS) == sum(len(family.moments) for family in FAMILIES)
    assert all(moment.unit and len(moment.definition) > 15 for moment in MOMENTS.values())
    assert all(name in MOMENTS for names in SETS.values() for name in names)


def test_families_measure_what_they_list(panel):
    """No value without a moment, no moment without a value, where the columns are there."""
    sample = sample_of(panel, LINE)
    for family in FAMILIES[:9]:
        assert set(family.measure(sample)) == {moment.name for moment in family.moments}


def test_levels_by_hand(panel):
    """The first wave's mean income per head, from the frame itself."""
    found = dict(
        zip(*[(one := measure(panel, ["income_mean_first", "dibao_share"], method="jackknife")).names, one.values], strict=True)
    )
    first = panel.households[panel.households["wave"] == 2010]
    heads = first["weight"] * first["size"]
    assert found["income_mean_first"] == pytest.approx((first["income_total"] / first["size"] * heads).sum() / heads.sum())
    whole = panel.households
    assert found["dibao_share"] == pytest.approx((whole["dibao"] * whole["weight"]).sum() / whole["weight"].sum(), rel=1e-6)


def test_standard_set_can_be_matched(panel):
    measured = measure(panel, "standard", lines=LINE, count=100)
    target = measured.target()
    assert len(target.names) > 25 and (measured.errors > 0).all()
    assert set(measured.names) | set(measured.unavailable) == set(SETS["standard"])
    assert {"value", "error", "n", "unit", "definition", "moment"} == set(measured.table()[0])


def test_moments_that_follow_from_others_are_left_out_and_said(panel):
    """All moments together: the shares of each row of the mobility table add up to one, so the last of each goes."""
    whole = measure(panel, "all", lines=LINE, count=260)
    with pytest.raises(EstimationError, match="singular"):
        whole.target()
    found = without_followers(whole)
    found.target()
    gone = set(whole.names) - set(found.names)
    assert {f"fifth_{row}_to_5" for row in range(1, 6)} <= gone and len(gone) < 40
    assert all(found.unavailable[name].startswith("follows from ") for name in gone)
    assert without_followers(found).names == found.names
    # none of these is spanned by the others
    standard = measure(panel, "standard", lines=LINE, count=100)
    assert without_followers(standard) is standard


def test_methods_agree(panel):
    """Errors by bootstrap and by jackknife are of one size."""
    names = ["log_income_first", "autocovariance_0_1", "entry", "insured_share", "gini"]
    boot, jack = (measure(panel, names, lines=LINE, method=method, count=200).errors for method in ("bootstrap", "jackknife"))
    assert boot == pytest.approx(jack, rel=0.35)


def test_missing_columns_are_said_by_name():
    poor = made_panel(drop=("dibao", "size", "insured"))
    told = measure(poor, ["income", "insurance", "benefits", "work"]).unavailable
    assert told["income_growth"] == "no column households.size"
    assert told["insured_share"] == "no column persons.insured"
    assert told["dibao_share"] == "no column households.dibao"
    assert "works_share" not in told


def test_a_panel_without_persons():
    told = measure(made_panel(persons=False), ["insurance", "work", "income"]).unavailable
    assert told["works_share"] == "no column persons.job, persons.age" and "income_growth" not in told


def test_no_line_no_poverty(panel):
    assert measure(panel, "poverty").unavailable["entry"] == "no poverty line given"
    with pytest.raises(ValueError, match="no poverty line for 2012, 2014"):
        measure(panel, "poverty", lines={2010: 4000.0, 2016: 4500.0, 2018: 5000.0})


def test_waves_that_are_missing():
    told = measure(made_panel(waves=1), ["income", "entry"], lines=LINE).unavailable
    assert told["entry"] == told["income_growth"] == "1 waves; at least 2"


def test_ten_households():
    told = measure(made_panel(households=10), ["income", "poverty"], lines=LINE).unavailable
    assert told["log_income_first"].endswith("at least 30")


def test_names(panel):
    assert names_of(["mobility", "fifth_1_to_1"]) == SETS["mobility"]
    with pytest.raises(ValueError, match=r"'helth' did you mean 'health'\?"):
        names_of("helth")


def test_moments_that_follow_from_others_are_refused(panel):
    """All 25 moves add up in rows: nothing can be weighted by their inverse covariance."""
    with pytest.raises(EstimationError, match="singular along"):
        measure(panel, [name for name in MOMENTS if name.startswith("fifth")], count=60).target()


def test_a_simulated_row_is_the_measured_one(panel):
    names = ("income_growth", "insured_share", "entry")
    assert simulated_row(panel, names, LINE) == pytest.approx(measure(panel, names, lines=LINE, count=20).values)
    with pytest.raises(ValueError, match=r"tekun_share: no column households\.tekun"):
        simulated_row(panel, ("tekun_share",))


def test_panels_make_a_simulator(panel):
    """Rows are those of the panels of the seeds, in the data's order; another income operator is refused."""
    data = measure(panel, ["insured_share", "income_growth"], count=20)
    simulator = PanelSimulator(["fixed"], lambda theta, seed: made_panel(households=80, seed=seed), data)
    assert isinstance(simulator, Simulator)
    rows = simulator.moments(np.array([1.0]), [4, 5])
    assert rows.shape == (2, 2) and rows[1] == pytest.approx(simulated_row(made_panel(households=80, seed=5), data.names))
    latent = replace(panel, meta=replace(panel.meta, operator="latent"))
    with pytest.raises(ValueError, match="counts latent income, the data survey income"):
        PanelSimulator(["fixed"], lambda theta, seed: latent, data).moments(np.array([1.0]), [4])


def test_units_of_persons_are_those_of_households(panel):
    sample = sample_of(panel)
    assert len(sample.strata) == 40 and sample.persons is not None
    assert (sample.persons.clusters == np.repeat(sample.households.clusters, 2)).all()


def test_published_figures_are_told_apart():
    """Only what has to come out is fitted; a managed figure never."""
    found = published_moments("nation")
    assert {one.tag for one in found} == set(TAGS) and all(one.use and one.source for one in found)
    target = published_target(found)
    tags = {one.name: one.tag for one in found}
    assert target.names and {tags[name] for name in target.names} == {"emergent"}
    for tag in ("administrative_target", "not_comparable", "emergentt"):
        with pytest.raises(ValueError, match=tag):
            published_target(found, ("emergent", tag))


def test_few_sampling_units_give_errors_by_household():
    """Eight units cannot tell the covariance of thirty moments: households can, and that is said."""
    few = made_panel(households=320)
    few = replace(few, households=few.households.assign(cluster=few.households["household"] % 8, stratum=0))
    measured = measure(few, "standard", lines=LINE, count=200)
    assert (measured.drawn, measured.clusters, measured.units) == ("households", 8, few.households["household"].nunique())
    assert len(measured.target().names) > 25
    one = measure(few, ["log_income_first"], count=200)
    assert (one.drawn, one.units) == ("clusters", 8)
    forced = measure(few, "standard", lines=LINE, count=200, units="clusters")
    least = [np.linalg.eigvalsh(found.covariance / np.outer(found.errors, found.errors))[0] for found in (forced, measured)]
    assert least[0] < 0.05 * least[1], "a covariance of eight units holds next to nothing along most directions"
    with pytest.raises(ValueError, match="auto, clusters, households"):
        measure(few, "standard", units="villages")


def test_errors_by_household_ignore_what_units_share():
    """Four units apart by far: the mean's error by unit is large, by household that of 320 independent ones."""
    panel = made_panel(households=320)
    homes = panel.households.assign(cluster=panel.households["household"] % 4, stratum=0, size=1.0, weight=1.0)
    homes["income_total"] = np.exp(homes["cluster"] + 0.1 * np.random.default_rng(1).standard_normal(len(homes)))
    by = {unit: measure(replace(panel, households=homes), ["log_income_first"], units=unit, count=400) for unit in UNITS[1:]}
    first = homes[homes["wave"] == homes["wave"].min()]
    plain = np.log(first["income_total"]).std(ddof=1) / np.sqrt(len(first))
    assert by["households"].errors[0] == pytest.approx(plain, rel=0.15)
    assert by["clusters"].errors[0] > 3 * plain
