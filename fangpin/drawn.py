"""A file of draws before the first run: whether the model takes its values, and whether it was made for this model and place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.labels import Label

if TYPE_CHECKING:
    from experiments.study import Plan, Study


def refuse_values(plan: Plan) -> None:
    """Refuse a file of draws with a key or a value that the scenario does not take, in any of its rows.

    The rows with the least and the greatest value of each key are loaded: what is allowed lies between two bounds.

    Raises:
        ScenarioError: with every problem, named by the file and the draw's key.
    """
    from pathlib import Path

    from experiments.draws import TABLES, extreme_draws
    from scenarios import ScenarioError
    from scenarios.problems import Problem

    study = plan.study
    assert plan.reload is not None
    if not study.parameters.endswith(TABLES):
        plan.scenario(plan.tasks[0])
        return
    name = Path(study.parameters).name
    found: dict[tuple[str, str], Problem] = {}
    for draw in extreme_draws(Path(study.parameters)):
        try:
            plan.reload(plan.cases[0], study.policies[0], draw.changes)
        except ScenarioError as error:
            for one in error.problems:
                # a value stands in quotes and in a row, an unknown key in all
                row = f" in row {draw.number + 1}" if one.given.startswith("'") else ""
                found.setdefault((one.key, one.allowed), Problem(name, one.key, one.given + row, one.allowed, one.hint))
    if found:
        raise ScenarioError(found.values())


def origin_lines(study: Study, engine: str) -> list[Label]:
    """Return what to say of a file of draws that was estimated for another version of the model or another place.

    Args:
        study: what was asked for.
        engine: hash of the model's code.
    """
    from experiments.sources import origin_of

    origin = origin_of(study.parameters) if study.parameters else {}
    lines = []
    if origin.get("engine") not in (None, engine):
        lines.append(
            Label(
                "注意：这些参数由另一版本的模型估计，对本版本未必成立；请重新校准",
                "note: these draws were estimated with another version of the model and may not hold for this: calibrate again",
            )
        )
    if origin.get("place") not in (None, study.place):
        place = origin["place"]
        lines.append(
            Label(
                f"注意：这些参数由 {place} 的资料估计",
                f"note: these draws were estimated from data of {place}",
            )
        )
    return lines
