"""The scorecard: scores pooled over series, each forecaster against the model on the figures that both speak of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from experiments.fans import BANDS
from experiments.intervals import estimate
from experiments.labels import Label
from experiments.rivals import RIVALS
from experiments.score import MODEL, POOLS, Scored

FEWEST_SERIES = 3
"""Series below which a difference between two forecasters has no error worth the name."""
FORECASTERS = {MODEL: Label("模型", "model"), **{name: label for name, (label, _) in RIVALS.items()}}
LOSES, WINS, EVEN = "loses", "wins", "even"


class Line(NamedTuple):
    """One forecaster on the figures of one pool.

    Attributes:
        pool: one of `experiments.score.POOLS`.
        who: ``model`` or a rival.
        figures, series: how many it spoke of.
        crps: its mean score, as a share of what was observed.
        model: the model's on the same figures.
        difference, error: model less rival, mean over series, and its standard error over them; NaN with fewer than three.
        inside: share of the figures within each of its bands.
        bias: mean of its median over what was observed, less one.
        pit: mean of its probabilities of no more than what was observed: 0.5 where it is neither too high nor too low.
    """

    pool: str
    who: str
    figures: int
    series: int
    crps: float
    model: float
    difference: float
    error: float
    inside: tuple[float, ...]
    bias: float
    pit: float

    @property
    def skill(self) -> float:
        """One less the model's score over the rival's: above zero where the model is better."""
        return 1 - self.model / self.crps if self.crps > 0 else np.nan

    @property
    def verdict(self) -> str:
        """What the model does against this rival."""
        if self.who == MODEL:
            return ""
        return LOSES if self.model > self.crps else WINS if self.model < self.crps else EVEN

    @property
    def within_chance(self) -> bool:
        """Whether the difference is less than twice its error, or too few series say how large that is."""
        return bool(np.isnan(self.error)) or abs(self.difference) < 2 * self.error


def scorecard(scored: Sequence[Scored]) -> list[Line]:
    """Return a line for each pool and forecaster that spoke of any of its figures."""
    lines = []
    for pool in POOLS:
        rows = [one for one in scored if one.pool == pool and one.observed]
        for who in FORECASTERS:
            ours = [one for one in rows if who in one.marks]
            if ours:
                lines.append(_line(pool, who, ours))
    return lines


def _line(pool: str, who: str, rows: Sequence[Scored]) -> Line:
    """Return one forecaster's line."""
    shares = np.array([one.relative(who) for one in rows])
    models = np.array([one.relative(MODEL) for one in rows])
    names = sorted({one.series for one in rows})
    apart = [np.mean([d for d, one in zip(models - shares, rows, strict=True) if one.series == name]) for name in names]
    spread = estimate(apart)
    marks = [one.marks[who] for one in rows]
    return Line(
        pool,
        who,
        len(rows),
        len(names),
        float(shares.mean()),
        float(models.mean()),
        spread.mean,
        spread.error if len(names) >= FEWEST_SERIES else np.nan,
        tuple(float(np.mean([one.inside[place] for one in marks])) for place in range(len(BANDS))),
        float(np.mean([mark.median / one.observed - 1 for mark, one in zip(marks, rows, strict=True)])),
        float(np.mean([one.pit for one in marks])),
    )


HEADER = (
    "pool", "forecaster", "figures", "series", "crps_share", "model_crps_share", "skill", "difference", "difference_error",
    *(f"in{100 * share:.0f}" for share in BANDS), "bias", "mean_pit", "model",
)  # fmt: skip


def card_rows(lines: Iterable[Line]) -> Iterable[tuple[Any, ...]]:
    """Yield the rows of ``tables/scorecard.csv``."""
    for one in lines:
        skill = "" if one.who == MODEL else one.skill
        apart = ("", "") if one.who == MODEL else (one.difference, "" if np.isnan(one.error) else one.error)
        yield (one.pool, one.who, one.figures, one.series, one.crps, one.model, skill, *apart, *one.inside, one.bias, one.pit,
               one.verdict)  # fmt: skip


def said(line: Line) -> Label | None:
    """Return in words what the model does against a rival; None for the model itself."""
    if line.who == MODEL:
        return None
    name, pool = FORECASTERS[line.who], POOLS[line.pool]
    verb = {LOSES: Label("输给", "loses to"), WINS: Label("优于", "beats"), EVEN: Label("持平于", "ties with")}[line.verdict]
    few = line.series < FEWEST_SERIES
    chance_zh = f"（仅{line.series}个序列，不足以判断）" if few else "（差异在偶然范围内）" if line.within_chance else ""
    chance_en = f" ({line.series} series: too few to tell)" if few else " (within chance)" if line.within_chance else ""
    ours, theirs = 100 * line.model, 100 * line.crps
    return Label(
        f"{pool.zh.partition('：')[0]}：模型{verb.zh}{name.zh}，CRPS {ours:.1f}% 对 {theirs:.1f}%，"
        f"{line.figures}个数字、{line.series}个序列{chance_zh}",
        f"{pool.en.partition(':')[0]}: the model {verb.en} {name.en}, CRPS {ours:.1f}% against {theirs:.1f}%, "
        f"{line.figures} {'figure' if line.figures == 1 else 'figures'} of {line.series} series{chance_en}",
    )
