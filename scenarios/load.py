"""`load`: a place, a policy and changes by hand become one checked scenario."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from os import PathLike, fspath
from pathlib import Path

from scenarios.cell import keep_levers, split_cell, with_options
from scenarios.cited import FIRST_MONTH, LAST_MONTH, Series
from scenarios.derived import resolve
from scenarios.force import EVERY, mark_force
from scenarios.lever import LeverEntry, read_levers
from scenarios.override import apply_overrides, is_value
from scenarios.place import COUNTY, TRAITS, Place, TableData, plan_of, read_chain
from scenarios.planbook import plan_book
from scenarios.policy import Policy, Setting, apply_changes, apply_policy
from scenarios.problems import Problem, Report, ScenarioError, listing, nearest
from scenarios.scenario import LeverInfo, Scenario, cited_series
from scenarios.scenarioset import Part, ScenarioSet, read_set, split_arm, stress_parts
from scenarios.shipped import lever_files
from scenarios.transition import transition_of
from scenarios.turner import Turner, clock_of, exit_of
from scenarios.yamlfile import read_yaml
from sim.parameters import PARAMETERS, TABLES
from sim.policies.mechanisms import MONEY
from sim.rules import County, Dated, Lever, Rules

REFERENCE = "kept"
"""The policy that every decision month is counted against."""


def load(
    place: str | PathLike[str] = "nanyang",
    policy: str | PathLike[str] = "documented",
    overrides: Sequence[str] = (),
    levers: Sequence[str | PathLike[str]] = (),
    stress: Sequence[str] = (),
) -> Scenario:
    """Load a scenario, check all of it, and remember where each figure comes from.

    Args:
        place: a shipped place, or the path of a YAML file of your own; a county that a place lists as ``national/west``.
        policy: a shipped policy, the path of a YAML file of your own, or an arm of a scenario set,
            ``premium_subsidy_exit/keep_full``; with options of groups and changes by hand behind it as a cell,
            ``documented;premium=linear;values.job_finding=0.2`` (`scenarios.cell`).
        overrides: changes by hand, such as ``premium_subsidy_taper_ex_poor.share=0.5``,
            ``values.job_finding@2022-01=0.1`` or a knob, ``premium_subsidy_taper_ex_poor.path@2023=0.5``.
        levers: files of levers of your own; an entry with the id of a shipped one takes its place.
        stress: what the place lives through under every policy, stresses of scenario sets: ``premium_subsidy_exit/illness_wave``.

    Returns:
        The scenario with the engine's rules, money in fen.

    Raises:
        ScenarioError: with every problem that was found.
    """
    report = Report()
    cell = split_cell(fspath(policy))
    overrides = (*overrides, *cell.by_hand)
    chain = read_chain(fspath(place), report)
    tables = _tables(chain, report)
    county = _county(chain, report)
    levels = {part.id: part.level for part in chain}
    turner = _turner(chain, levels, levers, (text for text in overrides if is_value(text)), stress, report)
    chosen = with_options(_policy(cell.policy, turner.base, levels, report), cell, report)
    turned = turner.turn(chosen, [text for text in overrides if not is_value(text)])
    still = turner.turn(apply_policy(REFERENCE, turner.base, levels, report), [])
    report.stop()
    final, kept = resolve(turned, report), resolve(still, report)
    final = keep_levers(final, kept, cell, report)
    _check_budgets(final, report)
    report.stop()
    return _scenario(chain, county, tables, chosen, final, _decision_month(final, kept, chosen), tuple(overrides))


def _turner(
    chain: Sequence[Place],
    levels: Mapping[str, str],
    levers: Sequence[str | PathLike[str]],
    values: Iterable[str],
    stress: Sequence[str],
    report: Report,
) -> Turner:
    """Return what turns a place's levers: its setting with values changed by hand, under the stress that all policies meet."""
    setting = apply_overrides(_setting(chain, levels, levers, report), values, report)
    turner = Turner(setting, plan_of(chain), clock_of(chain), report, exit_of(chain))
    turner.stress(stress_parts(tuple(stress), report))
    return turner


def _scenario(
    chain: Sequence[Place],
    county: County,
    tables: dict[str, TableData],
    chosen: Policy,
    final: Setting,
    decision_month: int | None,
    overrides: tuple[str, ...],
) -> Scenario:
    """Return the scenario of a place and a policy, once all is resolved."""
    return Scenario(
        chain[0].id,
        chosen.id,
        chain[0].names,
        chosen.names,
        chosen.meaning,
        county,
        _rules(final, tables),
        _all_series(chain, final),
        tables,
        tuple(_info(lever) for lever in final.in_force().values()),
        decision_month,
        overrides,
        plan_of(chain),
        transition_of(chain),
        off=tuple(lever for lever in final.levers.values() if not lever.enabled),
    )


