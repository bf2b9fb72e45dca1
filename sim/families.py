"""January: branches of households marry, leave, split and come back; then all members lie side by side again."""

from __future__ import annotations

import numpy as np

from sim.draws import NUMBER
from sim.engine import procedure
from sim.events import note_all
from sim.indicators import GROUPS, INDEX, INDICATORS
from sim.newcomer import CHILD, SPOUSE, welcome
from sim.processes.family import ADULT, LEAVES, MOTHER_FROM, MOTHER_TO, SPLITS, WEDS, WEDS_OUT, choose_move
from sim.repack import Moved, repack
from sim.script import luck
from sim.sources import PLACE
from sim.splitting import split_households
from sim.state import ROW, Columns, State
from sim.world import LAW, World

_START, _SLOTS = ROW["household", "start"], ROW["household", "slots"]
_ID, _ALIVE, _SEX, _BRANCH, _BIRTH = (ROW["person", name] for name in ("id", "alive", "sex", "branch", "birth_month"))
_MARRY, _MOVE, _LEAVE, _SPLIT, _BACK = (NUMBER[name] for name in ("marry", "move", "leave", "split", "come_back"))
_WOMEN, _MEN, _PATRILOCAL, _LEAVING, _SPLITTING, _RETURNING = (
    LAW[name]
    for name in ("marriage_women", "marriage_men", "patrilocal_share", "leaving_rate", "splitting_rate", "homecoming_rate")
)


@procedure
def number_branches(first: int, last: int, month: int, P_i1: np.ndarray, P_i2: np.ndarray) -> int:
    """Give each child who came of age a branch of its own; number the branches from 0 on, in their order; return how many."""
    highest = -1
    for i in range(first, last):
        if P_i1[_ALIVE, i] == 1 and P_i1[_BRANCH, i] > highest:
            highest = int(P_i1[_BRANCH, i])
    for i in range(first, last):
        if P_i1[_ALIVE, i] == 1 and (month - int(P_i2[_BIRTH, i])) // 12 == ADULT:
            highest += 1
            P_i1[_BRANCH, i] = highest
    count = 0
    for branch in range(highest + 1):
        found = 0
        for i in range(first, last):
            if P_i1[_ALIVE, i] == 1 and P_i1[_BRANCH, i] == branch:
                P_i1[_BRANCH, i] = count
                found = 1
        count += found
    return count


@procedure
def decide(
    key: int, month: int, law: np.ndarray, H_i1: np.ndarray, H_i4: np.ndarray, P_u8: np.ndarray, P_i1: np.ndarray,
    P_i2: np.ndarray, move: np.ndarray, leader: np.ndarray, comes: np.ndarray, branch_of: np.ndarray, F_id: np.ndarray,
    F_when: np.ndarray, F_u: np.ndarray,
) -> None:  # fmt: skip
    """Let the branches of every household choose; note the move, the leader and who comes by slot."""
    for h in range(H_i1.shape[1]):
        first = int(H_i4[_START, h])
        last = first + int(H_i1[_SLOTS, h])
        branches = number_branches(first, last, month, P_i1, P_i2)
        staying = 0
        mother = -1
        for i in range(first, last):
            if P_i1[_ALIVE, i] == 1:
                age = (month - int(P_i2[_BIRTH, i])) // 12
                staying += 1 if age >= ADULT else 0
                elder = P_i1[_BRANCH, i] == 0 and P_i1[_SEX, i] == 0 and MOTHER_FROM <= age < MOTHER_TO
                if mother < 0 and elder:
                    mother = i
        for branch in range(branches):
            staying -= move_branch(
                key, month, law, first, last, branch, staying, P_u8, P_i1, P_i2, move, leader, comes, branch_of, F_id, F_when, F_u
            )
        if mother >= 0 and luck(key, _BACK, P_u8[_ID, mother], month, F_id, F_when, F_u) < law[_RETURNING]:
            comes[mother] = CHILD
            branch_of[mother] = branches


@procedure
def move_branch(
    key: int, month: int, law: np.ndarray, first: int, last: int, branch: int, staying: int, P_u8: np.ndarray,
    P_i1: np.ndarray, P_i2: np.ndarray, move: np.ndarray, leader: np.ndarray, comes: np.ndarray, branch_of: np.ndarray,
    F_id: np.ndarray, F_when: np.ndarray, F_u: np.ndarray,
) -> int:  # fmt: skip
    """Let one branch choose and return the adults who go."""
    adults = 0
    minors = 0
    head = -1
    for i in range(first, last):
        if P_i1[_ALIVE, i] == 1 and P_i1[_BRANCH, i] == branch:
            if (month - int(P_i2[_BIRTH, i])) // 12 >= ADULT:
                adults += 1
                if head < 0:
                    head = i
            else:
                minors += 1
    if head < 0:
        return 0
    entity = P_u8[_ID, head]
    choice = choose_move(
        (month - int(P_i2[_BIRTH, head])) // 12, int(P_i1[_SEX, head]), adults, minors, 1 if branch == 0 else 0, staying - adults,
        law[_WOMEN], law[_MEN], law[_PATRILOCAL], law[_LEAVING], law[_SPLITTING],
        luck(key, _MARRY, entity, month, F_id, F_when, F_u), luck(key, _MOVE, entity, month, F_id, F_when, F_u),
        luck(key, _LEAVE, entity, month, F_id, F_when, F_u), luck(key, _SPLIT, entity, month, F_id, F_when, F_u),
    )  # fmt: skip
    if choice == WEDS:
        comes[head] = SPOUSE
        branch_of[head] = branch
    if choice <= WEDS:
        return 0
    for i in range(first, last):
        if P_i1[_ALIVE, i] == 1 and P_i1[_BRANCH, i] == branch:
            move[i] = choice
            leader[i] = head if choice == SPLITS else -1
    return adults


