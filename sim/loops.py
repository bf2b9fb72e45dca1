"""The mechanical loops: written from the order of the month and the signatures of its rules (`sim.writer`), then compiled.

The generated text is plain Python: with NUMBA_DISABLE_JIT=1 it can be read and stepped through in the folder of compiled code.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import sys
from collections.abc import Sequence
from types import ModuleType

from sim.counted import BOOKED_LIVE, BOOKED_SETTLE, COUNTED_LIVE, COUNTED_SETTLE
from sim.draws import NUMBER
from sim.engine import cache_folder, plain
from sim.indicators import INDEX
from sim.month import HOUSEHOLD, PEOPLE, SETTLE, Step, book_sources
from sim.policies.tables import PICKED, columns_of
from sim.script import rows_of
from sim.state import ROW
from sim.writer import CONTEXT, WHO, Writer, inputs


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
        test = f"qualifies(int(L_{mechanism}[row, 1]), {start}, h, {WHO})"
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
    outer.put(f"open_rows(h_start, h, A_slots, A_first, A_rows, O_first, O_last, O_rows, {WHO})")
    outer.put("for i in range(h_start, h_start + h_slots):")
    inner = Writer("person", 4, persons)
    inner.put(f"if P_i1[{ROW['person', 'alive']}, i] == 0:")
    inner.put("continue", 1)
    inner.steps(PEOPLE, sums)
    inner.put("if p_born == 1:")
    inner.put("mother = i", 1)
    inner.put("h_spare_left = h_spare - 1", 1)
    inner.put("h_spare = 0", 1)  # at most one birth in a household and month
    for name in sums:
        if name not in inner.done:
            inner.put(f"s_{name} += {inner.load(name)}")
    after = Writer("household", 3, households, BOOKED_LIVE)
    after.known = set(outer.known)
    after.put("if mother >= 0:")
    after.put(f"H_i1[{ROW['household', 'spare']}, h] = h_spare_left", 1)
    after.put("newborn(mother, h_start, h_start + h_slots, month, key, P_u8, P_i1, P_i2, P_i4, P_f4)", 1)
    _picks(after, HOUSEHOLD)
    after.steps(HOUSEHOLD)
    _record(after, COUNTED_LIVE)
    return "\n".join(lines + outer.lines + inner.lines + after.lines)


def _settle_pass() -> str:
    """Return the text of the second pass: households, after the county has acted."""
    filled, blocks = _filled(SETTLE)
    lines = [*_head("settle"), *_fill(blocks, "H", "h0", "h_end", "ROWS_SETTLE"), "        for h in range(h0, h_end):"]
    writer = Writer("household", 3, filled, BOOKED_SETTLE)
    _picks(writer, SETTLE)
    writer.steps(SETTLE)
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
    names.setdefault("sim.policies.opening", set()).add("open_rows")
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
