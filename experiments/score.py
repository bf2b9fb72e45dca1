"""Scores of forecasts against what was then observed: every figure with the model's and the rivals' score."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.asof import dated, known
from experiments.fans import BANDS, Forecast, facts_of, scale_of
from experiments.labels import Label
from experiments.results import Numbers
from experiments.rivals import RIVALS, Known, Predicted, Rival
from scenarios.scored import ScoredList, ScoredSeries, Spread

if TYPE_CHECKING:
    from scenarios import Observation

MODEL = "model"
EVIDENCE, SEEN, MANAGED = "evidence", "seen", "managed"
POOLS = {
    EVIDENCE: Label("证据：模型未用过的独立数字", "evidence: independent figures that no default was chosen with"),
    SEEN: Label("选取默认值时用过的数字（不作证据）", "figures that default values were chosen with (no evidence)"),
    MANAGED: Label("管理性指标（单列）", "managed, administrative figures (apart)"),
}
"""What a figure can tell; each kind is scored apart."""


class Marks(NamedTuple):
    """How well one forecaster did on one figure.

    Attributes:
        median: what it expected.
        crps: continuous ranked probability score, in the unit of the series; smaller is better.
        pit: probability that it gave to figures no higher than the one observed.
        inside: for each of `BANDS`, whether the figure lay within the middle share.
    """

    median: float
    crps: float
    pit: float
    inside: tuple[bool, ...]


@dataclass(frozen=True)
class Scored:
    """One observed figure and what was said of it before.

    Attributes:
        asof: last month known to the forecast.
        place: what the place is called.
        series: id of the series, and `label` its name, `unit` its unit.
        pool: one of `POOLS`.
        fact, year, month, observed, bound, confidence, source: as facts.yaml says, in the unit of the series.
        known: how many figures of the series were known.
        marks: by forecaster: the model, and the rivals that had figures enough.
    """

    asof: int
    place: Label
    series: str
    label: Label
    unit: Label
    pool: str
    fact: str
    year: int
    month: int
    observed: float
    bound: str
    confidence: str
    source: str
    known: int
    marks: dict[str, Marks]

    def relative(self, who: str) -> float:
        """Return a score as a share of what was observed, so that series add up; NaN where the forecaster is silent."""
        return self.marks[who].crps / abs(self.observed) if who in self.marks and self.observed else np.nan

    @property
    def time(self) -> float:
        """The year on an axis where a year stands for its December."""
        return self.year - (12 - self.month) / 12


def score_forecast(forecast: Forecast, asof: int, facts: Sequence[Observation], listed: ScoredList) -> list[Scored]:
    """Return every figure that was observed after a forecast was made, with its scores.

    Args:
        forecast: the forecast; its factual policy is scored.
        asof: last month known to it.
        facts: all observed figures, of the forecast's place.
        listed: the series named beforehand, and the rivals' spread.
    """
    rows: list[Scored] = []
    for series in listed.series:
        if any(one.id == series.id for one in forecast.series):
            rows += _scored(forecast, asof, series, facts_of(series.id, facts), listed)
    return rows


def _scored(
    forecast: Forecast, asof: int, series: ScoredSeries, facts: Sequence[Observation], listed: ScoredList
) -> Iterable[Scored]:
    """Yield the scores of one series."""
    one, before = forecast.one(series.id), history(series, known(facts, asof))
    for fact in sorted(facts, key=lambda fact: (fact.year, fact.month)):
        said = said_of(forecast, series, fact.year, fact.month)
        if dated(fact) <= asof or said is None:
            continue
        observed, time = fact.value * scale_of(fact.unit), _time(fact)
        marks = {MODEL: ensemble_marks(said, observed)}
        for name, (_, rival) in RIVALS.items():
            predicted = predicted_by(rival, series, before, time, listed.spread)
            if predicted is not None:
                marks[name] = rival_marks(predicted, observed)
        yield Scored(
            asof, forecast.place, series.id, one.label, one.unit, pool_of(fact), fact.id, fact.year, fact.month, observed,
            fact.bound, fact.confidence, fact.source, len(before), marks,
        )  # fmt: skip


def predicted_by(rival: Rival, series: ScoredSeries, known: Sequence[Known], time: float, spread: Spread) -> Predicted | None:
    """Return what a rival says of a time: of a running sum, the mean a year that it expects, for as many years."""
    usable = [Known(one.time, one.value / series.years(one.time)) for one in known if one.time < time]
    found, years = rival(usable, time, spread), series.years(time)
    return None if found is None else found._replace(location=found.location * years, scale=found.scale * years)


def pool_of(fact: Observation) -> str:
    """Return what a figure can tell."""
    if fact.tag == "administrative_target":
        return MANAGED
    return SEEN if fact.used_for else EVIDENCE


def history(series: ScoredSeries, facts: Iterable[Observation]) -> list[Known]:
    """Return known figures by time, one a time; a sum within a year is none of the year."""
    usable = [fact for fact in facts if series.between == "stock" or fact.month == 12]
    found = {_time(fact): fact.value * scale_of(fact.unit) for fact in usable}
    return [Known(time, found[time]) for time in sorted(found)]


def said_of(forecast: Forecast, series: ScoredSeries, year: int, month: int) -> Numbers | None:
    """Return what each repetition says of a month: between two Decembers, or that part of the year's sum; None for nothing."""
    values, years = forecast.of(series.id, forecast.factual), forecast.years
    if year not in years or (month < 12 and series.between == "stock" and year - 1 not in years):
        return None
    end = values[:, years.index(year)]
    start = values[:, years.index(year - 1)] if month < 12 and series.between == "stock" else np.zeros_like(end)
    said: Numbers = start + (end - start) * month / 12
    said = said[np.isfinite(said)]
    return said if len(said) else None


