"""Charts of runs, of the pretended model: what docs/charts.md shows beside those of `pictured`."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import fakes
import numpy as np
import pytest
from matplotlib.figure import Figure
from pretended_forecasts import made

from experiments.accounts import items
from experiments.chains import Event
from experiments.chances import Chance
from experiments.charts.accounts import draw_accounts
from experiments.charts.beside import draw_beside
from experiments.charts.calibration import draw_fit, draw_marginals
from experiments.charts.causes import draw_causes
from experiments.charts.causeyears import draw_cause_years
from experiments.charts.cells import draw_cells
from experiments.charts.fan import draw_goal_years
from experiments.charts.frontier import draw_frontier
from experiments.charts.goal import draw_goal, draw_steps
from experiments.charts.life import draw_life
from experiments.charts.margins import draw_margins
from experiments.charts.pairs import draw_pairs
from experiments.charts.plane import draw_plane
from experiments.charts.posterior import draw_joint, draw_ranks
from experiments.charts.posterior import draw_sensitivity as draw_moved
from experiments.charts.rates import draw_rates
from experiments.charts.sensitivity import draw_sensitivity
from experiments.charts.shapley import draw_shares
from experiments.charts.tale import draw_tale
from experiments.charts.validation import draw_validation
from experiments.charts.warning import draw_warning
from experiments.compare import margins, money
from experiments.compare.beside import Beside, Named
from experiments.compare.outcomes import outcomes, paired_rows, relapses
from experiments.design import LUCK_INPUT
from experiments.facts import AGREES, CANNOT_TELL, DIFFERS, Comparison
from experiments.goal import CountyStep, GoalRow, goal_rows, place_and_counties
from experiments.intervals import estimate
from experiments.labels import Label
from experiments.life import Life
from experiments.results import Results
from experiments.runner import run_plan
from experiments.search import Found, Seen
from experiments.sensitivity import Effect
from experiments.shapley import REST, TOTAL, Share
from experiments.store import Store
from experiments.stored import open_stored
from experiments.sweep import cell_rows, quantity_named
from experiments.tale import Tale
from experiments.warning import read_notes
from sim.rules import Dated, month_index

PLACE = "a county of Nanyang"
HERE = Label("南阳市某县", PLACE)
POLICIES = ("documented", "kept", "cliff")
KNOB = "public_welfare_jobs.kept"
NOTHING = np.zeros(0, np.int64)
PARAMETERS = ("values.bill_mean", "values.job_finding", "values.yield_sd")


def results_of(folder: Path) -> tuple[Path, Results]:
    """A stored study of three policies of the pretended model, and what it adds up to."""
    with pytest.MonkeyPatch.context() as patch:
        fakes.Engine().install(patch)
        plan, store = fakes.plan(POLICIES, replications=3, reference="kept"), Store(folder / "study")
        store.open(plan.study)
        run_plan(plan, store)
    return store.root, open_stored(store.root).results()


def charts_of_runs(folder: Path) -> dict[str, Callable[[], Figure]]:
    """Every chart that a folder of runs gives, by its name."""
    root, results = results_of(folder)
    stored = open_stored(root)
    ranks, trades = ranked(results)
    goal = goal_rows(place_and_counties(stored.plan(), Store(root)))
    return {
        "rates": lambda: draw_rates(results, PLACE, "en"),
        "causes": lambda: draw_causes(results, "cliff", PLACE, "en"),
        "cause-years": lambda: draw_cause_years(results, PLACE, "en"),
        "pairs": lambda: draw_pairs(results, paired_rows(results), "en"),
        "plane": lambda: draw_plane(results, ranks, trades, "en"),
        "margins": lambda: draw_margins(results, *curves(), "en"),
        "goal": lambda: draw_goal(results, goal, PLACE, "en"),
        "warning": lambda: draw_warning(results, read_notes(stored.plan(), Store(root), results), PLACE, "en"),
        "cells": lambda: draw_cells(
            cell_rows(results, quantity_named("relapse_net")), ["policy"], results, quantity_named("relapse_net"), PLACE, "en"
        ),
        "beside": lambda: draw_beside(beside(results), "en"),
    }


def ranked(results: Results) -> tuple[list[money.Ranked], list[money.Trade]]:
    """The policies by cost, and what each averts and costs."""
    falls = relapses(results).horizon()
    # the pretended model pays nothing
    costs = np.array([[17.0], [20.0], [14.0]]) + 0.2 * np.array([[1.0], [1.5], [0.5]]) * np.arange(-1, 2)
    base = results.place_of("kept")
    others = [place for place in range(3) if place != base]
    trades = [money._trade(POLICIES[place], falls[base] - falls[place], costs[place] - costs[base])
              for place in others]  # fmt: skip
    return money.rank(POLICIES, costs, falls), trades


def curves() -> tuple[dict[str, list[margins.Point]], list[margins.Step]]:
    """Two knobs at three levels each, with diminishing returns."""
    luck = np.array([-1.0, -0.3, 0.4, 0.9])
    found = {
        knob: [
            margins.Point(knob, str(level), "", estimate(size * level + 0.1 * luck), estimate(gain * level**0.5 + luck))
            for level in (0.0, 1.0, 2.0)
        ]
        for knob, size, gain in ((KNOB, 1.0, 9.0), ("dibao.standard", 1.4, 5.0))
    }
    steps = [
        margins.Step(knob, one, two, estimate(np.full(4, two.dearer.mean - one.dearer.mean) + 0.1 * luck),
                     estimate(np.full(4, two.averted.mean - one.averted.mean) + luck),
                     margins.fieller(np.full(4, two.averted.mean - one.averted.mean) + luck,
                                     np.full(4, two.dearer.mean - one.dearer.mean) + 0.1 * luck), one.level == "0.0")
        for knob, points in found.items()
        for one, two in pairwise(points)
    ]  # fmt: skip
    return found, steps


def beside(results: Results) -> list[Beside]:
    """The same study under two names, the second a little worse."""
    found = []
    for shift, name in ((0.0, Label("平常", "as usual")), (0.4, Label("重灾年", "year of disaster"))):
        named = Named(name.en, name, results)
        one = next(outcome for outcome in outcomes(results) if outcome.id == "relapse_net")
        values = one.horizon()
        found += [
            Beside(named, policy, one, estimate(values[1]), estimate(values[place] - values[1] + shift), None)
            for place, policy in enumerate(POLICIES)
            if policy != "kept"
        ]
    return found


def charts_by_hand() -> dict[str, Callable[[], Figure]]:
    """Charts of figures made by hand, by their names."""
    random = np.random.default_rng(3)
    before = {name: random.normal(1.0, 0.3, 600) for name in PARAMETERS}
    after = {name: random.normal(1.1, 0.05 + 0.1 * place, 600) for place, name in enumerate(PARAMETERS)}
    verdicts = dict(zip(PARAMETERS, ("identified", "weakly identified", "not identified"), strict=True))
    moments = ["income, mean", "income, spread", "workers", "bills"]
    title = Label("校准", "Calibration")
    return {
        "goal-years": lambda: draw_goal_years(made(goal=chances()), "en"),
        "goal-counties": lambda: draw_steps(named_results(), county_steps(), "China", "en"),
        "frontier": lambda: draw_frontier(*searched(), ("relapse", "cost"), PLACE, -2.0, "en"),
        "tale": lambda: draw_tale(tale(), fakes_names(), PLACE, "en"),
        "life": lambda: draw_life([life("kept", 1.0), life("cliff", 0.6)], list(fakes_names().values())[:2], "A family", "en"),
        "marginals": lambda: draw_marginals(before, after, verdicts, title, "en"),
        "joint": lambda: draw_joint(after, before, title, "en"),
        "fit": lambda: draw_fit(fitted(moments), title, "en"),
        "moved": lambda: draw_moved(random.normal(0, 0.5, (3, 4)), PARAMETERS, moments, title, "en"),
        "ranks": lambda: draw_ranks(
            {name: random.integers(0, 100, 60) for name in PARAMETERS}, 99, {name: "even" for name in PARAMETERS}, title, "en"
        ),
        "validation": lambda: draw_validation(compared(), PLACE, "", "en"),
        "shapley": lambda: draw_shares(shared(), HERE, Label("人次", "persons"), Label("模拟村内", "simulated villages"), "en"),
        "sensitivity": lambda: draw_sensitivity(effects(), "sobol", HERE, Label("%", "%"), 256, "en"),
        "accounts": lambda: draw_accounts(paid(), list(fakes_names().values())[:2], HERE, "2022-07", "en"),
    }


def fakes_names() -> dict[str, Label]:
    """What policies are called."""
    return {"kept": Label("政策保持不变", "Support kept"), "cliff": Label("断崖式退出", "Cliff"),
            "documented": Label("文件规定", "As the plan says")}  # fmt: skip


def chances() -> tuple[GoalRow, ...]:
    """Probabilities that fall with the year and rise with the threshold."""
    return tuple(
        GoalRow(policy, "", "relapse_net", bar, year, None, Chance(share, max(0.0, share - 0.2), min(1.0, share + 0.15), 20), "")
        for policy, less in (("documented", 0.1), ("kept", 0.0))
        for bar in (0.01, 0.02, 0.03)
        for year in range(2021, 2026)
        for share in [min(1.0, 0.3 + 25 * bar - less - 0.05 * (year - 2021))]
    )


def named_results() -> SimpleNamespace:
    """What the chart of counties asks of results."""
    study = SimpleNamespace(policies=("kept", "cliff"), parameters="")
    return SimpleNamespace(study=study, name=lambda name: fakes_names()[name], replications=[("point", one) for one in range(20)])


def county_steps() -> list[CountyStep]:
    """Joint probabilities that fall with the number of counties."""
    return [
        CountyStep(policy, "poor_stock", bar, count, share**count**0.5, share**count)
        for policy, less in (("kept", 0.0), ("cliff", 0.1))
        for bar, share in ((0.02, 0.8 - less), (0.03, 0.95 - less))
        for count in range(1, 9)
    ]


def searched() -> tuple[list[Found], Seen]:
    """Candidates of a search, four of them on the frontier, two tried with fresh luck."""
    random, found = np.random.default_rng(5), []
    for number in range(40):
        price = -8 + 0.2 * number
        above = 0.0 if number % 10 == 0 else float(random.uniform(1, 8))
        estimates = {"cost": estimate(np.full(4, price)), "relapse": estimate(np.full(4, 0.3 * price**2 + above))}
        simple = "cliff" if number == 3 else "linear" if number == 17 else ""
        found.append(Found(f"p{number}", {}, simple, number % 10 == 0, {}, estimates))
    luck = np.array([-1.0, 0.2, 0.4, 1.0])
    again = {one.policy: {name: value.mean + luck for name, value in one.estimates.items()} for one in found if one.on_frontier}
    return found, Seen({}, again)


def tale() -> Tale:
    """A household that falls under one policy alone."""
    heads = {
        "documented": (9000.0, 8800.0, 5200.0, 6900.0, 8000.0, 8600.0),
        "kept": (9000.0, 8900.0, 7400.0, 8300.0, 9000.0, 9400.0),
    }
    lines = {
        "monitoring_line": tuple(6000.0 + 500 * year for year in range(6)),
        "poverty_line": tuple(4000.0 + 400 * year for year in range(6)),
    }
    events = (Event("post_ended", month_index(2022, 3), None), Event("job_lost", month_index(2022, 5), 300_000),
              Event("admission", month_index(2022, 6), 900_000))  # fmt: skip
    return Tale(17, "documented", month_index(2022, 9), tuple(range(2020, 2026)), heads, lines, events)


def life(policy: str, support: float) -> Life:
    """Two years of a family whose support falls to a share."""
    line = {
        name: Dated((month_index(2013),), (fen,)) for name, fen in (("monitoring_line", 640_000.0), ("poverty_line", 400_000.0))
    }
    months = []
    for number in range(24):
        counts = {name: 0 for item in items() for name in item.counts}
        counts |= {"wage_income": 180_000, "farm_income": 60_000 + 30_000 * (number % 12 == 9)}
        counts["post_income"] = int(80_000 * (1.0 if number < 12 else support))
        household = {"members": 3, "net_12m": int(3 * (600_000 + 20_000 * number - (number >= 12) * 300_000 * (1 - support)))}
        months.append(SimpleNamespace(month=month_index(2021) + number, counts=counts, household=household))
    return Life(policy, SimpleNamespace(rules=SimpleNamespace(values=line)), tuple(months))


def fitted(moments: list[str]) -> list[dict[str, object]]:
    """Moments of a survey and what the model expects."""
    return [
        {
            "moment": name,
            "observed": 1.0,
            "error": 0.1,
            "predicted": 1.0 + 0.08 * place - 0.1,
            "predicted_sd": 0.05,
            "simulated": 1.0,
        }
        for place, name in enumerate(moments)
    ]


def compared() -> list[Comparison]:
    """A figure of each verdict, and one beyond the axis."""
    rows = (("workers", 1.02, AGREES, "emergent"), ("income", 0.7, DIFFERS, "emergent"), ("falls", 1.3, CANNOT_TELL, "emergent"),
            ("bill", 1.0, AGREES, "input"), ("registered", 6.0, DIFFERS, "administrative_target"))  # fmt: skip
    return [
        Comparison(
            id=name, name=Label(name, name), year=2022, place="China", unit="yuan/year", tag=tag, source="a bulletin",
            observed=1000.0, simulated=estimate(np.array([990.0, 1010.0]) * ratio), miss=ratio - 1, verdict=verdict,
            band=(940.0 * ratio, 1060.0 * ratio), tolerance=(900.0, 1100.0),
        )
        for name, ratio, verdict, tag in rows
    ]  # fmt: skip


def shared() -> list[Share]:
    """Shares of three players, the rest and the total."""
    luck = np.array([-1.0, 0.0, 0.5, 0.5])
    rows = [("illness", Label("疾病", "illness"), 9.0), ("support", Label("政策退出", "end of support"), 14.0),
            ("price", Label("价格", "prices"), -2.0), (REST, Label("其余", "the rest"), 6.0)]  # fmt: skip
    found = [Share(name, label, estimate(value + luck), 100 * value / 27.0, None, None, NOTHING) for name, label, value in rows]
    return [*found, Share(TOTAL, Label("合计", "total"), estimate(27.0 + luck), 100.0, None, None, NOTHING)]


def effects() -> list[Effect]:
    """Effects of four inputs."""
    return [
        Effect(name, size, size - 0.05, size + 0.05, size - 0.02, 0.05, rank, rank)
        for rank, (name, size) in enumerate(
            ((KNOB, 0.5), ("values.bill_mean", 0.3), (LUCK_INPUT, 0.15), ("values.yield_sd", 0.05)), 1
        )
    ]


def paid() -> list[dict[tuple[str, str], float]]:
    """What accounts paid under two policies."""
    return [
        {("resident_insurance_fund", "city"): 5.2, ("social_assistance", "county"): 2.7 + more, ("pension_fund", "central"): 1.2}
        for more in (0.0, 0.4)
    ]
