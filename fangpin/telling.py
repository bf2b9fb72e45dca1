"""What `fangpin run` says: what is run, what came out, what was assumed, where the files are."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.counties import counties_text
from experiments.labels import REASON_LABELS, Label
from experiments.provenance import assumption_lines
from experiments.study import PERSON_LEVEL, SYNTHETIC
from experiments.unpublished import NOTICE
from fangpin.asked import tell_outputs, tell_set, write_outputs
from fangpin.drawn import origin_lines
from fangpin.screen import Screen

if TYPE_CHECKING:
    from experiments.clusters import ClusterRow
    from experiments.results import Results
    from experiments.runner import Tally
    from experiments.store import Store
    from experiments.study import Plan
    from fangpin.request import Request


POPULATION = {
    SYNTHETIC: Label("合成人口：不受披露限制", "synthetic population: free of disclosure limits"),
    PERSON_LEVEL: NOTICE,
}
OPERATOR = Label(
    "收入口径：建档口径（户籍成员，含外出务工者；医疗报销不计收入）。毛收入 = 工资、岗位、经营、财产、转移、养老金、低保；"
    "扣除刚性支出 = 毛收入减自缴保费、自付医疗、利息、教育、修房和用水支出（均扣除补助）。均为过去12个月、人均。",
    "income operator: registry (registered members, absent earners included; reimbursements are no income). "
    "Gross = wages, posts, farm, property, transfers, pensions, dibao; net = gross less own premiums, own medical payments, "
    "interest, schooling, rebuilding and water, less aid. Both per head, over the last 12 months.",
)
"""Which of the three income operators the figures use: registry, not survey and not what a family feels."""


def place_name(plan: Plan, lang: str) -> str:
    """Return the name of the place in a language."""
    return str(plan.names[lang])


def tell_start(request: Request, plan: Plan, store: Store) -> None:
    """Say what is being run and how large it is."""
    from experiments.results import read_names

    screen, study = Screen(request.lang), plan.study
    called = read_names(plan)
    said = [called[policy].said(screen.lang) for policy in study.policies]
    # names of arms may hold commas themselves
    names = ("; " if any("," in name for name in said) else ", ").join(said)
    place, last = place_name(plan, screen.lang), f"{study.last_month // 12}-{study.last_month % 12 + 1:02d}"
    screen.heading(Label(f"防贫模拟：{place}，2021-01 至 {last}", f"fangpin: {place}, 2021-01 to {last}"))
    screen.line(Label(f"政策：{names}", f"policies: {names}"))
    size = _size(plan)
    repeated = Label(f"重复{study.replications}次，种子{study.seed}", f"{study.replications} replications, seed {study.seed}")
    screen.line(Label(f"规模：{size.zh}；{repeated.zh}", f"size: {size.en}; {repeated.en}"))
    screen.line(OPERATOR)
    screen.line(POPULATION[study.population])
    changes = " ".join(study.overrides)
    if changes:
        screen.line(Label(f"改动：{changes}", f"changes: {changes}"))
    tell_parameters(screen, plan)
    tell_set(screen, request)
    _tell_found(screen, plan, store)


def tell_parameters(screen: Screen, plan: Plan) -> None:
    """Say where parameter draws come from, where there are any, and whether they were made for this model and place."""
    from fangpin.posterior import described

    study = plan.study
    if study.parameters:
        said = described(study.parameters)
        source = study.parameters if said is None else said.said(screen.lang)
        screen.line(Label(f"参数：每次重复各取一组（{source}）", f"parameters: drawn anew for each replication ({source})"))
        for line in origin_lines(study, plan.tasks[0].engine):
            screen.line(line)


def _size(plan: Plan) -> Label:
    """Return how much of the place is simulated."""
    if plan.weighted:
        simulated = sum(case.county.households for case in plan.cases)
        stood = sum(case.county.households * case.multiplier for case in plan.cases)
        counted = sum(case.weight for case in plan.cases)
        return Label(
            f"{len(plan.cases)}个代表县，共模拟{simulated:,}户，按权数代表{counted:,.0f}县{stood / 1e4:,.0f}万农村户",
            f"{len(plan.cases)} representative counties, {simulated:,} rural households, "
            f"weighted to {counted:,.0f} counties with {stood / 1e6:,.1f} million",
        )
    case = plan.cases[0]
    whole = case.scenarios[plan.study.policies[0]].series["county.households"].entries[0].value
    counts = f"{case.county.households:,}", f"{whole:,.0f}", case.county.villages, case.county.townships
    return Label(
        "全县{1}户农村户中模拟{0}户，{2}村，{3}乡镇".format(*counts),
        "{} of the county's {} rural households, {} villages, {} townships".format(*counts),
    )


def _tell_found(screen: Screen, plan: Plan, store: Store) -> None:
    """Say how many runs are there already."""
    from experiments.runner import missing_tasks

    count, missing = len(plan.tasks), len(missing_tasks(plan, store))
    if missing == 0:
        screen.line(Label(f"{count} 个运行都已完成，直接读取", f"all {count} runs are there already"))
    elif missing < count:
        done = count - missing
        screen.line(Label(f"已有 {done} / {count} 个运行，继续其余", f"{done} of {count} runs are there already"))


def tell_results(request: Request, plan: Plan, store: Store) -> None:
    """Print the tables, write them and the charts, and say where everything is."""
    from experiments.clusters import cluster_rows
    from experiments.fates import Fates
    from experiments.results import read_results
    from fangpin.clustering import print_clusters
    from fangpin.findings import tell_findings
    from fangpin.tabling import comparisons, print_counties, print_tables

    results = read_results(plan, store)
    outputs, rows = write_outputs(request, results, Fates(results, plan, store), store)
    compared = comparisons(results, plan, store)
    # villages of different counties are no clusters of one place: a place of counties has them by county only
    clustered = [] if results.weighted else cluster_rows(results, plan, store)
    # files first: a closed pipe must not leave them unwritten
    paths = [*outputs, *_write_tables(results, compared, clustered, plan, store), *_draw_charts(request, plan, results, store)]
    screen = Screen(request.lang)
    tell_findings(screen, results)
    tell_outputs(screen, request, results, rows)
    print_tables(screen, results, compared)
    if results.weighted:
        print_counties(screen, plan, store)
    else:
        print_clusters(screen, results, clustered)
    _tell_conduct(screen, plan, results, store)
    _tell_files(screen, store, paths)


def _tell_conduct(screen: Screen, plan: Plan, results: Results, store: Store) -> None:
    """Say what was assumed, which levers did nothing, and whether the books close."""
    lines = _assumptions(plan)
    path = store.write_text("assumptions.txt", "".join(f"{line}\n" for line in lines))
    count = len(lines)
    screen.heading(Label("假设与核对", "assumptions and checks"))
    screen.line(
        Label(
            f"没有来源的取值（假设）{count} 项，列于 {path.name}",
            f"{count} values rest on assumptions, listed in {path.name}",
        )
    )
    _tell_all_untouched(screen, results)
    for policy in plan.study.policies:
        _tell_late_cuts(screen, results.name(policy), plan, policy)
    residual = max(summary["ledger_residual_fen"] for row in results.summaries for summary in row)
    screen.line(Label(f"账目余差：{residual} 分（应为 0）", f"ledger residual: {residual} fen (must be 0)"))


def _assumptions(plan: Plan) -> list[str]:
    """Return the assumed figures of all policies, each once; where a place lists counties, a county's own name the county."""
    found = {
        case.name: dict.fromkeys(line for name in plan.study.policies for line in assumption_lines(case.scenarios[name]))
        for case in plan.cases
    }
    shared = set.intersection(*(set(lines) for lines in found.values()))
    common = [line for line in next(iter(found.values())) if line in shared]
    own = [f"{name}: {line}" for name, lines in found.items() for line in lines if line not in shared]
    return [*common, *own]


