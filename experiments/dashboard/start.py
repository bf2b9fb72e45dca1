"""What must be there before the page can step: both scenarios, compiled rules, and the county as it was at the end of 2020."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from experiments import engine
from experiments.dashboard.sliders import sliders
from experiments.dashboard.wish import SIDES, Side, Wish
from experiments.labels import Label
from experiments.pasts import PastKeys
from experiments.seeds import replication_seed
from experiments.study import Study
from scenarios.counties import lists_counties
from scenarios.group import open_group
from scenarios.load import load
from scenarios.problems import Problem, Report, ScenarioError
from scenarios.scenario import Scenario, scaled

Say = Callable[[Label], None]
"""Is told what is being prepared."""
REMEMBERED = 4
"""Lived pasts that stay in memory: a policy that differs from 2021 on starts at once."""

READING = Label("读取情景", "reading the scenario")
COMPILING = Label("编译规则（首次约一分钟，之后从缓存读取）", "compiling the rules (about a minute the first time, then cached)")
LIVING = Label("重演2013–2020年", "living the years 2013 to 2020")
READY = Label("就绪", "ready")


@dataclass(frozen=True)
class Start:
    """Both sides, ready to live January 2021.

    Attributes:
        wish: what was chosen.
        study: the same as a study of one replication.
        names: what the two sides are called.
        scenarios, pasts: of the two sides.
        seed: the luck that both meet, that of the study's first replication.
    """

    wish: Wish
    study: Study
    names: tuple[Label, Label]
    scenarios: tuple[Scenario, Scenario]
    pasts: tuple[Any, Any]
    seed: int

    @property
    def place(self) -> Label:
        """What the county is called."""
        names = self.scenarios[0].place_names
        return Label(names["zh"], names["en"])


class Pasts:
    """The last few lived pasts of this process, shared by all pages that are open."""

    def __init__(self) -> None:
        """Begin with none."""
        self._keys = PastKeys()
        self._lived: OrderedDict[str, Any] = OrderedDict()
        self._one_at_a_time = threading.Lock()

    def of(self, scenario: Scenario, seed: int) -> Any:
        """Return the past of a scenario, living it unless one that agrees with it before 2021 is at hand."""
        # two windows that are opened at once want the same past: the second one finds it lived
        with self._one_at_a_time:
            key = self._keys.of(scenario, seed)
            if key not in self._lived:
                self._lived[key] = engine.live(scenario.county, scenario.rules, seed, 1)
            self._lived.move_to_end(key)
            while len(self._lived) > REMEMBERED:
                self._lived.popitem(last=False)
            return self._lived[key]


_PASTS = Pasts()


def prepare(wish: Wish, say: Say = lambda what: None) -> Start:
    """Load, compile and live the past of both sides.

    Args:
        wish: what was chosen.
        say: is told what is being done.

    Raises:
        ScenarioError: with every problem of both sides.
    """
    say(READING)
    scenarios = read_scenarios(wish)
    say(COMPILING)
    compile_apart(wish)
    say(LIVING)
    seed = replication_seed(wish.seed, 0)
    pasts = (_PASTS.of(scenarios[0], seed), _PASTS.of(scenarios[1], seed))
    say(READY)
    names = (side_name(wish, 0, scenarios[0]), side_name(wish, 1, scenarios[1]))
    return Start(wish, wish.study, names, scenarios, pasts, seed)


def compile_apart(wish: Wish) -> None:
    """Compile the rules into the cache, in a process of its own: the compiler would leave the page's threads no turn."""
    if engine.is_warm():
        return
    code = "import sys; from experiments.dashboard.start import compile_here; compile_here(sys.argv[1])"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    subprocess.run([sys.executable, "-c", code, wish.place], env=environment, check=True, stdin=subprocess.DEVNULL)


def compile_here(place: str) -> None:
    """Compile the rules into the cache, in this process."""
    engine.warm_up(load(place).rules)


def read_scenarios(wish: Wish) -> tuple[Scenario, Scenario]:
    """Return the scenarios of both sides at the wished size.

    Raises:
        ScenarioError: with every problem of both sides, each once.
    """
    problems = {str(problem): problem for problem in [*wish.problems, *_no_county(wish.place)]}
    found = []
    for side in wish.sides if not problems else ():
        try:
            found.append(scaled(load(wish.place, side.name, wish.overrides), wish.households))
        except ScenarioError as error:
            problems.update({str(problem): problem for problem in error.problems})
    if problems:
        raise ScenarioError(problems.values())
    return found[0], found[1]


def _no_county(place: str) -> list[Problem]:
    """Return a problem where a place lists counties: the page follows one of them."""
    from scenarios.counties import counties

    try:
        listed = lists_counties(place)
    except ScenarioError as error:
        return list(error.problems)
    if not listed:
        return []
    names = ", ".join(county.name for county in counties(place))
    return [Problem("page", "place", f"'{place}' lists several counties", f"one county: {names}")]


def side_name(wish: Wish, number: int, scenario: Scenario) -> Label:
    """Return what a side is called in charts: its letter, its policy, the options by name, how much else was changed."""
    side, letter = wish.sides[number], SIDES[number]
    plain = load(wish.place, side.policy, wish.overrides).policy_names if side.changes else scenario.policy_names
    options = [option_name(group, option) for group, option in side.options]
    count = len(side.levels) + len(side.by_hand)
    more = [Label(f"调整{count}项", f"{count} changed")] if count else []
    zh = "；".join([plain["zh"], *(one.zh for one in (*options, *more))])
    en = "; ".join([plain["en"], *(one.en for one in (*options, *more))])
    return Label(f"{letter.zh}：{zh}", f"{letter.en}: {en}")


def option_name(group: str, option: str) -> Label:
    """Return what an option of a group is called."""
    found = open_group(group, Report())
    names = found.options[option].names if found and option in found.options else {}
    return Label(names.get("zh", option), names.get("en", option))


def changes_told(side: Side) -> list[Label]:
    """Return the sliders and changes by hand of a side in words; its options stand in its name."""
    by_key = {slider.key: slider for slider in sliders()}
    told = []
    for key, value in side.levels:
        slider = by_key[key]
        zh = f"{slider.lever.zh}——{slider.meaning.zh}：{side.since}年起为{value:g}"
        told.append(Label(zh, f"{slider.lever.en} - {slider.meaning.en}: {value:g} from {side.since} on"))
    return [*told, *(Label(change, change) for change in side.by_hand)]
