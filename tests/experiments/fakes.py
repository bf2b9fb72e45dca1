"""A pretended model with the shape of the real one: quick, deterministic, made of a few random counts."""

from __future__ import annotations

import os
import pickle
import signal
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from experiments import processes, worker
from experiments.chunks import Chunk
from experiments.study import CountyCase, Plan, Study, make_plan, make_weighted_plan
from sim.eventkinds import KINDS
from sim.indicators import CAUSES, GROUPS, INDEX, INDICATORS, MILLION
from sim.rules import County, Dated, Lever, Rules, constant, month_index

PERSONS = {"ex_poor": 3000, "marginal": 1200, "other": 5000}
START = month_index(2021)
DOCUMENTED = {"zh": "文件规定", "en": "As the plan says"}
KEPT = {"zh": "政策保持不变", "en": "Support kept"}
ASSUMED = SimpleNamespace(
    key="values.season_months", month="", value=9.5, unit="months/year", source="assumption", level="nation"
)


def rules(generosity: float = 1.0) -> Rules:
    """Rules that differ only from 2022 on, by one lever."""
    share = Dated((month_index(2013), month_index(2022)), (0.5, 0.5 * generosity))
    lever = Lever("premium_dibao", "price_subsidy", ((),), {"share": share}, {"price": "premium"}, "medical_assistance")
    wages = {
        "migrant_wage": 400_000.0,
        "local_wage": 280_000.0,
        "migrant_share": 0.5,
        "can_leave_share": 0.8,
        "skill_mean": -0.2,
        "skill_sd": 0.3,
    }
    return Rules({name: constant(value) for name, value in wages.items()}, {}, (lever,))


def scenario(policy: str, households: int = 12_000, number: int = 0) -> SimpleNamespace:
    """A scenario as the loader makes them."""
    generosity = {"kept": 1.0, "documented": 0.6}.get(policy, 0.3)
    return SimpleNamespace(
        place="nanyang",
        policy=policy,
        place_names={"zh": "南阳市某县", "en": "a county of Nanyang"},
        policy_names={"documented": DOCUMENTED, "kept": KEPT}.get(policy, {"zh": policy, "en": policy}),
        levers=(SimpleNamespace(id="premium_dibao", names={"zh": "低保参保资助", "en": "premium subsidy"}),),
        county=County(households, 40, 4, number),
        series={"county.households": SimpleNamespace(entries=(SimpleNamespace(value=206_500.0),))},
        rules=rules(generosity),
        decision_month=START,
        assumptions=lambda: (ASSUMED,),
    )


def plan(policies: tuple[str, ...] = ("documented", "kept"), months: int = 60, replications: int = 3, **changes: Any) -> Plan:
    """A plan over the pretended model."""
    study = Study(policies=policies, months=months, replications=replications, **changes)
    scenarios = {policy: scenario(policy) for policy in policies}
    shares = {policy: list(made.rules.levers[0].values["share"].values) for policy, made in scenarios.items()}
    resolved = {policy: {"policy": policy, "share": share} for policy, share in shares.items()}
    return make_plan(study, scenarios, resolved)


def weighted_plan(
    multipliers: tuple[int, ...] = (100, 7),
    policies: tuple[str, ...] = ("documented", "kept"),
    months: int = 60,
    replications: int = 2,
    **changes: Any,
) -> Plan:
    """A plan of a place that lists counties, over the pretended model."""
    study = Study(place="national", policies=policies, months=months, replications=replications, **changes)
    cases = []
    for number, multiplier in enumerate(multipliers):
        scenarios = {policy: scenario(policy, 1_000 * (number + 1), number) for policy in policies}
        plain = {policy: {"policy": policy, "county": number} for policy in policies}
        names = {"zh": f"第{number}县", "en": f"county {number}"}
        cases.append(CountyCase(f"national/c{number}", names, multiplier / 10, multiplier, scenarios, plain))
    return make_weighted_plan(study, {"zh": "全国", "en": "China"}, cases)


def _record(seed: int, first: int, months: int, generosity: float) -> np.ndarray:
    """Counts that look like a county's, with causes that add up."""
    random = np.random.default_rng([seed, first])
    record = np.zeros((months, len(GROUPS), len(INDICATORS)), dtype=np.int64)
    for number, group in enumerate(GROUPS):
        for month in range(months):
            _fill(record[month, number], random, first + month, PERSONS[group], generosity)
    return record


