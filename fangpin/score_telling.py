"""What `fangpin score` says and writes: the card, every figure, what was left out, charts, and the same as a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.fans import BANDS
from experiments.labels import Label, Lang
from experiments.score import HEADER as SCORE_HEADER
from experiments.score import MODEL, POOLS, left_out, score_rows
from experiments.scorecard import FORECASTERS, LOSES, card_rows, said, scorecard
from experiments.scorecard import HEADER as CARD_HEADER
from fangpin.scored import known_in, scores_of
from fangpin.screen import NOTHING, Screen
from scenarios.cited import show_month

if TYPE_CHECKING:
    from experiments.fans import Forecast
    from experiments.score import Scored
    from experiments.scorecard import Line
    from fangpin.scored import Asked

Row = list[str]
FEW = 60
"""Figures below which a scorecard is told to be weak."""
MOST_HINDCASTS = 6
"""Forecasts of which a chart is drawn."""


def tell_score(asked: Asked, forecasts: Sequence[tuple[Path, Forecast, int]]) -> None:
    """Score forecasts, print the card and write tables and charts."""
    screen, scored = Screen(asked.lang), scores_of(forecasts)
    reps = ", ".join(str(len(forecast.repeats)) for _, forecast, _ in forecasts)
    place = Label(
        "、".join(dict.fromkeys(f.place.zh for _, f, _ in forecasts)),
        ", ".join(dict.fromkeys(f.place.en for _, f, _ in forecasts)),
    )
    screen.heading(
        Label(f"预测评分：{place.zh}，截至 {known_in(forecasts)}", f"scorecard: {place.en}, as known at {known_in(forecasts)}")
    )
    screen.line(Label(f"每个预测的重复次数：{reps}", f"repetitions of each forecast: {reps}"))
    if not scored:
        text = "此后该地没有观测到事先列出的序列；一县之外的数字不能检验该县（可用 place=national）"
        other = (
            "nothing of the series named beforehand was observed here afterwards; figures of other places are no test of this one"
        )
        screen.line(Label(text, f"{other} (place=national has most)"))
        return
    lines = scorecard(scored)
    for heading, header, rows in _tables(lines, scored, screen.lang):
        screen.heading(heading)
        screen.table(header, rows)
    for line in verdicts(lines):
        screen.line(line)
    for note in [*notes(lines, scored), *hindsight_notes(forecasts)]:
        screen.line(note)
    paths = write_score(asked, forecasts, scored, lines)
    screen.files(paths, asked.folder, (".svg", ".pdf"))


def _tables(lines: Sequence[Line], scored: Sequence[Scored], lang: Lang) -> Iterable[tuple[Label, list[str], list[Row]]]:
    """Yield heading, header and rows of the card and of every figure."""
    yield (
        Label("评分卡：CRPS 占观测值的百分比，越小越好", "card: CRPS as a share of what was observed, smaller is better"),
        *_card(lines, lang),
    )
    for pool, label in POOLS.items():
        rows = [one for one in scored if one.pool == pool]
        if rows:
            yield label, *_figures(rows, lang)


def _card(lines: Sequence[Line], lang: Lang) -> tuple[list[str], list[Row]]:
    """Return the card."""
    heads = [
        Label("数字", "figures of"), Label("预测者", "forecaster"), Label("数字", "figures"), Label("序列", "series"),
        Label("CRPS %", "CRPS %"), Label("同数字上模型 %", "model, same %"), Label("技巧", "skill"),
        *(Label(f"{100 * share:.0f}%区间含", f"in {100 * share:.0f}%") for share in BANDS),
        Label("偏差 %", "bias %"), Label("平均PIT", "mean PIT"),
    ]  # fmt: skip
    rows = []
    for one in lines:
        skill = NOTHING if one.who == MODEL else f"{one.skill:+.2f}"
        pool = POOLS[one.pool].said(lang).partition("：" if lang == "zh" else ":")[0]
        inside = [f"{100 * share:.0f}" for share in one.inside]
        rows.append([pool, FORECASTERS[one.who].said(lang), str(one.figures), str(one.series), f"{100 * one.crps:.1f}",
                     f"{100 * one.model:.1f}", skill, *inside, f"{100 * one.bias:+.1f}", f"{one.pit:.2f}"])  # fmt: skip
    return [head.said(lang) for head in heads], rows


def _figures(scored: Sequence[Scored], lang: Lang) -> tuple[list[str], list[Row]]:
    """Return every figure of a kind: what the model said, and everybody's score."""
    heads = [
        Label("序列", "series"), Label("截至", "as of"), Label("时间", "time"), Label("观测", "observed"),
        Label("模型中位数", "model median"), Label("PIT", "PIT"),
        *(Label(f"CRPS {label.zh.partition('（')[0]}", f"CRPS {label.en}") for label in FORECASTERS.values()),
        Label("已知数", "known"),
    ]  # fmt: skip
    rows = []
    for one in scored:
        crps = [_number(one.marks[who].crps) if who in one.marks else NOTHING for who in FORECASTERS]
        bound = {"at_least": "≥", "at_most": "≤", "about": "~"}.get(one.bound, "")
        time = str(one.year) if one.month == 12 else f"{one.year}-{one.month:02d}"
        model = one.marks[MODEL]
        rows.append([f"{one.label.said(lang)} ({one.unit.said(lang)})", show_month(one.asof), time, bound + _number(one.observed),
                     _number(model.median), f"{model.pit:.2f}", *crps, str(one.known)])  # fmt: skip
    return [head.said(lang) for head in heads], rows


