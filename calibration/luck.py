"""The luck of a survey: uniforms that are pure functions of seed, stream, unit and wave, as the model's draws are.

So equal units answer alike whoever else was asked, and simulated surveys share their luck over parameters. The mixing function is
that of G. L. Steele, D. Lea, C. H. Flood, Fast splittable pseudorandom number generators, OOPSLA 2014 (SplitMix64).
"""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def _mix(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return well-mixed words: neighbouring inputs give unrelated outputs."""
    with np.errstate(over="ignore"):
        words = words + _GOLDEN
        words = (words ^ (words >> np.uint64(30))) * _FIRST
        words = (words ^ (words >> np.uint64(27))) * _SECOND
    return words ^ (words >> np.uint64(31))


def uniforms(seed: int, stream: str, units: ArrayLike, waves: ArrayLike = 0) -> NDArray[np.float64]:
    """Return one uniform above 0 and below 1 for every unit and wave.

    Args:
        seed: the survey's seed.
        stream: what is drawn, a stable name.
        units: whole numbers of households or persons.
        waves: years, one for each unit or one for all.
    """
    start = np.array([seed % 2**64], np.uint64) ^ _mix(np.array([zlib.crc32(stream.encode())], np.uint64))
    words = _mix(_mix(start) ^ np.asarray(units, np.int64).astype(np.uint64))
    words = _mix(words ^ np.asarray(waves, np.int64).astype(np.uint64))
    return ((words >> np.uint64(11)).astype(np.float64) + 0.5) / 2.0**53


def normals(seed: int, stream: str, units: ArrayLike, waves: ArrayLike = 0) -> NDArray[np.float64]:
    """Return one standard normal for every unit and wave."""
    return np.asarray(ndtri(uniforms(seed, stream, units, waves)), dtype=np.float64)
