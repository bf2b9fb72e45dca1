"""The tab that tells one family's story under both policies."""

from __future__ import annotations

from typing import Any

import solara
from mesa.visualization.utils import update_counter

from experiments.accounts import said
from experiments.charts.life import draw_life
from experiments.dashboard import texts
from experiments.dashboard.opening import OPENING
from experiments.dashboard.pair import Pair
from experiments.dashboard.panels import Chart, Note
from experiments.dashboard.wish import SIDES
from experiments.decisions import GROUP_LABELS, side_by_side, who_lives_there
from experiments.followed import Fallen
from experiments.labels import CAUSE_LABELS, Label
from experiments.life import Life

MOST = 60
"""Families offered to choose from."""


def describe(one: Fallen) -> Label:
    """Return a household in a line: number, group, persons, and when and why it fell on each side."""
    group = GROUP_LABELS[one.group]
    zh = [f"{side.zh} {_fell(fall).zh}" for side, fall in zip(SIDES, one.falls, strict=True)]
    en = [f"{side.en} {_fell(fall).en}" for side, fall in zip(SIDES, one.falls, strict=True)]
    return Label(
        f"{one.id}（{group.zh}，{one.persons}人）：{'；'.join(zh)}", f"{one.id} ({group.en}, {one.persons}): {'; '.join(en)}"
    )


def _fell(fall: tuple[int, str] | None) -> Label:
    """Return when and why a household fell first."""
    if fall is None:
        return Label("未跌破", "never")
    cause = CAUSE_LABELS[fall[1]]
    return Label(f"{said(fall[0])} {cause.zh}", f"{said(fall[0])} {cause.en}")


def story(lives: list[Life]) -> list[Label]:
    """Return who lives there and what happened, a line each; what one side alone brings names it."""
    lines = [who_lives_there(lives[0])]
    for one in side_by_side(lives):
        apart = len(one.policies) < len(lives)
        zh = f"[{'、'.join(SIDES[place].zh for place in one.policies)}] " if apart else ""
        en = f"[{', '.join(SIDES[place].en for place in one.policies)}] " if apart else ""
        lines.append(Label(f"{said(one.month)}  {zh}{one.text.zh}", f"{said(one.month)}  {en}{one.text.en}"))
    return lines


@solara.component
def Family(model: Pair) -> None:
    """Choose a household that fell, and read its months under both policies."""
    update_counter.get()
    lang = OPENING.lang
    found = solara.use_memo(model.fallen, [model, model.lived])[:MOST]
    chosen, choose = solara.use_state(0)
    told = solara.lab.use_task(lambda: _followed(model, chosen), dependencies=None)
    if not found:
        Note(texts.NO_FALLS_YET if model.lived else texts.NOTHING_YET)
        return
    labels = {describe(one).said(lang): one.id for one in found}
    here = next((label for label, number in labels.items() if number == chosen), None)
    with solara.Column(gap="4px", classes=["fangpin-family"]):
        with solara.Row():
            solara.Select(
                texts.CHOOSE_FAMILY.said(lang), values=list(labels), value=here, on_value=lambda label: choose(labels[label])
            )  # fmt: skip
            solara.Button(texts.TELL.said(lang), color="primary", disabled=here is None or told.pending, on_click=told)
        if told.pending:
            solara.ProgressLinear(True)
            Note(texts.TELLING)
        elif told.error:
            solara.Error(str(told.exception))
        elif told.value:
            _Story(model, *told.value)


def _followed(model: Pair, household: int) -> tuple[int, list[Life]]:
    """Return the household with its months so far."""
    return household, model.follow(household)


@solara.component
def _Story(model: Pair, household: int, lives: list[Life]) -> None:
    """The chart of a family's income and the story in words."""
    names = model.start.names
    title = Label(f"住户 {household}", f"household {household}")
    Chart(lambda lang: draw_life(lives, names, title.said(lang), lang), title, (household, id(lives)))
    lines: list[Any] = [solara.v.Html(tag="div", children=[line.said(OPENING.lang)]) for line in story(lives)]
    solara.v.Html(tag="div", class_="fangpin-story", children=lines)
