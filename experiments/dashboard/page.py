"""The page: controls beside Mesa's own page of a pair of counties."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import solara
import solara.lab
from mesa.visualization import SolaraViz
from mesa.visualization.utils import force_update, update_counter

from experiments.dashboard import texts
from experiments.dashboard.controls import Controls
from experiments.dashboard.family import Family
from experiments.dashboard.opening import OPENING
from experiments.dashboard.pair import Pair
from experiments.dashboard.panels import Budget, Causes, Comparison, Note, Rates
from experiments.dashboard.start import READING, Say, Start, prepare
from experiments.dashboard.wish import Wish
from experiments.labels import Label
from scenarios.problems import ScenarioError

HERE = Path(__file__).parent
BETWEEN = 6
"""Months lived between two drawings when the county runs to the end."""


@solara.component_vue("wording.vue")
def Wording(words: dict[str, str], hidden: list[str], title: str, lang: str) -> None:
    """Puts the page's language in the place of Mesa's English words."""


@solara.component
def Page() -> None:
    """The whole page of one browser window."""
    lang = OPENING.lang
    wish, applied = solara.use_reactive(OPENING.wish), solara.use_reactive(OPENING.wish)
    stage = solara.use_reactive(READING)
    made = solara.lab.use_task(lambda: _prepared(applied.value, stage.set), dependencies=[applied.value], raise_error=False)
    solara.Style(HERE / "page.css")
    Wording(words=texts.mesa_words(lang), hidden=list(texts.HIDDEN), title=texts.TITLE.said(lang), lang=lang)
    _Main(made, stage.value)
    with solara.Sidebar():
        Controls(wish, applied, made.pending)


@solara.component
def _Main(made: Any, stage: Label) -> None:
    """What stands beside the controls: what is prepared, what is wrong, or the pair."""
    if isinstance(made.value, Start) and not made.pending and not made.error:
        Viewer(made.value).key(f"pair-{id(made.value)}")
        return
    solara.AppBarTitle(texts.TITLE.said(OPENING.lang))
    if made.pending or made.not_called:
        _Preparing(stage)
    else:
        _Wrong(made.exception or made.value)


def _prepared(wish: Wish, say: Say) -> Start | ScenarioError:
    """Return both sides, ready, or what is wrong with the choices: an answer for the page and no fault of the program."""
    try:
        return prepare(wish, say)
    except ScenarioError as error:
        return error


@solara.component
def _Preparing(stage: Label) -> None:
    """Says what is being prepared."""
    with solara.Card(texts.PREPARING.said(OPENING.lang), classes=["fangpin-preparing"]):
        solara.ProgressLinear(True)
        solara.Text(stage.said(OPENING.lang))


@solara.component
def _Wrong(error: BaseException | None) -> None:
    """Lists what is wrong with the choices."""
    with solara.Error(texts.WRONG.said(OPENING.lang)):
        for problem in error.problems if isinstance(error, ScenarioError) else [error]:
            solara.Text(str(problem), style={"display": "block"})


@solara.component
def Viewer(start: Start) -> None:
    """Mesa's page of a pair, with our tabs."""
    model: solara.Reactive[Pair] = solara.use_reactive(solara.use_memo(lambda: Pair(start), [start]))
    Clock(model)
    SolaraViz(
        model,
        components=[(Rates, 0), (Causes, 1), (Budget, 2), (Family, 3), (Comparison, 4)],
        model_params={"start": start},
        play_interval=50,
        render_interval=1,
        name=texts.TITLE.said(OPENING.lang),
    )


@solara.component
def Clock(model: solara.Reactive[Pair]) -> None:
    """How far the county is, which policies are compared, and a button that runs to the end."""
    update_counter.get()
    lang, pair = OPENING.lang, model.value
    going, go = solara.use_state(False)
    stop = solara.use_memo(threading.Event, [pair])
    solara.use_thread(lambda: _run(pair, stop, go) if going else None, dependencies=[going, pair])
    months = pair.start.study.months
    text = texts.LIVED_TO if pair.lived else texts.BEFORE
    place = pair.start.place.said(lang)

    def toggle() -> None:
        stop.set() if going else stop.clear()
        go(not going)

    with solara.Row(style={"align-items": "center", "padding": "4px 12px"}, classes=["fangpin-clock"]):
        label = (texts.STOP if going else texts.TO_THE_END).said(lang)
        over = pair.lived >= months
        solara.Button(label, color="primary", outlined=True, disabled=over and not going, on_click=toggle)
        with solara.Column(gap="0px", style={"flex": "1"}):
            solara.Text(f"{place} · {text.said(lang).format(date=pair.date, lived=pair.lived, months=months)}")
            Note(Label("　".join(name.zh for name in pair.start.names), "   ".join(name.en for name in pair.start.names)))
            solara.ProgressLinear(100 * pair.lived / months)


def _run(pair: Pair, stop: threading.Event, go: Any) -> None:
    """Live the months that are left, and redraw now and then."""
    while not stop.is_set() and pair.lived < pair.start.study.months:
        pair.step()
        if pair.lived % BETWEEN == 0:
            force_update()
    go(False)
    force_update()
