"""The forecast of a folder: fan charts, medians with bands, paired differences, the goal by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.fans import quantiles
from experiments.frozen import hindsight_in
from experiments.hindsight import told
from experiments.report.document import Block, Cell, Chart, Figure, Row, Section, Table, Value, chance_value, plain
from experiments.report.said import NOTHING
from experiments.report.subject import Subject

if TYPE_CHECKING:
    from experiments.fans import Forecast, Series

LEVELS = (0.05, 0.5, 0.95)
MOST_FANS = 6
"""Series whose fan charts stand in the report; the table has all."""


def outlook(subject: Subject) -> Section | None:
    """Return the section; None for a folder without a forecast."""
    made = subject.forecast
    if made is None:
        return None
    contains = made.contains.said(subject.lang)
    blocks: list[Block] = [plain(f"{contains[:1].upper()}{contains[1:]}{subject.say('。', '.')}")]
    if made.asof is not None and subject.frozen is not None:
        month = f"{made.asof // 12}-{made.asof % 12 + 1:02d}"
        blocks.append(
            plain(
                subject.say(f"截至{month}所知：其后的观测一律隐藏。", f"As known in {month}: what was observed later is hidden.")
            )
        )
        for line in told(hindsight_in(subject.frozen[0])):
            text = line.said(subject.lang)
            blocks.append(plain(text[:1].upper() + text[1:] + subject.say("。", ".")))
    blocks += [_bands(subject, made, policy, False) for policy in made.policies]
    others = [policy for policy in made.policies if policy != made.base]
    apart = [policy for policy in others if any(made.difference(one.id, policy).any() for one in made.series)]
    blocks += [_same(subject, made, policy) for policy in others if policy not in apart]
    blocks += [_bands(subject, made, policy, True) for policy in apart]
    blocks += [_fan(subject, made, one) for one in made.series[:MOST_FANS]]
    if apart:
        blocks += [_difference(subject, made, one) for one in made.series[:MOST_FANS]]
    blocks += _goal(subject, made)
    return Section(subject.say("预测", "The forecast"), tuple(blocks))


def _goal(subject: Subject, made: Forecast) -> list[Block]:
    """Return the probability of the goal by year: a chart, and all of it in the workbook."""
    from experiments.charts.fan import draw_goal_years
    from experiments.goal import ALL_YEARS, EVERY, WHOLE, quantity

    county = EVERY if any(row.county == EVERY for row in made.goal) else WHOLE
    found = [row for row in made.goal if row.county == county and row.year != ALL_YEARS and row.chance]
    if not found:
        return []
    lines: dict[tuple[str, str, float], dict[int, Cell]] = {}
    for row in found:
        assert row.chance is not None
        key = f"goal_year/{row.policy}/{row.definition}/{row.threshold:g}/{row.year}"
        lines.setdefault((row.policy, row.definition, row.threshold), {})[row.year] = chance_value(key, row.chance)
    rows = tuple(
        Row(
            (made.policies[policy].said(subject.lang), subject.said(quantity(name).label), f"<{100 * bar:g}%"),
            tuple(by_year.get(year, NOTHING) for year in made.years),
        )
        for (policy, name, bar), by_year in lines.items()
    )
    heads = (subject.say("政策", "policy"), subject.say("指标", "rate"), subject.say("阈值", "threshold"))
    caption = subject.say("各年低于阈值的概率", "Probability to stay below a threshold, year by year")
    table = Table("goal_years", caption, heads, subject.say("年份", "year"), tuple(map(str, made.years)), rows, sheet_only=True)
    return [Figure("goal_years", caption, lambda: draw_goal_years(made, subject.lang)), table]


def _same(subject: Subject, made: Forecast, policy: str) -> Block:
    """Return that a policy is the base under another name here."""
    name, base = made.policies[policy].said(subject.lang), made.policies[made.base].said(subject.lang)
    return plain(
        subject.say(
            f"“{name}”与“{base}”在这个地方没有任何差别：差别的表和图从略。",
            f"'{name}' differs from '{base}' in nothing here: tables and charts of the difference are left out.",
        )
    )


def _bands(subject: Subject, made: Forecast, policy: str, paired: bool) -> Table:
    """Return medians with the middle 90% by series and year."""
    rows = []
    for one in made.series:
        found = [band_value(subject, made, one, policy, year, paired) for year in made.years]
        cells: list[Cell] = [NOTHING if value.mean != value.mean else value for value in found]
        rows.append(Row((one.label.said(subject.lang),), tuple(cells)))
    name, base = made.policies[policy].said(subject.lang), made.policies[made.base].said(subject.lang)
    number = list(made.policies).index(policy) + 1
    caption = subject.say(f"预测中位数与90%区间：“{name}”", f"Median and 90% band: '{name}'")
    if paired:
        caption = subject.say(
            f"预测之差：“{name}”减“{base}”（中位数与90%区间）", f"Difference: '{name}' minus '{base}' (median, 90% band)"
        )
    return Table(
        f"forecast_{number}{'d' if paired else ''}",
        caption,
        (subject.say("指标", "series"),),
        subject.say("年份", "year"),
        tuple(str(year) for year in made.years),
        tuple(rows),
        chart=None if paired else Chart("line", (0,), rows[0].labels[0], "", len(made.years)),
    )


def band_value(subject: Subject, made: Forecast, one: Series, policy: str, year: int, paired: bool = False) -> Value:
    """Return the median of a series in a year with the middle 90% of the repetitions, or of its difference."""
    values = made.difference(one.id, policy) if paired else made.of(one.id, policy)
    low, median, high = (float(level[made.years.index(year)]) for level in quantiles(values, LEVELS))
    key = f"forecast/{one.id}/{policy}/{'minus' if paired else ''}/{year}"
    return Value(key, median, low, high, len(made.repeats), one.digits, one.unit.said(subject.lang), ends=True)


def _fan(subject: Subject, made: Forecast, one: Series) -> Figure:
    """Return a fan chart."""
    from experiments.charts.fan import draw_fan

    caption = subject.say(f"{one.label.zh}：预测", f"{one.label.en}: forecast")
    return Figure(f"fan_{one.id}", caption, lambda: draw_fan(made, one.id, subject.lang))


def _difference(subject: Subject, made: Forecast, one: Series) -> Figure:
    """Return a fan chart of differences."""
    from experiments.charts.fan import draw_difference

    base = made.policies[made.base].said(subject.lang)
    caption = subject.say(f"{one.label.zh}：与“{base}”之差", f"{one.label.en}: difference from '{base}'")
    return Figure(f"difference_{one.id}", caption, lambda: draw_difference(made, one.id, subject.lang))
