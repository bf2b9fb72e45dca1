"""Numbers of `compare`, `goal` and `shapley` that moved without a word in the changelog."""

from __future__ import annotations

import copy
import json
import math
from pathlib import Path

import pytest
from golden_studies import FILE, Table, tables

GOLDEN = json.loads(FILE.read_text(encoding="utf-8"))
RELATIVE, ABSOLUTE = 1e-6, 1e-9
"""Statistics may differ in their last digits between versions of the libraries; counts of the model do not."""


def same(wanted: str, found: str) -> bool:
    """Return whether two cells say the same."""
    try:
        return math.isclose(float(wanted), float(found), rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    except ValueError:
        return wanted == found


def moved(wanted: Table, found: Table) -> list[str]:
    """Return what differs between two tables, a line each."""
    lines = [f"row {name}: only {'golden' if name in wanted else 'now'}" for name in wanted.keys() ^ found.keys()]
    for name in wanted.keys() & found.keys():
        cells = {key: (wanted[name].get(key, "none"), found[name].get(key, "none")) for key in {*wanted[name], *found[name]}}
        lines += [f"{name} {key}: {one} -> {other}" for key, (one, other) in cells.items() if not same(one, other)]
    return sorted(lines)


@pytest.fixture(scope="module")
def now(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Table]:
    """The tables as they come out now."""
    return tables(Path(tmp_path_factory.mktemp("studies")))


@pytest.mark.parametrize("table", list(GOLDEN))
def test_the_tables_of_small_studies_have_not_moved(now, table):
    lines = moved(GOLDEN[table], now[table])
    assert not lines, "refresh on purpose (see golden_studies.py) and say why in CHANGELOG.md:\n" + "\n".join(lines[:20])


def test_every_table_has_its_golden_one(now):
    assert set(now) == set(GOLDEN)


def test_one_moved_cell_and_one_lost_row_are_noticed():
    changed = copy.deepcopy(GOLDEN["compare"])
    row = next(name for name, cells in changed.items() if float(cells["difference"]) != 0)
    changed[row]["difference"] = str(float(changed[row]["difference"]) * 1.001)
    assert len(moved(GOLDEN["compare"], changed)) == 1
    del changed[row]
    assert moved(GOLDEN["compare"], changed) == [f"row {row}: only golden"]


def test_shares_add_up_in_the_golden_file():
    rows = GOLDEN["shapley"]
    parts = sum(float(cells["share"]) for name, cells in rows.items() if name != "total")
    assert parts == pytest.approx(float(rows["total"]["share"]))
