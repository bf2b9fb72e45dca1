"""One family's story: its months under each policy, alone or inside a county that has lived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from experiments.labels import Label
from scenarios.cited import show_month
from scenarios.family import LIVED_BEFORE, Described
from scenarios.load import load
from scenarios.problems import Problem, ScenarioError
from scenarios.scenario import Scenario, scaled
from scenarios.scripted import as_family, as_script
from sim.family import copied, family_id, member_id, move_in, own_county, settle, started
from sim.history import live
from sim.model import PLAN_START, Model
from sim.past import Past
from sim.rules import County, Lever, Rules, constant
from sim.trace import Traced

NOTHING: Mapping[str, np.ndarray] = MappingProxyType({})
CALM = (
    "disaster_rate",
    "price_sd",
    "livestock_price_sd",
    "yield_common",
    "layoff_rate_local",
    "layoff_rate_migrant",
    "water_interruption",
)
"""Values without which no luck of the place reaches a family: disasters, prices, waves of lay-offs, failing water supplies, and
what the farms of a township have in common. The family's own luck is forced."""
PLENTY = 1e4
"""Staff and posts for each household of a family that lives alone: nothing is rationed."""


@dataclass(frozen=True)
class Life:
    """A family's months under one policy.

    Attributes:
        policy: id of the policy.
        scenario: what held.
        months: the months, from the first told one on.
        people: names of members by their ids, where somebody gave them names.
    """

    policy: str
    scenario: Scenario
    months: tuple[Traced, ...]
    people: Mapping[int, Label] = field(default_factory=dict)


def unrationed(rules: Rules) -> Rules:
    """Return rules with staff and posts in plenty, and no post for whom none is described: a family alone is not a county."""

    def edit(lever: Lever) -> Lever:
        fields: dict[str, Any] = {}
        words: dict[str, str] = {}
        if lever.mechanism == "job_slots":
            fields, words = {"slots": constant(PLENTY)}, {"refill": "none"}
        elif lever.mechanism == "placement" and lever.values["places"].values[-1] > 0.0:
            fields = {"places": constant(PLENTY)}
        elif "staff" in lever.values:
            fields = {"staff": constant(PLENTY)}
        elif lever.mechanism == "budget_rule":
            fields = {"envelope": constant(PLENTY * PLENTY * PLENTY)}
        return replace(lever, values={**lever.values, **fields}, words={**lever.words, **words})

    # numbers of levers stand in the state: a budget that never binds stays in its place
    return replace(rules, levers=tuple(edit(lever) for lever in rules.levers))


def becalmed(rules: Rules) -> Rules:
    """Return rules under which no luck of the place reaches a family."""
    return replace(rules, values={**rules.values, **dict.fromkeys(CALM, constant(0.0))})


def of_its_village(rules: Rules, county: County) -> Rules:
    """Return rules under which a family that is a whole village gets what it would get as one of a village of its place.

    Without this the income of a village's collective, which some thousand people share, would go to one family. Its
    neighbours are as large as the family itself.

    Args:
        rules: of the place.
        county: of the place, whose villages tell how many households share.
    """
    simulated = rules.values["simulated_share"].values[0] * county.households / county.villages
    income = rules.values["collective_income"]
    own = replace(income, values=tuple(value / simulated for value in income.values))
    return replace(rules, values={**rules.values, "collective_income": own})


def lived_before(described: Described, rules: Rules, policy: str, seed: int, threads: int | None = None, number: int = 0) -> Past:
    """Return the family's own county at the start of the story: trailing windows full, all else as described.

    The years that fill the windows are quiet, whatever the luck of the story and of the place: else chance would rewrite the
    description.
    ``number`` makes the ids of families that are to share a county different.
    """
    first = described.start - LIVED_BEFORE
    rules = becalmed(rules)
    past = settle(as_family(described, rules, first), [lever.id for lever in rules.levers], first - 1, number)
    script = as_script(replace(described, luck="quiet"), policy, rules, 1, number)
    model = Model(own_county(1), rules, seed, past, LIVED_BEFORE, threads, script=script)
    model.run_model()
    sets = [member.columns for member in described.members]
    return started(model.as_past(), as_family(described, rules, described.start), sets)


