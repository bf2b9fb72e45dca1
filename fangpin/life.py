"""`fangpin life`: one family's months under several policies, told as a story, a table and a chart."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.harmless import WIDEST_PLACE, shown_name, shown_names
from experiments.labels import Label
from fangpin.exits import DONE, refuse
from fangpin.values import Refused, parse_value, whole_number
from scenarios.problems import Problem, ScenarioError, nearest

if TYPE_CHECKING:
    from experiments.life import Life

POLICIES = ("kept", "orderly", "cliff")
"""Policies that a described family lives under when none is named."""
KEYS = ("policy", "place", "households", "seed", "months", "threads", "out", "lang")


@dataclass(frozen=True)
class Wish:
    """What the user asked for; see ``fangpin life --help``."""

    family: str = ""
    source: Path | None = None
    household: int | None = None
    policies: tuple[str, ...] = ()
    place: str | None = None
    households: int | None = None
    seed: int = 1
    months: int | None = None
    threads: int | None = None
    out: Path | None = None
    lang: str = "zh"
    overrides: tuple[str, ...] = ()


def run_life(words: Sequence[str]) -> int:
    """Carry out ``fangpin life`` and return its exit code."""
    wish, problems = read_wish(words)
    if problems:
        return refuse(problems, "life")
    try:
        if wish.source is not None and wish.household is None:
            from fangpin.fallen import list_fallen

            list_fallen(wish.source, wish.lang)
            return DONE
        lives, names, title, identity = _live(wish)
    except ScenarioError as error:
        return refuse(error.problems, "life")
    folder = wish.out or Path("lives") / identity
    tell(lives, names, title, folder, wish.lang)
    return DONE


def read_wish(words: Sequence[str]) -> tuple[Wish, list[Problem]]:
    """Return what the words ask for, and every problem with them."""
    wish, problems, rest = Wish(), [], list(words)
    while rest:
        given = word = rest.pop(0)
        try:
            if word in ("--from", "--household"):
                given = rest[0] if rest else "nothing"
                wish = _flag(wish, word, rest)
            elif "=" in word:
                wish = _key(wish, *word.split("=", 1))
            elif not wish.family:
                wish = replace(wish, family=word)
            else:
                raise Refused("one family", f"{wish.family} was named before")
        except Refused as refused:
            problems.append(Problem("command line", word.partition("=")[0], given, refused.allowed, refused.hint))
    if not problems and (wish.source is None) == (not wish.family):
        allowed = "a family (a shipped name or a .yaml file), or --from DIR --household ID"
        problems.append(Problem("command line", "family", wish.family or "nothing", allowed))
    return wish, problems


def _flag(wish: Wish, word: str, rest: list[str]) -> Wish:
    """Take ``--from DIR`` or ``--household ID``."""
    if not rest:
        raise Refused("a folder of results" if word == "--from" else "the id of a household")
    value = rest.pop(0)
    if word == "--from":
        return replace(wish, source=Path(value))
    if not value.isdigit():
        raise Refused("the id of a household: a whole number", "`fangpin life --from DIR` lists some")
    return replace(wish, household=int(value))


def _key(wish: Wish, key: str, text: str) -> Wish:
    """Take one ``key=value``."""
    changes: dict[str, Callable[[], dict[str, Any]]] = {
        "policy": lambda: {"policies": tuple(text.split(","))},
        "place": lambda: {"place": text},
        "households": lambda: {"households": whole_number(parse_value(text), 1, None)},
        "seed": lambda: {"seed": whole_number(parse_value(text), 0, 2**63 - 1)},
        "months": lambda: {"months": whole_number(parse_value(text), 1, 120)},
        "threads": lambda: {"threads": whole_number(parse_value(text), 1, 1024)},
        "out": lambda: {"out": Path(text)},
        "lang": lambda: {"lang": _language(text)},
    }
    if key in changes:
        return replace(wish, **changes[key]())
    if "." not in key:
        raise Refused(", ".join(KEYS) + ", or lever.field", nearest(key, KEYS))
    return replace(wish, overrides=(*wish.overrides, f"{key}={text}"))


def _language(text: str) -> str:
    """Return ``zh`` or ``en``."""
    if text not in ("zh", "en"):
        raise Refused("zh or en")
    return text


def _live(wish: Wish) -> tuple[list[Life], list[Label], Label, str]:
    """Return the lives, the policies' names, the family's name and the name of its folder."""
    from experiments.life import tell as live
    from scenarios.family import read_family

    if wish.source is not None and wish.household is not None:
        from experiments.followed import follow

        lives = follow(wish.source, wish.household, wish.policies, wish.threads)
        title = Label(f"住户 {wish.household}", f"household {wish.household}")
        return lives, _names(lives), title, f"household-{wish.household}"
    described = read_family(wish.family)
    if wish.months is not None:
        described = replace(described, months=wish.months)
    lives = live(described, wish.policies or POLICIES, wish.place, wish.overrides, wish.households, wish.seed, wish.threads)
    return lives, _names(lives), Label(**shown_names(described.names)), described.id


def _names(lives: Sequence[Life]) -> list[Label]:
    """Return the policies' names."""
    return [Label(**shown_names(life.scenario.policy_names)) for life in lives]


