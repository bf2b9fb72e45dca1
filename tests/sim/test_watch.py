"""Notes of true risk: what one number holds, and what a county's notes add up to."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_county import SMALL

from scenarios.load import load
from sim.history import live
from sim.indicators import GROUPS, INDEX
from sim.model import PLAN_START, Model
from sim.watch import KNOWN, december_view, list_table, seen_in_december, spell_table


@given(score=st.integers(0, 100), standing=st.integers(0, 2), monitored=st.integers(0, 1))
def test_one_number_holds_what_december_knew(score, standing, monitored):
    view = december_view(score, standing, monitored)
    assert 0 < view < 2**15
    assert seen_in_december(view) == (score, standing, monitored)


@pytest.fixture(scope="module")
def model() -> Model:
    rules = load("nanyang", "documented").rules
    made = Model(SMALL, rules, rng=3, past=live(SMALL, rules, 3, threads=1), months=36, threads=1)
    made.run_model()
    return made


def test_every_spell_of_risk_has_one_end(model):
    """Households at risk today are those whose spells go on: found ones by the flag, unfound ones by the open rows."""
    households, table = model.state.households, spell_table(model.watch)
    open_ = table["households"][table["end"] == 3].sum()
    at_risk = int(model.record[-1, :, INDEX["at_risk_households"]].sum())
    assert at_risk == ((households["risk_since"] > 0) & (households["members"] > 0)).sum()
    assert at_risk == open_ + households["risk_found"].sum()


def test_found_spells_are_at_least_the_households_identified_at_risk(model):
    """Whoever is taken in while at risk is found, unless a spell had found it before and it was cleared within."""
    table, plan = spell_table(model.watch), model.record[:, :, INDEX["identified_at_risk_households"]]
    found = (table["end"] == 1) & (table["began"] >= PLAN_START)
    assert table["households"][found].sum() <= plan.sum() + table["households"][table["end"] == KNOWN].sum()
    assert (plan <= model.record[:, :, INDEX["identified_households"]]).all()
    assert table["months"][table["end"] == KNOWN].sum() == 0


def test_december_lists_count_the_households_of_two_decembers(model):
    table = list_table(model.watch)
    assert set(table["year"]) == {2021, 2022, 2023}
    for year in (2022, 2023):
        chosen = table["year"] == year
        end = model.record[12 * (year - 2021) + 11, :, INDEX["households"]]
        for group in range(len(GROUPS)):
            assert table["households"][chosen & (table["group"] == group)].sum() <= end[group]
        standing = table["standing"][chosen] == 2
        before = model.record[12 * (year - 2021) - 1, :, INDEX["at_risk_households"]].sum()
        # a household that splits off inherits what December knew; one that ends is on no list
        assert table["households"][chosen][standing].sum() == pytest.approx(before, rel=0.1)


def test_falls_of_the_year_come_to_those_at_risk(model):
    """The poverty line lies below the monitoring line: who newly fell in September was at risk in the year."""
    table = list_table(model.watch)
    assert np.all(table["came_at_risk"][table["fell"] == 1] == 1)
    assert table["households"][table["fell"] == 1].sum() > 0
