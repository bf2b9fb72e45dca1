"""Who is asked to make the runs: how many at a time, with how many threads, on this machine or on a cluster."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from experiments import memory
from experiments.cluster import cluster_crew
from experiments.crew import Crew, MakeChunk, local_crew
from experiments.worker import make_chunk


class Standing:
    """The crew that stays from one round of runs to the next.

    Attributes:
        stays: whether it does; otherwise it is sent away after each round.
        crew: the crew, once there is one.
    """

    def __init__(self) -> None:
        """Begin without a crew."""
        self.stays = False
        self.crew: Crew | None = None

    def close(self) -> None:
        """Send the crew away."""
        crew, self.crew = self.crew, None
        if crew:
            crew.close()


@dataclass(frozen=True)
class Workers:
    """Who is asked for.

    Attributes:
        jobs: runs at a time; None for as many as there are processors and memory for.
        threads: threads of each model; None shares out the processors.
        cluster: empty for this machine's processes, ``local`` for a Dask cluster on this machine, or the address of a scheduler.
        make: makes a chunk; named so that tests can put a pretended model into a worker.
        standing: the crew that stays, shared by all copies.
    """

    jobs: int | None = None
    threads: int | None = None
    cluster: str = ""
    make: MakeChunk = make_chunk
    standing: Standing = field(default_factory=Standing, compare=False, repr=False)

    def most(self, households: int) -> int:
        """Return how many runs this machine takes at a time: by processors and, for whole counties, by memory.

        Args:
            households: rural households of the largest county.
        """
        wanted = self.jobs or max(1, processors() // (self.threads or 1))
        fitting = memory.fitting(households)
        return wanted if fitting is None else min(wanted, fitting)

    @contextmanager
    def staying(self) -> Iterator[None]:
        """Keep the same worker processes, or the connection to a cluster, over several rounds of runs."""
        self.standing.stays = True
        try:
            yield
        finally:
            self.standing.stays = False
            self.standing.close()

    @contextmanager
    def hired(self, jobs: int, most: int) -> Iterator[Crew]:
        """Give a crew, the one that is there or a new one; it goes at the end unless it stays.

        Args:
            jobs: runs at a time.
            most: how many there is room for: a larger crew of earlier rounds goes.
        """
        standing = self.standing
        if standing.crew and not self.cluster and standing.crew.jobs > most:
            standing.close()
        if standing.crew is None:
            standing.crew = self._hire(jobs)
        try:
            standing.crew.grow(jobs)
            yield standing.crew
        except BaseException:
            # what was handed out and is not wanted any more would be made first in the next round
            standing.close()
            raise
        finally:
            if not standing.stays:
                standing.close()

    def _hire(self, jobs: int) -> Crew:
        """Return a new crew."""
        if not self.cluster:
            return local_crew(jobs, self.make)
        return cluster_crew(self.cluster, jobs, self.make)

    @property
    def ready(self) -> bool:
        """Whether a crew is there already, so that none has to be started."""
        return self.standing.crew is not None


def processors() -> int:
    """Return the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
