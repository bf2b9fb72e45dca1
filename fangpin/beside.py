"""Several studies beside each other: tables, chart and words; a folder of studies is told by their ``study.json``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.labels import Label
from fangpin.compared import meant
from fangpin.request import folder_of
from fangpin.screen import Screen
from fangpin.tabling import number, with_error

if TYPE_CHECKING:
    from experiments.compare.beside import Beside, Named

SHOWN = ("relapse_net", "poor_stock", "relapses", "cost")
"""Outcomes that are printed; the file has all."""


def studies_in(folder: Path) -> list[Path]:
    """Return the folders of the studies that lie in a folder, none where it is one itself."""
    from experiments.store import STUDY

    if (folder / STUDY).is_file():
        return []
    return sorted(path.parent for path in folder.glob(f"*/{STUDY}"))


def named_study(folder: Path, base: str = "") -> Named:
    """Return a stored study with its results; named after its place where the folder is.

    Raises:
        FileNotFoundError: if it holds no whole repetition.
        Unmeant: if ``base`` means none of its policies.
    """
    from experiments.compare.beside import Named
    from experiments.stored import open_stored

    stored = open_stored(folder)
    wanted = meant("base", base, stored.study.policies)
    results = (stored.against(wanted) if wanted else stored).results()
    is_place = folder.name == folder_of(stored.study.place)
    return Named(folder.name, results.place if is_place else Label(folder.name, folder.name), results)


def tell_beside(studies: Sequence[Named], root: Path, lang: str, outcome: str = "relapse_net") -> None:
    """Write ``tables/beside.csv`` and the chart of one outcome, and print the main outcomes."""
    from experiments.charts.beside import draw_beside
    from experiments.charts.style import save
    from experiments.compare.beside import HEADER, beside_cells, beside_rows
    from experiments.store import write_whole
    from experiments.tables import csv_text

    screen, rows = Screen(lang), beside_rows(studies)
    if not rows:
        screen.line(Label("没有共同的政策与基准，无可并列", "no policies and base in common: nothing to set beside each other"))
        return
    paths = [write_whole(root / "tables" / "beside.csv", csv_text(HEADER, [beside_cells(row) for row in rows]))]
    drawn = [row for row in rows if row.outcome.id == outcome]
    paths += save(draw_beside(drawn, screen.lang), root / "charts", f"beside-{outcome}-{lang}")
    for name in dict.fromkeys((outcome, *SHOWN)):
        _print(screen, [row for row in rows if row.outcome.id == name])
    first = studies[0].label
    screen.line(
        Label(
            f"±为95%区间的半宽；“与首个之差”：本行之差减去“{first.zh}”之差，逐次重复相减",
            f"± half a 95% interval; 'minus the first': the difference here less that of {first.en}, repetition by repetition",
        )
    )
    if not any(one.results.weighted for one in studies):
        screen.line(
            Label(
                "人次与金额为各自模拟村内的合计，各地不可直接相比；请比较比率",
                "persons and money are those of each study's simulated villages: between places compare rates",
            )
        )
    screen.files(paths)


def _print(screen: Screen, rows: Sequence[Beside]) -> None:
    """Print one outcome: a line a policy and study."""
    outcome, results = rows[0].outcome, rows[0].study.results
    base = results.name(results.study.base)
    kind = Label("全期合计", "sum of the years") if outcome.adds else Label("各年平均", "mean of the years")
    screen.heading(
        Label(
            f"{outcome.label.zh}（{outcome.unit.zh}，{kind.zh}），与“{base.zh}”之差",
            f"{outcome.label.en} ({outcome.unit.en}, {kind.en}), difference from '{base.en}'",
        )
    )
    digits = outcome.digits + 1
    cells = [
        [
            row.study.results.name(row.policy).said(screen.lang),
            row.study.label.said(screen.lang),
            number(row.theirs.mean, digits),
            with_error(row.difference, digits),
            "" if row.further is None else with_error(row.further, digits),
        ]
        for row in rows
    ]
    heads = [Label("方案", "policy"), Label("何处", "where"), Label("基准", "base"), Label("差±", "difference ±")]
    screen.table([*heads, Label("与首个之差±", "minus the first ±")], cells, left=2)
