"""Conditions of levers in words, Chinese and English: who is meant, said as a reader would."""

from __future__ import annotations

from scenarios.condition import Token, tokens
from sim.state import FLAG, attribute

PLANS = {
    "nanyang": ("南阳市", "Nanyang"),
    "shanwei": ("汕尾市（送审稿）", "Shanwei (draft)"),
    "fuhuan": ("扶欢镇", "Fuhuan town"),
    "longyan": ("龙岩市", "Longyan"),
    "heilongjiang": ("黑龙江省", "Heilongjiang"),
}
"""The five plans whose clauses state levers: ids as in `plans/`, names in Chinese and English."""

CHINESE = {
    "p.age": "年龄",
    "p.sex": "性别",
    "p.labour": "劳动能力",
    "p.self_care": "生活自理能力",
    "p.disability_grade": "残疾等级",
    "p.chronic_disease": "慢性病种数",
    "p.sick_months": "因病停工剩余月数",
    "p.admitted_this_year": "当年住过院",
    "p.wants_work": "愿意外出务工",
    "p.can_leave_home": "能离家务工",
    "p.job": "就业类型",
    "p.paid": "当月有工资",
    "p.bmi_enrolled": "已参加居民医保",
    "p.school_stage": "学段",
    "p.in_school": "在校",
    "p.medically_unfit_for_school": "因身体原因不能就学",
    "p.finished_stage_not_continuing": "初高中毕业未升学",
    "p.job_place": "务工地点",
    "p.critical_illness": "患大病",
    "p.listed_critical_illness": "患专项救治病种",
    "p.severe_mental_disorder": "严重精神障碍",
    "p.tekun": "特困人员",
    "p.orphan_or_unattended": "孤儿或事实无人抚养儿童",
    "p.left_behind": "留守人员",
    "p.working_age": "劳动年龄",
    "p.employed": "当月就业",
    "p.pension_contributing_age": "养老保险缴费年龄",
    "p.drawing_pension": "领取居民养老金",
    "h.group": "人群",
    "h.members": "家庭人口",
    "h.able": "劳动力人数",
    "h.registered": "建档立卡贫困户（2020年前）",
    "h.ex_poor": "脱贫户",
    "h.trigger": "预警",
    "h.flagged": "待核实户",
    "h.monitored": "监测对象",
    "h.monitored_type": "监测对象类别",
    "h.months_above": "连续高于监测线月数",
    "h.returned_poor": "已返贫户",
    "h.dibao": "低保户",
    "h.below_gross": "毛收入低于贫困线",
    "h.below_net": "扣除刚性支出后低于贫困线",
    "h.members_at_test": "检验时人口",
    "h.water_safe": "饮水安全",
    "h.lost_guarantees": "失去的保障",
    "h.dibao_stage": "低保办理环节",
    "h.dibao_margin": "低保边缘户",
    "h.low_income": "低收入户",
    "h.any_tekun": "有特困人员的户",
    "h.any_disabled": "有残疾人的户",
    "h.any_employed": "有人就业的户",
    "h.relocated": "易地搬迁户",
    "h.agri_community": "涉农社区住户",
    "h.fisher": "渔民户",
    "h.farm_forest_unit": "农林场住户",
    "h.assets_ok": "财产符合规定",
    "h.stable_earned_income": "有稳定产业或就业收入",
    "h.temporary_hardship": "基本生活暂时困难",
    "h.house_safe": "住房安全",
    "h.seismic_zone": "地震高烈度设防区",
    "h.slope_cut_site": "切坡建房",
    "h.idle_homestead": "有闲置宅基地或农房",
    "h.farms": "从事种养",
    "h.linked_operator": "与经营主体联结",
    "h.collective_member": "村集体成员",
    "h.credit_eligible": "符合贷款条件",
    "h.loan_wanted": "有贷款需求",
    "h.need_types": "当前需求",
    "h.major_shock": "当月重大变故",
    "h.assessed_ratio": "核定收入与低保标准之比（%）",
    "h.care_burden": "家庭照料负担",
    "h.entrusts_land": "土地托管",
    "h.has_helper": "有帮扶责任人",
    "h.incapable": "16岁以上劳动能力不全人数",
    "h.job_help": "获得就业帮扶",
    "h.leases_land": "流转出土地",
    "h.left_behind_members": "留守人数",
    "h.livestock": "牲畜年销售额（分）",
    "h.loan_balance": "贷款余额（分）",
    "h.loan_need": "所需贷款额（分）",
    "h.on_single_dibao": "单人户低保人数",
    "h.retrofitted": "住房已抗灾加固",
    "h.risk_score": "返贫风险分（0至100）",
    "h.site_supported": "安置点有后续扶持",
    "h.titled_asset_value": "确权到户资产（分）",
    "p.commercial_insured": "有商业补充保险",
    "p.course_years": "技能培训效果剩余年数",
    "p.disability_kind": "残疾类别",
    "p.employee_insured": "参加职工医保",
    "p.no_pension": "未参加基本养老保险",
    "p.pension_account": "居民养老保险参保状态",
    "p.rehabilitated": "在康复服务中",
    "p.signed_doctor": "签约家庭医生",
    "p.treated": "在治疗服务中",
    "v.ex_poor_village": "脱贫村",
    "v.operator_failed": "所联结经营主体当年失败",
    "v.specialty": "在特色产业区",
    "v.key_support": "重点帮扶村或示范村",
    "v.has_work_team": "有驻村工作队",
    "v.paired_enterprise": "有结对企业",
    "v.workshop": "有帮扶车间",
    "v.tourism": "旅游村",
    "v.clinic": "有标准化卫生室",
    "v.telemedicine": "有远程诊疗",
    "v.express_point": "有快递点",
    "v.irrigated": "有高标准农田或灌溉",
    "j.former_poor_county": "脱贫县",
}
"""Chinese words of the attributes that conditions ask about; the English ones are the meanings of the columns."""

