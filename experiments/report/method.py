"""The method in a page: what was simulated, how, by which definitions, and what makes it reproducible."""

from __future__ import annotations

from experiments.frozen import hindsight_in
from experiments.persons import population_of
from experiments.quantities import QUANTITIES
from experiments.report.document import Block, Row, Section, Table, Value, paragraph, plain
from experiments.report.subject import Subject
from experiments.runfiles import read_provenance
from experiments.study import SYNTHETIC
from scenarios.override import names_no_figure

DEFINED = ("relapse_registry", "relapse_gross", "relapse_net", "relapse_guarantees", "falling_net", "poor_stock", "at_risk")
"""Rates whose denominators are told."""


def method(subject: Subject) -> Section:
    """Return the section."""
    return Section(
        subject.say("方法", "Method"),
        (
            model_words(subject),
            _size(subject),
            _pairs(subject),
            _income(subject),
            _definitions(subject),
            *_asked(subject),
            _traced(subject),
        ),
    )


def model_words(subject: Subject) -> Block:
    """Return what the model is."""
    real = population_of(subject.folder) != SYNTHETIC
    drawn = subject.say(
        "家庭出自逐人数据" if real else "家庭由已公布的汇总数字合成",
        "Households come from rows of persons" if real else "Households are drawn from published aggregates",
    )
    return plain(
        subject.say(
            "模型按月模拟农村家庭：人口、就业、经营、疾病、灾害、收入与支出，监测、帮扶、低保、"
            "医保等制度按各自的规则和预算作出决定。"
            f"{drawn}，先活过2013—2020年，再按各政策走完规划期。政策工具按规划条款设定，数字、来源和等级逐项列明。",
            "The model follows rural households month by month: births, jobs, business, illness, disasters, income and spending; "
            "monitoring, help, dibao, insurance and other institutions decide by their rules and budgets. "
            f"{drawn}, live through 2013 to 2020, and then through the plan period under each policy. Levers follow the "
            "plan's clauses, "
            "each figure with its source and grade.",
        )
    )


def _size(subject: Subject) -> Block:
    """Return how much is simulated."""
    stored = subject.stored
    runs = [stored.runs[subject.policy, county, stored.repeats[0]] for county in stored.counties]
    households = Value("households", sum(int(run.told["task"]["households"]) for run in runs))
    counties, repeats = Value("counties", len(runs)), Value("repetitions", subject.repeats)
    stood = Value("stands_for", sum(int(run.told["task"]["households"]) * run.stands_for for run in runs))
    if subject.results.weighted:
        text = subject.say(
            "规模：{counties}个代表县，共模拟{households}户农村户，按权数代表{stood}户；{repeats}次重复。",
            "Size: {counties} representative counties with {households} rural households, weighted to {stood}; {repeats} "
            "repetitions.",
        )
    else:
        text = subject.say(
            "规模：模拟{households}户农村户（所在村的较贫困部分逐户模拟），数字为模拟村内的数，不放大到全县；{repeats}次重复。",
            "Size: {households} rural households (of their villages the poorer ones are simulated); figures are those of the "
            "simulated "
            "villages and are not scaled up to the county; {repeats} repetitions.",
        )
    return paragraph(text, counties=counties, households=households, stood=stood, repeats=repeats)


def _pairs(subject: Subject) -> Block:
    """Return what repetitions share."""
    return plain(
        subject.say(
            "比较：同一次重复在各政策下运气相同（天气、疾病、失业等逐人逐月相同），因此差别成对计算，比水平可靠得多。",
            "Comparison: a repetition has the same luck under every policy (weather, illness, jobs, person by person and "
            "month by "
            "month), so that differences are taken in pairs and are far more certain than levels.",
        )
    )


