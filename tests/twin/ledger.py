"""The books of a month: payments by lever, counts by group, and what a household's members add up to."""

from __future__ import annotations

import numpy as np

from sim.indicators import GROUPS, INDICATORS


class Ledger:
    """What levers paid and what was counted in one month."""

    def __init__(self, levers: int) -> None:
        """Open empty books."""
        self.paid = [0] * max(1, levers)
        self.counts = [dict.fromkeys((indicator.name for indicator in INDICATORS), 0) for _ in GROUPS]

    def pay(self, lever: int, fen: int) -> None:
        """Book a payment of a lever."""
        if fen > 0:
            self.paid[lever] += fen

    def count(self, group: int, **amounts: int) -> None:
        """Add to the counts of a group."""
        counts = self.counts[group]
        for name, amount in amounts.items():
            counts[name] += amount

    def as_record(self) -> np.ndarray:
        """Return the counts as the engine keeps them: groups by indicators."""
        return np.array([[counts[indicator.name] for indicator in INDICATORS] for counts in self.counts], np.int64)


class Tally:
    """What the members of one household add up to in one month; every sum begins at zero."""

    alive = able = working = idle = prime = old = covered = uncovered = paid = 0
    posts = rangers = in_workshop = on_relief = own_business = away = absent = stable = 0
    lost_work = severely_disabled = severe_uncovered = 0
    seeking = found_work = left_3 = left_6 = left_12 = 0
    born = died = departed = 0
    needed = forgone = injured = lapsed = employed_cover = disabled = critically_ill = 0
    basic = critical = assisted = supplementary = drugs_reimbursed = 0
    admitted = first_admission = severe = hurt = bill = bill_insured = reimbursed = own_payment = own_drugs = 0
    wage = post = workshop = business = pension = earned = lost_sick = income_12m = sent_home = kept_away = 0
    premium_own = premium_budget = late = 0
    contribution_own = contribution_budget = care_cost = service_paid = 0
    carers = prime_away = men_away = left_behind = orphans = incapable = cared = accounts = care_points = uncared = 0
    school_aid = late_premium = enters_tertiary = leaves_for_work = 0
    school_cost = sick = needs_care = out_of_school = student = 0
    allowance = status_paid = entitled = uncounted = single_dibao = tekun = disregarded = prospect = 0

    def entitle(self, yearly: int, uncounted: int) -> None:
        """Add a transfer of a year, and the part of it that the means test leaves out."""
        self.entitled += yearly
        self.uncounted += uncounted