EVERY_POLICY = Label("各政策", "under every policy")
"""Named where something holds under all policies of a study of several."""


def _tell_all_untouched(screen: Screen, results: Results) -> None:
    """Say which levers touched nobody: what all policies share once, then what each has besides."""
    policies = results.study.policies
    untouched = [_untouched_everywhere([summary["untouched_levers"] for summary in row]) for row in results.summaries]
    shared = [pair for pair in untouched[0] if all(pair in other for other in untouched)] if len(policies) > 1 else []
    _tell_untouched(screen, EVERY_POLICY, shared)
    for policy, pairs in zip(policies, untouched, strict=True):
        _tell_untouched(screen, results.name(policy), [pair for pair in pairs if pair not in shared])


def _tell_untouched(screen: Screen, policy: Label, untouched: list[tuple[str, str]]) -> None:
    """Say which levers of a policy touched nobody in any replication, by reason."""
    if not untouched:
        return
    name = policy.said(screen.lang)
    screen.line(Label(f"{name}：从未影响任何人的政策工具：", f"{name}: levers that touched nobody:"))
    for reason in dict.fromkeys(reason for _, reason in untouched):
        levers = [lever for lever, why in untouched if why == reason]
        why = REASON_LABELS.get(reason, Label(reason, reason))
        screen.line(Label(f"  {why.zh}：{'、'.join(levers)}", f"  {why.en}: {', '.join(levers)}"))


