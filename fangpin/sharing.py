"""The command `fangpin shapley`: shares of relapses by cause that add up, from paired runs of all coalitions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.games import MOST_PLAYERS
from experiments.labels import Label, Lang
from experiments.shapley import MEASURES, SCALE, Game, Player
from experiments.study import Study
from fangpin.exits import refuse
from fangpin.making import exit_code, in_store, make_runs, prepare
from fangpin.request import folder_of
from fangpin.size import DEFAULT_HOUSEHOLDS
from scenarios.group import open_group
from scenarios.problems import Problem, Report, listing, nearest
from sim.indicators import GROUPS

if TYPE_CHECKING:
    from experiments.shapley import Share
    from experiments.store import Store
    from experiments.study import Plan
    from fangpin.request import Request
    from fangpin.screen import Screen

HAZARDS = ("illness", "disaster", "job_loss", "price", "line")
"""Groups whose option ``off`` switches a player off."""
SUPPORT, SUPPORTS = "support", "supports"
"""The end of all support as one player; of the support of each field of policy as a player of its own."""
SUPPORT_LABEL = Label("支持政策的退出", "end of support")
OFF = "off"
KEPT = "kept"
OWN = ("players", "measure", "group")
"""Words of this command besides those of `fangpin run`."""
DEFAULTS = {"players": ",".join((*HAZARDS, SUPPORT)), "measure": "relapse_net_persons", "group": "ex_poor"}
ALL_GROUPS = "all"
GROUPS_CALLED = {
    "ex_poor": Label("脱贫人口", "ex-poor"),
    "marginal": Label("边缘人口", "marginal"),
    "other": Label("其他模拟人口", "other simulated"),
    ALL_GROUPS: Label("全部模拟人口", "all simulated"),
}


@dataclass(frozen=True)
class Asked:
    """What is asked for: the runs of all coalitions, the game, what is shared out, and among whom."""

    request: Request
    game: Game
    measure: str
    group: str

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups that count."""
        return GROUPS if self.group == ALL_GROUPS else (self.group,)

    @property
    def scale(self) -> float:
        """Factor into the unit shown."""
        return SCALE.get(self.measure, 1.0)

    @property
    def name(self) -> str:
        """The name of the files."""
        return f"shapley-{self.measure}-{self.group}"


def run_shapley(words: Sequence[str]) -> int:
    """Run the command and return its exit code."""

    asked, problems = read_game(words)
    if asked is None:
        return refuse(problems, "shapley")
    plan, problems = prepare(asked.request)
    return refuse(problems, "shapley") if plan is None else _carry_out(asked, plan)


def read_game(words: Sequence[str]) -> tuple[Asked | None, list[Problem]]:
    """Return the game that the words ask for, or none and every problem with them. Nothing is run."""
    from fangpin.arguments import read_words
    from fangpin.request import Request

    default = Request(Study(policies=("documented",), households=DEFAULT_HOUSEHOLDS))
    given, rest = _own_words(words)
    request, problems = read_words(rest, default)
    game, more = _game(request, given)
    problems = [*problems, *more]
    if problems or game is None:
        return None, problems
    return Asked(_asked(request, game), game, given["measure"], given["group"]), []


