"""A crew: workers that are there, processes of this machine or of a Dask cluster; to the runner they look alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import ExitStack
from typing import NamedTuple, Protocol

from experiments.chunks import Chunk
from experiments.processes import Processes, WorkerDied
from experiments.worker import Made

MakeChunk = Callable[[Chunk], list[Made]]
AHEAD = 2
"""Chunks handed out for each worker: the one that it makes, and the one that it takes next without waiting for this process."""


class Hands(Protocol):
    """What chunks are given to: processes of this machine, or a cluster."""

    def submit(self, make: MakeChunk, given: Chunk) -> Future[list[Made]]:
        """Return the promise of a chunk's runs."""


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
