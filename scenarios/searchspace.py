"""Spaces that a search looks through: paths that a planner can say in one sentence, as data."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from scenarios.problems import Report, listing, nearest
from scenarios.schema import Reader
from scenarios.settings import plain
from scenarios.shipped import open_file, shipped
from scenarios.yamlfile import Node

NEVER = "never"
"""A start that leaves support as it is."""
_KEYS = ("id", "name", "meaning", "base", "rules", "simple")
_TAPER_KEYS = ("name", "taper", "start", "years", "end")
_OPTION_KEYS = ("name", "options")
_PARTS = ("start", "years", "end")


@dataclass(frozen=True)
class Gene:
    """One thing that a candidate chooses: rule and part of it, and what there is to choose from."""

    rule: str
    part: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """A rule of a path.

    Attributes:
        id, names: what it is called.
        knobs: knobs that a taper moves; none for a choice.
        options: changes by hand of each option of a choice.
        genes: what a candidate chooses of it.
    """

    id: str
    names: Mapping[str, str]
    knobs: tuple[str, ...]
    options: Mapping[str, tuple[str, ...]]
    genes: tuple[Gene, ...]

    def said(self, chosen: Mapping[str, str], lang: str) -> str:
        """Return a choice in words."""
        name = self.names.get(lang, self.id)
        if not self.knobs:
            return f"{name}{'：' if lang == 'zh' else ': '}{chosen['option']}"
        if chosen["start"] == NEVER:
            return f"{name}保留" if lang == "zh" else f"{name} kept"
        start, years, end = chosen["start"], int(chosen["years"]), float(chosen["end"])
        if lang == "zh":
            pace = "一次" if years == 1 else f"分{years}年"
            return f"{name}自{start}年{pace}降到{end:.0%}"
        pace = "at once" if years == 1 else f"in {years} yearly steps"
        return f"{name} from {start} {pace} to {end:.0%}"


Chosen = tuple[str, ...]
"""One value for each gene of a space, in their order."""


@dataclass(frozen=True)
class SearchSpace:
    """What a search looks through.

    Attributes:
        id, names, meaning: what it is called.
        base: policy that candidates build on and are compared with.
        rules: its rules.
        simple: rules that need no search, by name: choices of some genes, the first value of the others.
    """

    id: str
    names: Mapping[str, str]
    meaning: Mapping[str, str]
    base: str
    rules: tuple[Rule, ...]
    simple: Mapping[str, Chosen]

    @property
    def genes(self) -> tuple[Gene, ...]:
        """What a candidate chooses, in order."""
        return tuple(gene for rule in self.rules for gene in rule.genes)

    def size(self) -> int:
        """Return how many combinations there are; several may be one candidate."""
        return math.prod(len(gene.values) for gene in self.genes)

    def every(self) -> Iterator[Chosen]:
        """Yield every combination."""
        return iter(product(*(gene.values for gene in self.genes)))

    def said(self, chosen: Chosen, lang: str) -> str:
        """Return the candidate in words, without choices that change nothing."""
        parts = self.by_rule(chosen)
        told = [rule.said(part, lang) for rule, part in parts if rule.knobs or rule.options[part["option"]]]
        return ("；" if lang == "zh" else "; ").join(told)

    def by_rule(self, chosen: Chosen) -> list[tuple[Rule, dict[str, str]]]:
        """Return each rule with what is chosen of it."""
        values = iter(chosen)
        return [(rule, {gene.part: next(values) for gene in rule.genes}) for rule in self.rules]


def search_spaces() -> tuple[str, ...]:
    """Return the names of the shipped spaces."""
    return shipped("searches")


def open_space(name: str) -> SearchSpace:
    """Return a space by its name or the path of a file.

    Raises:
        ScenarioError: when it is not known, or with every problem of its file.
    """
    report = Report()
    node, _ = open_file("searches", name, report, ("command line", "space"))
    reader = Reader(node, "", _KEYS, report)
    rules = tuple(_rule(key, child, reader, report) for key, child in reader.mapping("rules").items())
    meaning = Reader(reader.get("meaning") or node, "meaning", ("zh", "en"), report)
    said = {language: meaning.text(language) for language in ("zh", "en")}
    space = SearchSpace(reader.text("id"), reader.names(), said, reader.text("base"), rules, {})
    simple = {
        key: _simple(child, f"simple.{key}", space, report) for key, child in reader.mapping("simple", required=False).items()
    }
    report.stop()
    return SearchSpace(space.id, space.names, space.meaning, space.base, rules, simple)


def _rule(key: str, node: Node, outer: Reader, report: Report) -> Rule:
    """Read one rule."""
    content = node.value if isinstance(node.value, dict) else {}
    reader = Reader(node, outer.name(f"rules.{key}"), _TAPER_KEYS if "taper" in content else _OPTION_KEYS, report)
    if "taper" not in content:
        options = {name: _texts(child) for name, child in reader.mapping("options").items()}
        return Rule(key, reader.names(), (), options, (Gene(key, "option", tuple(options)),))
    genes = tuple(Gene(key, part, _values(reader, part)) for part in _PARTS)
    return Rule(key, reader.names(), tuple(plain(item.value) for item in reader.items("taper")), {}, genes)


def _texts(node: Node) -> tuple[str, ...]:
    """Return the texts of a list."""
    return tuple(plain(item.value) for item in node.value) if isinstance(node.value, list) else ()


def _values(reader: Reader, part: str) -> tuple[str, ...]:
    """Read what a part of a taper may be."""
    values = tuple(plain(item.value) for item in reader.items(part))
    for value in values:
        if not _fits(part, value):
            allowed = {"start": "years, or never", "years": "whole numbers from 1 on", "end": "numbers from 0 to 1"}[part]
            reader.wrong(reader.content[part], part, allowed)
    return values


def _fits(part: str, value: str) -> bool:
    """Return whether a value may be that part of a taper."""
    if part == "start" and value == NEVER:
        return True
    try:
        number = float(value)
    except ValueError:
        return False
    limits = {"start": (2021, 2030), "years": (1, 10), "end": (0, 1)}[part]
    return limits[0] <= number <= limits[1] and (part == "end" or number == int(number))


def _simple(node: Node, path: str, space: SearchSpace, report: Report) -> Chosen:
    """Read a simple rule: what it says of each gene, the first value where it says nothing."""
    said: dict[tuple[str, str], str] = {}
    content = node.value if isinstance(node.value, dict) else {}
    for rule, child in content.items():
        parts = child.value.items() if isinstance(child.value, dict) else [("option", child)]
        said |= {(rule, part): plain(value.value) for part, value in parts}
    chosen = []
    for gene in space.genes:
        value = said.pop((gene.rule, gene.part), gene.values[0])
        if value not in gene.values:
            report.add(
                node.where, f"{path}.{gene.rule}.{gene.part}", f"'{value}'", listing(gene.values), nearest(value, gene.values)
            )
        chosen.append(value)
    known = [f"{gene.rule}.{gene.part}" for gene in space.genes]
    for rule, part in said:
        report.add(node.where, f"{path}.{rule}.{part}", "unknown", listing(known), nearest(f"{rule}.{part}", known))
    return tuple(chosen)
