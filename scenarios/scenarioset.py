"""Scenario sets: arms of one question as settings of knobs, the stress that all of them live through, the outputs asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from itertools import product

from scenarios.planbook import plan_book
from scenarios.problems import Report, listing, nearest
from scenarios.schema import Reader
from scenarios.settings import plain
from scenarios.shipped import FILE_ENDINGS, lever_ids, open_file, shipped
from scenarios.yamlfile import Node
from sim.indicators import CAUSES, GROUPS, INDEX
from sim.state import BY_NAME

MOST_ARMS = 40
"""A set that unfolds into more arms than this is refused."""
SLIP = 0.9
"""A name at least so like a known one is taken for a slip of the pen."""
LONGEST = 120
"""Months that a horizon may have."""
MEASURES = (
    "quantity", "total", "ratio", "deviation", "percentile", "cost", "per_relapse", "unmet", "better", "worse", "undetected",
    "seen_by", "worst_township", "missing",
)  # fmt: skip
"""How an output is worked out; `missing` says why it is not."""

_KEYS = (
    "id",
    "name",
    "question",
    "note",
    "base",
    "reference",
    "months",
    "grounded_in",
    "levers",
    "common",
    "arms",
    "stress",
    "together",
    "targets",
    "outputs",
)
_PART_KEYS = ("name", "note", "set", "source", "called")
_OUTPUT_KEYS = ("name", "unit", "groups", "of", *MEASURES)
_ID = re.compile(r"[a-z][a-z0-9_]*\Z")


@dataclass(frozen=True)
class Part:
    """An arm of a set, or one stress.

    Attributes:
        id: name within the set; an arm that a list unfolds into has the value behind a hyphen.
        names: in Chinese and English.
        items: settings by their keys, as read.
        source: what the settings rest on where they do not say.
        arm: the arm that it was unfolded from.
        note: what is assumed, or how a lever stands in for another.
        called: names of the values of its lists, in Chinese and English, where the values themselves say too little.
    """

    id: str
    names: Mapping[str, str]
    items: Mapping[str, Node]
    source: str
    arm: str = ""
    note: str = ""
    called: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Output:
    """Something that a set asks for: its names and unit, by which of `MEASURES` and of what it is worked out, in which groups."""

    names: Mapping[str, str]
    measure: str
    of: tuple[str, ...] = ()
    why: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    unit: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ScenarioSet:
    """A scenario set.

    Attributes:
        id, names, question: what it is called and what it asks.
        base: policy that the arms build on.
        reference: arm that the others are compared with.
        levers: those that it turns: in every arm they begin from support kept.
        arms: lists unfolded, the reference first.
        stress: what all arms may live through, each by its name.
        together: names of the stresses that act together, one tuple for each study that a run makes; an empty one for none.
        targets, outputs: what it asks for.
        months: length of the horizon from 2021-01.
        grounded_in: clauses by plan.
        file: name or path that `run` opens it by.
    """

    id: str
    names: Mapping[str, str]
    question: Mapping[str, str]
    base: str
    reference: str
    levers: tuple[str, ...]
    arms: tuple[Part, ...]
    stress: tuple[Part, ...]
    together: tuple[tuple[str, ...], ...]
    targets: tuple[str, ...]
    outputs: tuple[Output, ...]
    months: int
    grounded_in: Mapping[str, tuple[str, ...]]
    file: str

    def arm(self, name: str) -> Part | None:
        """Return an arm by its name."""
        return next((arm for arm in self.arms if arm.id == name), None)

    def policy(self, arm: Part) -> str:
        """Return the name by which `scenarios.load` knows an arm."""
        return f"{self.file}/{arm.id}"


def sets() -> tuple[str, ...]:
    """Return the shipped sets."""
    return shipped("sets")


def split_arm(policy: str) -> tuple[str, str]:
    """Return the set and the arm that a policy's name such as ``premium_subsidy_exit/keep_full`` asks for."""
    found, slash, arm = policy.rpartition("/")
    return (found, arm) if slash and not arm.endswith(FILE_ENDINGS) else ("", "")


def open_set(name: str, report: Report | None = None) -> ScenarioSet:
    """Return a set by the name of a shipped one or the path of a file.

    Raises:
        ScenarioError: when it is not known, or with every problem of its file.
    """
    own = report or Report()
    found = read_set(name, own)
    own.stop()
    return found


def read_set(name: str, report: Report) -> ScenarioSet:
    """Return a set whatever is wrong with it: the report has it.

    Raises:
        ScenarioError: when there is no such file.
    """
    node, _ = open_file("sets", name, report, ("load", "set"))
    return _read_set(node, name, report)


