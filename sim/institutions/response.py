"""The response desk: first measures for households at risk, under finite staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine import procedure
from sim.institutions.institution import Institution
from sim.institutions.posts import who_qualifies
from sim.institutions.queue import Queue, in_order, is_needy, settled_in
from sim.institutions.registry import Terms, terms_in_force
from sim.policies.detection import DAYS
from sim.policies.eligibility import Conditions
from sim.policies.mechanisms import MECHANISMS
from sim.policies.multiplier import factors
from sim.policies.response import EMPLOYMENT, count_bits, days_waited, is_ready, measures_of, needs_of
from sim.world import whole

if TYPE_CHECKING:
    from sim.model import Model

ORDERS = MECHANISMS["response_clock"].words["order"]
FIRST_DAY = 1
POINTS = 100.0
"""Points of a risk score of 1, as the state holds it."""


class ResponseDesk(Institution):
    """The office that arranges measures for households at risk."""

    def __init__(self, model: Model, conditions: Conditions) -> None:
        """Begin with nothing arranged."""
        super().__init__(model)
        self.county: Model = model
        self.conditions = conditions

    def step(self) -> None:
        """Take help from who is out of reach of every lever, then let each lever help those who qualify, in the levers' order."""
        in_force = terms_in_force(self.county.world.levers["response_clock"], "response_clock")
        self._end_help(in_force)
        for terms in in_force:
            if (self.county.month + 1) % max(1, int(terms["dispatch_months"])) == 0:
                self._help(terms)

    def _end_help(self, in_force: list[Terms]) -> None:
        """End the help of households that no lever in force helps any more."""
        households = self.county.state.households
        helped = np.flatnonzero(households["helped"] != 0)
        reached = np.zeros(len(helped), bool)
        for terms in in_force:
            reached |= self._qualified(helped, terms)
        over = helped[~reached | (households["members"][helped] == 0)]
        for name in ("helped", "job_help"):
            households[name][over] = 0

    def _qualified(self, rows: np.ndarray, terms: Terms) -> np.ndarray:
        """Say which households meet a lever's condition."""
        state = self.county.state
        found = np.zeros(len(rows), bool)
        p, h = state.persons.matrices, state.households.matrices
        start = state.households["start"][rows]
        who_qualifies(
            int(terms["number"]), start, rows, *self.conditions, p["i1"], p["i2"], p["i4"], h["i1"], h["i2"], h["i4"], found
        )
        if terms["least_score"] > 0.0:
            found &= state.households["risk_score"][rows] > POINTS * terms["least_score"]
        return found

    def _help(self, terms: Terms) -> None:
        """Arrange measures for as many households as the staff can."""
        county = self.county
        months = max(1, int(terms["dispatch_months"]))
        capacity = whole(terms["staff"] * county.county.households / 1000.0 * terms["measures"] * months)
        rows, measures = self._waiting(terms)
        order = in_order(county, rows, self._since(), ORDERS[int(terms["order"])])
        place = np.zeros(len(county.state.households), np.int64)
        place[rows] = measures
        cost = np.array([count_bits(int(bits)) for bits in place[order]], np.int64)
        served, _ = settled_in(Queue(order, cost), capacity)
        arrived = served[county.bulk("referral", county.state.households["id"][served], county.month) >= terms["lost"]]
        self._start(arrived, place[arrived], terms["days"])

    def _since(self) -> np.ndarray:
        """Return the month in which each household's clock of help started: of identification, else this month."""
        households = self.county.state.households
        return np.where(households["monitored"] == 1, households["identified_month"], self.county.month)

    def _waiting(self, terms: Terms) -> tuple[np.ndarray, np.ndarray]:
        """Return the households with a need that no measure meets yet and whose days have passed, and the measures due."""
        households = self.county.state.households
        rows = np.flatnonzero(households["members"] > 0)
        rows = rows[self._qualified(rows, terms)]
        due = np.zeros(len(rows), np.int64)
        day = np.where(households["monitored"][rows] == 1, households["clock_day"][rows], FIRST_DAY)
        due_all(
            due, households["need_types"][rows], households["trigger"][rows], households["able"][rows],
            is_needy(self.county, rows), households["helped"][rows], self._since()[rows], day, self.county.month,
            terms["days"] * factors(self.county, "response_days", rows), int(terms["match"]),
        )  # fmt: skip
        return rows[due > 0], due[due > 0]

    def _start(self, rows: np.ndarray, measures: np.ndarray, days: float) -> None:
        """Start measures, and count the days to each household's first one."""
        county = self.county
        households = county.state.households
        # whoever was helped before it was identified did not wait for its first measure
        new = (
            (households["first_help_month"][rows] == 0) & (households["monitored"][rows] == 1) & (households["helped"][rows] == 0)
        )
        households["helped"][rows] |= measures.astype(np.int8)
        households["job_help"][rows] = (households["helped"][rows] & EMPLOYMENT) > 0
        fresh = rows[new]
        households["first_help_month"][fresh] = county.month
        since, day = households["identified_month"][fresh].tolist(), households["clock_day"][fresh].tolist()
        clock = (days * factors(county, "response_days", fresh)).tolist()
        waited = np.array([days_waited(county.month, *one) for one in zip(since, day, clock, strict=True)], np.int64)
        group = households["group"][fresh]
        county.count_by_group("helped_households", group)
        county.count_by_group("helped_in_15_days_households", group[waited <= 15])
        county.count_by_group("helped_in_30_days_households", group[waited <= DAYS])
        county.count_by_group("help_days", group, waited)


@procedure
def due_all(
    due: np.ndarray, need_types: Any, trigger: Any, able: Any, needy: Any, helped: Any, since: Any, day: Any, month: int,
    days: Any, match: int,
) -> None:  # fmt: skip
    """Find the measures that are due and not yet given, for many households."""
    for k in range(len(due)):
        if is_ready(month, int(since[k]), int(day[k]), days[k]):
            needs = needs_of(int(need_types[k]), int(trigger[k]), int(able[k]), bool(needy[k]))
            due[k] = measures_of(needs, match) & ~int(helped[k])
