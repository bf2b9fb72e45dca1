"""Where the shipped files are, and how a name or a path finds its file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from scenarios.problems import Report, listing, nearest
from scenarios.yamlfile import Node, read_yaml

FOLDER = Path(__file__).parent
FILE_ENDINGS = (".yaml", ".yml")


def shipped(folder: str) -> tuple[str, ...]:
    """Return the names of the shipped files of a folder, sorted."""
    return tuple(sorted(path.stem for path in (FOLDER / folder).glob("*.yaml")))


def places() -> tuple[str, ...]:
    """Return the shipped places that can be simulated: those that describe a county or list counties."""
    keys = {"county", "counties"}
    return tuple(name for name in shipped("places") if keys & set(_content(_shipped_file("places", name))))


def policies() -> tuple[str, ...]:
    """Return the shipped policies."""
    return shipped("policies")


def families() -> tuple[str, ...]:
    """Return the shipped families."""
    return shipped("families")


def lever_files() -> tuple[Node, ...]:
    """Return the shipped files of levers."""
    return tuple(_shipped_file("levers", name) for name in shipped("levers"))


def knob_files() -> tuple[Node, ...]:
    """Return the shipped files of knobs."""
    return tuple(_shipped_file("knobs", name) for name in shipped("knobs"))


@cache
def lever_ids() -> tuple[str, ...]:
    """Return the ids of the shipped levers, sorted."""
    ids: set[str] = set()
    for node in lever_files():
        entries = _content(node)["levers"].value
        ids.update(str(_content(entry)["id"].value) for entry in (entries if isinstance(entries, list) else []))
    return tuple(sorted(ids))


def open_file(
    folder: str, name: str, report: Report, asked: tuple[str, str] | None = None, near: Path | None = None
) -> tuple[Node, Path]:
    """Open a shipped file by its name, or any file by its path.

    Args:
        folder: ``places`` or ``policies``.
        name: a shipped name, or a path that ends in .yaml or .yml.
        report: collects problems.
        asked: file:line and key that ask for it; the call's own argument by default.
        near: file beside which a relative path of another file is looked for.

    Raises:
        ScenarioError: when there is no such name or file.
    """
    if name.endswith(FILE_ENDINGS):
        path = Path(name) if near is None or Path(name).is_absolute() else near.parent / name
        return read_yaml(path, name), path
    known = shipped(folder)
    if name not in known:
        where, key = asked or ("load", folder[:-1] if folder == "places" else "policy")
        hint = nearest(name, known) or "a file of your own is named by its path, ending in .yaml"
        report.add(where, key, f"unknown name '{name}'", listing(known), hint)
        report.stop()
    return _shipped_file(folder, name), FOLDER / folder / f"{name}.yaml"


@cache
def _shipped_file(folder: str, name: str) -> Node:
    """Read one shipped file."""
    return read_yaml(FOLDER / folder / f"{name}.yaml", f"{folder}/{name}.yaml")


def _content(node: Node) -> dict[str, Node]:
    """Return the keys of a mapping."""
    return node.value if isinstance(node.value, dict) else {}
