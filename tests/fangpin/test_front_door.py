"""The public names, and the real model behind them."""

import pytest

import fangpin


def test_names_load_when_used():
    assert fangpin.load(policy="kept").policy == "kept"
    assert "nanyang" in fangpin.places()
    assert {"documented", "kept"} <= set(fangpin.policies())
    assert set(fangpin.__all__) <= set(dir(fangpin))


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(AttributeError, match=r"it has .*Model"):
        fangpin.model  # noqa: B018


def test_an_unknown_policy_is_refused():
    with pytest.raises(fangpin.ScenarioError, match="kept"):
        fangpin.Model(policy="kepp")


@pytest.fixture(scope="module")
def model():
    made = fangpin.Model(place="nanyang", policy="documented", rng=1, households=500, months=3)
    made.step()
    made.run_model()
    return made


def test_the_model_steps_as_a_mesa_model(model):
    import mesa

    assert isinstance(model, mesa.Model)
    assert model.record.shape[0] == 3
    assert len(model.datacollector.get_model_vars_dataframe()) == 3
    assert len(model.households) > 0
    assert model.loaded_scenario.policy == "documented"


def test_the_python_door_and_the_command_give_the_same_counts(model, tmp_path):
    from experiments.runfiles import read_record
    from experiments.seeds import replication_seed
    from fangpin.cli import run_command

    out = tmp_path / "out"
    assert run_command(["run", "households=500", "months=3", "reps=1", "policy=documented", "threads=1", f"out={out}"]) == 0
    (folder,) = out.glob("runs/*")
    _, record = read_record(folder)
    door = fangpin.Model(rng=replication_seed(1, 0), households=500, months=3)
    door.run_model()
    assert (record[96:] == door.record).all()


def test_a_command_is_asked_from_python_and_its_tables_come_as_frames(tmp_path):
    words = {"policy": ["documented", "kept"], "households": 500, "months": 3, "reps": 1, "values.job_finding": 0.2}
    answer = fangpin.run(**words, out=tmp_path / "out")
    assert answer.folder == tmp_path / "out" and "summary" in answer.tables
    assert len(answer.table("summary")) > 20 and any(path.suffix == ".png" for path in answer.charts)
    assert "返贫" in answer.told
    again = fangpin.ask("runs", answer.folder, lang="en")
    assert again.folder == answer.folder and "documented" in again.told
    with pytest.raises(KeyError, match="summary"):
        answer.table("sumary")


def test_what_is_wrong_with_a_command_is_raised_whole():
    with pytest.raises(fangpin.CommandError, match="nanyang") as caught:
        fangpin.ask("run", place="nanyan", polcy="kept")
    assert caught.value.code == 2 and "polcy" in str(caught.value)
    with pytest.raises(fangpin.CommandError, match="no such command"):
        fangpin.ask("rnu")


def test_commands_say_where_their_results_are(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    answer = fangpin.sweep(policy="kept", premium=["kept", "cliff"], households=500, months=3, reps=1)
    assert (tmp_path / answer.folder / "study.json").is_file()
