"""Uncertainty: what intervals hold, the goal at several thresholds, which differences can be told, how the model meets facts."""

from __future__ import annotations

import math

from experiments.compare.outcomes import HORIZON, SAME, UNSURE, VERDICTS
from experiments.goal import ALL_YEARS, EVERY, WHOLE, quantity
from experiments.report.document import Block, Cell, Figure, Paragraph, Row, Section, Table, Value, chance_value, paragraph, plain
from experiments.report.met import met
from experiments.report.said import NOTHING
from experiments.report.subject import Subject

SHOWN = ("relapse_registry", "relapse_net", "relapse_core", "falling_net", "poor_stock")
MOST_DRAWN = 6
"""Policies up to which the chart of the goal is drawn."""


def uncertainty(subject: Subject) -> Section:
    """Return the section."""
    parts = [_goal(subject)]
    if subject.others:
        parts.append(_told(subject))
    parts.append(met(subject))
    return Section(subject.say("不确定性", "Uncertainty"), (_holds(subject),), tuple(parts))


def _holds(subject: Subject) -> Paragraph:
    """Return what the intervals contain."""
    runs = Value("repetitions", subject.repeats)
    if subject.stored.study.parameters:
        text = subject.say(
            "区间由{runs}次重复得出，含随机波动（天气、疾病、就业等）与参数不确定性；不含模型结构、政策变动和观测误差。",
            "Intervals come from {runs} repetitions and hold luck (weather, illness, jobs) and the uncertainty of "
            "parameters; not the "
            "model's structure, changes of policy or errors of measurement.",
        )
    else:
        text = subject.say(
            "区间由{runs}次重复得出，只含随机波动（天气、疾病、就业等），不含参数、模型结构、政策变动和观测误差，因此偏窄。",
            "Intervals come from {runs} repetitions and hold luck alone (weather, illness, jobs); not parameters, the model's "
            "structure, changes of policy or errors of measurement: they are too narrow.",
        )
    return paragraph(text, runs=runs)


# the goal --------------------------------------------------------------------------------------------------------


def _goal(subject: Subject) -> Section:
    """Return the probability that rates stay below thresholds in all years."""
    from experiments.charts.goal import draw_goal

    county = EVERY if any(row.county == EVERY for row in subject.goal) else WHOLE
    rows = []
    bars = sorted({row.threshold for row in subject.goal})
    for policy in subject.shown:
        for name in SHOWN:
            by_bar = {
                row.threshold: row
                for row in subject.goal
                if (row.policy, row.county, row.definition, row.year) == (policy, county, name, ALL_YEARS)
            }
            cells: list[Cell] = []
            for bar in bars:
                chance = by_bar[bar].chance if bar in by_bar else None
                if chance is None:
                    cells.append(NOTHING)
                    continue
                cells.append(chance_value(f"goal/{policy}/{name}/{bar:g}", chance))
            rows.append(Row((subject.name(policy), subject.said(quantity(name).label)), tuple(cells)))
    every = subject.say("各县同时、", "every county at once and ") if county == EVERY else ""
    table = Table(
        "goal",
        subject.say(f"{every}各年都低于阈值的概率", f"Probability to stay below a threshold in {every}all years"),
        (subject.say("政策", "policy"), subject.say("指标", "rate")),
        subject.say("阈值", "threshold"),
        tuple(f"<{100 * bar:g}%" for bar in bars),
        tuple(rows),
        subject.say("没有官方的“规模性”数值，阈值是选择；方括号为95%区间。少于24次重复时没有什么可以算稳妥。",
                    "No official number says what large-scale is: thresholds are choices; 95% intervals in brackets. With "
                    "fewer than 24 "
                    "repetitions nothing can be called safe."),
    )  # fmt: skip
    blocks: list[Block] = [table]
    if len(subject.policies) <= MOST_DRAWN:
        picture = Figure(
            "goal",
            subject.say("各年低于阈值的概率", "Probability to stay below by threshold and year"),
            lambda: draw_goal(subject.results, subject.goal, subject.place, subject.lang),
        )
        blocks.append(picture)
    if subject.results.weighted:
        blocks.append(_counties(subject))
    return Section(subject.say("守住底线的把握", "How sure the goal is"), tuple(blocks))


