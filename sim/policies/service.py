"""Services: care, rehabilitation, treatment or training of a person for as long as the person qualifies; a budget pays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.arithmetic import to_fen
from sim.draws import NUMBER
from sim.engine import procedure
from sim.policies.eligibility import qualifies
from sim.policies.mechanisms import MECHANISMS
from sim.policies.tables import column_of
from sim.processes.dependence import own_care, rehabilitation_need, treatment_need
from sim.script import luck
from sim.state import ROW

VISITS, DAY_CARE, RESIDENTIAL, REHABILITATION, TREATMENT, TRAINING = range(len(MECHANISMS["service"].words["kind"]))
"""Codes of the word ``kind``; those up to residential care exclude each other."""
_PROBABILITY, _REACH, _COST, _RELIEF, _KIND = (
    column_of("service", name) for name in ("probability", "reach", "cost", "relief", "kind")
)
_ID, _STREAM = ROW["person", "id"], NUMBER["service_begin"]


class Served(NamedTuple):
    """Services that a person has this month; own cost of care after them, and what budgets paid, in fen."""

    cared: int
    rehabilitated: int
    treated: int
    trained: int
    care_cost: int
    service_paid: int


@procedure
def serve(  # type: ignore[no-untyped-def]
    alive, i, h, month, key, age, self_care, disability_grade, severe_mental_disorder, cared, rehabilitated, treated, trained,
    hh_refusal_rank, law_care_cost, law_rehabilitation_cost, law_treatment_cost, paid, P_u8, F_id, F_when, F_u, L_service,
    W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
) -> Served:  # fmt: skip
    """Let services go on, begin or end, and work out what care costs the family beside them. Training lasts and is given once."""
    if alive == 0:
        return Served(0, 0, 0, 0, 0, 0)
    care, rehabilitation, treatment = 0, 0, 0
    rehabilitation_cost = rehabilitation_need(age, disability_grade, law_rehabilitation_cost)
    treatment_cost = treatment_need(severe_mental_disorder, law_treatment_cost)
    spent = 0
    for row in range(L_service.shape[0]):
        kind = int(L_service[row, _KIND])
        done = (
            rehabilitation
            if kind == REHABILITATION
            else (treatment if kind == TREATMENT else (trained if kind == TRAINING else care))
        )
        if done > 0 or hh_refusal_rank < 100.0 * (1.0 - L_service[row, _REACH]):
            continue
        number = int(L_service[row, 1])
        if not qualifies(number, i, h, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4):
            continue
        held = (
            rehabilitated
            if kind == REHABILITATION
            else (treated if kind == TREATMENT else (0 if kind == TRAINING else (1 if cared > kind else 0)))
        )
        chance = L_service[row, _PROBABILITY]
        if held == 0 and chance < 1.0 and luck(key, _STREAM, P_u8[_ID, i], month, F_id, F_when, F_u) >= chance:
            continue
        relief = 0
        if kind == REHABILITATION:
            rehabilitation = 1
            relief = min(rehabilitation_cost, to_fen(L_service[row, _RELIEF]))
            rehabilitation_cost -= relief
        elif kind == TREATMENT:
            treatment = 1
            relief = min(treatment_cost, to_fen(L_service[row, _RELIEF]))
            treatment_cost -= relief
        elif kind == TRAINING:
            trained = 1
        else:
            care = kind + 1
        amount = to_fen(L_service[row, _COST]) + relief
        paid[number] += amount
        spent += amount
    own = own_care(self_care, care, law_care_cost) + rehabilitation_cost + treatment_cost
    return Served(care, rehabilitation, treatment, trained, own, spent)


def services_in_force(table: np.ndarray) -> np.ndarray:
    """Return the services in force, the fullest kind of care first."""
    active = table[table[:, 0] == 1.0]
    kind = active[:, _KIND]
    return active[np.argsort(np.where(kind <= RESIDENTIAL, -kind, kind), kind="stable")]
