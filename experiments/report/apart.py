"""Results apart: the combinations of a sweep, and the counties that a place lists."""

from __future__ import annotations

from experiments.report.document import Cell, Figure, Row, Section, Table, Value
from experiments.report.said import NOTHING
from experiments.report.subject import Subject


def combinations(subject: Subject) -> Section:
    """Return the cells of a sweep: axes, outcome, paired differences."""
    from experiments.charts.cells import draw_cells
    from experiments.sweep import POLICY, axis_values, cell_rows, quantity_named
    from scenarios.cell import split_cell

    outcome = quantity_named("relapse_net")
    found = cell_rows(subject.results, outcome)
    keys = list(
        dict.fromkeys([POLICY, *(change.partition("=")[0] for one in subject.policies for change in split_cell(one).changes)])
    )
    rows = []
    for row in found:
        key = f"cell/{row.policy}"
        level = subject.value(f"{key}/level", row.value, outcome.digits + 1, outcome.unit)
        cells: tuple[Cell, ...] = (level, NOTHING)
        if row.difference is not None:
            cells = (level, subject.value(f"{key}/difference", row.difference, outcome.digits + 1, outcome.unit))
        rows.append(Row((subject.name(row.policy), *(value or NOTHING for value in axis_values(row.policy, keys))), cells))
    table = Table(
        "cells",
        subject.say("各组合的年均返贫率（扣除刚性支出）", "Mean yearly relapse, net, by combination"),
        (subject.say("组合", "combination"), *(subject.say("政策", "policy") if key == POLICY else key for key in keys)),
        subject.say("指标", "figure"),
        (subject.said(outcome.label), subject.say("与基准之差", "difference from the base")),
        tuple(rows),
        long=False,
    )
    picture = Figure(
        "cells",
        subject.say("各组合与基准之差", "Each combination minus the base"),
        lambda: draw_cells(found, keys, subject.results, outcome, subject.place, subject.lang),
    )
    return Section(subject.say("各组合", "Combinations"), (picture, table))


def by_county(subject: Subject) -> Section:
    """Return rates by representative county under the page's policy."""
    from experiments.counties import county_rows
    from experiments.store import Store

    wanted = ("relapse_net", "at_risk", "poor_stock")
    rows: dict[str, list[Row]] = {name: [] for name in wanted}
    called: dict[str, str] = {}
    for case, found in county_rows(subject.stored.plan(), Store(subject.stored.root)):
        weight = Value(f"weight/{case.name}", case.weight, digits=1)
        for measure in wanted:
            mine = [row for row in found if (row.measure, row.policy) == (measure, subject.policy)]
            called[measure] = mine[0].label.said(subject.lang)
            cells = tuple(
                subject.value(f"{measure}/{subject.policy}/{row.year}/{case.name}", row.estimate, row.digits, row.unit)
                for row in mine
            )
            weighted = f"{weight.mean:,.1f}"
            rows[measure].append(Row((case.names[subject.lang], weighted), cells))
    tables = tuple(
        Table(
            f"counties_{measure}",
            subject.say(f"各代表县：{called[measure]}，“{subject.name(subject.policy)}”",
                        f"By representative county: {called[measure]}, '{subject.name(subject.policy)}'"),
            (subject.say("县", "county"), subject.say("代表县数", "stands for counties")),
            subject.say("年份", "year"),
            subject.heads,
            tuple(rows[measure]),
        )
        for measure in wanted
    )  # fmt: skip
    return Section(subject.say("各代表县", "By representative county"), tables)
