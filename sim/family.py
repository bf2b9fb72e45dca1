"""A described family: as a county of its own (one household or many copies), or moved into a county that has lived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from sim.draws import descendant
from sim.indicators import GROUPS, INDICATORS
from sim.past import Past
from sim.repack import reordered
from sim.rules import County
from sim.state import Columns, State

FAMILIES = 1 << 60
"""Ids of described families begin here, above those of all counties."""
NEWCOMERS = 100
"""Members of a copied family who are not described get ids from this place on."""
LIVED = (
    "id", "root", "start", "slots", "spare", "village", "township", "workshop_site",
    "members", "able", "any_employed", "stable_earned_income", "any_disabled", "incapable", "carers", "prime_away", "men_away",
    "left_behind_members", "care_burden", "assessed_ratio", "absent", "farms", "on_single_dibao", "any_tekun",
    "dibao_margin", "low_income", "trigger", "risk_score", "months_above", "need_types", "lost_guarantees",
    "usual_income", "market_month", "cash_month", "other_12m", "other_window", "benefit_12m", "benefit_window",
    "owed_12m", "owed_window",
    "spend_12m", "spend_window", "gross_12m", "net_12m", "kept_away", "resident_12m", "unavoidable_month",
    "assessed_12m", "net_year_ago", "members_at_test", "year_sources", "last_sources", "years_monitored",
    "monitored_december", "credit_eligible",
    "risk_since", "risk_found", "risk_in_year", "december_view",
)  # fmt: skip
"""Columns of a household that its first, untold years fill: place, past incomes, who can care for whom, and what follows from
these: the first told month decides by them as any month does by the one before. All others are statuses, balances and traits:
they are set as described when the story begins."""

FRESH = {"round": 0.0, "round_ex_poor": 0.0, "spare_minutes": 0.0, "crowding": 1.0}
"""What institutions carry over that have not worked yet."""


class Family(NamedTuple):
    """A family as the state holds it.

    Attributes:
        household: columns of the household by name.
        members: columns of each member by name.
    """

    household: Mapping[str, float]
    members: Sequence[Mapping[str, float]]


def family_id(copy: int = 0) -> int:
    """Return the id of a copy of the described family."""
    return FAMILIES + copy + 1


def member_id(copy: int, place: int) -> int:
    """Return the id of a member of a copy of the family, by its place in the description."""
    return int(descendant(np.uint64(family_id(copy)), place))


def own_county(copies: int) -> County:
    """Return a county of nothing but copies of one family, each in a village of its own, as the family alone is."""
    # copies of one village would divide among them what it pays out, and one copy's death would enrich the others
    return County(copies, copies, 1)


def settle(family: Family, levers: Sequence[str], month: int, number: int = 0) -> Past:
    """Return the county of a family that has just been settled: no past incomes, no books.

    Args:
        family: who lives there, with what.
        levers: ids of the scenario's levers, in their order.
        month: the last month before the family lives.
        number: makes ids of its own: families of several descriptions may live in one county.
    """
    size = len(family.members)
    households, persons, villages = Columns("household", 1), Columns("person", size), Columns("village", 1)
    for name, value in family.household.items():
        households[name] = value
    households["id"] = households["root"] = family_id(number)
    households["slots"] = size
    for place, member in enumerate(family.members):
        for name, value in member.items():
            persons[name][place] = value
        persons["id"][place] = member_id(number, place)
    persons["alive"] = 1
    villages["id"] = villages["households"] = 1
    record = np.zeros((1, len(GROUPS), len(INDICATORS)), np.int64)
    paid = np.zeros((1, max(1, len(levers))), np.int64)
    return Past(State(persons, households, villages), dict(FRESH), record, paid, tuple(levers), own_county(1), month, size)


def started(past: Past, family: Family, sets: Sequence[Mapping[str, float]] = ()) -> Past:
    """Return a family's own county after its first years: what it lived through are its incomes, all else is as described.

    Args:
        past: the county after the years that fill the trailing windows.
        family: the description; a column of the household of which it says nothing, and which is not in `LIVED`, is 0.
        sets: columns of each member that hold at the start, whatever came before.
    """
    state = past.state.copy()
    for name in state.households.names:
        if name not in LIVED:
            state.households[name] = family.household.get(name, 0)
    number = int(state.households["id"][0]) - family_id()
    for place, columns in enumerate(sets):
        here = state.persons["id"] == np.uint64(member_id(number, place))
        for name, value in columns.items():
            state.persons[name][here] = value
    return replace(past, state=state)


def copied(past: Past, size: int, copies: int) -> Past:
    """Return a county of copies of the one family of a county: equal in all but their ids, from which their luck comes.

    Args:
        past: the family's own county.
        size: members described; others, who came in the meantime, get ids of their own too.
        copies: how many families.
    """
    slots = len(past.state.persons)
    households, persons = _repeated(past.state.households, copies), _repeated(past.state.persons, copies)
    county = own_county(copies)
    villages = _repeated(past.state.villages, county.villages)
    households["id"] = households["root"] = [family_id(copy) for copy in range(copies)]
    households["start"] = np.arange(copies) * slots
    households["village"] = np.arange(copies)
    for slot, number in enumerate(past.state.persons["id"]):
        if number:
            persons["id"][slot::slots] = _ids_of_copies(int(number), slot, size, copies)
    villages["id"] = np.arange(1, len(villages) + 1)
    villages["households"] = 1
    villages["first_household"] = np.arange(copies)
    people = past.rural_population * copies
    return replace(past, state=State(persons, households, villages), county=county, rural_population=people)


def _repeated(columns: Columns, times: int) -> Columns:
    """Return columns with all rows repeated."""
    more = Columns(columns.entity, 0)
    more.matrices = {kind: np.tile(matrix, (1, times)) for kind, matrix in columns.matrices.items()}
    return more


def _ids_of_copies(number: int, slot: int, size: int, copies: int) -> list[int]:
    """Return the ids of one member in every copy: by its place in the description, or by its slot."""
    described = [member_id(0, place) for place in range(size)]
    place = described.index(number) if number in described else NEWCOMERS + slot
    return [member_id(copy, place) for copy in range(copies)]


def move_in(past: Past, guest: Past, village: int = 0) -> Past:
    """Return a county that has lived, with the households of another one at the end of one of its villages.

    Args:
        past: the county.
        guest: a family's own county in the same month, under the same levers.
        village: where the family comes to live.
    """
    if past.month != guest.month or past.levers != guest.levers:
        raise ValueError("the family and the county must stand in the same month under the same levers")
    state, family = past.state, guest.state
    place = int(state.villages["first_household"][village] + state.villages["households"][village])
    slot = int(state.households["start"][place]) if place < len(state.households) else len(state.persons)
    households = _inserted(state.households, family.households, place)
    persons = _inserted(state.persons, family.persons, slot)
    here = slice(place, place + len(family.households))
    households["village"][here] = village
    slots = households["slots"].astype(np.int64)
    households["start"] = np.concatenate(([0], np.cumsum(slots)[:-1]))
    villages = state.villages.copy()
    villages["households"][village] += len(family.households)
    villages["first_household"][village + 1 :] += len(family.households)
    return replace(past, state=State(persons, households, villages))


def _inserted(columns: Columns, more: Columns, place: int) -> Columns:
    """Return columns with the rows of others put in before a place."""
    both = Columns(columns.entity, 0)
    both.matrices = {kind: np.concatenate((matrix, more.matrices[kind]), axis=1) for kind, matrix in columns.matrices.items()}
    ours, theirs = np.arange(len(columns)), np.arange(len(columns), len(columns) + len(more))
    return reordered(both, np.concatenate((ours[:place], theirs, ours[place:])))
