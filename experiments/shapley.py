"""Shares of relapses that add up: each player (a hazard, the line, the end of a support) is switched off in paired runs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.games import alone, coalitions, last, shapley
from experiments.intervals import Estimate, estimate
from experiments.labels import Label
from experiments.results import Results

MEASURES = {
    "relapse_net_persons": Label("新返贫致贫人次（扣除刚性支出口径）", "persons newly below the line, net"),
    "relapse_gross_persons": Label("新返贫致贫人次（总收入口径）", "persons newly below the line, gross"),
    "relapse_guarantees_persons": Label(
        "新返贫致贫人次（收入或保障口径）", "persons newly below the line or without a guarantee"
    ),
    "relapse_core_persons": Label(
        "新返贫致贫人次（收入或保障，不含参保）", "persons newly below the line or without a guarantee but insurance"
    ),
    "registry_relapse_persons": Label("认定返贫人次", "persons confirmed as fallen"),
    "shortfall": Label("收入缺口面积（万元）", "shortfall area (10,000 yuan)"),
}
"""What may be shared out: sums over the horizon."""
SCALE = {"shortfall": 1e-6}
"""Units of `MEASURES` that are not persons."""
REST, TOTAL = "rest", "total"
REST_LABEL = Label("其余（各项都关闭时仍有）", "rest: what is left with all of them off")
TOTAL_LABEL = Label("合计", "total")


class Player(NamedTuple):
    """A player of a game.

    Attributes:
        id: as given on the command line.
        label: what it is called.
        changes: changes of a cell (`scenarios.cell`) that switch it off; empty for the end of all support.
        note: what off means.
    """

    id: str
    label: Label
    changes: tuple[str, ...]
    note: str


class Game(NamedTuple):
    """A game: a policy, the one with all support kept, and the players.

    Attributes:
        policy: name of the policy whose relapses are shared out.
        kept: name of the policy that stands for no end of any support.
        players: in their order.
    """

    policy: str
    kept: str
    players: tuple[Player, ...]

    def cell(self, coalition: int) -> str:
        """Return the policy's name with only the players of a coalition (bits) switched on."""
        out = [player for place, player in enumerate(self.players) if not coalition >> place & 1]
        base = self.kept if any(not player.changes for player in out) else self.policy
        return ";".join([base, *(change for player in out for change in player.changes)])

    @property
    def cells(self) -> tuple[str, ...]:
        """The names of all coalitions, in the order of their bits: nobody first, all last."""
        return tuple(self.cell(coalition) for coalition in coalitions(len(self.players)))


class Share(NamedTuple):
    """A player's share, or the rest, or the total.

    Attributes:
        player: id of the player, `REST` or `TOTAL`.
        label: what it is called.
        share: what it adds on average over all orders; the shares and the rest add up to the total.
        part: the same in per cent of the total's mean; NaN where there is none.
        alone, last: what it adds to nobody, and to all others; None for rest and total.
        exact: by replication, the share times the factorial of the number of players: whole numbers.
    """

    player: str
    label: Label
    share: Estimate
    part: float
    alone: Estimate | None
    last: Estimate | None
    exact: NDArray[np.int64]


def worth(results: Results, game: Game, measure: str, groups: Sequence[str]) -> NDArray[np.int64]:
    """Return what every coalition is worth: the measure summed over the horizon, by coalition and replication.

    Raises:
        ValueError: if the results lack a coalition.
    """
    missing = [cell for cell in game.cells if cell not in results.study.policies]
    if missing:
        raise ValueError(f"no runs of {missing[0]}; allowed: a study of all {len(game.cells)} coalitions")
    total = sum(results.total(measure, tuple(groups), year) for year in results.years)
    places = [results.study.policies.index(cell) for cell in game.cells]
    return np.rint(np.asarray(total)).astype(np.int64)[places]


def shares(game: Game, worths: NDArray[np.int64], scale: float = 1.0) -> list[Share]:
    """Return the share of every player, largest first, then the rest and the total.

    Args:
        game: the game.
        worths: by coalition and replication.
        scale: factor into the unit shown.

    Raises:
        ArithmeticError: if the shares do not add up to the last unit; they always do.
    """
    count = len(game.players)
    orders = math.factorial(count)
    exact, first, final = shapley(worths), alone(worths), last(worths)
    if (exact.sum(axis=0) != orders * (worths[-1] - worths[0])).any():
        raise ArithmeticError("shares do not add up to the difference")
    total = float(worths[-1].mean())

    def row(key: str, label: Label, whole: NDArray[np.int64], ends: tuple[Estimate | None, Estimate | None]) -> Share:
        part = 100.0 * float(whole.mean()) / orders / total if total else math.nan
        return Share(key, label, estimate(scale * whole / orders), part, *ends, whole)

    rows = [
        row(player.id, player.label, exact[place], (estimate(scale * first[place]), estimate(scale * final[place])))
        for place, player in enumerate(game.players)
    ]
    rows.sort(key=lambda one: -one.share.mean)
    rows.append(row(REST, REST_LABEL, orders * worths[0], (None, None)))
    return [*rows, row(TOTAL, TOTAL_LABEL, orders * worths[-1], (None, None))]


HEADER = (
    "player", "share", "mc_error", "low95", "high95", "per_cent", "alone", "alone_error", "last", "last_error", "replications",
)  # fmt: skip


def share_cells(row: Share) -> tuple[object, ...]:
    """Return a share as the cells of the CSV file."""
    from experiments.tables import plain

    ends = [number for end in (row.alone, row.last) for number in ((end.mean, end.error) if end else (math.nan, math.nan))]
    numbers = (row.share.mean, row.share.error, row.share.low, row.share.high, row.part, *ends)
    return (row.player, *(plain(number) for number in numbers), row.share.runs)


WORTH_HEADER = ("coalition", "cell", "mean", "mc_error", "low95", "high95", "replications")


def worth_cells(game: Game, worths: NDArray[np.int64], scale: float = 1.0) -> list[tuple[object, ...]]:
    """Return what every coalition is worth as the cells of a CSV file."""
    from experiments.tables import plain

    rows = []
    for coalition, cell in enumerate(game.cells):
        on = "+".join(player.id for place, player in enumerate(game.players) if coalition >> place & 1) or "none"
        found = estimate(scale * worths[coalition])
        numbers = (plain(number) for number in (found.mean, found.error, found.low, found.high))
        rows.append((on, cell, *numbers, found.runs))
    return rows
