"""The registry: with perfect detection it holds exactly those whose alert fired."""

from __future__ import annotations

from experiments.checks.bench import Bench
from experiments.checks.edits import with_lever, with_values, without_moves
from experiments.checks.row import Row, exact
from experiments.labels import Label
from sim.rules import Rules

WATCHED = 30
"""Months watched."""


def perfect(rules: Rules) -> Rules:
    """Return rules under which everybody reports at once, staff is plenty and nobody errs.

    Raises:
        KeyError: if the place has no self-report channel or verification.
    """
    sure = with_values(rules, verification_error=0.0, seen_ratio=1.0)
    sure = with_lever(sure, "self_report_channel", probability=1.0, false_alarms=0.0)
    plenty = {"staff": 1e6, "field_days": 0.0, "miss": 0.0, "tolerance": 0.0, "sudden_margin": 1.0}
    return with_lever(sure, "suspect_verification", **plenty)


def perfect_detection(bench: Bench, **flaw: float) -> list[Row]:
    """Check that perfect detection makes the registry equal the truth.

    Args:
        bench: the county.
        flaw: fields of the verification that stay imperfect: planted faults.
    """
    try:
        rules = without_moves(perfect(bench.checked))
    except KeyError:
        return []
    if flaw:
        rules = with_lever(rules, "suspect_verification", **flaw)
    seen = [_watch(bench, rules, seed) for seed in bench.seeds]
    name = Label(
        "完全识别：登记册与实际不一致的户·月", "perfect detection: household-months in which registry and truth disagree"
    )
    held = sum(held for _, held in seen)
    return [exact("perfect_detection", name, sum(wrong for wrong, _ in seen), Label("0户·月", "0 household-months"), held)]


def _watch(bench: Bench, rules: Rules, seed: int) -> tuple[int, int]:
    """Return household-months in which registry and truth disagree, and those in the registry."""
    model = bench.start(rules, seed, WATCHED)
    held = model.state.households["monitored"] == 1
    wrong = months = 0
    for _ in range(WATCHED):
        model.step()
        now = model.state.households
        cleared = now["cleared_month"] == model.month
        held = (held | (now["trigger"] > 0)) & ~cleared & (now["members"] > 0)
        wrong += int((held != (now["monitored"] == 1)).sum())
        months += int(held.sum())
    return wrong, months
