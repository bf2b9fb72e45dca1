"""Draws: published vectors, streams, inverse transforms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest, norm

from sim.arithmetic import exp, log, monthly_probability, normal, quantile, to_fen
from sim.draws import NUMBER, STREAMS, bulk, descendant, draw, fill, philox

U = np.uint64


@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_philox_gives_the_published_words(counter, key, words):
    assert tuple(int(w) for w in philox(*map(U, counter), *map(U, key))) == words


def test_bulk_and_tile_and_single_draws_are_the_same_numbers():
    ids = np.array([1, 2, 3, 2**63 + 17], np.uint64)
    words = np.zeros((4, 4), np.uint32)
    for name, number in NUMBER.items():
        many = bulk(99, name, ids, 24252)
        assert many.tolist() == [draw(99, number, i, 24252) for i in ids]
        fill(words, 0, ids, 0, 4, 24252, number // 4, 99)
        assert many.tolist() == [(float(w) + 0.5) * 2.0**-32 for w in words[number % 4]]


def test_streams_keep_their_places():
    # A stream's number decides every draw made from it: this list may only grow.
    assert list(STREAMS)[:8] == ["death", "admission", "job", "birth", "bill", "capacity", "job_kind", "spare_event"]
    assert NUMBER["enrol"] == 11 and NUMBER["report"] == 24 and NUMBER["disaster_loss"] == 49


def test_streams_months_seeds_and_entities_are_unrelated():
    ids = np.arange(1, 20001, dtype=np.uint64)
    base = bulk(1, "death", ids, 24252)
    others = [bulk(2, "death", ids, 24252), bulk(1, "job", ids, 24252), bulk(1, "death", ids, 24253), base[::-1]]
    assert kstest(base, "uniform").pvalue > 1e-4
    for other in others:
        assert abs(np.corrcoef(base, other)[0, 1]) < 0.03


def test_descendants_have_ids_of_their_own():
    ids = {int(descendant(U(parent), order)) for parent in range(1, 2001) for order in range(8)}
    assert len(ids) == 16000 and 0 not in ids


@given(st.floats(-300, 300))
def test_exp(x):
    assert exp(x) == pytest.approx(math.exp(x), rel=1e-13)


@given(st.floats(1e-12, 1e12))
def test_log(x):
    assert log(x) == pytest.approx(math.log(x), rel=1e-13, abs=1e-13)


@given(st.floats(1e-9, 1 - 1e-9))
def test_normal_quantile(u):
    assert normal(u) == pytest.approx(norm.ppf(u), rel=2e-8, abs=2e-8)


@given(st.floats(0.001, 0.99), st.floats(0.001, 0.009))
def test_normal_is_monotone(u, step):
    assert normal(u) < normal(u + step)


@given(st.integers(-(10**9), 10**9))
def test_fen_are_rounded_half_up(n):
    assert to_fen(n + 0.5) == n + 1
    assert to_fen(n + 0.25) == n
    assert to_fen(float(n)) == n


@given(st.floats(0.0, 3.0))
def test_a_year_of_months_has_the_yearly_risk(rate):
    assert 1 - (1 - monthly_probability(rate)) ** 12 == pytest.approx(1 - math.exp(-rate), abs=1e-12)


def test_quantile_tables_are_straight_between_their_points():
    table = np.array([0.0, 1.0, 4.0])
    assert [quantile(u, table, 3) for u in (0.0, 0.25, 0.5, 0.75, 1.0)] == [0.0, 0.5, 1.0, 2.5, 4.0]
