"""What a worker does: makes the runs of a chunk and returns their files as bytes, on this machine or on another."""

from __future__ import annotations

import os
import platform
import signal
import threading
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from experiments import engine
from experiments.chunks import Chunk, Order
from experiments.output import collect_output
from experiments.pasts import PAST_MONTHS
from experiments.progress import Progress, Silent
from experiments.runfiles import run_files
from experiments.task import library_versions


@dataclass(frozen=True)
class Made:
    """What became of one run.

    Attributes:
        key: the run's key.
        files: its files by name; empty when it failed.
        error: why it failed: a line, then the traceback; empty when it did not.
        started, finished: when, in UTC.
        machine: where: system, processors, threads.
    """

    key: str
    files: dict[str, bytes] = field(default_factory=dict)
    error: str = ""
    started: str = ""
    finished: str = ""
    machine: dict[str, Any] = field(default_factory=dict)


@dataclass
class Lived:
    """The past that was lived last: the next chunk often goes on from it. One, because a whole county's is large."""

    key: str = ""
    past: Any = None

    def of(self, order: Order, threads: int, progress: Progress) -> Any:
        """Return the past of a run, living it now unless it was the last one."""
        if order.past != self.key:
            self.key, self.past = "", None  # room first, then the next
            self.past = engine.live(order.county, order.rules, order.seed, threads)
            self.key = order.past
            progress.advance(len(PAST_MONTHS))
        return self.past


class WrongVersion(Exception):
    """A worker with another fangpin or other libraries: its bytes would not be those that were asked for."""


def make_runs(chunk: Chunk, lived: Lived, progress: Progress) -> Iterator[Made]:
    """Yield the runs of a chunk as they are made; an error in one does not stop the others.

    Args:
        chunk: the runs.
        lived: the past lived last, here.
        progress: where to tell of months lived.
    """
    for order in chunk.orders:
        progress.say(order.label)
        started = _now()
        try:
            _check(chunk)
            files, error = _make(order, chunk.threads, lived, progress), ""
        except Exception as failure:
            files, error = {}, told(failure)
        yield Made(order.key, files, error, started, _now(), _machine(chunk.threads))


def told(failure: Exception) -> str:
    """Return an error as text: a line, then the traceback."""
    return f"{type(failure).__name__}: {failure}\n\n{''.join(traceback.format_exception(failure))}"


def _make(order: Order, threads: int, lived: Lived, progress: Progress) -> dict[str, bytes]:
    """Return the files of one run."""
    if order.records:
        from experiments import latent

        advance = progress.advance
        found = latent.record_years(order.county, order.rules, order.records, order.seed, threads, order.label, advance)
        return latent.latent_files(found)
    past = lived.of(order, threads, progress)
    model = engine.build_model(order.county, order.rules, order.seed, past, order.months, threads)
    for _ in range(order.months):
        model.step()
        progress.advance(1)
    return run_files(collect_output(model, past))


def _check(chunk: Chunk) -> None:
    """Refuse to make a run with anything but what was asked for.

    Raises:
        WrongVersion: with what is here and what is wanted.
    """
    here, wanted = own_version(), {"engine": chunk.engine, **chunk.versions}
    if here != wanted:
        raise WrongVersion(f"{platform.node()} has {difference(here, wanted)}; install the same version there")


def own_version() -> dict[str, str]:
    """Return what decides the bytes of a run made in this process."""
    return {"engine": engine.engine_hash(), **library_versions()}


def difference(here: dict[str, str], wanted: dict[str, str]) -> str:
    """Return in what two versions differ, in words."""
    keys = [key for key in sorted({*here, *wanted}) if here.get(key) != wanted.get(key)]
    return ", ".join(f"{key} {here.get(key, 'none')} instead of {wanted.get(key, 'none')}" for key in keys)


def _now() -> str:
    """Return the time in UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _machine(threads: int) -> dict[str, Any]:
    """Return what is told of this machine; not its name."""
    return {"system": platform.platform(), "processors": os.cpu_count(), "threads": threads}


# in a worker process --------------------------------------------------------------------------------------------

LOOK_SECONDS = 2.0
"""How often a worker looks whether the process that waits for it lives."""

_HERE = threading.local()
"""The past lived last by this thread: a process of a cluster may have several."""


def make_chunk(chunk: Chunk) -> list[Made]:
    """Return the runs of a chunk, made in a worker process."""
    if not hasattr(_HERE, "lived"):
        _HERE.lived = Lived()
    return list(make_runs(chunk, _HERE.lived, Silent()))


def begin_worker(starter: int) -> None:
    """Make this process a worker of another: Ctrl-C, which a terminal sends to all, is the other's to answer; it ends with it.

    Args:
        starter: number of the process that waits for this one.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "getppid"):
        threading.Thread(target=_end_with, args=(starter,), daemon=True).start()


def _end_with(starter: int) -> None:
    """End this process soon after the one that waits for it: a killed one cannot send its workers away."""
    while os.getppid() == starter:
        time.sleep(LOOK_SECONDS)
    os._exit(1)
