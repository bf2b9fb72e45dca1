"""Who qualifies: conditions over named attributes, compiled once per scenario to ranges over columns of the state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.engine import procedure
from sim.rules import Condition, Lever, Term
from sim.state import BY_NAME, ROW, attribute, is_reserved

MATRICES = ("P_i1", "P_i2", "P_i4", "H_i1", "H_i2", "H_i4")
"""Matrices that a condition may read, by code."""

_LETTER = {"person": "P", "household": "H"}


class Conditions(NamedTuple):
    """Conditions of all levers as arrays: a lever's clauses, a clause's terms, a term's place and bounds."""

    lever: np.ndarray
    clause: np.ndarray
    term: np.ndarray
    bound: np.ndarray


class LaterConditions(NamedTuple):
    """Conditions that levers take on later: for each such lever its number, and the month and clauses of each change."""

    changes: tuple[tuple[int, tuple[tuple[int, tuple[int, int]], ...]], ...]

    def turn(self, conditions: Conditions, month: int) -> None:
        """Bring the conditions of a month: whoever holds the arrays sees them."""
        for number, changes in self.changes:
            conditions.lever[number] = [clauses for since, clauses in changes if since <= month][-1]


def _compiled_term(term: Term) -> tuple[tuple[int, int], tuple[float, float]] | bool:
    """Return a term's place and bounds, or its fixed truth where no process lives the attribute."""
    column = attribute(term.attribute)
    if column is None:
        raise KeyError(f"no attribute {term.attribute}")
    if is_reserved(term.attribute):
        return term.low <= 0 <= term.high
    matrix = f"{_LETTER[column.entity]}_{BY_NAME[column.entity, column.name].kind}"
    if matrix not in MATRICES:
        raise KeyError(f"{term.attribute} cannot stand in a condition: it is stored as {column.kind}")
    return (MATRICES.index(matrix), ROW[column.entity, column.name]), (term.low, term.high)


class _Compiler:
    """Lays conditions out one after the other."""

    def __init__(self) -> None:
        """Begin with none."""
        self.clauses: list[tuple[int, int]] = []
        self.terms: list[tuple[int, int]] = []
        self.bounds: list[tuple[float, float]] = []

    def lay(self, who: Condition) -> tuple[int, int]:
        """Lay one condition out and return its first clause and the one after its last; never true ones are dropped."""
        first = len(self.clauses)
        for clause in who:
            compiled = [_compiled_term(term) for term in clause]
            if any(part is False for part in compiled):
                continue
            start = len(self.terms)
            for part in compiled:
                if isinstance(part, tuple):
                    self.terms.append(part[0])
                    self.bounds.append(part[1])
            self.clauses.append((start, len(self.terms)))
        return first, len(self.clauses)


def compile_conditions(levers: Sequence[Lever]) -> Conditions:
    """Turn the conditions of levers into arrays."""
    return compile_dated(levers)[0]


def compile_dated(levers: Sequence[Lever]) -> tuple[Conditions, LaterConditions]:
    """Turn the conditions of levers into arrays, those that a lever takes on later laid out behind them."""
    compiler = _Compiler()
    rows = [compiler.lay(lever.who) for lever in levers]
    dated = []
    for number, lever in enumerate(levers):
        later = [(turn.month, compiler.lay(turn.who)) for turn in lever.turns if turn.who is not None]
        if later:
            dated.append((number, ((0, rows[number]), *later)))
    compiled = Conditions(
        np.array(rows or [(0, 0)], np.int32).reshape(-1, 2),
        np.array(compiler.clauses or [(0, 0)], np.int32).reshape(-1, 2),
        np.array(compiler.terms or [(0, 0)], np.int32).reshape(-1, 2),
        np.array(compiler.bounds or [(0.0, 0.0)], np.float64).reshape(-1, 2),
    )
    return compiled, LaterConditions(tuple(dated))


@procedure
def qualifies(lever, i, h, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4) -> bool:  # type: ignore[no-untyped-def]
    """Say whether person i of household h meets a lever's condition: any clause of which every term holds."""
    for clause in range(W_lever[lever, 0], W_lever[lever, 1]):
        holds = True
        for term in range(W_clause[clause, 0], W_clause[clause, 1]):
            matrix = W_term[term, 0]
            row = W_term[term, 1]
            if matrix == 0:
                value = float(P_i1[row, i])
            elif matrix == 1:
                value = float(P_i2[row, i])
            elif matrix == 2:
                value = float(P_i4[row, i])
            elif matrix == 3:
                value = float(H_i1[row, h])
            elif matrix == 4:
                value = float(H_i2[row, h])
            else:
                value = float(H_i4[row, h])
            if value < W_bound[term, 0] or value > W_bound[term, 1]:
                holds = False
                break
        if holds:
            return True
    return False
