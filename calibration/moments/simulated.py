"""Moments of simulated panels: what makes a simulator out of anything that returns a panel for parameters and a seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from calibration.moments.measured import Measured, values_of, why_unavailable
from calibration.moments.weighted import Numbers
from calibration.moments.wide import sample_of
from calibration.panel import Panel
from scenarios.problems import listing

Lines = float | dict[int, float] | None
"""Poverty line in yuan a person and year: one, one for each wave, or none."""

MakePanel = Callable[[Numbers, int], Panel]
"""Returns the simulated panel at parameters, in their order, and a seed."""


def simulated_row(panel: Panel, names: Sequence[str], lines: Lines = None) -> Numbers:
    """Return moments of a simulated panel in the order of their names: what a simulator's row holds.

    Raises:
        ValueError: naming the moments that it cannot give.
    """
    sample = sample_of(panel, lines)
    found = values_of(sample, names)
    missing = [name for name in names if name not in found]
    if missing:
        raise ValueError(f"the simulated panel has no {listing(missing)}: {why_unavailable(sample, missing, found)[missing[0]]}")
    return np.array([found[name][0] for name in names])


class PanelSimulator:
    """A simulator (`calibration.estimation.simulator.Simulator`) that measures simulated panels as the data were measured.

    Attributes:
        parameters: names, in the order of ``theta``.
        moment_names: those of the data, in their order.
    """

    def __init__(self, parameters: Sequence[str], make: MakePanel, data: Measured, lines: Lines = None) -> None:
        """Keep how panels are made.

        Args:
            parameters: names, in the order that ``make`` takes them.
            make: parameters and a seed in, a panel out, through the survey's own size, design and measurement operators.
            data: the moments to be matched; their names and their income operator are taken.
            lines: the same as for the data.
        """
        self.parameters = tuple(parameters)
        self.moment_names = data.names
        self._make, self._operator, self._lines = make, data.operator, lines

    def moments(self, theta: Numbers, seeds: Sequence[int]) -> Numbers:
        """Return one row for each seed.

        Raises:
            ValueError: when a panel counts another income than the data do, or lacks a moment.
        """
        return np.array([self._row(self._make(theta, seed)) for seed in seeds])

    def _row(self, panel: Panel) -> Numbers:
        """Return the moments of one panel."""
        if panel.meta.operator != self._operator:
            raise ValueError(
                f"the simulated panel counts {panel.meta.operator} income, the data {self._operator} income: use the same"
            )
        return simulated_row(panel, self.moment_names, self._lines)
