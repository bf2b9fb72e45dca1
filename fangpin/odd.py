"""The command ``fangpin odd``: the model described by the ODD protocol, written from its own rules, columns, values and levers.

Protocol: V. Grimm et al., The ODD protocol for describing agent-based and other simulation models: a second update to improve
clarity, replication, and structural realism, Journal of Artificial Societies and Social Simulation 2020;23(2):7.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from fangpin.exits import DONE, HELP_WORDS, refuse
from fangpin.words import read_words

if TYPE_CHECKING:
    from scenarios import Scenario
    from scenarios.cited import Series
    from sim.month import Step

HELP = """fangpin odd [key=value ...] - the model by the ODD protocol, in Markdown, written from its own rules and values

  place=nanyang             the place whose values stand in it, one county
  policy=documented         the policy whose levers stand in it

Purpose, entities, schedule, design concepts, start, inputs, and every rule with what it reads, the draws that it uses and what it
returns. docs/odd.md is this page for the usual place.

example:
  fangpin odd place=longyan > odd.md
"""
_KEYS = {"place": "nanyang", "policy": "documented"}
PREFIXES = {"law_": "values", "table_": "tables", "u_": "draws", "x_": "multipliers", "env_": "weather"}
"""What the beginning of an argument's name says of where it comes from (`sim.writer`)."""