def _number(value: float) -> str:
    """Return a figure with about four places."""
    if not np.isfinite(value):
        return NOTHING
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def verdicts(lines: Sequence[Line]) -> list[Label]:
    """Return in words where the model loses to a naive rival, first, and where it does not."""
    told = [(line, said(line)) for line in lines]
    ordered = sorted(told, key=lambda pair: pair[0].verdict != LOSES)
    return [text for _, text in ordered if text is not None]


def notes(lines: Sequence[Line], scored: Sequence[Scored]) -> list[Label]:
    """Return what must be known of the card."""
    figures, series = len(scored), len({one.series for one in scored})
    known = [one.known for one in scored]
    silent = [one for one in scored if len(one.marks) == 1]
    found = [
        Label(
            f"共{figures}个数字、{series}个序列；预测前每个序列已知 {min(known)} 至 {max(known)} 个数字。"
            + ("序列短、数字少且同一序列彼此相关：得分只有提示意义" if figures < FEW else ""),
            f"{figures} figures of {series} series; {min(known)} to {max(known)} figures of a series were known before. "
            + ("Short series, few figures, all of a series alike: these scores are weak hints" if figures < FEW else ""),
        ),
        Label(
            "竞争者用当时已知的数字各给出t分布；数字太少时其离散度取 scenarios/scored.yaml 的假设",
            "rivals are t distributions made of the figures known by then; with few figures their spread is the assumption of "
            "scenarios/scored.yaml",
        ),
    ]  # fmt: skip
    if silent:
        names = ", ".join(dict.fromkeys(one.series for one in silent))
        found.append(Label(f"此前没有任何数字、因此没有竞争者：{names}", f"no figure known before, and so no rival: {names}"))
    return found


def hindsight_notes(forecasts: Sequence[tuple[Path, Forecast, int]]) -> list[Label]:
    """Return what each hindcast did about later knowledge, as its frozen copy says; equal words once, with all their months."""
    from experiments.frozen import hindsight_in
    from experiments.hindsight import told

    months: dict[Label, list[str]] = {}
    for folder, _, asof in forecasts:
        for line in told(hindsight_in(folder)):
            months.setdefault(line, []).append(show_month(asof))
    found = []
    for line, known in months.items():
        when = ", ".join(dict.fromkeys(known))
        found.append(Label(f"截至 {when}：{line.zh}", f"as of {when}: {line.en}"))
    return found


