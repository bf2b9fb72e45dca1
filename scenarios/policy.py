"""Policies: named sets of changes to levers and values, each with its dates and sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from scenarios.cited import Series, show_month
from scenarios.lever import LeverEntry, read_levers
from scenarios.problems import Report
from scenarios.schema import Reader, read_entries
from scenarios.shipped import lever_ids, open_file
from scenarios.yamlfile import Node
from sim.policies.mechanisms import MECHANISMS

if TYPE_CHECKING:
    from scenarios.scenarioset import Part

_KEYS = ("id", "name", "meaning", "plan", "settings", "overrides", "levers")
_CHANGE_KEYS = ("lever", "field", "word", "value", "to", "end", "decided", "values", "note")


@dataclass(frozen=True)
class Setting:
    """Everything that a policy can change: named values and levers."""

    values: Mapping[str, Series]
    levers: Mapping[str, LeverEntry]

    def in_force(self) -> dict[str, LeverEntry]:
        """Return the entries that are not switched off."""
        return {key: lever for key, lever in self.levers.items() if lever.enabled}


@dataclass(frozen=True)
class Policy:
    """A policy applied to a setting.

    Attributes:
        id, names, meaning: as in the file.
        setting: the setting after its changes.
        chosen: month from which a change of a word (an order, a refill rule) counts, by ``lever.word``.
        settings: settings of knobs by their keys, as read.
        plan: whether the settings of the place's plan belong to it.
        parts: an arm of a scenario set, then options of groups: settings as read, with what they rest on; later wins.
        clean: levers that begin from support kept, whatever the plan or the policy sets.
    """

    id: str
    names: Mapping[str, str]
    meaning: str
    setting: Setting
    chosen: Mapping[str, int]
    settings: Mapping[str, Node] = field(default_factory=dict)
    plan: bool = False
    parts: tuple[Part, ...] = ()
    clean: frozenset[str] = frozenset()


def apply_policy(name: str, base: Setting, chain: Mapping[str, str], report: Report) -> Policy:
    """Read a policy and apply it.

    Args:
        name: a shipped policy, or the path of a file.
        base: values and levers of the place.
        chain: level of each place by its id, nearest first.
        report: collects problems.
    """
    node, _ = open_file("policies", name, report)
    reader = Reader(node, "", _KEYS, report)
    own = Node({"levers": reader.content["levers"]}, node.file, node.line) if "levers" in reader.content else None
    levers = {**base.levers, **(read_levers([own], chain, report, own=True) if own else {})}
    setting = Setting(base.values, {key: levers[key] for key in sorted(levers)})
    needed = own is None and not {"settings", "plan"} & set(reader.content)
    setting, chosen = apply_changes(reader.items("overrides", required=needed), setting, "policy", report)
    meaning, settings = reader.text("meaning", required=False), reader.mapping("settings", required=False)
    return Policy(reader.text("id"), reader.names(), meaning, setting, chosen, settings, _follows_plan(reader))


def _follows_plan(reader: Reader) -> bool:
    """Read whether the settings of the place's plan belong to the policy."""
    node = reader.content.get("plan")
    if node is not None and not isinstance(node.value, bool):
        reader.wrong(node, "plan", "true or false")
    return node is not None and node.value is True


def apply_changes(items: Sequence[Node], setting: Setting, level: str, report: Report) -> tuple[Setting, dict[str, int]]:
    """Apply the changes that a policy, or a place to the levers that it shares with others, lists.

    Args:
        items: the changes as read.
        setting: values and levers to change.
        level: whose changes they are: policy, or the level of the place.
        report: collects problems.

    Returns:
        the changed setting, and the month from which a changed word counts, by ``lever.word``.
    """
    chosen: dict[str, int] = {}
    for number, item in enumerate(items):
        change = Reader(item, f"overrides[{number}]", _CHANGE_KEYS, report)
        setting = _apply(change, setting, chosen, level)
    return setting, chosen


def _apply(change: Reader, setting: Setting, chosen: dict[str, int], level: str) -> Setting:
    """Apply one change."""
    if "lever" not in change.content:
        return _change_value(change, setting, level)
    if level == "policy" and change.content["lever"].value in set(lever_ids()) - set(setting.levers):
        # an entry for other places: nothing to change here
        return setting
    key = change.text("lever", choices=setting.levers)
    if not key:
        return setting
    lever = setting.levers[key]
    if "word" in change.content:
        changed = _change_word(change, lever, chosen)
    elif "end" in change.content:
        changed = replace(lever, end=change.month("end"))
    else:
        changed = _change_field(change, lever, level)
    return replace(setting, levers={**setting.levers, key: changed})


def _change_value(change: Reader, setting: Setting, level: str) -> Setting:
    """Change a named value from its first date on."""
    key = change.text("value", choices=setting.values)
    if not key:
        return setting
    return replace(setting, values={**setting.values, key: _change_series(change, setting.values[key], level)})


def _change_field(change: Reader, lever: LeverEntry, level: str) -> LeverEntry:
    """Change a field of a lever from its first date on."""
    field = change.text("field", choices=lever.fields)
    # an entry whose own fields are wrong has been told of already
    if field not in lever.fields:
        return lever
    return replace(lever, fields={**lever.fields, field: _change_series(change, lever.fields[field], level)})


def _change_series(change: Reader, series: Series, level: str) -> Series:
    """Return the series with the change's figures, checked against the series' own range."""
    decided = change.month("decided")
    limits = (series.low, series.high)
    entries = read_entries(change.items("values"), change.name("values"), limits, level, change.report)
    if not entries:
        return series
    first, begun = entries[0].month, series.entries[0].month
    if level != "policy" and (begun is None or (first is not None and first <= begun)):
        # a place's own path replaces all of the wider one
        return replace(series, entries=entries)
    if decided is not None and first is not None and first < decided:
        allowed = f"{show_month(decided)}, the month of the decision, or later"
        change.report.add(change.node.where, change.name("values[0].from"), show_month(first), allowed)
    return series.changed(entries)


def _change_word(change: Reader, lever: LeverEntry, chosen: dict[str, int]) -> LeverEntry:
    """Change a choice of a lever; it counts from the month of the decision."""
    words = MECHANISMS[lever.mechanism].words
    word = change.text("word", choices=words)
    to = change.text("to", choices=words.get(word, ()))
    decided = change.month("decided")
    if "decided" not in change.content:
        change.get("decided")
    if not word or not to:
        return lever
    chosen[f"{lever.id}.{word}"] = decided or lever.start or 0
    return replace(lever, words={**lever.words, word: to})
