"""What one command asks for: a place, its policies, a size, replications; and the runs that this takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from experiments.canonical import content_hash
from experiments.engine import FIRST_MONTH, engine_hash
from experiments.seeds import replication_seed
from experiments.task import Task


@dataclass(frozen=True)
class Study:
    """A comparison of policies in one place.

    Attributes:
        place: name of the place.
        policies: names of the policies, in the order of tables and charts.
        households: rural households of the simulated county; ``None`` simulates the whole county.
        months: months from 2021-01.
        replications: independent repetitions, each with its own luck.
        seed: the user's seed.
        overrides: changes of every policy, such as ``premium_dibao.share=0.5``.
    """

    place: str = "nanyang"
    policies: tuple[str, ...] = ("documented", "kept")
    households: int | None = None
    months: int = 60
    replications: int = 8
    seed: int = 1
    overrides: tuple[str, ...] = ()

    @property
    def base(self) -> str:
        """The policy that the others are compared with: ``kept`` where it takes part, else the first."""
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
        return {
            "place": self.place,
            "policies": list(self.policies),
            "households": self.households,
            "months": self.months,
            "seed": self.seed,
            "overrides": list(self.overrides),
        }


@dataclass(frozen=True)
class Plan:
    """A study with its scenarios resolved: what the runner needs.

    Attributes:
        study: what was asked for.
        scenarios: the resolved scenario of each policy (`scenarios.load.Scenario`).
        resolved: each scenario as plain JSON-able values.
        tasks: every run, replication by replication.
        facts: the observed figures that results are compared with.
    """

    study: Study
    scenarios: dict[str, Any]
    resolved: dict[str, Any]
    tasks: tuple[Task, ...]
    facts: tuple[Any, ...] = ()

    def county(self) -> Any:
        """Return the simulated county."""
        return self.scenarios[self.study.policies[0]].county

    def tasks_of(self, replication: int) -> list[Task]:
        """Return the runs of one replication, one for each policy."""
        return [task for task in self.tasks if task.replication == replication]


def _tasks(study: Study, scenarios: dict[str, Any], hashes: dict[str, str]) -> Iterator[Task]:
    """Yield the runs of a study."""
    engine = engine_hash()
    for replication in range(study.replications):
        seed = replication_seed(study.seed, replication)
        for policy in study.policies:
            county = scenarios[policy].county
            yield Task(
                place=study.place,
                policy=policy,
                households=county.households,
                months=study.months,
                replication=replication,
                seed=seed,
                overrides=study.overrides,
                scenario_hash=hashes[policy],
                engine=engine,
                county=county.number,
            )


def make_plan(study: Study, scenarios: dict[str, Any], resolved: dict[str, Any], facts: tuple[Any, ...] = ()) -> Plan:
    """Return the plan of a study.

    Args:
        study: what was asked for.
        scenarios: the loaded scenario of each policy, already at the study's size.
        resolved: the same as plain values.
        facts: the observed figures to compare results with.
    """
    hashes = {policy: content_hash(resolved[policy]) for policy in study.policies}
    return Plan(study, scenarios, resolved, tuple(_tasks(study, scenarios, hashes)), facts)
