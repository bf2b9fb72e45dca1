"""The runner in one process: what is missing, shared pasts, failures."""

import math
from dataclasses import replace

import fakes
import pytest

from experiments.pasts import past_signature
from experiments.runner import missing_tasks, run_plan, work_left
from experiments.store import Store
from sim.rules import Dated, Lever, Rules, Term, month_index


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "study")


def test_each_replication_lives_its_past_once(engine, store):
    plan = fakes.plan(("documented", "kept", "cliff"))
    tally = run_plan(plan, store)
    assert (engine.lives, engine.models) == (3, 9)
    assert (len(tally.made), len(tally.found), len(tally.failed)) == (9, 0, 0)


def test_policies_that_differ_before_2021_live_their_own_past(engine, store):
    plan = fakes.plan(replications=1)
    early = replace(plan.scenarios["kept"].rules.levers[0], start=0, values={"share": Dated((0,), (0.1,))})
    plan.scenarios["kept"].rules = replace(plan.scenarios["kept"].rules, levers=(early,))
    run_plan(plan, store)
    assert engine.lives == 2


def test_the_signature_of_a_past_sees_only_the_past():
    late = Dated((0, month_index(2021)), (1.0, 2.0))
    later = Dated((0, month_index(2024)), (1.0, 9.0))
    early = Dated((0, month_index(2020, 12)), (1.0, 2.0))
    open_end = Lever("a", "credit", ((Term("h.loan_need", 5e6, math.inf),),), {})
    assert past_signature(Rules({}, {}, (open_end,))) != past_signature(Rules({}, {}, ()))
    signatures = [past_signature(Rules({"premium": dated}, {}, ())) for dated in (late, later, early)]
    assert signatures[0] == signatures[1] != signatures[2]


def test_a_second_command_makes_nothing(engine, store):
    plan = fakes.plan()
    run_plan(plan, store)
    assert work_left(plan, store) == 0
    tally = run_plan(plan, store)
    assert (len(tally.made), len(tally.found)) == (0, 6)
    assert engine.models == 6


def test_more_replications_make_only_the_new_ones(engine, store):
    run_plan(fakes.plan(), store)
    tally = run_plan(fakes.plan(replications=5), store)
    assert (len(tally.made), len(tally.found)) == (4, 6)


def test_the_work_left_counts_months_and_pasts(engine, store):
    assert work_left(fakes.plan(replications=2, months=24), store) == 2 * 96 + 4 * 24


def test_a_failed_run_leaves_its_error_and_the_others_go_on(engine, store):
    plan = fakes.plan()
    engine.broken = (plan.tasks_of(("point", 1))[0].seed,)
    tally = run_plan(plan, store)
    assert (len(tally.made), len(tally.failed)) == (4, 2)
    text = store.error_file(tally.failed[0]).read_text(encoding="utf-8")
    assert "the pretended model broke" in text and str(tally.failed[0].seed) in text
    assert missing_tasks(plan, store) == tally.failed


def test_a_mended_run_takes_its_error_away(engine, store):
    plan = fakes.plan()
    engine.broken = (plan.tasks_of(("point", 1))[0].seed,)
    failed = run_plan(plan, store).failed
    engine.broken = ()
    assert not run_plan(plan, store).failed
    assert not store.error_file(failed[0]).exists()


def test_an_interrupt_stops_and_the_rest_is_made_later(engine, store, monkeypatch):
    plan = fakes.plan()
    made = []

    def interrupt(*given):
        made.append(given)
        if len(made) == 3:
            raise KeyboardInterrupt
        return engine.build_model(*given)

    monkeypatch.setattr("experiments.engine.build_model", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run_plan(plan, store)
    assert len(missing_tasks(plan, store)) == 4
    assert len(run_plan(plan, store).made) == 4


def test_progress_counts_every_month_that_was_announced(engine, store):
    class Counted:
        months = runs = 0

        def say(self, text):
            pass

        def advance(self, amount):
            self.months += amount

        def ran(self, failed=False):
            self.runs += 1

    plan, counted = fakes.plan(months=24), Counted()
    announced = work_left(plan, store)
    run_plan(plan, store, progress=counted)
    assert counted.months == announced == 3 * (96 + 2 * 24)
    assert counted.runs == 6