def tell(lives: Sequence[Life], names: Sequence[Label], title: Label, folder: Path, lang: str) -> None:
    """Write the accounts and the chart, and tell the story on the screen."""
    from experiments.charts.life import draw_life
    from experiments.charts.style import save
    from experiments.decisions import who_lives_there
    from fangpin.screen import Screen

    screen = Screen(lang)
    place = shown_names(lives[0].scenario.place_names, WIDEST_PLACE)
    screen.heading(Label(f"一户人家：{title.zh}（{place['zh']}）", f"One family: {title.en} ({place['en']})"))
    screen.line(who_lives_there(lives[0]))
    screen.line(
        Label(
            "金额为元；毛收入、净收入为人均、过去12个月、建档口径（户籍成员，含外出务工者）；净收入扣除自缴参保、自付医疗、上学、修房、利息。",
            "Yuan; gross and net are per head, last 12 months, registered members; net is after own premiums, own "
            "medical payments, schooling, rebuilding and interest.",
        )
    )
    _tell_years(screen, lives, names)
    _tell_payments(screen, lives, names)
    _tell_decisions(screen, lives, names)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [*(_write_account(folder, life) for life in lives), _write_decisions(folder, lives)]
    paths += save(draw_life(lives, names, title.said(screen.lang), screen.lang), folder, f"life-{screen.lang}")
    screen.heading(Label("文件", "Files"))
    for path in paths:
        screen.line(Label(str(path), str(path)))


ALL_POLICIES = Label("各政策", "all")
"""What stands for the policies where they do not differ."""


def _tell_years(screen: Any, lives: Sequence[Life], names: Sequence[Label]) -> None:
    """Show the account by year, the policies side by side: a line under each other where they differ, else one."""
    from experiments.accounts import items, yearly

    rows = yearly(lives)
    years = sorted({row["year"] for row in rows})
    values = {(row["policy"], row["item"], row["year"]): row["yuan"] for row in rows}
    table: list[list[str]] = []
    for item in items():
        lines = [[values[life.policy, item.key, year] for year in years] for life in lives]
        table += _side_by_side(item.label.said(screen.lang), lines, [name.said(screen.lang) for name in names], screen.lang)
    screen.heading(Label("逐年收支与身份（各政策对照）", "The account by year, policies side by side"))
    _show(screen, Label("项目", "item"), years, table)


def _tell_payments(screen: Any, lives: Sequence[Life], names: Sequence[Label]) -> None:
    """Show what each lever paid to the family or for it, by year and policy."""
    from experiments.accounts import paid_by_year

    paid = paid_by_year(lives)
    years = sorted({month.month // 12 for month in lives[0].months})
    labels = {info.id: shown_name(info.names[screen.lang]) for life in lives for info in life.scenario.levers}
    table: list[list[str]] = []
    for lever in (lever for lever in labels if any(key[1] == lever for key in paid)):
        lines = [[paid.get((life.policy, lever, year), 0.0) for year in years] for life in lives]
        table += _side_by_side(labels[lever], lines, [name.said(screen.lang) for name in names], screen.lang)
    if table:
        screen.heading(Label("各政策工具支付（给家庭或为家庭支付）", "Paid by levers, to the family or for it"))
        _show(screen, Label("政策工具", "lever"), years, table)


def _side_by_side(label: str, lines: Sequence[Sequence[float]], names: Sequence[str], lang: str) -> list[list[str]]:
    """Return the rows of one line of an account: one when all policies agree to the yuan, none when nothing was ever there."""
    shown = [[f"{round(value) or 0:,}" for value in line] for line in lines]
    if all(text == "0" for line in shown for text in line):
        return []
    if len(lines) > 1 and all(line == shown[0] for line in shown):
        return [[label, ALL_POLICIES.zh if lang == "zh" else ALL_POLICIES.en, *shown[0]]]
    return [[label if place == 0 else "", name, *line] for place, (name, line) in enumerate(zip(names, shown, strict=True))]


def _show(screen: Any, head: Label, years: Sequence[int], rows: Sequence[Sequence[str]]) -> None:
    """Print rows of a line's name, a policy's name and a figure a year."""
    header = [head.said(screen.lang), Label("政策", "policy").said(screen.lang), *(str(year) for year in years)]
    screen.table(header, rows, left=2, whole=2)


def _tell_decisions(screen: Any, lives: Sequence[Life], names: Sequence[Label]) -> None:
    """Show what changed and what was decided, and why, in one line of time; what only some policies bring names them."""
    from experiments.accounts import said
    from experiments.decisions import side_by_side

    screen.heading(Label("经过与决定", "What happened and what was decided"))
    told = side_by_side(lives)
    if not told:
        screen.line(Label("没有变化", "nothing changed"))
    for one in told:
        apart = len(one.policies) < len(lives)
        zh = f"[{'、'.join(names[place].zh for place in one.policies)}] " if apart else ""
        en = f"[{', '.join(names[place].en for place in one.policies)}] " if apart else ""
        screen.line(Label(f"{said(one.month)}  {zh}{one.text.zh}", f"{said(one.month)}  {en}{one.text.en}"))


def _write_account(folder: Path, life: Life) -> Path:
    """Write one policy's account as a table, a row a month."""
    from experiments.accounts import account

    return _write_table(folder / f"account-{Path(life.policy).stem}.csv", account(life))


def _write_decisions(folder: Path, lives: Sequence[Life]) -> Path:
    """Write what happened under each policy as a table."""
    from experiments.accounts import said
    from experiments.decisions import decisions

    rows = [
        {"month": said(one.month), "policy": life.policy, "zh": one.text.zh, "en": one.text.en}
        for life in lives
        for one in decisions(life)
    ]
    return _write_table(folder / "decisions.csv", rows or [{"month": "", "policy": "", "zh": "", "en": ""}])


def _write_table(path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    """Write rows as CSV; what a row does not have stays empty."""
    from experiments.store import write_whole

    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(key for row in rows for key in row)), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return write_whole(path, text.getvalue(), "utf-8-sig")
