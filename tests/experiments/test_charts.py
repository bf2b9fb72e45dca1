"""Charts: Chinese is drawn, the same results give the same bytes, and nothing runs the model."""

import sys
from dataclasses import replace

import fakes
import pytest

from experiments.charts import fonts
from experiments.charts.causes import draw_causes, horizon_rows
from experiments.charts.rates import charted_together, draw_rates
from experiments.charts.style import LINES, charted, save, text_width, wrapped
from experiments.differences import TOTAL
from experiments.labels import Label
from experiments.results import read_results
from experiments.runner import run_plan
from experiments.store import Store


@pytest.fixture
def results(stored):
    return read_results(*stored)


def texts(figure):
    from matplotlib.text import Text

    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def is_in_view(text, axes, renderer):
    box, frame = text.get_window_extent(renderer), axes.get_window_extent(renderer)
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return axes.axison and (frame.x0 <= x <= frame.x1 or frame.y0 <= y <= frame.y1)


def overlapping(figure):
    """Return pairs of texts whose boxes overlap."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    with charted():
        renderer = FigureCanvasAgg(figure).get_renderer()
        figure.draw(renderer)
        ticks = {id(label): axes for axes in figure.axes for label in (*axes.get_xticklabels("both"), *axes.get_yticklabels())}
        shown = [text for text in figure.findobj(Text) if text.get_text().strip() and text.get_visible()]
        # tick labels outside the view exist but are not drawn
        inside = [text for text in shown if id(text) not in ticks or is_in_view(text, ticks[id(text)], renderer)]
        boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in inside]
    return [(a, b) for i, (a, one) in enumerate(boxes) for b, other in boxes[i + 1 :] if one.overlaps(other)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_rates_are_drawn_in_both_languages(results, lang):
    figure = draw_rates(results, "南阳市某县" if lang == "zh" else "a county of Nanyang", lang)
    said = " ".join(texts(figure))
    assert ("返贫率" in said) == (lang == "zh")
    assert "n=3" in said
    assert "%" in said
    assert overlapping(figure) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_causes_are_drawn_in_both_languages(results, lang):
    figure = draw_causes(results, "documented", "南阳市某县" if lang == "zh" else "a county of Nanyang", lang)
    said = " ".join(texts(figure))
    assert ("因病" in said) == (lang == "zh")
    assert overlapping(figure) == []


def test_english_charts_hold_no_chinese(results):
    for figure in (draw_rates(results, "Nanyang", "en"), draw_causes(results, "documented", "Nanyang", "en")):
        assert all(char < "\u2e80" for text in texts(figure) for char in text)


def test_causes_are_ordered_and_end_with_the_total(results):
    rows = horizon_rows(results, "documented")
    sizes = [abs(row.estimate.mean) for row in rows[:-1]]
    assert rows[-1].cause == TOTAL
    assert sizes == sorted(sizes, reverse=True)


def test_one_replication_says_that_it_has_no_band(engine, tmp_path):
    plan, store = fakes.plan(replications=1), Store(tmp_path)
    store.open(plan.study)
    run_plan(plan, store)
    results = read_results(plan, store)
    assert any("no band" in text for text in texts(draw_rates(results, "Nanyang", "en")))
    assert any("no interval" in text.lower() for text in texts(draw_causes(results, "documented", "Nanyang", "en")))


def test_a_short_horizon_without_a_test_can_be_drawn(engine, tmp_path):
    plan, store = fakes.plan(months=5, replications=2), Store(tmp_path)
    store.open(plan.study)
    run_plan(plan, store)
    save(draw_rates(read_results(plan, store), "Nanyang", "en"), tmp_path, "rates")


def named(results, count):
    """Return the results with their first two policies again and again, under long names."""
    policies = tuple(f"arm{number}" for number in range(count))
    names = {
        policy: Label(
            f"第{policy}种很长很长的政策组合名称，含多项调整", f"{policy}, a rather long name of an arm, with a list: 1, 2"
        )
        for policy in policies
    }
    chosen = [number % 2 for number in range(count)]
    study = replace(results.study, policies=policies)
    summaries = tuple(results.summaries[number] for number in chosen)
    return replace(results, study=study, counts=results.counts[chosen], names={**results.names, **names}, summaries=summaries)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("count", [5, 7])
def test_long_names_of_many_arms_overlap_nothing_and_are_whole(results, lang, count):
    figure = draw_rates(named(results, count), "Longyan", lang)
    assert overlapping(figure) == []
    said = "".join("".join(texts(figure)).split())
    assert all("".join(named(results, count).name(f"arm{number}").said(lang).split()) in said for number in range(count))


def test_many_arms_come_in_several_charts_with_the_reference_in_each():
    policies = tuple("abcdefghijklm")
    assert charted_together(policies[:7], "a") == [policies[:7]]
    assert charted_together(policies, "a") == [tuple("abcdefg"), tuple("ahijklm")]
    assert charted_together(policies[:8], "b") == [tuple("bacde"), tuple("bfgh")]


def test_names_break_between_words_and_anywhere_in_chinese():
    assert wrapped("one two three", 7) == "one two\nthree"
    assert wrapped("逐年退出并加强动员", 8) == "逐年退出\n并加强动\n员"
    assert wrapped("a\nb", 20) == "a\nb"
    assert text_width("逐年ab") == 6


def test_seven_policies_have_seven_lines():
    assert len({line.colour for line in LINES}) == len({str(line.dashes) for line in LINES}) == len(LINES)


@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_the_same_results_give_the_same_bytes(results, tmp_path, suffix):
    one = save(draw_rates(results, "南阳", "zh"), tmp_path / "a", "rates")
    two = save(draw_rates(results, "南阳", "zh"), tmp_path / "b", "rates")
    pick = {"png": 0, "svg": 1}[suffix]
    assert one[pick].read_bytes() == two[pick].read_bytes()


def test_the_packaged_font_is_used_where_none_is_installed(monkeypatch):
    monkeypatch.setattr(fonts, "PREFERRED", ())
    fonts.chinese_family.cache_clear()
    try:
        assert fonts.chinese_family() == "Noto Sans SC"
    finally:
        fonts.chinese_family.cache_clear()


def test_a_character_without_a_glyph_is_an_error(tmp_path):
    from matplotlib.figure import Figure

    with charted():
        figure = Figure()
        figure.text(0.5, 0.5, "\U000e0041\U0001f9ff")
    with pytest.raises(fonts.MissingGlyphError):
        save(figure, tmp_path, "boxes")


def test_charts_do_not_load_the_model():
    import subprocess

    command = (
        "import sys, experiments.charts.rates, experiments.charts.causes; "
        "print('sim.model' in sys.modules, 'numba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