def stress_parts(names: tuple[str, ...], report: Report) -> list[Part]:
    """Return stresses by their names, ``set/stress`` each."""
    found: list[Part] = []
    for name in names:
        file, _, part = name.rpartition("/")
        known = {one.id: one for one in read_set(file, report).stress}
        if part in known:
            found.append(known[part])
        else:
            report.add("load", "stress", f"unknown stress '{part}' of {file}", listing(known), nearest(part, known))
    return found


def _read_set(node: Node, file: str, report: Report) -> ScenarioSet:
    """Read a set."""
    reader = Reader(node, "", _KEYS, report)
    key = reader.text("id")
    source = f"assumption: a what-if of the scenario set {key}"
    common = reader.mapping("common", required=False)
    for name, child in common.items():
        if isinstance(child.value, list):
            reader.wrong(child, f"common.{name}", "one value for all arms; lists unfold in arms")
    parts = [replace(part, items={**common, **part.items}) for part in read_parts(reader, "arms", source)]
    arms = [arm for part in parts for arm in unfolded(part, report, node)]
    stress = tuple(read_parts(reader, "stress", source, required=False))
    reference = reader.text("reference")
    known = [arm.id for arm in arms]
    if reference and reference not in known:
        reader.wrong(reader.content["reference"], "reference", listing(known), nearest(reference, known))
    if len(arms) > MOST_ARMS:
        report.add(node.where, "arms", f"{len(arms)} arms", f"at most {MOST_ARMS}, lists unfolded", "shorten the lists")
    base = reader.text("base", required=False) or "documented"
    if not base.endswith(FILE_ENDINGS) and base not in shipped("policies"):
        policies = shipped("policies")
        reader.wrong(reader.content["base"], "base", f"{listing(policies)}, or a .yaml file", nearest(base, policies))
    months = reader.number("months", required=False)
    if months is not None and not 1 <= months <= LONGEST:
        reader.wrong(reader.content["months"], "months", f"1 to {LONGEST}")
    reader.text("note", required=False)
    return ScenarioSet(
        key, reader.names(), _both(reader, "question"), base, reference,
        _known(reader, "levers", plan_book().levers), tuple(sorted(arms, key=lambda arm: arm.id != reference)),
        stress, _together(reader, stress), _known(reader, "targets", plan_book().targets), _outputs(reader),
        int(months or 60), _grounded(reader), file,
    )  # fmt: skip


def _both(reader: Reader, key: str, required: bool = True) -> dict[str, str]:
    """Read a text in Chinese and English."""
    child = reader.get(key, required)
    if child is None:
        return {}
    inner = Reader(child, reader.name(key), ("zh", "en"), reader.report)
    return {language: inner.text(language) for language in ("zh", "en")}


def _together(reader: Reader, stress: tuple[Part, ...]) -> tuple[tuple[str, ...], ...]:
    """Read which stresses act together: all of them unless the set says otherwise."""
    every = tuple(part.id for part in stress)
    found = []
    for node in _texts(reader, "together"):
        names = [item for item in node.value if item.value in every] if isinstance(node.value, list) else []
        if not isinstance(node.value, list) or len(names) < len(node.value):
            reader.wrong(node, "together", f"lists of stresses of the set, each with {listing(every)}, or an empty one")
        found.append(tuple(str(item.value) for item in names))
    return tuple(dict.fromkeys(found)) or (every,)


def _texts(reader: Reader, key: str) -> tuple[Node, ...]:
    """Return the items of an optional list."""
    return tuple(reader.items(key, required=False))


def _known(reader: Reader, key: str, known: Mapping[str, object]) -> tuple[str, ...]:
    """Read an optional list of ids of the clause book."""
    for item in _texts(reader, key):
        if item.value not in known:
            reader.wrong(item, key, f"one of the {len(known)} {key} of the clause book", nearest(str(item.value), known))
    return tuple(str(item.value) for item in _texts(reader, key))


def _grounded(reader: Reader) -> dict[str, tuple[str, ...]]:
    """Read the clauses that a set is grounded in, by plan."""
    found: dict[str, tuple[str, ...]] = {}
    book = plan_book()
    for plan, node in reader.mapping("grounded_in", required=False).items():
        clauses = tuple(str(item.value) for item in (node.value if isinstance(node.value, list) else [node]))
        known = book.plans[plan].clauses if plan in book.plans else {}
        for clause in clauses:
            if clause not in known:
                reader.report.add(
                    node.where, reader.name(f"grounded_in.{plan}"), f"'{clause}'", "a clause of that plan", nearest(clause, known)
                )
        found[plan] = clauses
    return found


def read_parts(reader: Reader, key: str, source: str, required: bool = True) -> list[Part]:
    """Read arms or stresses by their names."""
    found: list[Part] = []
    for name, node in reader.mapping(key, required).items():
        inner = Reader(node, reader.name(f"{key}.{name}"), _PART_KEYS, reader.report)
        if not _ID.match(name):
            reader.report.add(node.where, reader.name(f"{key}.{name}"), f"'{name}'", "small letters, digits and _")
        items = inner.mapping("set")
        said = inner.text("source", required=False) or source
        found.append(Part(name, inner.names(), items, said, name, inner.text("note", required=False), _called(inner)))
    return found


