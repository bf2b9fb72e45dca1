"""What a scorecard is asked for, and the scores of its forecasts on what was observed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from scenarios.cited import show_month
from scenarios.problems import Problem

if TYPE_CHECKING:
    from experiments.fans import Forecast
    from experiments.score import Scored

YEARS = ("2020-12", "2021-12", "2022-12", "2023-12", "2024-12")
"""Months of knowledge where none is named: the Decembers of the plan period and the one before it."""


@dataclass(frozen=True)
class Asked:
    """What a scorecard is asked for.

    Attributes:
        folders: studies or frozen forecasts to score; empty where forecasts are made.
        common: words for the forecasts that are made.
        asof: their months of knowledge.
        lang: language of screen and charts.
        out: folder of tables and charts; None for one under ``runs``.
    """

    folders: tuple[Path, ...] = ()
    common: tuple[str, ...] = ()
    asof: tuple[str, ...] = YEARS
    lang: str = "zh"
    out: Path | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """Where tables and charts go."""
        if self.out is not None:
            return self.out
        place = next((word.partition("=")[2] for word in self.common if word.startswith("place=")), "")
        return Path("runs") / (f"score-{Path(place).stem}" if place else "score")


def scores_of(forecasts: Sequence[tuple[Path, Forecast, int]]) -> list[Scored]:
    """Return the scores of forecasts on what was observed at their own places; of equal places and months the first counts."""
    from experiments.fans import speaking_of
    from experiments.score import score_forecast
    from scenarios import observations
    from scenarios.scored import read_scored

    listed, found, done = read_scored(), [], set()
    for _, forecast, asof in forecasts:
        facts = [fact for fact in speaking_of(observations(), forecast.place.en, True) if fact.place == forecast.place.en]
        fresh = [one for one in score_forecast(forecast, asof, facts, listed) if (one.place, asof, one.series) not in done]
        done |= {(one.place, asof, one.series) for one in fresh}
        found += fresh
    return found


def known_in(forecasts: Sequence[tuple[Path, Forecast, int]]) -> str:
    """Return the months of knowledge of forecasts."""
    return ", ".join(dict.fromkeys(show_month(asof) for _, _, asof in forecasts))