def _policy(name: str, base: Setting, levels: Mapping[str, str], report: Report) -> Policy:
    """Return a policy, or an arm of a scenario set as one: its base with the set's levers from support kept on."""
    file, called = split_arm(name)
    if not file:
        return apply_policy(name, base, levels, report)
    scenario_set = read_set(file, report)
    arm = scenario_set.arm(called)
    if arm is None:
        known = [one.id for one in scenario_set.arms]
        report.add("load", "policy", f"unknown arm '{called}' of {scenario_set.id}", listing(known), nearest(called, known))
        report.stop()
    assert arm is not None
    return _arm(scenario_set, arm, base, levels, report)


def _arm(scenario_set: ScenarioSet, arm: Part, base: Setting, levels: Mapping[str, str], report: Report) -> Policy:
    """Return an arm as a policy."""
    under = apply_policy(scenario_set.base, base, levels, report)
    called = f"{scenario_set.id}/{arm.id}"
    meaning, clean = scenario_set.question.get("en", ""), frozenset(scenario_set.levers)
    return replace(under, id=called, names=arm.names, meaning=meaning, parts=(arm,), clean=clean)


def set_problems(place: str, name: str, levers: Sequence[str | PathLike[str]] = ()) -> tuple[Problem, ...]:
    """Return all that is wrong with a set: its own structure, and what its arms and stresses turn in a place.

    Args:
        place: a place with one county.
        name: a shipped set, or the path of a YAML file.
        levers: files of levers of your own.
    """
    report = Report()
    try:
        found = read_set(name, report)
        chain = read_chain(place, report)
        levels = {part.id: part.level for part in chain}
        setting = _setting(chain, levels, levers, report)
        turner = Turner(setting, plan_of(chain), clock_of(chain), report, exit_of(chain))
        for arm in found.arms:
            turner.turn(_arm(found, arm, turner.base, levels, report), [])
        turner.stress(found.stress)
    except ScenarioError as error:
        return tuple(dict.fromkeys((*report.problems, *error.problems)))
    return tuple(report.problems)


def _setting(chain: Sequence[Place], levels: Mapping[str, str], own: Sequence[str | PathLike[str]], report: Report) -> Setting:
    """Return the values and entries of a place, before any policy."""
    setting = Setting(_values(chain, report), _levers(chain, levels, own, report))
    for part in reversed(chain):
        setting, _ = apply_changes(part.overrides, setting, part.level, report)
    return setting


def _levers(
    chain: Sequence[Place], levels: Mapping[str, str], own: Sequence[str | PathLike[str]], report: Report
) -> dict[str, LeverEntry]:
    """Return the entries of a place, the user's own before the shipped ones, marked as to whether they are in force."""
    found = read_levers(lever_files(), levels, report)
    files = [read_yaml(Path(path), fspath(path)) for path in own]
    found |= read_levers(files, levels, report, own=True) if files else {}
    every = any(part.in_force == EVERY for part in chain)
    return dict(sorted(mark_force(found, plan_of(chain), chain[0].id if chain else "", every).items()))


def _check_budgets(setting: Setting, report: Report) -> None:
    """Note budget rules of accounts on which no lever draws, and second rules of one account."""
    used = sorted({lever.account for lever in setting.in_force().values() if lever.mechanism not in MONEY})
    seen: dict[str, str] = {}
    for lever in setting.in_force().values():
        if lever.mechanism != "budget_rule":
            continue
        if lever.account not in used:
            given = f"'{lever.account}', on which no lever draws"
            report.add("levers", f"{lever.id}.account", given, listing(used), nearest(lever.account, used))
        if lever.account in seen:
            given = f"'{lever.account}', which {seen[lever.account]} limits"
            report.add("levers", f"{lever.id}.account", given, "one budget rule an account")
        seen[lever.account] = lever.id


def first_difference(first: Dated, second: Dated) -> int | None:
    """Return the first month in which two dated values differ, from 2000-01 to 2060-12; None when none does."""
    if first == second:
        return None
    return next((month for month in range(FIRST_MONTH, LAST_MONTH + 1) if first.at(month) != second.at(month)), None)


def _values(chain: Sequence[Place], report: Report) -> dict[str, Series]:
    """Take every value from the nearest place that gives it."""
    found = {name: next((part.values[name] for part in chain if name in part.values), None) for name in PARAMETERS}
    missing = [name for name, series in found.items() if series is None]
    if missing and not report.problems:
        report.add(_files(chain), "values", f"no file gives {listing(missing)}", "every value that the engine needs")
    return {name: series for name, series in found.items() if series is not None}


