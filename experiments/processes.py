"""Worker processes of this machine, each with pipes of its own.

In a pool whose workers share one pipe and its lock, a worker that is killed while it sends leaves half a message and a lock that
nobody frees: the others, and the process that waits for them, stand still for ever. Here a worker that ends in any way ends
its own pipe, which is seen at once, and takes with it only what it had in hand.
"""

from __future__ import annotations

import json
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import IO, Any

from experiments.stopped import Stopped
from experiments.worker import begin_worker

BEGIN = """import json, sys
sys.path[:] = json.loads(sys.argv[1])
from experiments.processes import serve
serve(int(sys.argv[2]))"""
"""What a worker process is told to do; its command line names this module."""
GREETING = "ready"
"""What a worker process says first."""
HEAD = 8
"""Bytes that say how long a message is."""
ONE_THREAD = ("OMP", "OPENBLAS", "MKL", "BLIS", "VECLIB_MAXIMUM", "NUMBA", "NUMEXPR")
"""Libraries of arithmetic that are held to one thread in a worker; models share out their threads themselves."""


class WorkerDied(Exception):
    """A worker process ended without a result: killed by the system, the user or a crash."""


def send(pipe: IO[bytes], message: Any) -> None:
    """Write one message: its length, then itself."""
    content = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(len(content).to_bytes(HEAD, "big"))
    pipe.write(content)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Any:
    """Read one message of a process that this one started, or that started this one.

    It is unpickled: the pipe is private to the two, and no file, configuration or network feeds it.

    Raises:
        EOFError: if the other side has ended, also in the middle of a message.
    """
    head = pipe.read(HEAD)
    length = int.from_bytes(head, "big")
    content = pipe.read(length) if len(head) == HEAD else b""
    if len(head) < HEAD or len(content) < length:
        raise EOFError
    return pickle.loads(content)


class Process:
    """One worker process, which does one thing after the other."""

    def __init__(self) -> None:
        """Start it.

        Raises:
            Stopped: if the system lets no further process start.
        """
        words = [sys.executable, "-c", BEGIN, json.dumps(sys.path), str(os.getpid())]
        alone = {f"{name}_NUM_THREADS": "1" for name in ONE_THREAD}
        try:
            self.process = subprocess.Popen(
                words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, **alone}, bufsize=-1
            )
        except OSError as error:
            raise _cannot_start(error.strerror or str(error)) from error
        self.greeted = False

    def call(self, make: Callable[[Any], Any], given: Any) -> Any:
        """Return what a function makes of something, there.

        Raises:
            WorkerDied: if the process ends before it has answered.
            Stopped: if it cannot even begin: its own words are on stderr.
        """
        assert self.process.stdin is not None and self.process.stdout is not None
        try:
            self.greeted = self.greeted or receive(self.process.stdout) == GREETING
            send(self.process.stdin, (make, given))
            good, answer = receive(self.process.stdout)
        except (EOFError, OSError) as error:
            how = self._how()
            if not self.greeted and self.process.returncode > 0:
                raise _cannot_start(f"a worker process ended {how} before it had begun") from error
            raise WorkerDied(f"the worker process ended {how}") from error
        if not good:
            raise RuntimeError(answer)
        return answer

    def _how(self) -> str:
        """Return how the process ended, in words."""
        code = self.process.wait()
        if code >= 0:
            return f"with exit code {code}"
        return f"by {signal.Signals(-code).name}" if -code in list(signal.Signals) else f"by signal {-code}"

    def end(self) -> None:
        """End it at once."""
        self.process.kill()
        self.process.wait()


def _cannot_start(why: str) -> Stopped:
    """Return what to say when no worker can be started."""
    return Stopped("workers", why, "room for further processes that can load fangpin", "fewer workers=, or workers=1 threads=1")


class Processes:
    """Worker processes that are started when there is something to do, and replaced when they die."""

    def __init__(self, count: int) -> None:
        """Say how many.

        Args:
            count: processes at most.
        """
        self.waiting: queue.SimpleQueue[tuple[Future[Any], Callable[[Any], Any], Any] | None] = queue.SimpleQueue()
        self.alive: set[Process] = set()
        self.keepers: list[threading.Thread] = []
        self.lock = threading.Lock()
        self.closed = False
        self.grow(count)

    def grow(self, count: int) -> None:
        """Have at least so many processes."""
        while len(self.keepers) < count:
            keeper = threading.Thread(target=self._keep, name=f"worker {len(self.keepers) + 1}", daemon=True)
            self.keepers.append(keeper)
            keeper.start()

    def submit(self, make: Callable[[Any], Any], given: Any) -> Future[Any]:
        """Return the promise of what a function makes of something."""
        promise: Future[Any] = Future()
        self.waiting.put((promise, make, given))
        return promise

    def _keep(self) -> None:
        """Hand one thing after the other to one process."""
        process: Process | None = None
        while (job := self.waiting.get()) is not None:
            promise, make, given = job
            if not promise.set_running_or_notify_cancel():
                continue
            try:
                process = process or self._start()
                promise.set_result(process.call(make, given))
            except WorkerDied as death:
                self.alive.discard(process) if process else None
                process = None
                promise.set_exception(death)
            except Exception as failure:
                promise.set_exception(failure)

    def _start(self) -> Process:
        """Start a process.

        Raises:
            WorkerDied: if all are being sent away.
        """
        with self.lock:
            if self.closed:
                raise WorkerDied("all workers were sent away")
            process = Process()
            self.alive.add(process)
            return process

    def close(self) -> None:
        """Send all away at once, whatever they have in hand."""
        with self.lock:
            self.closed = True
        for process in list(self.alive):
            process.end()
        for _ in self.keepers:
            self.waiting.put(None)
        for keeper in self.keepers:
            keeper.join()


# in a worker process --------------------------------------------------------------------------------------------


def serve(starter: int) -> None:
    """Answer one message after the other until the process that started this one ends.

    Args:
        starter: number of that process.
    """
    begin_worker(starter)
    inward, outward = _pipes()
    send(outward, GREETING)
    while True:
        try:
            make, given = receive(inward)
        except EOFError:
            return
        send(outward, _answer(make, given))


def _pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Return the pipes to the starter; what is printed here goes to stderr, what is asked for here finds nothing."""
    if sys.platform == "win32":
        import msvcrt

        for number in (0, 1):
            msvcrt.setmode(number, os.O_BINARY)
    inward, outward = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return inward, outward


def _answer(make: Callable[[Any], Any], given: Any) -> tuple[bool, Any]:
    """Return whether it went well, and what was made or what went wrong."""
    import traceback

    try:
        return True, make(given)
    except Exception:
        return False, traceback.format_exc()
