"""What the user sees while runs are made: a bar with the time left on a terminal, plain lines elsewhere. On stderr."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import Any, Protocol

from experiments.harmless import printable


class Progress(Protocol):
    """Somewhere to say what is going on; amounts are simulated months."""

    def say(self, text: str) -> None:
        """Tell what is being done now."""

    def advance(self, amount: int) -> None:
        """Tell that so many simulated months are done."""

    def ran(self, failed: bool = False) -> None:
        """Tell that a run has ended, well or not."""


class Silent:
    """Says nothing."""

    def say(self, text: str) -> None:
        """Say nothing."""

    def advance(self, amount: int) -> None:
        """Say nothing."""

    def ran(self, failed: bool = False) -> None:
        """Say nothing."""


class Count:
    """What has been done so far, and in which words that is told.

    Attributes:
        total: simulated months, or checks, that there are to do.
        runs: runs that there are to do; 0 where what is done are no runs.
    """

    def __init__(self, total: int, runs: int = 0) -> None:
        """Start the clock."""
        self.total, self.runs = total, runs
        self.done = self.ended = self.failed = 0
        self.text = ""
        self.start = time.monotonic()

    def say(self, text: str) -> None:
        """Remember what is being done."""
        self.text = printable(text)

    def advance(self, amount: int) -> None:
        """Count what is done."""
        self.done += amount

    def ran(self, failed: bool = False) -> None:
        """Count a run."""
        self.ended += 1
        self.failed += failed

    def expect(self, total: int, runs: int) -> None:
        """Put right how much there is to do in all; arguments as in `Count`."""
        self.total, self.runs = total, runs

    @property
    def seconds_left(self) -> float | None:
        """The seconds that the rest takes at the speed so far; None before anything is done."""
        elapsed = time.monotonic() - self.start
        return elapsed * max(0, self.total - self.done) / self.done if self.done else None

    @property
    def told(self) -> str:
        """Runs done, failures and rate, as far as there is something to tell."""
        if not self.runs:
            return ""
        parts = [f"{self.ended}/{self.runs}"]
        if self.ended:
            parts.append(f"{60 * self.ended / max(time.monotonic() - self.start, 1e-3):.3g}/min")
        return ", ".join([*parts, *([f"{self.failed} failed"] if self.failed else [])])


class Lines(Count):
    """A line on stderr every few seconds: for files and pipes."""

    def __init__(self, total: int, runs: int = 0, interval: float = 10.0) -> None:
        """Start the clock.

        Args:
            total, runs: as in `Count`.
            interval: seconds from line to line.
        """
        super().__init__(total, runs)
        self.interval = interval
        self.over = threading.Event()
        self.writer = threading.Thread(target=self._write, daemon=True)

    def begin(self) -> None:
        """Begin to write lines, also while nothing comes back from workers."""
        self.writer.start()

    def end(self) -> None:
        """Write no more."""
        self.over.set()

    def _write(self) -> None:
        """Write a line whenever the interval is over."""
        while not self.over.wait(self.interval):
            print(self.line(), file=sys.stderr, flush=True)

    def line(self) -> str:
        """Return what is done, in one line."""
        share = min(100, 100 * self.done // max(self.total, 1))
        left = self.seconds_left
        parts = [f"{share}%", self.told, self.text, "" if left is None else f"(~{left:.0f} s)"]
        return " ".join(part for part in parts if part)


class Bar(Count):
    """A bar with the time left, for terminals."""

    def __init__(self, total: int, runs: int = 0) -> None:
        """Build the bar; arguments as in `Count`."""
        from rich.console import Console
        from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as RichProgress

        super().__init__(total, runs)
        # names are no markup
        counted = TextColumn("{task.fields[told]}", markup=False)
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            counted,
            TimeElapsedColumn(),
        )
        self.bar = RichProgress(*columns, console=Console(stderr=True), transient=True)
        self.task = self.bar.add_task("", total=total, told="")

    def begin(self) -> None:
        """Show the bar."""
        self.bar.start()

    def end(self) -> None:
        """Take the bar away."""
        self.bar.stop()

    def say(self, text: str) -> None:
        """Show what is being done."""
        super().say(text)
        self._show()

    def advance(self, amount: int) -> None:
        """Move the bar."""
        super().advance(amount)
        self._show()

    def ran(self, failed: bool = False) -> None:
        """Count a run."""
        super().ran(failed)
        self._show()

    def expect(self, total: int, runs: int) -> None:
        """Put right how long the bar is."""
        super().expect(total, runs)
        self.bar.update(self.task, total=total)

    def _show(self) -> None:
        """Bring the bar up to date."""
        left = self.seconds_left
        eta = "" if left is None else f"~{left // 60:.0f}:{left % 60:02.0f}"
        told = "  ".join(part for part in (self.told, eta) if part)
        self.bar.update(self.task, completed=self.done, description=self.text, told=told)


class Shown:
    """A context in which progress is shown; leaves the terminal clean however it ends."""

    def __init__(self, total: int, runs: int = 0) -> None:
        """Choose a bar on a terminal, else lines; arguments as in `Count`."""
        self.progress: Any = Bar(total, runs) if sys.stderr.isatty() else Lines(total, runs)

    def __enter__(self) -> Progress:
        """Start showing."""
        self.progress.begin()
        shown: Progress = self.progress
        return shown

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop showing."""
        self.progress.end()
