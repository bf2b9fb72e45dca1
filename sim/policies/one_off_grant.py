"""One-off grants: paid after an event, as income or against the cost of rebuilding."""

from __future__ import annotations

from typing import NamedTuple

from sim.arithmetic import to_fen
from sim.engine import procedure, rule
from sim.policies.eligibility import qualifies
from sim.policies.monitoring import SPENDING
from sim.policies.tables import column_of
from sim.processes.guarantees import STRUCK_MONTHS
from sim.processes.shocks import ACCIDENT as INJURY

DISASTER, HARDSHIP, NEWLY_MONITORED, REBUILDING, SCHOOL_ENTRY, MIGRATION, ACCIDENT, HIGH_SPENDING = range(8)
"""Codes of the word ``event``; the column ``events`` holds them as bits."""
INCOME, AGAINST_REBUILDING = range(2)
"""Codes of the word ``counts_as``."""
_AMOUNT = column_of("one_off_grant", "amount")
_SHARE = column_of("one_off_grant", "share_of_loss")
_CAP = column_of("one_off_grant", "cap")
_PROBABILITY = column_of("one_off_grant", "probability")
_DELAY = column_of("one_off_grant", "delay")
_WAIT = column_of("one_off_grant", "wait")
_FROM = column_of("one_off_grant", "from_loss")
_EVENT = column_of("one_off_grant", "event")
_COUNTS_AS = column_of("one_off_grant", "counts_as")


class Events(NamedTuple):
    """What has happened to a household that a grant may follow, as bits."""

    events: int


class Grants(NamedTuple):
    """One-off grants of the month, in fen, and what they leave of the household's books."""

    relief_paid: int
    rebuilding_grant: int
    rebuilding_change: int
    open_loss: int
    relief_month: int
    cash_month: int
    unavoidable_month: int


@rule
def find_events(
    members: int,
    struck_month: int,
    month: int,
    temporary_hardship: int,
    rebuilding: int,
    sum_enters_tertiary: int,
    sum_leaves_for_work: int,
    major_shock: int,
    trigger: int,
) -> Events:
    """Find the events that a grant may follow; a disaster and its loss stay open for a year."""
    struck = (struck_month > 0) & (month - struck_month < STRUCK_MONTHS)
    bits = 1 << DISASTER if struck else 0
    bits = bits | (temporary_hardship << HARDSHIP)
    bits = bits | (1 << REBUILDING if rebuilding > 0 else 0)
    bits = bits | (1 << SCHOOL_ENTRY if sum_enters_tertiary > 0 else 0)
    bits = bits | (1 << MIGRATION if sum_leaves_for_work > 0 else 0)
    bits = bits | (1 << ACCIDENT if major_shock == INJURY else 0)
    bits = bits | (1 << HIGH_SPENDING if trigger & SPENDING else 0)
    return Events(bits if members > 0 else 0)


@rule
def is_due(event: int, delay: float, month: int, events: int, monitored: int, identified_month: int, struck_month: int) -> bool:
    """Say whether a grant is due this month.

    After a disaster, and after entry into the registry, it is due for a year once the delay is over; a disaster that brought
    the household into the registry counts from that entry. After other events it is due in their month only.
    """
    if event == DISASTER or event == NEWLY_MONITORED:
        if event == DISASTER and events & (1 << DISASTER) == 0:
            return False
        if event == NEWLY_MONITORED and monitored == 0:
            return False
        entered = monitored == 1 and (event == NEWLY_MONITORED or identified_month > struck_month)
        since = month - (identified_month if entered else struck_month)
        return delay <= since < delay + STRUCK_MONTHS
    return events & (1 << event) > 0


@rule
def grant_amount(amount: float, share: float, cap: float, from_loss: float, open_loss: int) -> int:
    """Return an amount plus a share of the loss above a threshold that is still open, at most the cap, in fen."""
    above = open_loss - from_loss
    due = amount + (share * above if above > 0.0 else 0.0)
    return to_fen(due if due < cap else cap)


@procedure
def give_grants(  # type: ignore[no-untyped-def]
    members, events, monitored, identified_month, struck_month, open_loss, spend_12m, relief_month, cash_month,
    unavoidable_month, month,
    u_grant, start, h, paid, L_one_off_grant, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
) -> Grants:  # fmt: skip
    """Pay the one-off grants that are due and book them; income is paid again only after the waiting time, a loss met once."""
    relief = 0
    grant = 0
    loss = open_loss
    for row in range(L_one_off_grant.shape[0]):
        if L_one_off_grant[row, 0] != 1.0 or members == 0 or u_grant >= L_one_off_grant[row, _PROBABILITY]:
            continue
        as_income = L_one_off_grant[row, _COUNTS_AS] == INCOME
        if as_income and relief_month > 0 and month - relief_month < L_one_off_grant[row, _WAIT]:
            continue
        if not as_income and int(L_one_off_grant[row, _EVENT]) == DISASTER and loss == 0:
            continue
        event, delay = int(L_one_off_grant[row, _EVENT]), L_one_off_grant[row, _DELAY]
        if not is_due(event, delay, month, events, monitored, identified_month, struck_month):
            continue
        number = int(L_one_off_grant[row, 1])
        if not qualifies(number, start, h, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4):
            continue
        share = L_one_off_grant[row, _SHARE]
        met = spend_12m if event == HIGH_SPENDING else loss
        amount = grant_amount(L_one_off_grant[row, _AMOUNT], share, L_one_off_grant[row, _CAP], L_one_off_grant[row, _FROM], met)
        paid[number] += amount
        if event != HIGH_SPENDING and (share > 0.0 or not as_income):
            loss = 0
        if as_income:
            relief += amount
        else:
            grant += amount
    return Grants(
        relief, grant, -grant, loss, month if relief > 0 else relief_month, cash_month + relief, unavoidable_month - grant
    )
