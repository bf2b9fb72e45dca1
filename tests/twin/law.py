"""What holds in one month: named values, tables and weather, as plain Python numbers."""

from __future__ import annotations

from typing import Any

from sim.world import LAW, WATCH, World


class Law:
    """Named values of a month as attributes (``law.poverty_line``), with its date, tables and weather."""

    def __init__(self, world: World, month: int, crowding: float) -> None:
        """Read the month from the world.

        Args:
            world: brings values, prices, tables and weather of the scenario.
            month: month number.
            crowding: what last month left of the chance of finding work after a mass exit from posts.
        """
        world.advance(month)
        self.month = month
        self.year, self.ring = divmod(month, 12)
        self.moy = self.ring + 1
        values = dict(zip(LAW, world.law.tolist(), strict=True))
        self.__dict__.update({name: values[name] for name in values if name not in WATCH})
        self.crowding = crowding
        self.tables = {name: table.tolist() for name, table in world.tables.items()}
        self.loss = world.townships["loss"].tolist()
        self.aftermath = world.townships["aftermath"].tolist()
        self.struck = world.townships["struck"].tolist()
        self.yields = world.townships["yields"].tolist()

    def __getattr__(self, name: str) -> Any:
        """Say which value is missing."""
        raise AttributeError(f"no value {name} in the month's law")
