"""Cells: a policy with options of groups and changes by hand, ``documented;premium=linear;values.job_finding=0.2``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from scenarios.group import Option, open_option
from scenarios.policy import Policy
from scenarios.problems import Report

SEPARATOR = ";"
"""Between the policy and its changes in the name of a cell."""


@dataclass(frozen=True)
class Cell:
    """One point of a sweep.

    Attributes:
        policy: a shipped policy, the path of a file, or an arm of a set: what the changes build on.
        changes: ``group=option`` or a change by hand, ``lever.knob=0.5``, in order.
    """

    policy: str
    changes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name by which `scenarios.load` and the tables know the cell."""
        return SEPARATOR.join([self.policy, *self.changes])

    @property
    def by_hand(self) -> tuple[str, ...]:
        """The changes by hand: their keys have a dot."""
        return tuple(change for change in self.changes if is_by_hand(change))

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """Group and option of the other changes."""
        parts = (change.partition("=") for change in self.changes if not is_by_hand(change))
        return tuple((group.strip(), option.strip()) for group, _, option in parts)


def is_by_hand(change: str) -> bool:
    """Return whether a change is one by hand, not the choice of an option."""
    return "." in change.partition("=")[0]


def split_cell(name: str) -> Cell:
    """Return the cell that a name stands for; a plain policy is a cell without changes."""
    policy, *changes = name.split(SEPARATOR)
    return Cell(policy, tuple(change.strip() for change in changes if change.strip()))


def with_options(policy: Policy, cell: Cell, report: Report) -> Policy:
    """Return a policy with the options of a cell on top, and names that say so.

    Args:
        policy: the cell's policy.
        cell: the cell.
        report: collects problems: unknown groups and options, one key that two options set.
    """
    if not cell.changes:
        return policy
    found = [open_option(group, option, report) for group, option in cell.choices]
    options = [option for option in found if option is not None]
    _note_twice(options, report)
    return replace(
        policy,
        id=cell.name,
        names=_names(policy, options, cell.by_hand),
        parts=(*policy.parts, *(option.part for option in options)),
        clean=policy.clean.union(*(option.clean for option in options)),
    )


def _note_twice(options: Sequence[Option], report: Report) -> None:
    """Note a key that the options of two groups set."""
    held: dict[str, str] = {}
    for option in options:
        for key in option.part.items:
            if key in held:
                given = f"set by {held[key]} and by {option.group}"
                report.add("command line", key, given, "one group that sets it", f"leave out {option.group}=")
            held[key] = option.group


def _names(policy: Policy, options: Sequence[Option], by_hand: Sequence[str]) -> Mapping[str, str]:
    """Return what a cell is called: its options by name, its changes by hand as given."""
    found = {}
    for language, comma in (("zh", "；"), ("en", "; ")):
        parts = [option.part.names.get(language, option.part.id) for option in options]
        found[language] = comma.join([policy.names.get(language, policy.id), *parts, *by_hand])
    return found
