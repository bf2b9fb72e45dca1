"""Observed figures and scores made by hand."""

from __future__ import annotations

from experiments.labels import Label
from experiments.score import EVIDENCE, Marks, Scored
from scenarios.observed import Observation
from scenarios.scored import ScoredList, ScoredSeries, Spread

LISTED = ScoredList((ScoredSeries("dibao_total", "dibao_total", "", "level", "stock", "persons"),), Spread(0.03, 2.0))


def fact(year, value, month=12, tag="emergent", told=None, indicator="dibao_total", bound="exact", used_for=()):
    """A figure told in February of the next year, or when it is said."""
    return Observation(
        f"{indicator}_{year}_{month}",
        (),
        {"zh": "低保人数", "en": "on dibao"},
        year,
        value,
        "million persons",
        "China",
        tag,
        indicator,
        f"Office, {year + 1}-02-01",
        "source seen",
        bound,
        month=month,
        told=told,
        used_for=used_for,
    )


def scored(series, model, pool=EVIDENCE, observed=10.0, year=2023, asof=24275, **rivals):
    """A score: each forecaster's CRPS."""
    marks = {
        who: Marks(observed + crps, crps, 0.3 if who == "model" else 0.6, (False, True, True))
        for who, crps in {"model": model, **rivals}.items()
    }
    return Scored(
        asof,
        Label("全国", "China"),
        series,
        Label("序列" + series[-1], series),
        Label("%", "%"),
        pool,
        f"{series}_{year}",
        year,
        12,
        observed,
        "exact",
        "source seen",
        "Office",
        3,
        marks,
    )
