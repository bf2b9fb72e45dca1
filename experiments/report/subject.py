"""What a report is about: a stored folder, and what its files say. Nothing is simulated; parts are read when first asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.intervals import Estimate
from experiments.labels import Label, Lang
from experiments.report.document import Value, value_of
from experiments.results import UNNAMED, Results
from experiments.stored import Stored, open_stored
from scenarios.cell import split_cell

if TYPE_CHECKING:
    from experiments.chains import Falls
    from experiments.compare.figures import Line
    from experiments.compare.money import CostRow, Ranked, Trade
    from experiments.compare.outcomes import Paired
    from experiments.compare.shares import Share
    from experiments.compare.who import Who
    from experiments.fans import Forecast
    from experiments.goal import GoalRow
    from experiments.targets import Judgement

RUN, SWEEP, FORECAST = "run", "sweep", "forecast"
DETAILED = 12
"""Policies that are looked at household by household; of larger sweeps the first so many, with base and the page's."""
SHOWN = 4
"""Policies whose tables stand in the text; those of more stand in the workbook."""
LEADING = 3
"""Policies that the answer names one by one."""


@dataclass
class Subject:
    """A folder of runs as a report sees it.

    Attributes:
        folder: the folder.
        lang: language of the report.
        base: policy to compare with; empty for the study's own.
        page: policy of the bureau's page; empty for what the plan says.
        boundaries: file of polygons for a map; None without one.
    """

    folder: Path
    lang: Lang
    base: str = ""
    page: str = ""
    boundaries: Path | None = None

    @cached_property
    def stored(self) -> Stored:
        """The runs."""
        found = open_stored(self.folder)
        return found.against(self.base) if self.base else found

    @cached_property
    def results(self) -> Results:
        """Counts and costs."""
        return self.stored.results()

    @property
    def policy(self) -> str:
        """The policy of the bureau's page and of the targets."""
        return self.page or self.stored.study.factual

    @property
    def policies(self) -> tuple[str, ...]:
        """All policies, in the order of the study."""
        return self.stored.study.policies

    @property
    def others(self) -> tuple[str, ...]:
        """The policies that are compared with the base."""
        return tuple(policy for policy in self.policies if policy != self.stored.study.base)

    @cached_property
    def detailed(self) -> tuple[str, ...]:
        """The policies that are looked at household by household."""
        policies = self.policies
        chosen = {self.stored.study.base, self.policy, *(policies if len(policies) <= DETAILED else policies[:DETAILED])}
        return tuple(policy for policy in policies if policy in chosen)

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """The policies whose tables stand in the text: all where they are few, else base, page and the first others."""
        first = tuple(dict.fromkeys((self.policy, self.stored.study.base, *self.policies)))
        return tuple(policy for policy in self.policies if policy in first[:SHOWN])

    @cached_property
    def kind(self) -> str:
        """What made the folder: a forecast, a sweep or a run."""
        from experiments.frozen import frozen_in

        if frozen_in(self.folder):
            return FORECAST
        return SWEEP if any(split_cell(policy).changes for policy in self.policies) else RUN

    @cached_property
    def place(self) -> str:
        """What the place is called."""
        return self.results.place.said(self.lang)

    @property
    def span(self) -> str:
        """The years."""
        years = self.results.years
        return f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0])

    @property
    def heads(self) -> tuple[str, ...]:
        """The years as heads of tables, an incomplete one with its months."""
        results = self.results
        return tuple(
            str(year) if results.months_in(year) == 12 else f"{year} (1-{results.months_in(year)})" for year in results.years
        )

    @property
    def repeats(self) -> int:
        """How many repetitions are whole."""
        return len(self.results.replications)

    def say(self, zh: str, en: str) -> str:
        """Return the text in the report's language."""
        return zh if self.lang == "zh" else en

    def said(self, label: Label) -> str:
        """Return a label in the report's language."""
        return label.said(self.lang)

    def numbered(self, what: str, policy: str) -> str:
        """Return the name of one policy's table among those of all policies."""
        return f"{what}_{self.policies.index(policy) + 1}"

    def name(self, policy: str) -> str:
        """Return what a policy or lever is called."""
        return self.results.name(policy).said(self.lang)

    def value(self, key: str, found: Estimate, digits: int, unit: Label = UNNAMED, scale: float = 1.0) -> Value:
        """Return an estimate as a value in the report's language."""
        return value_of(key, found, digits, unit.said(self.lang), scale)

    # what the files say ---------------------------------------------------------------------------------------------

    @cached_property
    def lines(self) -> list[Line]:
        """The bureau's page of its policy."""
        from experiments.compare.bureau import bureau_lines

        return bureau_lines(self.stored, self.results, (self.policy,))

    @cached_property
    def pairs(self) -> list[Paired]:
        """Every outcome of every policy against the base."""
        from experiments.compare.outcomes import paired_rows

        return paired_rows(self.results)

    @cached_property
    def who(self) -> list[Who]:
        """Households that fall under one policy alone."""
        from experiments.compare.who import who_rows

        return who_rows(self.stored, "net", self.detailed)

    @cached_property
    def shares(self) -> list[Share]:
        """Falls and income by class."""
        from experiments.compare.shares import share_rows

        return share_rows(self.stored, self.detailed)

    @cached_property
    def costs(self) -> list[CostRow]:
        """What each account paid."""
        from experiments.compare.money import cost_rows

        return cost_rows(self.stored, self.detailed)

    @cached_property
    def trades(self) -> list[Trade]:
        """What each policy averts and costs."""
        from experiments.compare.money import trades

        return trades(self.results)

    @cached_property
    def ranks(self) -> list[Ranked]:
        """The policies by cost."""
        from experiments.compare.money import ranking

        return ranking(self.results)

    @cached_property
    def goal(self) -> list[GoalRow]:
        """How likely rates stay below thresholds."""
        from experiments.goal import goal_rows, place_and_counties
        from experiments.store import Store

        return goal_rows(place_and_counties(self.stored.plan(), Store(self.stored.root)))

    @cached_property
    def plan_id(self) -> str:
        """The plan that holds in the place; empty for none."""
        found: str = self._scenario.get("plan", "")
        return found

    @cached_property
    def _scenario(self) -> dict[str, Any]:
        """The resolved scenario of the page's policy in the first county."""
        return self.stored.of(self.policy, self.stored.repeats[0])[0].scenario()

    @cached_property
    def judgements(self) -> list[Judgement]:
        """Whether targets of the place's plan are kept, policy by policy; none where there is no plan."""
        from experiments.evidence import read_evidence
        from experiments.targets import judge
        from scenarios.planbook import plan_book

        if not self.plan_id:
            return []
        chosen = [target for target in plan_book().targets.values() if self.plan_id in target.plans]
        wanted = self.detailed
        return judge([one for one in read_evidence(self.folder) if one.policy in wanted], chosen)

    @cached_property
    def falls(self) -> Falls | None:
        """The falls one by one; None where the files do not hold them or there are too many policies."""
        from experiments.chains import read_falls

        if len(self.policies) > DETAILED:
            return None
        try:
            return read_falls(self.folder)
        except FileNotFoundError:
            return None

    @property
    def forecast(self) -> Forecast | None:
        """The frozen forecast with most repetitions; None where there is none."""
        return None if self.frozen is None else self.frozen[1]

    @cached_property
    def frozen(self) -> tuple[Path, Forecast] | None:
        """The folder of that forecast, and the forecast."""
        from experiments.frozen import frozen_in, read_frozen

        found = [(one, read_frozen(one)) for one in frozen_in(self.folder)]
        return max(found, key=lambda pair: len(pair[1].repeats)) if found else None


