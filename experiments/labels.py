"""Names in Chinese and English of everything that tables and charts show."""

from __future__ import annotations

from typing import Literal, NamedTuple

Lang = Literal["zh", "en"]


class Label(NamedTuple):
    """One text in the two languages."""

    zh: str
    en: str

    def said(self, lang: Lang) -> str:
        """Return the text in a language."""
        return self.zh if lang == "zh" else self.en


CAUSE_LABELS = {
    "illness": Label("因病", "illness"),
    "disaster": Label("因灾", "disaster"),
    "farm": Label("农业歉收或价格下跌", "harvest or price"),
    "job_loss": Label("失业", "job loss"),
    "post_end": Label("公益性岗位到期或取消", "end of a public post"),
    "support_end": Label("补贴停发", "end of another support"),
    "dibao_end": Label("低保停发", "end of dibao"),
    "premium": Label("医保缴费负担", "insurance premium"),
    "line": Label("标准线上调", "the line rose"),
    "household_change": Label("家庭人口变化", "household change"),
    "other": Label("其他", "other"),
    "housing": Label("因房", "unsafe house"),
    "schooling": Label("因学", "schooling"),
    "water": Label("因水", "drinking water"),
}

KIND_LABELS = {
    "emergent": Label("涌现·样本外（真正的检验）", "emergent, out of sample (the test)"),
    "fitted": Label("涌现·样本内（曾据以取值）", "emergent, in sample (values were chosen with it)"),
    "input": Label("输入（本身就是取值）", "input (a value itself)"),
    "identity": Label("恒等检验", "identity"),
    "administrative_target": Label("行政目标（受管理的数字，不算证据）", "administrative target (managed, no evidence)"),
    "not_comparable": Label("不可比", "not comparable"),
}
"""Kinds of observed figures (`experiments.facts.KINDS`), the test first."""

REASON_LABELS = {
    "outside_dates": Label("不在生效期内", "outside its dates"),
    "switched_off": Label("已关闭（数额、比例或概率为零）", "switched off"),
    "no_budget": Label("没有预算", "no budget"),
    "nobody_eligible": Label("没有人符合条件", "nobody eligible"),
    "another_paid_more": Label("同类工具支付更多", "another lever paid more"),
    "no_take_up": Label("没有人领取", "nobody took it up"),
}
"""Why a lever touched nobody, by the codes of `sim.untouched.REASONS`."""

UNIT_LABELS = {
    "yuan": "元",
    "yuan/year": "元/年",
    "yuan/month": "元/月",
    "yuan/person/year": "元/人/年",
    "yuan/worker/year": "元/人/年",
    "yuan/person/month": "元/人/月",
    "yuan/admission": "元/次",
    "share": "比例",
    "%": "%",
    "months": "月",
    "months/year": "月/年",
    "persons": "人",
    "persons/household": "人/户",
    "posts/household": "岗/户",
    "admissions/person": "次/人",
    "admissions/person/year": "次/人/年",
    "ratio": "比值",
    "yuan/person": "元/人",
    "yuan/household": "元/户",
    "yuan/household/month": "元/户/月",
    "yuan/household/year": "元/户/年",
    "yuan/registered household": "元/建档户",
    "yuan/village/year": "元/村/年",
    "yuan/house": "元/处",
    "yuan/pupil": "元/生",
    "yuan/pupil/month": "元/生/月",
    "yuan/student/month": "元/生/月",
    "yuan/mu/year": "元/亩/年",
    "yuan/day": "元/天",
    "yuan/unit": "元/单位",
    "probability": "概率",
    "probability/month": "概率/月",
    "probability/year": "概率/年",
    "rate/year": "率/年",
    "share/year": "比例/年",
    "flag": "是1否0",
    "count": "次",
    "days": "天",
    "days/month": "天/月",
    "years": "年",
    "month of year": "月份",
    "hours/case": "小时/件",
    "hours/month": "小时/月",
    "visits/month": "次/月",
    "visits/year": "次/年",
    "measures/month": "项/月",
    "workers/1000 households": "人/千户",
    "places/1000 households/year": "个/千户/年",
    "places/unit": "个/单位",
    "children/woman": "孩/妇女",
    "mu/person": "亩/人",
    "score": "分",
    "log points": "对数",
    "log odds": "对数优势",
    "million persons": "百万人",
    "million households/year": "百万户/年",
    "billion yuan": "十亿元",
    "billion yuan/year": "十亿元/年",
}

PLACE_LABELS = {
    "china": "全国",
    "chongqing": "重庆",
    "heilongjiang": "黑龙江",
    "guangdong": "广东",
    "fujian": "福建",
    "shanwei, guangdong": "广东汕尾",
    "sanming, fujian": "福建三明",
    "nanping, fujian": "福建南平",
    "henan": "河南",
    "nanyang": "南阳",
    "xichuan, nanyang": "南阳淅川",
    "baoshan, yunnan": "云南保山",
}


def unit_label(unit: str) -> Label:
    """Return a unit of the facts in both languages; as it stands where no Chinese is known."""
    return Label(UNIT_LABELS.get(unit, unit), unit)


def place_label(place: str) -> Label:
    """Return a place of the facts in both languages; as it stands where no Chinese is known."""
    return Label(PLACE_LABELS.get(place.lower(), place), place)