def _own_words(words: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Part this command's own words from those of `fangpin run`."""
    given, rest = dict(DEFAULTS), []
    for word in words:
        key, equals, text = word.partition("=")
        if key in OWN and equals:
            given[key] = text
        else:
            rest.append(word)
    return given, rest


def _game(request: Request, given: dict[str, str]) -> tuple[Game | None, list[Problem]]:
    """Return the game that is asked for, and every problem with it."""
    from scenarios import ScenarioError

    report = Report()
    for key, known in (("measure", tuple(MEASURES)), ("group", (*GROUPS, ALL_GROUPS))):
        if given[key] not in known:
            report.add("command line", key, given[key], listing(known), nearest(given[key], known))
    policies = request.study.policies
    if len(policies) != 1:
        report.add("command line", "policy", ", ".join(policies), "one policy", "run the command once for each")
    try:
        players = _players(given["players"], request.study, report)
    except ScenarioError as error:
        return None, [*report.problems, *error.problems]
    if report.problems:
        return None, report.problems
    return Game(policies[0], KEPT, players), []


def _players(text: str, study: Study, report: Report) -> tuple[Player, ...]:
    """Return the players that a list names."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    found = [player for name in names for player in _player(name, study, report)]
    if not 1 <= len(found) <= MOST_PLAYERS:
        given = f"{len(found)} players: {listing(player.id for player in found)}"
        report.add("command line", "players", given, f"1 to {MOST_PLAYERS}: all their coalitions are run", "join some with +")
    levers = [player for player in found if any(change.startswith("keep=") for change in player.changes)]
    if levers and any(not player.changes for player in found):
        report.add("command line", "players", text, f"either {SUPPORT} or levers of their own", f"leave out {SUPPORT}")
    ids = [player.id for player in found]
    if len(set(ids)) < len(ids):
        report.add("command line", "players", text, "each player once")
    return tuple(found)


def _player(name: str, study: Study, report: Report) -> list[Player]:
    """Return the player, or the players, that one word names."""
    if name == SUPPORT:
        return [Player(SUPPORT, SUPPORT_LABEL, (), "all support as the policy 'kept' has it")]
    if name == SUPPORTS:
        return _by_group(study)
    parts = name.split("+")
    if all(part in HAZARDS for part in parts):
        return [_hazard(name, parts)]
    if any(part in (*HAZARDS, SUPPORT, SUPPORTS) for part in parts):
        report.add("command line", "players", name, "hazards joined with hazards, levers with levers")
        return []
    known = _levers(study)
    for part in parts:
        if not any(key == part or key.startswith(f"{part}.") for key in known):
            allowed = f"{listing((*HAZARDS, SUPPORT, SUPPORTS))}, or levers that {study.policies[0]} changes: {listing(known)}"
            report.add("command line", "players", part, allowed, nearest(part, (*HAZARDS, SUPPORT, SUPPORTS, *known)))
    return [_support(name, parts, known)]


def _hazard(name: str, parts: Sequence[str]) -> Player:
    """Return a player that hazards make up."""
    report = Report()
    groups = [open_group(part, report) for part in parts]
    report.stop()
    found = [group for group in groups if group is not None]
    label = Label("、".join(group.names["zh"] for group in found), " and ".join(group.names["en"] for group in found))
    changes = tuple(f"{group.id}={OFF}" for group in found)
    return Player(name, label, changes, "; ".join(group.options[OFF].note for group in found))


def _levers(study: Study) -> dict[str, tuple[Label, str]]:
    """Return the levers that the policy has otherwise than support kept: names and field of policy by id."""
    from scenarios import counties
    from scenarios.changed import changed_levers
    from scenarios.load import load

    county = counties(study.place)[0].name
    ours, theirs = (load(county, policy, study.overrides, study.levers, study.stress) for policy in (study.policies[0], KEPT))
    return {info.id: (Label(info.names["zh"], info.names["en"]), info.group) for info in changed_levers(ours, theirs)}


def _support(name: str, parts: Sequence[str], known: dict[str, tuple[Label, str]]) -> Player:
    """Return the end of some levers' support as a player."""
    labels = [known[part][0] if part in known else Label(part, part) for part in parts]
    label = Label(f"{'、'.join(one.zh for one in labels)}的退出", f"end of {', '.join(one.en for one in labels)}")
    return Player(name, label, (f"keep={'+'.join(parts)}",), f"as the policy 'kept' has it: {', '.join(parts)}")


def _by_group(study: Study) -> list[Player]:
    """Return the end of support by field of policy."""
    groups: dict[str, list[str]] = {}
    for lever, (_, group) in _levers(study).items():
        groups.setdefault(group, []).append(lever)
    return [
        Player(group, Label(f"{group}支持的退出", f"end of support: {group}"), (f"keep={'+'.join(levers)}",), ", ".join(levers))
        for group, levers in groups.items()
    ]


def _asked(request: Request, game: Game) -> Request:
    """Return the request for the runs of all coalitions, in a folder of its own unless one is named."""
    study = replace(request.study, policies=tuple(dict.fromkeys(game.cells)), reference=game.cells[0])
    players, policy = "-".join(player.id for player in game.players), folder_of(game.policy).replace(";", "-")
    name = f"shapley-{folder_of(study.place)}-{policy}-{players}"
    return replace(request, study=study, out=request.out or Path("runs") / name)


def _carry_out(asked: Asked, plan: Plan) -> int:
    """Make the runs and tell the shares."""
    return in_store(asked.request, plan, "shapley", lambda store: _make_and_tell(asked, plan, store))


def _make_and_tell(asked: Asked, plan: Plan, store: Store) -> int:
    """Make what is missing, then tell the shares of what is complete."""
    from fangpin.telling import tell_failures

    tally = make_runs(asked.request, plan, store)
    _tell(asked, plan, store)
    tell_failures(tally, store)
    return exit_code(tally)


def _tell(asked: Asked, plan: Plan, store: Store) -> None:
    """Write and print the shares of what is complete."""
    from experiments.results import complete_replications, read_results
    from experiments.shapley import shares, worth
    from fangpin.screen import Screen

    if not complete_replications(plan, store):
        return
    results = read_results(plan, store)
    worths = worth(results, asked.game, asked.measure, asked.groups)
    rows = shares(asked.game, worths, asked.scale)
    first, last = results.years[0], results.years[-1]
    who, policy = GROUPS_CALLED[asked.group], results.name(asked.game.cells[-1])
    scope = Label(f"{results.scope.zh}，{who.zh}，{first}–{last}年累计", f"{results.scope.en}, {who.en}, {first}-{last}")
    title = Label(
        f"{results.place.zh}：“{policy.zh}”下返贫致贫从何而来", f"{results.place.en}: where falls under '{policy.en}' come from"
    )
    paths = [*_write(asked, store, rows, worths), *_draw(asked, store, rows, title, scope)]
    screen = Screen(asked.request.lang)
    _print(screen, asked.game, rows, title, scope)
    screen.line(Label(f"文件：{'、'.join(map(str, paths))}", f"files: {', '.join(map(str, paths))}"))


def _write(asked: Asked, store: Store, rows: list[Share], worths: Any) -> list[Path]:
    """Write the tables and return their paths."""
    from experiments import shapley
    from experiments.store import write_whole
    from experiments.tables import csv_text

    cells = shapley.worth_cells(asked.game, worths, asked.scale)
    tables = {
        asked.name: csv_text(shapley.HEADER, [shapley.share_cells(row) for row in rows]),
        f"{asked.name}-worth": csv_text(shapley.WORTH_HEADER, cells),
    }
    return [write_whole(store.root / "tables" / f"{name}.csv", text) for name, text in tables.items()]


def _draw(asked: Asked, store: Store, rows: list[Share], title: Label, scope: Label) -> list[Path]:
    """Draw the chart in both languages and return the paths."""
    from experiments.charts.shapley import draw_shares
    from experiments.charts.style import save

    languages: tuple[Lang, ...] = ("zh", "en")
    return [
        path
        for lang in languages
        for path in save(
            draw_shares(rows, title, MEASURES[asked.measure], scope, lang), store.root / "charts", f"{asked.name}-{lang}"
        )
    ]


def _print(screen: Screen, game: Game, rows: list[Share], title: Label, scope: Label) -> None:
    """Print the shares."""
    screen.heading(title)
    screen.line(scope)
    heads = [Label("来源", "from"), Label("份额", "share"), Label("占合计%", "% of total")]
    heads += [Label("单独", "alone"), Label("最后", "last")]
    lines = []
    for row in rows:
        ends = ["" if end is None else f"{end.mean:,.1f}" for end in (row.alone, row.last)]
        error = "" if row.share.runs < 2 else f" [{row.share.low:,.1f}, {row.share.high:,.1f}]"
        part = "" if row.part != row.part else f"{row.part:.1f}"
        lines.append([row.label.said(screen.lang), f"{row.share.mean:,.1f}{error}", part, *ends])
    screen.table(heads, lines, left=1)
    screen.line(
        Label(
            "份额为各种加入次序下增量的平均（夏普利值），与“其余”之和恰为合计；单独、最后为只加入该项、最后加入该项的增量。",
            "Shares: what each adds, averaged over all orders (Shapley values); with the rest they add up exactly. Alone and "
            "last: what it adds to nobody and to all others. Brackets: 95% intervals.",
        )
    )
    for player in game.players:
        screen.line(Label(f"{player.label.zh}关闭：{player.note}", f"{player.label.en} off: {player.note}"))
