"""One chunk of a file turned into our columns: missing codes, units, labels, rules. What is wrong is counted, never shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from calibration.coding import Mapped, Part, as_code
from calibration.columns import JOBS
from calibration.files import Table
from calibration.problems import SurveyReport, rows
from scenarios.problems import listing

NO_JOB = -1
"""Number of a job that is unknown."""
_LONGEST = 10**18
"""Ids up to this are kept as they are; longer ones are hashed, as text is."""
_EXACT = 2**53
"""Numbers with a fraction are exact up to this: longer ids in such a column have lost their last digits."""
_STORED: dict[str, Any] = {"money": np.float64, "weight": np.float64, "count": np.float32, "flag": np.float32}
_HINTS = {
    "not a number": ("numbers", "name what means missing in the codebook: missing: [...]"),
    "without a code": ("the codes of the codebook", "name every code, or missing: [...]"),
    "without an id": ("an id in every row", "leave out rows without one"),
    "too long for a number": ("ids whose digits are all kept", "store the column as text, and without empty rows"),
    "without a year": ("a year from 1980 to 2060 in every row", ""),
}


@dataclass
class Faults:
    """Counts of what is wrong, by file, variable and kind, over all chunks."""

    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    distinct: dict[tuple[str, str, str], set[int]] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)

    def add(self, file: str, variable: str, kind: str, count: int, values: Sequence[Any] = ()) -> None:
        """Count rows; of the values only how many different ones there are is kept."""
        if count:
            self.counts[file, variable, kind] += count
            self.distinct.setdefault((file, variable, kind), set()).update(hash(value) for value in values)

    def tell(self, report: SurveyReport) -> None:
        """Note everything that was counted."""
        for (file, variable, kind), count in self.counts.items():
            allowed, hint = _HINTS[kind]
            different = len(self.distinct[file, variable, kind])
            more = f" ({different} different)" if different else ""
            report.add(file, variable, f"{kind}: {rows(count, self.seen[file])}{more}", allowed, hint)


@dataclass(frozen=True)
class Task:
    """One part of a codebook applied to one file and one wave.

    Attributes:
        part: the kind of file.
        table: the opened file.
        wave: year of the wave; 0 where each row says it.
        w: text for ``{w}`` in the names of a wide file.
    """

    part: Part
    table: Table
    wave: int = 0
    w: str = ""

    def filled(self, name: str) -> str:
        """Return a variable's name with its placeholders filled."""
        wave = str(self.wave)
        return name.replace("{wave}", wave).replace("{yy}", wave[2:]).replace("{w}", self.w)

    def found(self, names: Sequence[str]) -> str:
        """Return the first of some variables that the file has, or nothing."""
        return next((name for name in map(self.filled, names) if name in self.table.variables), "")

    def sources(self, mapped: Mapped) -> tuple[str, ...]:
        """Return the variables of the file that make one of our columns; none where the file lacks it."""
        if mapped.variables:
            main = self.found(mapped.variables)
            return (main, *self._present(mapped.minus)) if main else ()
        present = self._present(mapped.plus)
        return (*present, *self._present(mapped.minus)) if present else ()

    def _present(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return those of some variables that the file has."""
        return tuple(name for name in map(self.filled, names) if name in self.table.variables)

    def wave_variable(self) -> str:
        """Return the variable with the year, or nothing."""
        return self.found([self.part.wave.variable]) if self.part.wave.variable else ""

    def used(self) -> list[str]:
        """Return all variables of the file that are read."""
        names = [name for mapped in self.part.columns for name in self.sources(mapped)]
        names += [self.found([keep.variable]) for keep in self.part.keep] + [self.wave_variable()]
        return list(dict.fromkeys(name for name in names if name))


def decode(task: Task, chunk: pd.DataFrame, faults: Faults) -> pd.DataFrame:
    """Return one chunk as our columns; the numbers of units are not yet those of the panel."""
    file = task.table.path.name
    chunk = _kept(task, chunk)
    faults.seen[file] += len(chunk)
    columns: dict[str, Any] = {"wave": _years(task, chunk, faults)}
    for mapped in task.part.columns:
        if task.sources(mapped):
            columns[mapped.column.name] = _column(task, mapped, chunk, faults)
    return pd.DataFrame(columns)


def _kept(task: Task, chunk: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that meet all conditions of the part."""
    for keep in task.part.keep:
        name = task.found([keep.variable])
        if name:
            places, codes = _codes(chunk[name])
            labels = task.table.meanings.get(name, {})
            good = [code in keep.codes or labels.get(code) in keep.codes for code in codes]
            chunk = chunk[_taken(good, False, places)]
    return chunk


def _years(task: Task, chunk: pd.DataFrame, faults: Faults) -> Any:
    """Return the year of the wave of each row."""
    name = task.wave_variable()
    if not name:
        return np.full(len(chunk), task.wave, np.int16)
    years = pd.to_numeric(chunk[name], errors="coerce").to_numpy(dtype=np.float64)
    bad = ~((years >= 1980) & (years <= 2060) & (years == np.floor(years)))
    faults.add(task.table.path.name, name, "without a year", int(bad.sum()))
    return np.where(bad, 0, years).astype(np.int16)


def _codes(values: pd.Series) -> tuple[Any, list[str]]:
    """Return the place of each value among the different codes, -1 for missing, and these codes as text."""
    places, different = pd.factorize(values)
    return places, [as_code(value) for value in different]


def _taken(values: Sequence[Any], missing: Any, places: Any) -> Any:
    """Return for every row what holds for its code; ``missing`` where it has none."""
    return np.array([*values, missing])[places]


def _column(task: Task, mapped: Mapped, chunk: pd.DataFrame, faults: Faults) -> Any:
    """Return one column of ours."""
    kind = mapped.column.kind
    if kind in ("id", "group"):
        return _numbers_of_units(task, mapped, chunk, faults)
    if mapped.codes is not None:
        return _meant(task, mapped, chunk, faults)
    result = _amounts(task, mapped, chunk, faults)
    if mapped.rule == "positive":
        result = np.where(np.isnan(result), np.nan, (result > 0.0).astype(np.float64))
    if mapped.rule == "birth_year":
        result = _years(task, chunk, Faults()).astype(np.float64) - result
    return result.astype(_STORED[kind])


def _numbers_of_units(task: Task, mapped: Mapped, chunk: pd.DataFrame, faults: Faults) -> Any:
    """Return ids as whole numbers: those in digits as they are, leading zeros apart, other text by a hash of 63 bits."""
    name = task.sources(mapped)[0]
    values = chunk[name]
    if pd.api.types.is_integer_dtype(values.dtype) and not values.hasnans and values.between(0, _LONGEST).all():
        return values.to_numpy(dtype=np.int64)
    if pd.api.types.is_float_dtype(values.dtype):
        faults.add(task.table.path.name, name, "too long for a number", int((values.abs() > _EXACT).sum()))
    places, codes = _codes(values)
    absent = [code in mapped.missing or code == "" for code in codes]
    if mapped.column.kind == "id":
        faults.add(task.table.path.name, name, "without an id", int(_taken(absent, True, places).sum()))
    return _taken([-1 if gone else _unit(code) for code, gone in zip(codes, absent, strict=True)], -1, places).astype(np.int64)


def _unit(text: str) -> int:
    """Return the number of one id."""
    if text.isascii() and text.isdigit() and int(text) <= _LONGEST:
        return int(text)
    return int(pd.util.hash_array(np.array([text], dtype=object), categorize=False)[0] >> np.uint64(1))


def _meant(task: Task, mapped: Mapped, chunk: pd.DataFrame, faults: Faults) -> Any:
    """Return what the codes of a column mean, by code or by value label."""
    name = task.sources(mapped)[0]
    labels = task.table.meanings.get(name, {})
    meanings = mapped.codes or {}
    places, codes = _codes(chunk[name])
    known = [code if code in meanings else labels.get(code, code) for code in codes]
    absent = [not {code, labels.get(code)}.isdisjoint(mapped.missing) or code == "" for code in codes]
    unknown = [key not in meanings and not gone for key, gone in zip(known, absent, strict=True)]
    strange = [code for code, bad in zip(codes, unknown, strict=True) if bad]
    faults.add(task.table.path.name, name, "without a code", int(_taken(unknown, False, places).sum()), strange)
    said = [None if gone or bad else meanings[key] for key, gone, bad in zip(known, absent, unknown, strict=True)]
    if mapped.column.kind == "job":
        numbers = [JOBS.index(one) if isinstance(one, str) and one in JOBS else NO_JOB for one in said]
        return _taken(numbers, NO_JOB, places).astype(np.int8)
    numbers_said = [np.nan if one is None else float(one) for one in said]
    return _taken(numbers_said, np.nan, places).astype(_STORED[mapped.column.kind])


def _amounts(task: Task, mapped: Mapped, chunk: pd.DataFrame, faults: Faults) -> Any:
    """Return numbers: one variable or a sum, less others, in our unit; missing where all that is added up is."""
    present = task.sources(mapped)
    minus = set(map(task.filled, mapped.minus)) if mapped.minus else set()
    total = np.full(len(chunk), np.nan)
    for name in present:
        part = _numbers(task, mapped, chunk[name], name, faults)
        if name in minus:
            total = total - np.nan_to_num(part)
        else:
            total = np.where(np.isnan(total), part, total + np.nan_to_num(part))
    return total * mapped.factor


def _numbers(task: Task, mapped: Mapped, values: pd.Series, name: str, faults: Faults) -> Any:
    """Return one variable as numbers, its missing codes as missing."""
    if not pd.api.types.is_numeric_dtype(values.dtype):
        text = values.astype(object).map(lambda value: value.strip() if isinstance(value, str) else value)
        values = text.mask(text.isin(mapped.missing) | (text == ""))
        numbers = pd.to_numeric(values.map(_plain), errors="coerce")
        lost = numbers.isna() & values.notna()
        faults.add(task.table.path.name, name, "not a number", int(lost.sum()), list(pd.unique(values[lost])))
        values = numbers
    result = values.to_numpy(dtype=np.float64, na_value=np.nan).copy()
    for code in mapped.missing:
        try:
            result[result == float(code)] = np.nan
        except ValueError:
            continue
    return result


def _plain(value: Any) -> Any:
    """Return a number in text without the commas between thousands."""
    return value.replace(",", "").replace("，", "") if isinstance(value, str) else value


def missing_variables(task: Task) -> list[tuple[Mapped, str]]:
    """Return the columns that the file cannot give, each with the variable looked for."""
    lacking = []
    for mapped in task.part.columns:
        if not mapped.persons and not task.sources(mapped):
            names = mapped.variables or mapped.plus
            lacking.append((mapped, listing(dict.fromkeys(map(task.filled, names)))))
    return lacking
