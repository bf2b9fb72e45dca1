"""What the page shows of a pair: one component a tab, each redrawn after a step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import solara
from mesa.visualization.utils import update_counter

from experiments.dashboard import texts
from experiments.dashboard.drawn import picture
from experiments.dashboard.figures import SO_FAR, Compared, compared
from experiments.dashboard.opening import OPENING
from experiments.dashboard.pair import Pair
from experiments.dashboard.start import changes_told
from experiments.dashboard.wish import SIDES, command
from experiments.labels import Label, Lang

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@solara.component
def Chart(draw: Callable[[Lang], Figure], alt: Label, seen: tuple[Any, ...]) -> None:
    """A chart.

    Args:
        draw: draws it in a language.
        alt: what it shows, for those who cannot see it.
        seen: what it depends on; it is drawn anew when this changes.
    """
    address = solara.use_memo(lambda: picture(lambda: draw(OPENING.lang)), [*seen, OPENING.lang])
    said = alt.said(OPENING.lang)
    solara.v.Html(tag="img", class_="fangpin-chart", attributes={"src": address, "alt": said})


@solara.component
def Note(text: Label, kind: str = "fangpin-note") -> None:
    """A line of small text."""
    solara.v.Html(tag="div", class_=kind, children=[text.said(OPENING.lang)])


def _tested(pair: Pair) -> bool:
    """Return whether there has been a yearly test."""
    from experiments.quantities import TEST_MONTH

    return pair.lived >= TEST_MONTH


@solara.component
def Rates(model: Pair) -> None:
    """The rates over time, both sides."""
    update_counter.get()
    if model.lived == 0:
        Note(texts.NOTHING_YET)
        return
    from experiments.charts.rates import draw_rates

    results = model.results()
    Chart(lambda lang: draw_rates(results, model.start.place.said(lang), lang), texts.TABS[0], (model, model.lived))


@solara.component
def Causes(model: Pair) -> None:
    """Why people fall, both sides beside each other."""
    update_counter.get()
    if not _tested(model):
        Note(texts.NO_TEST_YET)
        return
    from experiments.charts.causeyears import draw_cause_years

    results = model.results()
    Chart(lambda lang: draw_cause_years(results, model.start.place.said(lang), lang), texts.TABS[1], (model, model.lived))


@solara.component
def Budget(model: Pair) -> None:
    """What every account has paid, both sides."""
    update_counter.get()
    if model.lived == 0:
        Note(texts.NOTHING_YET)
        return
    from experiments.charts.accounts import draw_accounts

    start, paid, until = model.start, model.paid(), model.date
    Chart(
        lambda lang: draw_accounts(paid, start.names, start.place, until, lang), texts.TABS[2], (model, model.lived)
    )  # fmt: skip


@solara.component
def Table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table of texts."""

    def line(cells: Sequence[str], tag: str) -> Any:
        return solara.v.Html(tag="tr", children=[solara.v.Html(tag=tag, children=[cell]) for cell in cells])

    solara.v.Html(tag="table", class_="fangpin-table", children=[line(heads, "th"), *(line(row, "td") for row in rows)])


def table_of(rows: Sequence[Compared], lang: Lang) -> tuple[list[str], list[list[str]]]:
    """Return the heads and the cells of the table of figures: three lines a quantity, a column a year."""
    years = sorted({year for row in rows for year in row.values} - {SO_FAR})
    heads = ["", "", *(str(year) for year in years), Label("累计", "so far").said(lang)]
    lines = [*(side.said(lang) for side in SIDES), Label("甲－乙", "A - B").said(lang)]
    cells = []
    for row in rows:
        called = [Label(f"{row.label.zh}（{row.unit.zh}）", f"{row.label.en} ({row.unit.en})").said(lang), "", ""]
        for name, line, texts_of_years in zip(called, lines, row.cells([*years, SO_FAR]), strict=True):
            cells.append([name, line, *texts_of_years])
    return heads, cells


@solara.component
def Comparison(model: Pair) -> None:
    """Figures of both sides, their difference, what it is made of, and the command that says how certain it is."""
    update_counter.get()
    wish, lang = model.start.wish, OPENING.lang
    with solara.Column(gap="4px"):
        for side, name in zip(wish.sides, model.start.names, strict=True):
            Note(Label("；".join([name.zh, *(one.zh for one in changes_told(side))]), "; ".join([name.en, *_english(side)])))
        if model.lived == 0:
            Note(texts.NOTHING_YET)
        else:
            Table(*table_of(compared(model.results()), lang))
        if _tested(model):
            from experiments.charts.causes import draw_causes

            results = model.results()
            first = results.study.policies[0]
            Chart(
                lambda lang: draw_causes(results, first, model.start.place.said(lang), lang), texts.TABS[4], (model, model.lived)
            )  # fmt: skip
        Note(texts.ONE_RUN)
        Note(Label(command(wish), command(wish)), "fangpin-command")


def _english(side: Any) -> list[str]:
    """Return a side's changes in English."""
    return [one.en for one in changes_told(side)]
