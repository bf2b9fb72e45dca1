"""fangpin （防贫）: who falls back into poverty under which policy， and why. Public names load when first used."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "Answer": "fangpin.asking",
    "CommandError": "fangpin.asking",
    "Model": "fangpin.doors",
    "ask": "fangpin.asking",
    "calibrate": "fangpin.asking",
    "compare": "fangpin.entries",
    "load": "scenarios",
    "places": "fangpin.entries",
    "policies": "fangpin.entries",
    "levers": "fangpin.entries",
    "explain": "fangpin.entries",
    "forecast": "fangpin.asking",
    "run": "fangpin.asking",
    "score": "fangpin.asking",
    "sweep": "fangpin.asking",
    "coverage": "fangpin.entries",
    "facts": "fangpin.entries",
    "targets": "fangpin.entries",
    "validate": "fangpin.entries",
    "ScenarioError": "scenarios",
}

__all__ = [
    "Answer",
    "CommandError",
    "Model",
    "ScenarioError",
    "__version__",
    "ask",
    "calibrate",
    "compare",
    "coverage",
    "explain",
    "facts",
    "forecast",
    "levers",
    "load",
    "places",
    "policies",
    "run",
    "score",
    "sweep",
    "targets",
    "validate",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its home; heavy packages come only with the names that need them."""
    if name not in _HOMES:
        raise AttributeError(f"module 'fangpin' has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
