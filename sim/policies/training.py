"""Training: a skills course in winter that raises a worker's wage level; what it adds fades as wage levels do."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.arithmetic import to_fen
from sim.engine import procedure
from sim.policies.eligibility import qualifies
from sim.policies.tables import NUMBER, ON, column_of

_CHANCE, _GAIN, _YEARS, _COST = (column_of("training", name) for name in ("chance", "gain", "years", "cost"))


class Trained(NamedTuple):
    """A person's log wage level, the years left of counting as trained, and what the budget pays for a course, in fen."""

    log_skill: float
    course_years: int
    training_cost: int


@procedure
def train(  # type: ignore[no-untyped-def]
    alive, log_skill, course_years, u_training, i, h, paid, L_training, W_lever, W_clause, W_term, W_bound,
    P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
) -> Trained:  # fmt: skip
    """Let a person take the first course on offer that admits it, in the slack months; who was trained lately takes none."""
    left = course_years - 1 if course_years > 0 else 0
    if alive == 0 or left > 0:
        return Trained(log_skill, left, 0)
    for row in range(L_training.shape[0]):
        number = int(L_training[row, NUMBER])
        takes = L_training[row, ON] == 1.0 and u_training < L_training[row, _CHANCE]
        if takes and qualifies(number, i, h, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4):
            cost = to_fen(L_training[row, _COST])
            paid[number] += cost
            return Trained(log_skill + L_training[row, _GAIN], math.floor(L_training[row, _YEARS] + 0.5), cost)
    return Trained(log_skill, 0, 0)
