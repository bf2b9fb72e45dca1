"""The clause book: what the five plans contain, clause by clause, and which of it is a lever, a target or neither.

Files of ``plans/``: one for each group of levers, ``coverage.yaml`` (plans, clauses, reasons) and ``targets.yaml``. They
document; the engine reads none of it. Only which levers are in force in a place follows from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from scenarios.problems import Report, listing, nearest
from scenarios.schema import Reader
from scenarios.shipped import open_file, shipped
from scenarios.target import KEYS as TARGET_KEYS
from scenarios.target import Target, read_target
from scenarios.wording import PLANS
from scenarios.yamlfile import Node

KINDS = ("direct", "proxy", "context")
CLASSES = ("safety_net", "universal", "development", "framework")
PATHS = ("stable", "optimised", "expanded", "tapered", "new", "time_limited", "unstated")
LANGUAGES = ("zh", "en")

_COVERAGE, _TARGETS = "coverage", "targets"


@dataclass(frozen=True)
class Stated:
    """What one plan says of a lever.

    Attributes:
        clauses: numbers as printed.
        main: the clause that states it; the first one unless the book marks another.
        path: how it moves over the transition, one of `PATHS`.
        differs: what is distinctive there, in Chinese and English; empty where nothing is.
    """

    clauses: tuple[str, ...]
    main: str
    path: str
    differs: Mapping[str, str]


@dataclass(frozen=True)
class BookLever:
    """A lever of the catalogue.

    Attributes:
        id: name in the catalogue; entries and knobs of it have this id before their first dot.
        group: id of its group.
        names: in Chinese and English.
        kind: direct (a rule that a household meets), proxy (works by an assumed effect), context (clocks, budgets, stances).
        policy_class: one of `CLASSES`.
        meaning: what it does in the model, in Chinese and English.
        everywhere: in force whether or not the plan of a place names it.
        plans: what each plan says; a plan that does not name it is absent.
        left_out: plans of places that do without it although it is in force everywhere else.
    """

    id: str
    group: str
    names: Mapping[str, str]
    kind: str
    policy_class: str
    meaning: Mapping[str, str]
    everywhere: bool
    plans: Mapping[str, Stated]
    left_out: tuple[str, ...] = ()

    def in_force(self, plan: str) -> bool:
        """Say whether it is in force where a plan holds; without a plan, an empty one."""
        return plan in self.plans or (self.everywhere and plan not in self.left_out)


@dataclass(frozen=True)
class Clause:
    """A clause of a plan: its number and title as printed, and codes of the reasons why (part of) it is not simulated."""

    number: str
    title: str
    not_simulated: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """A plan: title, citation, whether it is issued or a draft, and its clauses by number; names stand in `wording.PLANS`."""

    id: str
    title: str
    citation: Mapping[str, str]
    status: str
    clauses: Mapping[str, Clause]


@dataclass(frozen=True)
class PlanBook:
    """All of it: names of groups, levers, plans and targets by id, and the words of the reasons."""

    groups: Mapping[str, Mapping[str, str]]
    levers: Mapping[str, BookLever]
    plans: Mapping[str, Plan]
    targets: Mapping[str, Target]
    reasons: Mapping[str, Mapping[str, str]]

    def lever(self, entry: str) -> BookLever | None:
        """Return the lever that an entry belongs to; None for a background scheme or a lever of one's own."""
        return self.levers.get(entry.partition(".")[0])

    def in_force(self, plan: str = "") -> frozenset[str]:
        """Return the ids of the levers in force where a plan holds; without a plan, those in force everywhere."""
        return frozenset(key for key, lever in self.levers.items() if lever.in_force(plan))

    def clauses(self, entry: str) -> dict[str, str]:
        """Return by plan the clauses that state the lever of an entry, as ``二（一）4, 三(一)``."""
        lever = self.lever(entry)
        return {plan: ", ".join(said.clauses) for plan, said in lever.plans.items()} if lever else {}


@cache
def plan_book() -> PlanBook:
    """Return the shipped clause book, checked.

    Raises:
        ScenarioError: with every problem of its files.
    """
    report = Report()
    files = {name: open_file("plans", name, report)[0] for name in shipped("plans")}
    book = read_book(files, report)
    report.stop()
    return book


def read_book(files: Mapping[str, Node], report: Report) -> PlanBook:
    """Read the files of a book by their names and note what is wrong with them."""
    order, plans, reasons = _read_coverage(files[_COVERAGE], report)
    targets = _read_targets(files[_TARGETS], plans, report) if _TARGETS in files else {}
    groups: dict[str, Mapping[str, str]] = {}
    levers: dict[str, BookLever] = {}
    for name in sorted(files.keys() - {_COVERAGE, _TARGETS}, key=lambda name: order.index(name) if name in order else len(order)):
        reader = Reader(files[name], "", ("group", "name", "levers"), report)
        reader.text("group", choices=(name,))
        if name not in order:
            report.add(files[name].where, "group", f"'{name}', which {_COVERAGE} does not list", listing(order, 20))
        groups[name] = reader.names()
        for number, item in enumerate(reader.items("levers")):
            lever = _read_lever(Reader(item, f"levers[{number}]", _LEVER_KEYS, report), name, plans)
            _once(levers, lever.id, item, report)
            levers[lever.id] = lever
    return PlanBook(groups, levers, plans, targets, reasons)


_LEVER_KEYS = ("id", "name", "kind", "class", "everywhere", "left_out", "meaning", "plans")


def _once(found: Mapping[str, object], key: str, node: Node, report: Report) -> None:
    """Note an id that is given twice."""
    if key in found:
        report.add(node.where, key, "given twice", "each id once")


