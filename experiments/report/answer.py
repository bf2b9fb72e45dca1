"""Question and answer: the first paragraph says what came out, with its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.compare.outcomes import HORIZON
from experiments.differences import equal_policies
from experiments.goal import ALL_YEARS, WHOLE
from experiments.intervals import estimate
from experiments.labels import Label
from experiments.quantities import QUANTITIES
from experiments.report.document import Chart, Paragraph, Row, Section, Table, Value, chance_value, paragraph, plain
from experiments.report.subject import FORECAST, LEADING, SWEEP, Subject
from experiments.sweep import horizon_mean
from experiments.targets import KEPT, MISSED, Judgement

if TYPE_CHECKING:
    from experiments.fans import Forecast

GOAL = ("relapse_net", 0.02)
"""Rate and threshold that the answer names: 2% was the limit of the exit from poverty, of a stock; for a yearly flow a choice."""
PERSONS, MILLION = Label("人次", "persons"), Label("百万元", "million yuan")
PERCENT = Label("%", "%")


def question(subject: Subject) -> str:
    """Return the question that the folder was made for."""
    place, span, base = subject.place, subject.span, subject.name(subject.stored.study.base)
    others = [subject.name(policy) for policy in subject.others]
    if subject.kind == FORECAST:
        return subject.say(
            f"{place}{span}年返贫风险会怎样变化，把握有多大？",
            f"How will the risk of returning to poverty in {place} develop in {span}, and how sure is that?",
        )
    if subject.kind == SWEEP or len(others) > LEADING:
        return subject.say(
            f"{place}{span}年，{len(others) + 1}种政策组合中哪些返贫致贫少、花钱少（对照“{base}”）？",
            f"Which of {len(others) + 1} combinations of policy have fewer falls into poverty and cost less in {place} in "
            f"{span}, "
            f"against '{base}'?",
        )
    if others:
        zh, en = "”“".join(others), "', '".join(others)
        return subject.say(
            f"{place}{span}年，若实行“{zh}”而不是“{base}”，返贫致贫会多多少，钱会多花多少？",
            f"How many more falls into poverty and how much more cost follow in {place} in {span} from '{en}' instead of "
            f"'{base}'?",
        )
    return subject.say(
        f"{place}{span}年实行“{base}”，有多少返贫致贫，能否守住不发生规模性返贫的底线？",
        f"How many fall into poverty in {place} in {span} under '{base}', and does the goal of no large-scale return hold?",
    )


def answer(subject: Subject) -> Section:
    """Return the first section: the answer first, then what it rests on."""
    blocks = [_lead(subject)]
    blocks += [_compared(subject, "text")] if subject.others and subject.forecast is not None else []
    blocks += [_level(subject)] if subject.others or subject.forecast is not None else []
    blocks += [one for one in (_targets(subject), _sure(subject)) if one]
    heading = subject.say("问题与回答", "Question and answer")
    asked = plain(f"{subject.say('问题：', 'Question: ')}{question(subject)}", "asked")
    return Section(heading, (asked, *blocks, *([_policies(subject)] if len(subject.policies) > 1 else [])))


def _lead(subject: Subject) -> Paragraph:
    """Return the answer in a paragraph."""
    if subject.forecast is not None:
        return _ahead(subject, subject.forecast)
    if not subject.others:
        return _level(subject, "lead")
    return _compared(subject)


def _ahead(subject: Subject, made: Forecast) -> Paragraph:
    """Return what a forecast says: its first series, the goal's rate by default, in the first and the last year."""
    from experiments.report.outlook import band_value

    policy = subject.policy if subject.policy in made.policies else next(iter(made.policies))
    one = next((series for series in made.series if series.id == GOAL[0]), made.series[0])
    first, last = (band_value(subject, made, one, policy, year) for year in (made.years[0], made.years[-1]))
    text = subject.say(
        "“{name}”之下，{series}{start}年为{first}，{end}年为{last}（中位数，方括号内为90%区间：{runs}次重复的中间九成）。",
        "Under '{name}' {series} is {first} in {start} and {last} in {end} (medians; in brackets the middle 90% of {runs} "
        "repetitions).",
    )
    years = {"start": str(made.years[0]), "end": str(made.years[-1])}
    runs = Value("repetitions", len(made.repeats))
    name, series = subject.name(policy), one.label.said(subject.lang)
    return paragraph(text, "lead", name=name, series=series, first=first, last=last, runs=runs, **years)


