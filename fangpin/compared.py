"""What is said of a folder of stored policies beside each other, and which policy a word means."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from experiments.compare.bureau import Line
    from experiments.compare.money import Benefit, CostRow, Ranked, Trade
    from experiments.compare.outcomes import Paired
    from experiments.compare.shares import Share
    from experiments.compare.who import Who
    from experiments.results import Results
    from experiments.stored import Stored

KEYS = {"base": "", "policy": "", "definition": "net", "format": "parquet", "lang": "zh"}
DETAILED = 12
"""Policies that are looked at household by household; of larger sweeps the first so many, with base and the page's."""


class Compared(NamedTuple):
    """Everything that is said of a folder.

    Attributes:
        stored, results: its runs and their counts.
        policy: the policy of the bureau's page.
        detailed: policies that are looked at household by household: all, or the first of a larger sweep.
        definition: of a fall, for the lists of households.
        lines: the bureau's page, every policy's.
        pairs: outcomes against the base.
        who: households that fall under one policy alone.
        costs, trades, benefits, ranks: the money.
        shares: falls and income by class.
    """

    stored: Stored
    results: Results
    policy: str
    detailed: tuple[str, ...]
    definition: str
    lines: list[Line]
    pairs: list[Paired]
    who: list[Who]
    costs: list[CostRow]
    trades: list[Trade]
    benefits: list[Benefit]
    ranks: list[Ranked]
    shares: list[Share]


class Unmeant(Exception):
    """A word that means no policy of the folder."""

    def __init__(self, key: str, given: str, policies: Sequence[str]) -> None:
        """Keep the problem."""
        from scenarios.problems import Problem, listing, nearest

        self.problem = Problem("command line", key, f"'{given}'", listing(policies), nearest(given, policies))
        super().__init__(str(self.problem))


def compared_folder(folder: Path, options: dict[str, str]) -> Compared:
    """Return everything that is said of a folder.

    Args:
        folder: a folder that `fangpin run` or `fangpin sweep` wrote.
        options: ``base``, ``policy`` and ``definition``; see `KEYS`.

    Raises:
        FileNotFoundError: if it holds no study or no whole repetition.
        Unmeant: if ``base`` or ``policy`` means none of its policies.
    """
    from experiments.compare import bureau, money, outcomes, shares, who
    from experiments.stored import open_stored

    given = {**KEYS, **options}
    stored = open_stored(folder)
    base, policy = (meant(key, given[key], stored.study.policies) for key in ("base", "policy"))
    stored = stored.against(base) if base else stored
    results = stored.results()
    page = policy or stored.study.factual
    detailed = _detailed(stored, page)
    return Compared(
        stored,
        results,
        page,
        detailed,
        given["definition"],
        bureau.bureau_lines(stored, results, detailed),
        outcomes.paired_rows(results),
        who.who_rows(stored, given["definition"], detailed),
        money.cost_rows(stored, detailed),
        money.trades(results),
        money.benefits(results),
        money.ranking(results),
        shares.share_rows(stored, detailed),
    )


def meant(key: str, given: str, policies: Sequence[str]) -> str:
    """Return the policy that a word means: its name, or the first cell with the parts given; nothing for nothing.

    Raises:
        Unmeant: if there is none.
    """
    from experiments.sweep import find_cell

    if not given:
        return ""
    found = find_cell(policies, given)
    if not found:
        raise Unmeant(key, given, policies)
    return found[0]


def _detailed(stored: Stored, page: str) -> tuple[str, ...]:
    """Return the policies that are looked at household by household, in the order of the study."""
    policies = stored.study.policies
    chosen = {stored.study.base, page, *(policies if len(policies) <= DETAILED else policies[:DETAILED])}
    return tuple(policy for policy in policies if policy in chosen)
