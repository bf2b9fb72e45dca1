"""The report of a real run, looked at: Word, Excel and the page as pictures. ``FANGPIN_DOCS=write`` puts them into the docs."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from office import fonts_of, needs_office, page_picture, text_of, to_pdf

from fangpin.cli import run_command

PICTURES = Path(__file__).parent.parent.parent / "docs" / "pictures"
RUN = ("run", "place=nanyang", "policy=documented,kept,cliff", "households=1000", "reps=4", "out=study")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A run of the model and its report; LibreOffice tells the pages of the contents where it is installed."""
    root, before = tmp_path_factory.mktemp("pictures"), Path.cwd()
    os.chdir(root)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("experiments.report.office.office", lambda: shutil.which("soffice"))
            return made_in(root)
    finally:
        os.chdir(before)


def made_in(root: Path) -> Path:
    """A run and its report in the current folder."""
    assert run_command(RUN) == 0
    assert run_command(["report", "study"]) == 0
    return root / "study" / "report"


def keep(picture: Path) -> None:
    """Put a picture into the docs, where they are written anew."""
    if os.environ.get("FANGPIN_DOCS") == "write":
        shutil.copy(picture, PICTURES / picture.name)


def is_drawn(picture: Path) -> bool:
    """Whether a picture is more than an empty page."""
    import numpy as np
    from matplotlib.image import imread

    found = imread(picture)
    return found.shape[0] > 300 and float(np.mean(found[..., :3] < 0.7)) > 0.005


@pytest.mark.slow
@needs_office
def test_word_and_excel_as_pdf(folder, tmp_path):
    word, sheets = to_pdf([folder / "report-zh.docx", folder / "report-zh.xlsx"], tmp_path)
    for pdf in (word, sheets):
        assert "NotoSansSC" in fonts_of(pdf)
        text = text_of(pdf)
        assert "防贫首页" in text and "与“政策保持不变”相比" in text.replace("\n", "") and "□" not in text
    for page in (1, 2):
        picture = page_picture(word, page, tmp_path / f"report-word-{page}.png")
        assert is_drawn(picture)
        keep(picture)
    number = next(n for n in range(1, 40) if page_text(sheets, n).startswith("各政策与"))
    picture = page_picture(sheets, number, tmp_path / "report-sheet.png")
    assert is_drawn(picture)
    keep(picture)


@pytest.mark.slow
@needs_office
def test_the_contents_name_the_pages_on_which_chapters_begin(folder, tmp_path):
    (word,) = to_pdf([folder / "report-zh.docx"], tmp_path)
    listed = [line for line in page_text(word, 1).splitlines() if "...." in line]
    assert len(listed) == 9
    for line in listed:
        name, _, page = line.strip().partition("....")
        number = int(page.strip(". "))
        assert any(each.strip() == name.strip() for each in page_text(word, number).splitlines()), line


def page_text(pdf: Path, page: int) -> str:
    """The text of one page of a PDF."""
    import subprocess

    words = ["pdftotext", "-f", str(page), "-l", str(page), "-layout", str(pdf), "-"]
    return subprocess.run(words, check=True, capture_output=True, text=True, timeout=120).stdout


@pytest.mark.slow
def test_the_page_in_a_browser(folder, tmp_path):
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed: the page is not opened here")
    from playwright.sync_api import sync_playwright

    asked, said = [], []
    with sync_playwright() as programs:
        browser = programs.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1000, "height": 1100})
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.goto((folder / "report-zh.html").as_uri())
        page.wait_for_function("document.fonts.status === 'loaded'")
        picture = tmp_path / "report-page.png"
        page.screenshot(path=str(picture))
        # the letters that come with the page are there for Chinese
        assert page.evaluate("document.fonts.check('16px \"Report Letters\"', '防贫')")
        browser.close()
    assert said == [] and [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert is_drawn(picture)
    keep(picture)
