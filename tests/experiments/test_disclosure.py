"""The gate by hand, the register, and who may follow households."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from experiments.disclosure import Cell, Counts, rounded
from experiments.disclosure_gate import primary, protect
from experiments.disclosure_register import FILE, Register
from experiments.disclosure_tables import HIDDEN, release, released_text, write_exact
from experiments.harmless import LONGEST, page_text, sheet_cell
from experiments.persons import population_of
from experiments.tables import csv_text
from scenarios.problems import ScenarioError

LARGE = {"a": (60, 30), "b": (80, 40), "c": (45, 20), "d": (70, 35)}
"""Households and how many of them fell, by village of two townships: nothing to hide."""


def made(villages: dict[str, tuple[int, int]], persons: int = 3, policy: str = "kept", top: str = "county") -> Counts:
    names = list(villages)
    paths = tuple((top, f"t{number // 2}", name) for number, name in enumerate(names))
    columns = [np.array([[count, persons * count] for count in row], float).T for row in zip(*villages.values(), strict=True)]
    members, fell = (column.reshape(1, 2, len(names), 1) for column in columns)
    return Counts("December 2020", "households", paths, ("ex_poor",), members, {(2021, policy): fell})


def figures(counts: Counts, values: np.ndarray) -> dict[str, float]:
    return {cell.area[-1]: value for cell, value in zip(counts.cells, values, strict=True)}


def test_large_cells_are_shown_rounded_each_by_itself():
    counts = made(LARGE)
    shown = protect(counts)
    # 45 and 35 end in a five: upwards; townships 140, 115 -> 120 and the county 255 -> 260 are rounded from exact sums
    assert figures(counts, shown.members) == {
        "county": 260, "t0": 140, "t1": 120, "a": 60, "b": 80, "c": 50, "d": 70,
    }  # fmt: skip
    assert figures(counts, shown.fell[2021, "kept"])["d"] == 40
    assert (shown.primary, shown.added) == (0, 0)


@pytest.mark.parametrize(
    ("fell", "hidden"),
    [(9, True), (10, False), (50, False), (51, True), (0, True), (60, True)],
)
def test_few_on_either_side_and_nobody_and_everybody_are_hidden(fell, hidden):
    counts = made({**LARGE, "a": (60, fell)})
    place = [cell.area[-1] for cell in counts.cells].index("a")
    assert bool(primary(counts).fell[2021][place]) is hidden


def test_one_hidden_village_takes_others_along():
    # a alone hidden could be worked out: t0 and b would be shown as 10, which means 10 to 15, so that a is 5 at most
    counts = made({**LARGE, "a": (2, 0), "b": (12, 0)})
    shown = figures(counts, protect(counts).members)
    assert np.isnan(shown["a"]) and (np.isnan(shown["b"]) or np.isnan(shown["t0"]))


def test_counts_are_whole_so_that_rounding_alone_leaves_a_hidden_village_too_little_room():
    # t0 is 84, b is 80, both would be shown as 80, which is 75 to 84: a would lie from 0 to 9, which is less than 10
    counts = made({**LARGE, "a": (4, 0)})
    shown = figures(counts, protect(counts).members)
    assert np.isnan(shown["a"]) and np.isnan(shown["b"]) != np.isnan(shown["t0"])


def test_ten_households_of_one_run_are_not_enough_when_another_run_has_nine():
    counts = made(LARGE)
    members = np.concatenate([counts.members, counts.members])
    fell = np.concatenate([counts.fell[2021, "kept"]] * 2)
    fell[1, :, 0, 0] = 9
    assert primary(replace(counts, members=members, fell={(2021, "kept"): fell})).fell[2021][3]


def test_a_cell_hidden_under_one_policy_is_hidden_under_all():
    one, other = made(LARGE), made({**LARGE, "c": (45, 3)}, policy="cliff")
    both = replace(one, fell={**one.fell, **other.fell})
    shown = protect(both)
    assert all(np.isnan(figures(both, values)["c"]) for values in shown.fell.values())


def test_what_differs_by_ten_still_does_when_rounded():
    values = np.arange(0.0, 200.0, 0.5)
    assert (rounded(values + 10) - rounded(values) == 10).all()


def test_shares_never_are_0_or_100_per_cent():
    counts = made({"a": (25, 15), "b": (20, 10), "c": (300, 10), "d": (300, 290)})
    text = released_text(counts, protect(counts))
    assert not {line.rsplit(",", 1)[-1] for line in text.splitlines()} & {"0.0", "100.0"}


def test_the_register_refuses_the_same_with_one_village_less(tmp_path):
    register = Register(tmp_path / "register")
    release(made(LARGE), register, "first")
    less = {name: LARGE[name] for name in "abc"}
    with pytest.raises(ScenarioError, match=r"1 villages differ.* 3 are the same"):
        release(made(less, top="another name"), register, "second")
    release(made({"x": (90, 40), "y": (80, 30)}), register, "villages of its own")
    assert [entry["what"] for entry in register.entries()] == ["first", "villages of its own"]


def test_the_register_refuses_other_figures_units_and_groups(tmp_path):
    register = Register(tmp_path)
    release(made(LARGE), register, "first")
    for other in (made({**LARGE, "a": (90, 30)}), made({**LARGE, "a": (60, 45)}), replace(made(LARGE), unit="persons")):
        with pytest.raises(ScenarioError):
            release(other, register, "other")
    release(made(LARGE), register, "the same again")
    assert len(register.entries()) == 2


def test_what_was_hidden_stays_hidden_under_a_later_policy(tmp_path):
    register = Register(tmp_path)
    release(made({**LARGE, "c": (45, 3)}), register, "first")
    later = made(LARGE, policy="cliff")
    shown, _ = release(later, register, "second")
    assert np.isnan(figures(later, shown.fell[2021, "cliff"])["c"])


def test_a_changed_or_lost_line_is_found(tmp_path):
    register = Register(tmp_path)
    release(made(LARGE), register, "first")
    release(made(LARGE, policy="cliff"), register, "second")
    lines = register.path.read_text().splitlines()
    for tampered in (lines[1:], [lines[0].replace("first", "never"), lines[1]], ["{", *lines]):
        (tmp_path / FILE).write_text("\n".join(tampered) + "\n")
        with pytest.raises(ScenarioError, match=r"register\.jsonl"):
            register.entries()


def test_a_lost_cut_or_other_register_is_found_by_the_folder(tmp_path):
    register, folder = Register(tmp_path / "register"), tmp_path / "ours"
    folder.mkdir()
    release(made(LARGE), register, "first", folder)
    write_exact(folder, made(LARGE, policy="cliff"), register, "Li", "checks", "ours")
    release(made(LARGE, policy="linear"), register, "third", folder)
    lines = register.path.read_text().splitlines()
    register.path.write_text(lines[0] + "\n")
    for other in (register, Register(tmp_path / "another")):
        for again in (
            lambda on: release(made(LARGE), on, "again", folder),
            lambda on: write_exact(folder, made(LARGE), on, "Li", "", ""),
        ):
            with pytest.raises(ScenarioError, match=r"releases of .*ours do not stand in"):
                again(other)
    assert not (tmp_path / "another" / FILE).exists()
    register.path.write_text("\n".join(lines) + "\n")
    release(made(LARGE, policy="step"), register, "with the whole register again", folder)


def test_signs_in_names_make_no_two_areas_one():
    one, other = Cell(("county", "a", "b/c"), "all"), Cell(("county", "a/b", "c"), "all")
    assert one.name != other.name != Cell(("county", "a/b", "c|x"), "all").name != Cell(("county", "a/b", "c"), "x|all").name


def test_nothing_exact_stands_in_the_register(tmp_path):
    register = Register(tmp_path)
    release(made({**LARGE, "b": (83, 41)}), register, "first")
    numbers = [value for value in register.entries()[0]["members"].values() if value is not None]
    assert numbers and all(value % 10 == 0 for value in numbers)


def test_the_secure_room_is_written_down_first(tmp_path):
    register = Register(tmp_path / "register")
    path = write_exact(tmp_path / "study", made({**LARGE, "a": (4, 1)}), register, "Li", "checks of a county", "study")
    assert "4.000000" in path.read_text(encoding="utf-8-sig") and HIDDEN not in path.read_text(encoding="utf-8-sig")
    (entry,) = register.entries()
    assert (entry["kind"], entry["who"], entry["why"]) == ("secure", "Li", "checks of a county") and entry["when"]


def test_counts_that_cannot_be_are_refused_and_none_is_shown():
    with pytest.raises(ValueError, match="above the members"):
        made({"a": (10, 11), "b": (20, 10)})
    assert "60" not in repr(made(LARGE))


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=cmd()", "'=cmd()"),
        (" \t+1+1", "'+1+1"),
        ("＝HYPERLINK(1)", "'＝HYPERLINK(1)"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-1.5", "-1.5"),
        ("1e-5", "1e-5"),
        ("\u202egnp.exe", "gnp.exe"),
        ("a\r\n=b", "a =b"),
        ("قرية", "قرية"),
        ("👨\u200d🌾村", "👨\u200d🌾村"),
    ],
)
def test_hostile_names_are_harmless_in_sheets(name, cell):
    assert sheet_cell(name) == cell
    assert csv_text(("name",), [(name,)]).splitlines()[1].strip('"') == cell


def test_long_names_are_cut_and_pages_escape():
    assert len(sheet_cell("村" * 5000)) == LONGEST
    assert page_text("<script>'\"") == "&lt;script&gt;&#x27;&quot;"


def test_hostile_villages_come_out_harmless():
    counts = made({"=cmd()": (60, 30), "<script>": (80, 40), "x" * 5000: (45, 20), "\u202eoliv": (70, 35)}, top="=1+1")
    text = released_text(counts, protect(counts))
    assert "\u202e" not in text and max(map(len, text.splitlines())) < 600
    assert all(not line.split(",")[3].startswith("=") for line in text.splitlines())


def test_the_population_of_runs_is_told_by_study_or_run(tmp_path):
    assert population_of(tmp_path) == "synthetic"
    run = tmp_path / "runs" / "k"
    run.mkdir(parents=True)
    (run / "provenance.json").write_text(json.dumps({"population": "person_level"}))
    (tmp_path / "study.json").write_text(json.dumps({"study": {}}))
    assert population_of(tmp_path) == population_of(run) == "person_level"
