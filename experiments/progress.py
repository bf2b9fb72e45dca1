"""What the user sees while runs are made: a bar with the time left on a terminal, plain lines elsewhere. On stderr."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any, Protocol


class Progress(Protocol):
    """Somewhere to say what is going on; amounts are simulated months."""

    def say(self, text: str) -> None:
        """Tell what is being done now."""

    def advance(self, amount: int) -> None:
        """Tell that so many simulated months are done."""


class Silent:
    """Says nothing."""

    def say(self, text: str) -> None:
        """Say nothing."""

    def advance(self, amount: int) -> None:
        """Say nothing."""


class Lines:
    """A line on stderr at most every few seconds: for files and pipes."""

    def __init__(self, total: int, interval: float = 5.0) -> None:
        """Start the clock; `total` in simulated months, `interval` in seconds."""
        self.total, self.interval = total, interval
        self.done, self.text = 0, ""
        self.start = self.told = time.monotonic()

    def say(self, text: str) -> None:
        """Remember what is being done."""
        self.text = text

    def advance(self, amount: int) -> None:
        """Write a line when the last one is old enough."""
        self.done += amount
        now = time.monotonic()
        if now - self.told < self.interval:
            return
        self.told = now
        left = (now - self.start) * (self.total - self.done) / max(self.done, 1)
        print(f"{100 * self.done // max(self.total, 1)}% {self.text} (~{left:.0f} s)", file=sys.stderr, flush=True)


class Bar:
    """A bar with the time left, for terminals."""

    def __init__(self, total: int) -> None:
        """Build the bar; `total` in simulated months."""
        from rich.console import Console
        from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        self.bar = RichProgress(*columns, console=Console(stderr=True), transient=True)
        self.task = self.bar.add_task("", total=total)

    def say(self, text: str) -> None:
        """Show what is being done."""
        self.bar.update(self.task, description=text)

    def advance(self, amount: int) -> None:
        """Move the bar."""
        self.bar.advance(self.task, amount)


class Shown:
    """A context in which progress is shown; leaves the terminal clean however it ends."""

    def __init__(self, total: int) -> None:
        """Choose a bar on a terminal, else lines; `total` in simulated months."""
        self.progress: Any = Bar(total) if sys.stderr.isatty() else Lines(total)

    def __enter__(self) -> Progress:
        """Start showing."""
        if isinstance(self.progress, Bar):
            self.progress.bar.start()
        shown: Progress = self.progress
        return shown

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop showing."""
        if isinstance(self.progress, Bar):
            self.progress.bar.stop()
