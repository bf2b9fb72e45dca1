"""The posts office: posts, rangers, workshops and work for relief in limited number, given by need, ending by a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.engine import procedure
from sim.indicators import INDEX
from sim.institutions.institution import Institution
from sim.institutions.leaving import end_posts, go_home
from sim.institutions.places import holds, share_open
from sim.institutions.postbook import APPOINTED, BRIDGE_OVER, CLOSED, CUT, HOLDERS, NO_NEED, OVER, UNFIT
from sim.policies.eligibility import Conditions, qualifies
from sim.policies.mechanisms import MECHANISMS
from sim.policies.tables import column_of, columns_of
from sim.processes.employment import LOCAL, LOW_LABOUR, POST, RELIEF
from sim.rules import month_index, year_of
from sim.state import WINDOW, State
from sim.world import FIRST_YEAR, whole

if TYPE_CHECKING:
    from sim.model import Model

_WORDS = MECHANISMS["job_slots"].words
_JOB = column_of("job_slots", "job")
_ONE = column_of("job_slots", "one_a_household")
_PAY, _LATE = column_of("job_slots", "pay"), column_of("job_slots", "pay_delay")


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


class PostsOffice(Institution):
    """The office of one lever's places: posts, or rangers, a workshop's or relief work."""

    def __init__(self, model: Model, row: int, conditions: Conditions) -> None:
        """Take over the posts of one row of the table of job slots."""
        super().__init__(model)
        self.county: Model = model
        self.row = row
        self.conditions = conditions
        self.lever = [lever for lever in model.rules.levers if lever.mechanism == "job_slots"][row]
        self.job = POST + _WORDS["job"].index(self.lever.words["job"])

    def terms(self) -> dict[str, float]:
        """Return this month's terms of the posts."""
        table = self.county.world.levers["job_slots"][self.row]
        return dict(zip(columns_of("job_slots"), (float(value) for value in table), strict=True))

    def says(self, terms: dict[str, float], word: str) -> str:
        """Return what the lever has chosen for a word."""
        return _WORDS[word][int(terms[word])]

    def holders(self, job: int = -1) -> np.ndarray:
        """Return the living holders of this lever's places, or of its bridging work."""
        job = self.job if job < 0 else job
        persons = self.county.state.persons
        lever = int(self.county.world.levers["job_slots"][self.row, 1])
        there = np.flatnonzero(persons["job"] == job)
        return there[(persons["alive"][there] == 1) & (persons["post_lever"][there] == lever)]

    def renew(self) -> None:
        """Before anybody works: end and renew contracts, cut to the number allowed, set this month's pay."""
        terms = self.terms()
        self.close_places()
        if self.job != RELIEF:
            self.end_bridges()
        rule = self.says(terms, "exit_rule")
        if rule == "monthly_test":
            self.test_need(self.holders(), terms)
        self.end_contracts(terms, self.spared(terms) if rule == "contract_end" else None)
        if rule != "contract_end":
            self.cut(self.allowed(terms), terms)
        self.set_pay()

    def close_places(self) -> None:
        """End the places of holders who live where the lever no longer acts."""
        where = self.lever.where_in(self.county.month)
        if where is not None:
            there = holds(where, self.county.state.households, self.county.county)
            holders = self.holders()
            self.dismiss(holders[~there[owners(self.county.state, holders)]], CLOSED)

    def set_pay(self) -> None:
        """Set this month's pay and by how much it comes late; townships may be at different points of the plan."""
        persons, holders = self.county.state.persons, self.holders()
        delays = self.county.world.delays[self.townships(holders)]
        for delay, tables in self.county.world.by_delay.items():
            mine, row = holders[delays == delay], tables["job_slots"][self.row]
            persons["wage"][mine] = whole(float(row[_PAY]))
            persons["pay_delay"][mine] = whole(float(row[_LATE]))

    def townships(self, persons: np.ndarray) -> np.ndarray:
        """Return the townships in which some persons live."""
        state = self.county.state
        found: np.ndarray = state.villages["township"][state.households["village"][owners(state, persons)]]
        return found

    def unpaused(self, holders: np.ndarray) -> np.ndarray:
        """Return the holders who live where supports may be lowered."""
        return holders[~self.county.board.paused[self.townships(holders)]]

    def support(self, paid: np.ndarray) -> None:
        """Pay the employers their support for the places taken at the start of the month."""
        terms = self.terms()
        fen = whole(terms["support"])
        if fen == 0:
            return
        state = self.county.state
        groups = state.households["group"][owners(state, self.holders())]
        np.add.at(self.county.now[:, INDEX["job_support"]], groups, fen)
        paid[int(terms["number"])] += fen * len(groups)

    def step(self) -> None:
        """Fill vacancies by need; who is appointed works from next month on."""
        terms = self.terms()
        if self.job == POST:
            self.count_on_target(int(terms["number"]))
        if self.says(terms, "refill") == "same_rule" and terms["on"] == 1.0:
            self.fill(self.allowed(terms) - len(self.holders()), terms)
        self.note(HOLDERS, self.holders())

    def note(self, event: str, persons: np.ndarray) -> None:
        """Write down what happened to some persons."""
        state = self.county.state
        groups = state.households["group"][owners(state, persons)]
        self.county.post_book.note(self.county.month, self.lever.id, event, groups.tolist())

    def count_on_target(self, lever: int) -> None:
        """Count the holders who meet the lever's condition now, whether or not it is tested."""
        holders = self.holders()
        _, households = self._qualified(holders, owners(self.county.state, holders), lever)
        self.county.count_by_group("posts_on_target", self.county.state.households["group"][households])

    def allowed(self, terms: dict[str, float]) -> int:
        """Return the number of places: so many a registered household or a village of the county, less what has been cut."""
        if terms["on"] != 1.0:
            return 0
        county = self.county.county
        village = self.says(terms, "per") == "village"
        units = county.villages if village else self.county.world.value("registered_share") * county.households
        kept = terms["kept"] if self.says(terms, "cut_base") == "first" else self.remaining()
        there = share_open(self.lever, self.county.month, self.county.state.households, county)
        return whole(terms["slots"] * kept * units * there)

    def remaining(self) -> float:
        """Return the share left when each January keeps its share of the places of the year before; the mean over townships."""
        shares = self.county.world.shares_of_delays()
        return sum(share * self.remaining_after(delay) for delay, share in shares.items())

    def remaining_after(self, delay: int) -> float:
        """Return the share left where supports are so many months behind their plan."""
        left = 1.0
        last = year_of(self.county.month - delay)
        for year in range(max(FIRST_YEAR, year_of(self.lever.start)), last + 1):
            if month_index(year) >= self.lever.start:
                left *= self.lever.values["kept"].at(month_index(year))
        return left

    def without_post(self, persons: np.ndarray, households: np.ndarray, terms: dict[str, float]) -> np.ndarray:
        """Return household income per head of 12 months without what these persons earned in posts, in fen."""
        state = self.county.state
        post = np.minimum(state.persons["income_12m"][persons].astype(np.int64), 12 * whole(terms["pay"]))
        job, left = state.persons["job"][persons], state.persons["left_post"][persons]
        recent = ((job >= POST) & (job <= RELIEF)) | ((left > 0) & (self.county.month - left < WINDOW))
        gross = state.households["gross_12m"][households] - np.where(recent, post, 0)
        return gross // np.maximum(state.households["members"][households], 1)

    def dismiss(self, leavers: np.ndarray, why: str) -> None:
        """End the places of some holders; work for relief was temporary from the start, and ends without a search."""
        self.note(why, leavers)
        if self.job == RELIEF:
            go_home(self.county.state, leavers)
        else:
            end_posts(self.county.state, leavers, self.county.month)

    def end_bridges(self) -> None:
        """End bridging work whose months are over."""
        bridged = self.holders(RELIEF)
        over = self.county.state.persons["job_end"][bridged] < self.county.month
        self.note(BRIDGE_OVER, bridged[over])
        go_home(self.county.state, bridged[over])

    def test_need(self, holders: np.ndarray, terms: dict[str, float]) -> None:
        """Let those of some holders go who no longer meet the lever's condition."""
        still, _ = self._qualified(holders, owners(self.county.state, holders), int(terms["number"]))
        self.dismiss(holders[~np.isin(holders, still)], NO_NEED)

    def spared(self, terms: dict[str, float]) -> np.ndarray:
        """Return the holders whose contract ends and is not renewed, so that the places shrink to the number allowed."""
        holders = self.holders()
        due = self.unpaused(holders[self.county.state.persons["job_end"][holders] < self.county.month])
        surplus = max(0, len(holders) - self.allowed(terms))
        return due[self.exit_order(due, self.says(terms, "exit_order"))[:surplus]]

    def end_contracts(self, terms: dict[str, float], spared: np.ndarray | None = None) -> None:
        """Let holders go who are too old or cannot work; renew contracts as often as allowed, then end them.

        Args:
            terms: of the month.
            spared: holders whose place is not filled again when the contract ends.
        """
        persons = self.county.state.persons
        if spared is not None:
            self.dismiss(spared, CUT)
        if self.says(terms, "exit_rule") == "need_test":
            holders = self.holders()
            self.test_need(holders[persons["job_end"][holders] < self.county.month], terms)
        holders = self.holders()
        unfit = (persons["age"][holders] > terms["maximum_age"]) | (persons["labour"][holders] >= LOW_LABOUR)
        due = persons["job_end"][holders] < self.county.month
        spent = due & (persons["renewals"][holders] >= terms["renewals"])
        renewed = holders[due & ~spent & ~unfit]
        persons["renewals"][renewed] += 1
        persons["job_end"][renewed] += whole(terms["contract_months"])
        self.dismiss(holders[unfit], UNFIT)
        self.dismiss(holders[spent & ~unfit], OVER)

    def cut(self, allowed: int, terms: dict[str, float]) -> None:
        """Cut the posts to the number allowed, in the order of exit, not where a pause holds; those cut may get bridging work."""
        holders = self.holders()
        surplus = len(holders) - allowed
        if surplus <= 0:
            return
        holders = self.unpaused(holders)
        leavers = holders[self.exit_order(holders, self.says(terms, "exit_order"))[:surplus]]
        self.dismiss(leavers, CUT)
        months = whole(terms["bridge_months"])
        if months > 0 and self.job != RELIEF:
            persons = self.county.state.persons
            persons["job"][leavers] = RELIEF
            persons["wage"][leavers] = whole(terms["bridge_pay"])
            persons["job_end"][leavers] = self.county.month + months - 1

    def exit_order(self, holders: np.ndarray, order: str) -> np.ndarray:
        """Return the places of holders in the order in which they leave.

        ``least_need_first``: the best off first, income counted without the post. ``not_monitored_first``: the same, those not
        in the registry last December before all others.
        """
        state = self.county.state
        households = owners(state, holders)
        if order == "longest_stay":
            return np.lexsort((holders, state.persons["job_since"][holders]))
        if order == "random":
            january = month_index(year_of(self.county.month))
            return np.lexsort((holders, self.county.bulk("post_order", state.households["id"][households], january)))
        head = self.without_post(holders, households, self.terms())
        if order == "least_need_first":
            return np.lexsort((holders, -head))
        return np.lexsort((holders, -head, state.households["monitored_december"][households]))

    def fill(self, vacancies: int, terms: dict[str, float]) -> None:
        """Give vacant places to those who qualify, the poorest households first or those in the registry before them."""
        if vacancies <= 0:
            return
        state = self.county.state
        persons = state.persons
        able = (persons["alive"] == 1) & (persons["job"] < LOCAL) & (persons["labour"] < LOW_LABOUR)
        of_age = (persons["age"] >= terms["minimum_age"]) & (persons["age"] <= terms["maximum_age"])
        candidates = np.flatnonzero(able & of_age & (persons["sick_months"] == 0) & (persons["in_school"] == 0))
        candidates, households = self._qualified(candidates, owners(state, candidates), int(terms["number"]))
        if self.says(terms, "one_a_household") == "yes":
            # members lie side by side: the first candidate of a household is the one whose neighbour is of another
            first = np.diff(households, prepend=-1) != 0
            chosen = first & ~self.served()[households]
            candidates, households = candidates[chosen], households[chosen]
        head = self.without_post(candidates, households, terms)
        if self.says(terms, "fill_order") == "poorest":
            self.appoint(candidates[poorest(head, vacancies)], terms)
        else:
            order = np.lexsort((head, 1 - state.households["monitored"][households]))
            self.appoint(candidates[order[:vacancies]], terms)

    def served(self) -> np.ndarray:
        """Mark the households that hold a place of a lever that gives one a household; bridging work does not count."""
        state = self.county.state
        persons = state.persons
        kind = np.full(max(1, len(self.county.rules.levers)), -1)
        for row in self.county.world.levers["job_slots"]:
            if row[_ONE] == _WORDS["one_a_household"].index("yes"):
                kind[int(row[1])] = POST + int(row[_JOB])
        held = np.flatnonzero((persons["job"] >= POST) & (persons["job"] <= RELIEF) & (persons["alive"] == 1))
        held = held[kind[persons["post_lever"][held]] == persons["job"][held]]
        marked = np.zeros(len(state.households), bool)
        marked[owners(state, held)] = True
        return marked

    def _qualified(self, persons: np.ndarray, households: np.ndarray, lever: int) -> tuple[np.ndarray, np.ndarray]:
        """Keep the persons who meet the lever's condition."""
        found = np.zeros(len(persons), bool)
        p, h = self.county.state.persons.matrices, self.county.state.households.matrices
        who_qualifies(lever, persons, households, *self.conditions, p["i1"], p["i2"], p["i4"], h["i1"], h["i2"], h["i4"], found)
        return persons[found], households[found]

    def appoint(self, chosen: np.ndarray, terms: dict[str, float]) -> None:
        """Appoint the chosen for one contract."""
        persons = self.county.state.persons
        persons["job"][chosen] = self.job
        persons["wage"][chosen] = whole(terms["pay"])
        persons["job_since"][chosen] = self.county.month
        persons["job_end"][chosen] = self.county.month + whole(terms["contract_months"]) - 1
        persons["renewals"][chosen] = 0
        persons["post_lever"][chosen] = int(terms["number"])
        self.note(APPOINTED, chosen)


def poorest(head: np.ndarray, count: int) -> np.ndarray:
    """Return the places of the smallest values, in their order; of equal ones the first."""
    if count < len(head):
        bar = np.partition(head, count - 1)[count - 1]
        near = np.flatnonzero(head <= bar)
    else:
        near = np.arange(len(head))
    return near[np.argsort(head[near], kind="stable")][:count]
