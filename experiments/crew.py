"""Who makes the runs: this process, worker processes of this machine, or a Dask cluster; to the runner they look alike."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from experiments import memory
from experiments.chunks import Chunk
from experiments.worker import Made, begin_worker, make_chunk

MakeChunk = Callable[[Chunk], list[Made]]


class WorkerDied(Exception):
    """A worker process ended without a result: killed by the system, the user or a crash."""


@dataclass(frozen=True)
class Workers:
    """Who is asked for.

    Attributes:
        jobs: runs at a time; None for as many as there are processors and memory for.
        threads: threads of each model; None shares out the processors.
        cluster: empty for this machine's processes, ``local`` for a Dask cluster on this machine, or the address of a scheduler.
        make: makes a chunk; named so that tests can put a pretended model into a worker.
    """

    jobs: int | None = None
    threads: int | None = None
    cluster: str = ""
    make: MakeChunk = make_chunk

    def most(self, households: int) -> int:
        """Return how many runs this machine takes at a time: by processors and, for whole counties, by memory.

        Args:
            households: rural households of the largest county.
        """
        wanted = self.jobs or max(1, processors() // (self.threads or 1))
        fitting = memory.fitting(households)
        return wanted if fitting is None else min(wanted, fitting)


def processors() -> int:
    """Return the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Crew:
    """Workers that are there."""

    def __init__(
        self, jobs: int, config: dict[str, Any], stack: ExitStack, make: MakeChunk, deaths: tuple[type[BaseException], ...]
    ) -> None:
        """Keep who works, and how.

        Args:
            jobs: runs at a time.
            config: what joblib is told of the workers.
            stack: what to close at the end.
            make: makes a chunk.
            deaths: what is raised when a worker dies.
        """
        self.jobs, self.config, self.stack, self.make, self.deaths = jobs, config, stack, make, deaths

    def __enter__(self) -> Crew:
        """Begin."""
        return self

    def __exit__(self, *given: Any) -> None:
        """Send all workers away."""
        self.stack.close()

    def work(self, chunks: Iterable[Chunk]) -> Iterator[list[Made]]:
        """Yield the runs of chunks as they are finished; chunks are taken when somebody is free.

        Raises:
            WorkerDied: if a worker ends in the middle. All that were handed out and have not come back are lost.
        """
        from joblib import Parallel, delayed, parallel_config

        with parallel_config(**self.config), warnings.catch_warnings():
            # joblib warns of chunks given up when this is stopped in the middle; that is what is wanted
            warnings.simplefilter("ignore", UserWarning)
            parallel = Parallel(n_jobs=self.jobs, return_as="generator_unordered", batch_size=1, pre_dispatch="n_jobs")
            done: Any = parallel(delayed(self.make)(chunk) for chunk in chunks)
            try:
                yield from done
            except self.deaths as death:
                raise WorkerDied(str(death)) from death
            finally:
                done.close()


def local_crew(jobs: int, make: MakeChunk) -> Crew:
    """Return worker processes of this machine, one thread of arithmetic each."""
    from joblib.externals.loky.process_executor import BrokenProcessPool

    stack = ExitStack()
    stack.callback(_send_away)
    config = {
        "backend": "loky",
        "inner_max_num_threads": 1,
        "initializer": begin_worker,
        "initargs": (os.getpid(),),
    }
    # joblib makes a single job in this process, where a run that kills its worker would kill everything
    return Crew(max(2, jobs), config, stack, make, (BrokenProcessPool,))


def _send_away() -> None:
    """End joblib's processes."""
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor(reuse=True).shutdown(wait=True, kill_workers=True)
