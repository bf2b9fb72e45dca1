"""Events: what happens to a household is noted with its month and amount, for the chain of events of a relapse.

Nothing in the model reads these columns: they change no other number.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.arithmetic import to_fen
from sim.engine import procedure, rule
from sim.eventkinds import KIND
from sim.processes.business import less_loss
from sim.state import ROW, Columns

POOR_YEAR = 0.9
"""Yields and prices below this share of normal are an event."""
CUT = 0.1
"""A fall of the yearly transfers due by this share is an event even where none of them ends."""
FOLLOWED = 62
"""Levers of transfers whose end is told apart: the first of a scenario, in its order."""
LARGEST = 2**31 - 1
"""Largest amount that a column holds, in fen."""

_MONTH, _SIZE = ROW["household", "event_month"], ROW["household", "event_size"]
_HELD, _NOW = ROW["household", "supports_held"], ROW["household", "supports_now"]
_ENDED, _DUE = ROW["household", "supports_ended"], ROW["household", "transfers_due"]

_ADMISSION, _ACCIDENT, _CAPACITY, _CHRONIC = (KIND[name] for name in ("admission", "accident", "capacity", "chronic"))
_DEATH, _NEWCOMER, _JOB, _DIBAO = (KIND[name] for name in ("death", "newcomer", "job_lost", "dibao_ended"))
_SUPPORT, _LAPSE, _DISASTER, _YIELD = (KIND[name] for name in ("support_ended", "lapse", "disaster", "yield"))
_PRICE, _SCHOOLING, _REBUILDING, _WATER = (KIND[name] for name in ("price", "schooling", "rebuilding", "water"))
_SALE, _DEFAULT = KIND["distress_sale"], KIND["default"]


class Before(NamedTuple):
    """A person's health before the month changes it."""

    chronic_before: int
    labour_before: int
    grade_before: int


@procedure
def note(kind: int, h: int, month: int, size: int, H_i2: np.ndarray, H_i4: np.ndarray) -> None:
    """Note an event; what happens twice in a month adds up, what happens again takes the place of what was before."""
    if H_i2[_MONTH + kind, h] == month:
        size += int(H_i4[_SIZE + kind, h])
    H_i2[_MONTH + kind, h] = month
    H_i4[_SIZE + kind, h] = size if size < LARGEST else LARGEST


def note_all(households: Columns, kind: str, places: np.ndarray, month: int, sizes: np.ndarray) -> None:
    """Note an event of many households, some of them more than once.

    Args:
        households: the columns of households.
        kind: name of the kind.
        places: rows, one for each event.
        month: the month.
        sizes: amounts in fen, one for each.
    """
    found = np.unique(places)
    months, amounts = households["event_month"][KIND[kind]], households["event_size"][KIND[kind]]
    total = np.zeros(len(households), np.int64)
    total[found] = np.where(months[found] == month, amounts[found], 0)
    np.add.at(total, places, sizes)
    months[found] = month
    amounts[found] = np.minimum(total[found], LARGEST)


# persons -----------------------------------------------------------------------------------------------------------


@rule
def remember_health(chronic_disease: int, labour: int, disability_grade: int) -> Before:
    """Keep a person's health before the month changes it."""
    return Before(chronic_disease, labour, disability_grade)


@procedure
def note_health(
    h: int,
    month: int,
    chronic_disease: int,
    disability_grade: int,
    chronic_before: int,
    grade_before: int,
    H_i2: np.ndarray,
    H_i4: np.ndarray,
) -> None:
    """Note the onset of a chronic condition, and a loss of capacity; age alone is no event."""
    if chronic_disease > chronic_before:
        note(_CHRONIC, h, month, 0, H_i2, H_i4)
    if disability_grade > 0 and (grade_before == 0 or disability_grade < grade_before):
        note(_CAPACITY, h, month, 0, H_i2, H_i4)


@procedure
def note_care(
    h: int,
    month: int,
    injured: int,
    own_payment: int,
    labour: int,
    labour_before: int,
    H_i2: np.ndarray,
    H_i4: np.ndarray,
) -> None:
    """Note an admission with the own payment, and the labour capacity that it cost."""
    note(_ACCIDENT if injured == 1 else _ADMISSION, h, month, own_payment, H_i2, H_i4)
    if labour > labour_before:
        note(_CAPACITY, h, month, 0, H_i2, H_i4)


@procedure
def note_death(h: int, month: int, departed: int, H_i2: np.ndarray, H_i4: np.ndarray) -> None:
    """Note a death with the past year's income that leaves."""
    note(_DEATH, h, month, departed, H_i2, H_i4)


@procedure
def note_job(h: int, month: int, wage: int, H_i2: np.ndarray, H_i4: np.ndarray) -> None:
    """Note the end of an off-farm job with its pay."""
    note(_JOB, h, month, wage, H_i2, H_i4)


