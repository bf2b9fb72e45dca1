"""Observed figures that runs are compared with."""

from __future__ import annotations


class Observation: ...


def observations() -> tuple[Observation, ...]:
    return ()
