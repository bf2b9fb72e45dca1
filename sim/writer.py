"""Writes the body of a loop: one call for each rule, its arguments read and its results stored by their names.

A rule's argument names say what it reads, the fields of its result what it writes: a column of the state, or a value that lives
for the month. In person rules a bare name is the person's, ``hh_name`` the household's; in household rules a bare name is the
household's, ``sum_name`` a sum over members. ``law_`` is the month's law, ``env_`` the township's weather, ``vill_`` a column of
the village, ``u_`` a draw, ``table_`` a table, ``x_target`` the product of all multipliers of that target, ``name_then`` and
``name_now`` the ring of 12 months at this month's place. Arrays go by their names in `CONTEXT`.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from typing import Any

from sim.draws import NUMBER, STREAMS
from sim.engine import plain
from sim.month import WHEN, Step, book_sources
from sim.policies.mechanisms import TARGETS
from sim.policies.tables import PICKED
from sim.sources import PLACE
from sim.state import BY_NAME, ROW
from sim.world import ENVIRONMENT, LAW, TABLES

STATE_ARRAYS = "P_u8 P_i1 P_i2 P_i4 P_f4 H_u8 H_i1 H_i2 H_i4 H_i8 H_f4 V_u8 V_i2 V_i4 V_f4 env law"
LEVER_ARRAYS = (
    "price_subsidy schooling_aid one_off_grant restored_guarantee reimbursement detection_channel top_up clearing credit"
    " farm_insurance multiplier cash_transfer disregard household_disregard kept_price status_rule service"
)
OTHER_ARRAYS = "X_first W_lever W_clause W_term W_bound record paid P_words H_words F_id F_when F_u"
CONTEXT = (
    *STATE_ARRAYS.split(),
    *(f"table_{name}" for name in TABLES),
    *(f"L_{name}" for name in LEVER_ARRAYS.split()),
    *OTHER_ARRAYS.split(),
)
"""Arrays that the compiled passes take, in their order."""

_LETTER = {"person": "P", "household": "H", "village": "V"}
_SCOPE = {"person": "p", "household": "h"}
WHO = "W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4"


def outputs(step: Step) -> dict[str, type]:
    """Return the fields of a rule's result and their types; none when it only books."""
    hints = typing.get_type_hints(plain(step.rule))
    result = hints.get("return")
    return {} if result in (None, type(None)) else typing.get_type_hints(result)


def inputs(rule: Callable[..., Any]) -> tuple[str, ...]:
    """Return a rule's argument names."""
    return tuple(inspect.signature(plain(rule)).parameters)


