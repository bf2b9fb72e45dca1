"""What the stored runs of a folder say, policy by policy: counts by indicator, accounts, and the rules that were in force.

It reads the files of the runs alone and loads no scenario, so that a folder can be judged after the shipped data have changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.results import ratio
from experiments.stored import Run, Stored, open_stored
from sim.indicators import GROUPS
from sim.rules import Dated, month_index

Numbers = NDArray[np.float64]


class NotStored(LookupError):
    """The runs do not hold what a measure asks for."""


@dataclass(frozen=True)
class Evidence:
    """The runs of one policy.

    Attributes:
        policy: its name.
        place, plan: of the study; the plan is empty where there is none.
        first_month, last_month: months that are covered, the lived past included.
        counts: by indicator: replication, month, group; added over counties, each times what it stands for.
        scenarios: resolved scenario of each county.
        paid, unmet: by account: replication and month from 2021-01, fen that were paid and that it lacked.
    """

    policy: str
    place: str
    plan: str
    first_month: int
    last_month: int
    counts: Mapping[str, NDArray[np.int64]]
    scenarios: tuple[Mapping[str, Any], ...]
    paid: Mapping[str, Numbers]
    unmet: Mapping[str, Numbers]

    @property
    def replications(self) -> int:
        """How many replications there are."""
        return len(next(iter(self.counts.values())))

    def covers(self, year: int, month: int = 12) -> bool:
        """Say whether a month is covered."""
        return self.first_month <= month_index(year, month) <= self.last_month

    def monthly(self, indicator: str, groups: tuple[str, ...]) -> Numbers:
        """Return an indicator summed over groups: replication, month.

        Raises:
            NotStored: when the runs were written without it.
        """
        if indicator not in self.counts:
            raise NotStored(f"the runs do not hold {indicator}")
        chosen = self.counts[indicator][..., [GROUPS.index(group) for group in groups]]
        return chosen.sum(axis=-1).astype(np.float64)

    def at(self, indicator: str, groups: tuple[str, ...], year: int, month: int = 12) -> Numbers:
        """Return an indicator in a month, by replication."""
        return self.monthly(indicator, groups)[:, month_index(year, month) - self.first_month]

    def total(self, indicator: str, groups: tuple[str, ...], year: int, first: int = 1) -> Numbers:
        """Return the sum over twelve months, by replication; from ``first`` of the year before where it is no January."""
        start = month_index(year - (first > 1), first) - self.first_month
        return self.monthly(indicator, groups)[:, max(start, 0) : start + 12].sum(axis=1)

    def share(self, top: str, bottom: str, groups: tuple[str, ...], year: int) -> Numbers:
        """Return a quotient of two yearly sums."""
        return ratio(self.total(top, groups, year), self.total(bottom, groups, year))

    def figures(self, key: str, year: int, month: int = 12) -> list[float]:
        """Return a figure of the rules in a month, of each county: ``values.<name>`` or ``<lever>.<field>``.

        Raises:
            NotStored: when a county's rules have no such lever.
        """
        return [figure_in(scenario, key, month_index(year, month)) for scenario in self.scenarios]

    def account_of(self, lever: str) -> str:
        """Return the account that pays a lever.

        Raises:
            NotStored: when the lever is not in force.
        """
        for scenario in self.scenarios:
            if lever in scenario["levers"]:
                return str(scenario["levers"][lever]["account"])
        raise NotStored(f"the lever {lever} is not in force")


def figure_in(scenario: Mapping[str, Any], key: str, month: int) -> float:
    """Return a figure of one resolved scenario in a month."""
    head, _, field = key.rpartition(".")
    found = scenario["values"].get(field) if head == "values" else scenario["levers"].get(head, {}).get("fields", {}).get(field)
    if found is None:
        raise NotStored(f"{key} is not in force")
    months = tuple(month_index(int(text[:4]), int(text[5:])) for text in found["months"])
    return Dated(months, tuple(found["values"]), bool(found["linear"])).at(month)


def read_evidence(folder: Path) -> list[Evidence]:
    """Return what a folder of runs says, one `Evidence` a policy, in the order of the study.

    Only replications that are whole for every county and policy count; of runs of several versions only the newest version's.

    Raises:
        NoRuns: if the folder holds no study or no whole replication.
    """
    stored = open_stored(folder)
    return [_evidence(stored, policy) for policy in stored.study.policies]


def _evidence(stored: Stored, policy: str) -> Evidence:
    """Put the runs of one policy together."""
    rows = [stored.of(policy, repeat) for repeat in stored.repeats]
    read = [[(_counts(run.folder), run.stands_for) for run in row] for row in rows]
    (first, sample), _ = read[0][0]
    counts = {name: np.stack([sum(part[name] * times for (_, part), times in row) for row in read]) for name in sample}
    months = next(iter(sample.values())).shape[0]
    paid, unmet = _accounts(rows)
    scenarios = tuple(run.scenario() for run in rows[0])
    plan = str(scenarios[0].get("plan", ""))
    return Evidence(policy, stored.study.place, plan, first, first + months - 1, counts, scenarios, paid, unmet)


def _counts(folder: Path) -> tuple[int, dict[str, NDArray[np.int64]]]:
    """Return the first month and, by indicator, counts by month and group."""
    import pyarrow.parquet as pq

    table = pq.read_table(folder / "indicators.parquet")
    names = list(dict.fromkeys(table["indicator"].slice(0, len(table) and 100_000).to_pylist()))
    values = table["value"].to_numpy().reshape(-1, len(GROUPS), len(names))
    return int(table["month"][0].as_py()), {name: values[:, :, place] for place, name in enumerate(names)}


def _accounts(rows: list[list[Run]]) -> tuple[dict[str, Numbers], dict[str, Numbers]]:
    """Return, by account, fen paid and fen lacking by replication and month."""
    paid: dict[str, list[Numbers]] = {}
    unmet: dict[str, list[Numbers]] = {}
    for number, row in enumerate(rows):
        for run in row:
            table = run.columns("accounts.parquet")
            if not {"account", "paid", "unmet"} <= set(table):
                continue
            accounts = np.asarray(table["account"]).astype(str)
            for account in sorted(set(accounts.tolist())):
                chosen = accounts == account
                for name, store in (("paid", paid), ("unmet", unmet)):
                    flows = np.asarray(table[name], dtype=np.float64)[chosen] * run.stands_for
                    kept = store.setdefault(account, [])
                    if len(kept) <= number:
                        kept.append(flows)
                    else:
                        kept[number] = kept[number] + flows
    return ({key: np.stack(flows) for key, flows in paid.items()}, {key: np.stack(flows) for key, flows in unmet.items()})
