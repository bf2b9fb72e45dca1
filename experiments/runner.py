"""The runner: list the missing runs, hand them out in chunks, store each as it comes back, go on when a worker dies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from experiments import chunks, engine
from experiments.chunks import Chunk, Order, as_chunk
from experiments.crew import Crew, Lost
from experiments.pasts import PAST_MONTHS, PastKeys
from experiments.progress import Progress, Silent
from experiments.provenance import describe_run, shared_parts
from experiments.store import Store
from experiments.study import Plan
from experiments.task import Task
from experiments.wanted import write_wanted
from experiments.worker import Lived, Made, make_runs, told
from experiments.workers import Workers, processors

DEATHS = 3
"""Workers that may die with a run in hand: the first in a chunk, the next with single runs beside it, the last all alone."""


@dataclass
class Tally:
    """What became of the runs of a study.

    Attributes:
        found: runs that were there already.
        made: runs made now.
        failed: runs that ended with an error or killed their workers, each with its error file.
    """

    found: list[Task] = field(default_factory=list)
    made: list[Task] = field(default_factory=list)
    failed: list[Task] = field(default_factory=list)


def default_threads() -> int:
    """Return the number of processors that this process may use."""
    return processors()


def missing_tasks(plan: Plan, store: Store) -> list[Task]:
    """Return the runs that are not stored yet."""
    return [task for task in plan.tasks if not store.has(task)]


def work_left(plan: Plan, store: Store) -> int:
    """Return the simulated months that are left to do, lived pasts included."""
    missing = missing_tasks(plan, store)
    return len(chunks.by_past(missing)) * len(PAST_MONTHS) + sum(task.months for task in missing)


class _Desk:
    """Where runs are handed out and come back to: what is awaited, what is stored, what failed.

    Attributes:
        awaited: runs by key that are neither stored nor failed.
        in_hand: scenarios by key of the runs that are handed out.
    """

    def __init__(self, plan: Plan, store: Store, tasks: Iterable[Task], tally: Tally, progress: Progress) -> None:
        """Begin with the runs that are awaited."""
        self.plan, self.store, self.tally, self.progress = plan, store, tally, progress
        self.awaited = {task.key: task for task in tasks}
        self.in_hand: dict[str, Any] = {}
        self.keys = PastKeys()
        self.unread: list[Made] = []
        self.pasts: set[Any] = set()
        self.shared: dict[tuple[str, int, str], dict[str, str]] = {}

    def waiting(self) -> list[Task]:
        """Return the runs that are awaited, in the order of the plan."""
        return list(self.awaited.values())

    def hand_out(self, tasks: Iterable[Task], threads: int) -> Chunk:
        """Return runs as a chunk; one whose scenario cannot be read is left out and fails when `close` is called."""
        orders = [order for task in tasks if (order := self._order(task))]
        return as_chunk(orders, threads, self.plan.tasks[0].engine)

    def _order(self, task: Task) -> Order | None:
        """Return one run with all that a worker needs, or None where its scenario cannot be read."""
        try:
            scenario = self.plan.scenario(task)
        except Exception as failure:
            self.unread.append(Made(task.key, error=told(failure)))
            return None
        self.in_hand[task.key] = scenario
        past = self.keys.of(scenario, task.seed)
        return Order(task.key, task.label, scenario.county, scenario.rules, task.seed, task.months, past, task.records)

    def take_back(self, made: Made) -> None:
        """Accept a run that was made elsewhere and tell of its months; a past that is lived twice is told of once."""
        task = self.awaited[made.key]
        group = chunks.past_group(task)
        self.progress.say(task.label)
        self.progress.advance(task.months + (0 if group in self.pasts else len(PAST_MONTHS)))
        self.pasts.add(group)
        self.accept(made)

    def accept(self, made: Made) -> None:
        """Store a run, or what went wrong with it."""
        task, scenario = self.awaited[made.key], self.in_hand.pop(made.key, None)
        if made.error:
            text = f"{task.label}: {made.error.rstrip()}\n\nkey {task.key}\nseed {task.seed}\n"
            self.store.write_error(task, text)
            self.tally.failed.append(task)
        else:
            self.store.write(task, made.files, describe_run(self.plan, task, made, self._shared(task, scenario)))
            self.tally.made.append(task)
        del self.awaited[made.key]
        self.progress.ran(failed=bool(made.error))

    def _shared(self, task: Task, scenario: Any) -> dict[str, str]:
        """Return where what a run has in common with others stands; it is written before the first of them."""
        key = task.policy, task.county, task.draw
        if key not in self.shared:
            self.shared[key] = {name: self.store.share(part) for name, part in shared_parts(self.plan, task, scenario).items()}
        return self.shared[key]

    def lose(self, lost: Lost, deaths: Counter[str]) -> None:
        """Take note of a chunk that was lost: a run that has killed too many workers fails, the others are awaited further."""
        for key in lost.keys:
            if deaths[key] == DEATHS:
                self.accept(Made(key, error=f"{DEATHS} workers died with this run in hand; of the last: {lost.words}"))
            self.in_hand.pop(key, None)

    def close(self) -> None:
        """Let the runs fail whose scenarios could not be read."""
        while self.unread:
            self.accept(self.unread.pop())


def run_plan(plan: Plan, store: Store, workers: Workers | None = None, progress: Progress | None = None) -> Tally:
    """Make every run of a plan that is not stored yet.

    Killed at any moment and started again, it makes only what is missing, with the same bytes, whoever makes them.

    Args:
        plan: the study with its scenarios.
        store: the study's folder, opened.
        workers: who makes the runs; by default processes of this machine, as many as it has processors and memory for.
        progress: where to tell what is going on.

    Returns:
        what was found, made and failed.

    Raises:
        Stopped: if the folder takes no more files, or the cluster cannot be reached or is lost.
    """
    write_wanted(plan, store)
    missing = missing_tasks(plan, store)
    awaited = {task.key for task in missing}
    tally = Tally(found=[task for task in plan.tasks if task.key not in awaited])
    desk = _Desk(plan, store, missing, tally, progress or Silent())
    if missing:
        _make_all(workers or Workers(), desk)
    return tally


def _make_all(workers: Workers, desk: _Desk) -> None:
    """Make all runs, by processes where that is sooner."""
    tasks = desk.waiting()
    most = workers.most(max(task.households for task in tasks))
    jobs = min(most, len(tasks))
    threads = workers.threads or (1 if workers.jobs else max(1, processors() // jobs))
    if workers.cluster:
        with workers.hired(jobs, most) as crew:
            desk.progress.say(f"{crew.jobs} workers, their first runs")
            _hand_out_all(crew, desk, workers.threads or 1)
    elif _worth_processes(tasks, workers, jobs, threads):
        engine.warm_up(desk.plan.cases[0].scenarios[desk.plan.study.policies[0]].rules)
        with workers.hired(jobs, most) as crew:
            desk.progress.say(f"{crew.jobs} workers, their first runs")
            _hand_out_all(crew, desk, threads)
    else:
        _make_here(desk, workers.threads or processors())


def _worth_processes(tasks: Sequence[Task], workers: Workers, jobs: int, threads: int) -> bool:
    """Return whether worker processes are sooner done than threads in this one; asked for by the user, they are taken."""
    if jobs == 1:
        return False
    if workers.jobs:
        return True
    together = chunks.cut(tasks, jobs).makespan / chunks.speed(threads) + (0 if workers.ready else chunks.START)
    return together < chunks.alone(tasks) / chunks.speed(workers.threads or processors())


def _make_here(desk: _Desk, threads: int) -> None:
    """Make all runs in this process, past by past; each is stored at once."""
    lived = Lived()
    for group in chunks.by_past(desk.waiting()):
        for made in make_runs(desk.hand_out(group, threads), lived, desk.progress):
            desk.accept(made)
    desk.close()


def _hand_out_all(crew: Crew, desk: _Desk, threads: int) -> None:
    """Have a crew make all runs.

    When a worker dies, the chunk that it had in hand is lost, and any run of it may be what killed it. The rest goes on first;
    then the suspects as single runs side by side; then those that were in hand again, each all alone. What kills even then is
    given up.
    """
    deaths: Counter[str] = Counter()
    while waiting := desk.waiting():
        least = min(deaths[task.key] for task in waiting)
        given = _parts([task for task in waiting if deaths[task.key] == least], least, crew.jobs)
        for came in crew.work(desk.hand_out(part, threads) for part in given):
            if isinstance(came, Lost):
                deaths.update(came.keys)
                desk.lose(came, deaths)
            else:
                for made in came:
                    desk.take_back(made)
        desk.close()


def _parts(tasks: Sequence[Task], deaths: int, jobs: int) -> list[tuple[Task, ...]]:
    """Return runs as they are handed out after so many deaths."""
    if deaths == 0:
        return chunks.cut(tasks, jobs).parts
    single: list[tuple[Task, ...]] = [(task,) for task in tasks]
    return single if deaths == 1 else single[:1]
