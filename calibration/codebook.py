"""A codebook: how the variables of a survey's files become the columns of a panel. Read strictly from YAML; it holds no code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from calibration.coding import FROM_PERSONS, RULES, UNITS, WAVE_KEYS, WORDS, Codebook, Keep, Mapped, Part, WaveOf, as_code
from calibration.columns import JOBS, KEYS, TABLES, PanelColumn
from calibration.panel import OPERATORS, Meta
from calibration.problems import SurveyReport
from calibration.sample import SAMPLES
from scenarios.problems import Report, listing, nearest
from scenarios.schema import Reader
from scenarios.yamlfile import Node, read_yaml

FOLDER = Path(__file__).parent / "codebooks"
ENDINGS = (".yaml", ".yml")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def codebooks() -> tuple[str, ...]:
    """Return the names of the shipped codebooks."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def codebook_path(name: str) -> Path:
    """Return the file of a codebook: a shipped one by its name, any other by its path."""
    return Path(name) if name.endswith(ENDINGS) else FOLDER / f"{name}.yaml"


def load_codebook(name: str) -> Codebook:
    """Read a shipped codebook by its name, or any by its path.

    Raises:
        ScenarioError: with everything that is wrong with it.
    """
    report = SurveyReport()
    if name.endswith(ENDINGS):
        node = read_yaml(Path(name), name)
    else:
        if name not in codebooks():
            hint = nearest(name, codebooks()) or "a file of your own is named by its path, ending in .yaml"
            report.add("survey", "codebook", f"unknown name '{name}'", listing(codebooks()), hint)
            report.stop()
        node = read_yaml(FOLDER / f"{name}.yaml", f"codebooks/{name}.yaml")
    book = _read(name, node, report)
    report.stop()
    return book


_KEYS = ("name", "note", "operator", "recall_months", "interval", "currency_year", "encoding", "sample", "missing_codes", "parts")


def _read(name: str, node: Node, report: Report) -> Codebook:
    """Read the whole file."""
    reader = Reader(node, "", _KEYS, report)
    names = reader.names()
    groups = {key: _codes(child, f"missing_codes.{key}", report) for key, child in reader.mapping("missing_codes", False).items()}
    parts = tuple(
        _part(child, f"parts[{number}]", groups, report)
        for number, child in enumerate(reader.items("parts"))
    )  # fmt: skip
    meta = Meta(
        source=names.get("en", name),
        operator=reader.text("operator", choices=OPERATORS) or "survey",
        recall_months=_whole(reader, "recall_months", 1, 24) or 12,
        interval=_whole(reader, "interval", 1, 10) or 1,
        currency_year=_whole(reader, "currency_year", 1980, 2060, required=False),
        person_level=any(part.table == "persons" for part in parts),
    )
    if not any(part.table == "households" for part in parts):
        report.add(node.where, "parts", "no part of households", "at least one part with table: households")
    sample = reader.text("sample", required=False, choices=SAMPLES) or "poorer"
    return Codebook(name, names, _note(reader, report), meta, reader.text("encoding", required=False), parts, sample)


def _note(reader: Reader, report: Report) -> Mapping[str, str]:
    """Read the note in both languages; empty without one."""
    child = reader.get("note", required=False)
    if child is None:
        return {}
    inner = Reader(child, "note", ("zh", "en"), report)
    return {language: inner.text(language) for language in ("zh", "en")}


def _whole(reader: Reader, key: str, low: int, high: int, required: bool = True) -> int | None:
    """Read a whole number within limits."""
    number = reader.number(key, required)
    if number is None:
        return None
    if number != int(number) or not low <= number <= high:
        reader.wrong(reader.content[key], key, f"a whole number from {low} to {high}")
        return None
    return int(number)


_PART_KEYS = ("table", "file", "wave", "keep", "repeated", "columns")