def open_subjects(
    folders: Sequence[Path], lang: Lang, base: str = "", page: str = "", boundaries: Path | None = None
) -> list[Subject]:
    """Return the subjects of some folders, opened, so that what they lack is told before anything is written.

    A frozen forecast inside a folder stands for its folder.

    Raises:
        NoRuns: if one holds no study or no whole repetition.
        Unmeant: if ``base`` or ``page`` means no policy of one of them.
    """
    found = []
    for folder in folders:
        subject = Subject(_root(folder), lang, boundaries=boundaries)
        subject.base, subject.page = (_meant(key, word, subject) for key, word in (("base", base), ("policy", page)))
        vars(subject).pop("stored", None)
        found.append(subject)
    return found


class Unmeant(Exception):
    """A word that means no policy of a folder."""

    def __init__(self, key: str, given: str, folder: Path, policies: Sequence[str]) -> None:
        """Keep what was given and what there is."""
        super().__init__(given)
        self.key, self.given, self.folder, self.policies = key, given, folder, tuple(policies)


def _meant(key: str, word: str, subject: Subject) -> str:
    """Return the policy that a word means."""
    from experiments.sweep import find_cell

    policies = subject.stored.study.policies
    if not word:
        return ""
    found = find_cell(policies, word)
    if not found:
        raise Unmeant(key, word, subject.folder, policies)
    return found[0]


def _root(folder: Path) -> Path:
    """Return the folder of the study: a frozen forecast lies two below it."""
    from experiments.frozen import TOLD

    above = folder.resolve().parent.parent
    return above if (folder / TOLD).is_file() and (above / "study.json").is_file() else folder
