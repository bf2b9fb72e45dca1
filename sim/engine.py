"""Compilation: where the compiled code is kept, and the hash that names the engine."""

from __future__ import annotations

import functools
import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

_SOURCES = Path(__file__).parent


@functools.cache
def engine_hash() -> str:
    """Return the hash of all sources of the engine: it enters every run's key and names the folder of compiled code."""
    digest = hashlib.sha256()
    for path in sorted(_SOURCES.rglob("*.py")):
        digest.update(path.relative_to(_SOURCES).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _writable_cache() -> Path:
    """Return the first folder that can hold compiled code."""
    home = Path(os.environ.get("FANGPIN_CACHE") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    for root in (home, Path(os.environ.get("TMPDIR", "/tmp"))):
        folder = root / "fangpin" / f"{engine_hash()}-py{sys.version_info.major}{sys.version_info.minor}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    raise OSError("no folder can be written for compiled code; set FANGPIN_CACHE to one that can")


@functools.cache
def cache_folder() -> Path:
    """Return the folder of compiled code, named by the engine's hash: Numba alone does not see a change in another file."""
    folder = _writable_cache()
    os.environ["NUMBA_CACHE_DIR"] = str(folder)
    return folder


import numba  # noqa: E402  (after the function that names its folder)

# set here too, not only in the environment: whoever imported numba before us has fixed its folder already
numba.config.CACHE_DIR = str(cache_folder())  # type: ignore[attr-defined]

# Errors as in C, not as in Python: rules guard their divisors. No reference counts: compiled code borrows its arrays from the
# caller and never keeps or makes one, and counting them at each call of a small function took two fifths of the time.
_OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}


def rule(function: F) -> F:
    """Compile a small pure function of scalars, into its caller. With NUMBA_DISABLE_JIT=1 it stays plain Python."""
    compiled: F = numba.njit(forceinline=True, **_OPTIONS)(function)
    return compiled


def procedure(function: F) -> F:
    """Compile a function that is rarely called or runs a loop: mechanical, or long."""
    compiled: F = numba.njit(**_OPTIONS)(function)
    return compiled


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the plain Python function behind a compiled rule."""
    return getattr(function, "py_func", function)
