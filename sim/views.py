"""Households and persons seen like a Mesa AgentSet: `select`, `get`, `set`, `agg`, `groupby`, and one of them as an object."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.state import BY_NAME, Columns

if TYPE_CHECKING:
    from sim.model import Model


class One:
    """One household or person: its columns as attributes, enumerations by their names."""

    def __init__(self, columns: Columns, place: int) -> None:
        """Point at one row."""
        object.__setattr__(self, "_columns", columns)
        object.__setattr__(self, "_place", place)

    def __getattr__(self, name: str) -> Any:
        """Return one value."""
        columns: Columns = object.__getattribute__(self, "_columns")
        column = BY_NAME.get((columns.entity, name))
        if column is None:
            raise AttributeError(f"{columns.entity} has no column {name}")
        value = columns[name][..., object.__getattribute__(self, "_place")]
        if column.values and column.values != ("no", "yes"):
            return column.values[int(value)]
        return value.tolist()

    def __setattr__(self, name: str, value: Any) -> None:
        """Set one value."""
        columns: Columns = object.__getattribute__(self, "_columns")
        if (columns.entity, name) not in BY_NAME:
            raise AttributeError(f"{columns.entity} has no column {name}")
        columns[name][..., object.__getattribute__(self, "_place")] = value

    def __repr__(self) -> str:
        """Show which one it is."""
        columns: Columns = object.__getattribute__(self, "_columns")
        return f"<{columns.entity} {int(self.id)}>"


class View:
    """Some households or persons of a model."""

    def __init__(self, model: Model, entity: str, places: np.ndarray | None = None) -> None:
        """See all of them (households with members, persons alive) or the given places."""
        self.model = model
        self.entity = entity
        columns = self._columns
        if places is None:
            there = columns["members"] > 0 if entity == "household" else columns["alive"] == 1
            places = np.flatnonzero(there) if there.any() else np.arange(len(columns))
        self.places = places

    @property
    def _columns(self) -> Columns:
        return self.model.state.households if self.entity == "household" else self.model.state.persons

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.places)

    def __iter__(self) -> Iterator[One]:
        """Go through them one by one."""
        return (One(self._columns, int(place)) for place in self.places)

    def __getitem__(self, number: int) -> One:
        """Return one of them by its number in the view."""
        return One(self._columns, int(self.places[number]))

    def get(self, name: str) -> np.ndarray:
        """Return one column of them, a copy."""
        return self._columns[name][..., self.places].copy()

    def set(self, name: str, value: Any) -> View:
        """Set one column of them."""
        self._columns[name][..., self.places] = value
        return self

    def select(self, test: Callable[[One], bool] | np.ndarray | None = None, **equal: Any) -> View:
        """Return those that pass a test, a mask, or equal the named values (enumerations by name or code)."""
        keep = np.ones(len(self), bool)
        for name, value in equal.items():
            column = BY_NAME[self.entity, name]
            code = column.values.index(value) if isinstance(value, str) else value
            keep &= self.get(name) == code
        if isinstance(test, np.ndarray):
            keep &= test
        elif test is not None:
            keep &= np.array([test(one) for one in self], bool)
        return View(self.model, self.entity, self.places[keep])

    def agg(self, name: str, function: Callable[[np.ndarray], Any]) -> Any:
        """Return a function of one column, such as ``numpy.mean``."""
        return function(self.get(name))

    def groupby(self, name: str) -> dict[Any, View]:
        """Return a view for each value of a column, enumerations by their names."""
        values = self.get(name)
        names = BY_NAME[self.entity, name].values
        return {
            names[int(value)] if names else value.item(): View(self.model, self.entity, self.places[values == value])
            for value in np.unique(values)
        }
