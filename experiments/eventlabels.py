"""What events before a fall are called."""

from __future__ import annotations

from experiments.labels import Label

EVENT_LABELS = {
    "admission": Label("住院", "hospital stay"),
    "accident": Label("意外住院", "injury"),
    "capacity": Label("丧失劳动能力或致残", "capacity lost"),
    "chronic": Label("患慢性病", "chronic condition"),
    "death": Label("成员去世", "death"),
    "departure": Label("成员离家", "members left"),
    "newcomer": Label("添人口", "newcomer"),
    "job_lost": Label("失去或离开务工岗位", "job lost or left"),
    "post_ended": Label("公益岗位等结束", "post ended"),
    "dibao_ended": Label("低保停发", "dibao ended"),
    "support_ended": Label("补贴停发或减少", "transfer ended or cut"),
    "lapse": Label("断保", "insurance lapsed"),
    "disaster": Label("受灾", "disaster"),
    "yield": Label("歉收", "poor harvest"),
    "price": Label("价格下跌", "poor price"),
    "schooling": Label("上学支出", "school costs"),
    "rebuilding": Label("修房", "rebuilding"),
    "water": Label("断水", "water failed"),
    "distress_sale": Label("低价变卖牲畜", "distress sale"),
    "default": Label("贷款逾期", "loan not repaid"),
    "line": Label("标准线上调", "line rose"),
}
"""By the names of `sim.eventkinds`, and the rise of the line."""

DEFINITION_LABELS = {
    "gross": Label("总收入", "gross income"),
    "net": Label("扣除刚性支出的纯收入", "net income"),
    "guarantee": Label("收入或保障", "income or guarantees"),
    "core": Label("收入或保障（不含参保）", "income or guarantees but for insurance"),
    "registry": Label("监测认定", "confirmed by the registry"),
}
"""By the names of `sim.relapse.DEFINITIONS`."""
