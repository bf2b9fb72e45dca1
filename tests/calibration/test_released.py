"""Counts of a survey panel for the disclosure gate."""

import numpy as np
import pandas as pd
import pytest

from calibration.panel import Meta, make_panel
from calibration.released import counts_of_panel
from experiments.disclosure_register import Register
from experiments.disclosure_tables import release
from scenarios.problems import ScenarioError


def panel():
    # two strata of one and two clusters: 40, 30 and 5 households of three persons; 12, 15 and 5 with dibao, one not asked
    sizes, flags = (40, 30, 5), (12, 15, 5)
    rows = [
        {"household": 100 * cluster + number, "wave": 2018, "weight": 1.0, "size": 3, "income_total": 30_000.0,
         "stratum": min(cluster, 1), "cluster": cluster, "dibao": float(number < flags[cluster])}
        for cluster, size in enumerate(sizes) for number in range(size)
    ]  # fmt: skip
    frame = pd.DataFrame(rows)
    frame.loc[39, "dibao"] = np.nan
    return make_panel(frame, None, Meta("a survey", person_level=False))


def test_households_and_whom_the_flag_meets():
    counts = counts_of_panel(panel(), 2018, "dibao")
    assert [path[1:] for path in counts.villages] == [("0", "0"), ("1", "1"), ("1", "2")]
    assert counts.members[0, :, :, 0].tolist() == [[39, 30, 5], [117, 90, 15]]
    assert counts.fell[2018, "dibao"][0, 0, :, 0].tolist() == [12, 15, 5]


def test_they_pass_the_gate(tmp_path):
    counts = counts_of_panel(panel(), 2018, "dibao")
    _, text = release(counts, Register(tmp_path), "wave 2018")
    assert "1 / 2,observed,2018,dibao,hidden,hidden,hidden" in text


def test_what_was_not_measured_is_told_at_once():
    with pytest.raises(ScenarioError) as told:
        counts_of_panel(panel(), 2020, "debt")
    assert len(told.value.problems) == 2
