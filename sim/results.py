"""What a finished run hands on: households for pairing, payments by lever, the books' residual."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.indicators import BALANCES, INCOMES, INDEX
from sim.standing import at, standing

if TYPE_CHECKING:
    from sim.model import Model

_FIRSTS = ("first_relapse_gross", "first_relapse_net", "first_relapse_guarantee", "first_relapse_registry", "first_at_risk")


def household_table(model: Model) -> dict[str, np.ndarray]:
    """Return one row for each founding household: who it is and the first events of it and of all that split off from it.

    A first event is the earliest among the founding household and its split-offs, with that one's cause; persons of 2020 are
    those of all of them, years those in which any of them fell; group, village, township, type and fifth of 2020 (`sim.standing`)
    and net income per head of each December, in yuan, are the founding household's.
    """
    households = model.state.households
    founding = np.flatnonzero(households["id"] == households["root"])
    table = {
        "id": households["id"][founding],
        "group": households["group"][founding],
        "township": model.state.villages["township"][households["village"][founding]],
        "village": households["village"][founding],
        "persons_2020": _persons_2020(model, households["id"][founding]),
    }
    table |= standing(model.past.state if model.past else model.state, table["id"])
    table |= {f"net_head_{year}": at(table["id"], *heads) for year, heads in sorted(model.decembers.items())}
    family = _family(households["root"], households["id"][founding])
    earliest = {}
    for name in _FIRSTS:
        earliest[name] = _earliest(households[name], family, len(founding))
        months = households[name][earliest[name]].astype(np.int32)
        table[name] = np.where(months == 0, -1, months)
    for operator in ("gross", "net", "guarantee"):
        first = f"first_relapse_{operator}"
        causes = households[f"cause_{operator}"][earliest[first]]
        table[f"cause_{operator}"] = np.where(table[first] < 0, -1, causes).astype(np.int8)
    # whether any of the family was ever in the registry, and the channel that last saw one of it
    table["identified"] = np.zeros(len(founding), np.int8)
    np.maximum.at(table["identified"], family, (households["identified_month"] > 0).astype(np.int8))
    table["channel"] = np.zeros(len(founding), np.int8)
    np.maximum.at(table["channel"], family, np.where(households["identified_month"] > 0, households["flag_channel"], 0))
    table["members"] = np.zeros(len(founding), np.int32)
    np.add.at(table["members"], family, households["members"])
    table["net_12m"] = np.zeros(len(founding), np.int64)
    np.add.at(table["net_12m"], family, households["net_12m"].astype(np.int64))
    for name in ("years_net", "years_core"):
        table[name] = np.zeros(len(founding), np.int32)
        np.bitwise_or.at(table[name], family, households[name])
    return table


def _family(root: np.ndarray, founding: np.ndarray) -> np.ndarray:
    """Return the place of each household's root among the founding households."""
    order = np.argsort(founding)
    return order[np.searchsorted(founding[order], root)]


def _earliest(months: np.ndarray, family: np.ndarray, families: int) -> np.ndarray:
    """Return each family's household with the earliest month, of equal ones the first; 0 stands for never."""
    when = np.where(months == 0, np.iinfo(np.int32).max, months.astype(np.int32))
    order = np.lexsort((np.arange(len(months)), when, family))
    first: np.ndarray = order[np.searchsorted(family[order], np.arange(families))]
    return first


def _persons_2020(model: Model, founding: np.ndarray) -> np.ndarray:
    """Return the members at the end of 2020 of founding households and those that had split off from them."""
    households = model.past.state.households if model.past else model.state.households
    persons = np.bincount(_family(households["root"], founding), weights=households["members"], minlength=len(founding))
    return persons.astype(np.int32)


def ledger_table(model: Model) -> dict[str, np.ndarray]:
    """Return payments by month and lever as columns."""
    paid = model.paid
    month, lever = np.nonzero(paid)
    levers = model.rules.levers
    return {
        "month": (model.first_month + month).astype(np.int32),
        "account": np.array([levers[k].account for k in lever], dtype=object),
        "lever": np.array([levers[k].id for k in lever], dtype=object),
        "level": np.array([levers[k].level for k in lever], dtype=object),
        "fen": paid[month, lever],
    }