def ensemble_marks(said: Numbers, observed: float) -> Marks:
    """Return how well repetitions did; the score is that of endlessly many like them (Ferro 2014)."""
    from scoringrules import crps_ensemble

    count = len(said)
    crps = float(crps_ensemble(observed, said, estimator="fair" if count > 1 else "nrg", backend="numpy"))
    below, same = int((said < observed).sum()), int((said == observed).sum())
    ends = [np.quantile(said, ((1 - share) / 2, (1 + share) / 2)) for share in BANDS]
    inside = tuple(bool(low <= observed <= high) for low, high in ends)
    return Marks(float(np.median(said)), crps, (below + same / 2 + 0.5) / (count + 1), inside)


def rival_marks(predicted: Predicted, observed: float) -> Marks:
    """Return how well a rival did."""
    pit = predicted.cdf(observed)
    return Marks(predicted.location, predicted.crps(observed), pit, tuple(abs(pit - 0.5) <= share / 2 for share in BANDS))


def _time(fact: Observation) -> float:
    """Return when a figure holds, in years; a year stands for its December."""
    return fact.year - (12 - fact.month) / 12


HEADER = (
    "asof", "place", "series", "pool", "fact", "year", "month", "unit", "observed", "bound", "known_figures", "forecaster",
    "median", "crps", "crps_share", "bias", "pit", *(f"in{100 * share:.0f}" for share in BANDS), "confidence", "source",
)  # fmt: skip


def score_rows(scored: Iterable[Scored]) -> Iterable[tuple[Any, ...]]:
    """Yield a row a figure and forecaster, as in ``tables/scores.csv``."""
    from scenarios.cited import show_month

    for one in scored:
        head = (show_month(one.asof), one.place.en, one.series, one.pool, one.fact, one.year, one.month, one.unit.en)
        seen = (one.observed, one.bound, one.known)
        for who, marks in one.marks.items():
            inside = tuple(int(there) for there in marks.inside)
            bias = marks.median - one.observed
            tail = (one.confidence, one.source)
            yield (*head, *seen, who, marks.median, marks.crps, one.relative(who), bias, marks.pit, *inside, *tail)


def left_out(
    facts: Sequence[Observation], scored: Sequence[Scored], asof: int, listed: ScoredList
) -> list[tuple[str, str, int, Label]]:
    """Return indicators with figures after a month of which none was scored: id, name, last year, why.

    Args:
        facts: all observed figures of the place.
        scored: what was scored.
        asof: the first month of knowledge.
        listed: the series named beforehand.
    """
    used = {one.fact for one in scored}
    last: dict[str, Observation] = {}
    for fact in facts:
        if dated(fact) > asof and (fact.indicator not in last or last[fact.indicator].year <= fact.year):
            last[fact.indicator] = fact
    done = {fact.indicator for fact in facts if fact.id in used}
    return [
        (name, fact.names["en"], fact.year, _why_left(name, facts, asof, listed))
        for name, fact in sorted(last.items())
        if name not in done
    ]


def _why_left(indicator: str, facts: Sequence[Observation], asof: int, listed: ScoredList) -> Label:
    """Return why no figure of an indicator was scored."""
    later = [fact for fact in facts if fact.indicator == indicator and dated(fact) > asof]
    if all(fact.tag == "not_comparable" for fact in later):
        return Label("口径不同，不可比", "counts something else: not comparable")
    if indicator not in {one.indicator for one in listed.series}:
        return Label("不在事先列出的序列中", "not among the series named beforehand")
    return Label("预测年份之外，或该地无模拟值", "outside the years forecast, or the run says nothing of it")
