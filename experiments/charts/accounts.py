"""What each account has paid under some policies, beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.accountnames import account_name
from experiments.charts.style import charted, line_of, wrapped
from experiments.labels import Label, Lang

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Paid = Mapping[tuple[str, str], float]
"""Million yuan by account and level of government."""
SHOWN = 16
"""Accounts that have a bar of their own; the smaller ones are one bar together."""
REST = ("", "")
HATCHES = ("", "//", "..", "xx")


def bars_of(paid: Sequence[Paid], shown: int = SHOWN) -> list[tuple[tuple[str, str], list[float]]]:
    """Return account and level with what each policy paid, largest first; the smallest ones together under `REST`."""
    keys = sorted({key for one in paid for key in one}, key=lambda key: (-max(one.get(key, 0.0) for one in paid), key))
    rows = [(key, [one.get(key, 0.0) for one in paid]) for key in keys]
    if len(rows) <= shown:
        return rows
    rest = [sum(values) for values in zip(*(row[1] for row in rows[shown - 1 :]), strict=True)]
    return [*rows[: shown - 1], (REST, rest)]


def draw_accounts(paid: Sequence[Paid], names: Sequence[Label], title: Label, until: str, lang: Lang = "zh") -> Figure:
    """Return the chart of payments by account and level of government.

    Args:
        paid: million yuan by account and level, one mapping a policy.
        names: the policies' names, in the same order.
        title: name of the place.
        until: the last month counted, such as ``2022-07``.
        lang: ``zh`` or ``en``.
    """
    from matplotlib.figure import Figure

    rows = bars_of(paid)
    with charted():
        figure = Figure(figsize=(10, 1.9 + 0.3 * max(4, len(rows))), layout="constrained")
        axes = figure.subplots()
        _draw_bars(axes, rows, [wrapped(name.said(lang), 70) for name in names])
        axes.set_yticks(np.arange(len(rows)), [_called(key, lang) for key, _ in rows])
        axes.set_xlabel(Label("累计支付，百万元（模拟村内）", "paid so far, million yuan (simulated villages)").said(lang))
        figure.legend(loc="outside lower left", ncols=1)
        whole = [sum(one.values()) for one in paid]
        said = Label(
            f"{title.zh}：各账户累计支付，2021-01至{until}（合计 {'、'.join(f'{value:,.2f}' for value in whole)}）",
            f"{title.en}: paid by account, 2021-01 to {until} (total {', '.join(f'{value:,.2f}' for value in whole)})",
        )
        figure.suptitle(said.said(lang), x=0.01, ha="left", fontsize=13)
        figure.draw_without_rendering()
    return figure


def _draw_bars(axes: Any, rows: Sequence[tuple[tuple[str, str], list[float]]], names: Sequence[str]) -> None:
    """Draw a group of bars for each account, the first policy on top."""
    high = 0.8 / len(names)
    for number, name in enumerate(names):
        places = np.arange(len(rows)) + (number - (len(names) - 1) / 2) * high
        values = [row[1][number] for row in rows]
        style = {"color": line_of(number).colour, "hatch": HATCHES[number % len(HATCHES)], "edgecolor": "white"}
        axes.barh(places, values, height=high * 0.95, label=name, linewidth=0.4, **style)
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y", visible=False)


def _called(key: tuple[str, str], lang: Lang) -> str:
    """Return what an account of a level is called."""
    return Label("其余账户", "all others").said(lang) if key == REST else account_name(*key).said(lang)
