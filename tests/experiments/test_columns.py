"""Widths of printed columns: as wide as the page, words keep some letters, numbers stay whole while they can."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.report.columns import LEAST_WORDS, LETTER_CM, WIDTH_CM, column_widths, padding, print_size

CELLS = st.one_of(st.text("一二ab ", max_size=80), st.floats(0, 1e9).map(lambda value: f"{value:,.2f} ±{value / 3:,.2f}"))


@given(st.integers(1, 12).flatmap(lambda count: st.lists(st.tuples(*[CELLS] * count), min_size=1, max_size=4)))
def test_columns_fill_the_page_and_none_vanishes(rows):
    widths = column_widths(tuple(f"头{number}" * 4 for number in range(len(rows[0]))), tuple(rows))
    assert sum(widths) == pytest.approx(WIDTH_CM) and min(widths) > 0.2


def test_words_keep_seven_characters_beside_seven_years_of_intervals():
    row = ("脱贫人口人均纯收入（建档口径）", "元/人/年", *["14,939 [10,717, 18,031]"] * 7)
    widths = column_widths(("指标", "单位", *map(str, range(2021, 2028))), (row,))
    assert widths[0] >= 0.95 * (LEAST_WORDS * LETTER_CM * print_size(9) / 8.5 + padding(9))
    assert len({round(width, 6) for width in widths[2:]}) == 1
