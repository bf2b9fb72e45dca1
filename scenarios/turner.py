"""What turns the knobs of a scenario: the plan of its place, its policy, and changes by hand, in this order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from scenarios.clock import Clock, ended
from scenarios.knob import read_knobs
from scenarios.lever import LeverEntry
from scenarios.override import apply_overrides, names_no_figure
from scenarios.place import Place
from scenarios.policy import Policy, Setting
from scenarios.problems import Report
from scenarios.scenarioset import Part
from scenarios.settings import Table, Turned, is_knob, plan_settings, read_by_hand, read_settings
from scenarios.shipped import knob_files, lever_ids
from scenarios.transition import transition_of
from scenarios.turning import apply_settings
from scenarios.yamlfile import Node


def clock_of(chain: Sequence[Place]) -> Clock:
    """Return the months that settings in a place count by."""
    transition = transition_of(chain)
    return Clock(after=transition.after) if transition else Clock()


def exit_of(chain: Sequence[Place]) -> int | None:
    """Return the month of a place's exit from poverty; None where it is not known."""
    transition = transition_of(chain)
    return transition.exit if transition else None


class Turner:
    """Applies policies and changes by hand to the setting of one place."""

    def __init__(self, base: Setting, plan: str, clock: Clock, report: Report, left: int | None = None) -> None:
        """Read the knobs.

        Args:
            base: the place's own figures and levers.
            plan: id of its plan, empty where it has none.
            clock: its months.
            report: collects problems.
            left: month of the place's exit from poverty; None where it is not known.
        """
        self.left = left
        self.base = base
        self.clock = clock
        self.report = report
        book = read_knobs(knob_files(), base.levers, lever_ids(), report)
        self.table = Table(book, base.levers, plan, clock)

    def stress(self, parts: Sequence[Part]) -> None:
        """Let the place live through stresses, under every policy: its own figures change.

        Args:
            parts: settings of each stress.
        """
        layers = [read_settings(part.items, replace(self.table, source=part.source), self.report) for part in parts]
        for layer in layers:
            self.base = apply_settings([layer], self.base, self.base, self.report)
        self.table = replace(self.table, levers=self.base.levers)

    def turn(self, policy: Policy, overrides: Sequence[str]) -> Setting:
        """Return what a policy and changes by hand make of the place.

        Args:
            policy: with its own changes already made.
            overrides: changes of levers and knobs by hand.
        """
        table = replace(self.table, levers=policy.setting.levers)
        table = replace(table, clock=self._clock(policy, overrides, table))
        by_hand = [text for text in overrides if is_knob(text, table.book, table.levers) and not names_no_figure(text)]
        documented = plan_settings(table, self.report) if policy.plan else []
        ours = read_settings(policy.settings, table, self.report)
        layers = [
            [turned for turned in documented if turned.knob.lever not in policy.clean],
            [turned for turned in ours if turned.knob.lever not in policy.clean],
            *(read_settings(part.items, replace(table, source=part.source), self.report) for part in policy.parts),
            read_by_hand(by_hand, table, self.report),
        ]
        setting = self._turned(layers, policy, table.clock)
        return apply_overrides(setting, (text for text in overrides if text not in by_hand), self.report)

    def _clock(self, policy: Policy, overrides: Sequence[str], table: Table) -> Clock:
        """Return the clock that a policy, an arm or a change by hand sets: all other dates are read by it."""
        clocks = {key for key, knob in table.book.knobs.items() if knob.kind == "clock"}
        layers: list[Mapping[str, Node]] = [policy.settings, *(part.items for part in policy.parts)]
        found = [
            turned for items in layers for turned in self._read_clocks({k: v for k, v in items.items() if k in clocks}, table)
        ]
        texts = [text for text in overrides if text.partition("=")[0].strip() in clocks]
        clock = table.clock
        for turned in [*found, *read_by_hand(texts, table, self.report)]:
            if turned.path.points:
                clock = ended(clock, turned.knob.words.get(str(turned.path.points[-1][1]), ""), self.left)
        return clock

    def _read_clocks(self, items: Mapping[str, Node], table: Table) -> list[Turned]:
        """Read settings of clocks."""
        return read_settings(items, replace(table, source="assumption: a what-if"), self.report)

    def _turned(self, layers: Sequence[Sequence[Turned]], policy: Policy, clock: Clock) -> Setting:
        """Apply the layers and end what ends with the transition."""
        base = Setting(self.base.values, {**policy.setting.levers, **self.base.levers})
        setting = apply_settings(layers, base, policy.setting, self.report)
        return replace(setting, levers={key: _ended(entry, clock) for key, entry in setting.levers.items()})


def _ended(entry: LeverEntry, clock: Clock) -> LeverEntry:
    """End an entry with the transition where it says so."""
    return replace(entry, end=clock.after) if entry.time_limited and entry.end is None else entry
