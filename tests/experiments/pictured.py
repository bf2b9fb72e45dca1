"""The charts of docs/charts.md, drawn of pretended results: quick, and the same on every machine but for its fonts."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from matplotlib.figure import Figure
from pretended_charts import charts_by_hand, charts_of_runs
from pretended_forecasts import made
from pretended_scores import LISTED
from test_score import ASOF, FACTS, forecast
from test_standing_charts import HERE, PLAN, RESULTS, flows, places, read_boundaries, square, written

from experiments.charts.fan import draw_difference, draw_fan
from experiments.charts.flows import draw_flows
from experiments.charts.places import draw_map, draw_places
from experiments.charts.score import draw_hindcast, draw_pit, draw_scores
from experiments.score import score_forecast

OF_RUNS = ("rates", "causes", "cause-years", "pairs", "plane", "margins", "goal", "warning")
BY_HAND = ("fan", "difference", "goal-years", "hindcast", "pit", "scores", "flows", "places", "map", "frontier", "tale", "life",
           "marginals", "joint", "fit", "validation")  # fmt: skip
MORE = ("cells", "beside", "goal-counties", "moved", "ranks", "shapley", "sensitivity", "accounts")
"""Charts beyond the list that every change is tried on."""
SHOWN = (*OF_RUNS, *BY_HAND, *MORE)


class Pictured:
    """Draws a chart by its name; what several charts stand on is made when the first asks for it."""

    def __init__(self, folder: Path) -> None:
        """Keep an empty folder, for runs and boundaries."""
        self.folder = folder
        self.of_runs = cache(lambda: charts_of_runs(folder))

    def draw(self, name: str) -> Figure:
        """Return the chart of a name."""
        by_hand = {**charts_by_hand(), **self.standing()}
        return by_hand[name]() if name in by_hand else self.of_runs()[name]()

    def standing(self) -> dict[str, Callable[[], Figure]]:
        """Return forecasts, their scores, flows and places."""
        rows = cache(lambda: score_forecast(forecast(), ASOF, FACTS, LISTED))
        return {
            "fan": lambda: draw_fan(made(), "relapse_net", "en"),
            "difference": lambda: draw_difference(made(), "relapse_net", "en"),
            "hindcast": lambda: draw_hindcast(forecast(), rows(), "en"),
            "pit": lambda: draw_pit(rows(), "en"),
            "scores": lambda: draw_scores(rows(), "en"),
            "flows": lambda: draw_flows(flows(), HERE, PLAN, "en"),
            "places": lambda: draw_places(RESULTS, places(), "en"),
            "map": lambda: draw_map(RESULTS, places(), self.areas(), "documented", "en"),
        }

    def areas(self) -> dict[str, list[object]]:
        """Return the boundaries of three places of five."""
        return read_boundaries(written(self.folder, *(square(number % 3, str(number + 1)) for number in range(3))), list("12345"))
