"""Charts as pictures for the page."""

from __future__ import annotations

import base64
import io
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from experiments.charts.style import charted

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ONE_AT_A_TIME = threading.Lock()
"""Matplotlib's settings are shared by all threads of a process."""
DPI = 110


def picture(draw: Callable[[], Figure]) -> str:
    """Return a figure as the address of a PNG that holds itself.

    Args:
        draw: draws the figure.

    Raises:
        MissingGlyphError: if a character cannot be drawn.
    """
    file = io.BytesIO()
    with _ONE_AT_A_TIME:
        figure = draw()
        with charted():
            figure.savefig(file, format="png", dpi=DPI, metadata={"Software": None})
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode('ascii')}"
