"""A path that is changed from a month on stays as it was before it."""

from hypothesis import given
from hypothesis import strategies as st

from scenarios.cited import FIRST_MONTH, Cited, Origin, Series

ORIGIN = Origin("f.yaml", 1, "nation", "s", "law")


def _entries(months):
    return st.lists(months, min_size=1, max_size=4, unique=True).flatmap(
        lambda chosen: st.lists(st.integers(-5, 5), min_size=len(chosen), max_size=len(chosen)).map(
            lambda values: tuple(Cited(m, float(v), ORIGIN) for m, v in zip(sorted(chosen), values, strict=True))
        )
    )


MONTHS = st.integers(FIRST_MONTH, FIRST_MONTH + 40)
SERIES = st.one_of(_entries(MONTHS), st.just((Cited(None, 3.0, ORIGIN),)))


@given(SERIES, _entries(MONTHS), st.booleans())
def test_changes_hold_from_their_first_month_on(base, entries, linear):
    series = Series(base, "ratio", -9, 9, linear)
    changed = series.changed(entries)
    fresh = Series(entries, "ratio", -9, 9, linear)
    months = changed.dated().months
    assert list(months) == sorted(set(months))
    for month in range(FIRST_MONTH, FIRST_MONTH + 50):
        expected = fresh if month >= entries[0].month else series
        assert abs(changed.at(month) - expected.at(month)) < 1e-9


def test_money_is_rounded_to_whole_fen():
    series = Series((Cited(None, 287.504, ORIGIN),), "yuan/month", 0, 1000)
    assert series.dated().values == (28750.0,)
    assert Series((Cited(None, 0.724, ORIGIN),), "share", 0, 1).dated().values == (0.724,)
