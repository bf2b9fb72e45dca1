"""Accounts: envelopes by fiscal year, the month in which they run out, and what that does to the levers that draw on them."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_county import SMALL, run, same_state, without_moves

from scenarios.load import load
from scenarios.problems import ScenarioError
from sim.indicators import INDEX
from sim.institutions.accounts import Account
from sim.model import PLAN_START, Model
from sim.policies.budget import PRO_RATA, QUEUE, STOP, granted_share
from sim.rules import Dated, Lever, Rules, constant


def _limited(rules: Rules, account: str, envelope: float | Dated, when_out: str, start_month: float = 1.0) -> Rules:
    """Return rules in which one account has an envelope, fen a rural household and year, and no other has."""
    fen = envelope if isinstance(envelope, Dated) else constant(envelope)
    values = {"envelope": fen, "start_month": constant(start_month)}
    rule = Lever("z_budget", "budget_rule", ((),), values, {"when_out": when_out}, account)
    others = [one for one in rules.levers if one.mechanism != "budget_rule"]
    return dataclasses.replace(rules, levers=(*others, rule))


def _account(model: Model, name: str) -> Account:
    return next(account for account in model.accounts if account.name == name)


def _paid(model: Model, name: str) -> np.ndarray:
    return np.array([month.paid for month in _account(model, name).months])


def test_shares_granted_by_hand():
    assert [granted_share(100, 400, mode) for mode in (STOP, PRO_RATA, QUEUE)] == [1.0, 0.25, 1.0]
    assert [granted_share(400, 400, mode) for mode in (STOP, PRO_RATA, QUEUE)] == [1.0, 1.0, 1.0]
    assert [granted_share(0, 400, mode) for mode in (STOP, PRO_RATA, QUEUE)] == [0.0, 0.0, 0.0]
    assert [granted_share(-5, 0, mode) for mode in (STOP, PRO_RATA, QUEUE)] == [0.0, 0.0, 0.0]


@given(st.integers(-(10**12), 10**12), st.integers(0, 10**12), st.sampled_from([STOP, PRO_RATA, QUEUE]))
def test_a_share_is_a_share(balance, expected, mode):
    share = granted_share(balance, expected, mode)
    assert 0.0 <= share <= 1.0 and (mode != PRO_RATA or share * expected <= max(balance, 0) + 1)


def test_the_account_stops_in_the_month_after_it_ran_out(kept, past):
    name = "medical_assistance_fund"
    free = run(_limited(kept, name, 1e9, "stop"), past, 12)
    monthly = _paid(free, name)
    # money for the first five months and a half of the sixth
    enough = float(monthly[:5].sum() + monthly[5] // 2) / SMALL.households
    model = run(_limited(kept, name, enough, "stop"), past, 12)
    months = _account(model, name).months
    assert [month.granted for month in months] == [1.0] * 6 + [0.0] * 6
    # who is in treatment stays there: the account is closed to the new alone
    running = [k for k, one in enumerate(model.rules.levers) if one.account == name and one.mechanism == "service"]
    assert (_paid(model, name)[:6] == monthly[:6]).all()
    assert (_paid(model, name)[6:] == model.paid[6:, running].sum(axis=1)).all() and _paid(model, name)[6:].sum() < monthly[6]
    assert months[4].balance > 0 > months[5].balance == months[11].balance + _paid(model, name)[6:].sum()
    assert all(month.unmet == 0 for month in months[:6]) and all(month.unmet > 0 for month in months[6:9])


def test_an_overdrawn_year_is_taken_from_the_next(kept, past):
    name = "medical_assistance_fund"
    model = run(_limited(kept, name, 100.0, "stop"), past, 24)
    months = _account(model, name).months
    envelope = 100 * SMALL.households
    assert months[12].balance == envelope + months[11].balance - months[12].paid
    assert sum(month.paid for month in months) == 2 * envelope - months[23].balance


def test_what_is_left_lapses_and_a_year_begins_in_its_month(kept, past):
    name = "medical_assistance_fund"
    path = Dated((PLAN_START, PLAN_START + 6), (1e6, 2e6))
    months = _account(run(_limited(kept, name, path, "stop", start_month=7.0), past, 12), name).months
    assert months[0].balance == 1e6 * SMALL.households - months[0].paid
    assert months[6].balance == 2e6 * SMALL.households - months[6].paid


def test_amounts_are_cut_to_what_is_left(kept, past):
    name = "medical_assistance_fund"
    model = run(_limited(kept, name, 300.0, "pro_rata"), past, 12)
    granted = [month.granted for month in _account(model, name).months]
    assert any(0.0 < share < 1.0 for share in granted)
    free = run(kept, past, 12)
    assert 0 < _paid(model, name).sum() < _paid(free, name).sum()


@pytest.mark.parametrize("word", ["queue", "stop"])
def test_running_dibao_goes_on_and_nobody_new_comes_in(kept, past, word):
    kept = without_moves(kept)
    model = run(_limited(kept, "social_assistance", 0.0, word), past, 12)
    before = past.state.households
    now = model.state.households
    new = (now["dibao_stage"] > 0) & (before["dibao_stage"] == 0)
    assert not new.any() and (now["dibao"] == 1).sum() > 0
    assert ((run(kept, past, 12).state.households["dibao_stage"] > 0) & (before["dibao_stage"] == 0)).any()


def test_holders_of_posts_stay_and_nobody_new_is_appointed(kept, past):
    model = run(_limited(kept, "linkage_fund", 0.0, "stop"), past, 24)
    since = model.state.persons["job_since"][(model.state.persons["job"] == 4) & (model.state.persons["alive"] == 1)]
    assert len(since) > 0 and since.max() < PLAN_START
    poorer = run(_limited(kept, "linkage_fund", 0.0, "pro_rata"), past, 2)
    posts = [lever.id for lever in kept.levers].index("public_welfare_jobs")
    assert poorer.paid[1, posts] == 0 < poorer.record[1, :, INDEX["posts"]].sum()


def test_enough_money_changes_nothing(kept, past):
    plain = dataclasses.replace(kept, levers=tuple(one for one in kept.levers if one.mechanism != "budget_rule"))
    for word in ("stop", "pro_rata", "queue"):
        assert same_state(run(_limited(kept, "linkage_fund", 1e9, word), past, 12), run(plain, past, 12))


def test_the_past_is_the_demand_to_expect(kept, past):
    account = _account(Model(SMALL, kept, past=past, months=1, threads=1), "medical_assistance_fund")
    columns = [place for place, lever in enumerate(past.levers) if lever.startswith(("medical_", "monitored_premium"))]
    assert account.demand[PLAN_START - 3] == past.paid[-3, columns].sum() > 0


@pytest.mark.parametrize(("threads", "chunk"), [(2, 1), (3, 2)])
def test_rationing_does_not_depend_on_threads_or_villages(kept, past, threads, chunk):
    short = _limited(kept, "medical_assistance_fund", 300.0, "pro_rata")
    one, other = run(short, past, 15), run(short, past, 15, threads=threads, chunk=chunk)
    assert same_state(one, other) and (one.paid == other.paid).all()


def test_the_books_balance_when_money_runs_out(kept, past):
    model = run(_limited(kept, "linkage_fund", 1e3, "pro_rata"), past, 24)
    assert not model.ledger_residual().any()
    table = model.account_table()
    assert table["paid"].sum() == model.paid.sum()
    assert set(table["level"][table["account"] == "linkage_fund"]) == {"county"}
    assert table["unmet"][table["account"] == "linkage_fund"].sum() > 0


def test_a_rule_names_an_account_that_is_used(tmp_path):
    path = tmp_path / "my.yaml"
    path.write_text(
        "id: mine\nname: {zh: 我的, en: Mine}\nlevers:\n  - id: my_budget\n    name: {zh: 钱, en: Money}\n"
        "    mechanism: budget_rule\n    who: \"True\"\n    account: linkage_fnd\n    level: county\n    fields:\n"
        "      envelope: {unit: yuan/household/year, range: [0, 9], value: 5, source: s, grade: assumption}\n"
        "      start_month: {unit: month of year, range: [1, 12], value: 1, source: s, grade: assumption}\n"
        "    words: {when_out: stop}\n"
    )  # fmt: skip
    with pytest.raises(
        ScenarioError, match=r"my_budget.account: 'linkage_fnd', on which no lever draws.*did you mean 'linkage_fund'"
    ):
        load(policy=path)
    path.write_text(path.read_text().replace("linkage_fnd", "linkage_fund"))
    with pytest.raises(ScenarioError, match="which fiscal_input_level limits"):
        load(policy=path)
