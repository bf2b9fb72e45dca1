"""What one run leaves behind, taken from the model at its end."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.engine import FIRST_MONTH


class Output(NamedTuple):
    """The result of one run.

    Attributes:
        first_month: month number of the first row of `record`; the lived past comes before 2021-01.
        record: counts by month, group and indicator (`sim.indicators`).
        households: columns of the household table.
        ledger: columns of the ledger table; money in fen.
        accounts: columns of the table of accounts; money in fen.
        posts: columns of the table of posts: who held, got and left them.
        spells: columns of the table of spells of true risk, and when they were found.
        lists: columns of the table of what was known each December, and what the next year brought.
        risks: columns of the table of households at risk for the first time, and what came before (`sim.risks`).
        relapses: columns of the table of new falls by every definition, with causes and events (`sim.falls`); money in fen.
        summary: small facts of the run: rural population, ledger residual, untouched levers.
    """

    first_month: int
    record: NDArray[np.int64]
    households: dict[str, Any]
    ledger: dict[str, Any]
    accounts: dict[str, Any]
    posts: dict[str, Any]
    spells: dict[str, Any]
    lists: dict[str, Any]
    risks: dict[str, Any]
    relapses: dict[str, Any]
    summary: dict[str, Any]


def _summary(model: Any) -> dict[str, Any]:
    """Return what the run says in a few numbers, the same for equal runs."""
    residual = np.asarray(model.ledger_residual(), dtype=np.int64)
    return {
        "rural_population": int(model.rural_population),
        "ledger_residual_fen": int(np.abs(residual).max(initial=0)),
        "untouched_levers": [[str(lever), str(reason)] for lever, reason in model.untouched_levers()],
    }


def collect_output(model: Any, past: Any) -> Output:
    """Return the result of a finished model, the lived past in front."""
    before = np.asarray(past.record, dtype=np.int64)
    record = np.concatenate([before, np.asarray(model.record, dtype=np.int64)])
    return Output(
        first_month=FIRST_MONTH - len(before),
        record=record,
        households=dict(model.household_table()),
        ledger=dict(model.ledger_table()),
        accounts=dict(model.account_table()),
        posts=dict(model.post_table()),
        spells=dict(model.spell_table()),
        lists=dict(model.list_table()),
        risks=dict(model.risk_table()),
        relapses=dict(model.relapse_table()),
        summary=_summary(model),
    )
