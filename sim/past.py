"""The past that models go on from: a county at the end of 2020, and how its levers are numbered anew under other rules."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.institutions.leaving import end_posts
from sim.institutions.postbook import GONE, PostBook
from sim.institutions.posts import owners
from sim.processes.employment import POST, RELIEF
from sim.rules import County, month_of_year
from sim.state import Columns, State


@dataclass(frozen=True)
class Past:
    """A county at the end of 2020: its state, what its institutions carry over, and the record of 2013 to 2020."""

    state: State
    carried: dict[str, float]
    record: np.ndarray
    paid: np.ndarray
    levers: tuple[str, ...]
    """Ids of the levers that numbers in the state point to."""
    county: County
    month: int
    rural_population: int
    """Rural persons of all income groups, simulated or not, at the end of 2020."""
    transfers: tuple[str, ...] = ()
    """Ids of the levers of transfers that bits in the state stand for, in their order."""

    def taken_over(self, county: County, levers: tuple[str, ...], transfers: tuple[str, ...], book: PostBook) -> State:
        """Return a copy of the state whose numbers and bits point to the levers of other rules.

        Args:
            county: the county that goes on; it must be the one that lived this past.
            levers: ids of all levers of the rules from now on, in their order.
            transfers: ids of those among them whose transfers have a bit, in its order.
            book: takes the posts that end because their lever is gone.

        Raises:
            ValueError: the past is of another county, or does not end in a December.
        """
        if self.county != county or month_of_year(self.month) != 12:
            raise ValueError(f"the past is of {self.county} until month {self.month}; allowed: {county} until a December")
        state = self.state.copy()
        if levers != self.levers:
            number = np.array([levers.index(lever) if lever in levers else -1 for lever in self.levers], np.int16)
            self._end_posts(state, number, book)
            _renumber_loans(state.households, number)
        if transfers != self.transfers:
            _renumber_transfers(state.households, self.transfers, transfers)
        return state

    def _end_posts(self, state: State, number: np.ndarray, book: PostBook) -> None:
        """Point posts to their levers' new numbers; posts of a lever that is gone (-1) end in the first month."""
        persons, month = state.persons, self.month + 1
        held = (persons["job"] >= POST) & (persons["job"] <= RELIEF)
        for place in np.flatnonzero(number < 0):
            holders = np.flatnonzero(held & (persons["alive"] == 1) & (persons["post_lever"] == place))
            groups = state.households["group"][owners(state, holders)]
            book.note(month, self.levers[place], GONE, groups.tolist())
        persons["post_lever"][held] = number[persons["post_lever"][held]]
        gone = held & (persons["alive"] == 1) & (persons["post_lever"] < 0)
        end_posts(state, np.flatnonzero(gone), month)


def _renumber_loans(households: Columns, number: np.ndarray) -> None:
    """Point loans to their levers' new numbers; -1 for a lever that is gone."""
    lent = (households["loan_balance"] > 0) & (households["loan_lever"] >= 0)
    households["loan_lever"][lent] = number[households["loan_lever"][lent]]


def _renumber_transfers(households: Columns, before: tuple[str, ...], now: tuple[str, ...]) -> None:
    """Let the bits of transfers stand for the levers in force now; those of a lever that is gone are dropped."""
    for name in ("supports_held", "supports_ended"):
        bits = households[name].copy()
        households[name] = 0
        for place, lever in enumerate(before):
            if lever in now:
                households[name] |= ((bits >> place) & 1) << now.index(lever)
