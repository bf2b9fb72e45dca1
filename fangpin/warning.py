"""The command `fangpin warning`: how soon households at risk are found, what a list of them is worth, from stored runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.intervals import estimate
from experiments.labels import Label
from fangpin.screen import NOTHING, Screen
from fangpin.tabling import with_error

if TYPE_CHECKING:
    from experiments.results import Results
    from experiments.tables import Row
    from experiments.warning import Notes
    from experiments.warning_measures import WorkerValue

AS_REGISTRY = Label("与监测名单同规模", "the registry's length")
GROUP_WORDS = {
    "ex_poor": Label("脱贫户", "ex-poor"),
    "marginal": Label("边缘户", "marginal"),
    "all": Label("全部模拟户", "all simulated"),
}


class Seen:
    """What a folder says of early warning."""

    def __init__(self, folder: Path) -> None:
        """Read the folder.

        Raises:
            FileNotFoundError: if it holds no whole replication, or runs of a version without these notes.
        """
        from experiments.results import read_results
        from experiments.stored import reopen
        from experiments.warning import read_notes
        from experiments.warning_measures import measure_rows, worker_values

        self.plan, self.store = reopen(folder)
        self.results: Results = read_results(self.plan, self.store)
        self.notes: dict[str, Notes] = read_notes(self.plan, self.store, self.results)
        self.rows: list[Row] = measure_rows(self.results)
        self.workers: list[WorkerValue] = worker_values(self.results)


def tell_warning(folder: Path, lang: str) -> None:
    """Work out early warning from a folder, write tables and the chart into it, and print it.

    Raises:
        FileNotFoundError: if the folder holds no whole replication, or runs of a version without these notes.
    """
    seen = Seen(folder)
    paths = write_warning(seen, lang)
    screen = Screen(lang)
    place = seen.plan.names[screen.lang]
    screen.heading(Label(f"早期预警：{place}", f"Early warning: {place}"))
    screen.line(
        Label(
            "“有风险”指模型中的真实状态：过去12个月人均净收入低于监测线，不论县里是否看到。",
            "At risk is the model's truth: net income per head of 12 months below the monitoring line, whatever the county sees.",
        )
    )
    for policy in seen.results.study.policies:
        screen.heading(seen.results.name(policy))
        _tell_measures(screen, seen, policy)
        _tell_finding(screen, seen, policy)
        _tell_lists(screen, seen, policy)
    _tell_workers(screen, seen)
    for path in paths:
        screen.line(Label(f"  {path.relative_to(seen.store.root)}", f"  {path.relative_to(seen.store.root)}"))


def write_warning(seen: Seen, lang: str) -> list[Path]:
    """Write ``warning.csv``, ``warning-finding.csv``, ``warning-lists.csv``, ``warning-workers.csv`` and the chart."""
    from experiments import tables, warning_tables
    from experiments.charts.style import save
    from experiments.charts.warning import draw_warning

    store, said = seen.store, Screen(lang).lang
    texts = {
        "warning": tables.csv_text(tables.HEADER, [tables.row_cells(row) for row in seen.rows]),
        "warning-finding": tables.csv_text(warning_tables.FINDING_HEADER, warning_tables.finding_cells(seen.notes)),
        "warning-lists": tables.csv_text(
            warning_tables.LIST_HEADER, warning_tables.list_cells(seen.notes, warning_tables.capacities(seen.results))
        ),
        "warning-workers": tables.csv_text(
            warning_tables.WORKER_HEADER, [warning_tables.worker_cells(one) for one in seen.workers]
        ),
    }
    paths = [store.write_text(f"tables/{name}.csv", text) for name, text in texts.items()]
    figure = draw_warning(seen.results, seen.notes, seen.plan.names[said], said)
    return [*paths, *save(figure, store.root / "charts", f"warning-{lang}")[:1]]


def _tell_measures(screen: Screen, seen: Seen, policy: str) -> None:
    """Print the measures by year."""
    rows = [row for row in seen.rows if row.policy == policy]
    years = sorted({row.year for row in rows})
    cells = []
    for measure in dict.fromkeys(row.measure for row in rows):
        line = [row for row in rows if row.measure == measure]
        over = f"（{line[0].over.zh}）" if line[0].over.zh else "", f" ({line[0].over.en})" if line[0].over.en else ""
        name = Label(line[0].label.zh + over[0], line[0].label.en + over[1])
        cells.append(
            [name.said(screen.lang), line[0].unit.said(screen.lang), *(with_error(row.estimate, row.digits) for row in line)]
        )
    heads = [
        Label("指标（分母）", "measure (denominator)"),
        Label("单位", "unit"),
        *(Label(f"{year}", f"{year}") for year in years),
    ]
    screen.table(heads, cells, left=2)


def _tell_finding(screen: Screen, seen: Seen, policy: str) -> None:
    """Print how soon spells of risk are found."""
    from experiments.warning import WITHIN, finding

    heads = [
        Label("从真正有风险到被识别", "from truly at risk to identified"),
        Label("发生", "spells"),
        Label("此前在册", "known before"),
    ]
    heads += [Label(f"{k}个月内", f"in {k} months") if k else Label("当月", "same month") for k in WITHIN]
    heads += [Label("12个月内未发现即脱险", "over in 12, never found"), Label("半数被发现（月）", "half found (months)")]
    cells = []
    for group, name in GROUP_WORDS.items():
        found = [finding(table, group) for table in seen.notes[policy].spells]
        shares = [[one.found[k] for one in found] for k in WITHIN]
        half = float(np.nanmedian([one.median for one in found])) if found[0].spells else np.inf
        numbers = [with_error(estimate([100 * share for share in row]), 1) for row in ([one.known for one in found], *shares)]
        gone = with_error(estimate([100 * one.unseen[12] for one in found]), 1)
        spells = with_error(estimate([one.spells for one in found]), 0)
        cells.append([name.said(screen.lang), spells, *numbers, gone, f"{half:.0f}" if np.isfinite(half) else NOTHING])
    screen.table(heads, cells, left=1)
    screen.line(
        Label(
            "占新发生风险的%；被发现与未发现即脱险为竞争结局",
            "% of spells that began; being found and leaving risk unfound compete",
        )
    )


def _tell_lists(screen: Screen, seen: Seen, policy: str) -> None:
    """Print what lists of the registry's size, and of the size that staff can settle, are worth against the benchmark."""
    from experiments.warning import OUTCOMES, RULES, registry_size, worth
    from experiments.warning_tables import capacities

    lists, staff = seen.notes[policy].lists, capacities(seen.results)[policy]
    sizes = {
        AS_REGISTRY: [registry_size(one) for one in lists],
        Label("核查力量一年可办", "what staff can settle"): list(staff),
    }
    heads = [Label("12月名单", "list of December"), Label("所指", "of whom"), Label("规模%", "size %")]
    heads += [Label("查准率%", "precision %"), Label("查全率%", "recall %")]
    cells = []
    for label, counts in sizes.items():
        rules = RULES if label.en == AS_REGISTRY.en else [rule for rule in RULES if rule != "registry"]
        for outcome, said in OUTCOMES.items():
            for rule in rules:
                found = [worth(one, rule, outcome, size) for one, size in zip(lists, counts, strict=True)]
                numbers = [with_error(estimate([100 * each[k] for each in found]), 1) for k in range(3)]
                name = Label(f"{RULES[rule].zh}，{label.zh}", f"{RULES[rule].en}, {label.en}")
                cells.append([name.said(screen.lang), said.said(screen.lang), *numbers])
    screen.table(heads, cells, left=2, whole=2)
    screen.line(
        Label(
            "核查力量一年可办：按每案用时，全部核查工时可办的案数；各年12月的名单合并计算。查准率：名单中后来确有者的%；"
            "查全率：后来确有者中在名单上的%。分值与惯性基准假定县里看到每户收入，监测名单只含实际发现者。",
            "What staff can settle: the cases that all hours of verification are enough for; Decembers are pooled. Precision: % "
            "of the list that came to it; recall: % of those who came to it that were listed. Score and persistence suppose that "
            "every household's income is seen; the registry holds whom the county found.",
        )
    )


