"""Workers on a Dask cluster: a scheduler somewhere, or one on this machine; chunks are handed out as they are to processes."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from contextlib import ExitStack, contextmanager
from typing import Any

from experiments.chunks import Chunk
from experiments.crew import Crew, MakeChunk
from experiments.stopped import Stopped
from experiments.worker import Made, difference, own_version

CONNECT_SECONDS = 10.0
LOCAL = "local"
"""What asks for a cluster on this machine."""


class ClusterError(Stopped):
    """A cluster that cannot make the runs."""

    def __init__(self, given: str, allowed: str = "a Dask scheduler with workers", hint: str = "") -> None:
        """Keep the parts as a problem with the key ``cluster``."""
        super().__init__("cluster", given, allowed, hint)


def check_cluster(address: str) -> None:
    """Make sure that a cluster answers and that its workers make the same bytes as this machine.

    Args:
        address: ``tcp://host:port`` of the scheduler, or ``local``.

    Raises:
        ClusterError: if Dask is not installed, nobody answers, nobody works there, or the workers have other versions.
    """
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        raise ClusterError("Dask is not installed", "Dask here and on the workers", 'pip install "fangpin[cluster]"') from error
    if address != LOCAL:
        with _connected(address) as client:
            _check_workers(address, client)


def cluster_crew(address: str, jobs: int, make: MakeChunk) -> Crew:
    """Return the workers of a cluster.

    Args:
        address: ``tcp://host:port`` of the scheduler, or ``local`` for a cluster of processes on this machine.
        jobs: worker processes of a local cluster; a scheduler has as many as it has.
        make: makes a chunk.

    Raises:
        ClusterError: as `check_cluster`.
    """
    from distributed import KilledWorker

    check_cluster(address)
    with ExitStack() as stack:
        client = stack.enter_context(_local(jobs) if address == LOCAL else _connected(address))
        jobs = sum(client.ncores().values())
        return Crew(jobs, _OnCluster(client, address), stack.pop_all(), make, (KilledWorker,))


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    """Give a client of a scheduler.

    Raises:
        ClusterError: if nobody answers in time, or not as a scheduler does.
    """
    from distributed import Client

    _quiet()
    try:
        asyncio.run(asyncio.wait_for(_ask(address), CONNECT_SECONDS))
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except Exception as error:
        given = f"no Dask scheduler answers at {address} within {CONNECT_SECONDS:.0f} s"
        hint = "start one with `dask scheduler` and workers with `dask worker`, or use cluster=local or no cluster="
        raise ClusterError(given, "the address of a running Dask scheduler", hint) from error
    with client:
        yield client


async def _ask(address: str) -> None:
    """Ask a scheduler who it is: a port on which something else listens keeps a client waiting for ever."""
    from distributed.core import rpc

    async with rpc(address) as scheduler:
        await scheduler.identity()


@contextmanager
def _local(jobs: int) -> Iterator[Any]:
    """Give a client of a cluster of processes on this machine."""
    import dask
    from distributed import Client, LocalCluster

    _quiet()
    settings = {"n_workers": jobs, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    # a run whose worker died comes back at once, and the runner finds out which it was
    with dask.config.set({"distributed.scheduler.allowed-failures": 0}), ExitStack() as stack:
        with _interrupts_left_out():
            cluster = stack.enter_context(LocalCluster(silence_logs=logging.CRITICAL, **settings))
            client = stack.enter_context(Client(cluster, set_as_default=False))
            client.wait_for_workers(jobs)
        yield client


@contextmanager
def _interrupts_left_out() -> Iterator[None]:
    """Start processes that leave Ctrl-C, which a terminal sends to all, to this one to answer."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may say what happens on Ctrl-C
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _quiet() -> None:
    """Keep Dask's own messages off the screen: what matters is told in one line."""
    for name in [*logging.root.manager.loggerDict, "distributed", "tornado", "asyncio"]:
        if name.partition(".")[0] in ("distributed", "tornado", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _check_workers(address: str, client: Any) -> None:
    """Make sure that there are workers, with the same engine and libraries as here.

    Raises:
        ClusterError: if there are none in time, or others.
    """
    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except TimeoutError as error:
        raise ClusterError(f"the scheduler at {address} has no workers", hint=f"start some: dask worker {address}") from error
    wanted = own_version()
    for worker, here in client.run(own_version, on_error="return").items():
        if isinstance(here, BaseException):
            raise ClusterError(f"worker {worker} cannot load fangpin ({here})", "workers with this fangpin installed") from here
        if here != wanted:
            raise ClusterError(f"worker {worker} has {difference(here, wanted)}", "workers with the same versions as here")


class _OnCluster:
    """The workers of a cluster as a crew's hands."""

    def __init__(self, client: Any, address: str) -> None:
        """Keep the client."""
        self.client, self.address = client, address
        self.executor = client.get_executor(pure=False)

    def submit(self, make: MakeChunk, given: Chunk) -> Future[list[Made]]:
        """Return the promise of a chunk's runs; what is no answer of a worker tells of the connection."""
        promise: Future[list[Made]] = Future()
        self.executor.submit(make, given).add_done_callback(lambda done: self._pass_on(done, promise))
        return promise

    def _pass_on(self, done: Future[list[Made]], promise: Future[list[Made]]) -> None:
        """Pass on what became of a chunk."""
        if promise.cancelled():
            return
        failure = CancelledError() if done.cancelled() else done.exception()
        if failure is None:
            promise.set_result(done.result())
        elif isinstance(failure, CancelledError):
            hint = "the same command goes on where it stopped"
            promise.set_exception(ClusterError(f"the connection to {self.address} was lost", hint=hint))
        else:
            promise.set_exception(failure)
