"""The anti-relapse registry: finite staff visit, verify and take households in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine import procedure
from sim.institutions.institution import Institution
from sim.institutions.queue import Queue, in_order, settled_in
from sim.policies.detection import DATA, DAYS, SELF_REPORT, VISIT
from sim.policies.mechanisms import MECHANISMS
from sim.policies.monitoring import INCOME, kind_of, verify
from sim.policies.response import days_waited
from sim.policies.tables import columns_of
from sim.world import whole

if TYPE_CHECKING:
    from sim.model import Model

RECORDS = MECHANISMS["detection_channel"].words["record"]
ORDERS = MECHANISMS["verification"].words["order"]
NEVER_LARGE = 1e15
"""No bill or loss is this large: what the law says where no record is kept."""
Terms = dict[str, float]


def terms_in_force(table: np.ndarray, mechanism: str) -> list[Terms]:
    """Return the terms of a mechanism's levers in force, by name."""
    return [dict(zip(columns_of(mechanism), (float(x) for x in row), strict=True)) for row in table if row[0] == 1.0]


class Registry(Institution):
    """The county's registry of households at risk."""

    def __init__(self, model: Model) -> None:
        """Open an empty registry; its staff scale with the county's rural households."""
        super().__init__(model)
        self.county: Model = model
        self.round = 0.0
        self.round_ex_poor = 0.0
        self.spare_minutes = 0

    def carried(self) -> dict[str, float]:
        """Return what goes over into the next month."""
        return {"round": self.round, "round_ex_poor": self.round_ex_poor, "spare_minutes": float(self.spare_minutes)}

    def take_over(self, carried: dict[str, float]) -> None:
        """Go on from what an earlier month left."""
        self.round, self.round_ex_poor = carried["round"], carried["round_ex_poor"]
        self.spare_minutes = int(carried["spare_minutes"])

    def open_month(self) -> None:
        """Plan the visits and say which records departments keep and how often households are flagged by mistake."""
        channels = terms_in_force(self.county.world.levers["detection_channel"], "detection_channel")
        self._plan_visits([terms for terms in channels if terms["channel"] == VISIT])
        data = [terms for terms in channels if terms["channel"] == DATA]
        kept = 0
        for terms in data:
            kept |= (1 << int(terms["record"])) >> 1
        law = self.county.world
        law.set("records_kept", float(kept))
        indicators = terms_in_force(law.levers["warning_indicator"], "warning_indicator")
        law.set("alerts_on", float(sum({1 << int(terms["indicator"]) for terms in indicators})))
        law.set("large_bill", _least(data, "hospital_bill", "large_bill"))
        law.set("least_loss", _least(data, "disaster", "least_loss"))
        law.set("false_alarms", sum(terms["false_alarms"] for terms in channels))

    def _plan_visits(self, channels: list[Terms]) -> None:
        """Share out this month's visits: the monitored first, then the rounds of the ex-poor and of all others go on."""
        households = self.county.state.households
        rural = self.county.county.households
        left = sum(terms["staff"] * rural / 1000.0 * terms["visits"] for terms in channels)
        due = {
            who: max((terms[f"visits_{who}"] for terms in channels), default=0.0) / 12.0
            for who in ("monitored", "ex_poor", "other")
        }
        monitored = int(households["monitored"].sum())
        former = (households["ex_poor"] == 1) | (households["registered"] == 1)
        ex_poor = int((former & (households["monitored"] == 0) & (households["members"] > 0)).sum())
        first = min(left, monitored * due["monitored"])
        share_ex_poor = min(1.0, due["ex_poor"], (left - first) / max(1, ex_poor))
        second = share_ex_poor * ex_poor
        others = max(0, rural - monitored - ex_poor)
        share = min(1.0, due["other"], max(0.0, left - first - second) / max(1, others))
        law = self.county.world
        for name, value in (("start", self.round), ("share", share)):
            law.set(f"visit_{name}", value)
        for name, value in (("start", self.round_ex_poor), ("share", share_ex_poor)):
            law.set(f"visit_{name}_ex_poor", value)
        self.round = (self.round + share) % 1.0
        self.round_ex_poor = (self.round_ex_poor + share_ex_poor) % 1.0
        self.county.count_for_county("visits_made", whole(first + second + share * others))
        self.county.count_for_county("visiting_workers", whole(sum(terms["staff"] * rural / 1000.0 for terms in channels)))

    def verify_cases(self) -> None:
        """Settle as many cases as the staff's hours allow; the true ones enter the registry."""
        in_force = terms_in_force(self.county.world.levers["verification"], "verification")
        if not in_force:
            return
        terms = in_force[0]
        minutes = whole(terms["staff"] * self.county.county.households / 1000.0 * terms["hours"] * 60.0)
        self.county.count_for_county("staff_minutes", minutes)
        self.spare_minutes += minutes
        queue = self._queue(terms)
        settled, used = settled_in(queue, self.spare_minutes)
        self.spare_minutes = 0 if len(settled) == len(queue.rows) else self.spare_minutes - used
        self.county.count_for_county("staff_minutes_used", used)
        self._settle(settled, terms)

    def _queue(self, terms: Terms) -> Queue:
        """Return the flagged households whose field check is done, in the order of the county, with the minutes of each."""
        households = self.county.state.households
        waiting = np.flatnonzero(households["flagged"] == 1)
        since, day = households["flag_month"][waiting].astype(np.int64), households["clock_day"][waiting].astype(np.int64)
        waiting = waiting[DAYS * (self.county.month - since + 1) >= day + terms["field_days"]]
        minutes = np.zeros(4, np.int64)
        minutes[[SELF_REPORT + 1, VISIT + 1, DATA + 1]] = [
            whole(terms[f"hours_{name}"] * 60.0) for name in ("report", "visit", "data")
        ]
        rows = in_order(self.county, waiting, households["flag_month"], ORDERS[int(terms["order"])])
        return Queue(rows, minutes[households["flag_channel"][rows]])

    def _settle(self, settled: np.ndarray, terms: Terms) -> None:
        """Settle cases: in or turned away."""
        county = self.county
        columns = county.state.households
        ids = columns["id"][settled]
        taken = np.zeros(len(settled), bool)
        line = county.world.value("monitoring_line")
        trigger = columns["trigger"][settled]
        low = (trigger & INCOME) > 0
        verify_all(
            taken, trigger, columns["net_12m"][settled], columns["members"][settled], line,
            county.world.value("seen_ratio"), county.world.value("verification_error"), terms["miss"], terms["tolerance"],
            terms["sudden_margin"], county.bulk("verify", ids, county.month), county.bulk("miss", ids, county.month),
        )  # fmt: skip
        columns["flagged"][settled] = 0
        days = self._days(settled, terms["field_days"])
        group = columns["group"][settled]
        county.count_by_group("verified_households", group)
        county.count_by_group("verified_in_time_households", group[days <= terms["clock_days"]])
        county.count_by_group("verification_days", group, days)
        county.count_by_group("false_alarms", group[taken & (trigger == 0)])
        county.count_by_group("turned_away_households", group[~taken & ~low])
        county.count_by_group("missed_households", group[~taken & low])
        self._enter(settled[taken], days[taken])

    def _days(self, settled: np.ndarray, field_days: float) -> np.ndarray:
        """Return the days that cases waited."""
        columns = self.county.state.households
        since, day = columns["flag_month"][settled].tolist(), columns["clock_day"][settled].tolist()
        pairs = zip(since, day, strict=True)
        return np.array([days_waited(self.county.month, then, on, field_days) for then, on in pairs], np.int64)

    def _enter(self, entrants: np.ndarray, days: np.ndarray) -> None:
        """Take households into the registry; the clock of help starts on the day of the decision."""
        columns = self.county.state.households
        group = columns["group"][entrants]
        self.county.count_by_group("identified_households", group)
        self.county.count_by_group("reidentified_households", group[columns["cleared_month"][entrants] > 0])
        passed = DAYS * (self.county.month - columns["flag_month"][entrants].astype(np.int64))
        columns["clock_day"][entrants] = columns["clock_day"][entrants] + days - passed
        columns["monitored"][entrants] = 1
        columns["identified_month"][entrants] = self.county.month
        for name in ("measures", "first_help_month", "on_trial"):
            columns[name][entrants] = 0
        for household in entrants:
            kind = kind_of(int(columns["trigger"][household]), int(columns["ex_poor"][household]))
            columns["monitored_type"][household] = kind


def _least(channels: list[Terms], record: str, field: str) -> float:
    """Return the lowest threshold of the channels that screen one record."""
    found = [terms[field] for terms in channels if RECORDS[int(terms["record"])] == record]
    return min(found, default=NEVER_LARGE)


@procedure
def verify_all(
    taken: np.ndarray, trigger: Any, net_12m: Any, members: Any, line: float, seen_ratio: float, error: float, miss: float,
    tolerance: float, sudden_margin: float, u_verify: np.ndarray, u_miss: np.ndarray,
) -> None:  # fmt: skip
    """Apply the rule of verification to many cases."""
    for k in range(len(taken)):
        taken[k] = verify(
            int(trigger[k]), float(net_12m[k]), int(members[k]), line, seen_ratio, error, miss, tolerance, sudden_margin,
            u_verify[k], u_miss[k],
        )  # fmt: skip
