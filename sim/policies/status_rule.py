"""Status rules: who counts as a family at the margin of dibao, and as a family of low income; other levers ask for it."""

from __future__ import annotations

from typing import NamedTuple

from sim.engine import procedure
from sim.policies.eligibility import qualifies
from sim.policies.mechanisms import MECHANISMS
from sim.policies.tables import column_of

_REACH, _REVIEW = column_of("status_rule", "reach"), column_of("status_rule", "review_months")
_STATUS = column_of("status_rule", "status")
_MARGIN, _LOW = (MECHANISMS["status_rule"].words["status"].index(name) for name in ("dibao_margin", "low_income"))


class Margin(NamedTuple):
    """Whether the household is registered at the margin of dibao."""

    dibao_margin: int


class LowIncome(NamedTuple):
    """Whether the household is registered as a family of low income."""

    low_income: int


@procedure
def is_listed(  # type: ignore[no-untyped-def]
    status, held, members, refusal_rank, turn, month, start, h, L_status_rule, W_lever, W_clause, W_term, W_bound,
    P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
) -> int:  # fmt: skip
    """Return 1 if any rule of a status in force admits the household, or it holds the status and its review is not yet due."""
    if members == 0:
        return 0
    for row in range(L_status_rule.shape[0]):
        if L_status_rule[row, 0] != 1.0 or L_status_rule[row, _STATUS] != status:
            continue
        if refusal_rank < 100.0 * (1.0 - L_status_rule[row, _REACH]):
            continue
        period = int(L_status_rule[row, _REVIEW])
        if held == 1 and (month + int(turn * period)) % period != 0:
            return 1
        number = int(L_status_rule[row, 1])
        if qualifies(number, start, h, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4):
            return 1
    return 0


@procedure
def list_margin(  # type: ignore[no-untyped-def]
    dibao_margin, members, refusal_rank, turn, month, start, h, L_status_rule, W_lever, W_clause, W_term, W_bound,
    P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
) -> Margin:  # fmt: skip
    """Register families at the margin of dibao, or end it at a review."""
    return Margin(
        is_listed(
            _MARGIN, dibao_margin, members, refusal_rank, turn, month, start, h, L_status_rule, W_lever, W_clause, W_term,
            W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
        )
    )  # fmt: skip


@procedure
def list_low_income(  # type: ignore[no-untyped-def]
    low_income, members, refusal_rank, turn, month, start, h, L_status_rule, W_lever, W_clause, W_term, W_bound,
    P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
) -> LowIncome:  # fmt: skip
    """Register families of low income, by this month's other statuses too, or end it at a review."""
    return LowIncome(
        is_listed(
            _LOW, low_income, members, refusal_rank, turn, month, start, h, L_status_rule, W_lever, W_clause, W_term, W_bound,
            P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
        )
    )  # fmt: skip