def _compared(subject: Subject, kind: str = "lead") -> Paragraph:
    """Return what the policies do against the base; of many those with fewest and with most falls."""
    trades = {trade.policy: trade for trade in subject.trades}
    parts: list[Paragraph] = []
    chosen = sorted(subject.others, key=lambda policy: (-trades[policy].averted.mean, policy))
    left_out = len(chosen) > LEADING
    if left_out:
        chosen = [chosen[0], chosen[-1]]
    for policy in chosen:
        parts.append(_against(subject, policy))
    base = subject.name(subject.stored.study.base)
    head = subject.say(f"与“{base}”相比（{subject.span}年合计）：", f"Against '{base}', over {subject.span}: ")
    if left_out:
        head = subject.say(
            f"与“{base}”相比，{len(trades)}种组合中返贫致贫最少和最多的分别是（{subject.span}年合计）：",
            f"Against '{base}', of {len(trades)} combinations those with fewest and with most falls are, over {subject.span}: ",
        )
    spans: list[Value | str] = [head]
    for number, one in enumerate(parts):
        spans += [subject.say("；", "; ")] if number else []
        spans += one.parts
    spans.append(
        subject.say(
            f"。均为{subject.results.scope.zh}，方括号内为95%区间，只含随机波动。"
            if not subject.stored.study.parameters
            else f"。均为{subject.results.scope.zh}，方括号内为95%区间，含随机波动与参数不确定性。",
            f". Counts and costs: {subject.results.scope.en}; 95% intervals in brackets hold "
            + ("luck and the parameters' uncertainty." if subject.stored.study.parameters else "the luck of the draws alone."),
        )
    )
    return Paragraph(tuple(spans), kind)


def falls_value(subject: Subject, policy: str) -> Value:
    """Return how many more fall under a policy than under the base."""
    trade = next(trade for trade in subject.trades if trade.policy == policy)
    return subject.value(f"falls/{policy}", trade.averted, 0, PERSONS).turned()


def cost_value(subject: Subject, policy: str) -> Value:
    """Return how much more a policy costs than the base."""
    trade = next(trade for trade in subject.trades if trade.policy == policy)
    return subject.value(f"cost/{policy}", trade.dearer, 2, MILLION)


def _against(subject: Subject, policy: str) -> Paragraph:
    """Return what a policy does against the base."""
    if policy in equal_policies(subject.results):
        text = subject.say("“{name}”与之没有任何差别", "'{name}' differs from it in nothing")
        return paragraph(text, name=subject.name(policy))
    falls, cost = falls_value(subject, policy), cost_value(subject, policy)
    more, dearer = falls.mean >= 0, cost.mean >= 0
    text = subject.say(
        f"“{{name}}”{'多' if more else '少'}返贫致贫{{falls}}，支出{'多' if dearer else '少'}{{cost}}",
        f"'{{name}}' has {{falls}} {'more' if more else 'fewer'} falling into poverty and costs {{cost}} "
        f"{'more' if dearer else 'less'}",
    )
    unsure = falls.ranged and falls.low <= 0 <= falls.high
    if unsure:
        text += subject.say("（返贫之差含零，无法判断）", " (the difference in falls may be zero: nobody can tell)")
    return paragraph(
        text, name=subject.name(policy), falls=falls if more else falls.turned(), cost=cost if dearer else cost.turned()
    )


def _level(subject: Subject, kind: str = "text") -> Paragraph:
    """Return the level of relapse under the page's policy, and how likely the goal holds."""
    quantity = next(one for one in QUANTITIES if one.id == GOAL[0])
    values = horizon_mean(subject.results, quantity)[subject.results.place_of(subject.policy)]
    rate = subject.value(f"{GOAL[0]}/{subject.policy}/mean", estimate(values), 2, PERCENT)
    row = next(
        (
            row
            for row in subject.goal
            if (row.policy, row.county, row.definition, row.threshold, row.year) == (subject.policy, WHOLE, *GOAL, ALL_YEARS)
        ),
        None,
    )
    if row is None or row.chance is None:
        text = subject.say(
            "“{name}”之下，脱贫人口年均返贫率（扣除刚性支出）为{rate}。",
            "Under '{name}' a mean of {rate} of the ex-poor return to poverty in a year, net of unavoidable spending.",
        )
        return paragraph(text, kind, name=subject.name(subject.policy), rate=rate)
    chance = chance_value(f"goal/{subject.policy}", row.chance, percent=True)
    text = subject.say(
        "“{name}”之下，脱贫人口年均返贫率（扣除刚性支出）为{rate}；各年都低于2%的概率为{chance}"
        "（“规模性”没有官方数值，2%是一个阈值，其他阈值见“不确定性”）。",
        "Under '{name}' a mean of {rate} of the ex-poor return to poverty in a year, net of unavoidable spending; the "
        "probability "
        "that all years stay below 2% is {chance} (no official number says what large-scale is: 2% is a choice, others stand "
        "under "
        "Uncertainty).",
    )
    return paragraph(text, kind, name=subject.name(subject.policy), rate=rate, chance=chance)


