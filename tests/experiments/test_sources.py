"""Where persons and parameters of a run come from: hashes of the user's files, no folders, no values."""

import hashlib
import json

import fakes
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.runner import run_plan
from experiments.sources import file_hash, origin_of, read_files, sources, with_origin
from experiments.store import Store
from experiments.study import PERSON_LEVEL, Study


def draws(folder, **origin):
    path = folder / "secret folder" / "posterior.parquet"
    path.parent.mkdir(exist_ok=True)
    table = pa.table({"draw": np.arange(3), "values.bill_mean*": np.array([1.0, 1.1, 1.25])})
    pq.write_table(with_origin(table, origin) if origin else table, path)
    return path


def test_a_hash_is_that_of_the_bytes(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"draw\n1\n")
    assert file_hash(path) == hashlib.sha256(b"draw\n1\n").hexdigest()
    path.write_bytes(b"draw\n2\n3\n")
    assert file_hash(path) == hashlib.sha256(b"draw\n2\n3\n").hexdigest()
    assert file_hash(tmp_path / "none.csv") == ""
    assert len(file_hash(tmp_path)) == 64
    assert file_hash(tmp_path) != file_hash(path)


def test_a_posterior_tells_its_survey_to_the_runs_that_draw_from_it(tmp_path):
    survey = {"survey_sha256": "ab" * 32, "codebook_sha256": "cd" * 32}
    path = draws(tmp_path, survey=survey)
    study = Study(parameters=str(path))
    (one,) = read_files(study)
    assert one == {
        "use": "parameters",
        "name": "posterior.parquet",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "made_from": {"survey": survey},
    }
    told = json.dumps(sources(study))
    assert "secret" not in told and "1.25" not in told
    # draws that say nothing of themselves are known by their hash alone
    assert "made_from" not in read_files(Study(parameters=str(draws(tmp_path))))[0]


def test_a_grown_population_tells_its_survey(tmp_path):
    path = tmp_path / "secret" / "grown.parquet"
    path.parent.mkdir()
    about = {"source": "a survey, wave 2018", "survey_sha256": "ab" * 32, "codebook_sha256": "cd" * 32}
    table = pa.table({"age": np.array([47])}).replace_schema_metadata({b"fangpin": json.dumps(about).encode()})
    pq.write_table(table, path)
    (one,) = read_files(Study(founders=str(path), population=PERSON_LEVEL))
    assert (one["use"], one["name"], one["made_from"]) == ("population", "grown.parquet", about)
    assert "secret" not in json.dumps(sources(Study(founders=str(path))))


def test_a_broken_file_has_no_origin(tmp_path):
    path = tmp_path / "posterior.parquet"
    path.write_bytes(b"no parquet")
    assert origin_of(path) == {} == origin_of(tmp_path / "none.parquet")


def test_files_of_places_policies_and_levers_are_listed_without_their_folders(tmp_path):
    for name in ("mine.yaml", "mild.yaml", "own.yaml"):
        (tmp_path / name).write_text(name)
    root = str(tmp_path)
    study = Study(
        place=f"{root}/mine.yaml/west",
        policies=(f"{root}/mild.yaml;premium=kept", "kept"),
        levers=(f"{root}/own.yaml",),
        population=PERSON_LEVEL,
    )
    found = read_files(study)
    assert [(one["use"], one["name"]) for one in found] == [
        ("place", "mine.yaml"),
        ("policy", "mild.yaml"),
        ("levers", "own.yaml"),
    ]
    assert found[0]["sha256"] == hashlib.sha256(b"mine.yaml").hexdigest()
    assert root not in json.dumps(sources(study))
    # persons of rows whose place names no file are said to have none
    assert "population_file" in sources(Study(population=PERSON_LEVEL))
    assert sources(Study()) == {"population": "synthetic", "parameters": "values of the place"}
    assert sources(Study(parameters="priors"))["parameters"] == "priors"


def test_runs_keep_it(engine, tmp_path):
    plan, store = fakes.plan(), Store(tmp_path)
    run_plan(plan, store)
    told = json.loads((store.folder(plan.tasks[0]) / "provenance.json").read_text())
    assert told["sources"] == {"population": "synthetic", "parameters": "values of the place"}
