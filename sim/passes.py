"""The compiled passes over a county's villages: which pieces, which arrays, which threads; their books are added up."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.indicators import GROUPS, INDICATORS
from sim.loops import WORDS, compiled
from sim.policies.opening import SLOTS, openings
from sim.policies.service import services_in_force
from sim.policies.tables import by_target, in_force
from sim.relapse import FALL_WIDTH
from sim.rules import month_of_year
from sim.writer import CONTEXT

if TYPE_CHECKING:
    from sim.model import Model

TEST = 9
"""Month of the yearly test."""
CHUNKS = 4
"""Chunks of villages for each thread: several, so that all end together; few, for each costs the handing over of all columns."""
Arrays = dict[str, np.ndarray]


class Passes:
    """Runs the passes of a model's months, chunks of villages in threads; sums are of integers, so their order is free.

    Attributes:
        widest: most slots or households of a village: the room that a pass needs. Families that change move it.
    """

    def __init__(self, model: Model, threads: int, chunk: int | None) -> None:
        """Run the passes of a model.

        Args:
            model: the model; its state stands.
            threads: threads that share the villages.
            chunk: villages that a thread takes at a time; None shares them out.
        """
        self.model = model
        self.threads = threads
        self.chunk = chunk or -(-model.county.villages // (CHUNKS * threads if threads > 1 else 1))
        self.widest = 0
        self._laid: dict[int, tuple[Mapping[str, np.ndarray], Arrays]] = {}
        self.measure()

    def measure(self) -> None:
        """Measure the widest village anew: in January families change."""
        households, villages = self.model.state.households, self.model.county.villages
        slots = np.bincount(households["village"], weights=households["slots"], minlength=villages)
        self.widest = int(max(slots.max(initial=1), np.bincount(households["village"]).max(initial=1)))

    def live(self, name: str, paid: np.ndarray) -> np.ndarray:
        """Run one pass of this month over all villages: what it counts is added to the model's month.

        Args:
            name: the pass, ``people`` or ``settle``.
            paid: payments by lever, in fen; what the pass pays is added.

        Returns:
            new falls below a line (`sim.relapse.note_fall`), in the order of the households.
        """
        chunks = self._chunks()
        arrays = {delay: self._arrays(delay) for delay in self.model.world.by_delay}
        compiled()
        if self.threads == 1 or len(chunks) == 1:
            parts = [self._run(name, chunks, arrays)]
        else:
            shares = [chunks[k :: self.threads] for k in range(self.threads)]
            parts = list(_pool(self.threads).map(lambda share: self._run(name, share, arrays), shares))
        for record, payments, _ in parts:
            self.model.now += record
            paid += payments
        falls = np.concatenate([found for _, _, found in parts])
        return falls[np.argsort(falls[:, 0])]

    def _chunks(self) -> list[tuple[int, int, int]]:
        """Return pieces of the county, first village to last, each with the months that its supports are behind their plan."""
        villages = self.model.county.villages
        edges = set(range(0, villages, self.chunk))
        delays = self.model.world.delays[self.model.state.villages["township"]]
        edges |= {int(village) + 1 for village in np.flatnonzero(np.diff(delays))}
        starts = sorted(edges)
        ends = [*starts[1:], villages]
        return [(first, last, int(delays[first])) for first, last in zip(starts, ends, strict=True)]

    def _run(
        self, name: str, chunks: list[tuple[int, int, int]], arrays: dict[int, Arrays]
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Run one pass over some chunks with buffers of its own; villages with followed households are run in pieces."""
        model, own = self.model, self._buffers()
        tested = len(model.state.households) if month_of_year(model.month) == TEST else 0
        own["falls"] = np.empty((tested, FALL_WIDTH), np.int64)
        function = getattr(compiled(), name)
        everything = {delay: [own.get(key, found.get(key)) for key in CONTEXT] for delay, found in arrays.items()}
        followed = model.tracer.villages()
        for first, last, delay in chunks:
            for village in sorted(v for v in followed if first <= v < last):
                function(first, village, model.month, model.key, *everything[delay])
                self._follow(function, village, followed[village], own, arrays[delay])
                first = village + 1
            function(first, last, model.month, model.key, *everything[delay])
        return own["record"], own["paid"], own["falls"][: own["fallen"][0]]

    def _follow(self, function: Any, village: int, rows: list[tuple[int, int]], own: Arrays, arrays: Arrays) -> None:
        """Run one pass over one village, each followed household by itself."""
        model = self.model
        for columns, number in model.tracer.split(village, rows):
            part = self._buffers() | {"falls": own["falls"], "fallen": own["fallen"]}
            pieces = arrays | {"V_i4": columns} | part
            function(village, village + 1, model.month, model.key, *(pieces[key] for key in CONTEXT))
            own["record"] += part["record"]
            own["paid"] += part["paid"]
            if number:
                model.tracer.add(number, part["record"], part["paid"])

    def _buffers(self) -> Arrays:
        """Return empty books and room for the words of the widest village."""
        levers = max(1, len(self.model.rules.levers))
        return {
            "record": np.zeros((len(GROUPS), len(INDICATORS)), np.int64),
            "paid": np.zeros(levers, np.int64),
            "P_words": np.empty((WORDS, self.widest), np.uint32),
            "H_words": np.empty((WORDS, self.widest), np.uint32),
            "O_first": np.zeros(len(SLOTS), np.int32),
            "O_last": np.zeros(len(SLOTS), np.int32),
            "O_rows": np.zeros(levers, np.int32),
            "fallen": np.zeros(1, np.int64),
        }

    def _arrays(self, delay: int) -> Arrays:
        """Return the arrays that both passes share, for villages whose supports are so many months behind their plan."""
        model = self.model
        state, world, conditions, script = model.state, model.world, model.conditions, model.script
        arrays = {"env": world.env, "law": world.law, "T_bit": model.transfer_bits}
        for letter, part in (("P", state.persons), ("H", state.households), ("V", state.villages)):
            arrays |= {f"{letter}_{kind}": matrix for kind, matrix in part.matrices.items()}
        arrays |= {f"table_{name}": table for name, table in world.tables.items()}
        arrays |= self._lever_arrays(delay)
        return arrays | {
            "F_id": script.ids,
            "F_when": script.when,
            "F_u": script.u,
            "W_lever": conditions.lever,
            "W_clause": conditions.clause,
            "W_term": conditions.term,
            "W_bound": conditions.bound,
        }

    def _lever_arrays(self, delay: int) -> Arrays:
        """Return the month's tables of levers as the passes take them; both passes of a month have the same."""
        levers, laid = self.model.world.by_delay[delay], self._laid.get(delay)
        if laid is None or laid[0] is not levers:
            now = {name: in_force(name, table) for name, table in levers.items()}
            now["service"] = services_in_force(now["service"])
            now["multiplier"], first = by_target(now["multiplier"])
            arrays = {f"L_{name}": table for name, table in now.items()}
            arrays |= {"X_first": first, "X_rows": np.arange(len(now["multiplier"]), dtype=np.int32)}
            arrays |= dict(zip(("A_slots", "A_first", "A_rows"), openings(now), strict=True))
            self._laid[delay] = laid = levers, arrays
        return laid[1]


@functools.cache
def _pool(threads: int) -> ThreadPoolExecutor:
    """Return the threads that all models of this process share; starting them anew each month would cost more than the month."""
    return ThreadPoolExecutor(threads)
