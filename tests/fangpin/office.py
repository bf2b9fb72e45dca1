"""LibreOffice and pdftoppm as a reader's programs, with the packaged Chinese font at hand."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from experiments.report.office import surroundings

PROGRAMS = ("soffice", "pdftotext", "pdftoppm", "pdffonts")
needs_office = pytest.mark.skipif(
    any(shutil.which(program) is None for program in PROGRAMS),
    reason="LibreOffice or pdftotext is not installed: Word and Excel files are not opened here",
)


def to_pdf(files: Sequence[Path], folder: Path) -> list[Path]:
    """Open files in LibreOffice and save them as PDF, in a profile of its own, with the packaged font known to the system."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    # files of one name in several formats would be one PDF
    named = [Path(shutil.copy(file, folder / f"{file.suffix[1:]}-{file.name}")) for file in files]
    words = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder), *map(str, named)]
    env = {**surroundings(folder), "HOME": str(folder)}
    subprocess.run(words, env=env, check=True, capture_output=True, timeout=500)
    return [folder / f"{file.stem}.pdf" for file in named]


def text_of(pdf: Path) -> str:
    """The text of a PDF."""
    return subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True, text=True, timeout=120).stdout


def fonts_of(pdf: Path) -> str:
    """The fonts inside a PDF."""
    return subprocess.run(["pdffonts", str(pdf)], check=True, capture_output=True, text=True, timeout=120).stdout


def page_picture(pdf: Path, page: int, target: Path, dots: int = 70) -> Path:
    """One page of a PDF as a PNG."""
    words = ["pdftoppm", "-png", "-r", str(dots), "-f", str(page), "-l", str(page), "-singlefile", str(pdf)]
    subprocess.run([*words, str(target.with_suffix(""))], check=True, timeout=120)
    return target
