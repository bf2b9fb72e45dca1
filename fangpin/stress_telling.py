"""What `fangpin stress` says: the sizes tried, and the answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.labels import Label

if TYPE_CHECKING:
    from experiments.stress import Answer, Shock
    from fangpin.screen import Screen
    from fangpin.trials import Trials, Wish


def write(trials: Trials, answer: Answer) -> Path:
    """Write all sizes tried as ``stress.csv``."""
    from experiments.store import write_whole
    from experiments.stress import HEADER, trial_cells
    from experiments.tables import csv_text

    rows = [trial_cells(trial, trials.wish.chance) for trial in answer.trials]
    return write_whole(trials.folder / "stress.csv", csv_text(HEADER, rows))


def tell(screen: Screen, trials: Trials, answer: Answer, path: Path) -> None:
    """Print the sizes tried and the answer."""
    from experiments.goal import quantity

    wish, study = trials.wish, trials.request.study
    outcome, limit = quantity(wish.outcome).label, f"{100 * wish.limit:g}%"
    screen.heading(
        Label(
            f"反向压力测试：{study.place}，{study.policies[0]}；目标：{outcome.zh}每年低于{limit}",
            f"Reverse stress test: {study.place}, {study.policies[0]}; goal: {outcome.en} below {limit} in every year",
        )
    )
    screen.line(Label(f"冲击（大小1）：{'；'.join(wish.shocks)}", f"shock (size 1): {'; '.join(wish.shocks)}"))
    heads = [Label("大小", "size"), Label("取值", "values"), Label("最差年均值%", "worst year, mean %")]
    heads += [Label("守住的概率", "probability to hold"), Label("结论", "verdict")]
    cells = [
        [f"{trial.size:g}", _moved(trials.shocks, trial.size), f"{100 * trial.worst:.2f}",
         f"{trial.chance.share:.2f} [{trial.chance.low:.2f}, {trial.chance.high:.2f}]",
         VERDICTS[trial.verdict(wish.chance)].said(screen.lang)]
        for trial in answer.trials
    ]  # fmt: skip
    screen.table(heads, cells, left=2)
    screen.line(_said(answer, wish))
    if answer.returns:
        screen.line(
            Label(
                "注意：更大的冲击下又能守住，结果并非单调。",
                "Note: the goal holds again under a larger shock; it is not monotone.",
            )
        )
    screen.line(
        Label(
            f"各大小用同样的运气；概率只含随机波动，n={answer.trials[0].chance.runs}。守住：概率不低于{wish.chance:g}，按整个95%区间判断。",
            f"All sizes have the same luck; probabilities contain random draws only, n={answer.trials[0].chance.runs}. "
            f"Holds: probability {wish.chance:g} or more, by the whole 95% interval.",
        )
    )
    screen.line(Label(f"全表：{path}", f"whole table: {path}"))


OPEN = " (by the share of repetitions; the intervals leave it open: raise reps=)"
VERDICTS = {
    "holds": Label("守住", "holds"),
    "breaks": Label("守不住", "breaks"),
    "cannot tell": Label("无法判断", "cannot tell"),
}


def _moved(shocks: Sequence[Shock], size: float) -> str:
    """Return how far the values are moved at most."""
    said = []
    for shock in shocks:
        path = shock.path(size)
        at = int(np.abs(shock.moved - shock.course).argmax())
        said.append(f"{shock.key} {shock.course[at]:.4g} → {path[at]:.4g}")
    return "; ".join(said)


def _said(answer: Answer, wish: Wish) -> Label:
    """Return the answer in a sentence."""
    from experiments.stress import BREAKS, BROKEN, UNBROKEN

    most = answer.trials[-1].size
    if answer.outcome == UNBROKEN:
        sure = answer.surely_holds == most
        return Label(
            f"答案：直到大小{most:g}都没有守不住{'' if sure else '（按占比；按区间尚无法判断）'}。",
            f"Answer: it does not break within the range, up to size {most:g}{'' if sure else OPEN}.",
        )
    if answer.outcome == BROKEN:
        sure = answer.trials[0].verdict(wish.chance) == BREAKS
        return Label(
            f"答案：没有冲击也守不住{'' if sure else '（按占比；按区间尚无法判断）'}。",
            f"Answer: the goal is broken without any shock{'' if sure else OPEN}.",
        )
    ends = (f"{answer.surely_holds:g}" if np.isfinite(answer.surely_holds) else "–",
            f"{answer.surely_breaks:g}" if np.isfinite(answer.surely_breaks) else "–")  # fmt: skip
    return Label(
        f"答案：最轻的守不住的冲击在大小{answer.below:g}与{answer.above:g}之间（按占比）；"
        f"按区间，直到{ends[0]}都守得住，从{ends[1]}起守不住（–：无法判断）。",
        f"Answer: the mildest shock that breaks the goal lies between size {answer.below:g} and {answer.above:g} (by the share "
        f"of repetitions); by the intervals it holds up to {ends[0]} and breaks from {ends[1]} on (–: cannot tell).",
    )
