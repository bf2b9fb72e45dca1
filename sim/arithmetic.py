"""Arithmetic that gives the same bits on any machine: only + - * /, comparisons and exact scaling by powers of two."""

from __future__ import annotations

import math

from sim.engine import procedure, rule

_LN2 = 0.6931471805599453
_INV_LN2 = 1.4426950408889634


@rule
def to_fen(amount: float) -> int:
    """Round an amount in fen to a whole fen, half up: the only rounding of money."""
    return math.floor(amount + 0.5)


@procedure
def exp(x: float) -> float:
    """Return e to the x; relative error below 1e-14 for |x| < 700."""
    k = math.floor(x * _INV_LN2 + 0.5)
    r = x - k * _LN2
    # Taylor's series to the 13th power by Horner, for |r| <= ln(2)/2
    total = 1.6059043836821613e-10
    total = total * r + 2.08767569878681e-09
    total = total * r + 2.505210838544172e-08
    total = total * r + 2.755731922398589e-07
    total = total * r + 2.7557319223985893e-06
    total = total * r + 2.48015873015873e-05
    total = total * r + 0.0001984126984126984
    total = total * r + 0.001388888888888889
    total = total * r + 0.008333333333333333
    total = total * r + 0.041666666666666664
    total = total * r + 0.16666666666666666
    total = total * r + 0.5
    total = (total * r + 1.0) * r + 1.0
    return math.ldexp(total, k)


@procedure
def log(x: float) -> float:
    """Return the natural logarithm of a positive number; relative error below 1e-14."""
    mantissa, k = math.frexp(x)
    if mantissa < 0.7071067811865476:
        mantissa = mantissa * 2.0
        k = k - 1
    s = (mantissa - 1.0) / (mantissa + 1.0)
    square = s * s
    # the series of the inverse hyperbolic tangent by Horner
    total = 0.043478260869565216
    total = total * square + 0.047619047619047616
    total = total * square + 0.05263157894736842
    total = total * square + 0.058823529411764705
    total = total * square + 0.06666666666666667
    total = total * square + 0.07692307692307693
    total = total * square + 0.09090909090909091
    total = total * square + 0.1111111111111111
    total = total * square + 0.14285714285714285
    total = total * square + 0.2
    total = total * square + 0.3333333333333333
    return 2.0 * s * (total * square + 1.0) + k * _LN2


@procedure
def normal(u: float) -> float:
    """Return the standard normal quantile of a uniform in (0, 1).

    Source: P. J. Acklam, An algorithm for computing the inverse normal cumulative distribution function, 2003
    (relative error below 1.2e-9).
    """
    if u < 0.02425 or u > 0.97575:
        tail = u if u < 0.5 else 1.0 - u
        q = math.sqrt(-2.0 * log(tail))
        x = (
            (
                (((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838e00) * q - 2.549732539343734e00) * q
                + 4.374664141464968e00
            )
            * q
            + 2.938163982698783e00
        ) / (
            (((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996e00) * q + 3.754408661907416e00) * q
            + 1.0
        )
        return x if u < 0.5 else -x
    q = u - 0.5
    r = q * q
    return (
        (
            (
                (((-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02) * r + 1.383577518672690e02) * r
                - 3.066479806614716e01
            )
            * r
            + 2.506628277459239e00
        )
        * q
    ) / (
        (
            (((-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02) * r + 6.680131188771972e01) * r
            - 1.328068155288572e01
        )
        * r
        + 1.0
    )


@rule
def monthly_probability(rate: float) -> float:
    """Turn a yearly hazard rate into the probability of at least one event in a month."""
    return 1.0 - exp(-rate / 12.0)


@procedure
def quantile(u: float, table: object, points: int) -> float:
    """Interpolate a table of equally spaced quantiles (the first at 0, the last at 1)."""
    place = u * (points - 1)
    low = math.floor(place)
    if low >= points - 1:
        low = points - 2
    return table[low] + (table[low + 1] - table[low]) * (place - low)  # type: ignore[index]
