"""Who qualifies: conditions over named attributes, compiled once per scenario to ranges over columns of the state."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.engine import procedure, rule
from sim.rules import Condition, County, Lever, Term
from sim.state import BY_NAME, COUNTY, ROW, attribute, is_reserved

MATRICES = ("P_i1", "P_i2", "P_i4", "H_i1", "H_i2", "H_i4")
"""Matrices that a condition may read, by code."""

WIDTH = 4
"""Numbers of a term."""
LARGEST = 2.0**62
"""Beyond every number that a column can hold."""

_LETTER = {"person": "P", "household": "H"}


MET, NOT_MET = -1, -2
"""Where a test ends, instead of a place of `Conditions.term`."""


class Conditions(NamedTuple):
    """Conditions of all levers as tests that lead from term to term; flat, for they are read more than anything else.

    Attributes:
        lever: place of each lever's first term, or where its test ends at once.
        clause: the same for a test that asks of every clause its terms on the household alone.
        term: four numbers a term: matrix, row, place where it goes on if the term holds, and if not.
        bound: four numbers a term, two of them used: the least and the largest whole number that hold.
    """

    lever: np.ndarray
    clause: np.ndarray
    term: np.ndarray
    bound: np.ndarray


class LaterConditions(NamedTuple):
    """Conditions that levers take on later: for each such lever its number, and the month and places of each change."""

    changes: tuple[tuple[int, tuple[tuple[int, tuple[int, int]], ...]], ...]

    def turn(self, conditions: Conditions, month: int) -> None:
        """Bring the conditions of a month: whoever holds the arrays sees them."""
        for number, changes in self.changes:
            whole, house = [places for since, places in changes if since <= month][-1]
            conditions.lever[number], conditions.clause[number] = whole, house


def _compiled_term(term: Term, county: County | None) -> tuple[tuple[int, int], tuple[float, float]] | bool:
    """Return a term's place and bounds, or its fixed truth: of the county's own attributes, and where nobody lives one."""
    column = attribute(term.attribute)
    if column is None:
        raise KeyError(f"no attribute {term.attribute}")
    if column in COUNTY:
        return term.low <= float(getattr(county, column.name, 0)) <= term.high
    if is_reserved(term.attribute):
        return term.low <= 0 <= term.high
    matrix = f"{_LETTER[column.entity]}_{BY_NAME[column.entity, column.name].kind}"
    if matrix not in MATRICES:
        raise KeyError(f"{term.attribute} cannot stand in a condition: it is stored as {column.kind}")
    return (MATRICES.index(matrix), ROW[column.entity, column.name]), (term.low, term.high)


_Part = tuple[tuple[int, int], tuple[float, float]]


def _is_of_person(part: _Part) -> bool:
    """Say whether a compiled term asks about a person."""
    return part[0][0] < MATRICES.index("H_i1")


def _whole(low: float, high: float) -> tuple[int, int]:
    """Return the least and the largest whole number from one bound to another."""
    return math.ceil(max(low, -LARGEST)), math.floor(min(high, LARGEST))


class _Compiler:
    """Lays conditions out one after the other."""

    def __init__(self, county: County | None) -> None:
        """Begin with none."""
        self.county = county
        self.terms: list[int] = []
        self.bounds: list[int] = []

    def lay(self, who: Condition) -> tuple[int, int]:
        """Lay a condition out, and its terms on the household alone; return both starts. Clauses never true are left out."""
        clauses = [parts for parts in (_parts(clause, self.county) for clause in who) if parts is not None]
        ofhouse = [[part for part in clause if not _is_of_person(part)] for clause in clauses]
        return _lay(clauses, self.terms, self.bounds), _lay(ofhouse, self.terms, self.bounds)


def compile_conditions(levers: Sequence[Lever], county: County | None = None) -> Conditions:
    """Turn the conditions of levers into arrays."""
    return compile_dated(levers, county)[0]


def compile_dated(levers: Sequence[Lever], county: County | None = None) -> tuple[Conditions, LaterConditions]:
    """Turn the conditions of levers into arrays, those that a lever takes on later laid out behind them.

    Args:
        levers: in their order.
        county: of which conditions may ask; None is one without any trait.
    """
    compiler = _Compiler(county)
    rows = [compiler.lay(lever.who) for lever in levers]
    dated = []
    for number, lever in enumerate(levers):
        turns = (turn for turn in lever.turns if turn.who is not None or turn.where is not None)
        later = [(turn.month, compiler.lay(lever.who_in(turn.month))) for turn in turns]
        if later:
            dated.append((number, ((0, rows[number]), *later)))
    compiled = Conditions(
        np.array([whole for whole, _ in rows] or [NOT_MET], np.int32),
        np.array([house for _, house in rows] or [NOT_MET], np.int32),
        np.array(compiler.terms or [0] * WIDTH, np.int32),
        np.array(compiler.bounds or [0] * WIDTH, np.int64),
    )
    return compiled, LaterConditions(tuple(dated))


def _parts(clause: Sequence[Term], county: County | None) -> list[_Part] | None:
    """Return the terms of a clause that are not always true, those on the household first; None if one is never true."""
    compiled = [_compiled_term(term, county) for term in clause]
    if any(part is False for part in compiled):
        return None
    return sorted((part for part in compiled if isinstance(part, tuple)), key=_is_of_person)


def _lay(clauses: Sequence[Sequence[_Part]], terms: list[int], bounds: list[int]) -> int:
    """Write a test, any of all of, behind the others and return where it begins."""
    if any(not clause for clause in clauses):
        return MET
    first = len(terms)
    for number, clause in enumerate(clauses):
        after = len(terms) + WIDTH * len(clause) if number + 1 < len(clauses) else NOT_MET
        for (matrix, row), bound in clause[:-1]:
            terms += [matrix, row, len(terms) + WIDTH, after]
            bounds += [*_whole(*bound), 0, 0]
        (matrix, row), bound = clause[-1]
        terms += [matrix, row, MET, after]
        bounds += [*_whole(*bound), 0, 0]
    return first if clauses else NOT_MET


@rule
def leads_to(place, i, h, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4) -> int:  # type: ignore[no-untyped-def]
    """Return where the test of a term leads: to another one, to `MET` or to `NOT_MET`."""
    term = np.uint64(place)  # unsigned, as all places below: no test for places counted from the end
    matrix = W_term[term]
    row = np.uint64(W_term[term + np.uint64(1)])
    if matrix == 0:
        value = np.int64(P_i1[row, np.uint64(i)])
    elif matrix == 3:
        value = np.int64(H_i1[row, np.uint64(h)])
    elif matrix == 1:
        value = np.int64(P_i2[row, np.uint64(i)])
    elif matrix == 2:
        value = np.int64(P_i4[row, np.uint64(i)])
    elif matrix == 4:
        value = np.int64(H_i2[row, np.uint64(h)])
    else:
        value = np.int64(H_i4[row, np.uint64(h)])
    if value < W_bound[term] or value > W_bound[term + np.uint64(1)]:
        return int(W_term[term + np.uint64(3)])
    return int(W_term[term + np.uint64(2)])


@procedure
def qualifies(lever, i, h, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4) -> bool:  # type: ignore[no-untyped-def]
    """Say whether person i of household h meets a lever's condition: any clause of which every term holds."""
    place = int(W_lever[lever])
    while place >= 0:
        place = leads_to(place, i, h, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4)
    return place == MET


@procedure
def may_qualify(lever, i, h, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4) -> bool:  # type: ignore[no-untyped-def]
    """Say whether a member of household h may meet a lever's condition: any clause of which every household term holds."""
    place = int(W_clause[lever])
    while place >= 0:
        place = leads_to(place, i, h, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4)
    return place == MET