def post_table(model: Model) -> dict[str, np.ndarray]:
    """Return by month, lever, event (`sim.institutions.postbook.EVENTS`) and group how many persons it concerns."""
    lines = model.post_book.lines()
    return {
        "month": np.array([line[0] for line in lines], np.int32),
        "lever": np.array([line[1] for line in lines], dtype=object),
        "event": np.array([line[2] for line in lines], dtype=object),
        "group": np.array([line[3] for line in lines], np.int8),
        "persons": np.array([line[4] for line in lines], np.int64),
    }


def account_table(model: Model) -> dict[str, np.ndarray]:
    """Return by month what every account on which a lever draws paid, what is left, and the demand not met.

    ``granted`` is the share of amounts granted in the month: below 1 the account has run out. ``limited`` is 0 where no rule
    limits it, and the balance means nothing.
    """
    rows = [(account, month) for account in model.accounts if account.drawing for month in account.months]
    return {
        "month": np.array([month.month for _, month in rows], np.int32),
        "account": np.array([account.name for account, _ in rows], dtype=object),
        "level": np.array([" ".join(account.levels) for account, _ in rows], dtype=object),
        "limited": np.array([bool(account.rules) for account, _ in rows]),
        "paid": np.array([month.paid for _, month in rows], np.int64),
        "balance": np.array([month.balance for _, month in rows], np.int64),
        "unmet": np.array([month.unmet for _, month in rows], np.int64),
        "granted": np.array([month.granted for _, month in rows], np.float64),
    }


def ledger_residual(model: Model) -> np.ndarray:
    """Return, month by month, the larger of two gaps in fen; both are zero when every fen has an account.

    Households: income booked, less the change of harvests and pay due, less all they pay, equals the change of assets less debt.
    Levers: what levers paid equals what households and hospitals received from them.
    """
    record = model.record.sum(axis=1)
    before = _opening(model)
    flow = {name: record[:, INDEX[name]] for name in INDEX}
    change = {name: np.diff(np.concatenate(([before[name]], record[:, INDEX[name]]))) for name in BALANCES}
    income = sum(flow[f"{source}_income"] for source in INCOMES)
    spent = (
        flow["premiums"] + flow["contributions"] + flow["own_medical"] + flow["interest"] + flow["consumption"] + flow["estates"]
    )
    spent = spent + flow["schooling_cost"] + flow["rebuilding"] + flow["water_cost"]
    aid = flow["school_aid"] + flow["rebuilding_aid"] + flow["rebuilding_grants"]
    spent = spent - aid
    owed = sum(change[name] for name in ("debt", "kin_debt", "loan_balance", "arrears"))
    households = income + flow["distress_sales"] - change["farm_due"] - change["pay_due"] - spent - change["assets"] + owed
    received = (
        flow["premium_subsidy"] + flow["post_income"] + flow["dibao_income"] + flow["reimbursed"] + flow["drugs_reimbursed"]
    )
    received = received + flow["job_support"] + flow["training_cost"]
    received += flow["allowance_income"] + flow["support_income"]
    received += flow["interest_subsidy"] + flow["insurance_subsidy"] + flow["insurance_payout"]
    received += flow["contribution_subsidy"] + flow["services_paid"]
    received = received + aid + flow["relief_income"] + flow["late_premiums"]
    levers = model.paid.sum(axis=1) - received
    return np.where(np.abs(households) > np.abs(levers), households, levers)


def _opening(model: Model) -> dict[str, int]:
    """Return the balances before the first month."""
    if model.past is not None:
        last = model.past.record[-1].sum(axis=0)
        return {name: int(last[INDEX[name]]) for name in BALANCES}
    return {**dict.fromkeys(BALANCES, 0), "assets": model.opening_assets}
