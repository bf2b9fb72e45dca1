"""Checks of the model against itself, each able to fail: what a sound model must give whatever its parameters say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from experiments.checks.bench import Bench
from experiments.checks.books import ledger, threads_and_chunks, variance_budget, wages
from experiments.checks.control import identical_households
from experiments.checks.counties import counties_together
from experiments.checks.hazards import flat_hazards
from experiments.checks.lines import mass_at_lines
from experiments.checks.people import admissions, bills, vital_events
from experiments.checks.registry import perfect_detection
from experiments.checks.row import Row
from experiments.checks.timing import ends_by_month, late_cut_warning
from experiments.checks.townships import over_dispersion
from experiments.checks.withdrawal import before_decision, morning_after, placebo, shortfall_order

CHECKS: dict[str, Callable[[Bench], list[Row]]] = {
    "identical_households": identical_households,
    "hazards": flat_hazards,
    "placebo": placebo,
    "registry": perfect_detection,
    "townships": over_dispersion,
    "counties": counties_together,
    "ends": ends_by_month,
    "lines": mass_at_lines,
    "late_cuts": late_cut_warning,
    "morning_after": morning_after,
    "decision": before_decision,
    "shortfall": shortfall_order,
    "ledger": ledger,
    "threads": threads_and_chunks,
    "births_and_deaths": vital_events,
    "admissions": admissions,
    "bills": bills,
    "variance": variance_budget,
    "wages": wages,
}
"""Checks by name, in the order of the table."""


def run_checks(bench: Bench, names: Sequence[str] = tuple(CHECKS)) -> Iterator[Row]:
    """Yield the results of the named checks, of all by default; the bench's progress counts checks."""
    for name in names:
        bench.progress.say(name)
        yield from CHECKS[name](bench)
        bench.progress.advance(1)
