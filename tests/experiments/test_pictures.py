"""The pictures of docs/charts.md are what the charts draw.

``FANGPIN_DOCS=write pytest tests/experiments/test_pictures.py`` draws them anew.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from matplotlib.testing.compare import compare_images
from pictured import pictured

from experiments.charts.style import charted

FOLDER = Path(__file__).parent.parent.parent / "docs" / "pictures"
TOLERANCE = 18
"""Root mean square of 255 grades: other versions of the font engine move letters by a pixel; a missing line or bar is more."""


@pytest.fixture(scope="module")
def figures(tmp_path_factory):
    return pictured(tmp_path_factory.mktemp("areas"))


@pytest.mark.parametrize("name", ["fan", "difference", "hindcast", "pit", "scores", "flows", "places", "map"])
def test_the_picture_is_what_the_chart_draws(figures, name, tmp_path):
    fresh = tmp_path / f"{name}.png"
    with charted():
        figures[name].savefig(fresh, dpi=70, metadata={"Software": None})
    kept = FOLDER / f"chart-{name}.png"
    if os.environ.get("FANGPIN_DOCS") == "write":
        kept.write_bytes(fresh.read_bytes())
    assert compare_images(str(kept), str(fresh), TOLERANCE) is None


def test_a_chart_without_its_lines_is_another_picture(figures, tmp_path):
    with charted():
        figures["places"].axes[0].clear()
        figures["places"].savefig(tmp_path / "other.png", dpi=70)
    assert compare_images(str(FOLDER / "chart-places.png"), str(tmp_path / "other.png"), TOLERANCE) is not None
