"""The word ``sample=``: which households of a survey are compared with the simulated ones, by default and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from experiments.labels import Label
from fangpin.screen import Screen
from scenarios.problems import Problem, listing, nearest

if TYPE_CHECKING:
    from calibration.panel import Panel
    from calibration.sample import Kept
    from experiments.study import Plan

_BY = {
    "consumption": Label("人均消费（不含自付医疗）", "consumption a head (own medical spending apart)"),
    "income_total": Label("人均收入", "income a head"),
}


def sample_problems(text: str, allowed: Sequence[str]) -> list[Problem]:
    """Return what is wrong with the word; nothing where it was not said."""
    if not text or text in allowed:
        return []
    return [Problem("command line", "sample", text, listing(allowed), nearest(text, allowed))]


def sample_of(options: Mapping[str, str], allowed: Sequence[str]) -> str:
    """Return which households are kept: what the word says; all of unchanged made files; else what the codebook says.

    Args:
        options: ``data``, ``codebook`` and ``sample`` among them.
        allowed: samples that the command can use; where the codebook's is none of them, the poorer are kept.
    """
    from calibration.codebook import load_codebook
    from calibration.madefiles import all_made

    if options["sample"]:
        return options["sample"]
    if all_made(options["data"]):
        return "all"
    usual = load_codebook(options["codebook"]).sample
    return usual if usual in allowed else "poorer"


def cut_to_simulated(options: Mapping[str, str], panel: Panel, plan: Plan) -> tuple[Panel, Kept]:
    """Return the households of a panel that a plan's county simulates, and what was kept.

    Raises:
        ScenarioError: when the panel lacks what the cut needs.
    """
    from calibration.sample import SAMPLES, cut_panel

    values = plan.cases[0].scenarios[plan.study.policies[0]].rules.values
    return cut_panel(panel, sample_of(options, SAMPLES), float(values["simulated_share"].values[0]))


def tell_kept(screen: Screen, kept: Kept) -> None:
    """Print what was kept of the survey."""
    for label in kept_lines(kept):
        screen.line(label)


def kept_lines(kept: Kept) -> list[Label]:
    """Return in words what was kept of the survey, and why."""
    before, after = kept.households
    rows = kept.rows
    counted_zh = f"保留 {after:,}／{before:,} 户（{rows[1]:,}／{rows[0]:,} 户次，占权数 {kept.share:.1%}）"
    counted = f"{after:,} of {before:,} households kept ({rows[1]:,} of {rows[0]:,} rows, {kept.share:.1%} of the weight)"
    if kept.sample == "all":
        why = Label(
            "sample=all，调查的户即模拟县所模拟的户；调查若含全部农户，须用 sample=poorer",
            "sample=all, as households of the kind that the county simulates; a survey of all households needs sample=poorer",
        )
    elif kept.sample == "registered":
        why = Label(
            "sample=registered，曾建档立卡的户，调查和模拟县都只取这些户",
            "sample=registered, ever registered as poor, in the survey and in the simulated county",
        )
    else:
        by = _BY[kept.by]
        also = Label("曾建档立卡的户和", "those ever registered and ") if kept.registered else Label("", "")
        why = Label(
            f"sample=poorer，{also.zh}各轮平均{by.zh}较低的户，至 {kept.wanted:.0%}；县只模拟这些户",
            f"sample=poorer, {also.en}the poorer by {by.en}, mean over waves, "
            f"up to {kept.wanted:.0%}: those that a county simulates",
        )
    lines = [Label(f"{counted_zh}：{why.zh}", f"{counted}: {why.en}")]
    if kept.untold:
        lines.append(
            Label(f"{kept.untold:,} 户无法排序，未采用", f"{kept.untold:,} households told nothing that orders them: left out")
        )
    return lines
