"""How many models fit into this machine's memory at a time."""

from __future__ import annotations

import os
from pathlib import Path

BASE = 450 * 2**20
"""Bytes of a worker without a county: Python, the libraries and the compiled rules; measured."""
HOUSEHOLD = 3_500
"""Bytes for each rural household of a county: its past, the model that goes on from it, buffers and results; measured."""
SHARE = 0.8
"""Share of the free memory that workers may take."""

CGROUPS = (
    ("/sys/fs/cgroup", "memory.max", "memory.current", "inactive_file"),
    ("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
)
"""Where Linux says how much memory a container may have and has, and how much of that are files it would give back."""


def need(households: int) -> int:
    """Return the bytes that a worker needs for a county of so many rural households."""
    return BASE + HOUSEHOLD * households


def fitting(households: int) -> int | None:
    """Return how many workers fit, at least 1; None where the machine does not say how much is free."""
    free = available()
    return None if free is None else max(1, int(SHARE * free) // need(households))


def available() -> int | None:
    """Return the bytes that are free: the machine's, or the container's where that is less."""
    found = [free for free in (_machine(), *(_container(*paths) for paths in CGROUPS)) if free is not None]
    return min(found, default=None)


def _machine() -> int | None:
    """Return the free bytes of the machine: what Linux calls available, else all of it."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, StopIteration):
        pass
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None


def _container(folder: str, limit: str, used: str, files: str) -> int | None:
    """Return the free bytes of a container, None where there is none or it has no limit."""
    try:
        top, now = (int((Path(folder) / name).read_text(encoding="ascii")) for name in (limit, used))
        parts = dict(line.split() for line in (Path(folder) / "memory.stat").read_text(encoding="ascii").splitlines())
        return max(0, top - now + int(parts.get(files, 0)))
    except (OSError, ValueError):
        return None