def _called(reader: Reader) -> dict[str, dict[str, str]]:
    """Read what the values of an arm's lists are called."""
    found = {}
    for value, node in reader.mapping("called", required=False).items():
        inner = Reader(node, reader.name(f"called.{value}"), ("zh", "en"), reader.report)
        found[value] = {language: inner.text(language) for language in ("zh", "en")}
    return found


def unfolded(part: Part, report: Report, node: Node) -> list[Part]:
    """Return the arms that the lists of an arm unfold into: one for each combination of their values."""
    lists = {key: child.value for key, child in part.items.items() if isinstance(child.value, list)}
    if not lists:
        return [part]
    found = []
    for chosen in product(*lists.values()):
        # a path has no name of its own: it is called by its place in the list
        values = [
            plain(child.value) if not isinstance(child.value, dict) else str(lists[key].index(child) + 1)
            for key, child in zip(lists, chosen, strict=True)
        ]
        items = {**part.items, **dict(zip(lists, chosen, strict=True))}
        said = {lang: [part.called.get(value, {}).get(lang) or value for value in values] for lang in ("zh", "en")}
        names = {
            "zh": f"{part.names.get('zh', '')}：{'、'.join(said['zh'])}",
            "en": f"{part.names.get('en', '')}: {', '.join(said['en'])}",
        }
        found.append(replace(part, id="-".join([part.id, *values]), names=names, items=items))
    if not found:
        report.add(node.where, part.id, "an empty list", "a list of at least one value")
    return found


def _outputs(reader: Reader) -> tuple[Output, ...]:
    """Read the outputs asked for."""
    return tuple(
        _output(item, reader.name(f"outputs[{number}]"), reader.report) for number, item in enumerate(_texts(reader, "outputs"))
    )


_LENGTHS = {"ratio": 2, "deviation": 3}
"""Numbers of names that a measure is made of; one or more, or one, for the others."""
_OF_ALL = ("unmet", "better", "worse", "worst_township")


def _check_output(reader: Reader, measure: str, items: list[Node]) -> None:
    """Note names that an output cannot be made of; quantities are known to the tables alone."""
    if measure in ("total", "ratio", "deviation"):
        _each(reader, measure, items, INDEX)
    elif measure in ("cost", "per_relapse"):
        known = ("all", *plan_book().levers, *lever_ids())
        # a lever of one's own is known to the run alone: only what looks like a slip is refused
        slips = [item for item in items if get_close_matches(str(item.value), known, 1, SLIP)]
        _each(reader, measure, slips, known)
    elif measure == "undetected":
        _each(reader, measure, items, ("all", *CAUSES))
    elif measure == "seen_by":
        _each(reader, measure, items, BY_NAME["household", "flag_channel"].values)
    elif measure in _OF_ALL:
        _each(reader, measure, items, ("all",))
    elif measure == "percentile" and not all(_is_percentile(item) for item in items):
        reader.wrong(items[0], measure, "a number above 0 and below 100")
    wanted = _LENGTHS.get(measure, len(items) if measure in ("total", "cost", "per_relapse") else 1)
    if len(items) != wanted or not items:
        reader.report.add(reader.node.where, reader.name(measure), f"a list of {len(items)}", f"a list of {max(wanted, 1)}")


def _is_percentile(item: Node) -> bool:
    """Say whether a node is a number between 0 and 100."""
    return isinstance(item.value, (int, float)) and not isinstance(item.value, bool) and 0 < item.value < 100


def _each(reader: Reader, key: str, items: Sequence[Node], known: Iterable[str]) -> None:
    """Note every item that is not known."""
    names = tuple(known)
    for item in items:
        if item.value not in names:
            reader.wrong(item, key, listing(names, 6), nearest(str(item.value), names))


def _output(node: Node, path: str, report: Report) -> Output:
    """Read one output: its names and one way to work it out, or why there is none."""
    reader = Reader(node, path, _OUTPUT_KEYS, report)
    given = [key for key in MEASURES if key in reader.content]
    if len(given) != 1:
        report.add(node.where, path, listing(given), f"one of {listing(MEASURES)}")
        return Output(reader.names(), "missing")
    if given[0] == "missing":
        return Output(reader.names(), "missing", why=_both(reader, "missing"))
    child = reader.content[given[0]]
    items = child.value if isinstance(child.value, list) else [child]
    _check_output(reader, given[0], items)
    _each(reader, "groups", _texts(reader, "groups"), GROUPS)
    return Output(
        reader.names(),
        given[0],
        tuple(str(item.value) for item in items),
        groups=tuple(str(item.value) for item in _texts(reader, "groups")),
        unit=_both(reader, "unit", required=False),
    )
