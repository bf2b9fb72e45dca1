"""Which module imports which: arrows point down the floors only, and no two modules need each other, not even within a function.

Imports for types alone are left out: an agent's module may name the model that it acts in.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ("sim", "scenarios", "experiments", "calibration", "fangpin")
"""From the lowest on."""


def _name(path: Path) -> str:
    """Return the name that a file is imported by."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {_name(path): path for floor in FLOORS for path in sorted((ROOT / floor).rglob("*.py"))}


def _statements(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield the imports below a node, those for types alone left out."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        yield from _statements(child)


def _imported(module: str, text: str) -> set[str]:
    """Return the modules of ours that a module's text imports."""
    named: list[str] = []
    for statement in _statements(ast.parse(text)):
        if isinstance(statement, ast.Import):
            named += [one.name for one in statement.names]
        else:
            assert not statement.level, f"{module}: imports are written out"
            whole = [f"{statement.module}.{one.name}" for one in statement.names]
            named += [one if one in FILES else str(statement.module) for one in whole]
    return {one for one in named if one in FILES and one != module}


@pytest.fixture(scope="module")
def arrows() -> dict[str, set[str]]:
    """Which modules each module imports."""
    return {module: _imported(module, path.read_text(encoding="utf-8")) for module, path in FILES.items()}


def test_arrows_point_down_only(arrows: dict[str, set[str]]) -> None:
    def floor(module: str) -> int:
        return FLOORS.index(module.partition(".")[0])

    assert len(arrows) > 400
    assert [f"{one} -> {other}" for one, others in arrows.items() for other in sorted(others) if floor(other) > floor(one)] == []


def test_no_modules_import_each_other(arrows: dict[str, set[str]]) -> None:
    try:
        tuple(TopologicalSorter(arrows).static_order())
    except CycleError as error:
        pytest.fail(f"an import circle: {' <- '.join(error.args[1])}")


def test_a_circle_within_functions_would_be_found() -> None:
    for_types = "if TYPE_CHECKING:\n    from sim.model import Model\n"
    assert _imported("sim.state", f"{for_types}def f():\n    from sim import past\n") == {"sim.past"}
