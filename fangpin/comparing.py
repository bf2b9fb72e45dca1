"""The command `fangpin compare`: stored policies beside each other, from their files alone."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.labels import Lang
from fangpin.compared import KEYS, Compared, Unmeant, compared_folder, meant
from fangpin.exits import DONE, HELP_WORDS, NOT_UNDERSTOOD, refuse
from fangpin.words import read_words, results_folder

if TYPE_CHECKING:
    from experiments.compare.outcomes import Paired
    from scenarios.problems import Problem

COMPARE_HELP = """fangpin compare DIR [key=value ...] - stored policies beside each other; runs nothing

  DIR                       a folder that `fangpin run` or `fangpin sweep` wrote; else the newest folder under runs/. One that
                            holds several studies (a sweep of several places, a set's stresses apart) sets them beside each other
  base=                     policy that the others are compared with: its name, or parts of the name of a cell of a sweep,
                            such as base=premium=kept; by default that of the study
  policy=                   policy of the first page, the bureau's; by default what the plan says
  definition=net            fall by which households are listed: net, gross, guarantee or registry
  format=parquet            of the lists of households: parquet or csv
  lang=zh                   zh or en

Prints the bureau's page, then for each policy differences with 95% intervals and verdicts, who falls under one policy alone,
for whom, cost by account, cost for each fall averted, the frontier, net benefit. Writes tables/*.csv, the lists
tables/who_list and tables/watch_list (made-up households), charts/pairs and charts/plane into the folder.
Exit code: 0 done, 2 the command could not be understood.

examples:
  fangpin compare runs/nanyang lang=en
  fangpin compare runs/nanyang base=documented policy=cliff format=csv
"""

FORMATS = ("parquet", "csv")


def compare(words: Sequence[str]) -> int:
    """Run the command and return its exit code.

    Args:
        words: the words after ``fangpin compare``.
    """
    from experiments.stopped import OtherVersion
    from fangpin.beside import studies_in

    if any(word in HELP_WORDS for word in words):
        print(COMPARE_HELP, end="")
        return DONE
    found = read_words(words, KEYS, "DIR")
    problems = [*found.problems, *_wrong(found.options)]
    if problems:
        return refuse(problems, "compare", "")
    try:
        folder = results_folder(found)
        if inside := studies_in(folder):
            return _compare_all(folder, inside, found.options)
        compared = compared_folder(folder, found.options)
    except (FileNotFoundError, OtherVersion) as error:
        print(f"fangpin compare: {error}", file=sys.stderr)
        return NOT_UNDERSTOOD
    except Unmeant as error:
        return refuse([error.problem], "compare", "")
    show(compared, found.options["lang"], found.options["format"])
    return DONE


def _compare_all(folder: Path, inside: Sequence[Path], options: dict[str, str]) -> int:
    """Set the studies of a folder beside each other: the places of a sweep, or the stresses of a set."""
    from fangpin.beside import named_study, tell_beside

    tell_beside([named_study(one, options["base"]) for one in inside], folder, options["lang"])
    return DONE


def _wrong(options: dict[str, str]) -> list[Problem]:
    """Return what is wrong with the options whose words are known beforehand."""
    from experiments.compare.who import DEFINITIONS
    from scenarios.problems import Problem, listing, nearest

    known: dict[str, Sequence[str]] = {"definition": tuple(DEFINITIONS), "format": FORMATS}
    return [
        Problem("command line", key, f"'{options[key]}'", listing(words), nearest(options[key], words))
        for key, words in known.items()
        if options[key] not in words
    ]


def show(compared: Compared, lang: str, form: str) -> None:
    """Write the tables and charts, then print the bureau's page and the researcher's behind it."""
    from fangpin.bureaupage import print_page
    from fangpin.comparetables import print_research
    from fangpin.screen import Screen

    # files first: a closed pipe must not leave them unwritten
    paths = [*write_tables(compared), *write_lists(compared, form), *draw(compared, lang)]
    screen = Screen(lang)
    print_page(screen, compared)
    print_research(screen, compared)
    screen.files(paths)


def write_tables(compared: Compared) -> list[Path]:
    """Write all tables as CSV files, in English, into ``tables/`` of the folder."""
    from experiments.compare import bureau, money, outcomes, shares, who
    from experiments.store import write_whole
    from experiments.tables import csv_text

    tables: dict[str, tuple[Sequence[str], list[Any]]] = {
        "bureau": (bureau.HEADER, [bureau.line_cells(row) for row in compared.lines]),
        "compare": (outcomes.HEADER, [outcomes.paired_cells(row) for row in compared.pairs]),
        "who": (who.HEADER, [who.who_cells(row) for row in compared.who]),
        "costs": (money.COST_HEADER, [money.cost_cells(row) for row in compared.costs]),
        "cost_effectiveness": (money.TRADE_HEADER, [money.trade_cells(row) for row in compared.trades]),
        "net_benefit": (money.BENEFIT_HEADER, [money.benefit_cells(row) for row in compared.benefits]),
        "frontier": (money.RANK_HEADER, [money.rank_cells(row) for row in compared.ranks]),
        "distribution": (shares.HEADER, [shares.share_cells(row) for row in compared.shares]),
    }
    root = compared.stored.root / "tables"
    return [write_whole(root / f"{name}.csv", csv_text(header, rows)) for name, (header, rows) in tables.items()]


def write_lists(compared: Compared, form: str) -> list[Path]:
    """Write the lists of made-up households: who falls under one policy alone, and who is on the bureau's list."""
    from experiments.compare import watchlist, who

    root = compared.stored.root / "tables"
    lists = {
        "who_list": who.list_columns(compared.stored, compared.definition, compared.detailed),
        "watch_list": watchlist.list_columns(compared.stored, compared.policy),
    }
    return [_write_list(root / f"{name}.{form}", columns) for name, columns in lists.items() if columns]


def _write_list(path: Path, columns: dict[str, Any]) -> Path:
    """Write columns as Parquet or CSV."""
    from experiments.store import write_whole
    from experiments.tables import csv_text

    if path.suffix == ".csv":
        return write_whole(path, csv_text(tuple(columns), list(zip(*columns.values(), strict=True))))
    import pyarrow as pa
    import pyarrow.parquet as pq

    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".tmp-{path.name}")
    pq.write_table(pa.table(columns), draft, compression="zstd", compression_level=3)
    return draft.replace(path)


def draw(compared: Compared, lang: str) -> list[Path]:
    """Draw and save the charts: paired differences and the cost-effectiveness plane."""
    from experiments.charts.pairs import draw_pairs
    from experiments.charts.plane import draw_plane
    from experiments.charts.style import save

    if not compared.trades:
        return []
    folder, results = compared.stored.root / "charts", compared.results
    said: Lang = "en" if lang == "en" else "zh"
    figures = {
        "pairs": draw_pairs(results, compared.pairs, said),
        "plane": draw_plane(results, compared.ranks, compared.trades, said),
    }
    return [path for name, figure in figures.items() for path in save(figure, folder, f"{name}-{lang}")]


def compare_rows(folder: Path, base: str = "") -> list[dict[str, Any]]:
    """Return the paired differences of a folder as plain data, a dict for each policy, outcome and year.

    Raises:
        FileNotFoundError: if it holds no study or no whole repetition.
        Unmeant: if ``base`` means none of its policies.
    """
    from experiments.compare.outcomes import paired_rows
    from experiments.stored import open_stored

    stored = open_stored(folder)
    if base:
        stored = stored.against(meant("base", base, stored.study.policies))
    return [_plain(row) for row in paired_rows(stored.results())]


def _plain(row: Paired) -> dict[str, Any]:
    """Return a comparison as plain data."""
    words = {"policy": row.policy, "base": row.base, "outcome": row.outcome.id, "year": row.year or None}
    numbers = {"value": row.ours.mean, "base_value": row.theirs.mean, "difference": row.difference._asdict()}
    said = {"p": row.p, "p_holm": row.p_holm, "verdict": row.verdict, "pairing": row.pairing}
    return {**words, "names": row.outcome.label._asdict(), "unit": row.outcome.unit.en, **numbers, **said}
