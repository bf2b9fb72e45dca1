"""What all institutions are: Mesa agents that do not keep their model in memory."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

import mesa


class _Numbers(WeakKeyDictionary[Any, Iterator[int]]):
    """A counter for each model, for as long as the model lives."""

    def __getitem__(self, model: Any) -> Iterator[int]:
        """Return the model's counter, which begins at 1."""
        return self.setdefault(model, count(1))


class Institution(mesa.Agent):
    """An office, a fund or a place of the county.

    Mesa 3.3 counts the agents of each model in a table of the class that holds the model for ever, with its whole county: a
    process that runs many models fills up. This table lets go of models that nobody uses any more.
    """

    _ids = _Numbers()