def _targets(subject: Subject) -> Paragraph | None:
    """Return how many targets are kept under the page's policy."""
    mine = [
        one for one in subject.judgements if one.policy == subject.policy and one.chance is not None and one.statement != "trend"
    ]
    if not mine:
        return None
    kept, missed = counted(mine, KEPT), counted(mine, MISSED)
    text = subject.say(
        "规划目标共{all}项要求可以评判：{kept}项兑现，{missed}项未兑现，其余{unsure}项重复次数不足以判断。",
        "Of {all} statements of the plan's targets that can be judged {kept} are kept, {missed} are missed, and of {unsure} "
        "nobody can "
        "tell with so many repetitions.",
    )
    given = {"all": len(mine), "kept": kept, "missed": missed, "unsure": len(mine) - kept - missed}
    return paragraph(text, **{key: Value(f"targets/{key}", count) for key, count in given.items()})


def counted(judgements: list[Judgement], verdict: str) -> int:
    """Return how many judgements have a verdict."""
    return sum(one.verdict == verdict for one in judgements)


def _sure(subject: Subject) -> Paragraph:
    """Return how far to trust it, in a sentence."""
    from experiments.report.assumed import assumptions

    count = Value("assumptions", len(assumptions(subject)))
    text = subject.say(
        "把握：差别比水平可靠，两者都不是预言；共{runs}次重复，{count}项取值没有来源、是假设（见“假设”）。模拟的是合成家庭，"
        "不对应任何真实的人。",
        "How sure: differences are more certain than levels, and neither is a prophecy; {runs} repetitions; {count} values "
        "have no source "
        "and are assumptions (see Assumptions). The households are made up and stand for nobody.",
    )
    return paragraph(text, runs=Value("repetitions", subject.repeats), count=count)


def _policies(subject: Subject) -> Table:
    """Return every policy against the base: falls, cost, verdict."""
    from experiments.compare.outcomes import VERDICTS

    verdicts = {row.policy: row.verdict for row in subject.pairs if row.outcome.id == "relapses" and row.year == HORIZON}
    rows = []
    for policy in subject.others:
        cells = (falls_value(subject, policy), cost_value(subject, policy), subject.said(VERDICTS[verdicts[policy]]))
        rows.append(Row((subject.name(policy),), cells))
    heads = (subject.say("返贫致贫之差", "more falls"), subject.say("支出之差", "more cost"), subject.say("返贫致贫", "falls"))
    columns = (heads[0], heads[1], subject.say("结论（返贫致贫）", "verdict on falls"))
    base = subject.name(subject.stored.study.base)
    title = subject.say(f"返贫致贫人次之差（对照“{base}”）", f"falls more than under '{base}'")
    chart = Chart("bar", tuple(range(len(rows))), title, subject.said(PERSONS), 1)
    return Table(
        "policies",
        subject.say(f"各政策与“{base}”之差，{subject.span}年合计", f"Each policy minus '{base}', over {subject.span}"),
        (subject.say("政策", "policy"),),
        subject.say("指标", "figure"),
        columns,
        tuple(rows),
        subject.say(
            "返贫致贫：脱贫与边缘人口新跌破贫困线（扣除刚性支出）的人次；支出：全部政策工具的付款，不折现。"
            "同一次重复同一运气，成对相减；±为95%区间半宽。",
            "Falls: ex-poor and marginal persons newly below the poverty line, net of unavoidable spending; cost: payments "
            "of all levers, "
            "not discounted. Same luck under both policies, differences in pairs; ± is half of the 95% interval.",
        ),
        chart=chart if rows and len(rows) <= 40 else None,
        long=False,
    )