def _tables(chain: Sequence[Place], report: Report) -> dict[str, TableData]:
    """Take every table from the nearest place that gives it."""
    found = {name: next((part.tables[name] for part in chain if name in part.tables), None) for name in TABLES}
    missing = [name for name, table in found.items() if table is None]
    if missing and not report.problems:
        report.add(_files(chain), "tables", f"no file gives {listing(missing)}", "every table that the engine needs")
    return {name: table for name, table in found.items() if table is not None}


def _county(chain: Sequence[Place], report: Report) -> County:
    """Return the county that the place describes."""
    figures = chain[0].county if chain else {}
    if chain and chain[0].counties:
        given = f"{len(chain[0].counties)} counties"
        hint = f"`fangpin run place={chain[0].id}` simulates all of them"
        report.add(chain[0].id, "counties", given, f"one county: {listing(one.id for one in chain[0].counties)}", hint)
        return County(1, 1, 1)
    if any(key not in figures for key in COUNTY):
        if not report.problems:
            hint = "choose a place, not a province or the nation"
            report.add(_files(chain[:1]), "county", "missing", f"{listing(COUNTY)} of the county", hint)
        return County(1, 1, 1)
    households, villages, townships = (int(figures[key].value) for key in COUNTY)
    former = int(figures["former_poor_county"].value) if "former_poor_county" in figures else 0
    return County(households, villages, townships, chain[0].number, former)


def _files(chain: Sequence[Place]) -> str:
    """Name the places of a chain."""
    return " > ".join(part.id for part in chain) or "place"


def _rules(setting: Setting, tables: dict[str, TableData]) -> Rules:
    """Return the engine's objects."""
    values = {name: series.dated() for name, series in setting.values.items()}
    levers = tuple(lever.rule() for lever in setting.in_force().values())
    return Rules(values, {name: table.values for name, table in tables.items()}, levers)


def _all_series(chain: Sequence[Place], setting: Setting) -> dict[str, Series]:
    """Return every figure by its key."""
    units = dict.fromkeys(TRAITS, "flag")
    found = {f"county.{name}": cited_series(figure, units.get(name, name)) for name, figure in chain[0].county.items()}
    found |= {f"values.{name}": series for name, series in setting.values.items()}
    for lever in setting.in_force().values():
        found |= {f"levers.{lever.id}.{name}": series for name, series in lever.fields.items()}
    return found


def _info(lever: LeverEntry) -> LeverInfo:
    """Return what a reader wants to know of a lever; clauses and group are the clause book's where it has the lever."""
    said = plan_book().lever(lever.id)
    clauses = {**plan_book().clauses(lever.id), **lever.clauses}
    group = said.group if said else lever.group
    return LeverInfo(lever.id, lever.names, lever.mechanism, lever.text, lever.account, lever.level, lever.place, clauses, group)


def _decision_month(final: Setting, kept: Setting, policy: Policy) -> int | None:
    """Return the first month at which a policy differs from the one that keeps everything."""
    months = [first_difference(final.values[name].dated(), kept.values[name].dated()) for name in final.values]
    ours, theirs = final.in_force(), kept.in_force()
    for key in sorted({*ours, *theirs}):
        months += _lever_differences(ours.get(key), theirs.get(key), policy)
    found = [month for month in months if month is not None]
    return min(found) if found else None


def _lever_differences(lever: LeverEntry | None, other: LeverEntry | None, policy: Policy) -> Iterable[int | None]:
    """Return the months at which two versions of a lever begin to differ, counted while one is in force."""
    if lever is None or other is None:
        alone = lever or other
        return [] if alone is None else [alone.rule().start]
    one, two = lever.rule(), other.rule()
    begins = min(one.start, two.start)
    months = [first_difference(one.values[name], two.values[name]) for name in one.values]
    words = [name for name in one.words if one.words[name] != two.words.get(name)]
    months += [policy.chosen.get(f"{lever.id}.{name}", begins) for name in words]
    months += _turn_differences(one, two)
    if _plain(one) != _plain(two):
        months.append(begins)
    found: list[int | None] = [max(month, begins) for month in months if month is not None]
    if one.start != two.start:
        found.append(begins)
    if one.end != two.end:
        found.append(min(one.end, two.end))
    return found


def _plain(rule: Lever) -> Lever:
    """Return a lever without what is dated or chosen."""
    return replace(rule, values={}, words={}, start=0, end=0, turns=())


def _turn_differences(one: Lever, two: Lever) -> list[int | None]:
    """Return the first month in which choices or conditions that turn differ."""
    months = sorted({turn.month for lever in (one, two) for turn in lever.turns})
    differ = [month for month in months if one.who_in(month) != two.who_in(month) or one.words_in(month) != two.words_in(month)]
    return list(differ[:1])
