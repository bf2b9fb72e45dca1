"""Knobs on a small bench: three entries, a value, and what settings make of them."""

from scenarios.cited import Cited, Origin, Series
from scenarios.clock import Clock
from scenarios.knob import read_knobs
from scenarios.lever import read_levers
from scenarios.policy import Setting
from scenarios.problems import Report
from scenarios.settings import Table, read_settings
from scenarios.turning import apply_settings
from scenarios.yamlfile import parse_yaml

ENTRIES = """
levers:
  - id: aid.one
    name: {zh: 甲, en: One}
    mechanism: price_subsidy
    who: "h.ex_poor"
    account: fund
    level: county
    fields:
      share:
        unit: share
        range: [0, 1]
        values:
          - {from: 2016-10, value: 0.8, source: s, grade: law}
          - {from: 2023-10, value: 0.6, source: s, grade: law}
    unused: [term_years]
    words: {price: premium}
  - id: aid.two
    enabled: false
    name: {zh: 乙, en: Two}
    mechanism: price_subsidy
    who: "h.dibao or h.monitored"
    account: fund
    level: county
    fields:
      share: {unit: share, range: [0, 1], value: 0.5, source: s, grade: law}
      term_years: {unit: years, range: [0, 20], value: 0, source: s, grade: law}
    words: {price: premium}
  - id: posts
    name: {zh: 岗, en: Posts}
    mechanism: job_slots
    who: "h.ex_poor"
    account: fund
    level: county
    start: 2015-01
    fields:
      slots:
        unit: places/unit
        range: [0, 1]
        shape: linear
        values:
          - {from: 2015-01, value: 0, source: s, grade: law}
          - {from: 2020-01, value: 0.5, source: s, grade: law}
          - {from: 2025-01, value: 1, source: s, grade: law}
      kept: {unit: share, range: [0, 1], value: 1, source: s, grade: law}
      pay: {unit: yuan/month, range: [0, 10000], value: 500, source: s, grade: law}
      renewals: {unit: count, range: [0, 100], value: 20, source: s, grade: law}
    unused: [pay_delay, support, minimum_age, maximum_age, contract_months, bridge_pay, bridge_months]
    words:
      job: public_welfare
      exit_order: random
      refill: same_rule
      fill_order: poorest
      cut_base: first
      per: village
      one_a_household: "yes"
      exit_rule: cut
"""

KNOBS = """
levers:
  aid:
    knobs:
      path:
        {kind: scale, of: aid.one.share, unit: ratio, range: [0, 1], lead_months: 3, meaning: {zh: 一, en: one}}
      months:
        kind: set
        of: aid.two.term_years
        unit: months
        range: [0, 120]
        times: 0.08333333333
        names: {none: 0}
        meaning: {zh: 二, en: two}
      group:
        kind: who
        of: aid.one
        who: {poorer: "base and h.dibao", fallen: "h.returned_poor"}
        meaning: {zh: 谁, en: who}
      pace:
        kind: choice
        options:
          fast: {aid.path: {2022: 0}, posts.cut: 0.5}
          slow: {aid.path: {2022: 0.9}, aid.two.enabled: true}
        meaning: {zh: 快慢, en: pace}
    plans:
      here: {path: {from: {2022: 0.5}, source: "clause 1", grade: law}}
  posts:
    knobs:
      places: {kind: scale, of: posts.slots, unit: ratio, range: [0, 2], meaning: {zh: 三, en: three}}
      cut: {kind: growth, by: amount, times: -1, of: posts.kept, unit: share, range: [0, 1], meaning: {zh: 四, en: four}}
      pay_growth: {kind: growth, of: posts.pay, unit: share/year, range: [-1, 1], meaning: {zh: 五, en: five}}
      order: {kind: word, of: posts.exit_order, words: {lot: random, need: least_need_first}, meaning: {zh: 六, en: six}}
"""


def setting():
    """Return the bench's own figures and levers."""
    report = Report()
    levers = read_levers([parse_yaml(ENTRIES, "entries.yaml")], {"here": "place", "nation": "nation"}, report)
    report.stop()
    origin = Origin("values.yaml", 1, "nation", "s", "law")
    premium = Series((Cited(None, 300.0, origin),), "yuan/person/year", 0.0, 1000.0)
    return Setting({"premium": premium}, dict(sorted(levers.items())))


def table(base, report, clock=None, knobs=KNOBS, plan="here"):
    """Return what settings are read against."""
    book = read_knobs([parse_yaml(knobs, "knobs.yaml")], base.levers, (), report)
    return Table(book, base.levers, plan, clock or Clock(), source="assumption: a test")


def turned(*layers, clock=None, knobs=KNOBS):
    """Return the bench after settings, each layer a text in YAML; raises with every problem."""
    base, report = setting(), Report()
    against = table(base, report, clock, knobs)
    read = [read_settings(parse_yaml(text, f"layer{k}.yaml").value, against, report) for k, text in enumerate(layers)]
    report.stop()
    after = apply_settings(read, base, base, report)
    report.stop()
    return after