def _fill(row: np.ndarray, random: np.random.Generator, month: int, persons: int, generosity: float) -> None:
    """Fill one month of one group."""

    def put(name: str, value: float) -> None:
        row[INDEX[name]] = int(value)

    worse = 1.0 if month < month_index(2022) else 1.0 + 0.8 * (1 - generosity)
    risk = random.binomial(persons, 0.04) * worse
    put("persons", persons)
    put("households", persons / 3)
    put("at_risk_persons", risk)
    put("below_net_persons", risk * 0.3)
    put("gap_net", risk * 0.1 * MILLION)
    put("gap2_net", risk * 0.03 * MILLION)
    put("shortfall", risk * 5_000)
    put("ever_identified_households", 50 + (month % 100))
    put("ever_cleared_households", 30)
    put("identified_households", random.poisson(3))
    put("cleared_households", random.poisson(2))
    put("enrolled_persons", persons * (0.99 if worse == 1 else 0.97))
    put("workers", persons * 0.4)
    put("paid_workers", persons * 0.3)
    put("posts", persons * 0.02)
    put("wage_income", persons * 0.28 * 270_000)
    put("farm_income", persons * 20_000)
    put("registry_relapse_persons", random.poisson(0.2))
    if month % 12 == 8:
        put("tested_persons", persons)
        parts = random.poisson(persons * 0.001, len(CAUSES)) * worse
        for cause, part in zip(CAUSES, parts, strict=True):
            put(f"relapse_{cause}", part)
        put("relapse_net_persons", sum(int(part) for part in parts))
        put("relapse_gross_persons", parts.sum() * 0.6)
        put("poor_net_persons", risk * 0.3)
        put("poor_gross_persons", risk * 0.2)


