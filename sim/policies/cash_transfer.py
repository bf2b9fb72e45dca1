"""Cash transfer: an amount a month or a year for a person, a household or a mu of land; a person's may be dibao or tekun."""

from __future__ import annotations

from typing import NamedTuple

from sim.arithmetic import to_fen
from sim.engine import procedure
from sim.events import hold
from sim.policies.eligibility import qualifies
from sim.policies.mechanisms import MECHANISMS
from sim.policies.opening import TRANSFERS
from sim.policies.tables import column_of
from sim.policies.top_up import PAID, gap_payment

_AMOUNT, _MONTH, _REACH, _COUNTED = (column_of("cash_transfer", name) for name in ("amount", "month", "reach", "counted"))
_PER, _STATUS = column_of("cash_transfer", "per"), column_of("cash_transfer", "status")
_PERSON, _HOUSEHOLD, _MU, _TITLED, _GAP = range(len(MECHANISMS["cash_transfer"].words["per"]))
_NONE, _DIBAO, _TEKUN = (MECHANISMS["cash_transfer"].words["status"].index(name) for name in ("none", "dibao", "tekun"))


class Received(NamedTuple):
    """A person's transfers, in fen: paid this month, due in a year and the part of it that the means test leaves out.

    ``status_paid`` is the part of this month's that is single-person dibao or tekun, of which the flags tell.
    """

    allowance: int
    status_paid: int
    entitled: int
    uncounted: int
    single_dibao: int
    tekun: int


class Support(NamedTuple):
    """A household's own transfers, in fen: paid this month, due in a year and what the means test leaves out of it."""

    support: int
    support_entitled: int
    support_uncounted: int


@procedure
def receive_transfers(  # type: ignore[no-untyped-def]
    alive, moy, i, h, hh_refusal_rank, paid, T_bit, O_first, O_last, O_rows, L_cash_transfer, W_lever, W_clause, W_term,
    W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4, H_i8,
) -> Received:  # fmt: skip
    """Pay a person every transfer that it qualifies for, and give it the status that comes with one."""
    allowance = 0
    status_paid = 0
    entitled = 0
    uncounted = 0
    dibao = 0
    tekun = 0
    for k in range(O_first[TRANSFERS], O_last[TRANSFERS]):
        row = O_rows[k]
        if alive == 0 or hh_refusal_rank < 100.0 * (1.0 - L_cash_transfer[row, _REACH]):
            continue
        number = int(L_cash_transfer[row, 1])
        if not qualifies(number, i, h, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4):
            continue
        amount = to_fen(L_cash_transfer[row, _AMOUNT])
        month = L_cash_transfer[row, _MONTH]
        yearly = amount * (12 if month == 0.0 else 1)
        entitled += yearly
        uncounted += to_fen(yearly * (1.0 - L_cash_transfer[row, _COUNTED]))
        hold(number, h, yearly, T_bit, H_i8)
        status = L_cash_transfer[row, _STATUS]
        dibao = 1 if status == _DIBAO else dibao
        tekun = 1 if status == _TEKUN else tekun
        if month == 0.0 or month == moy:
            allowance += amount
            status_paid += amount if status != _NONE else 0
            paid[number] += amount
    return Received(allowance, status_paid, entitled, uncounted, dibao, tekun)


@procedure
def receive_support(  # type: ignore[no-untyped-def]
    members, land_mu, titled_asset_value, village_due, refusal_rank, assessed_12m, assessment_factor, dibao_benefit, dibao_stage,
    moy, h, start, paid, T_bit, L_cash_transfer,
    W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4, H_i8,
) -> Support:  # fmt: skip
    """Pay a household every transfer that it qualifies for, as one, by its land, assets or gap; and its share of village funds.

    A gap is what assessed income, as last month left it, and running dibao leave to the amount for each member.
    """
    now = village_due
    entitled = 0
    uncounted = 0
    for row in range(L_cash_transfer.shape[0]):
        if L_cash_transfer[row, 0] != 1.0 or L_cash_transfer[row, _PER] == _PERSON or members == 0:
            continue
        if refusal_rank < 100.0 * (1.0 - L_cash_transfer[row, _REACH]):
            continue
        number = int(L_cash_transfer[row, 1])
        if not qualifies(number, start, h, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4):
            continue
        size = land_mu if L_cash_transfer[row, _PER] == _MU else 1.0
        size = titled_asset_value / 100.0 if L_cash_transfer[row, _PER] == _TITLED else size
        amount = to_fen(L_cash_transfer[row, _AMOUNT] * size)
        if L_cash_transfer[row, _PER] == _GAP:
            dibao = dibao_benefit if dibao_stage >= PAID else 0
            amount = gap_payment(assessed_12m * assessment_factor, members, L_cash_transfer[row, _AMOUNT], 0.0) - dibao
            amount = amount if amount > 0 else 0
        month = L_cash_transfer[row, _MONTH]
        yearly = amount * (12 if month == 0.0 else 1)
        entitled += yearly
        uncounted += to_fen(yearly * (1.0 - L_cash_transfer[row, _COUNTED]))
        hold(number, h, yearly, T_bit, H_i8)
        if month == 0.0 or month == moy:
            now += amount
            paid[number] += amount
    return Support(now, entitled, uncounted)
