"""Clusters, worked by hand, and read from stored runs."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.clusters import CLUSTER_HOUSEHOLDS, HEADER, cluster_cells, cluster_rows, run_spreads, spread
from experiments.results import read_results


def falls(*counts: int, size: int = 20) -> tuple[np.ndarray, np.ndarray]:
    """Return households of equal places of which so many fall."""
    place = np.repeat(np.arange(len(counts)), size)
    return place, np.concatenate([np.arange(size) < count for count in counts])


def test_a_cluster_has_a_rate_and_a_number():
    assert spread(*falls(4, 0, 5, 1)).clusters == 1
    # five of fifty are no more than a tenth
    assert spread(*falls(5, 6, size=50)).clusters == 1
    # nine tenths of four households are no cluster: too few
    assert spread(*falls(4, 0, size=4)).clusters == 0 and CLUSTER_HOUSEHOLDS == 5


def test_over_dispersion_is_variance_over_mean_for_equal_places():
    counts = (1, 7, 3, 5)
    assert spread(*falls(*counts)).dispersion == pytest.approx(np.var(counts, ddof=1) / np.mean(counts))
    assert np.isnan(spread(*falls(0, 0)).dispersion) and np.isnan(spread(*falls(3)).dispersion)


def test_independent_falls_are_not_over_dispersed():
    random = np.random.default_rng(3)
    place = np.repeat(np.arange(40), random.integers(50, 150, 40))
    alone = [spread(place, random.random(len(place)) < 0.03).dispersion for _ in range(100)]
    assert np.mean(alone) == pytest.approx(0.97, abs=0.06)
    hit = random.random(40)[place] < 0.2
    assert spread(place, random.random(len(place)) < np.where(hit, 0.12, 0.01)).dispersion > 2.0


def test_places_without_households_of_the_group_do_not_count():
    place, fell = falls(6, 0)
    assert spread(place + 7, fell) == spread(place, fell)


def test_a_run_tells_year_group_and_level_apart():
    table = {
        "persons_2020": np.array([2, 2, 0, 3]), "group": np.array([0, 1, 0, 0]), "village": np.array([0, 0, 1, 1]),
        "township": np.zeros(4, int), "years_net": np.array([1 << 8, 1 << 8, 1 << 8, 1 << 9]), "years_core": np.zeros(4, int),
    }  # fmt: skip
    found = run_spreads(table, [2021, 2022])
    assert found["ex_poor", "net", "village", 2021].fallen == 1 == found["ex_poor", "net", "township", 2022].fallen
    assert found["marginal", "net", "village", 2021].units == 1
    assert found["ex_poor", "core", "village", 2021].fallen == 0


def test_rows_come_from_stored_runs(stored):
    made, store = stored
    rows = cluster_rows(read_results(made, store), made, store)
    chosen = {
        (row.policy, row.year): row for row in rows if (row.group, row.definition, row.level) == ("ex_poor", "net", "village")
    }
    assert [chosen["documented", year].clusters.mean for year in range(2021, 2026)] == [0, 1, 0, 0, 0]
    assert chosen["kept", 2022].fallen.mean == 7 and chosen["kept", 2022].units == 5
    assert all(len(cluster_cells(row)) == len(HEADER) for row in rows)
