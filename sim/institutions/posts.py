"""The posts office: public-welfare posts in limited number, given by need, ending by a rule."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import mesa
import numpy as np

from sim.draws import bulk
from sim.engine import procedure
from sim.policies.eligibility import Conditions, qualifies
from sim.policies.mechanisms import MECHANISMS
from sim.policies.tables import columns_of
from sim.processes.employment import FARM, LOCAL, LOW_LABOUR, POST, POST_LEAVER_MONTHS, RELIEF, SEEK_TO
from sim.rules import month_index, year_of
from sim.state import WINDOW, State
from sim.world import whole

if TYPE_CHECKING:
    from sim.model import Model

ORDERS = MECHANISMS["job_slots"].words["exit_order"]
REFILLS = MECHANISMS["job_slots"].words["refill"]


@procedure
def who_qualifies(  # type: ignore[no-untyped-def]
    lever, persons, households, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4, found,
) -> None:  # fmt: skip
    """Mark which of some persons meet a lever's condition."""
    for k in range(len(persons)):
        found[k] = qualifies(
            lever, persons[k], households[k], W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4
        )


def owners(state: State, persons: np.ndarray) -> np.ndarray:
    """Return the households of some members' slots."""
    return np.searchsorted(state.households["start"], persons, side="right") - 1


def end_posts(state: State, leavers: np.ndarray, month: int) -> None:
    """Send holders of posts back to the farm; who has lost a post looks for work, whatever the wish before."""
    persons = state.persons
    persons["job"][leavers] = FARM
    persons["wage"][leavers] = 0
    persons["job_since"][leavers] = month
    persons["left_post"][leavers] = month
    persons["work_rank"][leavers] = 0.0
    persons["wants_work"][leavers] = 1


