"""The pair that the page steps: one county under two policies with the same luck, as a Mesa model."""

from __future__ import annotations

import threading
from typing import Any

import mesa
import numpy as np

from experiments import engine
from experiments.accounts import said
from experiments.dashboard.start import Start
from experiments.followed import Fallen, ordered_fallen
from experiments.labels import Label
from experiments.life import Life
from experiments.results import FEN_PER_MILLION_YUAN, Results, costs_of, lever_names


class Pair(mesa.Model):
    """Two counties that differ by their policies alone, stepped together.

    Args:
        start: both sides, ready.
    """

    def __init__(self, start: Start) -> None:
        """Stand at the end of 2020."""
        super().__init__(rng=1)
        self.start = start
        sides = zip(start.scenarios, start.pasts, strict=True)
        months = start.study.months
        self.sides = tuple(engine.build_model(one.county, one.rules, start.seed, past, months, 1) for one, past in sides)
        self.lived = 0
        self._stepping = threading.Lock()
        self._results: tuple[int, Results] | None = None

    def step(self) -> None:
        """Live one month on both sides; nothing after the last one."""
        with self._stepping:
            if self.lived < self.start.study.months:
                for side in self.sides:
                    side.step()
                self.lived += 1
            self.running = self.lived < self.start.study.months

    @property
    def date(self) -> str:
        """The last month lived, such as ``2022-07``."""
        return said(engine.FIRST_MONTH + self.lived - 1)

    def results(self) -> Results:
        """Return what has happened so far, in the form that tables and charts of stored runs read."""
        with self._stepping:
            if self._results is None or self._results[0] != self.lived:
                self._results = self.lived, self._gathered()
            return self._results[1]

    def _gathered(self) -> Results:
        """Return both sides' counts and costs, the lived past in front."""
        start = self.start
        past = [np.asarray(one.record, dtype=np.int64) for one in start.pasts]
        lived = [np.asarray(side.record, dtype=np.int64).reshape(-1, *past[0].shape[1:]) for side in self.sides]
        counts = np.array([[np.concatenate([before, now])] for before, now in zip(past, lived, strict=True)])
        first = engine.FIRST_MONTH - len(past[0])
        names: dict[str, Label] = {}
        for policy, scenario, name in zip(start.study.policies, start.scenarios, start.names, strict=True):
            names |= {**lever_names(scenario), policy: name}
        return Results(
            study=start.study,
            replications=(("point", 0),),
            first_month=first,
            counts=counts,
            rural_population=np.array([[side.rural_population] for side in self.sides], dtype=np.int64),
            costs=self._costs(first, counts.shape[2]),
            summaries=(({},), ({},)),
            names=names,
            place=start.place,
        )

    def _costs(self, first: int, months: int) -> dict[str, Any]:
        """Return fen by month for each lever: side, replication, month."""
        rows = [costs_of(side.ledger_table(), first, months) for side in self.sides]
        nothing = np.zeros(months, dtype=np.int64)
        return {key: np.array([[row.get(key, nothing)] for row in rows]) for key in sorted({k for row in rows for k in row})}

    def paid(self) -> list[dict[tuple[str, str], float]]:
        """Return million yuan paid so far by account and level, a mapping a side."""
        with self._stepping:
            return [paid_by_account(side.ledger_table()) for side in self.sides]

    def follow(self, household: int) -> list[Life]:
        """Return a household's months so far on both sides: they are lived once more, with the same luck, and written down."""
        from sim.model import Model

        start, lived = self.start, self.lived
        found = []
        for policy, scenario, past in zip(start.study.policies, start.scenarios, start.pasts, strict=True):
            model = Model(scenario.county, scenario.rules, start.seed, past, start.study.months, 1, trace=(household,))
            for _ in range(lived):
                model.step()
            found.append(Life(policy, scenario, tuple(model.tracer.months[household])))
        return found

    def fallen(self) -> list[Fallen]:
        """Return the households that fell below the poverty line, net, on either side; those that the sides part come first."""
        found: dict[int, list[dict[str, Any] | None]] = {}
        with self._stepping:
            tables = [side.household_table() for side in self.sides]
        for number, table in enumerate(tables):
            for place in np.flatnonzero(table["first_relapse_net"] >= 0):
                row = {name: column[place].item() for name, column in table.items()}
                found.setdefault(row["id"], [None] * len(tables))[number] = row
        return ordered_fallen(found)


def paid_by_account(ledger: dict[str, Any]) -> dict[tuple[str, str], float]:
    """Return million yuan by account and level from columns of a ledger."""
    found: dict[tuple[str, str], int] = {}
    for account, level, fen in zip(ledger["account"], ledger["level"], ledger["fen"], strict=True):
        key = str(account), str(level)
        found[key] = found.get(key, 0) + int(fen)
    return {key: fen / FEN_PER_MILLION_YUAN for key, fen in found.items()}
