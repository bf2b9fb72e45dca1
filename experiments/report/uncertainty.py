"""Uncertainty: what intervals hold, the goal at several thresholds, which differences can be told, how the model meets facts."""

from __future__ import annotations

import math

from experiments.compare.outcomes import HORIZON, SAME, UNSURE, VERDICTS
from experiments.goal import ALL_YEARS, EVERY, WHOLE, quantity
from experiments.labels import Label, place_label, unit_label
from experiments.report.document import Block, Cell, Figure, Paragraph, Row, Section, Table, Value, chance_value, paragraph, plain
from experiments.report.said import NOTHING
from experiments.report.subject import Subject

SHOWN = ("relapse_registry", "relapse_net", "relapse_core", "falling_net", "poor_stock")
MOST_DRAWN = 6
"""Policies up to which the chart of the goal is drawn."""
TAGS = {
    "emergent": Label("涌现（检验）", "emergent (the test)"),
    "input": Label("输入（曾用于取值）", "input (used to choose values)"),
    "identity": Label("恒等检验", "identity"),
    "administrative_target": Label("行政目标（受管理的数字）", "administrative target (managed)"),
    "not_comparable": Label("不可比", "not comparable"),
}
FACT_VERDICTS = {
    "agrees": Label("吻合", "agrees"),
    "misses": Label("偏差", "misses"),
    "not judged": Label("不评判", "not judged"),
}


def uncertainty(subject: Subject) -> Section:
    """Return the section."""
    parts = [_goal(subject)]
    if subject.others:
        parts.append(_told(subject))
    parts.append(_facts(subject))
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
    return Section(subject.say("守住底线的把握", "How sure the goal is"), tuple(blocks))


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


# facts -----------------------------------------------------------------------------------------------------------


def _facts(subject: Subject) -> Section:
    """Return simulated against observed figures as the run's own table has them."""
    heading = subject.say("与实际数字相比", "Against observed figures")
    if not subject.facts:
        text = subject.say(
            "文件夹里没有与实际数字的对照表（tables/facts.csv）。",
            "The folder has no table of observed figures (tables/facts.csv).",
        )
        return Section(heading, (plain(text),))
    blocks: list[Block] = [_agreement(subject, tag) for tag in TAGS if any(_judged(row, tag) for row in subject.facts)]
    called, rows = _names(), []
    for row in sorted(subject.facts, key=lambda row: list(TAGS).index(row["tag"]) if row["tag"] in TAGS else 9):
        key = f"fact/{row['id']}/{row['year']}"
        unit = subject.said(unit_label(row["unit"]))
        cells: tuple[Cell, ...] = (
            _figure(f"{key}/observed", row["observed"], unit),
            _figure(f"{key}/simulated", row["simulated"], unit),
            subject.said(FACT_VERDICTS.get(row["verdict"], Label(row["verdict"], row["verdict"]))),
        )
        tag = subject.said(TAGS.get(row["tag"], Label(row["tag"], row["tag"])))
        name = subject.said(called.get(row["id"], Label(row["name"], row["name"])))
        rows.append(Row((tag, name, row["year"], subject.said(place_label(row["place"]))), cells))
    table = Table(
        "facts",
        subject.say("模拟与实际", "Simulated and observed"),
        (subject.say("性质", "kind"), subject.say("指标", "figure"), subject.say("年份", "year"), subject.say("地区", "place")),
        subject.say("项", "part"),
        (subject.say("实际", "observed"), subject.say("模拟", "simulated"), subject.say("结论", "verdict")),
        tuple(rows),
        subject.say("输入吻合不说明什么；涌现的数字才是检验。偏差在10%以内为吻合。",
                    "Inputs that agree prove nothing; emergent figures are the test. Within 10% counts as agreeing."),
        most=30, long=False)  # fmt: skip
    return Section(heading, (*blocks, table))


def _names() -> dict[str, Label]:
    """Return what the shipped observed figures are called, by their ids."""
    from experiments.facts import IDENTITY_NAME
    from scenarios import observations

    found = {fact.id: Label(fact.names["zh"], fact.names["en"]) for fact in observations()}
    return {**found, "identity": IDENTITY_NAME}


def _judged(row: dict[str, str], tag: str) -> bool:
    """Return whether a row is of a kind and has a verdict."""
    return row["tag"] == tag and row["verdict"] != "not judged"


def _agreement(subject: Subject, tag: str) -> Paragraph:
    """Return how many figures of a kind agree."""
    mine = [row for row in subject.facts if _judged(row, tag)]
    text = subject.say("{tag}：{all}项中{good}项吻合。", "{tag}: {good} of {all} agree.")
    good = sum(row["verdict"] == "agrees" for row in mine)
    return paragraph(
        text, "item", tag=subject.said(TAGS[tag]), all=Value(f"facts/{tag}/all", len(mine)), good=Value(f"facts/{tag}/good", good)
    )


def _figure(key: str, text: str, unit: str) -> Cell:
    """Return a figure of the table of facts; three significant digits are shown."""
    if not text:
        return NOTHING
    found = float(text)
    size = 0 if found == 0 else math.floor(math.log10(abs(found)))
    return Value(key, found, digits=max(0, min(4, 2 - size)), unit=unit)