@procedure
def welcome_all(
    anchors: np.ndarray, kinds: np.ndarray, branches: np.ndarray, month: int, key: int, law: np.ndarray, shares: np.ndarray,
    O_u8: np.ndarray, O_i1: np.ndarray, O_i2: np.ndarray,
    P_u8: np.ndarray, P_i1: np.ndarray, P_i2: np.ndarray, P_i4: np.ndarray, P_f4: np.ndarray,
) -> None:  # fmt: skip
    """Write all newcomers of a January, in the order of those to whom they come."""
    for n in range(len(anchors)):
        welcome(n, anchors[n], kinds[n], branches[n], month, key, law, shares, O_u8, O_i1, O_i2, P_u8, P_i1, P_i2, P_i4, P_f4)


def live_january(state: State, world: World, month: int) -> np.ndarray:
    """Let families change, then make room for the births of the year.

    Returns:
        What is counted, by group and indicator: marriages, leavers, returners, new households.
    """
    persons, households = state.persons, state.households
    slots = len(persons)
    move, comes, branch_of = np.zeros(slots, np.int8), np.zeros(slots, np.int8), np.zeros(slots, np.int8)
    leader = np.full(slots, -1)
    p, h = persons.matrices, households.matrices
    decide(
        world.key,
        month,
        world.law,
        h["i1"],
        h["i4"],
        p["u8"],
        p["i1"],
        p["i2"],
        move,
        leader,
        comes,
        branch_of,
        *world.script.arrays,
    )
    owner = np.repeat(np.arange(len(households)), households["slots"].astype(np.int64))
    record = _count(households["group"][owner], move, comes, leader)
    gone = (move == WEDS_OUT) | (move == LEAVES)
    np.add.at(households["year_sources"][PLACE["departed"]], owner[gone], persons["income_12m"][gone])
    note_all(households, "departure", owner[gone], month, persons["income_12m"][gone].astype(np.int64))
    joined = owner[comes > 0]
    note_all(households, "newcomer", joined, month, np.zeros(len(joined), np.int64))
    changed = np.zeros(len(households), bool)
    changed[owner[(move > 0) | (comes > 0)]] = True
    anchors = np.flatnonzero(comes)
    newcomers = Columns("person", len(anchors))
    n = newcomers.matrices
    welcome_all(
        anchors, comes[anchors], branch_of[anchors], month, world.key, world.law, np.array(world.shares), p["u8"], p["i1"],
        p["i2"], n["u8"], n["i1"], n["i2"], n["i4"], n["f4"],
    )  # fmt: skip
    owner, changed = _split(state, owner, gone, leader, changed)
    repack(state, month, Moved(np.where(gone, -1, owner), newcomers, owner[anchors]))
    _recount(state, changed)
    return record


def _count(group: np.ndarray, move: np.ndarray, comes: np.ndarray, leader: np.ndarray) -> np.ndarray:
    """Count the moves of a January by group."""
    record = np.zeros((len(GROUPS), len(INDICATORS)), np.int64)
    founds = leader == np.arange(len(leader))
    for name, there in (
        ("marriages_in", comes == SPOUSE),
        ("marriages_out", move == WEDS_OUT),
        ("leavers", move == LEAVES),
        ("returners", comes == CHILD),
        ("new_households", founds),
    ):
        record[:, INDEX[name]] = np.bincount(group[there], minlength=len(GROUPS))
    return record


def _split(
    state: State, owner: np.ndarray, gone: np.ndarray, leader: np.ndarray, changed: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Found the new households; return the household of each slot, and which households have changed."""
    founders = np.unique(leader[leader >= 0])
    if len(founders) == 0:
        return owner, changed
    persons, before = state.persons, state.households
    there = (persons["alive"] == 1) & ~gone
    left = np.bincount(owner[there], minlength=len(before))
    heads = np.bincount(leader[leader >= 0], minlength=len(leader))[founders]
    stems = owner[founders]
    state.households = split_households(before, stems, persons["id"][founders], heads, left)
    order = np.sort(np.concatenate((np.arange(len(before)), stems)), kind="stable")
    place = np.searchsorted(order, np.arange(len(before)), side="left")
    new = place[stems] + 1 + np.arange(len(stems)) - np.searchsorted(stems, stems, side="left")
    goes = leader >= 0
    owner = place[owner]
    owner[goes] = new[np.searchsorted(founders, leader[goes])]
    persons["branch"][goes] = 0
    villages = state.villages
    villages["households"] = np.bincount(state.households["village"], minlength=len(villages))
    villages["first_household"] = np.concatenate(([0], np.cumsum(villages["households"])[:-1]))
    return owner, changed[order]


def _recount(state: State, changed: np.ndarray) -> None:
    """Count members and the past year's income anew where somebody came or went."""
    persons, households = state.persons, state.households
    owner = np.repeat(np.arange(len(households)), households["slots"].astype(np.int64))
    alive = persons["alive"] == 1
    own = np.zeros(len(households), np.int64)
    np.add.at(own, owner[alive], persons["income_12m"][alive])
    members = np.bincount(owner[alive], minlength=len(households))
    gross = own + households["other_12m"] + households["benefit_12m"]
    households["members"][changed] = members[changed]
    households["gross_12m"][changed] = gross[changed]
    households["net_12m"][changed] = (gross - households["spend_12m"])[changed]
