"""What an earlier `fangpin calibrate` left in its folder: a posterior that a second opinion can stand beside."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from experiments.labels import Label
from fangpin.screen import Screen

if TYPE_CHECKING:
    from experiments.store import Store
    from experiments.study import Plan
    from fangpin.request import Request

FREE_TO_DIFFER = ("method", "check", "data", "codebook")
"""Words that do not make it another posterior: files are known by their hash."""
QUESTION = ("study", "county_households", "scenario_hash", "engine")
"""What of the provenance makes it the same county."""


def method_beside(method: str, request: Request, plan: Plan, store: Store, names: Sequence[str], said: Mapping[str, Any]) -> str:
    """Return the method to use: a network's posterior stands beside that of the emulator where this lies in the folder already.

    The earlier one is made again from its stored runs, so that both are asked about the same pseudo data. Says what is done.

    Args:
        method: that was asked for.
        request: what was asked for.
        plan: the study.
        store: its folder.
        names: of the parameters.
        said: words of the command and of the survey.
    """
    from calibration.fitting import BOTH
    from fangpin.calibration_writing import provenance_of

    told = earlier(store) if method == "npe" else None
    if told is None:
        return method
    other = differing(told, json.loads(json.dumps(provenance_of(plan, said), default=str)), names)
    screen = Screen(request.lang)
    if not other:
        screen.line(
            Label(
                "这里已有局部仿真器的后验：由已存的运行重做，神经后验列于其旁",
                "a posterior of the emulator lies here: it is made again from its stored runs and the network's stands beside it",
            )
        )
        return BOTH
    listed = ", ".join(other)
    screen.line(
        Label(
            f"这里已有的后验问的是别的问题（不同：{listed}），不与之比较",
            f"the posterior that lies here answers another question (other {listed}): nothing is compared with it",
        )
    )
    return method


def earlier(store: Store) -> dict[str, Any] | None:
    """Return what is told of a posterior by the emulator in a folder; None where there is none, or none that can be read."""
    from fangpin.calibration_writing import DIAGNOSIS, POSTERIOR

    if not (store.root / POSTERIOR).exists():
        return None
    try:
        told = json.loads((store.root / DIAGNOSIS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    drawn = told.get("posterior") if isinstance(told, dict) else None
    # files from before there were two methods name none
    return told if isinstance(drawn, dict) and drawn.get("method", "posterior") == "posterior" else None


def differing(told: Mapping[str, Any], provenance: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    """Return what makes an earlier result the answer to another question.

    Args:
        told: what its `calibration.json` holds.
        provenance: of what is asked now, as JSON knows it.
        names: of the parameters that are free now.
    """
    before = told["provenance"]
    other = [key for key in QUESTION if before.get(key) != provenance[key]]
    other += [
        key for key, value in provenance["survey"].items() if key not in FREE_TO_DIFFER and before["survey"].get(key) != value
    ]
    return other + (["parameters"] if [row["parameter"] for row in told["parameters"]] != list(names) else [])
