"""From a request to stored runs: its plan, what stands in the way, and the runs that are missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fangpin.exits import DONE, SOME_FAILED, refuse

if TYPE_CHECKING:
    from experiments.runner import Tally
    from experiments.store import Store
    from experiments.study import Plan
    from fangpin.request import Request
    from scenarios import Problem


def prepare(request: Request, problems: Sequence[Problem] = ()) -> tuple[Plan | None, list[Problem]]:
    """Return the plan of a request, or none and the problems that stand in the way. Nothing is written."""
    from experiments.cluster import ClusterError, check_cluster
    from experiments.store import OtherStudy, Store, StoreError
    from fangpin.planning import plan_of
    from fangpin.posterior import settled
    from scenarios import ScenarioError

    problems = list(problems)
    try:
        request = replace(request, study=settled(request.study))
    except ScenarioError as error:
        problems += error.problems
    loaded, facts, more = _load_data(request)
    problems += more
    try:
        Store(request.folder).check(request.study)
        if request.workers.cluster:
            check_cluster(request.workers.cluster)
    except (StoreError, ClusterError) as error:
        # of words that were not understood it cannot be said what study they ask for
        if not (problems and isinstance(error, OtherStudy)):
            problems.append(error.problem)
    if problems:
        return None, list(dict.fromkeys(problems))
    try:
        return plan_of(request.study, loaded, facts), []
    except ScenarioError as error:
        return None, list(error.problems)


def _load_data(request: Request) -> tuple[Any, tuple[Any, ...], list[Problem]]:
    """Return the counties with the scenario of each policy, the observed figures, and the problems with them, each once."""
    from fangpin.planning import load_counties
    from scenarios import ScenarioError, observations_of

    problems: dict[str, Problem] = {}

    def attempt(load: Callable[..., Any], *given: Any) -> Any:
        try:
            return load(*given)
        except ScenarioError as error:
            problems.update({str(problem): problem for problem in error.problems})
            return ()

    return attempt(load_counties, request.study), attempt(observations_of, request.study.place), list(problems.values())


def in_store(request: Request, plan: Plan, command: str, work: Callable[[Store], int]) -> int:
    """Open the folder of a request for its study, keep others out, and do the work there.

    Args:
        request: what is asked for; its folder takes the runs.
        plan: the plan of its study.
        command: the word after ``fangpin``, for what is refused.
        work: what is done with the open store; it returns the exit code.

    Returns:
        the exit code of the work, or that of a refusal where the folder cannot take the study.
    """
    from experiments.store import Store, StoreError

    store = Store(request.folder)
    try:
        store.open(plan.study)
        with store.locked():
            store.sweep()
            return work(store)
    except StoreError as error:
        return refuse([error.problem], command)


def make_runs(request: Request, plan: Plan, store: Store) -> Tally:
    """Make the runs that are missing, and show how far they are.

    Raises:
        Stopped: if they cannot go on: a disk that is full, a cluster that is lost.
    """
    from experiments.progress import Shown
    from experiments.runner import missing_tasks, run_plan, work_left

    with Shown(work_left(plan, store), len(missing_tasks(plan, store))) as progress:
        return run_plan(plan, store, request.workers, progress)


def exit_code(tally: Tally) -> int:
    """Return 1 when a run failed, else 0."""
    return SOME_FAILED if tally.failed else DONE
