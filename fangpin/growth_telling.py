"""What ``fangpin grow`` prints: how a survey's weights meet a place's totals, and how the grown households compare with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from experiments.labels import Label
from fangpin.screen import Screen

if TYPE_CHECKING:
    import pandas as pd

    from calibration.grow import Seeds
    from calibration.reweight import Reweighted

_REASONS = {
    "no answer to a marginal": "未回答所需问题",
    "no rows of persons": "没有成员资料",
    "a member of unknown age": "有成员年龄不详",
    "no adult in January 2013: formed since": "2013年1月尚无成年人，为此后新立户",
    "more than 20 members": "成员超过20人",
}
_TRAITS = {
    "size": Label("户均人数", "members"),
    "income_total": Label("人均收入（asinh千元）", "income a head (asinh, 1,000 yuan)"),
    "income_wage": Label("人均工资（asinh千元）", "wages a head (asinh, 1,000 yuan)"),
    "income_farm": Label("人均经营农业（asinh千元）", "farm income a head (asinh, 1,000 yuan)"),
    "income_transfer": Label("人均转移（asinh千元）", "transfers a head (asinh, 1,000 yuan)"),
    "medical_spending": Label("人均自付医疗（asinh千元）", "own medical spending a head (asinh, 1,000 yuan)"),
    "workers": Label("务工人数", "members in paid work"),
    "aged_60": Label("60岁以上人数", "members of 60 and over"),
    "children": Label("16岁以下人数", "members under 16"),
    "chronic_members": Label("慢病人数", "members with a chronic condition"),
    "disabled_members": Label("残疾或失能人数", "disabled members"),
    "ex_poor": Label("脱贫户比重", "share formerly registered"),
    "dibao": Label("低保户比重", "share on dibao"),
    "post": Label("公益岗户比重", "share with a post"),
    "pension": Label("领养老金户比重", "share with a pension"),
}


SAMPLED = {
    "poorer": Label(
        "sample=poorer：调查含全部农户，只取曾建档立卡的和各轮平均较穷的户",
        "sample=poorer: the survey is of all rural households; the registered and the poorer, over its waves, are taken",
    ),
    "all": Label(
        "sample=all：调查的户即模拟县所模拟的户，全部采用",
        "sample=all: the survey's households are of the kind that the county simulates; all are taken",
    ),
}


def tell_begin(screen: Screen, done: Reweighted, seeds: Seeds, wave: int, lives: int, sample: str) -> None:
    """Print how the weights meet the totals, and what will be lived."""
    screen.heading(Label(f"{wave}年一期调整到当地的已知总数", f"wave {wave}, moved to the place's known totals"))
    rows = [[one.name, f"{one.target:,.0f}", f"{one.before:,.0f}", f"{one.after:,.0f}", f"{one.miss:+.2%}"] for one in done.fits]
    header = ("", Label("已知", "known"), Label("原权重", "old weights"), Label("新权重", "new weights"), Label("偏差", "miss"))
    screen.table(header, rows)
    low, middle, high = done.ratios
    before, after = done.effective
    screen.line(
        Label(
            f"方法：{done.method}；新旧权重之比{low:.2f}至{high:.2f}（中位{middle:.2f}）；有效样本{before:,.0f}→{after:,.0f}",
            f"method: {done.method}; new over old weights {low:.2f} to {high:.2f} (median {middle:.2f}); effective sample "
            f"{before:,.0f} -> {after:,.0f}",
        )
    )
    for reason, count in {"no answer to a marginal": done.left_out, **seeds.left_out}.items():
        if count:
            screen.line(
                Label(f"未采用 {count:,} 户：{_REASONS.get(reason, reason)}", f"left out, {count:,} households: {reason}")
            )
    screen.line(SAMPLED[sample])
    homes = len(seeds.homes)
    screen.line(
        Label(
            f"模拟 {homes:,} 户（代表 {seeds.rural_households:,} 户农村家庭），每户从2013年起过 {lives} 种生活",
            f"{homes:,} households are simulated, for {seeds.rural_households:,} rural ones; {lives} lives each from 2013 on",
        )
    )


def tell_end(screen: Screen, place: str, table: pd.DataFrame, gone: int, path: Path) -> None:
    """Print how the grown households compare with the wave."""
    screen.heading(Label("长成的家庭与调查之比（均值）", "the grown households beside the survey (means)"))
    rows = []
    for row in table[table["measure"] == "mean"].to_dict("records"):
        name = _TRAITS.get(row["trait"], Label(row["trait"], row["trait"]))
        figures = [row[stage] for stage in ("survey", "all_lives", "chosen", "lived_again")]
        rows.append([name.said(screen.lang), *(f"{one:.3f}" for one in figures), f"{row['lived_again_off']:+.2f}"])
    header = (
        "",
        Label("调查", "survey"),
        Label("所有生活", "all lives"),
        Label("选中", "chosen"),
        Label("重过一遍", "lived again"),
        Label("相差（标准差）", "off (sd)"),
    )
    screen.table(header, rows)
    if gone:
        screen.line(Label(f"{gone:,}户的各种生活到该期均已无人", f"{gone:,} households have no life that lasts to the wave"))
    screen.line(
        Label(
            f"已写入 {path}；用法：fangpin run place={place} population={path}",
            f"wrote {path}; use it: fangpin run place={place} population={path}",
        )
    )
