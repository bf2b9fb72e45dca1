"""What `fangpin calibrate` writes: draws with where they came from, diagnosis, tables, pictures, the page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.labels import Label, Lang
from fangpin.screen import Screen

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from calibration.estimation.checks import Check
    from calibration.estimation.drawn import Drawn
    from calibration.fitting import Calibration
    from experiments.store import Store
    from experiments.study import Plan
    from fangpin.request import Request

POSTERIOR, DIAGNOSIS, PAGE = "posterior.parquet", "calibration.json", "calibration.html"
"""Draws that `parameters=` reads, everything that has to be known of them, and the same to be looked at."""
SECOND = "posterior-npe.parquet"
"""Draws of a second opinion, in the same form."""
PRIOR_DRAWS = 4_000


def write(request: Request, plan: Plan, store: Store, found: Calibration, said: Mapping[str, Any]) -> list[Path]:
    """Write draws, diagnosis, tables and pictures."""
    from calibration.diagnosis import diagnosis, moment_rows, parameter_rows
    from experiments.runfiles import json_bytes
    from experiments.tables import csv_text
    from fangpin.calibration_page import page

    told = {"provenance": provenance_of(plan, said), **diagnosis(found)}
    paths = [store.write_text(DIAGNOSIS, json_bytes(told).decode())]
    for name, rows in (("parameters", parameter_rows(found)), ("moments", moment_rows(found))):
        cells = [list(row.values()) for row in rows]
        paths.append(store.write_text(f"tables/calibration-{name}.csv", csv_text(list(rows[0]), cells)))
    if found.posterior is not None:
        paths.append(_write_draws(store, POSTERIOR, found.posterior, told["provenance"]))
    if found.second is not None:
        paths.append(_write_draws(store, SECOND, found.second.posterior, told["provenance"]))
    paths += _draw(request, plan, store, found)
    title = Label(f"校准：{plan.names['zh']}", f"Calibration: {plan.names['en']}")
    said_page = page(json.loads(json_bytes(told)), title, paths, Screen(request.lang).lang)
    return [*paths, store.write_text(PAGE, said_page)]


def _write_draws(store: Store, name: str, posterior: Drawn, provenance: Mapping[str, Any]) -> Path:
    """Write draws: a row a draw, a column a key; the table itself says what survey it was made from, and by what method."""
    import os

    import pyarrow as pa

    from calibration.estimation.neural import NeuralPosterior
    from calibration.opinions import method_of, training_figures
    from experiments.draws import NUMBER
    from experiments.runfiles import table_bytes
    from experiments.sources import with_origin

    values = posterior.values
    columns = {NUMBER: np.arange(len(values))}
    columns |= {key: np.ascontiguousarray(values[:, place]) for place, key in enumerate(posterior.priors.names)}
    path = store.root / name
    draft = path.with_name(f".tmp-{name}")
    made_from = {key: provenance[key] for key in ("survey", "scenario_hash", "engine")}
    made_from |= {"place": provenance["study"]["place"], "method": method_of(posterior)}
    if isinstance(posterior, NeuralPosterior):
        made_from["training"] = training_figures(posterior)
    draft.write_bytes(table_bytes(with_origin(pa.table(columns), made_from)))
    os.replace(draft, path)
    return path


def provenance_of(plan: Plan, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the result came from: versions, scenario, survey. No path, no value of a row."""
    from experiments.canonical import content_hash
    from experiments.provenance import git_state
    from experiments.task import library_versions

    study = plan.study
    return {
        "study": study.identity(),
        "county_households": plan.cases[0].county.households,
        "scenario_hash": content_hash(plan.resolved[study.policies[0]]),
        "engine": plan.tasks[0].engine,
        "versions": library_versions(),
        "git": git_state(),
        "survey": dict(said),
    }


def _draw(request: Request, plan: Plan, store: Store, found: Calibration) -> list[Path]:
    """Write the pictures."""
    from experiments.charts.style import save

    folder, paths = store.root / "charts", []
    for name, figure in _figures(request, plan, found):
        paths += save(figure, folder, name)
    return paths


def _figures(request: Request, plan: Plan, found: Calibration) -> Iterator[tuple[str, Figure]]:
    """Yield the pictures with the names of their files, one at a time."""
    from calibration.diagnosis import moment_rows
    from experiments.charts.calibration import draw_fit, draw_marginals
    from experiments.charts.posterior import draw_joint, draw_ranks, draw_sensitivity
    from fangpin.calibration_page import TITLES

    lang, names = Screen(request.lang).lang, found.point.parameters

    def title(name: str) -> Label:
        said = TITLES[name]
        return Label(f"{plan.names['zh']}：{said.zh}", f"{plan.names['en']}: {said.en[0].lower()}{said.en[1:]}")

    if found.posterior is not None:
        draws = found.priors.draw(PRIOR_DRAWS, request.study.seed)
        before = {name: draws[:, place] for place, name in enumerate(names)}
        after = {name: found.posterior.values[:, place] for place, name in enumerate(names)}
        other = None
        if found.second is not None:
            other = {name: found.second.posterior.values[:, place] for place, name in enumerate(names)}
        one = "calibration-parameters"
        yield one, draw_marginals(before, after, found.posterior.verdicts(), title(one), lang, other)
        if len(names) > 1:
            one = "calibration-pairs"
            yield one, draw_joint(after, before, title(one), lang)
    one = "calibration-moments"
    yield one, draw_fit(moment_rows(found), title(one), lang)
    one = "calibration-sensitivity"
    yield one, draw_sensitivity(found.point.sensitivity, names, found.point.moments, title(one), lang)
    for one, check in (("calibration-ranks", found.check), ("calibration-ranks-npe", found.second and found.second.check)):
        if check:
            yield one, draw_ranks(*_ranked(check, lang), title(one), lang)


def _ranked(check: Check, lang: Lang) -> tuple[dict[str, np.ndarray], int, dict[str, str]]:
    """Return ranks by parameter, the draws that they are among, and what is said of each."""
    held = check.coverage_by_parameter(0.9)
    said = {
        name: Label(f"90% 区间含真值 {one.share:.0%}", f"90% interval holds {one.share:.0%}").said(lang)
        for name, one in held.items()
    }
    return dict(zip(check.names, check.ranks.T, strict=True)), check.draws, said
