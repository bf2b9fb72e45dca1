"""The table of clusters of `fangpin run`: places in which many households fall in one year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.clusters import CLUSTER_HOUSEHOLDS, CLUSTER_RATE, LEVELS, ClusterRow
from experiments.labels import Label
from fangpin.screen import Screen
from fangpin.tabling import shown_policies, with_error

if TYPE_CHECKING:
    from experiments.results import Results

LEVEL_LABELS = {"village": Label("村", "villages"), "township": Label("乡镇", "townships")}
GROUP_WORDS = {"ex_poor": Label("返贫", "relapse of the ex-poor"), "marginal": Label("致贫", "falling of the marginal")}
SHOWN = "net"
"""Definition shown on the screen; the file has the others too."""


def print_clusters(screen: Screen, results: Results, rows: list[ClusterRow]) -> None:
    """Print for each policy how many villages and townships are clusters, year by year, and the over-dispersion of townships."""
    years = sorted({row.year for row in rows})
    if not years:
        return
    for policy in shown_policies(results):
        name, share = results.name(policy).said(screen.lang), f"{100 * CLUSTER_RATE:.0f}%"
        screen.heading(
            Label(
                f"{name}：成片返贫致贫（某年新返贫或致贫户超过该群体{share}且不少于{CLUSTER_HOUSEHOLDS}户的村、乡镇数；阈值为假设）",
                f"{name}: clusters (places with more than {share} and at least {CLUSTER_HOUSEHOLDS} households of a group newly "
                "fallen in a year; the thresholds are assumptions)",
            )
        )
        ours = [row for row in rows if row.policy == policy and row.definition == SHOWN]
        heads = [Label("群体与层级（扣除刚性支出）", "group and level, net").said(screen.lang), *map(str, years)]
        screen.table(heads, [_cells(screen, ours, group, level) for group in GROUP_WORDS for level in LEVELS], left=1)
        spread = [_dispersion(screen, ours, group) for group in GROUP_WORDS]
        heads[0] = Label("乡镇间离散指数（1为互不相关）", "over-dispersion of townships (1: each on its own)").said(screen.lang)
        screen.table(heads, spread, left=1)


def _cells(screen: Screen, rows: list[ClusterRow], group: str, level: str) -> list[str]:
    """Return a line of counts by year, with the number of places."""
    chosen = [row for row in rows if row.group == group and row.level == level]
    places = f"{chosen[0].units:.0f}"
    name = f"{GROUP_WORDS[group].said(screen.lang)}, {LEVEL_LABELS[level].said(screen.lang)} ({places})"
    return [name, *(with_error(row.clusters, 1) for row in chosen)]


def _dispersion(screen: Screen, rows: list[ClusterRow], group: str) -> list[str]:
    """Return a line of over-dispersion by year."""
    chosen = [row for row in rows if row.group == group and row.level == "township"]
    return [GROUP_WORDS[group].said(screen.lang), *(with_error(row.dispersion, 2) for row in chosen)]