class PostsOffice(mesa.Agent):
    """The office of one lever's posts."""

    def __init__(self, model: Model, row: int, conditions: Conditions) -> None:
        """Take over the posts of one row of the table of job slots."""
        super().__init__(model)
        self.county: Model = model
        self.row = row
        self.conditions = conditions

    def terms(self) -> dict[str, float]:
        """Return this month's terms of the posts."""
        table = self.county.world.levers["job_slots"][self.row]
        return dict(zip(columns_of("job_slots"), (float(value) for value in table), strict=True))

    def holders(self, job: int = POST) -> np.ndarray:
        """Return the living holders of this lever's posts, or of its bridging work."""
        persons = self.county.state.persons
        lever = int(self.county.world.levers["job_slots"][self.row, 1])
        there = np.flatnonzero(persons["job"] == job)
        return there[(persons["alive"][there] == 1) & (persons["post_lever"][there] == lever)]

    def renew(self) -> None:
        """Before anybody works: end and renew contracts, cut to the number allowed, set this month's pay."""
        terms = self.terms()
        self.end_bridges()
        self.end_contracts(terms)
        self.cut(self.allowed(terms), terms)
        self.county.state.persons["wage"][self.holders()] = whole(terms["pay"])

    def step(self) -> None:
        """Fill vacancies by need; who is appointed works from next month on."""
        terms = self.terms()
        if terms["refill"] == REFILLS.index("same_rule") and terms["on"] == 1.0:
            self.fill(self.allowed(terms) - len(self.holders()), terms)

    def allowed(self, terms: dict[str, float]) -> int:
        """Return the number of posts: so many a registered household of the county, less what has been cut."""
        if terms["on"] != 1.0:
            return 0
        registered = self.county.world.value("registered_share") * self.county.county.households
        return whole(terms["slots"] * terms["kept"] * registered)

    def without_post(self, persons: np.ndarray, households: np.ndarray, terms: dict[str, float]) -> np.ndarray:
        """Return household income per head of 12 months without what these persons earned in posts, in fen."""
        state = self.county.state
        post = np.minimum(state.persons["income_12m"][persons].astype(np.int64), 12 * whole(terms["pay"]))
        recent = (state.persons["job"][persons] == POST) | (
            (state.persons["left_post"][persons] > 0) & (self.county.month - state.persons["left_post"][persons] < WINDOW)
        )
        gross = state.households["gross_12m"][households] - np.where(recent, post, 0)
        return gross // np.maximum(state.households["members"][households], 1)

    def dismiss(self, leavers: np.ndarray) -> None:
        """End the posts of some holders."""
        end_posts(self.county.state, leavers, self.county.month)

    def end_bridges(self) -> None:
        """End bridging work whose months are over."""
        bridged = self.holders(RELIEF)
        over = self.county.state.persons["job_end"][bridged] < self.county.month
        persons = self.county.state.persons
        persons["job"][bridged[over]] = FARM
        persons["wage"][bridged[over]] = 0

    def end_contracts(self, terms: dict[str, float]) -> None:
        """Let holders go who are too old or cannot work; renew contracts as often as allowed, then end them."""
        persons = self.county.state.persons
        holders = self.holders()
        unfit = (persons["age"][holders] > terms["maximum_age"]) | (persons["labour"][holders] >= LOW_LABOUR)
        due = persons["job_end"][holders] < self.county.month
        spent = due & (persons["renewals"][holders] >= terms["renewals"])
        renewed = holders[due & ~spent & ~unfit]
        persons["renewals"][renewed] += 1
        persons["job_end"][renewed] += whole(terms["contract_months"])
        self.dismiss(holders[unfit | spent])

    def cut(self, allowed: int, terms: dict[str, float]) -> None:
        """Cut the posts to the number allowed, in the order of exit; those cut may get bridging work."""
        holders = self.holders()
        surplus = len(holders) - allowed
        if surplus <= 0:
            return
        leavers = holders[self.exit_order(holders, ORDERS[int(terms["exit_order"])])[:surplus]]
        self.dismiss(leavers)
        months = whole(terms["bridge_months"])
        if months > 0:
            persons = self.county.state.persons
            persons["job"][leavers] = RELIEF
            persons["wage"][leavers] = whole(terms["bridge_pay"])
            persons["job_end"][leavers] = self.county.month + months - 1

    def exit_order(self, holders: np.ndarray, order: str) -> np.ndarray:
        """Return the places of holders in the order in which they leave.

        ``not_monitored_first``: those not in the registry, the best off first, income counted without the post.
        """
        state = self.county.state
        households = owners(state, holders)
        if order == "longest_stay":
            return np.lexsort((holders, state.persons["job_since"][holders]))
        if order == "random":
            january = month_index(year_of(self.county.month))
            return np.lexsort((holders, bulk(self.county.key, "post_order", state.households["id"][households], january)))
        head = self.without_post(holders, households, self.terms())
        return np.lexsort((holders, -head, state.households["monitored"][households]))

    def fill(self, vacancies: int, terms: dict[str, float]) -> None:
        """Give vacant posts to those who qualify, the poorest households first, one post a household."""
        if vacancies <= 0:
            return
        state = self.county.state
        persons = state.persons
        able = (persons["alive"] == 1) & (persons["job"] < LOCAL) & (persons["labour"] < LOW_LABOUR)
        of_age = (persons["age"] >= terms["minimum_age"]) & (persons["age"] <= terms["maximum_age"])
        candidates = np.flatnonzero(able & of_age & (persons["sick_months"] == 0) & (persons["in_school"] == 0))
        candidates, households = self._qualified(candidates, owners(state, candidates), int(terms["number"]))
        posts = np.flatnonzero(persons["job"] == POST)
        free = np.ones(len(state.households), bool)
        free[owners(state, posts[persons["alive"][posts] == 1])] = False
        # members lie side by side: the first candidate of a household is the one whose neighbour is of another
        first = np.diff(households, prepend=-1) != 0
        chosen = first & free[households]
        candidates, households = candidates[chosen], households[chosen]
        self.appoint(candidates[poorest(self.without_post(candidates, households, terms), vacancies)], terms)

    def _qualified(self, persons: np.ndarray, households: np.ndarray, lever: int) -> tuple[np.ndarray, np.ndarray]:
        """Keep the persons who meet the lever's condition."""
        found = np.zeros(len(persons), bool)
        p, h = self.county.state.persons.matrices, self.county.state.households.matrices
        who_qualifies(lever, persons, households, *self.conditions, p["i1"], p["i2"], p["i4"], h["i1"], h["i2"], h["i4"], found)
        return persons[found], households[found]

    def appoint(self, chosen: np.ndarray, terms: dict[str, float]) -> None:
        """Appoint the chosen for one contract."""
        persons = self.county.state.persons
        persons["job"][chosen] = POST
        persons["wage"][chosen] = whole(terms["pay"])
        persons["job_since"][chosen] = self.county.month
        persons["job_end"][chosen] = self.county.month + whole(terms["contract_months"]) - 1
        persons["renewals"][chosen] = 0
        persons["post_lever"][chosen] = int(terms["number"])


def poorest(head: np.ndarray, count: int) -> np.ndarray:
    """Return the places of the smallest values, in their order; of equal ones the first."""
    if count < len(head):
        bar = np.partition(head, count - 1)[count - 1]
        near = np.flatnonzero(head <= bar)
    else:
        near = np.arange(len(head))
    return near[np.argsort(head[near], kind="stable")][:count]


def crowding(state: State, month: int, vacancies: float) -> float:
    """Return what is left of the chance of finding work when many posts end together: min(1, sqrt(vacancies / seekers))."""
    persons = state.persons
    left = np.flatnonzero(persons["left_post"] > month - POST_LEAVER_MONTHS)
    seeking = (persons["alive"][left] == 1) & (persons["wants_work"][left] == 1) & (persons["job"][left] < LOCAL)
    able = (persons["labour"][left] < LOW_LABOUR) & (persons["age"][left] < SEEK_TO)
    seekers = int((seeking & able).sum())
    return 1.0 if seekers <= vacancies else math.sqrt(vacancies / seekers)
