"""Who falls under one policy and not under another: households matched by id within each repetition, counted and listed.

A household counts once, by its first fall after 2020. It is the founding household with all that split off from it, so that both
policies know it by the same id. Ids are those of made-up households of a simulated county and stand for nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from experiments.intervals import Estimate, estimate
from experiments.labels import CAUSE_LABELS, Label
from experiments.stored import Run, Stored
from sim.indicators import GROUPS, GUARANTEE_CAUSES
from sim.standing import HOUSEHOLD_TYPES

DEFINITIONS = {
    "net": Label("扣除刚性支出", "net of unavoidable spending"),
    "gross": Label("毛收入", "gross income"),
    "guarantee": Label("收入或三保障饮水", "income or guarantees"),
    "registry": Label("建档认定", "registry"),
}
"""Definitions of a fall, with the column ``first_relapse_<name>`` of households.parquet."""
POLICY_ONLY, BASE_ONLY = "policy_only", "base_only"
SIDES = (POLICY_ONLY, BASE_ONLY)
BY = ("all", "group", "cause", "township", "type", "fifth")
"""What the households are counted by."""
TYPE_LABELS = {
    "assisted": Label("低保特困户", "on dibao or tekun"),
    "no_worker": Label("无劳动力户", "nobody able to work"),
    "sick": Label("病残户", "disabled or critically ill member"),
    "post": Label("岗位户", "holds a post or place"),
    "away": Label("外出务工户", "worker away"),
    "local": Label("本地就业户", "local job or business"),
    "farm": Label("务农户", "farm only"),
}
GROUP_LABELS = {
    "ex_poor": Label("脱贫户", "ex-poor"),
    "marginal": Label("边缘户", "marginal"),
    "other": Label("其他户", "other"),
}
ALL = Label("合计", "total")
UNSTORED = "not stored"


class Listed(NamedTuple):
    """The households that fall under one policy alone, in one county and repetition: columns of equal length."""

    policy: str
    side: str
    definition: str
    run: Run
    columns: dict[str, Any]

    def __len__(self) -> int:
        """Return how many households there are."""
        return len(self.columns["id"])


class Who(NamedTuple):
    """How many households fall under one policy alone.

    Attributes:
        policy, base, definition: what is compared and by which definition of a fall.
        by, value: what is counted by (`BY`) and the class.
        ours, theirs: households that fall under the policy and not under the base, and the reverse; of the whole place.
        net: the first less the second: the difference in first falls.
        persons: the same in members of 2020.
    """

    policy: str
    base: str
    definition: str
    by: str
    value: str
    ours: Estimate
    theirs: Estimate
    net: Estimate
    persons: Estimate


def apart(ours: dict[str, Any], theirs: dict[str, Any], definition: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the places of households that fall under the first alone, and under the second alone.

    Args:
        ours, theirs: tables of the same households in the same order.
        definition: of a fall.

    Raises:
        ValueError: if the tables hold other households.
    """
    if not np.array_equal(ours["id"], theirs["id"]):
        raise ValueError("the two runs do not hold the same households: they cannot be paired")
    fell, other = (np.asarray(table[f"first_relapse_{definition}"]) >= 0 for table in (ours, theirs))
    return np.flatnonzero(fell & ~other), np.flatnonzero(other & ~fell)


def listed(stored: Stored, policy: str, definition: str = "net") -> Iterator[Listed]:
    """Yield the households that fall under one policy alone, side by side, repetition by repetition and county by county."""
    for repeat in stored.repeats:
        for ours, theirs in zip(stored.of(policy, repeat), stored.of(stored.study.base, repeat), strict=True):
            tables = ours.columns("households.parquet"), theirs.columns("households.parquet")
            if f"first_relapse_{definition}" not in tables[0]:
                continue
            for side, table, chosen in zip(SIDES, tables, apart(*tables, definition), strict=True):
                yield Listed(policy, side, definition, ours, _columns(table, chosen, definition))


def _columns(table: dict[str, Any], chosen: np.ndarray, definition: str) -> dict[str, Any]:
    """Return the columns of a list: who the households are, why they fall and when, as the policy has it under which they do."""
    causes = table.get(f"cause_{definition}")
    names = np.array([*GUARANTEE_CAUSES, ""], dtype=object)
    count = len(chosen)
    return {
        "id": np.asarray(table["id"])[chosen],
        "group": np.array(GROUPS, dtype=object)[np.asarray(table["group"])[chosen].astype(int)],
        "township": np.asarray(table["township"])[chosen],
        "village": np.asarray(table["village"])[chosen],
        "type": _coded(table, "type_2020", HOUSEHOLD_TYPES, chosen),
        "fifth": np.asarray(table["fifth_2020"])[chosen] if "fifth_2020" in table else np.full(count, -1, np.int8),
        "persons_2020": np.asarray(table["persons_2020"])[chosen],
        "cause": names[np.asarray(causes)[chosen].astype(int)] if causes is not None else np.full(count, "", dtype=object),
        "first_month": np.asarray(table[f"first_relapse_{definition}"])[chosen],
    }


