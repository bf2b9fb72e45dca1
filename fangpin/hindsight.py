"""Hindcasts: the request without later knowledge, and what is said of it on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.hindsight import Hindsight, hindsight_of, told
from experiments.labels import Label
from fangpin.screen import Screen
from scenarios.cited import show_month

if TYPE_CHECKING:
    from experiments.study import Plan
    from fangpin.forecastwords import Wanted
    from scenarios.problems import Problem

TOLD_KEYS = 12
"""Inputs named on the screen; all of them stand in the table."""


def without_hindsight(wanted: Wanted) -> tuple[Wanted, Hindsight, list[Problem]]:
    """Return the request with inputs and default values as they were known, what was done, and what stands in the way.

    The request comes back as it is where its scenarios cannot be loaded: that is told with all else when the plan is made.
    """
    from fangpin.planning import load_counties
    from fangpin.posterior import later_than, settled
    from scenarios import ScenarioError, observations_of

    asof = wanted.asof
    assert asof is not None
    try:
        study = settled(wanted.request.study)
        scenarios = [one for _, loaded in load_counties(study) for one in loaded.values()]
        facts = observations_of(study.place)
    except ScenarioError:
        return wanted, Hindsight(), []
    hindsight = hindsight_of(scenarios, facts, asof, study.overrides, wanted.inputs)
    if _unsaid(study.parameters):
        stays = {**hindsight.chosen_with, f"parameters={Path(study.parameters).name}": ("data that it does not name",)}
        hindsight = hindsight._replace(chosen_with=stays)
    held = replace(study, overrides=(*study.overrides, *hindsight.changes(asof)))
    return replace(wanted, request=replace(wanted.request, study=held)), hindsight, later_than(study.parameters, asof)


def _unsaid(source: str) -> bool:
    """Return whether parameter draws do not say what data they rest on: whether these are later cannot be known."""
    from fangpin.posterior import waves_of

    return source not in ("", "priors") and not waves_of(source)


def plan_to_tell(plan: Plan, wanted: Wanted, hindsight: Hindsight) -> Plan:
    """Return the plan as its start is told: without the changes of the hindcast, which are told apart, in a table."""
    ours = set(hindsight.changes(wanted.asof)) if wanted.asof is not None else set()
    left = tuple(one for one in plan.study.overrides if one not in ours)
    return replace(plan, study=replace(plan.study, overrides=left))


def tell_hindsight(screen: Screen, wanted: Wanted, hindsight: Hindsight) -> None:
    """Say which inputs are later than the month of knowledge, which are held, and what cannot be taken back."""
    if wanted.asof is None:
        return
    month = show_month(wanted.asof)
    held = list(dict.fromkeys(one.key for one in hindsight.later if one.held))
    policy = list(dict.fromkeys(one.key for one in hindsight.later if one.why == "policy"))
    apart = list(dict.fromkeys(one.key for one in hindsight.later if one.why and one.why != "policy"))
    screen.heading(Label(f"截至{month}所知：之后的观测一律隐藏", f"as known at {month}: what was observed later is hidden"))
    screen.line(
        Label(
            f"默认情景中 {len(held)} 项输入有此后的取值，均不采用：{_some(held)}",
            f"{len(held)} inputs of the scenario have later figures, which are not used: {_some(held)}",
        )
    )
    if policy:
        text = f"由政策规定、作为预测条件保留 {len(policy)} 项：{_some(policy)}"
        screen.line(Label(text, f"set by policies and kept, as the condition of the forecast: {len(policy)}: {_some(policy)}"))
    if apart:
        text = f"并非各县都有、未能固定 {len(apart)} 项：{_some(apart)}"
        screen.line(Label(text, f"not in every county or policy, and so not held: {len(apart)}: {_some(apart)}"))
    for line in told(hindsight.plain()):
        screen.line(line)
    if hindsight.sources:
        count = len(hindsight.sources)
        screen.line(
            Label(
                f"无法撤回：{count} 项此前取值的来源晚于当月（列于 forecast.json）",
                f"not taken back: {count} earlier figures whose source is later (listed in forecast.json)",
            )
        )


def _some(names: Sequence[str]) -> str:
    """Return the first few names."""
    return ", ".join(names[:TOLD_KEYS]) + (" …" if len(names) > TOLD_KEYS else "")
