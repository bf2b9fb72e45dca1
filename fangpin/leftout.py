"""Moments that were left out or do not fit, in both languages: reasons are written in English where they arise."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from experiments.labels import Label

NOISY = 1.25
"""A run's sampling variance above this many times the survey's is said: more simulated households would tell more."""
_CHINESE = (
    (r"no column (.+)", r"调查无此变量：\1"),
    (r"(\d+) waves; at least (\d+)", r"只有 \1 轮，至少要 \2 轮"),
    (r"(\d+) observations; at least (\d+)", r"只有 \1 个观测，至少要 \2 个"),
    (
        r"(\d+) observations in a simulated county; at least (\d+): raise households=",
        r"模拟县中只有 \1 个观测，至少要 \2 个：请增大 households=",
    ),
    (r"not defined for these data", "这些数据中无定义"),
    (r"not defined in (\d+%) of the replicates", r"\1 的重抽样中无定义"),
    (r"not defined in (\d+) of (\d+) simulated counties", r"\2 个模拟县中 \1 个无定义"),
    (r"the same in every replicate: no error is known", "各重抽样中都相同，误差未知"),
    (r"the same in every simulated county", "各模拟县中都相同"),
    (r"follows from (.+)", r"由 \1 即可算出"),
    (r"no poverty line given", "没有给出贫困线"),
)
"""Reasons as patterns, and what they are in Chinese."""


def why_left_out(reason: str) -> Label:
    """Return a reason in both languages; one that is not known stays as it is."""
    for pattern, chinese in _CHINESE:
        if re.fullmatch(pattern, reason):
            return Label(re.sub(pattern, chinese, reason), reason)
    return Label(reason, reason)


def not_fitting(row: Mapping[str, Any], predicted: bool) -> Label:
    """Say that a moment does not fit: by what the posterior leads one to expect of it, or by the run at the estimate."""
    name = row["moment"]
    if predicted:
        figures = f"{row['observed']:.4g} / {row['predicted']:.4g} (p = {row['p']:.2g})"
        return Label(f"不拟合：{name}，观测/预期 {figures}", f"does not fit: {name}, observed / expected: {figures}")
    figures = f"{row['observed']:.4g} / {row['simulated']:.4g} ({row['residual_z']:+.1f})"
    return Label(f"不拟合：{name}，观测/模拟 {figures}", f"does not fit: {name}, observed / simulated (errors apart): {figures}")


def too_sure(drawn: str, ratio: float) -> Label | None:
    """Return what to say where the point estimate's errors leave out what runs differ by; None where they do not.

    Args:
        drawn: what errors of the data took as drawn, ``clusters`` or ``households``.
        ratio: sampling variance of a run's households over the survey's.
    """
    if drawn == "clusters" and ratio <= NOISY:
        return None
    return Label(
        "点估计的误差和 J 只含调查的抽样误差，不含模拟县的运气：误差偏小，J 偏大；后验两者都含",
        "errors of the estimate and J hold the survey's sampling alone, not the luck of a simulated county: errors are too small "
        "and J too large; the posterior holds both",
    )
