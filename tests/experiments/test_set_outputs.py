"""Outputs of a scenario set from counts written by hand: two arms, two replications, two years."""

from dataclasses import replace

import numpy as np
import pytest

from experiments.differences import alike, equal_policies
from experiments.results import Results
from experiments.setoutputs import output_rows
from experiments.study import Study
from scenarios.scenarioset import Output
from sim.indicators import GROUPS, INDEX, INDICATORS
from sim.rules import month_index

ARMS = ("mine/keep", "mine/cut")


@pytest.fixture
def results():
    counts = np.zeros((2, 2, 36, len(GROUPS), len(INDICATORS)), dtype=np.int64)

    def put(arm, rep, month, name, value, group="ex_poor"):
        counts[arm, rep, month - month_index(2020), GROUPS.index(group), INDEX[name]] = value

    for rep, more in ((0, 0), (1, 2)):
        put(0, rep, month_index(2021, 9), "relapse_net_persons", 10)
        put(1, rep, month_index(2022, 9), "relapse_net_persons", 4 + more, "marginal")
        put(0, rep, month_index(2021, 5), "own_medical", 300_000_000)
        put(0, rep, month_index(2020, 5), "own_medical", 10**12)
        put(0, rep, month_index(2021, 5), "help_days", 60)
        put(0, rep, month_index(2022, 5), "helped_households", 4)
    paid = np.zeros((2, 2, 36), dtype=np.int64)
    paid[1, :, 20] = 500_000_000
    costs = {"aid.one": paid, "aid.two": paid, "other": 2 * paid}
    study = Study(policies=ARMS, months=24, replications=2)
    return Results(study, (0, 1), month_index(2020), counts, np.full((2, 2), 1000), costs, (), {})


def rows(results, *outputs):
    return output_rows(results, [Output({"zh": "一", "en": "One"}, *output) for output in outputs], ARMS[0])


def test_totals_are_over_the_horizon_and_paired(results):
    keep, cut = rows(results, ("total", ("relapse_net_persons",)))
    assert (keep.value.mean, keep.difference) == (10, None)
    # 4 and 6 in the replications, against 10 and 10: the mean is 5, the difference -5, its error 1
    assert (cut.value.mean, cut.difference.mean, cut.difference.error) == (5, -5, pytest.approx(1))
    assert rows(results, ("total", ("relapse_net_persons",), {}, ("ex_poor",)))[1].value.mean == 0


def test_money_is_in_million_yuan_and_the_past_is_left_out(results):
    keep, _ = rows(results, ("total", ("own_medical",)))
    assert (keep.value.mean, keep.unit.en) == (3, "million yuan")


def test_ratios_are_of_sums(results):
    keep, cut = rows(results, ("ratio", ("help_days", "helped_households")))
    assert keep.value.mean == 15 and np.isnan(cut.value.mean)


def test_costs_are_of_all_entries_of_a_lever(results):
    assert [row.value.mean for row in rows(results, ("cost", ("aid",)))] == [0, 10]
    assert [row.value.mean for row in rows(results, ("cost", ("all",)))] == [0, 20]


def test_cost_per_relapse_is_over_the_falls_avoided(results):
    keep, cut = rows(results, ("per_relapse", ("aid",)))
    # ten million yuan more and five falls fewer
    assert np.isnan(keep.value.mean) and cut.value.mean == 2_000_000


def test_a_quotient_of_means_has_no_error(results):
    _, cut = rows(results, ("per_relapse", ("aid",)))
    assert np.isnan(cut.value.error) and np.isnan(cut.value.low)


def test_equal_policies_have_the_same_counts_and_costs(results):
    assert equal_policies(results) == ()
    same = replace(results, counts=results.counts[[0, 0]])
    assert equal_policies(same) == ()
    assert equal_policies(replace(same, costs={name: paid[[0, 0]] for name, paid in results.costs.items()})) == (ARMS[1],)


def test_policies_that_equal_each_other_are_found(results):
    study = replace(results.study, policies=(*ARMS, "mine/again"))
    three = replace(results, study=study, counts=results.counts[[0, 1, 1]])
    three = replace(three, costs={name: paid[[0, 1, 1]] for name, paid in results.costs.items()})
    assert alike(three) == [(ARMS[1], "mine/again")]
    assert alike(replace(three, counts=results.counts[[0, 1, 0]])) == []


def test_what_is_missing_has_no_row(results):
    assert rows(results, ("missing", ())) == []


def put(results, name, values):
    counts = results.counts.copy()
    counts[:, :, -1, 0, INDEX[name]] = values
    return replace(results, counts=counts)


def test_deviation_is_over_units_and_years(results):
    # incomes 1, 1, 4, 6 of four farms: mean 3, squares 54, variance 13.5 - 9
    known = put(put(put(results, "farm_year", 12), "farm_year_squares", 54), "farm_households", 4)
    keep, _ = rows(known, ("deviation", ("farm_year", "farm_year_squares", "farm_households")))
    assert keep.value.mean == pytest.approx(4.5**0.5)


def test_percentiles_are_interpolated_within_brackets(results):
    # 90 persons below 50 yuan, 10 between 1,000 and 1,500: the 95th percentile lies half way in the latter
    known = put(put(results, "own_medical_0_persons", 90), "own_medical_7_persons", 10)
    keep, _ = rows(known, ("percentile", ("95",)))
    assert (keep.value.mean, keep.unit.en) == (1250, "yuan/person/year")
    assert rows(known, ("percentile", ("45",)))[0].value.mean == 25


def test_what_needs_families_is_not_made_up(results):
    with pytest.raises(KeyError, match="families"):
        rows(results, ("better", ("all",)))