@procedure
def note_lapse(h: int, month: int, lapsed: int, H_i2: np.ndarray, H_i4: np.ndarray) -> None:
    """Note that a member pays for no cover of the next year."""
    if lapsed == 1:
        note(_LAPSE, h, month, 0, H_i2, H_i4)


# households --------------------------------------------------------------------------------------------------------


@procedure
def note_birth(h: int, month: int, H_i2: np.ndarray, H_i4: np.ndarray) -> None:
    """Note a birth."""
    note(_NEWCOMER, h, month, 0, H_i2, H_i4)


@procedure
def note_harvest(
    h: int,
    month: int,
    farm_booked: int,
    farm_lost: int,
    crop_value: float,
    law_farm_price: float,
    x_price_loss: float,
    H_i2: np.ndarray,
    H_i4: np.ndarray,
) -> None:
    """Note a poor harvest and a poor price, each with what it took; the price's part is that of a normal harvest."""
    price = less_loss(law_farm_price, x_price_loss)
    if crop_value <= 0.0 or price <= 0.0:
        return
    if price < POOR_YEAR:
        note(_PRICE, h, month, to_fen(crop_value * (1.0 - price)), H_i2, H_i4)
    grown = (farm_booked + farm_lost) / (crop_value * price)
    if grown < POOR_YEAR:
        note(_YIELD, h, month, to_fen(crop_value * (1.0 - grown)), H_i2, H_i4)


@procedure
def note_sales(
    h: int, month: int, livestock: int, law_livestock_price: float, x_price_loss: float, H_i2: np.ndarray, H_i4: np.ndarray
) -> None:
    """Note a poor price of half a year's animals."""
    price = less_loss(law_livestock_price, x_price_loss)
    if price < POOR_YEAR:
        note(_PRICE, h, month, to_fen(0.5 * livestock * (1.0 - price)), H_i2, H_i4)


@procedure
def note_disaster(h: int, month: int, members: int, open_loss: int, H_i2: np.ndarray, H_i4: np.ndarray) -> None:
    """Note a disaster with its loss."""
    if members > 0:
        note(_DISASTER, h, month, open_loss, H_i2, H_i4)


@procedure
def note_school(h: int, month: int, own_schooling: int, H_i2: np.ndarray, H_i4: np.ndarray) -> None:
    """Note a school year that begins at a cost."""
    if own_schooling > 0:
        note(_SCHOOLING, h, month, own_schooling, H_i2, H_i4)


@procedure
def note_rebuilding(h: int, month: int, own_rebuilding: int, H_i2: np.ndarray, H_i4: np.ndarray) -> None:
    """Note a repair of the house with its own cost."""
    note(_REBUILDING, h, month, own_rebuilding, H_i2, H_i4)


@procedure
def note_water(h: int, month: int, water_cost: int, H_i2: np.ndarray, H_i4: np.ndarray) -> None:
    """Note that water has to be bought."""
    if water_cost > 0:
        note(_WATER, h, month, water_cost, H_i2, H_i4)


@procedure
def hold(number: int, h: int, yearly: int, T_bit: np.ndarray, H_i8: np.ndarray) -> None:
    """Mark the lever of a transfer that is due to a household or to one of its members this month."""
    if yearly > 0 and T_bit[number] >= 0:
        H_i8[_NOW, h] |= np.int64(1) << T_bit[number]


@procedure
def note_supports(
    h: int, month: int, sum_entitled: int, support_entitled: int, H_i2: np.ndarray, H_i4: np.ndarray, H_i8: np.ndarray
) -> None:
    """Note transfers that ended or were cut, by what is due in a year: no matter in which month it is paid."""
    due = sum_entitled + support_entitled
    before = int(H_i4[_DUE, h])
    now = H_i8[_NOW, h]
    ended = H_i8[_HELD, h] & ~now
    if ended != 0 or due < before * (1.0 - CUT):
        note(_SUPPORT, h, month, before - due if due < before else 0, H_i2, H_i4)
        H_i8[_ENDED, h] = ended
    H_i8[_HELD, h] = now
    H_i8[_NOW, h] = 0
    H_i4[_DUE, h] = due if due < LARGEST else LARGEST


# after the county has acted ----------------------------------------------------------------------------------------


@procedure
def note_dibao(h: int, month: int, benefit_before: int, H_i2: np.ndarray, H_i4: np.ndarray) -> None:
    """Note the end of dibao with its last payment."""
    note(_DIBAO, h, month, benefit_before, H_i2, H_i4)


@procedure
def note_sale(h: int, month: int, distress_sales: int, H_i2: np.ndarray, H_i4: np.ndarray) -> None:
    """Note animals sold in distress."""
    if distress_sales > 0:
        note(_SALE, h, month, distress_sales, H_i2, H_i4)


@procedure
def note_default(h: int, month: int, arrears: int, H_i2: np.ndarray, H_i4: np.ndarray) -> None:
    """Note a loan not repaid with the arrears."""
    note(_DEFAULT, h, month, arrears, H_i2, H_i4)
