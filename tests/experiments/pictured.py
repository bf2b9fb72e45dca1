"""The charts of docs/charts.md, drawn of pretended results: quick, and the same on every machine but for its fonts."""

from __future__ import annotations

from pretended_forecasts import made
from pretended_scores import LISTED
from test_score import ASOF, FACTS, forecast
from test_standing_charts import HERE, PLAN, RESULTS, flows, places, read_boundaries, square, written

from experiments.charts.fan import draw_difference, draw_fan
from experiments.charts.flows import draw_flows
from experiments.charts.places import draw_map, draw_places
from experiments.charts.score import draw_hindcast, draw_pit, draw_scores
from experiments.score import score_forecast


def pictured(folder):
    """Return every chart by its name.

    Args:
        folder: an empty folder, for the boundaries.
    """
    rows = score_forecast(forecast(), ASOF, FACTS, LISTED)
    areas = read_boundaries(written(folder, *(square(number % 3, str(number + 1)) for number in range(3))), list("12345"))
    return {
        "fan": draw_fan(made(), "relapse_net", "en"),
        "difference": draw_difference(made(), "relapse_net", "en"),
        "hindcast": draw_hindcast(forecast(), rows, "en"),
        "pit": draw_pit(rows, "en"),
        "scores": draw_scores(rows, "en"),
        "flows": draw_flows(flows(), HERE, PLAN, "en"),
        "places": draw_places(RESULTS, places(), "en"),
        "map": draw_map(RESULTS, places(), areas, "documented", "en"),
    }