def _tell_late_cuts(screen: Screen, policy: Label, plan: Plan, name: str) -> None:
    """Warn of support that is cut so late that the run ends before its effects do."""
    from fangpin.findings import late_cuts

    levers = ", ".join(late_cuts(plan.scenarios[name].rules, plan.study.last_month))
    if levers:
        called = policy.said(screen.lang)
        screen.line(
            Label(
                f"{called}：最后12个月内仍在削减，影响尚未全部显现（可增大 months=）：{levers}",
                f"{called}: cut in the last 12 months, effects not yet seen in full (raise months=): {levers}",
            )
        )


def _untouched_everywhere(runs: list[list[list[str]]]) -> list[tuple[str, str]]:
    """Return the levers, with a reason, that touched nobody in any replication."""
    shared = set.intersection(*({lever for lever, _ in run} for run in runs))
    return [(lever, reason) for lever, reason in runs[0] if lever in shared]


def write_tables(results: Results, plan: Plan, store: Store) -> list[Path]:
    """Write what every study has as tables: rates and cost, differences, clusters, observed figures."""
    from experiments.clusters import cluster_rows
    from fangpin.tabling import comparisons

    # villages of different counties are no clusters of one place: a place of counties has them by county only
    clustered = [] if results.weighted else cluster_rows(results, plan, store)
    return _write_tables(results, comparisons(results, plan, store), clustered, plan, store)


def _write_tables(results: Results, compared: list[Any], clustered: list[ClusterRow], plan: Plan, store: Store) -> list[Path]:
    """Write the tables as CSV files, in English."""
    from experiments import clusters, differences, facts, tables

    summary = [tables.row_cells(row) for row in (*tables.summary_rows(results), *tables.cost_rows(results))]
    parts = [row for group in ("ex_poor", "marginal") for row in differences.difference_rows(results, group)]
    texts = {
        "summary": tables.csv_text(tables.HEADER, summary),
        "differences": tables.csv_text(differences.HEADER, [differences.difference_cells(row) for row in parts]),
        "clusters": tables.csv_text(clusters.HEADER, [clusters.cluster_cells(row) for row in clustered]),
        "facts": tables.csv_text(facts.HEADER, [facts.comparison_cells(line) for line in compared]),
    }
    if results.weighted:
        texts["counties"] = counties_text(plan, store)
    return [store.write_text(f"tables/{name}.csv", text) for name, text in texts.items()]


def _draw_charts(request: Request, plan: Plan, results: Results, store: Store) -> list[Path]:
    """Draw and save the charts."""
    from experiments.charts.causes import draw_causes
    from experiments.charts.rates import charted_together, draw_rates
    from experiments.charts.style import save

    lang, folder, study = Screen(request.lang).lang, store.root / "charts", plan.study
    place = place_name(plan, lang)
    paths: list[Path] = []
    drawn = charted_together(study.policies, study.base)
    for number, policies in enumerate(drawn):
        name = f"rates-{lang}" if len(drawn) == 1 else f"rates-{number + 1}-{lang}"
        paths += save(draw_rates(results, place, lang, policies), folder, name)
    for policy in study.policies:
        if policy != study.base:
            name = f"causes-{_file_name(policy, study.policies)}-{lang}"
            paths += save(draw_causes(results, policy, place, lang), folder, name)
    return paths


def _file_name(policy: str, policies: tuple[str, ...]) -> str:
    """Return a policy's name for file names: without folder and ending, numbered where two are alike."""
    stems = [_stem(other) for other in policies]
    stem = _stem(policy)
    return stem if stems.count(stem) == 1 else f"{stem}-{policies.index(policy) + 1}"


def _stem(policy: str) -> str:
    """Return a policy's name without folder and without the ending of a file; arms may hold a decimal point."""
    return Path(policy).stem if policy.endswith((".yaml", ".yml")) else Path(policy).name


def _tell_files(screen: Screen, store: Store, paths: list[Path]) -> None:
    """Say where the files are."""
    screen.files(paths, store.root)
    screen.line(Label("  runs/*/*.parquet  每次运行的全部数据", "  runs/*/*.parquet  all data of each run"))


def tell_failures(tally: Tally, store: Store) -> None:
    """Say on stderr which runs failed and where their errors are."""
    for task in tally.failed:
        print(f"fangpin: run {task.label} failed: {store.error_file(task)}", file=sys.stderr)