def _part(node: Node, path: str, groups: Mapping[str, tuple[str, ...]], report: Report) -> Part:
    """Read one kind of file."""
    reader = Reader(node, path, _PART_KEYS, report)
    table = reader.text("table", choices=tuple(TABLES)) or "households"
    wave = _wave(reader, report)
    known = {column.name: column for column in TABLES[table] if column.name != "wave"}
    columns: list[Mapped] = []
    for name, child in reader.mapping("columns").items():
        where = f"{path}.columns.{name}"
        if name not in known:
            report.add(child.where, where, "an unknown column", listing(known, 60), nearest(name, known))
        else:
            columns.append(_mapped(child, where, known[name], groups, report))
    named = [mapped.column.name for mapped in columns]
    for key in KEYS[table][:1] + (("household",) if table == "persons" else ()):
        if key not in named:
            report.add(node.where, f"{path}.columns.{key}", "missing", "this column is required")
    keep = tuple(_keep(child, f"{path}.keep[{k}]", report) for k, child in enumerate(reader.items("keep", required=False)))
    pattern = reader.text("file", required=False) or "*"
    if wave.file and "{wave}" not in pattern and "{yy}" not in pattern:
        allowed = "a pattern with {wave} or {yy}, for the wave is that of the file's name"
        report.add(node.where, f"{path}.file", f"'{pattern}'", allowed)
    _placeholders(columns, wave, report)
    return Part(table, pattern, wave, tuple(columns), keep, _true(reader, "repeated"), node.where)


def _placeholders(columns: list[Mapped], wave: WaveOf, report: Report) -> None:
    """Note placeholders that nothing fills."""
    if wave.variable:
        filled: tuple[str, ...] = ()
    else:
        filled = ("w", "wave", "yy") if wave.each is not None else ("wave", "yy")
    for mapped in columns:
        for variable in (*mapped.variables, *mapped.plus, *mapped.minus):
            for name in _PLACEHOLDER.findall(variable):
                if name not in filled:
                    allowed = listing(f"{{{one}}}" for one in filled)
                    report.add(mapped.where, mapped.column.name, f"{{{name}}} in '{variable}'", allowed)


def _true(reader: Reader, key: str) -> bool:
    """Read true or false; false when it is missing."""
    child = reader.get(key, required=False)
    if child is not None and not isinstance(child.value, bool):
        reader.wrong(child, key, "true or false")
    return child is not None and child.value is True


def _wave(reader: Reader, report: Report) -> WaveOf:
    """Read where the year stands."""
    child = reader.get("wave")
    if child is None:
        return WaveOf()
    inner = Reader(child, reader.name("wave"), WAVE_KEYS, report)
    given = [key for key in WAVE_KEYS if key in inner.content]
    if len(given) != 1:
        report.add(child.where, inner.path, f"{len(given)} of these keys", f"one of {listing(WAVE_KEYS)}")
        return WaveOf()
    each = {key: _year(node, f"{inner.path}.each.{key}", report) for key, node in inner.mapping("each", required=False).items()}
    year = _whole(inner, "year", 1980, 2060, required=False) or 0
    return WaveOf(inner.text("variable", required=False), _true(inner, "file"), year, each if "each" in given else None)


def _year(node: Node, path: str, report: Report) -> int:
    """Read a year."""
    if isinstance(node.value, bool) or not isinstance(node.value, int) or not 1980 <= node.value <= 2060:
        report.add(node.where, path, "not a year", "a year from 1980 to 2060")
        return 0
    return node.value


def _keep(node: Node, path: str, report: Report) -> Keep:
    """Read a condition on rows."""
    reader = Reader(node, path, ("variable", "codes"), report)
    child = reader.get("codes")
    return Keep(reader.text("variable"), _codes(child, reader.name("codes"), report) if child else ())


def _codes(node: Node, path: str, report: Report) -> tuple[str, ...]:
    """Read a list of codes as text."""
    items = node.value if isinstance(node.value, list) else [node]
    codes: list[str] = []
    for item in items:
        if isinstance(item.value, list | dict | bool) or item.value is None:
            report.add(item.where, path, "not a code", "numbers or text")
        else:
            codes.append(as_code(item.value))
    return tuple(codes)


