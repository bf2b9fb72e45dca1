"""The month's draws: in bulk for what is due for everybody, one by one for events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.draws import NUMBER, bulk, draw

MONTHLY = ("death", "admission", "job", "birth")
JANUARY = ("skill", "chronic", "self_care", "remission", "mental", "disability", "recovery", "business")
AUTUMN = ("enrol", "employee")


class Luck:
    """The draws of one month. Agents find theirs by their place in the lists that were dealt to."""

    def __init__(self, key: int, month: int) -> None:
        """Begin with nothing dealt."""
        self.key = key
        self.month = month
        self.dealt: dict[str, list[float]] = {}

    def deal(self, streams: Sequence[str], agents: Sequence[Any]) -> None:
        """Draw some streams for all agents of a kind, and tell each agent its place."""
        ids = np.array([agent.id for agent in agents], np.uint64)
        for place, agent in enumerate(agents):
            agent.place = place
        for stream in streams:
            self.dealt[stream] = bulk(self.key, stream, ids, self.month).tolist()

    def of(self, stream: str, agent: Any) -> float:
        """Return an agent's draw of a stream that was dealt to everybody."""
        return self.dealt[stream][agent.place]

    def once(self, stream: str, agent: Any) -> float:
        """Draw one stream for one agent, on an event."""
        return float(draw(self.key, NUMBER[stream], np.uint64(agent.id), self.month))

    def of_village(self, stream: str, village: int) -> float:
        """Draw one stream for a village, by its id."""
        return float(draw(self.key, NUMBER[stream], np.uint64(village), self.month))
