"""Credit: who wants a loan and gets it, its interest by quarter, the budget's share of it, and its end in one sum."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.arithmetic import exp, normal, to_fen
from sim.engine import procedure, rule
from sim.policies.eligibility import qualifies
from sim.policies.tables import NUMBER, ON, column_of
from sim.processes.business import LARGEST_HERD
from sim.processes.consumption import kin_room

_AMOUNT = column_of("credit", "amount")
_RATE = column_of("credit", "rate")
_SUBSIDY = column_of("credit", "subsidy")
_TERM = column_of("credit", "term_months")
_TAKE_UP = column_of("credit", "take_up")
_SCALE = column_of("credit", "scale")
_CHANCE = column_of("credit", "renewal_chance")
_RENEWAL = column_of("credit", "renewal")
ONCE = 1
LARGEST_LOAN = 1e8
"""One million yuan: nobody needs a larger loan here."""
QUARTER = 3


class Wish(NamedTuple):
    """Whether the household qualifies for credit, wants a loan, and how much, in fen."""

    credit_eligible: int
    loan_wanted: int
    loan_need: int


class Loan(NamedTuple):
    """A loan: what is paid out this month, its terms, and the business that it adds."""

    loan_granted: int
    loans_granted: int
    loan_balance: int
    loan_rate: float
    loan_start: int
    loan_due: int
    loan_lever: int
    loan_renewals: int
    loan_wanted: int
    loan_herd: int
    livestock: int


class Interest(NamedTuple):
    """Interest of the quarter on a loan: the household's own part and the budget's, in fen."""

    loan_interest: int
    interest_subsidy: int


class Maturity(NamedTuple):
    """A loan that is due: repaid, renewed, taken over by kin or in arrears; balances in fen."""

    loan_balance: int
    loan_due: int
    loan_renewals: int
    loan_herd: int
    livestock: int
    assets: int
    kin_debt: int
    arrears: int
    in_default: int
    defaulted: int
    repaid: int
    kin_borrowed: int


@rule
def seek_credit(
    able: int,
    loan_balance: int,
    arrears: int,
    law_loan_wish: float,
    law_loan_need: float,
    law_loan_need_sd: float,
    u_loan_wish: float,
    u_loan_need: float,
) -> Wish:
    """Decide once a year, in the household's own month, whether it wants a loan for its business, and how much it needs."""
    eligible = (able > 0) & (loan_balance == 0) & (arrears == 0)
    wanted = eligible & (u_loan_wish < law_loan_wish)
    need = law_loan_need * exp(law_loan_need_sd * normal(u_loan_need) - 0.5 * law_loan_need_sd * law_loan_need_sd)
    return Wish(1 if eligible else 0, 1 if wanted else 0, to_fen(need if need < LARGEST_LOAN else LARGEST_LOAN) if wanted else 0)


@rule
def is_granted(loan_need: int, amount: float, best: int) -> int:
    """Return what a lender offers, if it is more than the best offer so far; else 0."""
    offer = to_fen(amount) if amount < loan_need else loan_need
    return offer if offer > best else 0


@rule
def added_herd(granted: int, scale: float, livestock: int) -> int:
    """Return the yearly livestock sales that a loan adds, in fen."""
    most = LARGEST_HERD - livestock
    herd = granted * scale
    return to_fen(herd if herd < most else most)


@procedure
def grant_loan(  # type: ignore[no-untyped-def]
    month, loan_need, loan_rate, loan_start, loan_due, loan_lever, loan_renewals, loan_balance, loan_herd, livestock,
    x_loan_chance, x_loan_rate, u_loan,
    h, start, L_credit, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
) -> Loan:  # fmt: skip
    """Ask every lender, and take the largest loan of those that say yes this month, of equal ones the first.

    A household that needs much does not turn a small loan down for a large one that hardly anybody gets. Lenders judge the same
    borrower: whom the strictest accepts, all accept, so that one draw answers for all.
    """
    best = 0
    chosen = -1
    for row in range(L_credit.shape[0]):
        answers = L_credit[row, ON] == 1.0 and u_loan < x_loan_chance * L_credit[row, _TAKE_UP]
        offer = is_granted(loan_need, L_credit[row, _AMOUNT], best) if answers else 0
        if offer > 0 and qualifies(
            int(L_credit[row, NUMBER]), start, h, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4
        ):
            best = offer
            chosen = row
    if chosen < 0:
        return Loan(
            0, 0, loan_balance, loan_rate, loan_start, loan_due, loan_lever, loan_renewals, 1, loan_herd, livestock
        )  # fmt: skip
    herd = added_herd(best, L_credit[chosen, _SCALE], livestock)
    due = month + math.floor(L_credit[chosen, _TERM] + 0.5)
    return Loan(
        best, 1, best, x_loan_rate * L_credit[chosen, _RATE], month, due, int(L_credit[chosen, NUMBER]), 0, 0, herd,
        livestock + herd
    )  # fmt: skip


