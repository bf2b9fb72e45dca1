"""Values that the knobs of a lever take, as overrides by hand."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import yaml

from scenarios.shipped import FOLDER
from sim.policies.mechanisms import MECHANISMS


@cache
def shipped_knobs() -> dict[str, dict[str, dict[str, Any]]]:
    """Return the knobs by lever and name, as they stand in the files."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for file in sorted((FOLDER / "knobs").glob("*.yaml")):
        for lever, content in yaml.safe_load(file.read_text(encoding="utf-8"))["levers"].items():
            found[lever] = content.get("knobs", {})
    return found


def turned(lever: str) -> Iterator[str]:
    """Yield overrides: the switch, the ends of every number's range and all choices of the others."""
    yield f"{lever}.enabled=true"
    yield f"{lever}.enabled=false"
    for name, knob in shipped_knobs().get(lever, {}).items():
        for value in _values(knob):
            yield f"{lever}.{name}={value}"


def _values(knob: dict[str, Any]) -> Iterator[str]:
    """Yield the values that a knob may take."""
    if "range" in knob:
        yield from (f"{number:g}" for number in knob["range"])
    for choice in (*knob.get("options", ()), *knob.get("who", ()), *(knob.get("words") or ())):
        yield str(choice)
    if knob["kind"] == "word" and "words" not in knob:
        name = knob["of"][0].rpartition(".")[2]
        yield from {word for kind in MECHANISMS.values() for word in kind.words.get(name, ())}
