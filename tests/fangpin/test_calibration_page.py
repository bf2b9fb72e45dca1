"""The page of a calibration, in both languages: text is escaped, letters come with it, what cannot be drawn is an error."""

import json

import pytest

from calibration.sample import Kept
from experiments.charts.fonts import MissingGlyphError
from experiments.labels import Label
from experiments.report.lettering import packaged_letters
from fangpin.calibration_page import page
from fangpin.leftout import too_sure, why_left_out

PARAMETER = {
    "parameter": "values.<b>", "verdict": "not identified", "prior_low": 0.1, "prior_high": 0.3, "estimate": 0.2, "error": None,
    "low": None, "high": None, "shrinkage": None, "moved_by": "",
}  # fmt: skip
MOMENT = {
    "moment": "entry", "unit": "share", "observed": 0.25, "error": 0.02, "n": 1234, "simulated": 0.21, "residual_z": -2.1,
    "predicted": None, "p": None,
}  # fmt: skip
TOLD = {
    "provenance": {
        "survey": {"source": "我的调查", "waves": [2016, 2018]}, "county_households": 828, "scenario_hash": "a", "engine": "b",
        "git": {}, "versions": {"numpy": "2.0"},
    },
    "parameters": [PARAMETER], "not_identified": ["values.<b>"], "moments": [MOMENT],
    "moments_left_out": {"watts": "no poverty line given"},
    "survey": {"operator": "survey"}, "runs": {"asked": 44},
    "point": {"j": 9.6, "degrees": 4, "p": 0.047, "weak_directions": [], "not_fitting": ["entry"]},
}  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "said", "why"),
    [("zh", "数据没有说明的", "没有给出贫困线"), ("en", "What the data could not tell", "no poverty line given")],
)
def test_the_page_says_what_the_data_did_not_tell(lang, said, why):
    made = page(TOLD, Label("校准：甲", "Calibration: A"), [], lang)
    after = made.partition(said)[2].partition("<h2>")[0]
    assert "values.&lt;b&gt;" in after and "<b>" not in made
    assert ("结果即先验" in made) is False and "what comes out is the prior" not in made, "there are no draws"
    assert '<tr class="off"><td class="text">entry</td>' in made and "1,234" in made and why in made
    assert "data:font/woff;base64," in made and "我的调查" in made
    assert page(TOLD, Label("校准：甲", "Calibration: A"), [], lang) == made


def test_the_page_says_which_households_were_compared_and_sets_words_apart_from_figures():
    kept = Kept("poorer", "consumption", 0.4, (1000, 400), (3000, 1200), 0.401, 12, 3)
    survey = {**TOLD["provenance"]["survey"], "sample": json.loads(json.dumps(kept.told()))}
    told = {**TOLD, "provenance": {**TOLD["provenance"], "survey": survey}, "moments_left_out": {"watts": "0 observations"}}
    made = page(told, Label("校准：甲", "Calibration: A"), [], "en")
    assert "400 of 1,000 households kept (1,200 of 3,000 rows, 40.1% of the weight)" in made and "up to 40%" in made
    assert "3 households told nothing" in made and "<dt>sample</dt>" not in made
    assert '<td class="text">0 observations</td>' in made and "<td >-2.1</td>" in made


def test_errors_that_leave_out_the_countys_luck_are_said():
    assert too_sure("clusters", 1.0) is None
    assert all("luck" in said.en for said in (too_sure("households", 0.2), too_sure("clusters", 3.0)))
    told = {**TOLD, "survey": {"taken_as_drawn": "households", "run_noise_over_survey_noise": 0.1}}
    assert "J too large" in page(told, Label("校准：甲", "Calibration: A"), [], "en")


def test_every_reason_is_said_in_both_languages():
    reasons = {
        "no column persons.admissions": "调查无此变量：persons.admissions",
        "1 waves; at least 2": "只有 1 轮，至少要 2 轮",
        "9 observations in a simulated county; at least 30: raise households=": "模拟县中只有 9 个观测，至少要 30 个：请增大 "
        "households=",
        "not defined in 2 of 9 simulated counties": "9 个模拟县中 2 个无定义",
        "not defined in 5% of the replicates": "5% 的重抽样中无定义",
        "something else": "something else",
    }
    assert {reason: why_left_out(reason).zh for reason in reasons} == reasons
    assert why_left_out("no poverty line given").en == "no poverty line given"


TRAINING = {
    "runs": 64, "rounds": 2, "rows": 50, "moments": 3, "moments_left_out": ["watts"], "epochs": 20.0, "held_out_loss": 1.5,
    "seed": 1, "versions": {"sbi": "0.27.0"}, "data_are_unlike": True, "share_as_far_out_as_the_data": 0.004,
}  # fmt: skip
ROW = {"low": 1.0, "high": 2.0, "verdict": "identified", "width_ratio": 1.1}
SECOND = {
    "parameters": [
        ROW | {"parameter": "values.a", "difference_in_sd": -0.7, "disagrees": True},
        ROW | {"parameter": "values.b", "difference_in_sd": None, "disagrees": False},
    ],
    "disagree": ["values.a"], "limits": {"difference_in_sd": 0.5, "width_ratio": 1.5}, "training": TRAINING,
    "coverage": {"90%": {"posterior": 0.8, "npe": 0.91, "monte_carlo_error": 0.03, "better": "npe"}},
    "check": {"ranks_even": False},
}  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "parts"),
    [
        ("zh", ("两者不一致：values.a", "神经网络更接近", "不均匀", "外推", "watts")),
        (
            "en",
            (
                "The two disagree on: values.a",
                "80.0% (emulator) and 91.0%",
                "the network is nearer",
                "not even",
                "extrapolated",
                "watts",
            ),
        ),
    ],
)
def test_a_second_opinion_says_where_it_disagrees_and_which_to_believe(lang, parts):
    made = page(TOLD | {"second": SECOND}, Label("校准", "Calibration"), [], lang)
    section = made.partition("第二意见" if lang == "zh" else "A second opinion")[2].partition("<h2>")[0]
    assert all(part in section for part in parts)
    assert '<tr class="off"><td class="text">values.a</td>' in section and '<tr><td class="text">values.b</td>' in section
    assert "-0.70" in section and "–" in section
    plain = page(
        TOLD | {"second": SECOND | {"coverage": {}, "check": None, "disagree": []}}, Label("校准", "Calibration"), [], lang
    )
    assert "check=0" in plain and parts[0] not in plain
    alone = page(TOLD | {"training": TRAINING}, Label("校准", "Calibration"), [], lang)
    assert "watts" in alone and "A second opinion" not in alone and "第二意见" not in alone


def test_a_letter_that_cannot_be_drawn_is_an_error():
    assert packaged_letters("中–") == packaged_letters("–中")
    with pytest.raises(MissingGlyphError):
        packaged_letters("\U0001f33e")