class Model:
    """The pretended model."""

    def __init__(self, county: County, rules: Rules, seed: int, past: Any, months: int, pause: float = 0.0) -> None:
        self.rural_population = 3 * county.households
        self.seed, self.months, self.pause, self.stepped = seed + county.number, months, pause, 0
        self.generosity = rules.levers[0].values["share"].values[-1] / 0.5
        self.record = np.zeros((0, len(GROUPS), len(INDICATORS)), dtype=np.int64)

    def step(self) -> None:
        self.stepped += 1
        if self.stepped == self.months:
            time.sleep(self.pause)
            self.record = _record(self.seed, START, self.months, self.generosity)

    def household_table(self) -> dict[str, np.ndarray]:
        count = 50
        numbers = {
            name: np.full(count, -1, dtype=np.int32)
            for name in (
                "first_relapse_gross",
                "first_relapse_net",
                "first_relapse_guarantee",
                "first_relapse_registry",
                "first_at_risk",
            )
        }
        numbers |= {f"cause_{name}": np.full(count, -1, np.int8) for name in ("gross", "net", "guarantee")}
        place = {"village": np.arange(count, dtype=np.int16) // 10, "township": np.arange(count, dtype=np.int16) // 25}
        # in the first village six households of ten fall in 2022, one in the last
        fell = np.isin(np.arange(count), (0, 1, 2, 3, 4, 5, 49)).astype(np.int32) << (2022 - 2013)
        lived = {"persons_2020": np.full(count, 3, np.int8), "group": np.zeros(count, np.int8)}
        bits = {
            "years_net": fell,
            "years_core": fell,
            "identified": (fell > 0).astype(np.int8),
            "channel": np.zeros(count, np.int8),
        }
        bits |= {"members": np.full(count, 3, np.int32), "net_12m": np.full(count, 3_000_000, np.int64)}
        return {"id": np.arange(count, dtype=np.int64), **lived, **place, **numbers, **bits}

    def ledger_table(self) -> dict[str, np.ndarray]:
        months = np.arange(START, START + self.months, dtype=np.int32)
        fen = np.full(self.months, int(30_000_000 * self.generosity), dtype=np.int64)
        words = {"account": "medical_assistance", "lever": "premium_dibao", "level": "county"}
        return {"month": months, **{name: np.array([word] * self.months) for name, word in words.items()}, "fen": fen}

    def account_table(self) -> dict[str, np.ndarray]:
        months = np.arange(START, START + self.months, dtype=np.int32)
        return {"month": months, "account": np.array(["medical_assistance"] * self.months), "unmet": 0 * months}

    def post_table(self) -> dict[str, np.ndarray]:
        words = {"lever": np.array(["posts_guard"], object), "event": np.array(["holders"], object)}
        return {"month": np.array([START], np.int32), **words, "group": np.zeros(1, np.int8), "persons": np.ones(1, np.int64)}

    def spell_table(self) -> dict[str, np.ndarray]:
        # ten spells a month: two known before, four found after a month, two unseen after three, two open at the end
        began = np.repeat(np.arange(START, START + self.months, dtype=np.int32), 4)
        columns = {"group": np.zeros(len(began), np.int8), "end": np.tile(np.arange(4, dtype=np.int8), self.months)}
        waited = np.tile(np.array([0, 1, 3, 5], np.int16), self.months)
        return {"began": began, **columns, "months": waited, "households": np.tile(np.array([2, 4, 2, 2], np.int32), self.months)}

    def list_table(self) -> dict[str, np.ndarray]:
        # of 100 households 10 come to be at risk: 6 of the 8 that were at risk, 2 of the 8 in the registry
        years = np.repeat(np.arange(2021, 2021 + self.months // 12, dtype=np.int16), 5)
        rows = {
            "score": (60, 60, 40, 20, 0), "standing": (2, 2, 1, 0, 0), "monitored": (0, 1, 0, 1, 0),
            "came_at_risk": (1, 1, 1, 0, 0), "fell": (1, 0, 0, 0, 0), "households": (4, 2, 4, 6, 84),
        }  # fmt: skip
        columns = {name: np.tile(np.array(row), self.months // 12) for name, row in rows.items()}
        return {"year": years, "group": np.zeros(len(years), np.int8), **columns}

    def relapse_table(self) -> dict[str, np.ndarray]:
        """Two households fall in September 2022, one of them by two definitions."""
        september = month_index(2022, 9)
        words = {
            "month": [september] * 3,
            "household": [1, 1, 2],
            "definition": [0, 1, 1],
            "persons": [3, 3, 2],
            "group": [0, 0, 1],
        }
        table = {name: np.array(values, np.int32) for name, values in words.items()}
        table |= {"cause": np.array([0, 0, 8], np.int8), "second": np.array([3, 3, -1], np.int8)}
        table |= {name: np.zeros(3, np.int16) for name in ("root", "village", "township")}
        table |= {f"push_{cause}": np.zeros(3, np.int64) for cause in CAUSES}
        table |= {f"event_{kind.name}": np.zeros(3, np.int16) for kind in KINDS}
        table |= {f"size_{kind.name}": np.zeros(3, np.int32) for kind in KINDS if kind.size}
        for name, month, fen in (("job_lost", september - 4, 300_000), ("admission", september - 1, 900_000)):
            table[f"event_{name}"][:2], table[f"size_{name}"][:2] = month, fen
        return table | {"supports_ended": np.array(["", "", "old_age"], dtype=object)}

    def risk_table(self) -> dict[str, np.ndarray]:
        rows = {"month": np.array([START + 1, START + 13], np.int32), "household": np.array([3, 4], np.uint64)}
        place = {"group": np.zeros(2, np.int8), "village": np.zeros(2, np.int16), "township": np.zeros(2, np.int16)}
        return {**rows, **place, "event": np.array(["admission", "line"], object)}

    def ledger_residual(self) -> np.ndarray:
        return np.zeros(self.months, dtype=np.int64)

    def untouched_levers(self) -> list[tuple[str, str]]:
        return [("posts_guard", "nobody qualifies")]


def make_chunk(
    chunk: Chunk,
    pause: float = 0.0,
    broken: tuple[int, ...] = (),
    deadly: tuple[str, ...] = (),
    log: str = "",
    half: str = "",
    numbers: str = "",
) -> Any:
    """Make a chunk with the pretended model, in a worker process.

    Args:
        chunk: the runs.
        pause, broken: as in `Engine`.
        deadly: labels of runs that kill their worker.
        log: file that every run begun adds its label to.
        half: file; the worker that makes it dies in the middle of sending its chunk.
        numbers: folder to which every worker adds an empty file with its process number as its name.
    """
    if half and not os.path.exists(half):
        open(half, "w").close()
        processes.send = _send_half
    if numbers:
        Path(numbers, str(os.getpid())).touch()
    with pytest.MonkeyPatch.context() as patch:
        engine = Engine(pause, broken).install(patch)
        labels = iter([order.label for order in chunk.orders])

        def build(*given: Any) -> Model:
            label = next(labels)
            if log:
                with open(log, "a", encoding="utf-8") as handle:
                    handle.write(f"{label}\n")
            if label in deadly:
                os.kill(os.getpid(), signal.SIGKILL)
            return engine.build_model(*given)

        patch.setattr("experiments.engine.build_model", build)
        return worker.make_chunk(chunk)


def _send_half(pipe: Any, message: Any) -> None:
    """Send half a message, then die."""
    content = pickle.dumps(message)
    pipe.write(len(content).to_bytes(processes.HEAD, "big") + content[: len(content) // 2])
    pipe.flush()
    os.kill(os.getpid(), signal.SIGKILL)


class Engine:
    """Stands in for `experiments.engine`; counts what is asked of it.

    Attributes:
        pause: seconds that each run takes.
        broken: seeds at which the model fails.
    """

    def __init__(self, pause: float = 0.0, broken: tuple[int, ...] = ()) -> None:
        self.pause, self.broken = pause, broken
        self.lives = self.models = 0

    def live(self, county: County, rules: Rules, seed: int, threads: int) -> Any:
        self.lives += 1
        return SimpleNamespace(record=_record(seed + county.number, month_index(2013), 96, 1.0))

    def build_model(self, county: County, rules: Rules, seed: int, past: Any, months: int, threads: int) -> Model:
        self.models += 1
        if seed in self.broken:
            raise RuntimeError("the pretended model broke")
        return Model(county, rules, seed, past, months, self.pause)

    def install(self, patch: Any) -> Engine:
        """Put itself in the place of the door to the model; `patch` is pytest's monkeypatch."""
        for module in ("experiments.engine", "experiments.study"):
            patch.setattr(f"{module}.engine_hash", lambda: "fake-engine")
        # what is patched here is not patched in worker processes
        patch.setattr("experiments.workers.processors", lambda: 1)
        patch.setattr("experiments.engine.warm_up", lambda rules: None)
        patch.setattr("experiments.engine.live", self.live)
        patch.setattr("experiments.engine.build_model", self.build_model)
        return self
