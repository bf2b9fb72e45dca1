"""Caveats: what the report must not be taken for, and what in this folder weakens it."""

from __future__ import annotations

from experiments.labels import REASON_LABELS, Label
from experiments.persons import population_of
from experiments.report.document import Paragraph, Section, Value, paragraph, plain
from experiments.report.subject import Subject
from experiments.study import SYNTHETIC
from sim.rules import month_index

FEW = 24
"""Repetitions below which the report warns."""
AFTER = 24
"""Months after the transition that should be simulated before the end of support is judged."""
FREE = Label(
    "合成人口：表中的家庭都是编造的，不对应任何真实的户、村或干部；这些表不受披露限制，可以公布。",
    "Synthetic population: the households are made up and say nothing about any actual household, village or official; the "
    "tables "
    "are free of disclosure limits and may be published.",
)


def caveats(subject: Subject) -> Section:
    """Return the section."""
    items = [_population(subject), *_always(subject), *_few(subject), *_late(subject), *_untouched(subject), *_books(subject)]
    items += _left_out(subject)
    return Section(subject.say("注意事项", "Caveats"), tuple(items))


def _population(subject: Subject) -> Paragraph:
    """Return whose population it is."""
    if population_of(subject.folder) == SYNTHETIC:
        return plain(subject.said(FREE), "item")
    return plain(
        subject.say(
            "人口来自逐人数据：本报告含未经披露控制的数字，只限安全环境内使用，不得公布。",
            "The population comes from rows of persons: this report holds figures that passed no disclosure gate, for the "
            "secure room alone.",
        ),
        "item",
    )


def _always(subject: Subject) -> list[Paragraph]:
    """Return what holds of every report."""
    texts = (
        Label(
            "多数取值没有读到来源，是假设（见“假设”）；规划没有写明支持如何退出，文件规定的路径也是假设。",
            "Most values have no source that was read and are assumptions; the plan does not say how support ends, so that "
            "the paths of "
            "the documented policy are assumptions too.",
        ),
        Label(
            "撤掉一项政策的效果无法由公开汇总数字识别；差别来自所列的机制和取值。水平比差别更不确定，两者都不是预言。",
            "The effect of withdrawing a policy cannot be identified from published aggregates; differences follow from the "
            "mechanisms and "
            "values listed. Levels are less certain than differences, and neither is a prophecy.",
        ),
        Label(
            "官方的返贫数是帮扶之后的建档认定，与收入低于某条线不是一回事；两者都列出，不能互相替代。",
            "Official relapse counts are registry counts after help and are not the same thing as incomes below a line; both "
            "are shown and "
            "neither stands for the other.",
        ),
        Label(
            "2%、3%是退出贫困时贫困存量占农村人口的上限，不是每年返贫率的标准。",
            "The limits of 2% and 3% were stocks of poor over the rural population at the exit from poverty, no standards of "
            "yearly flows.",
        ),
    )
    return [plain(subject.said(text), "item") for text in texts]


def _few(subject: Subject) -> list[Paragraph]:
    """Return that repetitions are few."""
    if subject.repeats >= FEW:
        return []
    text = subject.say(
        "只有{runs}次重复：区间宽，概率粗；正式使用前宜增至{enough}次以上（reps=）。",
        "Only {runs} repetitions: intervals are wide and probabilities coarse; {enough} or more are better before it is used "
        "(reps=).",
    )
    return [paragraph(text, "item", runs=Value("repetitions", subject.repeats), enough=Value("enough", FEW))]


def _late(subject: Subject) -> list[Paragraph]:
    """Return that the horizon ends soon after the transition, and with it before the effects of its end."""
    scenario = subject.stored.of(subject.policy, subject.stored.repeats[0])[0].scenario()
    end = str((scenario.get("transition") or {}).get("end", ""))
    if len(end) != 7:
        return []
    month = month_index(int(end[:4]), int(end[5:]))
    if subject.stored.study.last_month >= month + AFTER:
        return []
    text = subject.say(
        f"过渡期止于{end}，模拟未覆盖其后{AFTER}个月，支持结束的影响尚未全部显现。",
        f"The transition ends in {end}; the {AFTER} months after it are not simulated, so that the effects of its end are not "
        "seen in full.",
    )
    return [plain(text, "item")]


def _untouched(subject: Subject) -> list[Paragraph]:
    """Return how many levers touched nobody, by reason, under the page's policy."""
    row = subject.results.summaries[subject.results.place_of(subject.policy)]
    shared = set.intersection(*({lever for lever, _ in summary["untouched_levers"]} for summary in row))
    found = [(lever, reason) for lever, reason in row[0]["untouched_levers"] if lever in shared]
    if not found:
        return []
    reasons = dict.fromkeys(reason for _, reason in found)
    counts = [(REASON_LABELS.get(reason, Label(reason, reason)), sum(why == reason for _, why in found)) for reason in reasons]
    said = subject.say("，", ", ").join(f"{subject.said(label)} {count}" for label, count in counts)
    text = subject.say(
        "“{name}”之下有{count}项政策工具从未影响任何人（{said}）。", "Under '{name}' {count} levers touched nobody ({said})."
    )
    return [paragraph(text, "item", name=subject.name(subject.policy), count=Value("untouched", len(found)), said=said)]


def _books(subject: Subject) -> list[Paragraph]:
    """Return whether the books close."""
    residual = max(summary["ledger_residual_fen"] for row in subject.results.summaries for summary in row)
    text = subject.say("账目余差{fen}分（应为0）。", "The books close but for {fen} fen (must be 0).")
    return [paragraph(text, "item", fen=Value("residual", float(residual)))]


def _left_out(subject: Subject) -> list[Paragraph]:
    """Return what is left out: repetitions that are not whole, policies that stand in the workbook alone."""
    items = []
    if subject.stored.left_out:
        text = subject.say("{count}次重复不完整，未计入。", "{count} repetitions are not whole and are left out.")
        items.append(paragraph(text, "item", count=Value("left_out", subject.stored.left_out)))
    hidden = len(subject.policies) - len(subject.shown)
    if hidden:
        text = subject.say(
            "另有{count}个政策的细表只在Excel里；逐户细看的最多12个。",
            "Tables of {count} more policies stand in the workbook alone; at most 12 are looked at household by household.",
        )
        items.append(paragraph(text, "item", count=Value("hidden", hidden)))
    return items