def _read_lever(outer: Reader, group: str, plans: Mapping[str, Plan]) -> BookLever:
    """Read one lever."""
    key = outer.text("id")
    reader = outer.renamed(key or outer.path)
    return BookLever(
        key,
        group,
        reader.names(),
        reader.text("kind", choices=KINDS),
        reader.text("class", choices=CLASSES),
        _words(reader, "meaning"),
        _everywhere(reader),
        {plan: _read_stated(reader, plan, node, plans) for plan, node in _by_plan(reader, plans).items()},
        _left_out(reader, plans),
    )


def _everywhere(reader: Reader) -> bool:
    """Read the mark of schemes that no plan has to name."""
    child = reader.get("everywhere", required=False)
    if child is not None and not isinstance(child.value, bool):
        reader.wrong(child, "everywhere", "true or false")
    return child is not None and child.value is True


def _left_out(reader: Reader, plans: Mapping[str, Plan]) -> tuple[str, ...]:
    """Read the plans whose places do without a scheme: those that do not name it."""
    free = [plan for plan in plans if plan not in reader.mapping("plans", required=False)]
    found = []
    for node in reader.items("left_out", required=False):
        if node.value not in free:
            reader.wrong(node, "left_out", f"plans that do not name it: {listing(free)}", nearest(str(node.value), free))
        found.append(str(node.value))
    return tuple(found)


def _words(reader: Reader, key: str, required: bool = True) -> dict[str, str]:
    """Read a sentence in Chinese and English; empty when it is missing."""
    child = reader.get(key, required)
    if child is None:
        return {}
    inner = Reader(child, reader.name(key), LANGUAGES, reader.report)
    return {language: inner.text(language) for language in LANGUAGES}


def _by_plan(reader: Reader, plans: Mapping[str, Plan]) -> dict[str, Node]:
    """Read a mapping whose keys are plans."""
    given = reader.mapping("plans", required=False)
    for plan in [plan for plan in given if plan not in plans]:
        key = reader.name(f"plans.{plan}")
        reader.report.add(given[plan].where, key, "an unknown plan", listing(plans), nearest(plan, plans))
    return {plan: node for plan, node in given.items() if plan in plans}


def _read_stated(reader: Reader, plan: str, node: Node, plans: Mapping[str, Plan]) -> Stated:
    """Read what one plan says of a lever."""
    inner = Reader(node, reader.name(f"plans.{plan}"), ("clauses", "main", "path", "differs"), reader.report)
    clauses = _read_clauses(inner, inner.items("clauses"), plans[plan])
    main = inner.text("main", required=False, choices=clauses) if "main" in inner.content else ""
    path = inner.text("path", choices=PATHS)
    return Stated(clauses, main or next(iter(clauses), ""), path, _words(inner, "differs", required=False))


def _read_clauses(reader: Reader, nodes: list[Node], plan: Plan) -> tuple[str, ...]:
    """Read numbers of clauses that the plan has."""
    for node in nodes:
        if node.value not in plan.clauses:
            known = plan.clauses
            reader.wrong(node, "clauses", f"a clause of {plan.id}: {listing(known, 40)}", nearest(str(node.value), known))
    if not nodes:
        reader.report.add(reader.node.where, reader.path, "no clause", "at least one clause")
    return tuple(str(node.value) for node in nodes)


def _read_coverage(node: Node, report: Report) -> tuple[list[str], dict[str, Plan], dict[str, Mapping[str, str]]]:
    """Read the order of the groups, the plans with their clauses, and the words of the reasons."""
    reader = Reader(node, "", ("groups", "plans", "reasons"), report)
    order = [str(item.value) for item in reader.items("groups")]
    codes = Reader(reader.content.get("reasons", node), "reasons", reader.mapping("reasons"), report)
    reasons: dict[str, Mapping[str, str]] = {code: _words(codes, code) for code in reader.mapping("reasons")}
    keys = ("title", "citation", "status", "clauses")
    plans: dict[str, Plan] = {}
    for plan, child in Reader(reader.content.get("plans", node), "plans", PLANS, report).content.items():
        inner = Reader(child, f"plans.{plan}", keys, report)
        clauses = _read_plan_clauses(inner, reasons)
        status = inner.text("status", choices=("issued", "draft"))
        plans[plan] = Plan(plan, inner.text("title"), _words(inner, "citation"), status, clauses)
    return order, plans, reasons


def _read_plan_clauses(reader: Reader, reasons: Mapping[str, object]) -> dict[str, Clause]:
    """Read the list of a plan's clauses."""
    found: dict[str, Clause] = {}
    for item in reader.items("clauses"):
        inner = Reader(item, reader.name("clauses"), ("number", "title", "not_simulated"), reader.report)
        number, codes = inner.text("number"), inner.items("not_simulated", required=False)
        for code in codes:
            if code.value not in reasons:
                inner.wrong(code, "not_simulated", listing(reasons), nearest(str(code.value), reasons))
        _once(found, number, item, reader.report)
        found[number] = Clause(number, inner.text("title"), tuple(str(code.value) for code in codes))
    return found


def _read_targets(node: Node, plans: Mapping[str, Plan], report: Report) -> dict[str, Target]:
    """Read what the plans commit to."""
    found: dict[str, Target] = {}
    for number, item in enumerate(Reader(node, "", ("targets",), report).items("targets")):
        reader = Reader(item, f"targets[{number}]", TARGET_KEYS, report)
        key = reader.text("id")
        reader = reader.renamed(key or reader.path)
        clauses = {
            plan: _read_clauses(reader, child.value if isinstance(child.value, list) else [child], plans[plan])
            for plan, child in _by_plan(reader, plans).items()
        }
        _once(found, key, item, report)
        found[key] = read_target(reader, key, clauses, _words(reader, "formula"))
    return found
