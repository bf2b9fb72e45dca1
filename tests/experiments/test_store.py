"""The folder of a study: whole runs only, one study only."""

import json
import os
from dataclasses import replace
from pathlib import Path

import fakes
import pytest

from experiments.canonical import content_hash
from experiments.output import collect_output
from experiments.runfiles import read_columns, read_record, read_shared, read_summary, run_files
from experiments.runner import run_plan
from experiments.store import Store, StoreError
from experiments.stored import open_stored
from experiments.study import Study
from sim.fixed import FIXED


def make_output(engine, plan, task):
    made = plan.scenarios[task.policy]
    past = engine.live(made.county, made.rules, task.seed, 1)
    model = engine.build_model(made.county, made.rules, task.seed, past, task.months, 1)
    for _ in range(task.months):
        model.step()
    return collect_output(model, past), model, past


def test_what_is_written_is_read_back(engine, tmp_path):
    plan, store = fakes.plan(), Store(tmp_path)
    task = plan.tasks[0]
    output, model, past = make_output(engine, plan, task)
    store.open(plan.study)
    store.write(task, run_files(output), {"clock": 1})
    first, record = read_record(store.folder(task))
    assert first == fakes.START - 96
    assert (record[:96] == past.record).all()
    assert (record[96:] == model.record).all()
    assert (read_columns(store.folder(task), "households.parquet")["first_relapse_net"] == -1).all()
    assert read_columns(store.folder(task), "ledger.parquet")["fen"].sum() == 60 * 18_000_000
    assert read_summary(store.folder(task))["rural_population"] == 36_000


def test_a_study_folder_refuses_another_study(tmp_path):
    store = Store(tmp_path / "out")
    store.open(Study(households=500))
    store.open(Study(households=500, replications=20))  # more of the same goes on
    with pytest.raises(StoreError, match=r"another study \(households=500 there, all here; seed=1 there, 2 here\)"):
        store.check(Study(households=None, seed=2))


def test_foreign_files_are_refused_and_left_alone(tmp_path):
    (tmp_path / "thesis.docx").write_text("mine")
    with pytest.raises(StoreError, match=r"other files \(thesis.docx\)"):
        Store(tmp_path).open(Study())
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_an_unreadable_study_json_is_refused(tmp_path):
    (tmp_path / "study.json").write_text("{")
    with pytest.raises(StoreError, match="cannot be read"):
        Store(tmp_path).check(Study())


def test_a_file_in_the_way_is_refused_before_anything_is_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="is a file"):
        Store(tmp_path / "file" / "out").check(Study())


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs a folder that nobody can write")
def test_a_folder_that_cannot_be_written_is_found_before_the_first_run():
    with pytest.raises(StoreError, match="cannot be written"):
        Store(Path("/proc/self/out")).check(Study())


def test_checking_writes_nothing(tmp_path):
    Store(tmp_path / "a" / "b").check(Study())
    assert list(tmp_path.iterdir()) == []


def test_stale_drafts_are_swept_and_never_read(engine, tmp_path):
    plan, store = fakes.plan(replications=1), Store(tmp_path)
    store.open(plan.study)
    draft = tmp_path / "runs" / f".tmp-{plan.tasks[0].key}"
    draft.mkdir()
    (draft / "indicators.parquet").write_bytes(b"half")
    assert not store.has(plan.tasks[0])
    store.sweep()
    assert not draft.exists()


def test_a_draft_of_the_same_run_does_not_stand_in_the_way(engine, tmp_path):
    plan, store = fakes.plan(replications=1), Store(tmp_path)
    store.open(plan.study)
    (tmp_path / "runs" / f".tmp-{plan.tasks[0].key}" / "deep").mkdir(parents=True)
    run_plan(plan, store)
    assert all(store.has(task) for task in plan.tasks)
    assert not list(tmp_path.glob("runs/.tmp-*"))


def test_only_one_command_works_in_a_folder(tmp_path):
    store = Store(tmp_path)
    with store.locked(), pytest.raises(StoreError, match="in use"), Store(tmp_path).locked():
        pass
    with store.locked():
        pass


def test_provenance_tells_where_a_run_came_from(stored):
    plan, store = stored
    task = plan.tasks[0]
    told = json.loads((store.folder(task) / "provenance.json").read_text(encoding="utf-8"))
    assert told["key"] == task.key
    assert told["task"]["seed"] == task.seed
    assert told["clock"]["finished"] >= told["clock"]["started"]
    assert {"numpy", "numba", "pyarrow", "fangpin"} <= set(told["versions"])
    assert read_shared(store.folder(task), told["scenario"]) == plan.resolved[task.policy]
    assumed = read_shared(store.folder(task), told["assumptions"])
    scenario, rules = assumed[:1], assumed[1:]
    assert scenario == ["values.season_months = 9.5 months/year: assumption (nation)"]
    assert len(rules) == len(FIXED) and all(line.startswith("rules.") for line in rules)


def test_what_runs_have_in_common_is_stored_once_by_its_hash(stored):
    plan, store = stored
    files = {path.name: path.read_text(encoding="utf-8") for path in (store.root / "shared").iterdir()}
    # names and scenario of each of two policies, and what both assume
    assert len(files) == 5 and len(plan.tasks) == 6
    assert all(name == f"{content_hash(json.loads(text))}.json" for name, text in files.items())
    assert all((store.folder(task) / "provenance.json").stat().st_size < 3_000 for task in plan.tasks)


def test_a_scenario_that_stands_in_the_run_itself_is_read_too(stored):
    plan, store = stored
    folder = store.folder(plan.tasks[0])
    told = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    (folder / "provenance.json").write_text(json.dumps(told | {"scenario": {"plan": "old"}}), encoding="utf-8")
    run = open_stored(store.root).runs[plan.tasks[0].policy, 0, ("point", 0)]
    assert run.scenario() == {"plan": "old"}


def test_another_versions_file_is_refused(stored, monkeypatch):
    plan, store = stored
    monkeypatch.setattr("experiments.runfiles.GROUPS", ("ex_poor", "marginal", "rest"))
    with pytest.raises(ValueError, match="another version"):
        read_record(store.folder(plan.tasks[0]))


def test_a_second_run_of_the_same_task_has_the_same_bytes(engine, tmp_path):
    plan = fakes.plan(replications=1)
    texts = []
    for name in ("a", "b"):
        store = Store(tmp_path / name)
        store.open(plan.study)
        run_plan(plan, store)
        texts.append({path.relative_to(store.root): path.read_bytes() for path in sorted(store.root.rglob("*.parquet"))})
    assert texts[0] == texts[1]
    assert texts[0] and len(texts[0]) % 2 == 0


def test_output_of_a_replaced_policy_is_another_folder(stored):
    plan, store = stored
    assert not store.has(replace(plan.tasks[0], engine="edited"))