class Writer:
    """Writes the body of one loop (over persons or over households) from its steps."""

    def __init__(self, entity: str, indent: int, filled: dict[str, int], booked: dict[str, str] | None = None) -> None:
        """Start a body; ``filled``: row in the tile's words of every stream drawn in bulk; ``booked``: the year's sources."""
        self.booked = booked or {}
        self.entity = entity
        self.index = "i" if entity == "person" else "h"
        self.indent = indent
        self.filled = filled
        self.lines: list[str] = []
        self.known: set[str] = set()

    def put(self, text: str, deeper: int = 0) -> None:
        """Add a line."""
        self.lines.append("    " * (self.indent + deeper) + text)

    def load(self, name: str) -> str:
        """Return the variable of a column or value of this entity, read from the state when first met."""
        variable = f"{_SCOPE[self.entity]}_{name}"
        if variable not in self.known:
            self.known.add(variable)
            self.put(f"{variable} = {self.cell(self.entity, name)}")
        return variable

    def cell(self, entity: str, name: str) -> str:
        """Return the text that reads a cell of the state."""
        column = BY_NAME[entity, name]
        index = "i" if entity == "person" else "h"
        text = f"{_LETTER[entity]}_{column.kind}[{ROW[entity, name]}, {index}]"
        return text if column.kind == "u8" else (f"np.float64({text})" if column.kind == "f4" else f"np.int64({text})")

    def ring(self, name: str, ending: str) -> str:
        """Return this month's place in a ring of 12 months."""
        window = name.removesuffix(ending) + "_window"
        column = BY_NAME[self.entity, window]
        return f"{_LETTER[self.entity]}_{column.kind}[{ROW[self.entity, window]} + ring, {self.index}]"

    def argument(self, name: str) -> str:
        """Return the text of one argument."""
        if name in CONTEXT or name in ("month", "moy", "i", "h", "key"):
            return name
        if name.startswith("law_"):
            return f"law[{LAW[name[4:]]}]"
        if name.startswith("x_"):
            return self.factor(name[2:])
        if name.startswith("env_"):
            return f"env[{ENVIRONMENT.index(name[4:])}, township]"
        if name.startswith("vill_"):
            column = BY_NAME["village", name[5:]]
            return f"np.{'float64' if column.kind == 'f4' else 'int64'}(V_{column.kind}[{ROW['village', name[5:]]}, village])"
        if name.startswith("u_"):
            return self.uniform(name[2:])
        if name.startswith("sum_"):
            return f"s_{name[4:]}"
        if name.startswith("hh_"):
            return f"h_{name[3:]}"
        if self.entity == "household" and name[:5] in ("year_", "last_") and name[5:] in PLACE:
            return f"np.int64({self.source_cell(name)})"
        if name.endswith("_then"):
            return f"np.int64({self.ring(name, '_then')})"
        if name.startswith(tuple(f"{kind}_" for kind in PICKED)):
            return name
        return self.load(name)

    def factor(self, target: str) -> str:
        """Return the text of the product of all multipliers of a target; nothing is asked where none is in force."""
        if TARGETS[target].acts_on != self.entity:
            raise KeyError(f"the multiplier of {target} acts on a {TARGETS[target].acts_on}, not on a {self.entity}")
        place = tuple(TARGETS).index(target)
        who = "i" if self.entity == "person" else self.load("start")
        call = f"multiplier({place}, {who}, h, X_first, L_multiplier, {WHO})"
        return f"({call} if X_first[{place + 1}] > X_first[{place}] else 1.0)"

    def source_cell(self, name: str) -> str:
        """Return the cell of a source of the accounting year (``year_wage``) or of the one before (``last_wage``)."""
        return f"H_i4[{ROW['household', name[:5] + 'sources'] + PLACE[name[5:]]}, h]"

    def book(self) -> None:
        """Write the booking of the month's sources."""
        for source, variable in self.booked.items():
            self.put(f"{self.source_cell('year_' + source)} += {self.argument(variable)}")

    def uniform(self, stream: str) -> str:
        """Return the text of a draw: from the tile's words, or made on the spot for what is due now and then."""
        if stream in self.filled:
            return f"uniform(np.float64({_LETTER[self.entity]}_words[{self.filled[stream]}, {self.index} - {self.index}0]))"
        entity, place = (self.entity, self.index) if STREAMS[stream].entity != "village" else ("village", "village")
        cell = f"{_LETTER[entity]}_u8[{ROW[entity, 'id']}, {place}]"
        return f"luck(key, {NUMBER[stream]}, {cell}, month, F_id, F_when, F_u)"

    def step(self, step: Step) -> None:
        """Write one rule: read, call, write back; under its condition if it has one."""
        if step.rule is book_sources:
            self.book()
            return
        fields = outputs(step)
        for name, kind in fields.items():
            self.prepare(name, kind, bool(step.when))
        arguments = ", ".join(self.argument(name) for name in inputs(step.rule))
        call = f"{plain(step.rule).__name__}({arguments})"
        deeper = 0
        if step.when:
            names = [part.split("}")[0] for part in WHEN[step.when].split("{")[1:]]
            self.put(f"if {WHEN[step.when].format(**{n: self.argument(n) for n in names})}:")
            deeper = 1
        if not fields:
            self.put(call, deeper)
            return
        self.put(f"out_{plain(step.rule).__name__} = {call}", deeper)
        for name in fields:
            self.store(name, f"out_{plain(step.rule).__name__}.{name}", deeper)

    def prepare(self, name: str, kind: type, conditional: bool) -> None:
        """Give a result's variable a value where its rule may not be due."""
        variable = f"{_SCOPE[self.entity]}_{name}"
        if not conditional or name.endswith("_now"):
            return
        if (self.entity, name) in BY_NAME:
            self.load(name)
        elif variable not in self.known:
            self.put(f"{variable} = {'0.0' if kind is float else '0'}")
            self.known.add(variable)

    def store(self, name: str, value: str, deeper: int) -> None:
        """Write one field of a result to its variable and, if it is a column, to the state."""
        if name.endswith("_now"):
            self.put(f"{self.ring(name, '_now')} = {value}", deeper)
            return
        variable = f"{_SCOPE[self.entity]}_{name}"
        self.put(f"{variable} = {value}", deeper)
        self.known.add(variable)
        column = BY_NAME.get((self.entity, name))
        if column is not None:
            place = f"{_LETTER[self.entity]}_{column.kind}[{ROW[self.entity, name]}, {self.index}]"
            self.put(f"{place} = {variable}", deeper)
