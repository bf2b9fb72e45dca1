"""The seed of a replication: the same for every policy, so that policies are compared in pairs."""

from __future__ import annotations

import hashlib

SEED_BITS = 63
"""Seeds are non-negative and fit a signed 64-bit word, so that compiled code reads them without a change of sign."""


def replication_seed(seed: int, replication: int) -> int:
    """Return the seed of one replication.

    The first eight bytes of the SHA-256 of ``fangpin replication <seed> <replication>``, most significant first, less
    the top bit. It knows nothing of place or policy: replication r meets the same luck in every scenario, and adding
    replications leaves the others as they are.

    Args:
        seed: the user's seed, any integer.
        replication: number of the replication, from 0.

    Raises:
        ValueError: if the replication is negative.
    """
    if replication < 0:
        raise ValueError(f"replication {replication}: replications are numbered from 0")
    digest = hashlib.sha256(f"fangpin replication {seed} {replication}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - SEED_BITS)
