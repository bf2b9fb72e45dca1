"""Livestock: a business with lumpy sales, steady costs and a price of its own."""

from __future__ import annotations

from typing import NamedTuple

from sim.arithmetic import exp, normal, to_fen
from sim.engine import rule

JUNE, DECEMBER = 6, 12
LARGEST_HERD = 5e7
"""500,000 yuan of yearly sales: no herd of a household is larger, so that its months fit into 32 bits of fen."""


class Plan(NamedTuple):
    """The year's business: livestock by its yearly sales at base prices, in fen, and whether the household farms at all."""

    livestock: int
    farms: int


class Herd(NamedTuple):
    """Farm income and cash of the month with the livestock's: sales when sold, cost every month; what is still to be paid."""

    farm_booked: int
    farm_cash: int
    farm_due: int


@rule
def less_loss(reached: float, factor: float) -> float:
    """Scale a fall below normal (1) by a factor; what is normal or above stays."""
    return reached if reached >= 1.0 else 1.0 - (1.0 - reached) * factor


@rule
def herd_size(u_herd: float, mean: float, sd: float) -> int:
    """Return the yearly sales of a household's livestock at base prices: lognormal with the given mean, in fen."""
    sales = mean * exp(sd * normal(u_herd) - 0.5 * sd * sd)
    return to_fen(sales if sales < LARGEST_HERD else LARGEST_HERD)


@rule
def standing_herd(livestock: int, price: float, moy: int) -> float:
    """Return what the animals that stand in the pen would fetch: they grow from nothing to half a year's sales between sales."""
    return 0.5 * livestock * price * (moy % JUNE) / JUNE


@rule
def plan_business(
    able: int,
    land_mu: float,
    livestock: int,
    law_livestock_start: float,
    law_livestock_sales: float,
    law_livestock_sd: float,
    u_livestock: float,
    u_herd: float,
) -> Plan:
    """Give livestock up where nobody is able to tend it (the last were sold in December); a few begin."""
    if able == 0:
        return Plan(0, 0)
    if livestock == 0 and u_livestock < law_livestock_start:
        livestock = herd_size(u_herd, law_livestock_sales, law_livestock_sd)
    return Plan(livestock, 1 if (land_mu > 0.0) | (livestock > 0) else 0)


@rule
def tend_livestock(
    moy: int,
    livestock: int,
    farm_booked: int,
    farm_cash: int,
    farm_due: int,
    law_livestock_cost: float,
    law_livestock_price: float,
    law_late_sale_share: float,
    x_livestock: float,
    x_price_loss: float,
    u_sale: float,
) -> Herd:
    """Pay the month's running cost; in June and December book half a year's sales, paid then or a month later."""
    cost = to_fen(livestock * law_livestock_cost / 12.0)
    price = less_loss(law_livestock_price, x_price_loss)
    sold = to_fen(0.5 * livestock * price * x_livestock) if (moy == JUNE) | (moy == DECEMBER) else 0
    late = sold if u_sale < law_late_sale_share else 0
    return Herd(farm_booked + sold - cost, farm_cash + sold - late - cost, farm_due + late)
