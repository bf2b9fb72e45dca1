"""What `fangpin calibrate` prints: parameters, moments, what the survey did not tell, whether intervals are right."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from experiments.charts.calibration import VERDICTS
from experiments.labels import Label
from fangpin.leftout import NOISY, not_fitting, too_sure, why_left_out
from fangpin.screen import Screen

if TYPE_CHECKING:
    from calibration.estimation.prior import Priors
    from calibration.fitting import Calibration
    from calibration.moments.measured import Measured
    from calibration.panel import Panel
    from experiments.store import Store
    from experiments.study import Plan
    from fangpin.request import Request

BLIND = 1_000.0
"""An error of this many times the prior's spread, and more, is told as infinite."""


def tell_begin(request: Request, plan: Plan, panel: Panel, measured: Measured, priors: Priors, names: Mapping[str, str]) -> None:
    """Print what is matched by what, and with how many free parameters; the survey by its title in either language."""
    screen, study = Screen(request.lang), request.study
    waves, county = ", ".join(map(str, panel.waves)), plan.cases[0].county
    screen.heading(Label(f"校准：{plan.names['zh']}", f"calibration: {plan.names['en']}"))
    source = panel.meta.source
    screen.line(Label(f"调查：{names.get('zh', source)}，轮次 {waves}", f"survey: {names.get('en', source)}, waves {waves}"))
    counts = (len(measured.names), len(measured.unavailable), len(priors.each))
    screen.line(
        Label(
            f"{counts[0]} 个矩（另有 {counts[1]} 个无法测量），{counts[2]} 个待估参数；"
            f"模拟县 {county.households:,} 户，政策 {study.policies[0]}",
            f"{counts[0]} moments ({counts[1]} others cannot be measured), {counts[2]} free parameters; "
            f"simulated county of {county.households:,} households, policy {study.policies[0]}",
        )
    )

    if measured.drawn == "households" and measured.clusters < measured.units:
        few = measured.clusters
        screen.line(
            Label(
                f"抽样单位只有 {few} 个，不足以估计这些矩的协方差：误差按户计算；村内共有的波动由模拟县的运气计入",
                f"{few} sampling units are too few for the covariance of so many moments: errors take households as drawn; "
                "what villages share enters by the simulated county's own luck",
            )
        )


def tell(request: Request, plan: Plan, store: Store, found: Calibration, said: Mapping[str, Any]) -> None:
    """Print what came out and write it.

    Args:
        request: what was asked for.
        plan: the study.
        store: its folder.
        found: what came out.
        said: words of the command and of the survey that belong to the result.
    """
    from calibration.diagnosis import moment_rows, parameter_rows
    from fangpin.calibration_second import tell_second, tell_training
    from fangpin.calibration_writing import POSTERIOR, write

    screen = Screen(request.lang)
    parameters, moments = parameter_rows(found), moment_rows(found)
    _print_parameters(screen, parameters, found.posterior is not None)
    _print_identification(screen, found)
    _print_fit(screen, found, moments)
    _print_check(screen, found)
    tell_training(screen, found)
    tell_second(screen, found)
    for path in write(request, plan, store, found, said):
        screen.line(Label(f"已写入 {path}", f"wrote {path}"))
    if found.posterior is not None:
        path = store.root / POSTERIOR
        screen.line(Label(f"使用：fangpin run parameters={path}", f"use it: fangpin run parameters={path}"))


def _print_parameters(screen: Screen, rows: Sequence[Mapping[str, Any]], drawn: bool) -> None:
    """Print a line for each parameter."""
    screen.heading(Label("参数", "parameters"))
    heads = [Label("参数", "parameter"), Label("结论", "verdict"), Label("先验90%区间", "prior 90%")]
    heads += [Label("点估计±误差", "estimate ± error")]
    heads += [Label("后验90%区间", "posterior 90%"), Label("收缩", "shrinkage")] if drawn else []
    cells = []
    for row in rows:
        cell = [str(row["parameter"]), VERDICTS[row["verdict"]].said(screen.lang), _span(row["prior_low"], row["prior_high"])]
        cell.append(f"{row['estimate']:.3g} ± {_figure(row['error'])}")
        if drawn:
            cell += [_span(row["low"], row["high"]), f"{row['shrinkage']:.2f}"]
        cells.append(cell)
    screen.table([head.said(screen.lang) for head in heads], cells, left=2, whole=2)
    if drawn:
        screen.line(
            Label(
                "收缩＝1－后验方差/先验方差：0 表示数据没有说明任何东西，1 表示完全由数据决定",
                "shrinkage = 1 - posterior over prior variance: 0 the data said nothing, 1 they said all",
            )
        )
    bound = [str(row["parameter"]) for row in rows if row["at_bound"]]
    if bound:
        names = ", ".join(bound)
        screen.line(Label(f"估计值在先验边界上（误差无意义）：{names}", f"at a bound of the prior (errors mean little): {names}"))


