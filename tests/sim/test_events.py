"""Events: what happens twice in a month adds up, what happens again takes its place, and nothing else is moved by them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import events
from sim.eventkinds import KIND, KINDS
from sim.falls import NO_CAUSE, second_cause
from sim.indicators import CAUSES
from sim.state import ROW, Columns

MONTH = 24_200


@pytest.fixture
def households() -> Columns:
    return Columns("household", 4)


def noted(households: Columns, kind: str) -> list[tuple[int, int]]:
    place = KIND[kind]
    return list(zip(households["event_month"][place].tolist(), households["event_size"][place].tolist(), strict=True))


def note(households: Columns, kind: str, h: int, month: int, fen: int) -> None:
    events.note(KIND[kind], h, month, fen, households.matrices["i2"], households.matrices["i4"])


def test_events_of_a_month_add_up_and_a_later_one_takes_their_place(households):
    note(households, "admission", 1, MONTH, 300)
    note(households, "admission", 1, MONTH, 400)
    assert noted(households, "admission")[1] == (MONTH, 700)
    note(households, "admission", 1, MONTH + 3, 50)
    assert noted(households, "admission") == [(0, 0), (MONTH + 3, 50), (0, 0), (0, 0)]
    assert noted(households, "accident") == [(0, 0)] * 4


def test_the_largest_amount_is_held(households):
    for _ in range(3):
        note(households, "departure", 0, MONTH, 2_000_000_000)
    assert noted(households, "departure")[0] == (MONTH, events.LARGEST)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2_000_000_000)), max_size=8), st.integers(0, 5_000))
def test_many_at_once_are_as_one_after_the_other(found, before):
    one, other = Columns("household", 4), Columns("household", 4)
    for columns in (one, other):
        note(columns, "post_ended", 2, MONTH, before)
        note(columns, "post_ended", 3, MONTH - 1, before)
    for place, fen in found:
        note(one, "post_ended", place, MONTH, fen)
    places = np.array([place for place, _ in found], np.int64)
    events.note_all(other, "post_ended", places, MONTH, np.array([fen for _, fen in found], np.int64))
    assert noted(one, "post_ended") == noted(other, "post_ended")


def supports(households: Columns, due: list[tuple[int, int]], month: int) -> None:
    """Live a month in which household 0 is due yearly amounts of some levers."""
    bits = np.array([0, -1, 1], np.int64)
    matrices = households.matrices
    for lever, yearly in due:
        events.hold(lever, 0, yearly, bits, matrices["i8"])
    total = sum(yearly for _, yearly in due)
    events.note_supports(0, month, total, 0, matrices["i2"], matrices["i4"], matrices["i8"])


def test_a_transfer_that_ends_is_told_by_its_lever(households):
    supports(households, [(0, 1000), (2, 500)], MONTH)
    assert noted(households, "support_ended")[0] == (0, 0)
    supports(households, [(0, 1000), (2, 500)], MONTH + 1)
    supports(households, [(0, 1000)], MONTH + 2)
    assert noted(households, "support_ended")[0] == (MONTH + 2, 500)
    assert households["supports_ended"][0] == 1 << 1
    supports(households, [(0, 1000)], MONTH + 3)
    assert noted(households, "support_ended")[0] == (MONTH + 2, 500)


@pytest.mark.parametrize(("after", "told"), [(901, False), (899, True)])
def test_a_cut_by_a_tenth_is_an_event_without_a_lever(households, after, told):
    supports(households, [(0, 1000)], MONTH)
    supports(households, [(0, after)], MONTH + 1)
    assert (noted(households, "support_ended")[0] == (MONTH + 1, 1000 - after)) == told
    assert households["supports_ended"][0] == 0


def test_one_that_takes_the_place_of_another_still_ends(households):
    supports(households, [(0, 1000)], MONTH)
    supports(households, [(2, 1000)], MONTH + 1)
    assert noted(households, "support_ended")[0] == (MONTH + 1, 0)
    assert households["supports_ended"][0] == 1


def test_a_lever_that_is_not_followed_leaves_no_bit(households):
    supports(households, [(1, 1000)], MONTH)
    assert households["supports_held"][0] == 0
    supports(households, [], MONTH + 1)
    assert noted(households, "support_ended")[0] == (MONTH + 1, 1000)


def harvest(households: Columns, booked: int, lost: int, price: float, loss: float = 1.0) -> None:
    matrices = households.matrices
    events.note_harvest(0, MONTH, booked, lost, 10_000.0, price, loss, matrices["i2"], matrices["i4"])


def test_a_poor_harvest_and_a_poor_price_are_told_apart(households):
    # half a harvest at four fifths of the price: 10,000 x 0.5 x 0.8, of which a disaster took 1,000
    harvest(households, 3_000, 1_000, 0.8)
    assert noted(households, "yield")[0] == (MONTH, 5_000)
    assert noted(households, "price")[0] == (MONTH, 2_000)


@pytest.mark.parametrize(("booked", "price"), [(9_100, 1.0), (8_281, 0.91), (12_000, 1.2)])
def test_nine_tenths_are_no_event(households, booked, price):
    harvest(households, booked, 0, price)
    assert noted(households, "yield")[0] == (0, 0)
    assert noted(households, "price")[0] == (0, 0)


def test_a_price_floor_takes_the_price_away_as_a_cause(households):
    harvest(households, 10_000, 0, 0.5, 0.0)
    assert noted(households, "price")[0] == (0, 0)


def test_columns_hold_every_kind():
    assert len(KINDS) == len(KIND)
    rows = Columns("household", 1)
    assert rows["event_month"].shape == rows["event_size"].shape == (len(KINDS), 1)
    assert ROW["household", "event_month"] >= 0


def test_the_second_cause_is_the_next_push():
    pushes = np.zeros((4, len(CAUSES)), np.int64)
    pushes[0, [0, 3]] = 500, 900
    pushes[1, [0, 3]] = 900, 900
    pushes[2, 4] = 10
    pushes[3, [1, 2]] = 5, -7
    main = np.array([3, 0, 4, len(CAUSES)])
    assert second_cause(pushes, main).tolist() == [0, 3, NO_CAUSE, 1]
