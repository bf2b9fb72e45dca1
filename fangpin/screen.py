"""Plain output in one of two languages: headings, lines and tables on stdout."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from experiments.harmless import printable
from experiments.labels import Label, Lang

WIDTH_WITHOUT_TERMINAL = 160
NOTHING = "–"
"""Stands in a table where there is no figure."""


class Screen:
    """Writes to stdout in one language."""

    def __init__(self, lang: str) -> None:
        """Choose the language; in a file or a pipe lines are as wide as the tables need."""
        from rich.console import Console

        self.lang: Lang = "en" if lang == "en" else "zh"
        self.console = Console(highlight=False, markup=False, emoji=False, soft_wrap=False)
        if not self.console.is_terminal:
            self.console.width = WIDTH_WITHOUT_TERMINAL

    def heading(self, text: Label) -> None:
        """Write a heading."""
        self.console.print()
        self.console.print(printable(text.said(self.lang)), style="bold")

    def line(self, text: Label) -> None:
        """Write a line of text."""
        self.console.print(printable(text.said(self.lang)), soft_wrap=True)

    def files(self, paths: Iterable[Path], folder: Path | None = None, twins: tuple[str, ...] = (".svg", ".pdf")) -> None:
        """Say where files are.

        Args:
            paths: the files.
            folder: where they lie: it is said once, and they by their places in it.
            twins: endings of files that are there in another form as well: they are not listed.
        """
        self.heading(Label("文件", "files"))
        if folder is not None:
            self.line(Label(f"目录 {folder}", f"folder {folder}"))
        for path in paths:
            if path.suffix not in twins:
                shown = path if folder is None else path.relative_to(folder)
                self.line(Label(f"  {shown}", f"  {shown}"))

    def table(self, header: Sequence[str | Label], rows: Sequence[Sequence[str]], left: int = 1, whole: int = 0) -> None:
        """Write a table; the first `left` columns are text, the others numbers; the first `whole` of them keep to one line."""
        from rich import box
        from rich.table import Table

        table: Any = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
        for place, head in enumerate(header):
            name = head.said(self.lang) if isinstance(head, Label) else head
            kept = place >= left or place < whole
            table.add_column(printable(name), justify="left" if place < left else "right", no_wrap=kept, overflow="fold")
        for row in rows:
            table.add_row(*map(printable, row))
        self.console.print(table)
