"""The mechanical loops: written from the order of the month and the signatures of its rules, then compiled.

A rule's argument names say what it reads, the fields of its result what it writes: a column of the state, or a value that lives
for the month. In person rules a bare name is the person's, ``hh_name`` the household's; in household rules a bare name is the
household's, ``sum_name`` a sum over members. ``law_`` is the month's law, ``env_`` the township's weather, ``vill_`` a column of
the village, ``u_`` a draw, ``table_`` a table, ``x_target`` the product of all multipliers of that target, ``name_then`` and
``name_now`` the ring of 12 months at this month's place. Arrays go by their names in
`CONTEXT`.
The generated text is plain Python: with NUMBA_DISABLE_JIT=1 it can be read and stepped through in the folder of compiled code.
"""

from __future__ import annotations

import functools
import importlib.util
import inspect
import os
import sys
import typing
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

from sim.draws import NUMBER, STREAMS
from sim.engine import cache_folder, plain
from sim.indicators import INDEX
from sim.month import (
    BOOKED_LIVE,
    BOOKED_SETTLE,
    COUNTED_LIVE,
    COUNTED_SETTLE,
    HOUSEHOLD,
    PEOPLE,
    SETTLE,
    WHEN,
    Step,
    book_sources,
)
from sim.policies.mechanisms import TARGETS
from sim.policies.tables import columns_of
from sim.script import rows_of
from sim.sources import PLACE
from sim.state import BY_NAME, ROW
from sim.world import ENVIRONMENT, LAW, TABLES

CONTEXT = (
    *(
        "P_u8",
        "P_i1",
        "P_i2",
        "P_i4",
        "P_f4",
        "H_u8",
        "H_i1",
        "H_i2",
        "H_i4",
        "H_i8",
        "H_f4",
        "V_u8",
        "V_i2",
        "V_i4",
        "V_f4",
        "env",
        "law",
    ),
    *(f"table_{name}" for name in TABLES),
    *(
        "L_price_subsidy",
        "L_schooling_aid",
        "L_one_off_grant",
        "L_restored_guarantee",
        "L_reimbursement",
        "L_detection_channel",
        "L_top_up",
        "L_clearing",
        "L_credit",
        "L_farm_insurance",
        "L_multiplier",
        "X_first",
        "L_cash_transfer",
        "L_disregard",
    ),
    *("W_lever", "W_clause", "W_term", "W_bound", "record", "paid", "P_words", "H_words", "F_id", "F_when", "F_u"),
)
"""Arrays that the compiled passes take, in their order."""

PICKED = ("top_up", "clearing")
"""Mechanisms of which a household meets at most one lever: the first in force that it qualifies for."""

_LETTER = {"person": "P", "household": "H", "village": "V"}
_SCOPE = {"person": "p", "household": "h"}
_WHO = "W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4"


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
        call = f"multiplier({place}, {who}, h, X_first, L_multiplier, {_WHO})"
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


def _streams(steps: Sequence[Step]) -> list[str]:
    """Return the streams that rules due every month draw from."""
    names = [name[2:] for step in steps if not step.when for name in inputs(step.rule) if name.startswith("u_")]
    return sorted(set(names), key=NUMBER.__getitem__)


