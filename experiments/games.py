"""Shapley values of small games: what each player adds, averaged over all orders in which they may come. Exact."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

MOST_PLAYERS = 6
"""Games of more players have too many coalitions to run each."""
Whole = NDArray[np.int64]


def coalitions(players: int) -> list[int]:
    """Return all coalitions as bits of their players, the empty one first."""
    return list(range(1 << players))


def members(coalition: int, players: int) -> list[int]:
    """Return the players of a coalition."""
    return [player for player in range(players) if coalition >> player & 1]


def shapley(worth: Whole) -> Whole:
    """Return each player's share times the factorial of their number: a whole number where worths are.

    Args:
        worth: what each coalition is worth, coalitions in the order of their bits first; further axes are games of their own.

    Returns:
        the shares times ``factorial(players)``, players first. They add up exactly to that factor times the worth of all
        less that of nobody (efficiency).

    Raises:
        ValueError: if the number of coalitions is no power of two.
    """
    players = len(worth).bit_length() - 1
    if len(worth) != 1 << players:
        raise ValueError(f"{len(worth)} coalitions; allowed: a power of two, one for every coalition")
    shares = np.zeros((players, *worth.shape[1:]), np.int64)
    for coalition in coalitions(players):
        size = coalition.bit_count()
        for player in range(players):
            if not coalition >> player & 1:
                orders = math.factorial(size) * math.factorial(players - size - 1)
                shares[player] += orders * (worth[coalition | 1 << player] - worth[coalition])
    return shares


def alone(worth: Whole) -> Whole:
    """Return what each player adds to nobody, players first."""
    players = len(worth).bit_length() - 1
    return np.stack([worth[1 << player] - worth[0] for player in range(players)])


def last(worth: Whole) -> Whole:
    """Return what each player adds to all others, players first."""
    players = len(worth).bit_length() - 1
    return np.stack([worth[-1] - worth[len(worth) - 1 - (1 << player)] for player in range(players)])
