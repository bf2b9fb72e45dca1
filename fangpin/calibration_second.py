"""What is said of a network's posterior and of a second opinion, on the screen and on the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from experiments.charts.calibration import VERDICTS
from experiments.labels import Label, Lang
from fangpin.calibration_parts import figure, heading, paragraph, table
from fangpin.screen import Screen

if TYPE_CHECKING:
    from calibration.fitting import Calibration

SECOND = Label("第二意见：神经后验估计（NPE）", "A second opinion: neural posterior estimation (NPE)")
TRAINING = Label("神经后验估计的训练", "Training of the neural posterior")
METHODS = {"posterior": Label("局部仿真器", "the emulator"), "npe": Label("神经网络", "the network")}
HEADS = (
    Label("参数", "parameter"),
    Label("神经后验90%", "neural posterior 90%"),
    Label("结论", "verdict"),
    Label("均值差/后验标准差", "means apart, in posterior sd"),
    Label("宽度比", "ratio of widths"),
)


def tell_training(screen: Screen, found: Calibration) -> None:
    """Print how a network was trained, where the draws are its own."""
    from calibration.estimation.neural import NeuralPosterior
    from calibration.opinions import training_figures

    if isinstance(found.posterior, NeuralPosterior):
        screen.heading(TRAINING)
        for line in training_lines(training_figures(found.posterior)):
            screen.line(line)


def tell_second(screen: Screen, found: Calibration) -> None:
    """Print the second posterior beside the first."""
    from calibration.opinions import opinion

    told = opinion(found)
    if told is not None:
        screen.heading(SECOND)
        screen.table([head.said(screen.lang) for head in HEADS], _cells(told, screen.lang), left=1, whole=1)
        for line in [*second_lines(told), *training_lines(told["training"])]:
            screen.line(line)


def second_section(told: Mapping[str, Any], lang: Lang) -> str:
    """Return the section of the page; nothing without a second opinion."""
    second = told.get("second")
    if not second:
        return ""
    off = [row["disagrees"] for row in second["parameters"]]
    lines = [*second_lines(second), *training_lines(second["training"])]
    return heading(SECOND, lang) + table(HEADS, _cells(second, lang), lang, off) + "".join(paragraph(one, lang) for one in lines)


def training_section(told: Mapping[str, Any], lang: Lang) -> str:
    """Return how the network was trained whose draws are the posterior; nothing where they are another's."""
    if not told.get("training"):
        return ""
    return heading(TRAINING, lang) + "".join(paragraph(one, lang) for one in training_lines(told["training"]))


def _cells(second: Mapping[str, Any], lang: Lang) -> list[list[str]]:
    """Return a row of text for each parameter."""
    return [
        [
            row["parameter"],
            f"{figure(row['low'])} – {figure(row['high'])}",
            VERDICTS[row["verdict"]].said(lang),
            _signed(row["difference_in_sd"]),
            figure(row["width_ratio"], 3),
        ]
        for row in second["parameters"]
    ]


def _signed(value: float | None) -> str:
    """Return a difference with its sign; a dash where it is not known."""
    return "–" if value is None else f"{value:+.2f}"


def second_lines(second: Mapping[str, Any]) -> list[Label]:
    """Return where the two disagree, and which has the better measured coverage."""
    names, limits = second["disagree"], second["limits"]
    span = f"{limits['difference_in_sd']:g}", f"{limits['width_ratio']:g}"
    if names:
        lines = [Label(f"两者不一致：{'、'.join(names)}", f"The two disagree on: {', '.join(names)}")]
    else:
        lines = [Label("两者在每个参数上一致", "The two agree on every parameter")]
    lines.append(
        Label(
            f"不一致：均值相差 {span[0]} 个后验标准差以上，或宽度相差 {span[1]} 倍以上",
            f"To disagree: means {span[0]} posterior standard deviations apart or more, or one {span[1]} times as wide or more",
        )
    )
    return lines + _coverage_lines(second)


def _coverage_lines(second: Mapping[str, Any]) -> list[Label]:
    """Return how often the intervals of each held the truths of the same pseudo data sets."""
    if not second["coverage"]:
        said = Label("没有虚拟数据（check=0），不知何者更可信", "No pseudo data (check=0): which to believe is not known")
        return [said]
    lines = []
    for level, one in second["coverage"].items():
        better = METHODS.get(one["better"])
        zh = f"{better.zh}更接近" if better else "这些数据分不出高下"
        en = f"{better.en} is nearer" if better else "these sets cannot tell which is nearer"
        lines.append(
            Label(
                f"同样的虚拟数据，{level} 区间含真值：局部仿真器 {one['posterior']:.1%}，神经网络 {one['npe']:.1%}"
                f"（差的蒙特卡罗误差 {one['monte_carlo_error']:.1%}）：{zh}",
                f"On the same pseudo data {level} intervals hold the truth in {one['posterior']:.1%} (emulator) and "
                f"{one['npe']:.1%} (network; Monte-Carlo error of the difference {one['monte_carlo_error']:.1%}): {en}",
            )
        )
    even = Label("均匀", "even") if second["check"]["ranks_even"] else Label("不均匀", "not even")
    lines.append(
        Label(f"神经网络：真值的名次{even.zh}（1% 水平）", f"Network: ranks of the truths are {even.en} at the 1% level")
    )
    return lines


def training_lines(training: Mapping[str, Any]) -> list[Label]:
    """Return how a network was trained, which moments it does not know, and whether the data are like what it saw."""
    versions = ", ".join(f"{name} {version}" for name, version in training["versions"].items())
    loss = f"{training['held_out_loss']:.3g}"
    lines = [
        Label(
            f"神经网络：先验各点的 {training['runs']:,} 次运行（{training['rounds']} 批），"
            f"学自末批范围内的 {training['rows']:,} 次、{training['moments']} 个矩；"
            f"{training['epochs']:.0f} 轮，留出样本损失 {loss}，种子 {training['seed']}（{versions}）",
            f"Network: {training['runs']:,} runs at points of the prior, rounds {training['rounds']}; learned from the "
            f"{training['rows']:,} within the last, {training['moments']} moments; {training['epochs']:.0f} epochs, loss on "
            f"held-out runs {loss}, seed {training['seed']} ({versions})",
        )
    ]
    if training["moments_left_out"]:
        listed = ", ".join(training["moments_left_out"])
        lines.append(
            Label(
                f"先验许多点上无定义、网络未用的矩：{listed}",
                f"Not defined at many points of the prior, unknown to the network: {listed}",
            )
        )
    if training["data_are_unlike"]:
        share = f"{training['share_as_far_out_as_the_data']:.1%}"
        lines.append(
            Label(
                f"数据与网络所见不同（只有 {share} 的运行同样偏远）：其结果是外推",
                f"The data are unlike what the network saw ({share} of the runs lie as far out): what it says is extrapolated",
            )
        )
    return lines