def tell(
    described: Described,
    policies: Sequence[str],
    place: str | None = None,
    overrides: Sequence[str] = (),
    households: int | None = None,
    seed: int = 1,
    threads: int | None = None,
    rationed: bool | None = None,
) -> list[Life]:
    """Live a described family's months under each policy.

    Args:
        described: the family.
        policies: ids or paths of policies.
        place: id or path of a place; the family's own by default.
        overrides: changes of every scenario, after those of the family.
        households: rural households of a county into which the family moves; None lets it live alone.
        seed: luck of all that is not forced.
        threads: threads of the model.
        rationed: whether posts and staff are scarce; by default in a county and not for a family that lives alone.
    """
    scarce = households is not None if rationed is None else rationed
    return [_tell(described, policy, place, overrides, households, seed, threads, scarce) for policy in policies]


def _tell(
    described: Described,
    policy: str,
    place: str | None,
    overrides: Sequence[str],
    households: int | None,
    seed: int,
    threads: int | None,
    rationed: bool,
) -> Life:
    """Live a family's months under one policy."""
    quiet = described.luck == "quiet" and households is None
    # first, so that what the file or the command says of the same values wins
    calm = tuple(f"values.{name}=0" for name in CALM) if quiet else ()
    changes = (*calm, *described.overrides, *described.changes.get(policy, ()), *overrides)
    scenario = load(place or described.place, policy, changes)
    rules = scenario.rules if rationed else unrationed(scenario.rules)
    alone = of_its_village(rules, scenario.county)
    past = lived_before(described, alone, policy, seed, threads)
    county = own_county(1)
    if households is None:
        rules = alone
    else:
        if described.start != PLAN_START:
            given = f"{households}, and the family is told of from {show_month(described.start)} on"
            raise ScenarioError([Problem("command line", "households", given, f"a family with start: {show_month(PLAN_START)}")])
        scenario = scaled(scenario, households)
        county = scenario.county
        past = move_in(live(county, rules, seed, threads), past)
    script = as_script(described, policy, rules)
    model = Model(county, rules, seed, past, described.months, threads, script=script, trace=(family_id(),))
    model.run_model()
    names = {member_id(0, place): Label(member.names["zh"], member.names["en"]) for place, member in enumerate(described.members)}
    return Life(policy, scenario, tuple(model.tracer.months[family_id()]), names)


def many(
    described: Described,
    policy: str,
    copies: int,
    months: int,
    overrides: Sequence[str] = (),
    seed: int = 1,
    threads: int | None = None,
    spread: Mapping[str, np.ndarray] = NOTHING,
) -> Model:
    """Live copies of a family under a policy, each with luck of its own: what is written is forced, all else is drawn.

    Args:
        described: the family; its luck is taken as ``drawn``.
        policy: id or path of the policy. Copy k has the same luck under every policy.
        copies: how many families.
        months: months from the family's start.
        overrides: changes of the scenario, after those of the family.
        seed: luck.
        threads: threads of the model.
        spread: columns of the household in which the copies differ from the start, one value a copy.

    Returns:
        The model after these months: its households are the copies, in their order.
    """
    family = replace(described, luck="drawn")
    changes = (*family.overrides, *family.changes.get(policy, ()), *overrides)
    scenario = load(family.place, policy, changes)
    rules = of_its_village(unrationed(scenario.rules), scenario.county)
    # copies are no neighbours of each other: nobody goes away because more do so here than among the other copies
    rules = replace(rules, values={**rules.values, "migrant_peers": constant(0.0)})
    past = copied(lived_before(family, rules, policy, seed, threads), len(family.members), copies)
    for name, column in spread.items():
        past.state.households[name] = column
    script = as_script(family, policy, rules, copies)
    model = Model(own_county(copies), rules, seed, past, months, threads, script=script)
    model.run_model()
    return model