def _income(subject: Subject) -> Block:
    """Return which income is meant."""
    return plain(
        subject.say(
            "收入：建档口径（户籍成员，含外出务工者；医疗报销不计收入），人均，过去12个月。毛收入含工资、岗位、经营、财产、"
            "转移、养老金、低保；"
            "扣除刚性支出，是再减去自缴保费、自付医疗、利息、教育、修房和用水支出（均扣除补助）。",
            "Income: that of the registry (registered members, absent earners included; reimbursements are no income), per "
            "head over the "
            "last 12 months. Gross: wages, posts, farm, property, transfers, pensions, dibao. Net: gross less own premiums, "
            "own medical "
            "payments, interest, schooling, rebuilding and water, each less its aid.",
        )
    )


def _definitions(subject: Subject) -> Block:
    """Return the table of rates and what they are shares of."""
    chosen = [one for one in QUANTITIES if one.id in DEFINED]
    rows = tuple(Row((one.id, subject.said(one.label)), (subject.said(one.over), subject.said(one.unit))) for one in chosen)
    return Table(
        "definitions",
        subject.say("比率的定义", "Definitions of the rates"),
        (subject.say("代号", "id"), subject.say("比率", "rate")),
        subject.say("项", "part"),
        (subject.say("分母", "denominator"), subject.say("单位", "unit")),
        rows,
        long=False,
    )


def _asked(subject: Subject) -> list[Block]:
    """Return what was changed by hand, which stress all lived through, and where parameters come from."""
    study = subject.stored.study
    told = []
    ours = _of_hindcast(subject)
    by_hand = [one for one in study.overrides if one not in ours]
    if by_hand:
        told.append(
            subject.say(f"各政策共同的改动：{'；'.join(by_hand)}。", f"Changes under every policy: {'; '.join(by_hand)}.")
        )
    if ours:
        told.append(
            subject.say(
                f"另有{len(ours)}项输入和默认值退回到截至当月所知（见预测一章，逐项列于 forecast.json）。",
                f"{len(ours)} inputs and default values besides are put back to what was known then (see the forecast's chapter; "
                "listed in forecast.json).",
            )
        )
    if study.stress:
        told.append(
            subject.say(f"各政策共同经受：{'、'.join(study.stress)}。", f"Stress under every policy: {', '.join(study.stress)}.")
        )
    if study.levers:
        told.append(
            subject.say(
                f"自备政策工具文件：{'、'.join(study.levers)}。", f"Files of levers of one's own: {', '.join(study.levers)}."
            )
        )
    if study.parameters:
        told.append(
            subject.say(
                f"参数：每次重复各取一组（{study.parameters}）。",
                f"Parameters: drawn anew for each repetition ({study.parameters}).",
            )
        )
    return [plain(text) for text in told]


def _of_hindcast(subject: Subject) -> set[str]:
    """Return the changes that a hindcast made by itself: nobody asked for them one by one."""
    found = hindsight_in(subject.frozen[0]) if subject.frozen else {}
    anew = {str(one["change"]) for one in found.get("set_anew", [])}
    later = {str(one["key"]) for one in found.get("later_inputs", []) if one["held"]}
    given = subject.stored.study.overrides
    return {one for one in given if one in anew or (names_no_figure(one) and one.partition("@")[0] in later)}


def _traced(subject: Subject) -> Block:
    """Return what makes the same runs again."""
    stored = subject.stored
    run = stored.of(subject.policy, stored.repeats[0])[0]
    task, told = run.told["task"], read_provenance(run.folder)
    versions = told.get("versions", {})
    commit = str(told.get("git", {}).get("commit", ""))[:12] or subject.say("未知", "unknown")
    asked = Value("seed", float(stored.study.seed))
    text = subject.say(
        "可重做：种子{seed}，规则版本{engine}，fangpin {version}（{commit}）；每个运行的出处在 runs/*/provenance.json，"
        "`fangpin rerun` 可重做并逐字节核对。",
        "To make it again: seed {seed}, rules {engine}, fangpin {version} ({commit}); provenance.json of each run says where "
        "it came "
        "from, `fangpin rerun` makes it again and compares to the byte.",
    )
    return paragraph(
        text, "note", seed=asked, engine=str(task.get("engine", "")), version=str(versions.get("fangpin", "")), commit=commit
    )
