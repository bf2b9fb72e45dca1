"""The mark that folders and charts carry which must not be published: rows of real persons stand behind them."""

from __future__ import annotations

from pathlib import Path

from experiments.labels import Label

NOTICE = Label(
    "人口来自逐人数据：本文件夹的一切不得公布；公布用 `fangpin release`",
    "population from rows of persons: nothing of this folder may be published; `fangpin release` makes what may",
)
STAMP = Label("人口来自逐人数据：不得公布", "population from rows of persons: not for publication")
"""Stands on every chart of such a folder, so that it is told when the picture travels alone."""
MARK = "NOT-FOR-PUBLICATION.txt"
"""A file of this name lies in every such folder."""


def is_marked(folder: Path) -> bool:
    """Return whether a folder carries the mark of rows of persons; one look, however many runs it holds."""
    return (folder / MARK).is_file()


def mark(folder: Path) -> None:
    """Write into a folder that nothing of it may be published."""
    (folder / MARK).write_text(f"{NOTICE.zh}\n{NOTICE.en}\n", encoding="utf-8")
