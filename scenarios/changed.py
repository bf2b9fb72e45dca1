"""Which levers one scenario has otherwise than another."""

from __future__ import annotations

from scenarios.scenario import LeverInfo, Scenario


def changed_levers(ours: Scenario, theirs: Scenario) -> list[LeverInfo]:
    """Return the levers in force in one of two scenarios that the other has not, or has otherwise, in order of their ids.

    Args:
        ours, theirs: scenarios of the same place.
    """
    one, other = ({lever.id: lever for lever in scenario.rules.levers} for scenario in (ours, theirs))
    infos = {info.id: info for scenario in (theirs, ours) for info in scenario.levers}
    return [infos[key] for key in sorted({*one, *other}) if one.get(key) != other.get(key)]
