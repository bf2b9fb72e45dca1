"""The value of a word ``key=value``: numbers, words and lists in the grammar of Hydra's overrides, and how one is refused."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from typing import Any


class Refused(Exception):
    """A value that cannot be taken: what is allowed, and what to do."""

    def __init__(self, allowed: str, hint: str = "") -> None:
        """Keep what is allowed and the hint."""
        super().__init__(allowed)
        self.allowed, self.hint = allowed, hint


def nearest(word: str, known: Sequence[str]) -> str:
    """Return a hint that names the known word most like this one, or nothing."""
    found = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"did you mean {found[0]}?" if found else ""


def parse_value(text: str) -> Any:
    """Return the value of a word: a number, a word, or a list where commas separate several.

    Hydra's grammar knows no characters beyond ASCII outside quotes; such values are quoted for it.

    Raises:
        Refused: if the value does not fit the grammar.
    """
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    if not text.isascii() and not text.startswith(("'", '"')):
        text = "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
    try:
        # a key of ours: dates after @ in a key are no words of Hydra's grammar
        override = OverridesParser.create().parse_override(f"value={text}")
    except HydraException as error:
        raise Refused("a value, or values separated by commas", "quote values with special characters: key='...'") from error
    if override.is_sweep_override():
        return [_scalar(value) for value in override.sweep_iterator()]
    return _scalar(override.value())


def parse_axis(text: str, matching: Callable[[Sequence[str], Sequence[str]], list[str]]) -> list[str]:
    """Return the values of an axis as text: ``a,b``, ``range(0,1,0.25)``, ``choice(a,b)``, ``glob(cut*)``, or one value.

    Args:
        text: the axis in Hydra's grammar.
        matching: returns the options that the patterns of a ``glob`` include and exclude.

    Raises:
        Refused: if the text does not fit the grammar.
    """
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.core.override_parser.types import Glob
    from hydra.errors import HydraException

    if not text:
        return []
    if not text.isascii():
        return [part.strip() for part in text.split(",") if part.strip()]
    try:
        override = OverridesParser.create().parse_override(f"value={text}")
        value = override.value()
        if isinstance(value, Glob):
            return matching(value.include, value.exclude)
        items = list(override.sweep_iterator()) if override.is_sweep_override() else [value]
    except (HydraException, ValueError) as error:
        raise Refused(
            "values separated by commas, range(low,high,step), choice(...) or glob(...)", "quote special characters"
        ) from error
    return [_axis_text(item) for item in items]


def _axis_text(value: Any) -> str:
    """Return a value of an axis as it stands in the name of a cell.

    Raises:
        Refused: on a list or a mapping.
    """
    if isinstance(value, list | dict):
        raise Refused("plain values", "a path of several years is an option of a group: a .yaml file with name and set")
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.12g}" if isinstance(value, float) else str(value).strip("'\"")


def _scalar(value: Any) -> Any:
    """Return a value as Hydra gives it, numbers in words turned back."""
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            return value
    return value


def whole_number(value: Any, low: int, high: int | None, hint: str = "") -> int:
    """Return a whole number within limits.

    Raises:
        Refused: if it is none, or lies outside.
    """
    limits = f"a whole number from {low}" + (f" to {high}" if high is not None else " on")
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refused(limits, hint)
    if value < low or (high is not None and value > high):
        raise Refused(limits, hint)
    return value
