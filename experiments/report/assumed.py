"""What was assumed: every value without a source, counted, the main ones told, all of them in the workbook."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from experiments.report.document import Row, Section, Table, Value, paragraph
from experiments.report.said import NOTHING
from experiments.report.subject import Subject
from experiments.runfiles import read_provenance, read_shared

MAIN = 25
"""Main assumptions that documents show."""
_LINE = re.compile(
    r"(?P<key>[^@=]+?)(?:@(?P<month>\d{4}-\d{2}))? = (?P<value>\S+)(?: (?P<unit>[^:]*))?: (?P<source>.*)\Z", re.DOTALL
)


class Assumption(NamedTuple):
    """A value without a source: of which county (empty for all), key, month of start, value as told, unit, what is said of it."""

    county: str
    key: str
    month: str
    value: str
    unit: str
    source: str


def assumptions(subject: Subject) -> list[Assumption]:
    """Return the assumed values of all policies that are looked at, each once; a county's own under its name."""
    stored = subject.stored
    by_county: dict[str, dict[str, None]] = {}
    for county in stored.counties:
        for policy in subject.detailed:
            run = stored.runs[policy, county, stored.repeats[0]]
            found = by_county.setdefault(run.place, {})
            found |= dict.fromkeys(read_shared(run.folder, read_provenance(run.folder).get("assumptions", ())))
    shared = set.intersection(*(set(lines) for lines in by_county.values()))
    first = next(iter(by_county.values()))
    common = [read_line(line) for line in first if line in shared]
    own = [read_line(line)._replace(county=place) for place, lines in by_county.items() for line in lines if line not in shared]
    return [*common, *own]


def read_line(line: str) -> Assumption:
    """Return a line of a run's provenance in its parts; a line of another shape stands whole as the source."""
    match = _LINE.match(line)
    if match is None:
        return Assumption("", line.partition(" ")[0], "", "", "", line)
    return Assumption("", *(match[name] or "" for name in ("key", "month", "value", "unit", "source")))


def assumed(subject: Subject) -> Section:
    """Return the section."""
    found = assumptions(subject)
    chosen = main_ones(subject, found)
    kinds = {
        "values": subject.say("家庭与环境的取值", "values of households and surroundings"),
        "levers": subject.say("政策工具的数字", "figures of levers"),
        "rules": subject.say("规则里的数字", "figures in rules"),
        "county": subject.say("县的规模", "size of the county"),
    }
    text = subject.say(
        "没有读到来源、因而是假设的取值共{all}项：{parts}。全部列在Excel的 assumptions 表里。下表为主要的："
        "各政策之间不同的政策工具，"
        "以及敏感性分析和参数抽取所用的参数（scenarios/priors.yaml）。依据照录原文。",
        "{all} values have no source that was read and are assumptions: {parts}. All of them stand in the sheet assumptions "
        "of the "
        "workbook. Below are the main ones: of levers that differ between the policies, and of the parameters that are varied in "
        "sensitivity analyses and draws (scenarios/priors.yaml).",
    )
    counts = [(name, sum(_kind(one.key) == kind for one in found)) for kind, name in kinds.items()]
    comma = subject.say("，", ", ")
    parts = comma.join(subject.say(f"{name}{count}项", f"{count} {name}") for name, count in counts if count)
    head = paragraph(text, all=Value("assumptions", len(found)), parts=parts)
    return Section(
        subject.say("假设", "What was assumed"),
        (head, _table(subject, "assumptions_main", subject.say("主要假设", "Main assumptions"), chosen, MAIN),
         _table(subject, "assumptions", subject.say("全部假设", "All assumptions"), found, 0, sheet_only=True)),
    )  # fmt: skip


def _kind(key: str) -> str:
    """Return what a key is about."""
    head = key.partition(".")[0]
    return head if head in ("values", "rules", "county") else "values" if head == "tables" else "levers"


def _table(subject: Subject, key: str, caption: str, found: list[Assumption], most: int, sheet_only: bool = False) -> Table:
    """Return assumptions as a table."""
    rows = []
    for place, one in enumerate(found):
        value = _value(f"{key}/{place + 1}", one.value, one.unit)
        rows.append(Row((one.key, one.county or NOTHING, one.month or NOTHING), (value, one.unit or NOTHING, one.source)))
    heads = (subject.say("代号", "key"), subject.say("县", "county"), subject.say("自", "from"))
    columns = (subject.say("取值", "value"), subject.say("单位", "unit"), subject.say("依据（原文）", "what is said of it"))
    return Table(
        key, caption, heads, subject.say("项", "part"), columns, tuple(rows), most=most, sheet_only=sheet_only, long=False
    )


def _value(key: str, text: str, unit: str) -> Value | str:
    """Return a value as a number with the digits it was told with; words as they are."""
    try:
        number = float(text)
    except ValueError:
        return text
    mantissa = text.partition("e")[0]
    digits = len(mantissa.partition(".")[2]) if "e" not in text else 6
    return Value(key, number, digits=min(digits, 6), unit="")


def main_ones(subject: Subject, found: list[Assumption]) -> list[Assumption]:
    """Return the main assumptions: of levers that differ between the policies, those that move most money first, then of the
    parameters with priors; documents show as many of both."""
    order = _differing(subject)
    levers = sorted((one for one in found if _lever(one.key) in order), key=lambda one: order.index(_lever(one.key)))
    known = _varied()
    varied = [one for one in found if one.key.removeprefix("levers.") in known and one not in levers]
    first = MAIN - min(len(varied), MAIN // 2)
    return [*levers[:first], *varied, *levers[first:]]


def _lever(key: str) -> str:
    """Return the lever that a key is of, without its field."""
    return key.removeprefix("levers.").rpartition(".")[0]


def _varied() -> frozenset[str]:
    """Return the keys of the parameters whose priors are shipped."""
    from scenarios.prior import read_priors

    return frozenset(key.rstrip("*") for key in read_priors())


def _differing(subject: Subject) -> list[str]:
    """Return the levers that are not the same under every policy, in the first county: those whose cost differs most first."""
    stored = subject.stored
    levers: list[dict[str, Any]] = []
    for policy in subject.detailed:
        levers.append(stored.of(policy, stored.repeats[0])[0].scenario().get("levers", {}))
    names = sorted({name for one in levers for name in one})
    found = [name for name in names if any(_plain(one.get(name)) != _plain(levers[0].get(name)) for one in levers[1:])]
    return sorted(found, key=lambda name: (-_moved(subject, name), name))


def _moved(subject: Subject, lever: str) -> float:
    """Return the largest difference in cost of a lever between two policies, in fen."""
    paid = subject.results.costs.get(lever)
    if paid is None:
        return 0.0
    sums = paid.sum(axis=2).mean(axis=1)
    return float(sums.max() - sums.min())


def _plain(lever: Any) -> Any:
    """Return a lever without where its figures come from."""
    if not isinstance(lever, dict):
        return lever
    fields = {name: {key: part for key, part in one.items() if key != "origin"} for name, one in lever.get("fields", {}).items()}
    return {**lever, "fields": fields}
