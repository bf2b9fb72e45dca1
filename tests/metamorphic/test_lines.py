"""A higher line never shrinks the group that is below it, and a higher standard never shrinks the group that gets assistance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from experiments.checks.edits import with_values
from metamorphic.bench import lived, rules, with_lever
from sim.indicators import INDEX
from sim.rules import Dated, constant


def raised(dated: Dated, factor: float) -> Dated:
    return replace(dated, values=tuple(value * factor for value in dated.values))


@pytest.mark.parametrize("factor", [1.001, 1.05, 1.5])
@pytest.mark.parametrize(
    ("line", "count"), [("monitoring_line", "at_risk_persons"), ("poverty_line", "below_net_persons"), ("rigid_spend_line", "")]
)
def test_a_higher_line_never_shrinks_who_is_below(line, count, factor):
    base = lived(rules(), 1)
    higher = lived(with_values(rules(), **{line: raised(rules().values[line], factor)}), 1)
    if count:
        assert (higher.record[0, :, INDEX[count]] >= base.record[0, :, INDEX[count]]).all()
    else:
        # a higher bar for spending raises fewer alerts, never more
        name = "new_alert_spending_households"
        assert (higher.record[0, :, INDEX[name]] <= base.record[0, :, INDEX[name]]).all()
    if factor == 1.5:
        assert not np.array_equal(higher.record, base.record)


@pytest.mark.parametrize("factor", [1.01, 1.2, 2.0])
def test_a_higher_standard_never_shrinks_who_gets_dibao(factor):
    dibao = next(lever for lever in rules().levers if lever.id == "dibao")
    sure = {**dibao.values, "take_up": constant(1.0), "take_up_monitored": constant(1.0)}
    base = lived(with_lever(rules(), replace(dibao, values=sure)), 1)
    higher = lived(with_lever(rules(), replace(dibao, values=sure | {"standard": raised(sure["standard"], factor)})), 1)
    before, after = (model.state.households["dibao_stage"] > 0 for model in (base, higher))
    assert not (before & ~after).any()
    assert factor < 1.1 or after.sum() > 1.05 * before.sum()
