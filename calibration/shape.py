"""Writes a panel in the shape that a codebook describes: the same names, codes, labels, units and files. The reader's mirror."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from calibration.coding import Codebook, Mapped, Part
from calibration.madefiles import mark_made
from calibration.panel import Panel
from calibration.problems import SurveyReport
from scenarios.problems import listing

ENDINGS = ("dta", "sav", "csv", "xlsx", "parquet")
Labels = dict[str, dict[float, str]]
"""Value labels: by variable, from code to label."""
_FIRST_ID = 100_001
"""Number of the first unit in files: as long as those of surveys."""
_RECEIVED = 1200.0
"""Yuan written where only whether something was received is known."""
_NEAREST = {"local_wage": ("wage",), "migrant": ("wage",), "post": ("local_wage", "wage"), "wage": ("local_wage",)}
"""Jobs that stand for one that a codebook does not tell apart."""


def write_shape(panel: Panel, book: Codebook, folder: Path, ending: str = "csv", encoding: str = "utf-8-sig") -> list[Path]:
    """Write a panel as files of a codebook's shape.

    Args:
        panel: what to write.
        book: the shape.
        folder: an existing folder.
        ending: ``dta``, ``sav``, ``csv``, ``xlsx`` or ``parquet``.
        encoding: of CSV files.

    Returns:
        The files, in order.

    Raises:
        SurveyError: on an ending that cannot be written, or variable names that it cannot hold.
    """
    check_shape(book, ending)
    files: dict[str, tuple[pd.DataFrame, Labels]] = {}
    for part in book.parts:
        frame = panel.table(part.table)
        if part.repeated:
            frame = _beside_members(panel)
        if part.wave.each is not None and "person" in frame:
            frame = _stayed(frame)
        for name, rows, labels in _files(book, part, frame, panel):
            before, known = files.get(name, (pd.DataFrame(), Labels()))
            files[name] = (_beside(before, rows), known | labels)
    paths = []
    for name, (rows, labels) in files.items():
        path = folder / f"{name}.{ending}"
        _WRITERS[ending](path, rows, labels, encoding)
        paths.append(path)
    if panel.meta.made:
        mark_made(folder, paths)
    return paths


def check_shape(book: Codebook, ending: str) -> None:
    """Refuse what cannot be written.

    Raises:
        SurveyError: on an ending that cannot be written, or variable names that it cannot hold.
    """
    report = SurveyReport()
    if ending not in _WRITERS:
        report.add("made", "format", f"'{ending}'", listing(_WRITERS))
    names = [name for part in book.parts for mapped in part.columns for name in (*mapped.variables, *mapped.plus)]
    if ending in ("dta", "sav") and not all(name.isascii() for name in names):
        report.add("made", "format", f"'{ending}', which cannot hold Chinese names of variables", "csv, xlsx, parquet")
    report.stop()


def _beside_members(panel: Panel) -> pd.DataFrame:
    """Return households repeated in the rows of their members, with the members' numbers."""
    members = panel.persons[["household", "person", "wave"]]
    return members.merge(panel.households, on=["household", "wave"], how="inner")


def _stayed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return members while they live in their first household: a wide file has one household's number for all waves."""
    first = frame.sort_values("wave", kind="stable").groupby("person")["household"].transform("first")
    return frame[frame["household"] == first.reindex(frame.index)]


def _files(book: Codebook, part: Part, frame: pd.DataFrame, panel: Panel) -> list[tuple[str, pd.DataFrame, Labels]]:
    """Return the files of one part: name, rows and value labels."""
    if part.wave.each is not None:
        return [_wide(book, part, frame, panel)]
    if part.wave.variable:
        rows, labels = _raw(part, frame, panel, 0, "")
        return [(_file_name(part, book, 0), rows.assign(**{part.wave.variable: frame["wave"].to_numpy()}), labels)]
    return [
        (_file_name(part, book, wave), *_raw(part, frame[frame["wave"] == wave], panel, wave, ""))
        for wave in (panel.waves if part.wave.file else (part.wave.year,))
    ]


