"""Scores of forecasts: which figures count, CRPS and PIT by hand, months within a year, the card, its words and charts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pretended_forecasts import made
from pretended_scores import LISTED, fact, scored
from test_charts import overlapping, texts

from experiments.charts.score import draw_hindcast, draw_pit, draw_scores
from experiments.fans import Series
from experiments.labels import Label
from experiments.rivals import Known, persistence
from experiments.score import (
    EVIDENCE,
    MANAGED,
    MODEL,
    SEEN,
    ensemble_marks,
    left_out,
    predicted_by,
    said_of,
    score_forecast,
    score_rows,
)
from experiments.scorecard import LOSES, WINS, said, scorecard
from scenarios.scored import ScoredSeries
from sim.rules import month_index

ASOF = month_index(2022, 12)


def forecast(draws=((30.0, 31, 32, 33, 34), (32.0, 33, 34, 35, 36))):
    """Two repetitions of the persons on dibao, 2021 to 2025, as known at the end of 2022."""
    values = np.array([draws])
    one = Series("dibao_total", Label("低保人数", "on dibao"), Label("百万人", "million persons"), 1)
    place = Label("全国", "China")
    return replace(made(policies=("documented",)), values={"dibao_total": values}, series=(one,), repeats=(("a", 0), ("b", 0)),
                   points=(), asof=ASOF, place=place)  # fmt: skip


FACTS = (
    fact(2020, 36.0),
    fact(2021, 35.0),
    fact(2022, 33.0),
    fact(2023, 34.0),
    fact(2024, 33.0, 6),
    fact(2025, 32.0, used_for=("dibao.imputed_share",)),
)


def test_what_was_told_later_is_scored_and_nothing_else():
    rows = score_forecast(forecast(), ASOF, FACTS, LISTED)
    # the figure of 2022 was told in February 2023
    assert [(one.year, one.month, one.pool) for one in rows] == [
        (2022, 12, EVIDENCE), (2023, 12, EVIDENCE), (2024, 6, EVIDENCE), (2025, 12, SEEN),
    ]  # fmt: skip
    assert {one.known for one in rows} == {2}
    # two figures are too few for AR(1)
    assert {tuple(one.marks) for one in rows} == {(MODEL, "persistence", "trend")}


def test_when_a_figure_was_first_told_goes_before_its_source():
    early = [fact(2022, 33.0, told=ASOF)]
    assert score_forecast(forecast(), ASOF, early, LISTED) == []
    assert pytest.approx(33.0) == score_forecast(forecast(), ASOF, [fact(2022, 33.0)], LISTED)[0].observed


def test_managed_figures_stand_apart():
    (row,) = score_forecast(forecast(), ASOF, [fact(2023, 34.0, tag="administrative_target")], LISTED)
    assert row.pool == MANAGED


def test_a_month_within_a_year_lies_between_two_decembers_or_is_part_of_the_sum():
    stock, part = LISTED.series[0], ScoredSeries("dibao_total", "dibao_total", "", "level", "sum", "")
    assert said_of(forecast(), stock, 2023, 12) == pytest.approx([32, 34])
    assert said_of(forecast(), stock, 2024, 6) == pytest.approx([32.5, 34.5])
    assert said_of(forecast(), part, 2024, 6) == pytest.approx([16.5, 17.5])
    # nothing before the first year to start from, nothing after the last
    assert said_of(forecast(), stock, 2021, 6) is None and said_of(forecast(), stock, 2026, 12) is None


def test_scores_of_two_repetitions_by_hand():
    marks = ensemble_marks(np.array([32.0, 36.0]), 33.0)
    # mean distance 2, less half the mean distance of two different repetitions, 4 / 2
    assert marks.crps == pytest.approx((1 + 3) / 2 - 4 / 2)
    assert marks.median == 34 and marks.pit == pytest.approx((1 + 0.5) / 3)
    # 33 is the lower end of the middle half
    assert marks.inside == (True, True, True)
    assert ensemble_marks(np.array([32.0, 36.0]), 37.0).inside == (False, False, False)
    assert ensemble_marks(np.array([5.0]), 7.0).crps == pytest.approx(2.0)


def test_many_repetitions_score_like_the_distribution_that_they_are_drawn_from():
    from scoringrules import crps_normal

    said_by = np.random.default_rng(1).normal(10, 2, 1500)
    assert ensemble_marks(said_by, 11.5).crps == pytest.approx(float(crps_normal(11.5, 10, 2)), rel=0.1)


def test_the_card_compares_on_the_same_figures_and_by_series():
    rows = [
        scored("a", 2.0, persistence=1.0),
        scored("a", 2.0, persistence=1.0, year=2024),
        scored("b", 1.0, persistence=2.0),
        scored("c", 3.0),
        scored("d", 0.5, pool=MANAGED, persistence=1.0),
    ]
    lines = {(line.pool, line.who): line for line in scorecard(rows)}
    model, rival = lines[EVIDENCE, MODEL], lines[EVIDENCE, "persistence"]
    assert (model.figures, model.series, rival.figures, rival.series) == (4, 3, 3, 2)
    assert model.crps == pytest.approx(0.2) and rival.crps == pytest.approx(0.4 / 3) and rival.model == pytest.approx(0.5 / 3)
    # mean over series of +0.1 and -0.1
    assert rival.difference == pytest.approx(0.0) and rival.verdict == LOSES and rival.skill == pytest.approx(-0.25)
    assert lines[MANAGED, "persistence"].verdict == WINS
    assert model.inside == (0.0, 1.0, 1.0) and model.pit == pytest.approx(0.3) and model.bias == pytest.approx(0.2)


def test_the_card_says_where_the_model_loses_and_that_two_series_tell_little():
    lines = scorecard([scored("a", 2.0, persistence=1.0), scored("b", 2.0, persistence=1.0)])
    (text,) = [said(line) for line in lines if line.who != MODEL]
    assert "the model loses to persistence" in text.en and "CRPS 20.0% against 10.0%" in text.en and "too few to tell" in text.en
    assert "输给" in text.zh and "2个序列" in text.zh


def test_what_was_not_scored_is_listed_with_the_reason():
    facts = [*FACTS, fact(2024, 1.0, indicator="bill_mean"), fact(2024, 1.0, indicator="reimbursed_share", tag="not_comparable")]
    rows = score_forecast(forecast(), ASOF, facts, LISTED)
    left = {name: why.en for name, _, _, why in left_out(facts, rows, ASOF, LISTED)}
    assert left == {
        "bill_mean": "not among the series named beforehand",
        "reimbursed_share": "counts something else: not comparable",
    }


def test_a_row_a_figure_and_forecaster():
    rows = list(score_rows(score_forecast(forecast(), ASOF, FACTS, LISTED)))
    assert len(rows) == 4 * 3
    first = rows[0]
    assert first[:7] == ("2022-12", "China", "dibao_total", EVIDENCE, "dibao_total_2022_12", 2022, 12)
    assert first[8] == 33.0 and first[11] == MODEL and first[12] == 32.0 and first[15] == pytest.approx(-1.0)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_charts_of_scores_in_both_languages(lang):
    facts = [*FACTS, fact(2023, 34.0, 11, "administrative_target")]
    rows = score_forecast(forecast(), ASOF, facts, LISTED)
    for figure in (draw_hindcast(forecast(), rows, lang), draw_pit(rows, lang), draw_scores(rows, lang)):
        assert overlapping(figure) == []
        spoken = " ".join(texts(figure))
        assert any(char > "\u2e80" for char in spoken) == (lang == "zh")


def test_the_histogram_has_every_figure():
    rows = [scored("a", 1.0, year=year) for year in range(2021, 2026)]
    figure = draw_pit(rows, "en")
    assert sum(bar.get_height() for bar in figure.axes[0].patches[1:]) == 5


def test_rivals_of_a_running_sum_let_it_go_on():
    # 60 since January 2021 at the end of 2021: 60 a year, so 210 by the middle of 2024
    series = ScoredSeries("lent_since_2021", "lent_since_2021", "", "level", "stock", "", since=2021)
    found = predicted_by(persistence, series, [Known(2021, 60.0)], 2023.5, LISTED.spread)
    assert found.location == pytest.approx(210)
    plain = persistence([Known(2021, 60.0)], 2023.5, LISTED.spread)
    assert found.scale == pytest.approx(3.5 * plain.scale)
    level = replace(series, since=None)
    assert predicted_by(persistence, level, [Known(2021, 60.0), Known(2024, 1.0)], 2023.5, LISTED.spread) == plain
