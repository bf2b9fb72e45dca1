"""Withdrawals: a placebo far above the line, the morning after, nothing before the decision, less support and more shortfall."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from experiments.checks.bench import MONTHS, Bench
from experiments.checks.edits import ended, with_values, without_levers
from experiments.checks.row import Row, bounded, exact
from experiments.engine import FIRST_MONTH
from experiments.labels import Label
from sim.indicators import INDEX
from sim.rules import Lever, Rules, month_index

FAR = 4.0
"""Households far above the line: at least so many lines of income per head (assumption)."""
CUT = month_index(2021, 10)
"""Month of the withdrawals that checks make: the autumn in which premiums are paid."""
CARE_ASIDE = {"forgone_burden": 0.0, "forgone_deposit": 0.0, "admission_price": 0.0}
"""Care that does not depend on money or on a deposit: going without it costs months of work, a real path to gross income."""
READERS = (
    "price_subsidy", "reimbursement", "detection_channel", "schooling_aid", "one_off_grant", "restored_guarantee",
    "cash_transfer", "job_slots", "credit", "warning_indicator", "clearing",
)  # fmt: skip
"""Mechanisms that look at dibao, at incomes (who is warned of, who is cleared), at debts, or at what a household lacks."""
MOVED = frozenset({
    "h.dibao", "h.dibao_margin", "h.low_income", "h.assessed_ratio", "h.need_types", "h.loan_wanted", "h.loan_need",
    "h.credit_eligible", "h.care_burden",
})  # fmt: skip
"""Attributes that the end of dibao moves: grants and assessments, statuses that follow from them, debts and unmet needs."""


def placebo(bench: Bench, mechanisms: tuple[str, ...] = ("price_subsidy",), far: float = FAR) -> list[Row]:
    """Check that ending premium subsidies changes no entry by gross income of households far above the line within a year."""
    changed = looked = 0
    rules = with_values(bench.kept, **CARE_ASIDE)
    # who lapses is seen later by the insurer's records, and helped later: another real path
    rules = without_levers(rules, {lever.id for lever in rules.levers if lever.mechanism == "detection_channel"})
    names = {lever.id for lever in rules.levers if lever.mechanism in mechanisms}
    for seed in bench.seeds:
        base, cut = bench.start(rules, seed, 21), bench.start(ended(rules, names, CUT), seed, 21)
        for model in (base, cut):
            _live_until(model, CUT - 1)
        high = _high(base, far)
        for model in (base, cut):
            _live_until(model, CUT + 11)
        below = [_below(model, "below_gross", high) for model in (base, cut)]
        looked += len(high)
        changed += len(below[0] ^ below[1])
    name = Label(
        "安慰剂：取消参保补贴12个月后，远高于标准线的户中按总收入返贫状态改变的户数（就医与钱无关，监测停用）",
        "placebo: households far above the line whose fall by gross income changes within 12 months without premium subsidies, "
        "care set apart from money and no monitoring",
    )
    return [exact("placebo", name, changed, Label("0户", "0 households"), looked)]


def _live_until(model: Any, month: int) -> None:
    """Live up to a month, which is lived too."""
    while model.month < month:
        model.step()


def _high(model: Any, far: float) -> set[int]:
    """Return the ids of households with a gross income of so many lines."""
    households = model.state.households
    line = model.world.value("poverty_line") * households["members"]
    return set(households["id"][(households["members"] > 0) & (households["gross_12m"] >= far * line)].tolist())


def _below(model: Any, column: str, among: set[int]) -> set[int]:
    """Return the ids of those among households that are below the line."""
    households = model.state.households
    return among & set(households["id"][households[column] == 1].tolist())


def morning_after(bench: Bench, off_by: int = 0) -> list[Row]:
    """Check that with behaviour off the end of dibao brings down exactly those whom dibao held up.

    Args:
        bench: the county.
        off_by: months by which the end is moved: a planted fault.
    """
    if all(lever.id != "dibao" for lever in bench.kept.levers):
        return []
    wrong = fallen = 0
    still = behaviour_off(bench.kept)
    for seed in bench.seeds:
        base, after = bench.run(still, seed, 21), bench.run(ended(still, {"dibao"}, CUT + off_by), seed, 21)
        household = base.state.households
        between = held_up(base, household["benefit_12m"])
        fell = (after.state.households["below_net"] == 1) & (household["below_net"] == 0)
        # selling animals in distress is behaviour that no value switches off
        same = household["livestock"] == after.state.households["livestock"]
        wrong, fallen = wrong + int((fell != between)[same].sum()), fallen + int(fell[same].sum())
    name = Label(
        "次晨检验：不计行为反应，低保停发首年返贫的户与直接数出的户不同者",
        "morning after, behaviour off: households in which the end of dibao and a direct count disagree after a year",
    )
    return [exact("morning_after", name, wrong, Label("0户", "0 households"), fallen)]


def held_up(model: Any, support: np.ndarray) -> np.ndarray:
    """Mark the households that stand at or above the poverty line, net, and would not without a support.

    Args:
        model: it stands at the end of September.
        support: fen of the last 12 months, by household.
    """
    household = model.state.households
    line = model.world.value("poverty_line") * household["members"]
    net = household["net_12m"]
    mark: np.ndarray = (net >= line) & (net - support < line) & (household["members"] > 0)
    return mark


def behaviour_off(rules: Rules) -> Rules:
    """Return rules under which a payment changes nothing but income: no price response, no debt, no rule that reads it."""
    values = {"enrol_price": 0.0, "interest_rate": 0.0, "dropout_stress": 1.0, "dropout_cost": 0.0, "house_repair": 0.0}
    values |= CARE_ASIDE
    return without_levers(with_values(rules, **values), {one.id for one in rules.levers if _reads(one)})


def _reads(lever: Lever) -> bool:
    """Say whether a lever other than dibao looks at dibao, at income, or at a status that follows from them."""
    if lever.mechanism in READERS:
        return True
    if lever.mechanism == "top_up":
        # another top-up is granted what dibao leaves to the standard
        return lever.id != "dibao"
    return any(term.attribute in MOVED for line in lever.who for term in line)


def first_difference(one: Rules, other: Rules) -> int:
    """Return the first month in which two policies differ in a value or lever: the decision; the horizon's end if none."""
    names = [{lever.id: lever for lever in rules.levers} for rules in (one, other)]
    for month in range(FIRST_MONTH, FIRST_MONTH + MONTHS):
        said = []
        for rules, levers in zip((one, other), names, strict=True):
            values = {name: dated.at(month) for name, dated in rules.values.items()}
            fields = {
                (name, key): dated.at(month)
                for name, lever in levers.items()
                if lever.start <= month < lever.end
                for key, dated in lever.values.items()
            }
            said.append((values, fields))
        if said[0] != said[1]:
            return month
    return FIRST_MONTH + MONTHS


