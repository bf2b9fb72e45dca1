"""A font with Chinese characters on every machine; a character that no font has is an error, not a box."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

PREFERRED = ("Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC")
"""Installed fonts that are used when found, best first. All are drawn in regular weight."""

FALLBACK = "DejaVu Sans"


class MissingGlyphError(Exception):
    """A chart holds a character that neither the Chinese font nor the fallback can draw."""


def packaged_font() -> Path:
    """Return the path of Noto Sans SC in the package pylopdf-fonts-zh-cn."""
    from importlib.resources import files

    return Path(str(files("pylopdf_fonts_zh_cn").joinpath("NotoSansSC-Regular.otf")))


@cache
def chinese_family() -> str:
    """Return the family of the Chinese font: the first preferred one, else the packaged one."""
    from matplotlib.font_manager import FontProperties, fontManager

    installed = {entry.name for entry in fontManager.ttflist}
    found = next((name for name in PREFERRED if name in installed), None)
    if found is not None:
        return found
    path = packaged_font()
    fontManager.addfont(path)
    return FontProperties(fname=path).get_name()


PLAIN = range(0x20, 0x7F)
COMMON = range(0x4E00, 0x9FA6)
"""Letters of ASCII, and the characters of Unicode 1.1, all of which Noto Sans SC and DejaVu Sans draw."""


def undrawable(text: str) -> frozenset[str]:
    """Return the characters of a text that neither the Chinese font nor the fallback can draw."""
    asked = {sign for sign in text if ord(sign) not in PLAIN and ord(sign) not in COMMON}
    return frozenset(sign for sign in asked if ord(sign) not in drawn_signs()) if asked else frozenset()


@cache
def drawn_signs() -> frozenset[int]:
    """Return the characters that the two fonts have."""
    from matplotlib.font_manager import findfont
    from matplotlib.ft2font import FT2Font

    return frozenset(sign for family in (chinese_family(), FALLBACK) for sign in FT2Font(findfont(family)).get_charmap())


@contextmanager
def no_missing_glyphs() -> Iterator[None]:
    """Turn matplotlib's warning about a missing character into an error.

    Raises:
        MissingGlyphError: if something drawn inside needs a character that no font has.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph .* missing from")
        try:
            yield
        except UserWarning as error:
            raise MissingGlyphError(str(error)) from error
