"""Scripts fix draws and columns, traces follow one household; neither touches anybody else."""

from __future__ import annotations

import numpy as np
import pytest
from small_county import SEED, SMALL, run, same_state, without_moves

from sim.model import Model
from sim.script import Edit, Forced, Script

MONTHS = 14
JANUARY = 24252


def places(past, count=3):
    """Return the ids of some households of several members, of several villages."""
    households = past.state.households
    there = np.flatnonzero(households["members"] > 2)
    return [int(number) for number in households["id"][there[:: len(there) // count]][:count]]


def first_member(past, household):
    households = past.state.households
    place = int(np.flatnonzero(households["id"] == np.uint64(household))[0])
    return int(past.state.persons["id"][households["start"][place]])


def scripted(kept, past, script, trace=()):
    model = Model(SMALL, kept, SEED, past, MONTHS, 1, script=script, trace=trace)
    model.run_model()
    return model


@pytest.fixture(scope="module")
def plain(kept, past):
    return run(kept, past, MONTHS)


@pytest.mark.parametrize("threads", [1, 2])
def test_following_households_changes_nothing_and_misses_nothing(kept, past, plain, threads):
    ids = places(past)
    model = Model(SMALL, kept, SEED, past, MONTHS, threads, trace=ids)
    model.run_model()
    assert (model.record == plain.record).all() and (model.paid == plain.paid).all() and same_state(model, plain)
    for number in ids:
        months = model.tracer.months[number]
        assert [month.month for month in months] == list(range(JANUARY, JANUARY + MONTHS))
        assert all(month.household["id"] == number for month in months)
        assert all(month.counts["persons"] == len([p for p in month.persons if p["birth_month"] <= month.month]) or
                   month.counts["births"] for month in months)  # fmt: skip


def test_all_households_of_a_village_add_up_to_its_county(kept, past):
    kept = without_moves(kept)
    ids = tuple(int(number) for number in past.state.households["id"])
    model = Model(SMALL, kept, SEED, past, 3, 1, trace=ids)
    model.run_model()
    for k in range(3):
        months = [model.tracer.months[number][k] for number in ids]
        for name in ("persons", "wage_income", "premiums", "consumption", "assets"):
            assert sum(month.counts[name] for month in months) == model.record[k].sum(axis=0)[_index(name)]
        paid = sum(sum(month.paid.values()) for month in months)
        # what workshops get for a place is paid to the firm, to no household
        assert paid == model.paid[k].sum() - model.record[k].sum(axis=0)[_index("job_support")]


def _index(name):
    from sim.indicators import INDEX

    return INDEX[name]


def test_a_forced_death_kills_one_person_and_nobody_else(kept, past, plain):
    household = places(past)[1]
    person = first_member(past, household)
    model = scripted(kept, past, Script([Forced("death", person, JANUARY + 2, JANUARY + 2, 1e-9)]))
    alive = set(plain.state.persons["id"][plain.state.persons["alive"] == 1].tolist())
    left = set(model.state.persons["id"][model.state.persons["alive"] == 1].tolist())
    assert person in alive and person not in left
    assert model.record[:2].tobytes() == plain.record[:2].tobytes()


def test_forced_draws_reach_those_drawn_on_the_spot(kept, past):
    household = places(past)[0]
    person = first_member(past, household)
    dear, cheap = (
        scripted(kept, past, Script([Forced("admission", person, JANUARY + 1, JANUARY + 1, 1e-9),
                                     Forced("care", person, JANUARY + 1, JANUARY + 1, 1.0 - 1e-9),
                                     Forced("bill", person, JANUARY + 1, JANUARY + 1, u)]), (household,))
        for u in (0.9, 0.1)
    )  # fmt: skip
    assert dear.tracer.months[household][1].counts["bills"] > cheap.tracer.months[household][1].counts["bills"] > 0


def test_an_edit_is_written_at_the_start_of_its_month(kept, past):
    household = places(past)[0]
    model = scripted(kept, past, Script(edits=[Edit(JANUARY + 3, "household", household, "assets", 99_999_900)]), (household,))
    months = model.tracer.months[household]
    assert months[2].household["assets"] < 50_000_000 < months[3].household["assets"]


def test_an_empty_script_changes_nothing(kept, past, plain):
    assert same_state(scripted(kept, past, Script()), plain)


def test_bad_scripts_are_refused():
    with pytest.raises(KeyError, match="no stream"):
        Script([Forced("deth", 1, 0, 1, 0.5)])
    with pytest.raises(ValueError, match="between 0 and 1"):
        Script([Forced("death", 1, 0, 1, 1.5)])
    with pytest.raises(KeyError, match="no column"):
        Script(edits=[Edit(0, "person", 1, "agee", 3)])
