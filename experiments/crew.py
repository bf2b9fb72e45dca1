"""Who makes the runs: this process, worker processes of this machine, or a Dask cluster; to the runner they look alike."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from experiments import memory
from experiments.chunks import Chunk
from experiments.processes import Processes, WorkerDied
from experiments.worker import Made, make_chunk

MakeChunk = Callable[[Chunk], list[Made]]
AHEAD = 2
"""Chunks handed out for each worker: the one that it makes, and the one that it takes next without waiting for this process."""


class Hands(Protocol):
    """What chunks are given to: processes of this machine, or a cluster."""

    def submit(self, make: MakeChunk, given: Chunk) -> Future[list[Made]]:
        """Return the promise of a chunk's runs."""


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
        from experiments.cluster import cluster_crew

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


class Lost(NamedTuple):
    """A chunk whose worker died.

    Attributes:
        keys: its runs.
        words: how the worker ended.
    """

    keys: tuple[str, ...]
    words: str


class Crew:
    """Workers that are there."""

    def __init__(
        self, jobs: int, hands: Hands, stack: ExitStack, make: MakeChunk, deaths: tuple[type[BaseException], ...]
    ) -> None:
        """Keep who works, and how.

        Args:
            jobs: chunks at a time.
            hands: what chunks are given to.
            stack: what to close at the end.
            make: makes a chunk.
            deaths: what is raised when a worker dies.
        """
        self.jobs, self.hands, self.stack, self.make, self.deaths = jobs, hands, stack, make, deaths

    def grow(self, jobs: int) -> None:
        """Have at least so many workers, where they are processes of this machine."""
        if isinstance(self.hands, Processes):
            self.hands.grow(jobs)
            self.jobs = max(self.jobs, jobs)

    def close(self) -> None:
        """Send all workers away."""
        self.stack.close()

    def work(self, chunks: Iterable[Chunk]) -> Iterator[list[Made] | Lost]:
        """Yield the runs of chunks as they are finished, or which were lost; chunks are taken when somebody is free.

        All of it happens in the thread that asks: an error in taking a chunk is an error here, and no promise is forgotten.
        """
        left = iter(chunks)
        held: dict[Future[list[Made]], Chunk] = {}
        try:
            while self._hand_out(left, held):
                done, _ = wait(held, return_when=FIRST_COMPLETED)
                finished = [(one, held.pop(one)) for one in done]
                # the next first: storing takes time
                self._hand_out(left, held)
                for one, chunk in finished:
                    yield self._outcome(one, chunk)
        finally:
            for one in held:
                one.cancel()

    def _hand_out(self, left: Iterator[Chunk], held: dict[Future[list[Made]], Chunk]) -> bool:
        """Hand out as many chunks as are wanted in advance; return whether any is in hand."""
        while len(held) < AHEAD * self.jobs and (chunk := next(left, None)) is not None:
            held[self.hands.submit(self.make, chunk)] = chunk
        return bool(held)

    def _outcome(self, promise: Future[list[Made]], chunk: Chunk) -> list[Made] | Lost:
        """Return what became of a chunk."""
        try:
            return promise.result()
        except self.deaths as death:
            return Lost(tuple(order.key for order in chunk.orders), str(death))


def local_crew(jobs: int, make: MakeChunk) -> Crew:
    """Return worker processes of this machine, one thread of arithmetic each."""
    stack = ExitStack()
    processes = Processes(jobs)
    stack.callback(processes.close)
    return Crew(jobs, processes, stack, make, (WorkerDied,))
