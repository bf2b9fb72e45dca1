"""LibreOffice, where it is installed: on which pages it puts the headings of a Word file."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

SECONDS = 180
"""Time that LibreOffice has; without an answer the estimate stays."""
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{folder}</dir></fontconfig>
"""
"""The system's fonts and the packaged Chinese one, so that lines are as long as with a Chinese font."""
OBJECT = re.compile(rb"(?s)(\d+) 0 obj\s(.*?)endobj")
OUTLINE = re.compile(rb"/Title\s*<FEFF([0-9A-Fa-f]+)>.*?/Dest\s*\[\s*(\d+) 0 R", re.DOTALL)


def office() -> str | None:
    """Return the path of LibreOffice; None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def pages_of(content: bytes, headings: Sequence[str]) -> list[int] | None:
    """Return the pages of a Word file's headings as LibreOffice lays it out.

    Args:
        content: the file.
        headings: their texts, in order.

    Returns:
        None where LibreOffice is not installed, fails, or does not tell of all of them.
    """
    program = office()
    if program is None:
        return None
    with TemporaryDirectory(prefix="fangpin-office-") as name:
        folder = Path(name)
        source = folder / "report.docx"
        source.write_bytes(content)
        try:
            subprocess.run(_words(program, folder, source), env=surroundings(folder), check=True, capture_output=True,
                           timeout=SECONDS)  # fmt: skip
            return outline_pages((folder / "report.pdf").read_bytes(), headings)
        except (OSError, subprocess.SubprocessError):
            return None


def _words(program: str, folder: Path, source: Path) -> list[str]:
    """Return the command: in a profile of its own, so that an open LibreOffice does not matter."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    return [program, "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder), str(source)]


def surroundings(folder: Path) -> dict[str, str]:
    """Return the environment: the packaged Chinese font beside those of the system."""
    from experiments.charts.fonts import packaged_font

    fonts = folder / "fonts.conf"
    fonts.write_text(FONTS.format(folder=packaged_font().parent), encoding="utf-8")
    return {**os.environ, "FONTCONFIG_FILE": str(fonts)}


def outline_pages(pdf: bytes, headings: Sequence[str]) -> list[int] | None:
    """Return the pages of headings from a PDF's outline; None if one is missing there.

    Only what LibreOffice writes is understood: objects are not packed, titles are UTF-16, pages hang on one list.
    """
    objects = {int(number): body for number, body in OBJECT.findall(pdf)}
    kids = next((re.findall(rb"(\d+) 0 R", body.partition(b"/Kids")[2].partition(b"]")[0]) for body in objects.values()
                 if re.search(rb"/Type\s*/Pages\b", body)), [])  # fmt: skip
    order = {int(kid): page for page, kid in enumerate(kids, 1)}
    entries = [
        (bytes.fromhex(found[1].decode()).decode("utf-16-be"), order.get(int(found[2]), 0))
        for body in objects.values()
        if (found := OUTLINE.search(body))
    ]
    pages, place = [], 0
    for heading in headings:
        wanted = _plain(heading)
        place = next((one for one in range(place, len(entries)) if _plain(entries[one][0]) == wanted), -1)
        if place < 0 or not entries[place][1]:
            return None
        pages.append(entries[place][1])
        place += 1
    return pages


def _plain(text: str) -> str:
    """Return a text without blanks, which word processors change."""
    return "".join(text.split())
