"""The model as a Mesa user meets it: agents, views, one household as an object, the data collector."""

from __future__ import annotations

import mesa
import numpy as np
import pytest
from small_county import SEED, SMALL, run

from sim.indicators import INDEX
from sim.institutions.posts import PostsOffice
from sim.institutions.registry import Registry
from sim.institutions.units import Fund, Township, Village
from sim.model import Model


@pytest.fixture(scope="module")
def model(rules, past) -> Model:
    return run(rules, past, 6)


def test_it_is_a_mesa_model_whose_agents_are_institutions(model):
    assert isinstance(model, mesa.Model)
    kinds = model.agents_by_type
    assert len(kinds[Village]) == SMALL.villages and len(kinds[Township]) == SMALL.townships
    assert len(kinds[Registry]) == 1 and len(kinds[PostsOffice]) == 4 and len(kinds[Fund]) == len(model.rules.levers)
    assert sum(village.monitored for village in kinds[Village]) == model.state.households["monitored"].sum()


def test_funds_know_what_they_paid(model):
    for fund in model.funds:
        assert fund.paid_total == model.paid[:, fund.number].sum()


def test_step_by_step_is_run_model(rules, past):
    stepped = Model(SMALL, rules, rng=SEED, past=past, months=6, threads=1)
    for _ in range(6):
        stepped.step()
    assert (stepped.record == run(rules, past, 6).record).all()


def test_the_data_collector_holds_the_counts(model):
    table = model.datacollector.get_model_vars_dataframe()
    assert len(table) == 6
    assert (table["persons"].to_numpy() == model.record.sum(axis=1)[:, INDEX["persons"]]).all()


def test_views_select_get_group_and_aggregate(model):
    ex_poor = model.households.select(group="ex_poor")
    assert len(ex_poor) == model.record[-1, 0, INDEX["households"]]
    assert ex_poor.agg("members", np.sum) == model.record[-1, 0, INDEX["persons"]]
    groups = model.households.groupby("group")
    assert set(groups) <= {"ex_poor", "marginal", "other"} and sum(map(len, groups.values())) == len(model.households)
    migrants = model.persons.select(job="migrant").select(lambda one: one.age >= 50)
    assert all(one.job == "migrant" and one.age >= 50 for one in migrants)
    assert len(ex_poor.select(ex_poor.get("members") > 3)) == (ex_poor.get("members") > 3).sum()


def test_one_household_is_an_object_that_can_be_changed(rules, past):
    model = run(rules, past, 1)
    one = model.households[0]
    assert repr(one) == f"<household {int(one.id)}>" and len(one.spend_window) == 12
    one.assets = 12_345
    assert model.households.get("assets")[0] == 12_345
    model.households.select(dibao=1).set("dibao_benefit", 7)
    assert set(model.households.select(dibao=1).get("dibao_benefit").tolist()) <= {7}
    with pytest.raises(AttributeError, match="no column wealth"):
        _ = one.wealth
    with pytest.raises(AttributeError, match="no column wealth"):
        one.wealth = 1
