"""Flows among states, falls by place and maps: counted by hand, drawn in both languages, hostile boundaries refused."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest
from test_charts import overlapping, texts

from experiments.boundaries import BadBoundaries, read_boundaries
from experiments.charts.flows import draw_flows
from experiments.charts.places import SHADES, draw_map, draw_places
from experiments.labels import Label
from experiments.standing import STATES, Flows, PlaceFalls, flows_of

HERE, PLAN = Label("南阳市某县", "a county of Nanyang"), Label("文件规定", "As the plan says")
NAN = float("nan")


def path(value):
    return {"months": ["2013-01"], "values": [value], "linear": False}


def stored(heads, stands_for=(1.0,)):
    """Stored runs of one policy, a county each: incomes per head by year, families of which the last is not ex-poor."""
    scenario = {"values": {"poverty_line": path(400_000), "monitoring_line": path(600_000)}, "levers": {}}

    def run(number):
        columns = {f"net_head_{year}": np.array(row) for year, row in heads[number].items()}
        count = len(next(iter(columns.values())))
        columns["group"] = np.array([0] * (count - 1) + [2])
        return SimpleNamespace(columns=lambda name: columns, scenario=lambda: scenario, stands_for=stands_for[number])

    runs = [run(number) for number in range(len(heads))]
    return SimpleNamespace(repeats=(("point", 0),), of=lambda policy, repeat: runs)


def test_moves_are_counted_by_hand():
    # lines 4,000 and 6,000: poor, at risk, near (to 9,000), secure; the last family is of another group
    found = flows_of(stored([{2020: [3000, 5000, 7000, 9500, 1.0], 2021: [5000, 5000, 9500, NAN, 1.0]}]), "documented")
    assert found.years == (2020, 2021) and found.families == 4
    assert found.shares[0] == pytest.approx([0.25, 0.25, 0.25, 0.25, 0])
    assert found.shares[1] == pytest.approx([0, 0.5, 0, 0.25, 0.25])
    states = list(STATES)
    assert found.moves[0, states.index("poor"), states.index("at_risk")] == pytest.approx(0.25)
    assert found.moves[0, states.index("secure"), states.index("gone")] == pytest.approx(0.25)


def test_counties_count_for_all_whom_they_stand_for():
    heads = [{2020: [3000, 1.0], 2021: [3000, 1.0]}, {2020: [9500, 1.0], 2021: [9500, 1.0]}]
    found = flows_of(stored(heads, (3.0, 1.0)), "documented")
    assert found.shares[0] == pytest.approx([0.75, 0, 0, 0.25, 0]) and found.families == 4


def flows():
    random = np.random.default_rng(1)
    moves = np.zeros((5, 5, 5))
    shares = [np.array([0.07, 0.2, 0.2, 0.5, 0.03])]
    for year in range(5):
        turn = 0.8 * np.eye(5) + 0.2 * random.dirichlet(np.ones(5), 5)
        moves[year] = shares[-1][:, None] * turn
        shares.append(moves[year].sum(axis=0))
    return Flows(tuple(range(2020, 2026)), np.array(shares), moves, 300.0)


def places(count=5):
    random = np.random.default_rng(2)
    return [
        PlaceFalls(str(number + 1), Label(f"第{number + 1}乡镇", f"township {number + 1}"), (2021, 2022, 2023), {
            policy: random.uniform(0, 0.05, (4, 3)) for policy in ("documented", "kept")
        }, 40)
        for number in range(count)
    ]  # fmt: skip


RESULTS = SimpleNamespace(place=HERE, name=lambda policy: PLAN, replications=range(4))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_flows_and_places_are_drawn_in_both_languages(lang):
    for figure in (draw_flows(flows(), HERE, PLAN, lang), draw_places(RESULTS, places(), lang)):
        assert overlapping(figure) == []
        assert any(char > "\u2e80" for char in " ".join(texts(figure))) == (lang == "zh")


def test_no_line_of_a_panel_is_cut():
    figure = draw_places(RESULTS, places(), "en")
    for axes in figure.axes[:5]:
        assert axes.get_ylim()[0] == 0 and max(max(line.get_ydata()) for line in axes.get_lines()) <= axes.get_ylim()[1]


def square(x, name, **more):
    ring = [[x, 0], [x + 1, 0], [x + 1, 1], [x, 1], [x, 0]]
    return {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": [ring]}, **more}


def written(folder, *features):
    made = folder / "areas.geojson"
    made.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return made


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_map_shades_more_falls_darker_and_counts_what_is_missing(tmp_path, lang):
    areas = read_boundaries(written(tmp_path, square(0, "1"), square(1, 2), square(2, "3")), list("12345"))
    assert set(areas) == {"1", "2", "3"}
    figure = draw_map(RESULTS, places(), areas, "documented", lang)
    means = {place.id: place.shares["documented"].mean() for place in places()}
    from matplotlib.colors import to_hex

    shades = [to_hex(patch.get_facecolor()).upper() for patch in figure.axes[0].patches]
    drawn = dict(zip(areas, shades, strict=True))
    lowest, highest = min(areas, key=means.get), max(areas, key=means.get)
    assert (drawn[lowest], drawn[highest]) == (SHADES[0], SHADES[-1])
    said = " ".join(texts(figure))
    assert ("2 places" if lang == "en" else "2个地方") in said


def test_holes_stay_open_whichever_way_they_are_drawn(tmp_path):
    one = square(0, "1")
    hole = [[0.2, 0.2], [0.8, 0.2], [0.8, 0.8], [0.2, 0.2]]
    one["geometry"]["coordinates"].append(hole)
    ((outer, inner),) = read_boundaries(written(tmp_path, one), ["1"])["1"]

    def area(ring):
        return float(np.sum(ring[:-1, 0] * ring[1:, 1] - ring[1:, 0] * ring[:-1, 1]))

    assert area(outer) > 0 > area(inner)


@pytest.mark.parametrize(
    ("features", "said"),
    [
        ([square(0, "townshp 1")], "did you mean 'township 1'"),
        ([square(0, "1"), square(1, "1")], "a second time"),
        ([square(0, "<script>\u202e=cmd()")], "a place of these runs"),
        ([{"type": "Feature", "properties": None, "geometry": None}], "no name"),
        ([square(0, "1", geometry={"type": "Point", "coordinates": [1, 2]})], "Polygon or MultiPolygon"),
        ([square(0, "1", geometry={"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0]]]})], "no closed ring"),
        ([square(0, "1", geometry={"type": "Polygon", "coordinates": [[[0, 0], ["x", 1], [1, 1], [0, 0]]]})], "no closed ring"),
        ([square(0, "1", geometry={"type": "Polygon", "coordinates": [[[0, 0], [1e300, 1], [1, 1], [0, 0]]]})], "no closed ring"),
        ([square(0, "1", geometry={"type": "MultiPolygon", "coordinates": 5})], "no closed ring"),
        ([5, "x", None], "no name"),
        ([], "none"),
    ],
)
def test_hostile_boundaries_are_refused(tmp_path, features, said):
    with pytest.raises(BadBoundaries) as raised:
        read_boundaries(written(tmp_path, *features), ["1", "2", "township 1"])
    assert said in str(raised.value) and "\u202e" not in str(raised.value)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b'{"type":"Feature"}', b"[" * 100_000])
def test_what_is_no_geojson_is_one_clear_error(tmp_path, content):
    path_of = tmp_path / "areas.geojson"
    path_of.write_bytes(content)
    with pytest.raises(BadBoundaries) as raised:
        read_boundaries(path_of, ["1"])
    assert len(raised.value.problems) == 1
