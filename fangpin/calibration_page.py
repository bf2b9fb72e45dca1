"""The report page of a calibration: one HTML file that holds its tables and pictures and needs nothing else."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from calibration.sample import read_kept
from experiments.charts.calibration import VERDICTS
from experiments.labels import Label, Lang
from experiments.report.lettering import packaged_letters
from fangpin.calibration_parts import escaped, figure, heading, paragraph, table
from fangpin.calibration_second import second_section, training_section
from fangpin.leftout import too_sure, why_left_out
from fangpin.sampled import kept_lines

STYLE = """body{font:15px/1.5 "Noto Sans SC","Microsoft YaHei","PingFang SC",page,sans-serif;max-width:72em}
body{margin:2em auto;padding:0 1em;color:#222}
h1{font-size:1.5em}h2{font-size:1.15em;margin-top:2em;border-bottom:1px solid #ccc}table{border-collapse:collapse;font-size:.85em}
td,th{padding:.2em .6em;border-bottom:1px solid #ddd;text-align:right}td:first-child,th:first-child{text-align:left}
td.text,th.text{text-align:left}tr.off td{background:#fff1e6}img{max-width:100%}figure{margin:1em 0}
dl{display:grid;grid-template-columns:max-content auto;gap:.2em 1em;font-size:.85em}dd{margin:0;overflow-wrap:anywhere}"""
TITLES = {
    "calibration-parameters": Label("先验与后验", "Prior and posterior"),
    "calibration-pairs": Label("后验的两两关系", "Pairs of the posterior"),
    "calibration-moments": Label("矩的拟合", "Fit of the moments"),
    "calibration-sensitivity": Label("估计值对矩的敏感性", "Sensitivity of the estimates to the moments"),
    "calibration-ranks": Label("虚拟数据中真值的名次", "Ranks of the truths of pseudo data"),
    "calibration-ranks-npe": Label("虚拟数据中真值的名次（第二意见）", "Ranks of the truths of pseudo data, second opinion"),
}
"""Pictures by the names of their files, in the order of the page."""


def page(told: Mapping[str, Any], title: Label, pictures: Sequence[Path], lang: Lang = "zh") -> str:
    """Return the page.

    Args:
        told: what `calibration.json` holds.
        title: of the page.
        pictures: files; of each name the .svg is taken.
        lang: ``zh`` or ``en``.
    """
    parts = [f"<h1>{escaped(title, lang)}</h1>", _summary(told, lang), _parameters(told, lang), _untold(told, lang)]
    parts += [_check(told, lang), second_section(told, lang), training_section(told, lang)]
    parts += [_fit(told, lang), _left_out(told, lang), _pictures(pictures, lang), _provenance(told, lang)]
    head = f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{escaped(title, lang)}</title>'
    body = "\n".join(part for part in parts if part)
    face = f'@font-face{{font-family:page;src:url("{packaged_letters(escaped(title, lang) + body)}")}}'
    return f"{head}<style>{face}\n{STYLE}</style></head><body>\n{body}\n</body></html>\n"


def _summary(told: Mapping[str, Any], lang: Lang) -> str:
    """Say in a few lines what was matched, and what came of it."""
    survey, runs = told["provenance"]["survey"], told["runs"]
    waves = ", ".join(map(str, survey["waves"]))
    names = survey.get("names", {})
    source = Label(names.get("zh", survey["source"]), names.get("en", survey["source"]))
    counts = (len(told["moments"]), len(told["parameters"]), told["provenance"]["county_households"])
    kept = kept_lines(read_kept(survey["sample"])) if "sample" in survey else []
    matched = paragraph(
        Label(
            f"调查：{source.zh}，轮次 {waves}；{counts[0]} 个矩，{counts[1]} 个待估参数；"
            f"模拟县 {counts[2]:,} 户；运行 {runs['asked']:,} 次。",
            f"Survey: {source.en}, waves {waves}; {counts[0]} moments, {counts[1]} free parameters; simulated county of "
            f"{counts[2]:,} households; {runs['asked']:,} runs.",
        ),
        lang,
    )
    return matched + "".join(paragraph(one, lang) for one in kept)


def _parameters(told: Mapping[str, Any], lang: Lang) -> str:
    """Return the table of parameters."""
    heads = [Label("参数", "parameter"), Label("结论", "verdict"), Label("先验90%", "prior 90%"), Label("点估计", "estimate")]
    heads += [
        Label("标准误", "error"),
        Label("后验90%", "posterior 90%"),
        Label("收缩", "shrinkage"),
        Label("主要由何矩决定", "moved most by"),
    ]
    rows = [
        [
            row["parameter"],
            VERDICTS[row["verdict"]].said(lang),
            f"{figure(row['prior_low'])} – {figure(row['prior_high'])}",
            figure(row["estimate"]),
            figure(row["error"], 2),
            "–" if row["low"] is None else f"{figure(row['low'])} – {figure(row['high'])}",
            figure(row["shrinkage"], 2),
            row["moved_by"],
        ]
        for row in told["parameters"]
    ]
    off = [row["verdict"] in ("not identified", "design too small") for row in told["parameters"]]
    said = Label(
        "收缩＝1－后验方差/先验方差：0 表示数据没有说明任何东西。先验多为假设，见 scenarios/priors.yaml。",
        "Shrinkage: one less posterior over prior variance; 0 where the data said nothing. Most priors are assumptions "
        "(scenarios/priors.yaml).",
    )
    return heading(Label("参数", "Parameters"), lang) + table(heads, rows, lang, off) + paragraph(said, lang)


def _untold(told: Mapping[str, Any], lang: Lang) -> str:
    """Say what the data could not tell."""
    names, weak = told["not_identified"], told["point"]["weak_directions"]
    lines = []
    if names:
        listed = "、".join(names) if lang == "zh" else ", ".join(names)
        prior = Label("，结果即先验", ", what comes out is the prior") if told.get("posterior") else Label("", "")
        lines.append(Label(f"不可识别{prior.zh}：{listed}", f"Not identified{prior.en}: {listed}"))
    for one in weak:
        size = figure(one["error_over_prior"], 2) if one["error_over_prior"] is not None else "∞"
        lines.append(
            Label(
                f"沿此组合数据所知少于先验（误差/先验 {size}）：{one['direction']}",
                f"Along this combination the data say less than the prior (error over prior {size}): {one['direction']}",
            )
        )
    if not lines:
        lines.append(Label("每个参数都被数据收窄。", "The data narrowed every parameter."))
    return heading(Label("数据没有说明的", "What the data could not tell"), lang) + "".join(paragraph(one, lang) for one in lines)


def _check(told: Mapping[str, Any], lang: Lang) -> str:
    """Return what pseudo data said of the intervals."""
    check = told.get("check")
    if not check:
        return ""
    lines = []
    for level, one in check["coverage"].items():
        kept = Label("符合", "as promised") if one["kept"] else Label("不符合", "not as promised")
        span = f"{one['share']:.1%} [{one['low']:.1%}, {one['high']:.1%}]"
        lines.append(Label(f"{level} 区间含真值 {span}：{kept.zh}", f"{level} intervals hold the truth in {span}: {kept.en}"))
    even = Label("均匀", "even") if check["ranks_even"] else Label("不均匀", "not even")
    lines.append(Label(f"真值的名次{even.zh}（1% 水平）", f"Ranks of the truths are {even.en} at the 1% level"))
    heads = [
        Label("参数", "parameter"),
        Label("90%区间含真值", "90% interval holds"),
        Label("平均标准化误差", "mean standardised error"),
    ]
    heads += [Label("蒙特卡罗误差", "Monte-Carlo error"), Label("名次检验 p", "rank test p")]
    rows = [
        [name, f"{one['coverage_90']:.0%}"]
        + [figure(one[key], 2) for key in ("mean_standardised_error", "monte_carlo_error", "rank_p")]
        for name, one in check["parameters"].items()
    ]
    title = Label(
        f"区间可信吗：{check['sets']} 套已知真值的虚拟数据",
        f"Are the intervals right: {check['sets']} pseudo data sets of known truth",
    )
    return heading(title, lang) + "".join(paragraph(one, lang) for one in lines) + table(heads, rows, lang)


def _fit(told: Mapping[str, Any], lang: Lang) -> str:
    """Return J and the table of moments."""
    point, posterior = told["point"], told.get("posterior")
    wrong = set((posterior or point)["not_fitting"])
    said = Label(
        f"J = {figure(point['j'])}，自由度 {point['degrees']}，p = {figure(point['p'], 2)}",
        f"J = {figure(point['j'])}, {point['degrees']} degrees of freedom, p = {figure(point['p'], 2)}",
    )
    survey = told["survey"]
    short = too_sure(survey.get("taken_as_drawn", "clusters"), survey.get("run_noise_over_survey_noise", 1.0))
    lines = [said, short] if short else [said]
    if wrong:
        listed = ", ".join(sorted(wrong))
        lines.append(Label(f"不拟合的矩（下表有底色）：{listed}", f"Moments that do not fit (shaded below): {listed}"))
    if posterior and posterior["surface_errs"]:
        listed = ", ".join(posterior["surface_errs"])
        lines.append(Label(f"二次曲面不够好：{listed}", f"A quadratic surface does not do for: {listed}"))
    heads = [Label("矩", "moment"), Label("单位", "unit"), Label("观测", "observed"), Label("标准误", "error"), Label("n", "n")]
    heads += [Label("模拟", "simulated"), Label("残差/误差", "residual / error"), Label("预期", "predicted"), Label("p", "p")]
    rows = [
        [row["moment"], row["unit"], figure(row["observed"], 4), figure(row["error"], 2), f"{row['n']:,}"]
        + [figure(row["simulated"], 4), figure(row["residual_z"], 2), figure(row["predicted"], 4), figure(row["p"], 2)]
        for row in told["moments"]
    ]
    off = [row["moment"] in wrong for row in told["moments"]]
    return heading(Label("拟合", "Fit"), lang) + "".join(paragraph(one, lang) for one in lines) + table(heads, rows, lang, off)


def _left_out(told: Mapping[str, Any], lang: Lang) -> str:
    """Return the moments that were left out, and why."""
    if not told["moments_left_out"]:
        return ""
    heads = [Label("矩", "moment"), Label("原因", "why")]
    rows = [[name, why_left_out(why).said(lang)] for name, why in told["moments_left_out"].items()]
    return heading(Label("未使用的矩", "Moments left out"), lang) + table(heads, rows, lang)


def _pictures(paths: Sequence[Path], lang: Lang) -> str:
    """Return the pictures, inside the page."""
    by_name = {path.stem: path for path in paths if path.suffix == ".svg"}
    parts = []
    for name, title in TITLES.items():
        if name in by_name:
            data = base64.b64encode(by_name[name].read_bytes()).decode()
            text = escaped(title, lang)
            parts.append(f'<h2>{text}</h2><figure><img alt="{text}" src="data:image/svg+xml;base64,{data}"></figure>')
    return "\n".join(parts)


def _provenance(told: Mapping[str, Any], lang: Lang) -> str:
    """Return where the result came from."""
    given = told["provenance"]
    rows = {
        "scenario": given["scenario_hash"],
        "engine": given["engine"],
        "git": str(given["git"]),
        "versions": ", ".join(f"{name} {version}" for name, version in given["versions"].items()),
        **{key: str(value) for key, value in given["survey"].items() if key not in ("sample", "names")},
        **{key: str(value) for key, value in told["survey"].items()},
    }
    body = "".join(f"<dt>{escape(key)}</dt><dd>{escape(value)}</dd>" for key, value in rows.items())
    return heading(Label("出处", "Provenance"), lang) + f"<dl>{body}</dl>"