def _filled(steps: Sequence[Step]) -> tuple[dict[str, int], list[int]]:
    """Return the row of every stream drawn in bulk, and the blocks to fill."""
    streams = _streams(steps)
    blocks = sorted({NUMBER[name] // 4 for name in streams})
    return {name: 4 * blocks.index(NUMBER[name] // 4) + NUMBER[name] % 4 for name in streams}, blocks


WORDS = max(4 * len(_filled(steps)[1]) for steps in (PEOPLE, HOUSEHOLD, SETTLE))
"""Rows of words that a pass fills for a village."""


def _picks(writer: Writer, steps: Sequence[Step]) -> None:
    """Write the choice of the lever of each mechanism that a household meets at most once."""
    for mechanism in PICKED:
        prefix = f"{mechanism}_"
        names = {n for s in steps for n in inputs(s.rule) if n.startswith(prefix)}
        fields = sorted(n.removeprefix(prefix) for n in names)
        if not fields:
            continue
        writer.put(f"{prefix}open = 0")
        writer.put(f"{prefix}lever = -1")
        for name in fields:
            if name not in ("open", "lever"):
                writer.put(f"{prefix}{name} = 0.0")
        start = writer.load("start")
        writer.put(f"for row in range(L_{mechanism}.shape[0]):")
        test = f"qualifies(int(L_{mechanism}[row, 1]), {start}, h, {_WHO})"
        writer.put(f"if L_{mechanism}[row, 0] == 1.0 and {test}:", 1)
        writer.put(f"{prefix}open = 1", 2)
        writer.put(f"{prefix}lever = int(L_{mechanism}[row, 1])", 2)
        for name in fields:
            if name not in ("open", "lever"):
                writer.put(f"{prefix}{name} = L_{mechanism}[row, {columns_of(mechanism).index(name)}]", 2)
        writer.put("break", 2)


def _sums(steps: Sequence[Step], *counted: dict[str, str]) -> list[str]:
    """Return the person's values that the household sums."""
    names = {n for s in steps for n in inputs(s.rule)} | {n for table in counted for n in table.values()}
    return sorted(n.removeprefix("sum_") for n in names if n.startswith("sum_"))


def _record(writer: Writer, counted: dict[str, str]) -> None:
    """Write the counting of one household."""
    group = writer.load("group")
    for indicator, variable in counted.items():
        writer.put(f"record[{group}, {INDEX[indicator]}] += {writer.argument(variable)}")


_HEAD = """def {name}(first_village, last_village, month, key, {context}):
    moy = month % 12 + 1
    ring = month % 12
    for village in range(first_village, last_village):
        township = int(V_i2[{township}, village])
        h0 = int(V_i4[{first}, village])
        h_end = h0 + int(V_i4[{count}, village])"""


def _head(name: str) -> list[str]:
    """Return the first lines of a pass over villages."""
    place = {
        "township": ROW["village", "township"],
        "first": ROW["village", "first_household"],
        "count": ROW["village", "households"],
    }
    return ["@procedure", *_HEAD.format(name=name, context=", ".join(CONTEXT), **place).split("\n")]


def _fill(blocks: Sequence[int], letter: str, first: str, last: str, name: str) -> list[str]:
    """Return the lines that fill a village's words and put fixed draws into them."""
    ids = f"{letter}_u8[{ROW['person' if letter == 'P' else 'household', 'id']}]"
    return [
        f"        fill({letter}_words, {4 * place}, {ids}, {first}, {last}, month, {block}, key)"
        for place, block in enumerate(blocks)
    ] + [f"        force({letter}_words, {name}, {ids}, {first}, {last}, month, F_id, F_when, F_u)"]


def _people_pass() -> str:
    """Return the text of the first pass: members, folded into the household, then the household."""
    persons, person_blocks = _filled(PEOPLE)
    households, household_blocks = _filled(HOUSEHOLD)
    start, slots = ROW["household", "start"], ROW["household", "slots"]
    lines = _head("people")
    lines += [
        "        if h_end == h0:",
        "            continue",
        f"        i0 = int(H_i4[{start}, h0])",
        f"        i_end = int(H_i4[{start}, h_end - 1]) + int(H_i1[{slots}, h_end - 1])",
        *_fill(person_blocks, "P", "i0", "i_end", "ROWS_PEOPLE"),
        *_fill(household_blocks, "H", "h0", "h_end", "ROWS_HOUSEHOLD"),
        "        for h in range(h0, h_end):",
    ]
    outer = Writer("household", 3, households)
    sums = _sums(HOUSEHOLD, COUNTED_LIVE, BOOKED_LIVE)
    for name in sums:
        outer.put(f"s_{name} = 0")
    outer.put("mother = -1")
    outer.put("h_spare_left = 0")
    for name in sorted({n[3:] for s in PEOPLE for n in inputs(s.rule) if n.startswith("hh_")} | {"start", "slots"}):
        outer.load(name)
    outer.put("for i in range(h_start, h_start + h_slots):")
    inner = Writer("person", 4, persons)
    inner.put(f"if P_i1[{ROW['person', 'alive']}, i] == 0:")
    inner.put("continue", 1)
    for step in PEOPLE:
        inner.step(step)
    inner.put("if p_born == 1:")
    inner.put("mother = i", 1)
    inner.put("h_spare_left = h_spare - 1", 1)
    inner.put("h_spare = 0", 1)  # at most one birth in a household and month
    for name in sums:
        inner.put(f"s_{name} += {inner.load(name)}")
    after = Writer("household", 3, households, BOOKED_LIVE)
    after.known = set(outer.known)
    after.put("if mother >= 0:")
    after.put(f"H_i1[{ROW['household', 'spare']}, h] = h_spare_left", 1)
    after.put("newborn(mother, h_start, h_start + h_slots, month, key, P_u8, P_i1, P_i2, P_i4, P_f4)", 1)
    _picks(after, HOUSEHOLD)
    for step in HOUSEHOLD:
        after.step(step)
    _record(after, COUNTED_LIVE)
    return "\n".join(lines + outer.lines + inner.lines + after.lines)


def _settle_pass() -> str:
    """Return the text of the second pass: households, after the county has acted."""
    filled, blocks = _filled(SETTLE)
    lines = [*_head("settle"), *_fill(blocks, "H", "h0", "h_end", "ROWS_SETTLE"), "        for h in range(h0, h_end):"]
    writer = Writer("household", 3, filled, BOOKED_SETTLE)
    _picks(writer, SETTLE)
    for step in SETTLE:
        writer.step(step)
    _record(writer, COUNTED_SETTLE)
    return "\n".join(lines + writer.lines)


def source() -> str:
    """Return the text of the compiled passes."""
    names: dict[str, set[str]] = {}
    for step in (*PEOPLE, *HOUSEHOLD, *SETTLE):
        if step.rule is book_sources:
            continue
        function = plain(step.rule)
        names.setdefault(function.__module__, set()).add(function.__name__)
    names.setdefault("sim.draws", set()).update(("fill", "uniform"))
    names.setdefault("sim.script", set()).update(("force", "luck"))
    names.setdefault("sim.engine", set()).add("procedure")
    names.setdefault("sim.newborn", set()).add("newborn")
    names.setdefault("sim.policies.eligibility", set()).add("qualifies")
    names.setdefault("sim.policies.multiplier", set()).add("multiplier")
    imports = [f"from {module} import {', '.join(sorted(found))}" for module, found in sorted(names.items())]
    return "\n".join(
        [
            '"""Written by sim/loops.py; do not edit."""',
            "",
            "import numpy as np",
            "",
            *imports,
            "",
            *(
                f"ROWS_{name} = np.array({rows_of(_filled(steps)[0])}, np.int32)"
                for name, steps in (("PEOPLE", PEOPLE), ("HOUSEHOLD", HOUSEHOLD), ("SETTLE", SETTLE))
            ),
            "",
            "",
            _people_pass(),
            "",
            "",
            _settle_pass(),
            "",
        ]
    )


@functools.cache
def compiled() -> ModuleType:
    """Write the passes beside their compiled code, once an engine, and return them as a module."""
    text = source()
    path = cache_folder() / "fangpin_loops.py"
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)
    spec = importlib.util.spec_from_file_location("fangpin_loops", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"cannot load {path}")
    module = importlib.util.module_from_spec(spec)
    sys.modules["fangpin_loops"] = module
    spec.loader.exec_module(module)
    return module
