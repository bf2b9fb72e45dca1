"""The charts that the live page adds: causes by year stacked to the total, and payments by account."""

import numpy as np
import pytest
from test_charts import overlapping, texts

from experiments.accountnames import ACCOUNTS, LEVELS, account_name
from experiments.charts.accounts import REST, bars_of, draw_accounts
from experiments.charts.causeyears import causes_by_year, draw_cause_years
from experiments.labels import Label
from experiments.quantities import EX_POOR, TEST_MONTH
from experiments.results import read_results

NAMES = (Label("甲：文件规定", "A: documented"), Label("乙：政策保持不变", "B: kept"))


@pytest.fixture
def results(stored):
    return read_results(*stored)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_causes_by_year_are_drawn_in_both_languages(results, lang):
    figure = draw_cause_years(results, "南阳市某县" if lang == "zh" else "a county of Nanyang", lang)
    said = " ".join(texts(figure))
    assert ("因病" in said) == (lang == "zh")
    assert overlapping(figure) == []


def test_columns_are_stacked_to_the_total_that_is_written_above_them(results):
    years, parts = causes_by_year(results, "documented")
    place = results.place_of("documented")
    totals = [results.at_end("relapse_net_persons", EX_POOR, year, TEST_MONTH)[place].mean() for year in years]
    assert np.allclose(sum(parts.values()), totals)
    said = texts(draw_cause_years(results, "Nanyang", "en", ("documented",)))
    assert all(f"{total:,.0f}" in said for total in totals)


def test_the_smallest_accounts_share_one_bar_and_nothing_is_lost():
    paid = [{("a", "county"): 5.0, ("b", "county"): 1.0, ("c", "city"): 0.5}, {("b", "county"): 7.0, ("d", "city"): 0.25}]
    assert bars_of(paid, 10)[0] == (("b", "county"), [1.0, 7.0])
    bars = bars_of(paid, 2)
    assert [key for key, _ in bars] == [("b", "county"), REST] and bars[1][1] == [5.5, 0.25]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("count", [1, 3, 40])
def test_accounts_are_drawn_with_their_names(lang, count):
    keys = [(account, level) for account in ACCOUNTS for level in LEVELS][:count]
    paid = [{key: float(place + 1) for place, key in enumerate(keys)}, {keys[0]: 0.5}]
    figure = draw_accounts(paid, NAMES, Label("南阳", "Nanyang"), "2022-07", lang)
    said = " ".join(texts(figure))
    assert account_name(*keys[-1]).said(lang) in said and "2022-07" in said
    assert overlapping(figure) == []


def test_every_account_that_a_lever_names_is_called_something():
    from scenarios import load, places

    named = {
        (lever.account, lever.level)
        for place in places()
        if place != "national"
        for lever in load(place if place != "heilongjiang" else "heilongjiang/other").rules.levers
        if lever.account and lever.account != "none"
    }
    assert {account for account, _ in named} <= set(ACCOUNTS) and {level for _, level in named} - {"none", ""} <= set(LEVELS)
