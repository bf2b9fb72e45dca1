"""The command `fangpin dashboard`: a live page of two policies, on this machine alone."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from fangpin.exits import DONE, HELP_WORDS, NOT_UNDERSTOOD, SOME_FAILED, refuse
from fangpin.values import Refused, nearest, parse_value, whole_number
from scenarios.problems import Problem, ScenarioError

if TYPE_CHECKING:
    from experiments.dashboard.wish import Wish

KEYS = ("place", "policy", "households", "months", "seed", "port", "lang")
NEEDED = ("solara", "solara_assets", "ipyvuetify", "altair", "starlette", "uvicorn")
"""Packages of the extra `ui` without which there is no page."""
LOWEST_PORT, HIGHEST_PORT = 1024, 65535


class Asked(NamedTuple):
    """What the command line asks for."""

    wish: Wish
    port: int
    lang: str


def dashboard(words: Sequence[str]) -> int:
    """Run the command and return its exit code; it ends when it is interrupted."""
    from fangpin.texts import DASHBOARD_HELP

    if any(word in HELP_WORDS for word in words):
        print(DASHBOARD_HELP, end="")
        return DONE
    if missing := missing_packages():
        names = ", ".join(missing)
        print(f'fangpin dashboard: {names}: not installed; the page needs pip install "fangpin[ui]"', file=sys.stderr)
        return NOT_UNDERSTOOD
    from experiments.dashboard.serve import NoAssets, keep_to_this_machine, open_port

    asked, problems = read_dashboard(words)
    held = None
    if not any(problem.key == "port" for problem in problems):
        try:
            held = open_port(asked.port)
        except Exception as busy:
            problems.append(_busy(asked.port, busy))
    if problems or held is None:
        return refuse(problems, "dashboard")
    try:
        keep_to_this_machine()
    except NoAssets as error:
        told = f'the scripts of solara-assets are not in {error}; pip install --force-reinstall "fangpin[ui]"'
        print(f"fangpin dashboard: {told}", file=sys.stderr)
        return SOME_FAILED
    return _serve(asked, held)


def _serve(asked: Asked, held: Any) -> int:
    """Answer browsers until interrupted."""
    from experiments.dashboard.opening import OPENING, place_choices, policy_choices
    from experiments.dashboard.serve import serve

    OPENING.wish, OPENING.lang = asked.wish, "en" if asked.lang == "en" else "zh"
    OPENING.places = tuple({asked.wish.place} - {*place_choices()})
    OPENING.policies = tuple(dict.fromkeys(side.policy for side in asked.wish.sides if side.policy not in policy_choices()))
    with suppress(KeyboardInterrupt):
        serve(held, lambda address: _ready(address, asked.lang))
    print("\n" + ("已停止" if asked.lang == "zh" else "stopped"), flush=True)
    return DONE


def _ready(address: str, lang: str) -> None:
    """Say where the page is."""
    zh = f"在浏览器中打开 {address} （只在本机，不联网；按 Ctrl-C 结束）"
    en = f"open {address} in a browser (this machine only, no network; Ctrl-C ends it)"
    print(zh if lang == "zh" else en, flush=True)


def missing_packages() -> list[str]:
    """Return the packages of the extra `ui` that are not installed; nothing is imported."""
    from importlib.util import find_spec

    return [name for name in NEEDED if find_spec(name) is None]


def _busy(port: int, error: Exception) -> Problem:
    """Return the problem that a port cannot be opened."""
    free = getattr(error, "free", 0)
    return Problem(
        "command line", "port", f"{port} is in use", "a free port, or 0 for any", f"port={free} is free" if free else ""
    )


def read_dashboard(words: Sequence[str]) -> tuple[Asked, list[Problem]]:
    """Return what the words ask for, and every problem with them; scenarios are loaded to find theirs.

    Args:
        words: the words after ``fangpin dashboard``.
    """
    from experiments.dashboard.serve import DEFAULT_PORT
    from experiments.dashboard.start import read_scenarios
    from experiments.dashboard.wish import Wish

    asked, problems = Asked(Wish(), DEFAULT_PORT, "zh"), []
    for word in words:
        key, equals, text = word.partition("=")
        try:
            if not equals:
                raise Refused("key=value with " + ", ".join(KEYS) + ", or lever.field", nearest(word, KEYS))
            asked = _take(asked, key, text)
        except Refused as refused:
            problems.append(Problem("command line", key or word, text if equals else word, refused.allowed, refused.hint))
    try:
        read_scenarios(asked.wish)
    except ScenarioError as error:
        problems += error.problems
    return asked, problems


def _take(asked: Asked, key: str, text: str) -> Asked:
    """Return what is asked for with one more word.

    Raises:
        Refused: if the key is unknown or the value cannot be taken.
    """
    from experiments.engine import FIRST_MONTH, LAST_MONTH

    wish = asked.wish
    changes: dict[str, Callable[[], Asked]] = {
        "place": lambda: asked._replace(wish=replace(wish, place=_name(text))),
        "policy": lambda: asked._replace(wish=_with_policies(wish, text)),
        "households": lambda: asked._replace(wish=replace(wish, households=whole_number(parse_value(text), 1, None))),
        "months": lambda: asked._replace(
            wish=replace(wish, months=whole_number(parse_value(text), 1, LAST_MONTH - FIRST_MONTH + 1))
        ),
        "seed": lambda: asked._replace(wish=replace(wish, seed=whole_number(parse_value(text), 0, 2**63 - 1))),
        "port": lambda: asked._replace(port=_port(parse_value(text))),
        "lang": lambda: asked._replace(lang=_language(text)),
    }
    if key in changes:
        return changes[key]()
    if key == "population":
        raise Refused("nothing: the page tells stories of families, and is of synthetic populations alone")
    if "." not in key:
        raise Refused(", ".join(KEYS) + ", or lever.field", nearest(key, KEYS))
    return asked._replace(wish=replace(wish, overrides=(*wish.overrides, f"{key}={text}")))


def _name(text: str) -> str:
    """Return the name of a place; one alone."""
    if not text or "," in text:
        raise Refused("one place: a county of `fangpin places`, or a .yaml file of your own")
    return text


def _with_policies(wish: Wish, text: str) -> Wish:
    """Return the wish with one or two policies; the second one stays as it is where one is named.

    Raises:
        Refused: on none, or more than two.
    """
    names = [name for name in text.split(",") if name]
    if not 1 <= len(names) <= 2:
        raise Refused("one policy, or two separated by a comma")
    for number, name in enumerate(names):
        wish = wish.with_side(number, side_of(name))
    if len(names) == 1 and wish.sides[0].name == wish.sides[1].name:
        wish = wish.with_side(1, side_of("documented"))
    return wish


def side_of(name: str) -> Any:
    """Return a side from the name of a policy or a cell: options that the page can change, other changes as typed."""
    from experiments.dashboard.wish import Side
    from scenarios.cell import split_cell

    cell = split_cell(name)
    others = tuple(change for change in cell.changes if change.partition("=")[0] not in dict(cell.choices))
    return Side(cell.policy, tuple(sorted(cell.choices)), typed=", ".join(others))


def _port(value: Any) -> int:
    """Return a port; 0 for any free one.

    Raises:
        Refused: if it is none that a user may open.
    """
    limits = f"a whole number from {LOWEST_PORT} to {HIGHEST_PORT}, or 0 for any free port"
    if isinstance(value, bool) or not isinstance(value, int) or not (value == 0 or LOWEST_PORT <= value <= HIGHEST_PORT):
        raise Refused(limits)
    return value


def _language(text: str) -> str:
    """Return ``zh`` or ``en``.

    Raises:
        Refused: on anything else.
    """
    if text not in ("zh", "en"):
        raise Refused("zh or en")
    return text
