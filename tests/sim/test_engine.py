"""What the engine promises: the same luck, no trace before a decision, the same bytes however it is computed."""

from __future__ import annotations

import dataclasses
import gc
import os
import shutil
import subprocess
import sys
import weakref
from pathlib import Path

import pytest
from small_county import SEED, SMALL, run, same_state, with_lever, with_values, without_levers

from sim.history import live
from sim.indicators import INDEX
from sim.model import Model
from sim.population import found
from sim.rules import County, Dated, constant, month_index
from sim.world import World

ROOT = Path(__file__).parents[2]


def test_a_lever_that_starts_in_month_24_changes_nothing_before(kept, past):
    start = month_index(2023, 1)
    changed = with_lever(kept, "dibao", standard=Dated((0, start), (37700.0, 90000.0)))
    base = with_lever(kept, "dibao", standard=constant(37700.0))
    one, other = run(base, past, 24), run(changed, past, 24)
    assert same_state(one, other)
    assert (one.record == other.record).all() and (one.paid == other.paid).all()
    one.step(), other.step()
    assert not same_state(one, other)


def test_documented_and_kept_agree_until_the_decision(rules, kept, past):
    months = month_index(2021, 10) - month_index(2021, 1)
    assert same_state(run(rules, past, months), run(kept, past, months))
    assert not same_state(run(rules, past, months + 1), run(kept, past, months + 1))


def test_a_lever_with_zero_effect_changes_nothing(kept, past):
    idle = dataclasses.replace(
        next(lever for lever in kept.levers if lever.mechanism == "price_subsidy"),
        id="zz_idle_subsidy", who=((),), values={"share": constant(0.0), "term_years": constant(0.0)},
    )  # fmt: skip
    more = dataclasses.replace(kept, levers=(*kept.levers, idle))
    one, other = run(kept, past, 24), run(more, past, 24)
    assert same_state(one, other) and (one.record == other.record).all()
    assert (other.paid[:, -1] == 0).all()


def test_other_households_change_nobodys_draws(kept):
    worlds = [World(dataclasses.replace(SMALL, households=n), kept, SEED) for n in (1200, 1800)]
    states = []
    for world in worlds:
        world.advance(month_index(2013))
        states.append(found(world.county, world, month_index(2013)))
    few, many = states
    place = {int(i): k for k, i in enumerate(many.households["id"])}
    kept_ids = [place[int(i)] for i in few.households["id"]]
    for name in ("land_mu", "turn", "assessment_factor", "assets", "refusal_rank", "slots"):
        assert (few.households[name] == many.households[name][kept_ids]).all()
    at = {int(i): k for k, i in enumerate(many.persons["id"])}
    same = [at[int(i)] for i in few.persons["id"]]
    for name in ("birth_month", "sex", "log_skill", "job", "chronic_disease"):
        assert (few.persons[name] == many.persons[name][same]).all()


@pytest.mark.parametrize(("threads", "chunk"), [(2, 1), (7, 2), (1, 100), (2, 8)])
def test_threads_and_chunks_give_the_same_bytes(kept, past, threads, chunk):
    one = run(kept, past, 15, threads=1, chunk=8)
    other = run(kept, past, 15, threads=threads, chunk=chunk)
    assert same_state(one, other) and (one.record == other.record).all() and (one.paid == other.paid).all()


def test_equal_seeds_give_equal_histories_and_other_seeds_do_not(kept, past):
    again = live(SMALL, kept, SEED, threads=2)
    assert (again.record == past.record).all()
    assert all((again.state.persons.matrices[k] == past.state.persons.matrices[k]).all() for k in again.state.persons.matrices)
    assert (live(SMALL, kept, SEED + 1, threads=2).record != past.record).any()


_DIGEST = """
import hashlib, sys
from scenarios.load import load
from sim.history import live
from sim.model import HISTORY_START, Model
from sim.rules import County
months = int(sys.argv[1])
model = Model(County(90, 2, 1), load(policy="documented").rules, rng=3, months=months, threads=1)
model.run_model()
digest = hashlib.sha256(model.record.tobytes() + model.paid.tobytes())
for part in (model.state.persons, model.state.households):
    for kind in sorted(part.matrices):
        digest.update(part.matrices[kind].tobytes())
print(digest.hexdigest())
"""


def _digest(months: int, tmp: Path | None, **environment: str) -> str:
    """Return the hash of a tiny county's run in a fresh process, with a compile cache of its own or the one of all tests."""
    cache = {} if tmp is None else {"FANGPIN_CACHE": str(tmp)}
    env = {**os.environ, "PYTHONPATH": str(ROOT), **cache, **environment}
    done = subprocess.run([sys.executable, "-c", _DIGEST, str(months)], capture_output=True, text=True, env=env, check=True)
    return done.stdout.strip()


def test_uncompiled_python_gives_the_same_bytes(tmp_path):
    assert _digest(14, tmp_path / "python", NUMBA_DISABLE_JIT="1") == _digest(14, None)