@rule
def quarterly_interest(month: int, moy: int, loan_balance: int, loan_rate: float, loan_start: int, subsidy: float) -> Interest:
    """Return the interest of the months since the last quarter's end, or since the loan began, and who pays it."""
    months = QUARTER if moy % QUARTER == 0 else moy % QUARTER
    months = months if months < month - loan_start else month - loan_start
    whole = to_fen(loan_balance * loan_rate * months / 12.0)
    budget = to_fen(whole * subsidy)
    return Interest(whole - budget, budget)


@procedure
def charge_interest(  # type: ignore[no-untyped-def]
    month, moy, loan_balance, loan_rate, loan_start, loan_lever, L_credit, paid
) -> Interest:
    """Charge the quarter's interest; the lender's lever pays its share while it is in force."""
    subsidy = 0.0
    for row in range(L_credit.shape[0]):
        if L_credit[row, ON] == 1.0 and int(L_credit[row, NUMBER]) == loan_lever:
            subsidy = L_credit[row, _SUBSIDY]
    interest = quarterly_interest(month, moy, loan_balance, loan_rate, loan_start, subsidy)
    if interest.interest_subsidy > 0:
        paid[loan_lever] += interest.interest_subsidy
    return interest


@rule
def end_loan(
    term: float,
    month: int,
    loan_balance: int,
    loan_due: int,
    loan_renewals: int,
    loan_herd: int,
    livestock: int,
    assets: int,
    kin_debt: int,
    arrears: int,
    in_default: int,
    repaid: int,
    kin_borrowed: int,
    aftermath: float,
    kin_limit: float,
) -> Maturity:
    """Settle a loan that is due: from the purse; else a new term (``term`` is 0 where nobody renews); else kin; else arrears.

    With the loan ends the business that it carried.
    """
    if assets < loan_balance and term > 0.0:
        due = month + math.floor(term + 0.5)
        return Maturity(
            loan_balance, due, loan_renewals + 1, loan_herd, livestock, assets, kin_debt, arrears, in_default, 0, repaid,
            kin_borrowed,
        )  # fmt: skip
    own = assets if assets < loan_balance else loan_balance
    rest = loan_balance - own
    room = kin_room(kin_debt, kin_limit, aftermath)
    kin = rest if rest < room else room
    unpaid = rest - kin
    herd = livestock - loan_herd if livestock > loan_herd else 0
    return Maturity(
        0, loan_due, 0, 0, herd, assets - own, kin_debt + kin, arrears + unpaid, 1 if unpaid > 0 else in_default,
        1 if unpaid > 0 else 0, repaid + own + kin, kin_borrowed + kin,
    )  # fmt: skip


@procedure
def settle_loan(  # type: ignore[no-untyped-def]
    month, loan_balance, loan_due, loan_lever, loan_renewals, loan_herd, livestock, assets, kin_debt, arrears, in_default,
    repaid, kin_borrowed, env_aftermath, law_kin_limit, u_renewal, h, start, L_credit, W_lever, W_clause, W_term, W_bound,
    P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
) -> Maturity:  # fmt: skip
    """End a loan that is due, or renew it once, by its lender or another lever in force that admits the household."""
    term = 0.0
    if loan_renewals == 0:
        for row in range(L_credit.shape[0]):
            open_row = L_credit[row, ON] == 1.0 and L_credit[row, _RENEWAL] == ONCE and u_renewal < L_credit[row, _CHANCE]
            number = int(L_credit[row, NUMBER])
            if open_row and term == 0.0 and (number == loan_lever or qualifies(
                number, start, h, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4
            )):  # fmt: skip
                term = L_credit[row, _TERM]
    return end_loan(
        term, month, loan_balance, loan_due, loan_renewals, loan_herd, livestock, assets, kin_debt, arrears, in_default, repaid,
        kin_borrowed, env_aftermath, law_kin_limit,
    )  # fmt: skip