ENGLISH = {
    "h.registered": "registered poor (until 2020)",
    "h.ex_poor": "ex-poor household",
    "h.monitored": "monitored household",
    "h.dibao": "family on dibao",
    "p.tekun": "tekun recipient",
    "p.bmi_enrolled": "insured by resident medical insurance",
}
"""English words that are shorter than the meaning of the column."""

CODES = {
    "full": "完全",
    "weak": "弱",
    "half": "半",
    "none": "无",
    "partial": "部分",
    "female": "女",
    "male": "男",
    "farm": "务农",
    "local_wage": "县内务工",
    "migrant": "外出务工",
    "public_welfare": "公益性岗位",
    "ranger": "护林员",
    "workshop": "帮扶车间",
    "work_for_relief": "以工代赈",
    "self_employed": "自主经营",
    "unstable_ex_poor": "脱贫不稳定户",
    "marginal": "边缘易致贫户",
    "sudden_hardship": "突发严重困难户",
    "ex_poor": "脱贫人口",
    "other": "其他",
    "preschool": "学前",
    "compulsory": "义务教育",
    "senior": "普通高中",
    "vocational": "中职",
    "tertiary": "高等教育",
    "village": "村内",
    "county": "县内",
    "outside_county": "县外",
    "natural_disaster": "自然灾害",
    "family_calamity": "家庭变故",
    "accident": "意外事故",
    "applied": "已申请",
    "paid": "发放中",
    "leaving": "渐退期",
    "body_or_senses": "肢体或感官",
    "mind_or_intellect": "精神或智力",
    "undecided": "未定",
    "own": "自缴",
    "sponsored": "代缴",
}
"""Chinese words of the codes of enumerated attributes; English readers see the codes."""

_JOINS = {
    "and": ("且", "and"),
    "or": ("或", "or"),
    "not": ("非", "not"),
    "True": ("所有人", "everybody"),
    "False": ("无人", "nobody"),
    "in": ("为", "is"),
    "==": ("为", "is"),
    "!=": ("不为", "is not"),
    "<": ("小于", "below"),
    "<=": ("不超过", "at most"),
    ">": ("大于", "above"),
    ">=": ("不低于", "at least"),
}


def say_condition(text: str, lang: str) -> str:
    """Return a condition in words.

    Args:
        text: the condition as written in an entry, already checked.
        lang: ``zh`` or ``en``.
    """
    listed = False
    said: list[str] = []
    for token in tokens(text):
        # the parentheses of a list of codes are not said, its commas are an or
        if token.text == "(" and said and said[-1] == _JOINS["in"][lang != "zh"]:
            listed = True
        elif token.text == ")" and listed:
            listed = False
        else:
            said.append(_say(token, lang))
    return _joined(said, lang)


def _say(token: Token, lang: str) -> str:
    """Return one token in words."""
    chinese = lang == "zh"
    if token.text in _JOINS:
        return _JOINS[token.text][0 if chinese else 1]
    if token.text == ",":
        return "或" if chinese else "or"
    if token.kind == "text":
        word = token.text[1:-1]
        return CODES.get(word, word) if chinese else word.replace("_", " ")
    if token.kind == "word":
        return say_attribute(token.text, lang)
    return {"(": "（", ")": "）"}.get(token.text, token.text) if chinese else token.text


def say_attribute(name: str, lang: str) -> str:
    """Return what an attribute such as ``h.ex_poor`` is called; its own name where nobody gave it one."""
    column = attribute(name)
    meaning = column.meaning if column else name
    if column and column.values != FLAG:
        meaning = meaning.partition(";")[0]
    return CHINESE.get(name, meaning) if lang == "zh" else ENGLISH.get(name, meaning)


def _joined(words: list[str], lang: str) -> str:
    """Return words as one sentence: Chinese without blanks, English without blanks inside parentheses."""
    if lang == "zh":
        return "".join(words)
    return " ".join(words).replace("( ", "(").replace(" )", ")")
