"""Shapley values of small games: they add up, treat equal players equally, and give nothing to who adds nothing."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.games import alone, coalitions, last, members, shapley


@st.composite
def games(draw, most=4):
    players = draw(st.integers(1, most))
    worth = draw(st.lists(st.integers(-10_000, 10_000), min_size=1 << players, max_size=1 << players))
    return players, np.array(worth, np.int64)


def test_gloves():
    # who holds a left glove and two who hold a right one: 2/3, 1/6, 1/6 of a pair
    worth = np.array([1 if 0 in members(c, 3) and len(members(c, 3)) > 1 else 0 for c in coalitions(3)], np.int64)
    assert shapley(worth).tolist() == [4, 1, 1]


def test_two_players_by_hand():
    # nobody 10, one 13, other 14, both 20: (3 + 6) / 2 and (4 + 7) / 2, times two
    worth = np.array([10, 13, 14, 20], np.int64)
    assert shapley(worth).tolist() == [9, 11]
    assert alone(worth).tolist() == [3, 4]
    assert last(worth).tolist() == [6, 7]


@given(games())
def test_shares_add_up_to_the_last_unit(game):
    players, worth = game
    assert shapley(worth).sum() == math.factorial(players) * (worth[-1] - worth[0])


@given(games(), st.integers(-1000, 1000))
def test_a_dummy_gets_what_it_brings(game, brought):
    players, worth = game
    with_dummy = np.concatenate((worth, worth + brought))
    assert shapley(with_dummy)[players] == math.factorial(players + 1) * brought
    assert (shapley(with_dummy)[:players] == (players + 1) * shapley(worth)).all()


@given(games(), st.data())
def test_names_do_not_matter(game, data):
    players, worth = game
    order = data.draw(st.permutations(range(players)))
    renamed = np.array([worth[sum(1 << order[player] for player in members(c, players))] for c in coalitions(players)])
    assert shapley(renamed).tolist() == [shapley(worth)[order[player]] for player in range(players)]


@given(st.integers(2, 4), st.lists(st.integers(-500, 500), min_size=16, max_size=16))
def test_equal_players_get_equal_shares(players, by_size):
    worth = np.array([by_size[c.bit_count()] for c in coalitions(players)], np.int64)
    assert len(set(shapley(worth).tolist())) == 1


@given(games(3), games(3))
def test_shares_of_sums_are_sums_of_shares(one, other):
    if one[0] == other[0]:
        assert (shapley(one[1] + other[1]) == shapley(one[1]) + shapley(other[1])).all()


def test_replications_are_games_of_their_own():
    worth = np.array([[10, 0], [13, 1], [14, 0], [20, 5]], np.int64)
    assert shapley(worth).T.tolist() == [[9, 11], shapley(worth[:, 1]).tolist()]


def test_a_missing_coalition_is_refused():
    with pytest.raises(ValueError, match="3 coalitions; allowed: a power of two"):
        shapley(np.zeros(3, np.int64))