def write_score(
    asked: Asked, forecasts: Sequence[tuple[Path, Forecast, int]], scored: Sequence[Scored], lines: Sequence[Line]
) -> list[Path]:
    """Write tables and charts; return the paths."""
    from experiments.charts.score import draw_hindcast, draw_pit, draw_scores
    from experiments.charts.style import save
    from experiments.tables import csv_text

    lang: Lang = "en" if asked.lang == "en" else "zh"
    tables, charts = asked.folder / "tables", asked.folder / "charts"
    tables.mkdir(parents=True, exist_ok=True)
    left = _left(forecasts, scored)
    texts = {
        "scores.csv": csv_text(SCORE_HEADER, list(score_rows(scored))),
        "scorecard.csv": csv_text(CARD_HEADER, list(card_rows(lines))),
        "left-out.csv": csv_text(("indicator", "name", "last_year", "why"), [(*row[:3], row[3].en) for row in left]),
        f"score-{lang}.md": page(forecasts, scored, lines, lang),
    }
    paths = []
    for name, text in texts.items():
        (tables / name).write_text(text, encoding="utf-8")
        paths.append(tables / name)
    drawn: set[str] = set()
    for _, forecast, asof in forecasts[:MOST_HINDCASTS]:
        mine = [one for one in scored if (one.asof, one.place) == (asof, forecast.place) and one.series in forecast.values]
        if mine and show_month(asof) not in drawn:
            drawn.add(show_month(asof))
            paths += save(draw_hindcast(forecast, mine, lang), charts, f"hindcast-{show_month(asof)}-{lang}")
    paths += save(draw_pit(scored, lang), charts, f"pit-{lang}")
    return [*paths, *save(draw_scores(scored, lang), charts, f"scores-{lang}")]


def _left(forecasts: Sequence[tuple[Path, Forecast, int]], scored: Sequence[Scored]) -> list[tuple[str, str, int, Label]]:
    """Return the indicators observed after the first month of knowledge that were not scored, and why."""
    from scenarios import observations
    from scenarios.scored import read_scored

    places = {forecast.place.en for _, forecast, _ in forecasts}
    facts = [fact for fact in observations() if fact.place in places]
    return left_out(facts, scored, min(asof for _, _, asof in forecasts), read_scored())


def page(forecasts: Sequence[tuple[Path, Forecast, int]], scored: Sequence[Scored], lines: Sequence[Line], lang: Lang) -> str:
    """Return card, figures, words and what was left out as a page that docs can hold."""
    place = forecasts[0][1].place.said(lang)
    reps = ", ".join(str(len(forecast.repeats)) for _, forecast, _ in forecasts)
    known = known_in(forecasts)
    parts = [Label(f"{place}，截至 {known}，重复 {reps} 次", f"{place}, as known at {known}, {reps} repetitions").said(lang)]
    for heading, header, rows in _tables(lines, scored, lang):
        parts.append(f"**{heading.said(lang)}**\n\n{_markdown(header, rows)}")
    parts.append(
        "\n".join(f"- {text.said(lang)}" for text in [*verdicts(lines), *notes(lines, scored), *hindsight_notes(forecasts)])
    )
    left = [[row[0], row[1], str(row[2]), row[3].said(lang)] for row in _left(forecasts, scored)]
    if left:
        heads = [
            Label("指标", "indicator"),
            Label("名称", "name"),
            Label("最后年份", "last year"),
            Label("为何未评分", "why not scored"),
        ]
        title = Label("其后有数字但未评分", "observed afterwards and not scored").said(lang)
        parts.append(f"**{title}**\n\n{_markdown([head.said(lang) for head in heads], left)}")
    return "\n\n".join(parts) + "\n"


def _markdown(header: Row, rows: Sequence[Row]) -> str:
    """Return a table of a page."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in lines)
