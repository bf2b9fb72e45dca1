"""The pictures of docs/charts.md are what the charts draw.

``FANGPIN_DOCS=write pytest tests/experiments/test_pictures.py -m 'slow or not slow'`` draws them anew.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from matplotlib.testing.compare import compare_images
from pictured import MORE, SHOWN, Pictured

from experiments.charts.style import charted

DOCS = Path(__file__).parent.parent.parent / "docs"
FOLDER = DOCS / "pictures"
TOLERANCE = 18
"""Root mean square of 255 grades: other versions of the font engine move letters by a pixel; a missing line or bar is more."""


@pytest.fixture(scope="module")
def pictured(tmp_path_factory):
    return Pictured(tmp_path_factory.mktemp("charts"))


def painted(figure, path):
    """Save a figure as the docs hold it: what is laid out already is not laid out again."""
    with charted():
        figure.set_layout_engine("none")
        figure.savefig(path, dpi=70, metadata={"Software": None})
    return path


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.slow] if name in MORE else []) for name in SHOWN])
def test_the_picture_is_what_the_chart_draws(pictured, name, tmp_path):
    fresh, kept = painted(pictured.draw(name), tmp_path / f"{name}.png"), FOLDER / f"chart-{name}.png"
    if os.environ.get("FANGPIN_DOCS") == "write":
        kept.write_bytes(fresh.read_bytes())
    assert compare_images(str(kept), str(fresh), TOLERANCE) is None


def test_a_chart_without_its_lines_is_another_picture(pictured, tmp_path):
    figure = pictured.draw("places")
    figure.axes[0].clear()
    assert compare_images(str(FOLDER / "chart-places.png"), str(painted(figure, tmp_path / "other.png")), TOLERANCE) is not None


def test_the_gallery_shows_every_picture_once():
    page = (DOCS / "charts.md").read_text(encoding="utf-8")
    assert [page.count(f"](pictures/chart-{name}.png)") for name in SHOWN] == [1] * len(SHOWN)
    assert {path.name for path in FOLDER.glob("chart-*.png")} == {f"chart-{name}.png" for name in SHOWN}
