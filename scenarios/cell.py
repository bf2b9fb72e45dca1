"""Cells: a policy with options of groups, kept levers, changes by hand: ``documented;premium=linear;values.job_finding=0.2``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from scenarios.group import Option, open_option
from scenarios.policy import Policy, Setting
from scenarios.problems import Report, nearest

KEEP = "keep"
"""The change that leaves levers as support kept has them: ``keep=public_welfare_jobs+ecological_rangers``."""
SEPARATOR = ";"
"""Between the policy and its changes in the name of a cell."""


@dataclass(frozen=True)
class Cell:
    """One point of a sweep.

    Attributes:
        policy: a shipped policy, the path of a file, or an arm of a set: what the changes build on.
        changes: ``group=option``, ``keep=lever+lever`` or a change by hand, ``lever.knob=0.5``, in order.
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
        return tuple((group, option) for group, option in self._words if group != KEEP)

    @property
    def kept(self) -> tuple[str, ...]:
        """The levers that stay as support kept has them: ids of levers or of entries."""
        return tuple(lever.strip() for word, levers in self._words if word == KEEP for lever in levers.split("+"))

    @property
    def _words(self) -> list[tuple[str, str]]:
        """The changes that are not by hand, cut at the sign."""
        parts = (change.partition("=") for change in self.changes if not is_by_hand(change))
        return [(word.strip(), said.strip()) for word, _, said in parts]


def is_by_hand(change: str) -> bool:
    """Return whether a change is one by hand, not the choice of an option."""
    return "." in change.partition("=")[0]


def keep_levers(final: Setting, kept: Setting, cell: Cell, report: Report) -> Setting:
    """Return a setting in which some levers are as support kept has them.

    Args:
        final: what the policy makes of the place.
        kept: what support kept makes of it.
        cell: which levers.
        report: collects problems: levers that the place does not have.
    """
    levers = dict(final.levers)
    for name in cell.kept:
        found = [key for key in kept.levers if key == name or key.startswith(f"{name}.")]
        if not found:
            report.add("command line", KEEP, f"'{name}'", "levers or entries of the place", nearest(name, kept.levers))
        levers |= {key: kept.levers[key] for key in found}
    return replace(final, levers=levers)


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
        names=_names(policy, options, cell.kept, cell.by_hand),
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


def _names(policy: Policy, options: Sequence[Option], kept: Sequence[str], by_hand: Sequence[str]) -> Mapping[str, str]:
    """Return what a cell is called: its options by name, its changes by hand as given."""
    found = {}
    for language, comma, keep in (("zh", "；", "保留"), ("en", "; ", "kept: ")):
        parts = [option.part.names.get(language, option.part.id) for option in options]
        parts += [f"{keep}{'+'.join(kept)}"] if kept else []
        found[language] = comma.join([policy.names.get(language, policy.id), *parts, *by_hand])
    return found
