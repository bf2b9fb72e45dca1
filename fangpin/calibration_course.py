"""How far a calibration is: all its runs under one bar, with the time that is left, and the workers kept between batches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from experiments.labels import Label
from experiments.pasts import PAST_MONTHS
from experiments.progress import Silent
from experiments.runner import Tally, missing_tasks, run_plan
from experiments.store import Store
from experiments.study import Plan
from experiments.workers import Workers
from fangpin.screen import Screen

STAGES = {
    "look": Label("看县能给出哪些矩", "what the county can give"),
    "search": Label("点估计搜索", "search for the point estimate"),
    "pilot": Label("估计处的重复运行", "runs at the estimate"),
    "design": Label("后验设计", "design of the posterior"),
    "sample": Label("后验抽样", "sampling the posterior"),
    "prior": Label("先验各点的运行，供网络学习", "runs over the prior that a network learns from"),
    "train": Label("训练网络（无新运行）", "training the network (no more runs)"),
    "predict": Label("后验预测运行", "runs at draws of the posterior"),
    "check": Label("用虚拟数据检验区间", "trying the intervals on pseudo data"),
    "rank": Label("为每套虚拟数据抽后验（无新运行）", "a posterior for each pseudo data set (no more runs)"),
}


def months_of_a_run(plan: Plan) -> int:
    """Return the simulated months of one run, its past included."""
    return len(PAST_MONTHS) + plan.study.months


class _Whole(Silent):
    """Passes a batch's months and runs on to the bar of the whole; what is said there is the stage."""

    def __init__(self, course: Course) -> None:
        """Keep the course."""
        self.course = course

    def advance(self, amount: int) -> None:
        """Count months."""
        self.course.progress.advance(amount)

    def ran(self, failed: bool = False) -> None:
        """Count a run."""
        self.course.done += 1
        self.course.progress.ran(failed)


class Course:
    """Makes the batches of a calibration.

    Attributes:
        progress: the bar of the whole.
        left: runs that are still expected, by stage.
        done: runs that were made.
        designs: designs that were begun.
    """

    def __init__(
        self, progress: Any, expected: Mapping[str, int], months: int, store: Store, workers: Workers, lang: str
    ) -> None:
        """Begin before the first stage.

        Args:
            progress: as `experiments.progress.Shown` gives it.
            expected: about how many runs each stage takes.
            months: of a run.
            store: where runs are kept.
            workers: who makes them.
            lang: of what is shown.
        """
        self.progress, self.left, self.months = progress, dict(expected), months
        self._store, self._workers, self._lang = store, workers, Screen(lang).lang
        self.stage, self.done, self.designs, self._asked = "", 0, 0, 0

    def begin(self, stage: str, runs: int) -> None:
        """Show what comes next; what the stages before did not need is not waited for any more."""
        order = list(STAGES)
        for earlier in order[: order.index(stage)]:
            if earlier != "design" or self.designs > 1:
                self.left.pop(earlier, None)
        self.designs += stage == "design"
        if stage == "design":
            # a second design is always made; more come one by one
            self.left[stage] = runs * (2 if self.designs == 1 else 1)
        elif runs:
            self.left[stage] = runs
        self.stage = stage
        number = f" {self.designs}" if stage == "design" else ""
        self.progress.say(STAGES[stage].said(self._lang) + number)
        self._expect()

    def make(self, plan: Plan) -> Tally:
        """Make the runs of a batch that are not stored; those that are count for nothing in the time that is left."""
        missing = len(missing_tasks(plan, self._store))
        # a plan names all that was ever asked for
        stored, self._asked = len(plan.tasks) - self._asked - missing, len(plan.tasks)
        self.left[self.stage] = max(self.left.get(self.stage, 0) - stored, missing)
        self._expect()
        tally = run_plan(plan, self._store, self._workers, _Whole(self))
        self.left[self.stage] = max(0, self.left[self.stage] - missing)
        return tally

    def _expect(self) -> None:
        """Say how many runs there will have been in all."""
        runs = self.done + sum(self.left.values())
        self.progress.expect(self.months * runs, runs)
