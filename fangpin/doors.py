"""Short ways into the model for Python users."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fangpin.size import DEFAULT_HOUSEHOLDS, sized_scenario
from sim.model import Model as SimModel

if TYPE_CHECKING:
    from scenarios import Scenario


class Model(SimModel):
    """A county under a policy, ready to step from January 2021: the model of `sim` with its scenario loaded.

    ``.step()`` simulates a month, ``.run_model()`` all of them; ``.households`` and ``.persons`` look at the state,
    ``.datacollector`` holds the counts of each month.
    """

    def __init__(
        self,
        place: str = "nanyang",
        policy: str = "documented",
        *,
        rng: int = 1,
        households: int | None = DEFAULT_HOUSEHOLDS,
        months: int = 60,
        overrides: Sequence[str] = (),
        threads: int = 1,
        population: str = "",
    ) -> None:
        """Load the scenario and live 2013 to 2020.

        Args:
            place, policy: names of the scenario (`fangpin.places`, `fangpin.policies`).
            rng: seed; the same seed gives the same luck under every policy.
            households: rural households of the simulated county; ``None`` for all of them.
            months: length of the horizon from 2021-01.
            overrides: changes such as ``premium_dibao.share=0.5``.
            threads: threads of the model; they do not change results.
            population: file that `fangpin grow` made of a survey; it decides the size.

        Raises:
            ScenarioError: if place, policy or an override is not known.
        """
        from sim.history import live

        scenario = sized_scenario(place, policy, tuple(overrides), households, founders=population)
        past = live(scenario.county, scenario.rules, rng, threads=threads)
        super().__init__(scenario.county, scenario.rules, rng=rng, past=past, months=months, threads=threads)
        self.loaded_scenario: Scenario = scenario
