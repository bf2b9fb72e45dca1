"""What the accounts of the ledger and the levels of government that pay are called."""

from __future__ import annotations

from experiments.labels import Label

ACCOUNTS = {
    "agriculture": Label("农业补贴", "agriculture"),
    "banks": Label("银行", "banks"),
    "child_welfare": Label("儿童福利", "child welfare"),
    "city_schemes": Label("市级专项", "city schemes"),
    "civil_affairs": Label("民政", "civil affairs"),
    "commercial_insurers": Label("商业保险公司", "commercial insurers"),
    "counterpart": Label("东西部协作资金", "counterpart funds"),
    "county_staff": Label("县级人员经费", "county staff"),
    "critical_illness_fund": Label("大病保险基金", "critical illness fund"),
    "disability_fund": Label("残疾人保障", "disability fund"),
    "disaster_relief": Label("救灾资金", "disaster relief"),
    "donations": Label("社会捐赠", "donations"),
    "education": Label("教育", "education"),
    "education_subsidies": Label("教育资助", "education subsidies"),
    "employee_insurance_fund": Label("职工保险基金", "employees' insurance fund"),
    "employment": Label("就业资金", "employment"),
    "guarantee_fund": Label("防贫保障基金", "guarantee fund"),
    "housing": Label("住房", "housing"),
    "housing_fund": Label("危房改造资金", "housing fund"),
    "insurers": Label("保险公司", "insurers"),
    "linkage_fund": Label("衔接推进乡村振兴补助资金", "linkage fund"),
    "linkage_fund.industry": Label("衔接资金（产业）", "linkage fund, industry"),
    "medical_assistance_fund": Label("医疗救助资金", "medical assistance fund"),
    "pension_fund": Label("养老保险基金", "pension fund"),
    "pension_subsidies": Label("养老缴费补贴", "pension subsidies"),
    "ranger_fund": Label("生态护林员资金", "rangers' fund"),
    "relief_investment": Label("以工代赈投资", "work-for-relief investment"),
    "resident_insurance_fund": Label("居民医保基金", "residents' insurance fund"),
    "social_assistance": Label("社会救助资金", "social assistance"),
    "supplementary_fund": Label("补充医保资金", "supplementary fund"),
    "tenants": Label("承租方", "tenants"),
    "villages": Label("村集体", "villages"),
    "water_fund": Label("饮水资金", "water fund"),
}
LEVELS = {
    "nation": Label("中央", "nation"),
    "province": Label("省", "province"),
    "city": Label("市", "city"),
    "county": Label("县", "county"),
    "township": Label("乡镇", "township"),
}


def account_name(account: str, level: str) -> Label:
    """Return what an account of a level is called; its own id where nobody named it."""
    one, other = ACCOUNTS.get(account, Label(account, account)), LEVELS.get(level, Label(level, level))
    return Label(f"{one.zh}（{other.zh}）", f"{one.en} ({other.en})")
