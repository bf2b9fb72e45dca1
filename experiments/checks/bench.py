"""What checks work on: one county, its rules under several policies, replications, and the runs that several checks share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from experiments import engine
from experiments.pasts import past_signature
from experiments.progress import Progress, Silent
from sim.rules import County, Rules

MONTHS = 60
"""Months of a run: January 2021 to December 2025."""


@dataclass
class Bench:
    """A county to be checked.

    Attributes:
        county: the simulated county.
        rules: rules by policy: the one checked, and ``kept``, ``orderly`` and ``cliff`` where the place has them.
        policy: the policy checked.
        seeds: one a replication.
        threads: threads of the model.
        progress: where to tell of months lived.
    """

    county: County
    rules: Mapping[str, Rules]
    policy: str
    seeds: tuple[int, ...]
    threads: int = 1
    progress: Progress = field(default_factory=Silent)
    _pasts: dict[tuple[str, int], Any] = field(default_factory=dict)
    _runs: dict[tuple[str, int], Any] = field(default_factory=dict)

    @property
    def checked(self) -> Rules:
        """The rules of the policy checked."""
        return self.rules[self.policy]

    @property
    def kept(self) -> Rules:
        """The rules in which nothing changes after 2020, or those checked."""
        return self.rules.get("kept", self.checked)

    def past(self, seed: int, rules: Rules | None = None) -> Any:
        """Return the county at the end of 2020 of one replication, lived once."""
        chosen = rules or self.checked
        key = (past_signature(chosen), seed)
        if key not in self._pasts:
            self._pasts[key] = engine.live(self.county, chosen, seed, self.threads)
        return self._pasts[key]

    def start(self, rules: Rules, seed: int, months: int = MONTHS, **how: int) -> Any:
        """Return a model that stands at January 2021, with the past of the policy checked."""
        from sim.model import Model

        shared: dict[str, Any] = {"threads": self.threads, **how}
        return Model(self.county, rules, rng=seed, past=self.past(seed), months=months, **shared)

    def run(self, rules: Rules, seed: int, months: int = MONTHS, **how: int) -> Any:
        """Return a model that lived some months."""
        model = self.start(rules, seed, months, **how)
        model.run_model()
        return model

    def shared(self, policy: str, seed: int) -> Any:
        """Return the whole run of one policy, made once and not to be changed."""
        if (policy, seed) not in self._runs:
            self._runs[policy, seed] = self.run(self.rules[policy], seed)
        return self._runs[policy, seed]

    def runs(self) -> Iterator[Any]:
        """Yield the whole run of the policy checked, replication by replication."""
        for seed in self.seeds:
            yield self.shared(self.policy, seed)
