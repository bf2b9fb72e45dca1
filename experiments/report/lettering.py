"""Chinese letters for the page: those that it uses, cut out of the packaged font, for readers whose machine has none."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO

from experiments.charts.fonts import MissingGlyphError, packaged_font


def letters_of(text: str) -> str:
    """Return the characters of a text beyond ASCII, each once, in the order of their numbers."""
    return "".join(sorted({sign for sign in text if ord(sign) > 0x7F}))


def font_address(letters: str) -> str:
    """Return a font with some characters as an address that holds it whole; equal for equal characters.

    The font is Noto Sans SC under the SIL Open Font License; its notices stay inside.
    """
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options()
    options.layout_features = []
    options.hinting, options.notdef_outline = False, True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    font = TTFont(packaged_font(), recalcTimestamp=False)
    cut = Subsetter(options)
    cut.populate(text=letters)
    cut.subset(font)
    font.flavor = "woff"
    content = BytesIO()
    font.save(content)
    return f"data:font/woff;base64,{b64encode(content.getvalue()).decode('ascii')}"


def packaged_letters(text: str) -> str:
    """Return the characters of a text beyond ASCII as a font, where all of them must be drawn.

    Raises:
        MissingGlyphError: naming characters that the font cannot draw.
    """
    from fontTools.ttLib import TTFont

    letters = letters_of(text)
    known = TTFont(packaged_font(), recalcTimestamp=False).getBestCmap()
    if lacking := [sign for sign in letters if ord(sign) not in known]:
        raise MissingGlyphError(f"no character of the packaged font: {' '.join(lacking)}")
    return font_address(letters)
