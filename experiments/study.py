"""What one command asks for: a place, its policies, a size, replications; and the runs that this takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from experiments.canonical import content_hash
from experiments.draws import NO_CHANGE, Draw
from experiments.engine import FIRST_MONTH, engine_hash
from experiments.harmless import WIDEST_PLACE, shown_names
from experiments.seeds import replication_seed
from experiments.task import POINT, Task

Repeat = tuple[str, int]
"""Name of a parameter draw and number of a replication: one repetition of every policy."""


SYNTHETIC, PERSON_LEVEL = "synthetic", "person_level"
POPULATIONS = (SYNTHETIC, PERSON_LEVEL)
"""Where the simulated persons come from: drawn from published figures, or from rows of real persons."""


@dataclass(frozen=True)
class Study:
    """A comparison of policies in one place.

    Attributes:
        place: name of the place.
        policies: names of the policies, in the order of tables and charts.
        households: rural households of each simulated county; ``None`` simulates whole counties.
        months: months from 2021-01.
        replications: independent repetitions, each with its own luck.
        seed: the user's seed.
        overrides: changes of every policy, such as ``premium_dibao.share=0.5``.
        levers: files of levers of one's own.
        stress: what all policies live through, ``set/stress`` each.
        parameters: where parameter draws come from, one for each replication (`experiments.draws.open_parameters`); empty for the
            scenario's own values.
        reference: the policy that the others are compared with, where it is not the usual one.
        records: years of record of runs that keep a panel (`experiments.task.Task.records`).
        population: one of `POPULATIONS`; tables of ``person_level`` pass a gate before they are published.
        founders: file of a population grown from a survey (`scenarios.founders`); empty where founders are drawn by type.
    """

    place: str = "nanyang"
    policies: tuple[str, ...] = ("documented", "kept")
    households: int | None = None
    months: int = 60
    replications: int = 8
    seed: int = 1
    overrides: tuple[str, ...] = ()
    levers: tuple[str, ...] = ()
    stress: tuple[str, ...] = ()
    parameters: str = ""
    reference: str = ""
    records: tuple[int, ...] = ()
    population: str = SYNTHETIC
    founders: str = ""

    @property
    def base(self) -> str:
        """The policy that the others are compared with: the one asked for, else ``kept`` where it takes part, else the first."""
        if self.reference:
            return self.reference
        return "kept" if "kept" in self.policies else self.policies[0]

    @property
    def factual(self) -> str:
        """The policy that is compared with what was observed: ``documented`` where it takes part, else the first."""
        return "documented" if "documented" in self.policies else self.policies[0]

    @property
    def last_month(self) -> int:
        """The month number of the last simulated month."""
        return FIRST_MONTH + self.months - 1

    def identity(self) -> dict[str, Any]:
        """Return what makes this study itself. More replications of the same study continue in the same folder."""
        lists = (("levers", self.levers), ("stress", self.stress), ("records", self.records))
        more: dict[str, Any] = {key: list(given) for key, given in lists if given}
        if self.parameters:
            more["parameters"] = self.parameters
        if self.population != SYNTHETIC:
            more["population"] = self.population
        if self.founders:
            more["founders"] = self.founders
        return {
            "place": self.place,
            "policies": list(self.policies),
            "households": self.households,
            "months": self.months,
            "seed": self.seed,
            "overrides": list(self.overrides),
            **more,
        }


@dataclass(frozen=True)
class CountyCase:
    """One county of a study's place under each policy.

    Attributes:
        name: what the loader knows it by: ``nanyang``, ``national/west``.
        names: in Chinese and English.
        weight: how many counties it stands for.
        multiplier: how many persons, or fen, of the whole place one of the run stands for, rounded to a whole number so that
            sums stay exact. It is 1 where the place is a county: results are then those of the simulated villages.
        scenarios: the scenario of each policy (`scenarios.load.Scenario`), at the study's size.
        resolved: each scenario as plain JSON-able values.
    """

    name: str
    names: Mapping[str, str]
    weight: float
    multiplier: int
    scenarios: dict[str, Any]
    resolved: dict[str, Any]

    @property
    def county(self) -> Any:
        """The simulated county."""
        return next(iter(self.scenarios.values())).county


@dataclass(frozen=True)
class Plan:
    """A study with its scenarios resolved: what the runner needs.

    Attributes:
        study: what was asked for.
        names: names of the place in Chinese and English.
        cases: the counties of the place, one where it is a county; a number of the county says which.
        tasks: every run, replication by replication, county by county.
        weighted: whether results are sums over counties with weights.
        facts: the observed figures that results are compared with.
        draws: the parameter draws; one that changes nothing where there are none.
        reload: loads the scenario of a county and policy with changes by hand, for draws that change something.
    """

    study: Study
    names: Mapping[str, str]
    cases: tuple[CountyCase, ...]
    tasks: tuple[Task, ...]
    weighted: bool = False
    facts: tuple[Any, ...] = ()
    draws: tuple[Draw, ...] = (NO_CHANGE,)
    reload: Callable[[CountyCase, str, tuple[str, ...]], Any] | None = None

    @property
    def scenarios(self) -> dict[str, Any]:
        """The scenario of each policy in the first county: what policies and levers are called."""
        return self.cases[0].scenarios

    @property
    def resolved(self) -> dict[str, Any]:
        """The scenarios of the first county as plain values."""
        return self.cases[0].resolved

    def case(self, task: Task) -> CountyCase:
        """Return the county of a run."""
        return next(case for case in self.cases if case.county.number == task.county)

    def scenario(self, task: Task) -> Any:
        """Return the scenario of a run, at the study's size: the county's under its policy, with the draw's values."""
        case = self.case(task)
        if task.draw == POINT:
            return case.scenarios[task.policy]
        draw = next(draw for draw in self.draws if draw.name == task.draw)
        assert self.reload is not None
        return self.reload(case, task.policy, draw.changes)

    def resolved_of(self, task: Task, scenario: Any = None) -> Any:
        """Return the scenario of a run as plain JSON-able values.

        Args:
            task: the run.
            scenario: its scenario, where it is at hand; loading that of a draw again takes time.
        """
        if task.draw == POINT:
            return self.case(task).resolved[task.policy]
        from scenarios.scenario import resolved

        return resolved(scenario or self.scenario(task))

    @property
    def repeats(self) -> list[Repeat]:
        """Name of the draw and number of the replication of each repetition: the axis that results are spread over."""
        return list(dict.fromkeys((task.draw, task.replication) for task in self.tasks))

    def tasks_of(self, repeat: Repeat) -> list[Task]:
        """Return the runs of one repetition, one for each county and policy."""
        return [task for task in self.tasks if (task.draw, task.replication) == repeat]

    def tasks_in(self, case: CountyCase) -> list[Task]:
        """Return the runs of one county."""
        return [task for task in self.tasks if task.county == case.county.number]