def odd(words: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    if any(word in HELP_WORDS for word in words):
        print(HELP, end="")
        return DONE
    from scenarios import ScenarioError

    found = read_words(words, _KEYS, "")
    problems: Sequence[Any] = found.problems
    try:
        if not problems:
            print(odd_page(found.options["place"], found.options["policy"]), end="")
            return DONE
    except ScenarioError as error:
        problems = error.problems
    return refuse(problems, "odd")


def odd_page(place: str = "nanyang", policy: str = "documented") -> str:
    """Return the page.

    Raises:
        ScenarioError: if place or policy is not known.
    """
    from scenarios import load

    scenario = load(place, policy)
    parts = (_purpose, _entities, _schedule, _concepts, _start, _inputs, _submodels, _institutions, _mechanisms, _values)
    head = [
        "# The model by the ODD protocol",
        "",
        f"Written by `fangpin odd` from the rules, columns, values and levers themselves, for {scenario.place_names['en']} "
        f"under "
        f"'{scenario.policy_names['en']}'. [model.md](model.md) tells the same in fewer words; [reference.md](reference.md) "
        f"says "
        "what every name means. Protocol: Grimm et al. 2020, JASSS 23(2):7.",
    ]
    return "\n".join([*head, *(line for part in parts for line in ("", *part(scenario)))]) + "\n"


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Go through the lines of a table in Markdown."""
    for line in (heads, ["---"] * len(heads), *rows):
        yield "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in line) + " |"


def _first(thing: Any) -> str:
    """Return the first line of a docstring."""
    return (inspect.getdoc(thing) or "").partition("\n")[0]


def _codes(names: Iterable[str]) -> str:
    """Return names as code, with commas between."""
    return ", ".join(f"`{name}`" for name in names)


def _purpose(scenario: Scenario) -> Iterator[str]:
    """Say what the model is for, and by which patterns it is judged."""
    from scenarios.observed import TAGS, observations_of

    yield from (
        "## 1. Purpose and patterns",
        "",
        "How many persons of households that left poverty by 2020 fall below the line again, and how many others fall for "
        "the first time, while "
        "support is withdrawn along the paths of the plans; who, why, at what cost, and how likely no large-scale return to "
        "poverty is. "
        "The model compares policies in pairs under the same luck. It forecasts no single family.",
        "",
    )
    figures = observations_of(scenario.place)
    counts = Counter(one.tag for one in figures)
    used = sum(one.tag == "emergent" and bool(one.used_for) for one in figures)
    yield (
        "Patterns are published figures (`fangpin facts`): "
        + ", ".join(f"{counts[tag]} tagged {tag.replace('_', ' ')}" for tag in TAGS if counts[tag])
        + f". Inputs come out because they were put in, {used} of the emergent ones because values were chosen with them; only "
        "the others judge the model (`fangpin validate`); administrative targets are managed."
    )


def _entities(scenario: Scenario) -> Iterator[str]:
    """List entities, state variables and scales."""
    from sim.state import COLUMNS

    county = scenario.county
    yield from ("## 2. Entities, state variables and scales", "")
    for entity in dict.fromkeys(column.entity for column in COLUMNS):
        own = [column for column in COLUMNS if column.entity == entity]
        yield f"- **{entity}**, {len(own)} state variables: {_codes(column.name for column in own)}."
    yield from (
        "- **institutions**: Mesa agents of the county; section 8.",
        "",
        f"Space: {county.households:,} rural households in {county.villages} villages and {county.townships} townships; "
        f"places matter by what they "
        "share (weather, disasters, lay-offs, neighbours, officers), not by distance. A run may take whole villages only. "
        "Time: months from January 2013; the plan begins in January 2021. Money is whole fen.",
    )


def _schedule(scenario: Scenario) -> Iterator[str]:
    """List the stages of a month and their rules in order."""
    from sim.month import HOUSEHOLD, ORDER, PEOPLE, SETTLE

    steps = {"people": (*PEOPLE, *HOUSEHOLD), "settle": SETTLE}
    yield from ("## 3. Process overview and scheduling", "", "Each month, in this order (`sim/month.py`):", "")
    for number, (stage, meaning) in enumerate(ORDER, 1):
        rules = " -> ".join(_name(step) for step in steps.get(stage, ()))
        yield f"{number}. **{stage}**: {meaning}." + (f" Rules: {rules}." if rules else "")
    yield from (
        "",
        "Within a stage households do not see each other: what one household does reaches others only through institutions, "
        "village shares and funds "
        "of the stage before, so neither the order of households nor the number of threads matters.",
    )


def _name(step: Step) -> str:
    """Return a rule's name with its file's."""
    from sim.engine import plain

    function = plain(step.rule)
    return f"`{function.__module__.rpartition('.')[2]}.{function.__name__}`"


def _concepts(scenario: Scenario) -> Iterator[str]:
    """Say how the design concepts are met."""
    from sim.draws import STREAMS
    from sim.indicators import INDICATORS

    drawn = Counter(stream.entity for stream in STREAMS.values())
    told = ", ".join(f"{count} of a {entity}" for entity, count in drawn.items())
    yield from (
        "## 4. Design concepts",
        "",
        "- **Basic principles**: income at risk, moral hazard and means tests of household economics; monitoring as a "
        "scarce resource. Equations and "
        "their sources stand at the rules.",
        "- **Emergence**: relapse, its causes and clusters, detection delays, queues, exhausted funds. Wages, hazards and "
        "prevalences are put in.",
        "- **Adaptation**: enrolment answers to price and income a head, migration and enrolment to neighbours, schooling "
        "to cost, borrowing "
        "and selling to need. Families do not plan ahead.",
        "- **Objectives, learning, prediction**: none beyond that; the county helps the neediest that it knows.",
        "- **Sensing**: the county sees income with an error and only of households that report, are visited or are found "
        "in records.",
        "- **Interaction**: through rationed posts, visits, money and loans, and through the village's past shares.",
        f"- **Stochasticity**: {len(STREAMS)} named streams ({told}); a draw is a pure function of seed, stream, entity and "
        f"month, so that policies "
        "share all luck that they do not touch.",
        "- **Collectives**: households, villages, townships; groups (ex-poor, marginal, other) are fixed in December 2020.",
        f"- **Observation**: {len(INDICATORS)} monthly counts by group, the ledger by account and lever, and each "
        f"household's falls and events.",
    )


def _start(scenario: Scenario) -> Iterator[str]:
    """Say how a county begins."""
    from sim import population

    table = scenario.tables["household_types"]
    yield from (
        "## 5. Initialization",
        "",
        (inspect.getdoc(population) or "") + " Types of households, their ages and sexes are tables "
        f"(`household_types`; {table.origin.grade}); `population=` takes "
        f"founders grown from a survey instead. "
        "Registration in 2014, yearly exits until 2020 and the anti-relapse registry since 2020 are lived, so that no clock "
        "starts in 2021.",
    )


def _inputs(scenario: Scenario) -> Iterator[str]:
    """List the values that change with time."""
    from scenarios.cited import show_month

    yield from (
        "## 6. Input data",
        "",
        "What drives the model from outside over time (steps hold until the next date, `linear` goes straight between them):",
        "",
    )
    rows = []
    for key, series in scenario.series.items():
        if key.startswith("values.") and len(series.entries) > 1:
            months = [entry.month for entry in series.entries if entry.month is not None]
            span = f"{show_month(min(months))} to {show_month(max(months))}" if months else ""
            rows.append(
                (f"`{key[7:]}`", series.unit, len(series.entries), span, "linear" if series.linear else "steps", _grades(series))
            )
    yield from _table(("value", "unit", "dates", "from, to", "shape", "grades"), rows)


def _grades(series: Series) -> str:
    """Return the grades of a series with how many entries have each."""
    counts = Counter(entry.origin.grade for entry in series.entries)
    return ", ".join(f"{grade} {count}" if len(counts) > 1 else grade for grade, count in counts.items())


def _submodels(scenario: Scenario) -> Iterator[str]:
    """List every rule of the month by its file: what it does, reads, draws and returns."""
    from sim.engine import plain
    from sim.month import HOUSEHOLD, PEOPLE, SETTLE

    yield from (
        "## 7. Submodels",
        "",
        "Every rule of the passes over persons and households. Values, tables, draws and multipliers are named; the state "
        "that a rule reads "
        "besides stands in its arguments. Equations and sources are in the files.",
    )
    by_file: dict[str, list[Step]] = {}
    for step in (*PEOPLE, *HOUSEHOLD, *SETTLE):
        by_file.setdefault(plain(step.rule).__module__, []).append(step)
    for module, steps in sorted(by_file.items()):
        yield from ("", f"### {module}", "", _first(import_module(module)), "")
        rows = []
        for step in {_name(step): step for step in steps}.values():
            reads = _reads(step.rule)
            named = "; ".join(
                f"{kind}: {_codes(reads[kind])}"
                for kind in ("values", "tables", "draws", "multipliers", "weather")
                if kind in reads
            )
            rows.append(
                (
                    _name(step),
                    _first(plain(step.rule)),
                    step.when or "every month",
                    named or "state alone",
                    _codes(_results(step)),
                )
            )
        yield from _table(("rule", "what it does", "due", "reads", "gives"), rows)


def _reads(rule: Callable[..., Any]) -> dict[str, list[str]]:
    """Return what a rule's arguments say that it reads, by kind."""
    from sim.writer import inputs

    found: dict[str, list[str]] = {}
    for name in inputs(rule):
        for prefix, kind in PREFIXES.items():
            if name.startswith(prefix):
                found.setdefault(kind, []).append(name.removeprefix(prefix))
                break
    return found


def _results(step: Step) -> list[str]:
    """Return the names of what a rule gives."""
    from sim.writer import outputs

    return list(outputs(step))


def _institutions(scenario: Scenario) -> Iterator[str]:
    """List the institutions of the county."""
    import sim.institutions

    yield from ("## 8. Institutions", "")
    for part in pkgutil.iter_modules(sim.institutions.__path__, "sim.institutions."):
        yield f"- `{part.name}`: {_first(import_module(part.name))}"


def _mechanisms(scenario: Scenario) -> Iterator[str]:
    """List the mechanisms with the levers in force."""
    from sim.policies.mechanisms import MECHANISMS

    yield from (
        "## 9. Policies",
        "",
        f"{len(scenario.levers)} entries are in force here; `fangpin explain LEVER` tells all of one.",
        "",
    )
    rows = []
    for name, mechanism in MECHANISMS.items():
        levers = [info.id for info in scenario.levers if info.mechanism == name]
        rows.append((f"`{name}`", mechanism.meaning, len(levers), _codes(levers)))
    yield from _table(("mechanism", "what a lever of it does", "in force", "levers"), rows)


def _values(scenario: Scenario) -> Iterator[str]:
    """List every value with its figure at the start of the plan, its grade and its source."""
    from sim.model import PLAN_START
    from sim.parameters import PARAMETERS

    yield from ("## 10. Values", "", "In force in January 2021; dated ones change (section 6).", "")
    rows = []
    for name in PARAMETERS:
        series = scenario.series[f"values.{name}"]
        entry = next((one for one in reversed(series.entries) if one.month is None or one.month <= PLAN_START), series.entries[0])
        rows.append((f"`{name}`", f"{series.at(PLAN_START):g}", series.unit, entry.origin.grade, entry.origin.source))
    yield from _table(("value", "2021-01", "unit", "grade", "source"), rows)
