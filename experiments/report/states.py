"""Where families stand each December and how they move; new falls place by place, as small multiples and as a map."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from experiments.intervals import estimate
from experiments.labels import Label
from experiments.report.document import Block, Cell, Figure, Row, Section, Table, Value
from experiments.report.said import NOTHING
from experiments.report.subject import Subject
from experiments.standing import STATES, Flows, PlaceFalls, decembers, falls_by_place, flows_of

PERCENT = Label("%", "%")
MOST_DRAWN = 2
"""Policies whose flows are drawn: the page's and the base."""
MOST_PLACES = 24
"""Places whose panels are drawn."""


def states(subject: Subject) -> Section | None:
    """Return shares by state each December under the shown policies, and the flows; None for runs that do not tell of two."""
    if len(decembers(subject.stored, subject.policy)) < 2:
        return None
    found = {policy: flows_of(subject.stored, policy) for policy in subject.shown}
    drawn = tuple(dict.fromkeys((subject.policy, subject.stored.study.base)))[:MOST_DRAWN]
    blocks: list[Block] = [_flows(subject, policy, found[policy]) for policy in drawn if found[policy].families]
    return Section(
        subject.say("脱贫户各年所处状态与流动", "States of ex-poor families and moves among them"),
        (*blocks, _shares(subject, found), _moves(subject, found)),
    )


def _flows(subject: Subject, policy: str, flows: Flows) -> Figure:
    """Return the chart of flows under a policy."""
    from experiments.charts.flows import draw_flows

    last, below = flows.years[-1], 100 * float(flows.shares[-1, :2].sum())
    caption = subject.say(
        f"“{subject.name(policy)}”：脱贫户各年12月的状态与流动；{last}年12月{below:.1f}%低于监测线",
        f"'{subject.name(policy)}': states of ex-poor families each December and moves; {below:.1f}% below the monitoring line "
        f"in December {last}",
    )
    place, name = subject.results.place, subject.results.name(policy)
    return Figure(f"flows_{subject.policies.index(policy) + 1}", caption, lambda: draw_flows(flows, place, name, subject.lang))


def _shares(subject: Subject, found: dict[str, Flows]) -> Table:
    """Return shares by policy, state and December."""
    rows = []
    for policy, flows in found.items():
        for number, (state, label) in enumerate(STATES.items()):
            cells = tuple(
                Value(f"state/{policy}/{state}/{year}", 100 * float(share), digits=1, unit="%")
                for year, share in zip(flows.years, flows.shares[:, number], strict=True)
            )
            rows.append(Row((subject.name(policy), subject.said(label)), cells))
    years = next(iter(found.values())).years
    return Table(
        "states",
        subject.say("脱贫户各年12月所处状态", "Ex-poor families by state each December"),
        (subject.say("政策", "policy"), subject.say("状态", "state")),
        subject.say("年份", "year"),
        tuple(map(str, years)),
        tuple(rows),
        subject.say(
            "按过去12个月人均净收入；2013年的户，未计分户；各次重复合计的比例，每年之和为100%。",
            "By net income per head of 12 months; households of 2013 without those that split off; shares over all repetitions, "
            "which add up to 100% in a year.",
        ),
    )


def _moves(subject: Subject, found: dict[str, Flows]) -> Table:
    """Return the moves between neighbouring Decembers: for the workbook alone."""
    rows = []
    for policy, flows in found.items():
        for one, (before, said) in enumerate(STATES.items()):
            for two, (after, then) in enumerate(STATES.items()):
                cells = tuple(
                    Value(f"move/{policy}/{before}/{after}/{year + 1}", 100 * float(share), digits=2, unit="%")
                    for year, share in zip(flows.years[:-1], flows.moves[:, one, two], strict=True)
                )
                rows.append(Row((subject.name(policy), subject.said(said), subject.said(then)), cells))
    years = next(iter(found.values())).years
    heads = (subject.say("政策", "policy"), subject.say("上年12月", "December before"), subject.say("当年12月", "this December"))
    return Table("moves", subject.say("脱贫户在各状态间的流动", "Moves of ex-poor families among states"), heads,
                 subject.say("年份", "year"), tuple(str(year) for year in years[1:]), tuple(rows), sheet_only=True)  # fmt: skip