_MAPPED_KEYS = ("variable", "sum", "minus", "persons", "of", "unit", "missing", "codes", "rule", "required", "checked", "note")


def _mapped(node: Node, path: str, column: PanelColumn, groups: Mapping[str, tuple[str, ...]], report: Report) -> Mapped:
    """Read how one column is found."""
    reader = Reader(node, path, _MAPPED_KEYS, report)
    reader.text("note", required=False)
    persons = reader.text("persons", required=False, choices=FROM_PERSONS)
    sources = [key for key in ("variable", "sum", "persons") if key in reader.content]
    if len(sources) != 1:
        report.add(node.where, path, f"{len(sources)} of variable, sum, persons", "one of them")
    rule = reader.text("rule", required=False, choices=RULES)
    codes = _meanings(reader, column, report) if "codes" in reader.content else None
    if column.kind in ("flag", "job") and not persons and codes is None and rule != "positive":
        allowed = "codes with yes, no or missing" if column.kind == "flag" else f"codes with one of {listing(JOBS)}"
        report.add(node.where, f"{path}.codes", "missing", allowed + (", or rule: positive" if column.kind == "flag" else ""))
    return Mapped(
        column=column,
        variables=_names(reader, "variable"),
        plus=_names(reader, "sum"),
        minus=_names(reader, "minus"),
        persons=persons,
        of=reader.text("of", required=False) or column.name,
        factor=_factor(reader, column, bool(persons), report),
        missing=_missing(reader, groups, report),
        codes=codes,
        rule=rule,
        required=_true(reader, "required") or column.name in ("household", "person"),
        checked=_true(reader, "checked"),
        where=node.where,
    )


def _names(reader: Reader, key: str) -> tuple[str, ...]:
    """Read one variable or a list of them."""
    child = reader.get(key, required=False)
    if child is None:
        return ()
    items = child.value if isinstance(child.value, list) else [child]
    names = [item.value for item in items if isinstance(item.value, str | int) and not isinstance(item.value, bool)]
    if len(names) < len(items) or not names:
        reader.wrong(child, key, "names of variables")
    return tuple(str(name) for name in names)


def _factor(reader: Reader, column: PanelColumn, derived: bool, report: Report) -> float:
    """Read the unit; amounts must have one."""
    if column.kind != "money":
        if "unit" in reader.content:
            report.add(reader.content["unit"].where, reader.name("unit"), "a unit", f"none: {column.name} is no amount")
        return 1.0
    return UNITS.get(reader.text("unit", required=not derived, choices=tuple(UNITS)), 1.0)


def _missing(reader: Reader, groups: Mapping[str, tuple[str, ...]], report: Report) -> tuple[str, ...]:
    """Read the missing codes: the name of a group, or codes."""
    child = reader.get("missing", required=False)
    if child is None:
        return ()
    if isinstance(child.value, str):
        if child.value not in groups:
            reader.wrong(
                child,
                "missing",
                f"a list of codes, or a name under missing_codes: {listing(groups)}",
                nearest(child.value, groups),
            )
        return groups.get(child.value, ())
    return _codes(child, reader.name("missing"), report)


def _meanings(reader: Reader, column: PanelColumn, report: Report) -> Mapping[str, float | str]:
    """Read what each code means."""
    found: dict[str, float | str] = {}
    for code, child in reader.mapping("codes").items():
        path = f"{reader.name('codes')}.{code}"
        value = child.value
        if column.kind == "job":
            if value not in (*JOBS, "missing"):
                report.add(child.where, path, "not a job", listing((*JOBS, "missing")), nearest(str(value), JOBS))
            found[code] = "" if value == "missing" else str(value)
        elif isinstance(value, str) and value in WORDS:
            found[code] = WORDS[value]
        elif isinstance(value, int | float) and not isinstance(value, bool) and column.kind != "flag":
            found[code] = float(value)
        else:
            report.add(
                child.where, path, "not understood", "yes, no, missing" + ("" if column.kind == "flag" else " or a number")
            )
    return found
