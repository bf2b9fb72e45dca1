"""The commands from Python: the same words, the same folders, tables as data frames."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from scenarios.problems import nearest

if TYPE_CHECKING:
    import pandas as pd


class CommandError(RuntimeError):
    """A command that could not be carried out.

    Attributes:
        command: its name.
        code: its exit code: 1 runs failed, 2 not understood, 130 interrupted.
    """

    def __init__(self, command: str, code: int, said: str) -> None:
        """Keep what was asked and what the command said of it."""
        super().__init__(said.strip() or f"fangpin {command} ended with exit code {code}")
        self.command, self.code = command, code


@dataclass(frozen=True)
class Answer:
    """What a command left behind.

    Attributes:
        command: its name.
        folder: its folder; the one that was named, for commands that read a folder.
        told: what it printed.
    """

    command: str
    folder: Path
    told: str

    @property
    def tables(self) -> list[str]:
        """Names of the tables in the folder, to be given to `table`."""
        return sorted(path.stem for path in self.folder.glob("tables/*.csv"))

    @property
    def charts(self) -> list[Path]:
        """The charts in the folder."""
        return sorted(path for path in self.folder.glob("charts/*") if path.suffix in (".svg", ".png", ".pdf"))

    def table(self, name: str) -> pd.DataFrame:
        """Return a table.

        Raises:
            KeyError: naming the tables that there are.
        """
        import pandas as pd

        if name not in self.tables:
            known = ", ".join(self.tables) or "none"
            raise KeyError(f"no table {name!r} in {self.folder}; it has {known}. {nearest(name, self.tables)}")
        return pd.read_csv(self.folder / "tables" / f"{name}.csv")


class _Heard(io.TextIOBase):
    """A stream that passes on what is written to it and keeps a copy."""

    def __init__(self, stream: TextIO) -> None:
        """Pass on to a stream."""
        self.stream, self.kept = stream, io.StringIO()

    def write(self, text: str) -> int:
        """Write to both."""
        self.kept.write(text)
        return self.stream.write(text)

    def flush(self) -> None:
        """Flush the stream."""
        self.stream.flush()

    def isatty(self) -> bool:
        """Say what the stream says: progress is a bar on a terminal."""
        return self.stream.isatty()


def ask(command: str, *given: str | Path, **words: Any) -> Answer:
    """Carry out a command as the command line does.

    Args:
        command: its name: ``run``, ``sweep``, ``forecast``, ``compare``, ...
        given: what stands alone on the command line, such as the folder that ``compare`` reads.
        words: its ``key=value`` words; lists are joined with commas, keys with dots are given as
            ``**{"public_welfare_jobs.kept": 0.5}``.

    Returns:
        Its folder, tables and charts, and what it printed. Progress goes to stderr, as ever.

    Raises:
        CommandError: with all that is wrong, as the command line would say it.
    """
    from fangpin.cli import run_command

    text = [command, *map(str, given), *(f"{key}={_as_word(value)}" for key, value in words.items())]
    printed, heard = io.StringIO(), _Heard(sys.stderr)
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(heard):
        code = run_command(text)
    if code:
        raise CommandError(command, code, heard.kept.getvalue())
    told = printed.getvalue()
    return Answer(command, _folder(given, words, told), told)


def _as_word(value: Any) -> str:
    """Return a value as it is written on the command line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Iterable) and not isinstance(value, str | Mapping | Path):
        return ",".join(map(_as_word, value))
    return str(value)


_SAID = ("folder ", "目录 ")
"""How commands say where their results are."""


def _folder(given: tuple[str | Path, ...], words: Mapping[str, Any], told: str) -> Path:
    """Return the folder of a command: the one named by ``out=``, the one read, or the one that it says."""
    if "out" in words:
        return Path(words["out"])
    named = [Path(line.split(maxsplit=1)[1]) for line in told.splitlines() if line.startswith(_SAID)]
    folders = [Path(one) for one in given if Path(one).is_dir()]
    return (named or folders or [Path(".")])[0]


def asker(command: str) -> Callable[..., Answer]:
    """Return a command as a function: ``ask`` with its name."""

    def asked(*given: str | Path, **words: Any) -> Answer:
        return ask(command, *given, **words)

    asked.__name__ = asked.__qualname__ = command
    asked.__doc__ = f"Carry out ``fangpin {command}``; see `fangpin.ask` and ``fangpin {command} --help``."
    return asked


run, sweep, forecast, calibrate, score = (asker(command) for command in ("run", "sweep", "forecast", "calibrate", "score"))