def _tasks(study: Study, cases: Sequence[CountyCase], repeats: Sequence[tuple[Draw, int]] = ()) -> Iterator[Task]:
    """Yield the runs of a study: a county's policies one after the other, for they share its past.

    The key of a run of a draw rests on the hash of the scenario without it and on the draw's name, which holds its values' hash.
    """
    engine = engine_hash()
    hashes = [{policy: content_hash(case.resolved[policy]) for policy in study.policies} for case in cases]
    for draw, replication in repeats or [(NO_CHANGE, number) for number in range(study.replications)]:
        seed = replication_seed(study.seed, replication)
        for number, case in enumerate(cases):
            for policy in study.policies:
                county = case.scenarios[policy].county
                yield Task(
                    place=case.name,
                    policy=policy,
                    households=county.households,
                    months=study.months,
                    replication=replication,
                    seed=seed,
                    overrides=study.overrides,
                    scenario_hash=hashes[number][policy],
                    engine=engine,
                    county=county.number,
                    draw=draw.name if draw.values else POINT,
                    records=study.records,
                )


def with_draws(
    plan: Plan, draws: Sequence[Draw], reload: Callable[[CountyCase, str, tuple[str, ...]], Any], crossed: bool = False
) -> Plan:
    """Return a plan that runs its policies under parameter draws.

    Args:
        plan: the plan without draws.
        draws: the draws. One for each replication, which then differs by its luck and by its parameters; or as many as wanted
            where they are crossed with the replications, or name the replication whose luck they meet.
        reload: loads the scenario of a county and policy with changes by hand.
        crossed: whether every draw meets the luck of every replication: what a comparison of draws needs.

    Raises:
        ValueError: if there are fewer draws than replications and they are not crossed.
    """
    repeats = _repeats(draws, range(plan.study.replications), crossed)
    return replace(plan, tasks=tuple(_tasks(plan.study, plan.cases, repeats)), draws=tuple(draws), reload=reload)


def _repeats(draws: Sequence[Draw], numbers: Sequence[int], crossed: bool) -> list[tuple[Draw, int]]:
    """Return which draw meets the luck of which replication."""
    if crossed:
        return list(product(draws, numbers))
    named = [(draw, draw.replication) for draw in draws if draw.replication is not None]
    if named:
        return named
    if len(draws) < len(numbers):
        raise ValueError(f"{len(draws)} draws for {len(numbers)} replications: one for each is needed")
    return list(zip(draws, numbers, strict=False))


def with_replications(plan: Plan, count: int) -> Plan:
    """Return the plan of the same study, without draws, with so many replications."""
    study = replace(plan.study, replications=count)
    return replace(plan, study=study, tasks=tuple(_tasks(study, plan.cases)))


def make_plan(study: Study, scenarios: dict[str, Any], resolved: dict[str, Any], facts: tuple[Any, ...] = ()) -> Plan:
    """Return the plan of a study of one county.

    Args:
        study: what was asked for.
        scenarios: the loaded scenario of each policy, already at the study's size.
        resolved: the same as plain values.
        facts: the observed figures to compare results with.
    """
    names = shown_names(scenarios[study.policies[0]].place_names, WIDEST_PLACE)
    case = CountyCase(study.place, names, 1.0, 1, scenarios, resolved)
    return Plan(study, names, (case,), tuple(_tasks(study, (case,))), facts=facts)


def make_weighted_plan(study: Study, names: Mapping[str, str], cases: Sequence[CountyCase], facts: tuple[Any, ...] = ()) -> Plan:
    """Return the plan of a study of a place that lists counties: one run for each county, policy and replication.

    Args:
        study: what was asked for; its households are those of each county.
        names: names of the place.
        cases: its counties with their scenarios and weights.
        facts: the observed figures to compare results with.
    """
    shown = tuple(replace(case, names=shown_names(case.names, WIDEST_PLACE)) for case in cases)
    return Plan(study, shown_names(names, WIDEST_PLACE), shown, tuple(_tasks(study, shown)), True, facts)
