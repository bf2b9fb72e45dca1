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
from collections.abc import Callable, Sequence
from typing import Any

from sim.draws import NUMBER, STREAMS
from sim.engine import plain
from sim.month import WHEN, Step, book_sources
from sim.policies.opening import SLOTS
from sim.policies.tables import PICKED
from sim.policies.targets import TARGETS
from sim.sources import PLACE
from sim.state import BY_NAME, ROW
from sim.world import ENVIRONMENT, LAW, TABLES

STATE_ARRAYS = "P_u8 P_i1 P_i2 P_i4 P_f4 H_u8 H_i1 H_i2 H_i4 H_i8 H_f4 V_u8 V_i2 V_i4 V_f4 env law"
LEVER_ARRAYS = (
    "price_subsidy schooling_aid one_off_grant restored_guarantee reimbursement detection_channel top_up clearing credit"
    " farm_insurance training multiplier cash_transfer disregard household_disregard kept_price status_rule service"
    " personal_insurance registry_scope"
)
OTHER_ARRAYS = (
    "X_first X_rows A_slots A_first A_rows O_first O_last O_rows W_lever W_clause W_term W_bound record paid P_words H_words"
    " F_id F_when F_u T_bit falls fallen"
)
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


def _asked(when: str) -> list[str]:
    """Return the names in a condition of `sim.month.WHEN`."""
    return [part.split("}")[0] for part in WHEN[when].split("{")[1:]]


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
        self.summed: set[str] = set()
        self.done: set[str] = set()

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
        if self.entity == "person":
            slot = SLOTS.index(target)
            call = f"multiplier(O_first[{slot}], O_last[{slot}], O_rows, i, h, L_multiplier, {WHO})"
            return f"({call} if O_last[{slot}] > O_first[{slot}] else 1.0)"
        call = f"multiplier(X_first[{place}], X_first[{place + 1}], X_rows, {self.load('start')}, h, L_multiplier, {WHO})"
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

    def steps(self, steps: Sequence[Step], sums: Sequence[str] = ()) -> None:
        """Write rules in their order; neighbours that are due under the same condition share one branch.

        Args:
            steps: the rules.
            sums: values that the household sums. Those of a rule that is not always due are added in its branch.
        """
        written = [name for step in steps for name in outputs(step)]
        self.summed |= {name for name in sums if written.count(name) == 1 and (self.entity, name) not in BY_NAME}
        place = 0
        while place < len(steps):
            together = self.together(steps, place)
            self.branch(together) if together[0].when else self.step(together[0])
            place += len(together)

    def together(self, steps: Sequence[Step], place: int) -> list[Step]:
        """Return the rules from a place on that share its condition, as long as none of them changes what it asks."""
        when = steps[place].when
        together = [steps[place]]
        for step in steps[place + 1 :]:
            if not when or step.when != when or set(_asked(when)) & set(outputs(together[-1])):
                break
            together.append(step)
        return together

    def branch(self, steps: Sequence[Step]) -> None:
        """Write rules that are due under one condition. What only they read is read there, and read anew after them."""
        for step in steps:
            for name, kind in outputs(step).items():
                self.prepare(name, kind)
        asked = {name: self.argument(name) for name in _asked(steps[0].when)}
        self.put(f"if {WHEN[steps[0].when].format(**asked)}:")
        before = set(self.known)
        self.indent += 1
        for step in steps:
            self.step(step)
            for name in sorted(self.summed & set(outputs(step))):
                self.put(f"s_{name} += {_SCOPE[self.entity]}_{name}")
                self.done.add(name)
        self.indent -= 1
        self.known = before

    def step(self, step: Step) -> None:
        """Write one rule: read, call, write back."""
        if step.rule is book_sources:
            self.book()
            return
        names = inputs(step.rule)
        # factors are worked out before the call: a call of many arguments cannot hold a choice
        factors = {name: self.factor(name[2:]) for name in names if name.startswith("x_")}
        for name, text in factors.items():
            self.put(f"{name} = {text}")
        arguments = ", ".join(name if name in factors else self.argument(name) for name in names)
        call = f"{plain(step.rule).__name__}({arguments})"
        fields = outputs(step)
        if not fields:
            self.put(call)
            return
        self.put(f"out_{plain(step.rule).__name__} = {call}")
        for name in fields:
            self.store(name, f"out_{plain(step.rule).__name__}.{name}")

    def prepare(self, name: str, kind: type) -> None:
        """Give a result's variable a value where its rule may not be due.

        Whole numbers that are columns need none: what is asked later is read from the state. Other columns stay as precise as
        their rule left them for the rest of the month, so they are read before.
        """
        column = BY_NAME.get((self.entity, name))
        variable = f"{_SCOPE[self.entity]}_{name}"
        if name.endswith("_now") or (column is not None and column.kind != "f4"):
            return
        if column is not None:
            self.load(name)
        elif variable not in self.known:
            self.put(f"{variable} = {'0.0' if kind is float else '0'}")
            self.known.add(variable)

    def store(self, name: str, value: str) -> None:
        """Write one field of a result to its variable and, if it is a column, to the state."""
        if name.endswith("_now"):
            self.put(f"{self.ring(name, '_now')} = {value}")
            return
        variable = f"{_SCOPE[self.entity]}_{name}"
        self.put(f"{variable} = {value}")
        self.known.add(variable)
        column = BY_NAME.get((self.entity, name))
        if column is not None:
            self.put(f"{_LETTER[self.entity]}_{column.kind}[{ROW[self.entity, name]}, {self.index}] = {variable}")