def _tell_workers(screen: Screen, seen: Seen) -> None:
    """Print what one more worker brings, or how to find out."""
    from experiments.warning_measures import WORKER_OUTCOMES

    screen.heading(Label("多一名工作人员的价值（每年，配对）", "the value of one more worker (a year, paired)"))
    if not seen.workers:
        screen.line(
            Label(
                "各政策人手相同。比较方法见 docs/goal.md：同一文件夹中再放一个人手不同的政策。",
                "All policies have the same staff. docs/goal.md says how to compare: a policy with other staff in one study.",
            )
        )
        return
    words = {
        "visiting_workers": Label("走访人员", "visiting worker"),
        "verification_hours": Label("核查千小时", "1,000 hours of verification"),
    }
    heads = [
        Label("政策", "policy"),
        Label("每增加", "for each"),
        Label("共多出", "more in all"),
        Label("变化", "change"),
        Label("数量", "amount"),
    ]
    cells = [
        [seen.results.name(one.policy).said(screen.lang), words[one.staff].said(screen.lang), f"{one.more:+,.1f}",
         WORKER_OUTCOMES[one.outcome][0].said(screen.lang), with_error(estimate(one.values), 2)]
        for one in seen.workers
    ]  # fmt: skip
    screen.table(heads, cells, left=2)