def before_decision(bench: Bench) -> list[Row]:
    """Check that policies give the same bytes until the month before the first of them is decided."""
    rows = []
    for policy in bench.rules:
        if policy == "kept" or "kept" not in bench.rules:
            continue
        until = first_difference(bench.rules[policy], bench.kept) - FIRST_MONTH
        differing = 0
        for seed in bench.seeds:
            ours, theirs = bench.shared(policy, seed), bench.shared("kept", seed)
            same = (ours.record[:until] == theirs.record[:until]).all(axis=(1, 2))
            differing += int((~same).sum()) + int(_payments(ours, until) != _payments(theirs, until))
        name = Label(
            f"“{policy}”与“kept”在决定前有差别的月数", f"months before the decision in which '{policy}' differs from 'kept'"
        )
        rows.append(exact(f"before_decision_{policy}", name, differing, Label("0月", "0 months"), until * len(bench.seeds)))
    return rows


def _payments(model: Any, months: int) -> dict[tuple[int, str], int]:
    """Return what each lever paid in the first months."""
    month, lever = np.nonzero(model.paid[:months])
    levers = model.rules.levers
    return {(int(m), levers[k].id): int(model.paid[m, k]) for m, k in zip(month, lever, strict=True)}


ORDER = ("kept", "orderly", "cliff")


def shortfall_order(bench: Bench) -> list[Row]:
    """Check, in pairs, that less support means more shortfall in the last full year."""
    rows = []
    for less, more in pairwise(ORDER):
        if less not in bench.rules or more not in bench.rules:
            continue
        areas = {policy: [_area(bench.shared(policy, seed)) for seed in bench.seeds] for policy in (less, more)}
        change = [after / before - 1 if before > 0 else np.nan for before, after in zip(areas[less], areas[more], strict=True)]
        name = Label(
            f"末年收入缺口面积：“{more}”相对“{less}”的增幅", f"shortfall area of the last year: '{more}' more than '{less}'"
        )
        expected = Label("不小于0（容差0.5%）", "not below 0 (tolerance 0.5%)")
        rows.append(bounded(f"shortfall_{less}_{more}", name, change, expected, -0.005, np.inf, len(bench.seeds)))
    return rows


def _area(model: Any) -> float:
    """Return the net shortfall area of all persons in the last twelve months, in fen."""
    return float(model.record[-12:, :, INDEX["shortfall"]].sum())
