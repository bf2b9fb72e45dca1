"""Figures that stand in the rules themselves and not in data: all are assumptions, and every run lists them."""

from __future__ import annotations

from typing import NamedTuple

from sim import burden, census
from sim.founder import OTHER_ENDS
from sim.institutions import register
from sim.newborn import BOYS
from sim.newcomer import SONS
from sim.policies import credit, monitoring, top_up
from sim.processes import (
    business,
    care,
    consumption,
    demography,
    employment,
    enrolment,
    family,
    guarantees,
    health,
    income,
    schooling,
    trade,
)


class Fixed(NamedTuple):
    """A figure in the rules: name, value, unit and meaning."""

    name: str
    value: float
    unit: str
    meaning: str


FIXED = (
    Fixed("buffer_months", consumption.BUFFER_MONTHS, "months", "usual income kept liquid before wealth is spent"),
    Fixed(
        "repay_from_months", consumption.REPAY_FROM_MONTHS, "months", "usual income kept before debts without a date are repaid"
    ),
    Fixed("largest_loan", credit.LARGEST_LOAN, "fen", "largest loan that a household wants"),
    Fixed("birth_gap", demography.BIRTH_GAP, "months", "least time between two births of a woman"),
    Fixed("boys", BOYS, "share", "boys among births (seventh census, recalled)"),
    Fixed("marry_from", family.MARRY_FROM, "years", "age from which single adults marry"),
    Fixed("marry_to", family.MARRY_TO, "years", "age from which nobody marries"),
    Fixed("leave_to", family.LEAVE_TO, "years", "age from which no adult child leaves for good"),
    Fixed("split_from", family.SPLIT_FROM, "years", "age from which adult children found own households"),
    Fixed("split_to", family.SPLIT_TO, "years", "age from which they no longer do"),
    Fixed("mother_from", family.MOTHER_FROM, "years", "age of mothers from which adult children come back"),
    Fixed("mother_to", family.MOTHER_TO, "years", "age of mothers from which they no longer do"),
    Fixed("spouse_spread", family.SPOUSE_SPREAD, "months", "by which a husband is older at most"),
    Fixed("birth_from", family.BIRTH_FROM, "years", "least age of a mother at the birth of the child who comes back"),
    Fixed("birth_spread", family.BIRTH_SPREAD, "years", "spread of that age"),
    Fixed("sons", SONS, "share", "sons among adult children who come back"),
    Fixed("readmission_months", care.READMISSION_MONTHS, "months", "time with a raised hazard of admission after an admission"),
    Fixed("weak_from", health.WEAK_FROM, "years", "age from which labour capacity is weak at most"),
    Fixed("capacity_from", health.CAPACITY_FROM, "years", "age from which illness and disability lower labour capacity"),
    Fixed("mental_from", health.MENTAL_FROM, "years", "age from which severe mental disorders begin"),
    Fixed("mental_to", health.MENTAL_TO, "years", "age at which no severe mental disorder begins any more"),
    Fixed("mental_grade", health.MENTAL_GRADE, "grade", "certificate that a severe mental disorder brings"),
    Fixed("poorest_head", enrolment.POOREST_HEAD, "fen/person/year", "income below which the premium weighs no heavier"),
    Fixed("contributes_from", income.CONTRIBUTES_FROM, "years", "age from which residents may contribute to the pension"),
    Fixed("che_capacity", burden.CAPACITY, "share", "catastrophic medical spending over capacity to pay"),
    Fixed("che_income", burden.INCOME, "share", "catastrophic medical spending over income"),
    Fixed("che_tenth", burden.TENTH, "share", "catastrophic medical spending over consumption, lower bar"),
    Fixed("che_quarter", burden.QUARTER, "share", "catastrophic medical spending over consumption, upper bar"),
    Fixed("no_labour_from", health.NO_LABOUR_FROM, "years", "age from which there is no labour capacity"),
    Fixed("largest_bill", care.LARGEST_BILL, "fen", "largest hospital bill"),
    Fixed("work_from", employment.WORK_FROM, "years", "age at which off-farm work begins"),
    Fixed("seek_to", employment.SEEK_TO, "years", "age from which nobody looks for off-farm work"),
    Fixed("work_to", employment.WORK_TO, "years", "age at which off-farm work ends"),
    Fixed("season_ends", employment.SEASON_ENDS, "month of year", "end of the working season"),
    Fixed("spell_months", employment.SPELL_MONTHS, "months", "longest spell at home of a migrant who goes out again"),
    Fixed("open_to", trade.OPEN_TO, "years", "age from which nobody opens a business"),
    Fixed("stable_months", census.STABLE_MONTHS, "months", "time in the same job from which its income counts as stable"),
    Fixed("season_spread", employment.SEASON_SPREAD, "months", "between the shortest and the longest working season"),
    Fixed("largest_pay", employment.LARGEST_PAY, "fen/month", "largest pay"),
    Fixed("largest_herd", business.LARGEST_HERD, "fen/year", "largest yearly livestock sales of a household"),
    Fixed("compulsory_from", schooling.COMPULSORY_FROM, "years", "age in September at which compulsory school begins"),
    Fixed("junior_from", schooling.JUNIOR_FROM, "years", "age from which a child may leave compulsory school"),
    Fixed("senior_from", schooling.SENIOR_FROM, "years", "age at which senior and vocational school begin"),
    Fixed("tertiary_from", schooling.TERTIARY_FROM, "years", "age at which tertiary education begins"),
    Fixed("tertiary_to", schooling.TERTIARY_TO, "years", "age at which tertiary education is over"),
    Fixed("school_months", schooling.SCHOOL_MONTHS, "months/year", "months that schooling is paid for"),
    Fixed("struck_months", guarantees.STRUCK_MONTHS, "months", "time for which a disaster counts as a need"),
    Fixed("imputed_months", top_up.IMPUTED_MONTHS, "months", "local wage of which a share is imputed to an idle able adult"),
    Fixed("near_lines", monitoring.NEAR_LINES, "monitoring lines", "income up to which spending or a sharp fall raises an alert"),
    Fixed("no_labour_score", monitoring.NO_LABOUR_SCORE, "points", "of the risk score for a household without able members"),
    Fixed("spending_score", monitoring.SPENDING_SCORE, "points", "of the risk score for spending as high as all income"),
    Fixed("trial", monitoring.TRIAL, "months", "after clearing in which a fall below the line counts as hasty clearing"),
    Fixed("marginal_lines", register.MARGIN, "monitoring lines", "income of 2020 below which a household is marginal"),
    Fixed("last_entries", register.LAST_ENTRIES, "year", "last year of entries to the register of the poor"),
    Fixed("other_ends", OTHER_ENDS, "probability/month", "other ends of founders' jobs, for the share that starts with one"),
)