def _counties(subject: Subject) -> Figure:
    """Return the chart of how the joint probability falls with the number of counties."""
    from experiments.charts.goal import draw_steps
    from experiments.goal import county_steps, place_and_counties
    from experiments.store import Store

    parts = place_and_counties(subject.stored.plan(), Store(subject.stored.root))
    caption = subject.say(
        "县越多，各县各年同时守住的概率越低", "The more counties, the less likely all of them hold in all years"
    )
    return Figure("goal_counties", caption, lambda: draw_steps(subject.results, county_steps(parts), subject.place, subject.lang))


# differences -----------------------------------------------------------------------------------------------------


def _told(subject: Subject) -> Section:
    """Return every outcome of every policy against the base with its verdict."""
    from experiments.charts.pairs import draw_pairs

    blocks: list[Block] = [_multiplicity(subject)]
    picture = Figure(
        "pairs",
        subject.say("各政策与基准的配对差", "Paired differences from the base"),
        lambda: draw_pairs(subject.results, subject.pairs, subject.lang),
    )
    blocks.append(picture)
    for policy in subject.others:
        rows = []
        for row in subject.pairs:
            if row.policy == policy and row.year == HORIZON:
                one, key = row.outcome, f"pair/{policy}/{row.outcome.id}"
                cells: tuple[Cell, ...] = (
                    subject.value(f"{key}/base", row.theirs, one.digits, one.unit).bare(),
                    subject.value(f"{key}/difference", row.difference, one.digits, one.unit),
                    subject.said(VERDICTS[row.verdict]),
                    NOTHING if math.isnan(row.p_holm) else Value(f"{key}/p_holm", row.p_holm, digits=3),
                )
                rows.append(Row((one.label.said(subject.lang),), cells))
        base = subject.name(subject.stored.study.base)
        blocks.append(
            Table(
                subject.numbered("pairs", policy),
                subject.say(f"“{subject.name(policy)}”减“{base}”，各年平均或合计",
                            f"'{subject.name(policy)}' minus '{base}', mean of the years or sum"),
                (subject.say("指标", "outcome"),),
                subject.say("项", "part"),
                (base, subject.say("差", "difference"), subject.say("结论", "verdict"), subject.say("Holm校正p", "p (Holm)")),
                tuple(rows),
                sheet_only=policy not in subject.shown, long=False)
        )  # fmt: skip
    return Section(subject.say("哪些差别说得清", "Which differences can be told"), tuple(blocks))


def _multiplicity(subject: Subject) -> Paragraph:
    """Return how many comparisons there are and how many would differ by luck."""
    rows = [row for row in subject.pairs if row.year == HORIZON and not math.isnan(row.p) and row.verdict != SAME]
    if not rows:
        return plain(
            subject.say(
                "没有可以检验的差别（重复少于两次，或没有差别）。",
                "No difference can be tested: one repetition, or none differs.",
            )
        )
    text = subject.say(
        "共比较{all}项，{found}项的区间不含零；若全无差别，仅凭运气也会有约{luck}项。按Holm校正后有{firm}项站得住。",
        "{all} comparisons, {found} with an interval without zero; if nothing differed, luck alone would give about {luck}. "
        "After "
        "Holm's adjustment {firm} stand.",
    )
    given = {
        "all": len(rows),
        "found": sum(row.verdict != UNSURE for row in rows),
        "luck": 0.05 * len(rows),
        "firm": sum(row.p_holm < 0.05 for row in rows),
    }
    return paragraph(text, **{key: Value(f"comparisons/{key}", float(count)) for key, count in given.items()})