def _span(low: float, high: float) -> str:
    """Return an interval."""
    return f"{low:.3g} – {high:.3g}"


def _figure(value: float) -> str:
    """Return a figure, or a sign for one that is infinite or unknown."""
    return f"{value:.2g}" if math.isfinite(value) else "∞"


def _print_identification(screen: Screen, found: Calibration) -> None:
    """Say plainly what the data could not tell."""
    from calibration.diagnosis import not_identified

    names = not_identified(found)
    listed = ", ".join(names)
    if names and found.posterior is None:
        screen.line(Label(f"数据不能识别：{listed}", f"not identified by these data: {listed}"))
    elif names:
        screen.line(
            Label(
                f"数据不能识别（结果即先验）：{listed}", f"not identified by these data (what comes out is the prior): {listed}"
            )
        )
    for ratio, direction in found.point.weak_directions(found.priors):
        size = f"{ratio:.1f}" if ratio < BLIND else "∞"
        screen.line(
            Label(
                f"数据对这一组合所知少于先验（误差/先验 {size}）：{direction}",
                f"data say less than the prior along (error over prior {size}): {direction}",
            )
        )


def _print_fit(screen: Screen, found: Calibration, rows: Sequence[Mapping[str, Any]]) -> None:
    """Print J, the moments that do not fit, those left out, and how far the surface errs."""
    from calibration.diagnosis import surface_errs

    point = found.point
    screen.heading(Label("拟合", "fit"))
    j, p = f"J = {point.j:.1f}", f"p = {point.p:.3f}"
    screen.line(Label(f"{j}，自由度 {point.degrees}，{p}", f"{j}, {point.degrees} degrees of freedom, {p}"))
    short = too_sure(found.measured.drawn, found.ratio)
    if short:
        screen.line(short)
    wrong = found.predictive.not_fitting if found.predictive else point.not_fitting
    by_name = {row["moment"]: row for row in rows}
    for name in wrong:
        screen.line(not_fitting(by_name[name], found.predictive is not None))
    if found.posterior and surface_errs(found.posterior):
        names = ", ".join(surface_errs(found.posterior))
        screen.line(
            Label(
                f"二次曲面对这些矩不够好（区间可信度以此为限）：{names}",
                f"a quadratic surface does not do for (intervals are no better): {names}",
            )
        )
    if found.ratio > NOISY:
        times = f"{found.ratio:.1f}"
        screen.line(
            Label(
                f"模拟县的户太少：其抽样方差为调查的 {times} 倍，区间偏宽；请增大 households=",
                f"the simulated county is small: its sampling variance is {times} times the survey's and intervals are too wide; "
                "raise households=",
            )
        )
    if not point.converged:
        screen.line(Label("搜索未自行收敛", "the search did not stop by itself"))
    for name, why in ((name, why_left_out(why)) for name, why in found.dropped.items()):
        screen.line(Label(f"未使用：{name}（{why.zh}）", f"left out: {name} ({why.en})"))
    counts = f"{found.runs:,} / {found.made:,}"
    screen.line(Label(f"运行：所需/本次新做 {counts}", f"runs: needed / made now {counts}"))


def _print_check(screen: Screen, found: Calibration) -> None:
    """Print how often intervals of pseudo data held their truths."""
    from calibration.estimation.checks import LEVELS, SIGNIFICANCE

    check = found.check
    if check is None:
        return
    sets = len(check.truths)
    screen.heading(
        Label(f"区间可信吗：{sets} 套已知真值的虚拟数据", f"are the intervals right: {sets} pseudo data sets of known truth")
    )
    for level in LEVELS:
        one = check.coverage(level)
        kept = Label("符合", "as promised") if one.kept else Label("不符合", "not as promised")
        span = f"{one.share:.1%} [{one.low:.1%}, {one.high:.1%}]"
        screen.line(
            Label(f"{level:.0%} 区间含真值：{span}，{kept.zh}", f"{level:.0%} intervals hold the truth in {span}: {kept.en}")
        )
    worst = min(check.rank_tests().items(), key=lambda pair: pair[1])
    even = Label("均匀", "even") if check.ranks_even else Label("不均匀", "not even")
    screen.line(
        Label(
            f"真值的秩在 {SIGNIFICANCE:.0%} 水平上{even.zh}（最小 p = {worst[1]:.3f}，{worst[0]}，按参数个数校正）",
            f"ranks of the truths are {even.en} at the {SIGNIFICANCE:.0%} level (least p {worst[1]:.3f}, {worst[0]}, "
            "corrected for the number of parameters)",
        )
    )
    name, (mean, error) = max(check.mean_errors().items(), key=lambda pair: abs(pair[1][0]) / pair[1][1])
    screen.line(
        Label(
            f"平均标准化误差最大者：{name} {mean:+.2f}（蒙特卡罗误差 {error:.2f}）",
            f"largest mean standardised error: {name} {mean:+.2f} (Monte-Carlo error {error:.2f})",
        )
    )
