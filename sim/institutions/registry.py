"""The anti-relapse registry: finite staff visit, verify and take households in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from sim.draws import bulk
from sim.engine import procedure
from sim.indicators import INDEX
from sim.policies.monitoring import VISIT, kind_of, verify
from sim.policies.tables import column_of

if TYPE_CHECKING:
    from sim.model import Model

_STAFF = column_of("detection_channel", "staff")
_VISITS = column_of("detection_channel", "visits")
_CHANNEL = column_of("detection_channel", "channel")
_CASES = column_of("verification", "cases")
_CHECKERS = column_of("verification", "staff")
_MISS = column_of("verification", "miss")
_TOLERANCE = column_of("verification", "tolerance")


class Registry(mesa.Agent):
    """The county's registry of households at risk."""

    def __init__(self, model: Model) -> None:
        """Open an empty registry; its staff scale with the county's rural households."""
        super().__init__(model)
        self.county: Model = model
        self.round = 0.0
        self.spare_cases = 0.0

    def plan_visits(self) -> None:
        """Share out this month's visits: registered households first, then the round of all others goes on where it stopped."""
        rural = self.county.county.households
        capacity = 0.0
        for row in self.county.world.levers["detection_channel"]:
            if row[0] == 1.0 and row[_CHANNEL] == VISIT:
                capacity += float(row[_STAFF]) * rural / 1000.0 * float(row[_VISITS])
        monitored = int(self.county.state.households["monitored"].sum())
        share = min(1.0, max(0.0, capacity - monitored) / max(1, rural))
        self.county.world.set("visit_start", self.round)
        self.county.world.set("visit_share", share)
        self.round = (self.round + share) % 1.0

    def queue(self) -> np.ndarray:
        """Return the flagged households in the order of verification: longest waiting first, then the poorest."""
        households = self.county.state.households
        waiting = np.flatnonzero(households["flagged"] == 1)
        head = households["net_12m"][waiting] // np.maximum(households["members"][waiting], 1)
        return waiting[np.lexsort((waiting, head, households["flag_month"][waiting]))]

    def verify_cases(self) -> None:
        """Settle as many cases as the staff can; the true ones enter the registry."""
        table = self.county.world.levers["verification"]
        in_force = [row for row in table if row[0] == 1.0]
        if not in_force:
            return
        row = in_force[0]
        self.spare_cases += float(row[_CHECKERS]) * self.county.county.households / 1000.0 * float(row[_CASES])
        queue = self.queue()
        settled = queue[: int(self.spare_cases)]
        self.spare_cases = 0.0 if len(settled) == len(queue) else self.spare_cases - len(settled)
        self._settle(settled, float(row[_MISS]), float(row[_TOLERANCE]))

    def _settle(self, settled: np.ndarray, miss: float, tolerance: float) -> None:
        """Settle cases: in or turned away."""
        county = self.county
        columns = county.state.households
        ids = columns["id"][settled]
        taken = np.zeros(len(settled), bool)
        line = county.world.value("monitoring_line")
        verify_all(
            taken, columns["trigger"][settled], columns["net_12m"][settled], columns["members"][settled], line,
            county.world.value("seen_ratio"), county.world.value("verification_error"), miss, tolerance,
            bulk(county.key, "verify", ids, county.month), bulk(county.key, "miss", ids, county.month),
        )  # fmt: skip
        columns["flagged"][settled] = 0
        self._enter(settled[taken])
        above = county.world.value("seen_ratio") * columns["net_12m"][settled] >= line * columns["members"][settled]
        for group in columns["group"][settled[taken & above]]:
            county.now[group, INDEX["false_alarms"]] += 1

    def _enter(self, entrants: np.ndarray) -> None:
        """Take households into the registry."""
        columns = self.county.state.households
        columns["monitored"][entrants] = 1
        columns["identified_month"][entrants] = self.county.month
        columns["measures"][entrants] = 0
        for household in entrants:
            kind = kind_of(int(columns["trigger"][household]), int(columns["ex_poor"][household]))
            columns["monitored_type"][household] = kind
            self.county.now[columns["group"][household], INDEX["identified_households"]] += 1


@procedure
def verify_all(
    taken: np.ndarray, trigger: Any, net_12m: Any, members: Any, line: float, seen_ratio: float,
    error: float, miss: float, tolerance: float, u_verify: np.ndarray, u_miss: np.ndarray,
) -> None:  # fmt: skip
    """Apply the rule of verification to many cases."""
    for k in range(len(taken)):
        taken[k] = verify(
            int(trigger[k]),
            float(net_12m[k]),
            int(members[k]),
            line,
            seen_ratio,
            error,
            miss,
            tolerance,
            u_verify[k],
            u_miss[k],
        )
