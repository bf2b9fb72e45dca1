"""What came before a household was at risk for the first time: by hand, and in a lived county."""

from __future__ import annotations

import numpy as np
from small_county import run

from sim.eventkinds import KINDS
from sim.risks import BEFORE, LINE, NOTHING, last_events, risk_table
from sim.rules import month_index

KIND = {kind.name: place for place, kind in enumerate(KINDS)}


def _before(month: int, **events: tuple[int, int]) -> str:
    months, sizes = np.zeros((len(KINDS), 1), np.int16), np.zeros((len(KINDS), 1), np.int32)
    for name, (when, fen) in events.items():
        months[KIND[name], 0], sizes[KIND[name], 0] = when, fen
    return BEFORE[int(last_events(months, sizes, month)[0])]


def test_the_latest_event_of_a_year_comes_before():
    june = month_index(2023, 6)
    assert _before(june, admission=(june - 3, 900_000), job_lost=(june - 1, 300_000)) == "job_lost"
    assert _before(june, admission=(june - 2, 900_000), job_lost=(june - 2, 300_000)) == "admission", (
        "of equal months the largest"
    )
    assert _before(june, admission=(june - 11, 1)) == "admission" and _before(june, admission=(june - 12, 1)) == NOTHING
    assert _before(june) == NOTHING and _before(month_index(2023)) == LINE
    assert _before(june, default=(june, 0)) == "default"
    assert last_events(np.zeros((len(KINDS), 0)), np.zeros((len(KINDS), 0)), june).tolist() == []


def test_every_household_first_at_risk_stands_in_the_table_once(rules, past):
    model = run(rules, past, 14)
    table, households = risk_table(model), model.state.households
    assert len(set(table["household"].tolist())) == len(table["household"]) > 20
    first = dict(zip(table["household"].tolist(), table["month"].tolist(), strict=True))
    # who is at risk at the end of 2020 already is not newly so; a household that splits off brings its stem's first month along
    columns = (households[name].tolist() for name in ("id", "root", "first_at_risk"))
    for number, root, month in zip(*columns, strict=True):
        if number == root and month >= month_index(2021):
            assert first[number] == month
    assert set(table["event"]) <= set(BEFORE) and len(set(table["event"])) > 3
    assert (table["month"] >= month_index(2021)).all()