def _coded(table: dict[str, Any], column: str, names: tuple[str, ...], chosen: np.ndarray) -> np.ndarray:
    """Return codes as names; empty where the run was written without the column."""
    if column not in table:
        return np.full(len(chosen), "", dtype=object)
    return np.array(names, dtype=object)[np.asarray(table[column])[chosen].astype(int)]


def who_rows(stored: Stored, definition: str = "net", policies: Sequence[str] = ()) -> list[Who]:
    """Return how many households fall under each of some policies alone and under the base alone, by every class."""
    rows = []
    for policy in policies or stored.study.policies:
        if policy != stored.study.base:
            lists = list(listed(stored, policy, definition))
            for by in BY:
                rows += _counted(stored, policy, definition, by, lists)
    return rows


def _counted(stored: Stored, policy: str, definition: str, by: str, lists: list[Listed]) -> list[Who]:
    """Count the lists of one policy by one class."""
    classes = sorted({value for one in lists for value in _classes(one, by).tolist()}, key=_order)
    rows = []
    for value in classes:
        numbers = {(side, unit): np.zeros(len(stored.repeats)) for side in SIDES for unit in ("households", "persons")}
        for one in lists:
            chosen, place = _classes(one, by) == value, stored.repeats.index(one.run.repeat)
            numbers[one.side, "households"][place] += one.run.stands_for * chosen.sum()
            numbers[one.side, "persons"][place] += one.run.stands_for * one.columns["persons_2020"][chosen].sum()
        ours, theirs = numbers[POLICY_ONLY, "households"], numbers[BASE_ONLY, "households"]
        persons = numbers[POLICY_ONLY, "persons"] - numbers[BASE_ONLY, "persons"]
        estimates = (estimate(ours), estimate(theirs), estimate(ours - theirs), estimate(persons))
        rows.append(Who(policy, stored.study.base, definition, by, str(value), *estimates))
    return rows


def _classes(one: Listed, by: str) -> np.ndarray:
    """Return the class of every household of a list, as text."""
    if by == "all":
        return np.full(len(one), "total", dtype=object)
    values = one.columns[by]
    if by == "township":
        return np.array([f"{one.run.place}/{value}" for value in values], dtype=object)
    if by == "fifth":
        return np.array([str(value) if value > 0 else UNSTORED for value in values], dtype=object)
    return np.array([str(value) or UNSTORED for value in values], dtype=object)


def _order(value: str) -> tuple[str, int, str]:
    """Return what classes are ordered by: numbers as numbers."""
    head, _, tail = value.rpartition("/")
    return (head, int(tail) if tail.isdigit() else -1, tail)


def township_label(number: int) -> Label:
    """Return what a township is called; readers count from one, tables from zero."""
    return Label(f"第{number + 1}乡镇", f"township {number + 1}")


def class_label(by: str, value: str) -> Label:
    """Return what a class is called."""
    labels = {"group": GROUP_LABELS, "cause": CAUSE_LABELS, "type": TYPE_LABELS}.get(by, {})
    if by == "all":
        return ALL
    if by == "fifth" and value.isdigit():
        return Label(f"第{value}组{'（最低）' if value == '1' else ''}", f"fifth {value}{' (poorest)' if value == '1' else ''}")
    if by == "township":
        number = value.rpartition("/")[2]
        return township_label(int(number)) if number.isdigit() else Label(value, value)
    if value == UNSTORED:
        return Label("未存", UNSTORED)
    return labels.get(value, Label("断保", "insurance lost") if value == "insurance" else Label(value, value))


HEADER = (
    "policy", "base", "definition", "by", "class", "policy_only", "policy_only_mc_error", "base_only", "base_only_mc_error",
    "net", "net_low95", "net_high95", "net_persons", "net_persons_low95", "net_persons_high95", "replications",
)  # fmt: skip


def who_cells(row: Who) -> tuple[object, ...]:
    """Return a row as the cells of the CSV file."""
    from experiments.tables import plain

    numbers = (row.ours.mean, row.ours.error, row.theirs.mean, row.theirs.error, row.net.mean, row.net.low, row.net.high)
    persons = (row.persons.mean, row.persons.low, row.persons.high)
    return (row.policy, row.base, row.definition, row.by, row.value, *map(plain, (*numbers, *persons)), row.net.runs)


def list_columns(stored: Stored, definition: str = "net", policies: Sequence[str] = ()) -> dict[str, Any]:
    """Return the list of all these households as columns: policies, side, county, repetition, household, cause, month."""
    parts: dict[str, list[Any]] = {}
    for policy in policies or stored.study.policies:
        for one in listed(stored, policy, definition) if policy != stored.study.base else ():
            count = len(one)
            words = {"policy": policy, "base": stored.study.base, "falls_under": one.side, "definition": definition}
            words |= {"county": one.run.place, "draw": one.run.repeat[0]}
            columns = {name: np.full(count, word, dtype=object) for name, word in words.items()}
            columns |= {"replication": np.full(count, one.run.repeat[1], np.int32), **one.columns}
            for name, values in columns.items():
                parts.setdefault(name, []).append(values)
    return {name: np.concatenate(values) for name, values in parts.items()}