@pytest.mark.slow
def test_generic_code_gives_the_same_bytes_as_native(tmp_path):
    assert _digest(96, tmp_path / "generic", NUMBA_CPU_NAME="generic", NUMBA_CPU_FEATURES="") == _digest(96, tmp_path / "native")


_EDITED = """
import numba  # imported first: it must not keep a cache of its own beside the sources
from sim.processes.enrolment import enrol
law = (28000.0, 2.1, 2.5, -0.55, 0.2, 1.2, 0.5, -0.5, 1.0, 0.95)
print(enrol(40, 1, 0, 1, 1, 0, 0, 0.5, 3000000, 3, 0.95, *law, 1.0, 0.0001).premium_budget)
"""


def test_an_edited_rule_takes_effect(tmp_path):
    shutil.copytree(ROOT / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    env = {**os.environ, "PYTHONPATH": str(tmp_path), "FANGPIN_CACHE": str(tmp_path / "cache")}

    def answer() -> int:
        done = subprocess.run([sys.executable, "-c", _EDITED], capture_output=True, text=True, env=env, check=True, cwd=tmp_path)
        return int(done.stdout)

    assert answer() == 14000
    rounding = tmp_path / "sim" / "arithmetic.py"
    rounding.write_text(rounding.read_text(encoding="utf-8").replace("amount + 0.5)", "amount + 3.5)"), encoding="utf-8")
    assert not list((tmp_path / "sim").rglob("*.nb?"))
    # `enrol` is in another file than the edited rounding: Numba's own cache would not notice
    assert answer() == 14003


def test_the_books_balance_to_the_fen(rules, past):
    model = run(rules, past, 60)
    assert (model.ledger_residual() == 0).all()
    assert model.paid.sum() > 0


def test_a_lost_fen_shows(rules, past):
    model = run(rules, past, 3)
    model.state.households["assets"][5] += 1
    model.step()
    assert (model.ledger_residual()[:3] == 0).all() and model.ledger_residual()[3] != 0


def test_the_history_balances_too(kept):
    model = Model(County(120, 2, 1), kept, rng=5, months=40, threads=1)
    model.run_model()
    assert (model.ledger_residual() == 0).all()


def test_without_lines_nobody_new_is_noticed(kept, past):
    free = with_values(kept, monitoring_line=-1e9, rigid_spend_line=1e12, income_drop_line=1e9)
    data = [lever.id for lever in kept.levers if lever.words.get("channel") == "data"]
    model = run(without_levers(free, *data), past, 24)
    identified = model.record[:, :, INDEX["identified_households"]].sum(axis=1)
    assert identified[3:].sum() == 0 and run(kept, past, 24).record[3:, :, INDEX["identified_households"]].sum() > 0


def test_a_past_of_another_county_or_month_is_refused(kept, past):
    with pytest.raises(ValueError, match="the past is of"):
        Model(County(90, 2, 1), kept, rng=1, past=past)
    with pytest.raises(ValueError, match="the past is of"):
        Model(SMALL, kept, rng=1, past=dataclasses.replace(past, month=past.month - 1))


def test_posts_end_when_the_law_says_and_crowd_their_holders(kept, past):
    end = month_index(2022, 1)
    fewer = without_levers(kept, "ecological_rangers", "work_for_relief")
    cut = with_lever(fewer, "public_welfare_jobs", kept=Dated((0, end), (1.0, 0.0)))
    model = run(cut, past, 14)
    posts = model.record[:, :, INDEX["post_income"]].sum(axis=1)
    assert posts[11] > 0 and posts[12] == 0
    assert model.world.value("crowding") < 1.0
    # the few who lose a post in ordinary years are not crowded
    assert run(kept, past, 14).world.value("crowding") == 1.0


def test_pay_follows_its_path_in_its_month(kept, past):
    kept = without_levers(kept, "ecological_rangers", "work_for_relief")
    doubled = with_lever(kept, "public_welfare_jobs", pay=Dated((0, month_index(2021, 5)), (70_000.0, 140_000.0)))
    record = run(doubled, past, 6).record.sum(axis=1)
    pay = record[:, INDEX["post_income"]] / record[:, INDEX["posts"]]
    assert pay[3] == 70_000 and pay[4] == 140_000


def test_the_last_member_takes_assets_and_debts_out_of_the_books(kept, past):
    model = run(kept, past, 60)
    households = model.state.households
    gone = households["members"] == 0
    assert gone.sum() > 5
    assert households["assets"][gone].sum() == 0 == households["debt"][gone].sum()


def test_a_model_that_nobody_uses_leaves_the_memory(kept, past):
    # a process that runs many models would fill up: Mesa's own table of agents keeps every model
    model = run(kept, past, 1)
    seen = weakref.ref(model)
    assert len(model.agents) > 5 and seen() is model
    del model
    gc.collect()
    assert seen() is None