def _file_name(part: Part, book: Codebook, wave: int) -> str:
    """Return a name that fits a part's pattern."""
    filled = part.file.replace("{wave}", str(wave)).replace("{yy}", str(wave)[2:])
    plain = re.sub(r"\*+", "_", filled).strip("_")
    return f"made_{plain}" if plain else f"made_{Path(book.id).stem}"


def _wide(book: Codebook, part: Part, frame: pd.DataFrame, panel: Panel) -> tuple[str, pd.DataFrame, Labels]:
    """Return one wide file: a row for each unit, the waves side by side."""
    whole, labels = pd.DataFrame(), Labels()
    for w, wave in (part.wave.each or {}).items():
        if wave in panel.waves:
            rows, more = _raw(part, frame[frame["wave"] == wave], panel, wave, w)
            labels |= more
            whole = _beside(whole, rows.droplevel("wave"))
    return _file_name(part, book, 0), whole, labels


def _beside(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    """Return two sets of variables of the same units; what both know, such as sex, is taken from the first that knows it."""
    if left.empty:
        return right
    return left.combine_first(right)[list(dict.fromkeys((*left.columns, *right.columns)))]


def _raw(part: Part, frame: pd.DataFrame, panel: Panel, wave: int, w: str) -> tuple[pd.DataFrame, Labels]:
    """Return the variables of a file and their value labels."""
    fill = _filler(wave, w)
    columns: dict[str, Any] = {}
    labels = Labels()
    for mapped in part.columns:
        name = mapped.column.name
        if mapped.persons or name not in frame.columns:
            continue
        columns |= _variables(mapped, frame, fill)
        if mapped.codes is not None:
            found = {float(code): str(said) for code, said in _said(mapped).items() if _is_number(code)}
            labels |= {fill(mapped.variables[0]): found} if found else {}
    if part.table == "persons":
        columns |= _shared_out(part, frame, panel, fill)
    for keep in part.keep:
        columns[fill(keep.variable)] = np.full(len(frame), _number(keep.codes[0]))
    unit = "person" if "person" in frame.columns else "household"
    return pd.DataFrame(columns, index=pd.MultiIndex.from_frame(frame[[unit, "wave"]])), labels


def _filler(wave: int, w: str) -> Callable[[str], str]:
    """Return what fills placeholders."""
    return lambda name: name.replace("{wave}", str(wave)).replace("{yy}", str(wave)[2:]).replace("{w}", w)


def _variables(mapped: Mapped, frame: pd.DataFrame, fill: Callable[[str], str]) -> dict[str, Any]:
    """Return the variables that say one column of ours."""
    values = frame[mapped.column.name]
    if mapped.column.kind in ("id", "group"):
        return {fill(mapped.variables[0]): values.to_numpy(dtype=np.int64) + _FIRST_ID}
    if mapped.codes is not None:
        return {fill(mapped.variables[0]): _coded(mapped, values)}
    numbers = values.to_numpy(dtype=np.float64)
    if mapped.rule == "positive":
        numbers = numbers * _RECEIVED
    if mapped.rule == "birth_year":
        numbers = frame["wave"].to_numpy() - numbers
    names = [*mapped.variables[:1], *mapped.plus]
    costs = [np.round(np.abs(numbers) * 0.25) for _ in mapped.minus[:1]]
    said = np.round(numbers / mapped.factor, 6) + sum(costs)
    columns = {fill(names[0]): _with_missing(mapped, said)}
    columns |= {fill(name): np.where(np.isnan(numbers), np.nan, 0.0) for name in names[1:]}
    return columns | {fill(name): _with_missing(mapped, cost) for name, cost in zip(mapped.minus, costs, strict=False)}


def _with_missing(mapped: Mapped, numbers: Any) -> Any:
    """Return numbers with the survey's code, if it has one in digits, where nothing was observed."""
    code = next((code for code in mapped.missing if _is_number(code)), None)
    return numbers if code is None else np.where(np.isnan(numbers), float(code), numbers)


def _is_number(text: str) -> bool:
    """Return whether a code is a number."""
    return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None


def _number(code: str) -> Any:
    """Return a code as the file holds it: a number where it is one."""
    return float(code) if _is_number(code) else code


def _said(mapped: Mapped) -> dict[str, str | float]:
    """Return what codes mean, in words where the panel's column is a flag."""
    words = {1.0: "yes", 0.0: "no"}
    return {
        code: words.get(meaning, meaning) if mapped.column.kind == "flag" and isinstance(meaning, float) else meaning
        for code, meaning in (mapped.codes or {}).items()
    }


def _coded(mapped: Mapped, values: pd.Series) -> Any:
    """Return the file's codes of a column; what the survey has no code for is missing."""
    code_of: dict[Any, Any] = {}
    for code, meaning in (mapped.codes or {}).items():
        if meaning == meaning and meaning != "":
            code_of.setdefault(meaning, _number(code))
    missing = _number(mapped.missing[0]) if mapped.missing else np.nan
    if mapped.column.kind == "job":
        known = {job: _job_code(str(job), code_of, missing) for job in values.cat.categories}
        return values.astype(object).map(known).where(values.notna(), missing).to_numpy()
    numbers = values.to_numpy(dtype=np.float64)
    if mapped.column.kind != "flag":
        steps = np.array(sorted(code_of))
        nearest = steps[np.abs(np.nan_to_num(numbers)[:, None] - steps[None, :]).argmin(axis=1)] if len(numbers) else numbers
        numbers = np.where(np.isnan(numbers), np.nan, nearest)
    return np.array([missing if np.isnan(number) else code_of.get(number, missing) for number in numbers])


def _job_code(job: str, code_of: Mapping[Any, Any], missing: Any) -> Any:
    """Return the code of a job, or of the nearest that the survey tells apart."""
    return next((code_of[one] for one in (job, *_NEAREST.get(job, ())) if one in code_of), missing)


def _shared_out(part: Part, frame: pd.DataFrame, panel: Panel, fill: Callable[[str], str]) -> dict[str, Any]:
    """Return amounts that only households know, given to their first members, where the survey asks persons."""
    columns: dict[str, Any] = {}
    for mapped in part.columns:
        name = mapped.column.name
        if (
            mapped.column.kind != "money"
            or name in frame.columns
            or name not in panel.households.columns
            or mapped.column.name == "wage"
        ):
            continue
        amounts = frame[["household", "wave"]].merge(panel.households[["household", "wave", name]], how="left")[name].to_numpy()
        first = ~frame.duplicated(["household", "wave"]).to_numpy()
        shared = pd.DataFrame({name: np.where(np.isnan(amounts), np.nan, np.where(first, amounts, 0.0))})
        columns |= _variables(mapped, shared, fill)
    return columns


def _write_stata(path: Path, rows: pd.DataFrame, labels: Labels, encoding: str) -> None:
    """Write a Stata file with value labels."""
    import pyreadstat

    pyreadstat.write_dta(rows, str(path), variable_value_labels=_whole(labels))


def _whole(labels: Labels) -> dict[str, dict[Any, str]]:
    """Return value labels with whole codes."""
    return {name: {int(code): text for code, text in codes.items()} for name, codes in labels.items()}


def _write_spss(path: Path, rows: pd.DataFrame, labels: Labels, encoding: str) -> None:
    """Write an SPSS file with value labels."""
    import pyreadstat

    pyreadstat.write_sav(rows, str(path), variable_value_labels=_whole(labels))


_WRITERS: dict[str, Callable[[Path, pd.DataFrame, Labels, str], None]] = {
    "dta": _write_stata,
    "sav": _write_spss,
    "csv": lambda path, rows, labels, encoding: rows.to_csv(path, index=False, encoding=encoding),
    "xlsx": lambda path, rows, labels, encoding: rows.to_excel(path, index=False, engine="openpyxl"),
    "parquet": lambda path, rows, labels, encoding: rows.to_parquet(path, index=False),
}
