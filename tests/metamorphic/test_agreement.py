"""With behaviour off the morning-after count, the ledger by lever and the Shapley shares agree to the household and fen."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from experiments.checks.edits import ended, with_lever, with_values, without_levers, without_moves
from experiments.checks.withdrawal import CUT, behaviour_off, held_up
from experiments.games import coalitions, members, shapley
from metamorphic.bench import lived, rules
from sim.rules import EVERYBODY, Lever, Rules, constant
from sim.sources import PLACE

MONTHS = 21
"""Until September 2022: the first yearly test after the end."""
PLAYERS = ("dibao", "gift", "subsidy")
GIFT, SUBSIDY = 4_000, 3_000
"""Fen a month for each household, and a year for each mu in March."""


def transfer(name: str, amount: float, per: str, month: float) -> Lever:
    """Return a transfer to every household that the means test leaves out, so that dibao does not make up for its end."""
    fields = {"amount": amount, "month": month, "reach": 1.0, "counted": 0.0}
    words = {"per": per, "status": "none"}
    return Lever(name, "cash_transfer", EVERYBODY, {key: constant(value) for key, value in fields.items()}, words, "gifts")


@cache
def still() -> Rules:
    """Return rules under which support changes nothing but income: nobody looks at money, nobody moves, kin lend all."""
    off = behaviour_off(rules())
    off = without_levers(off, {lever.id for lever in off.levers if lever.id != "dibao"})
    off = with_values(off, kin_limit=1e9, forgone_deposit=0.0)
    off = with_lever(without_moves(off), "dibao", asset_limit=1e9)
    dibao = next(lever for lever in off.levers if lever.id == "dibao")
    dibao = replace(dibao, words={**dibao.words, "income": "current"})
    return replace(off, levers=(dibao, transfer("gift", GIFT, "household", 0.0), transfer("subsidy", SUBSIDY, "mu", 3.0)))


@cache
def run(coalition: int) -> Any:
    """Return the county in September 2022 where the supports of a coalition have ended in October 2021."""
    return lived(ended(still(), {PLAYERS[player] for player in members(coalition, 3)}, CUT), MONTHS)


def losses() -> np.ndarray:
    """Return what each support paid to each household in the last 12 months where none ended: counted directly, in fen."""
    household = run(0).state.households
    alive = household["members"] > 0
    gift = np.full(len(household), 12 * GIFT)
    subsidy = np.floor(household["land_mu"].astype(np.float64) * SUBSIDY + 0.5).astype(np.int64)
    found = np.stack((household["benefit_12m"].astype(np.int64), gift, subsidy))
    # the books of the accounting year say the same of whoever is there
    assert ((found[1] + found[2])[alive] == household["last_sources"][PLACE["support"]][alive]).all()
    return found


def below(coalition: int) -> np.ndarray:
    """Return the households that are below the line in a run."""
    return np.asarray(run(coalition).state.households["below_net"] == 1)


def test_each_run_brings_down_exactly_those_counted_the_morning_after():
    fell = []
    for coalition in coalitions(3):
        lost = losses()[members(coalition, 3)].sum(axis=0)
        counted = held_up(run(0), lost)
        assert (counted == (below(coalition) & ~below(0))).all(), coalition
        fell.append(int(counted.sum()))
    # it could not fail if nobody stood between
    assert fell[0] == 0
    assert min(fell[1:]) > 0
    assert fell[7] > fell[1]


def test_shapley_shares_of_the_runs_are_those_of_the_count():
    persons = run(0).state.households["members"].astype(np.int64)
    runs = np.array([persons[below(coalition)].sum() for coalition in coalitions(3)])
    counts = [persons[held_up(run(0), losses()[members(one, 3)].sum(axis=0))].sum() for one in coalitions(3)]
    shares = shapley(runs)
    assert shares.tolist() == shapley(np.array(counts)).tolist()
    assert shares.sum() == 6 * counts[7]
    assert (shares > 0).all()


@pytest.mark.parametrize("coalition", [1, 2, 4, 7])
def test_the_ledger_saves_what_households_lose(coalition):
    kept, cut = run(0), run(coalition)
    saved = (kept.paid - cut.paid)[-12:].sum(axis=0)
    alive = np.asarray(kept.state.households["members"] > 0)
    lost = (kept.state.households["net_12m"] - cut.state.households["net_12m"]).astype(np.int64)
    assert saved.sum() == lost.sum()
    for player, found in enumerate(losses()):
        ends = player in members(coalition, 3)
        assert (saved[player] > 0) == ends
        # who died out in the year was paid until then
        gone = int(saved[player]) - int(found[alive].sum()) * ends
        assert gone >= 0
        assert gone <= found[~alive].sum()
    assert (lost[alive] == losses()[members(coalition, 3)].sum(axis=0)[alive]).all()


def test_a_planted_fault_is_seen():
    lost = losses()[0].copy()
    between = np.flatnonzero(held_up(run(0), lost))
    lost[between[0]] = 0
    assert (held_up(run(0), lost) != (below(1) & ~below(0))).sum() == 1


def test_the_chain_names_the_end():
    table = run(1).relapse_table()
    household = run(0).state.households
    fell = set(household["id"][below(1) & ~below(0)].tolist())
    net = (table["definition"] == 1) & (table["month"] == CUT + 11)
    rows = [row for row in np.flatnonzero(net) if int(table["household"][row]) in fell]
    assert rows
    told = [row for row in rows if table["event_dibao_ended"][row] == CUT]
    assert told
    for row in told:
        assert table["size_dibao_ended"][row] > 0
        assert table["push_dibao_end"][row] > 0
