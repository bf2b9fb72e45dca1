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

LEVEL_LABELS = {
    "nation": Label("中央", "nation"),
    "province": Label("省", "province"),
    "city": Label("市", "city"),
    "county": Label("县", "county"),
    "township": Label("乡镇", "township"),
    "village": Label("村", "village"),
}
"""Levels of government."""

ACCOUNT_LABELS = {
    "linkage_fund": Label("衔接推进补助资金", "linkage fund"),
    "social_assistance": Label("社会救助资金", "social assistance"),
    "medical_assistance_fund": Label("医疗救助基金", "medical assistance fund"),
    "resident_insurance_fund": Label("居民医保基金", "resident insurance fund"),
    "employee_insurance_fund": Label("职工医保基金", "employee insurance fund"),
    "critical_illness_fund": Label("大病保险基金", "critical illness fund"),
    "supplementary_fund": Label("补充医疗基金", "supplementary medical fund"),
    "pension_fund": Label("居民养老保险基金", "resident pension fund"),
    "pension_subsidies": Label("养老缴费补贴", "pension subsidies"),
    "disability_fund": Label("残疾人补贴资金", "disability fund"),
    "disaster_relief": Label("救灾资金", "disaster relief"),
    "housing_fund": Label("危房改造资金", "housing fund"),
    "housing": Label("住房资金", "housing"),
    "water_fund": Label("饮水资金", "water fund"),
    "education": Label("教育资金", "education"),
    "education_subsidies": Label("教育资助", "education subsidies"),
    "child_welfare": Label("儿童福利资金", "child welfare"),
    "employment": Label("就业补助资金", "employment fund"),
    "ranger_fund": Label("生态护林员资金", "rangers"),
    "relief_investment": Label("以工代赈投资", "relief investment"),
    "agriculture": Label("农业补贴", "agriculture"),
    "guarantee_fund": Label("担保基金", "guarantee fund"),
    "civil_affairs": Label("民政资金", "civil affairs"),
    "county_staff": Label("县乡工作人员", "county staff"),
    "city_schemes": Label("市级保障项目", "city schemes"),
    "counterpart": Label("对口帮扶资金", "counterpart aid"),
    "donations": Label("社会捐赠", "donations"),
    "insurers": Label("农业保险公司", "farm insurers"),
    "commercial_insurers": Label("商业保险公司", "commercial insurers"),
    "banks": Label("银行", "banks"),
    "tenants": Label("承租经营者", "tenants"),
    "villages": Label("村集体", "villages"),
    "none": Label("无账户", "no account"),
}
"""Accounts of the shipped levers; others stand by their own names."""

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


def account_label(account: str) -> Label:
    """Return what an account is called; its own name where it is none of the shipped."""
    return ACCOUNT_LABELS.get(account, Label(account, account))