# places ----------------------------------------------------------------------------------------------------------


def places(subject: Subject) -> Section | None:
    """Return new falls by county or township with their chart, and a map where boundaries are given; None for a single place."""
    found = falls_by_place(subject.stored)
    if len(found) < 2 and subject.boundaries is None:
        return None
    by_county = len(subject.stored.counties) > 1
    heading = subject.say("分县", "By county") if by_county else subject.say("分乡镇", "By township")
    blocks: list[Block] = [] if len(found) > MOST_PLACES else [_panels(subject, found)]
    blocks += [] if subject.boundaries is None else [_map(subject, found, policy) for policy in _mapped(subject)]
    return Section(heading, (*blocks, _falls(subject, found)))


def _mapped(subject: Subject) -> Sequence[str]:
    """Return the policies that have a map: the page's and the base."""
    return tuple(dict.fromkeys((subject.policy, subject.stored.study.base)))


def _panels(subject: Subject, found: Sequence[PlaceFalls]) -> Figure:
    """Return the small multiples."""
    from experiments.charts.places import MEASURE, draw_places

    shown = [PlaceFalls(one.id, one.label, one.years, {name: one.shares[name] for name in subject.shown}, one.families)
             for one in found]  # fmt: skip
    caption = subject.say(f"分地方：{MEASURE.zh}，坐标相同", f"By place: {MEASURE.en}; the same axes everywhere")
    return Figure("places", caption, lambda: draw_places(subject.results, shown, subject.lang))


def _map(subject: Subject, found: Sequence[PlaceFalls], policy: str) -> Figure:
    """Return the map of one policy.

    Raises:
        BadBoundaries: if the file cannot be used.
    """
    from experiments.boundaries import read_boundaries
    from experiments.charts.places import draw_map

    assert subject.boundaries is not None
    areas = read_boundaries(subject.boundaries, [one.id for one in found])
    caption = subject.say(
        f"“{subject.name(policy)}”：年均新返贫致贫户占比，颜色越深越多",
        f"'{subject.name(policy)}': families that newly fall in a year, mean of years; the darker the more",
    )
    key = f"map_{subject.policies.index(policy) + 1}"
    return Figure(key, caption, lambda: draw_map(subject.results, found, areas, policy, subject.lang))


def _falls(subject: Subject, found: Sequence[PlaceFalls]) -> Table:
    """Return the shares of families that newly fall by place, policy and year."""
    from experiments.charts.places import MEASURE

    rows = []
    for one in found:
        for policy in subject.shown:
            values, key = 100 * one.shares[policy], f"place/{one.id}/{policy}"
            cells = tuple(_share(subject, f"{key}/{year}", values[:, place]) for place, year in enumerate(one.years))
            families = f"{one.families:,}"
            rows.append(Row((subject.said(one.label), families, subject.name(policy)), cells))
    heads = (subject.say("地方", "place"), subject.say("模拟户数", "families simulated"), subject.say("政策", "policy"))
    return Table("places", subject.said(MEASURE), heads, subject.say("年份", "year"), tuple(map(str, found[0].years)),
                 tuple(rows), subject.say("户数少的地方起伏大。", "Few families, large swings."), most=32)  # fmt: skip


def _share(subject: Subject, key: str, values: np.ndarray) -> Cell:
    """Return the mean share of a place and year; nothing where it has no such family."""
    kept = values[~np.isnan(values)]
    return subject.value(key, estimate(kept), 1, PERCENT) if len(kept) and not math.isnan(float(kept.mean())) else NOTHING
