"""Why households fell: chains of events and causes by the registry's list, from stored tables of relapses."""

from __future__ import annotations

import fakes
import numpy as np
import pytest

from experiments.chains import Event, chain_cells, chains, crossed, crossed_cells, fall_cells, read_falls
from experiments.eventlabels import DEFINITION_LABELS, EVENT_LABELS
from experiments.labels import CAUSE_LABELS
from scenarios import ScenarioError
from scenarios.registrycauses import read_registry_causes, registry_causes
from scenarios.shipped import FOLDER
from sim.eventkinds import KINDS
from sim.indicators import GUARANTEE_CAUSES
from sim.relapse import DEFINITIONS
from sim.rules import month_index

SEPTEMBER = month_index(2022, 9)
EVERYBODY = ("ex_poor", "marginal", "other")


@pytest.fixture
def folder(stored):
    return stored[1].root


def test_a_fall_has_its_causes_and_its_events_in_order(folder):
    fall = read_falls(folder).chosen("kept", "net", ("ex_poor",))[0]
    assert fall.events == (Event("job_lost", SEPTEMBER - 4, 300_000), Event("admission", SEPTEMBER - 1, 900_000))
    assert (fall.main.id, fall.second.id) == ("illness", "employment")
    assert (fall.cause, fall.second_cause) == ("illness", "job_loss")
    assert fall_cells(fall)[-3] == "2022-05 job_lost 3,000 > 2022-08 admission 9,000"


def test_small_events_are_left_out_and_the_window_counts(folder):
    fall = read_falls(folder, least=500_000).chosen("kept", "net", ("ex_poor",))[0]
    assert fall.chain == ("admission",)
    assert read_falls(folder, least=1_000_000).chosen("kept", "net", ("ex_poor",))[0].chain == ()


def test_persons_by_main_and_second_cause_add_up(folder):
    rows = crossed(read_falls(folder), "net", EVERYBODY)
    kept = {(row.main, row.second): row.persons for row in rows if row.policy == "kept"}
    assert kept["total", "total"].mean == 5
    assert kept["illness", "total"].mean == kept["illness", "employment"].mean == 3
    assert kept["line", "none"].mean == 2
    assert kept["total", "total"].runs == 3
    assert kept["total", "total"].error == 0
    assert crossed_cells(rows[0])[2:5] == ("total", "total", "5")


def test_chains_are_counted(folder):
    rows = [row for row in chains(read_falls(folder), "net", EVERYBODY) if row.policy == "kept"]
    assert [(row.events, row.households, row.persons) for row in rows] == [
        ((), 3, 6),
        (("job_lost", "admission"), 3, 9),
    ]
    assert sum(row.share for row in rows) == pytest.approx(1)
    assert chain_cells(rows[1])[2] == "job_lost > admission"
    assert len(chains(read_falls(folder), "net", EVERYBODY, 1)) == 2


def test_one_household_and_its_split_offs(folder):
    falls = read_falls(folder, household=1).falls
    assert {fall.household for fall in falls} == {1}
    assert {fall.definition for fall in falls} == {"gross", "net"}
    assert len(falls) == 2 * 2 * 3


def test_a_county_of_many_stands_for_them(engine, tmp_path):
    from experiments.runner import run_plan
    from experiments.store import Store

    plan, store = fakes.weighted_plan(multipliers=(100, 7)), Store(tmp_path / "study")
    store.open(plan.study)
    run_plan(plan, store)
    rows = crossed(read_falls(store.root), "net", ("ex_poor",))
    assert rows[0].persons.mean == 3 * 107


def test_an_older_folder_is_refused(folder):
    for path in folder.glob("runs/*/relapses.parquet"):
        path.unlink()
    with pytest.raises(FileNotFoundError, match=r"holds no relapses.parquet"):
        read_falls(folder)


@pytest.mark.parametrize(
    ("cause", "sizes", "entry"),
    [
        ("illness", {}, "illness"),
        ("illness", {"admission": 900, "accident": 1000}, "accident"),
        ("illness", {"admission": 1000, "accident": 900}, "illness"),
        ("illness", {"admission": 1000, "capacity": 0}, "disability"),
        ("household_change", {"death": 0}, "labour"),
        ("household_change", {"newcomer": 0}, "mouths"),
        ("insurance", {}, "insurance"),
        ("dibao_end", {}, "support"),
    ],
)
def test_entries_of_the_registrys_list(cause, sizes, entry):
    assert registry_causes().of(cause, sizes).id == entry


def test_every_cause_has_an_entry_and_every_word_a_name():
    listed = registry_causes()
    assert {listed.of(cause, {}).id for cause in GUARANTEE_CAUSES} <= {one.id for one in listed.causes}
    assert listed.grade == "assumption"
    assert {kind.name for kind in KINDS} | {"line"} == set(EVENT_LABELS)
    assert set(DEFINITIONS) == set(DEFINITION_LABELS)
    assert all(one.names["zh"] and one.names["en"] for one in listed.causes)


def test_mistakes_in_a_list_are_told_together(tmp_path):
    text = (FOLDER / "registry_causes.yaml").read_text(encoding="utf-8")
    path = tmp_path / "list.yaml"
    path.write_text(text.replace("of: [schooling]", "of: [schoolin]").replace("[death, departure]", "[deth]"), encoding="utf-8")
    with pytest.raises(ScenarioError, match="schoolin") as told:
        read_registry_causes(path)
    assert "did you mean" in str(told.value) or "schooling" in str(told.value)
    assert "deth" in str(told.value)
    path.write_text(text.replace("of: [water]", "of: [housing]"), encoding="utf-8")
    with pytest.raises(ScenarioError, match="no entry without `when` for water"):
        read_registry_causes(path)


def test_pushes_are_whole_fen(folder):
    fall = read_falls(folder).falls[0]
    assert all(isinstance(push, int) for push in fall.pushes.values())
    assert not np.any([fall.pushes[cause] for cause in CAUSE_LABELS])
