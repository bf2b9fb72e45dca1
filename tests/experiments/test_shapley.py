"""Games of causes over stored runs: cells of coalitions, shares by replication, tables and chart."""

import fakes
import numpy as np
import pytest

from experiments.charts.shapley import draw_shares
from experiments.labels import Label
from experiments.results import read_results
from experiments.runner import run_plan
from experiments.shapley import REST, TOTAL, Game, Player, share_cells, shares, worth, worth_cells
from experiments.store import Store

ILLNESS = Player("illness", Label("疾病", "illness"), ("illness=off",), "no illness")
SUPPORT = Player("support", Label("退出", "end of support"), (), "kept")
POSTS = Player("posts", Label("岗位", "posts"), ("keep=public_welfare_jobs",), "kept posts")
GAME = Game("cliff", "kept", (ILLNESS, SUPPORT))


def test_cells_of_coalitions():
    assert GAME.cells == ("kept;illness=off", "kept", "cliff;illness=off", "cliff")
    assert Game("cliff", "kept", (ILLNESS, POSTS)).cell(0) == "cliff;illness=off;keep=public_welfare_jobs"


def test_shares_by_hand_with_intervals():
    rows = shares(GAME, np.array([[10, 10], [13, 15], [14, 14], [20, 22]], np.int64))
    found = {row.player: row for row in rows}
    assert [row.player for row in rows] == ["illness", "support", REST, TOTAL]
    # by replication: illness (3 + 6) / 2 and (5 + 8) / 2, support (4 + 7) / 2 and (4 + 7) / 2
    assert found["illness"].exact.tolist() == [9, 13]
    assert found["illness"].share.mean == pytest.approx(5.5)
    assert found["illness"].share.error == pytest.approx(1.0)
    assert found["support"].share.error == 0
    assert found["support"].alone.mean == 4
    assert found["support"].last.mean == 7
    assert sum(row.share.mean for row in rows[:-1]) == pytest.approx(rows[-1].share.mean)
    assert sum(row.part for row in rows[:-1]) == pytest.approx(100)
    assert share_cells(rows[-1])[:2] == ("total", "21")
    assert worth_cells(GAME, np.array([[1], [2], [3], [4]]))[3][:3] == ("illness+support", "cliff", "4")


def test_worths_come_from_stored_runs(engine, tmp_path):
    plan = fakes.plan(GAME.cells, months=36)
    store = Store(tmp_path / "study")
    store.open(plan.study)
    run_plan(plan, store)
    results = read_results(plan, store)
    worths = worth(results, GAME, "relapse_net_persons", ("ex_poor",))
    assert worths.shape == (4, 3)
    assert worths[3, 0] == sum(results.total("relapse_net_persons", ("ex_poor",), year)[3, 0] for year in results.years)
    with pytest.raises(ValueError, match="no runs of cliff;illness=off;keep=public_welfare_jobs"):
        worth(results, Game("cliff", "kept", (ILLNESS, POSTS)), "relapse_net_persons", ("ex_poor",))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_chart_is_stacked_to_the_total(lang):
    rows = shares(GAME, np.array([[10, 10], [13, 15], [14, 14], [20, 22]], np.int64))
    figure = draw_shares(rows, Label("某县", "a county"), Label("人次", "persons"), Label("模拟村", "villages"), lang)
    bars = figure.axes[0].patches
    # the rest, the players, the total: each begins where the one before ends
    assert [bar.get_x() for bar in bars] == pytest.approx([0, 10, 15.5, 0])
    assert bars[2].get_x() + bars[2].get_width() == pytest.approx(bars[3].get_width())
