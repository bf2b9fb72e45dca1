"""A described family as the engine holds it: its columns, and the script of what is forced."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from statistics import NormalDist

from scenarios.family import LIVED_BEFORE, Described, Event, Job
from scenarios.problems import Report, listing, nearest
from sim.draws import STREAMS
from sim.family import Family, family_id, member_id
from sim.rules import Rules
from sim.script import Edit, Forced, Script
from sim.state import BY_NAME, JOBS, MONITORED_TYPES

YUAN = 100
FOREVER = 10**5
NO_END = 32_000
"""Month number that no contract reaches."""
FIRST, LAST = 0.0, 1.0
"""Places among those who want off-farm work: who always does, who never does."""
SURE, NEVER = 1e-9, 1.0 - 1e-9
_STEADY = (
    "death", "admission", "birth", "chronic", "self_care", "mental", "disability", "recovery", "remission", "employee",
    "business", "school", "return", "service_cover", "marry", "leave", "split", "come_back", "care", "training",
    "policy", "sign_on",
)  # fmt: skip
"""A member's draws at which nothing happens: life, health, schooling and the family stay as they are."""
_UNSEEN = (
    "report", "visit", "data", "clear", "apply", "confirm", "sale", "miss", "false_alarm", "referral", "livestock", "house",
    "storm", "rebuild", "service", "grant", "loan_wish", "loan", "renewal", "insure",
)  # fmt: skip
"""A household's draws at which nothing is noticed, decided or damaged, and everything is paid in time."""
QUIET = dict.fromkeys((*_STEADY, *_UNSEEN), NEVER) | {
    "job": 0.9, "skill": 0.5, "enrol": SURE, "business_profit": 0.5, "yield": 0.5, "verify": 0.5, "flag_day": 0.5,
    "account": SURE, "contribute": NEVER, "service_begin": NEVER, "disability_kind": NEVER,
}  # fmt: skip
"""Draws of a family to which nothing happens by chance."""

PLACES = JOBS[JOBS.index("public_welfare") : JOBS.index("work_for_relief") + 1]
"""Kinds of work that the county gives: a lever pays each of them, or answers for it."""


def check_levers(described: Described, rules: Rules) -> None:
    """Refuse a place that no lever of the scenario pays, and a lender that is none of its levers.

    Raises:
        ScenarioError: with every such job, and the loan.
    """
    report = Report()
    events = (*described.events, *(event for events in described.under.values() for event in events))
    jobs = [member.job for member in described.members] + [event.value for event in events]
    for job in jobs:
        if isinstance(job, Job) and job.kind in PLACES and payer(job, rules, described.start) < 0:
            known = [lever.id for lever in rules.levers if lever.mechanism == "job_slots"]
            given = f"a lever '{job.lever}'" if job.lever else f"{job.kind}, which no lever of this scenario pays"
            report.add(job.where, job.key, given, f"a place of {listing(known)}", nearest(job.lever or "", known))
    loan = described.loan
    known = [lever.id for lever in rules.levers if lever.mechanism == "credit"]
    if loan and loan.lever and loan.lever not in known:
        report.add(loan.where, "household.loan.lever", f"'{loan.lever}'", listing(known), nearest(loan.lever, known))
    report.stop()


def payer(job: Job, rules: Rules, month: int) -> int:
    """Return the number of the lever that pays a place, the one named or else the first of its kind in force; -1 for none."""
    places = [(number, lever) for number, lever in enumerate(rules.levers) if lever.mechanism == "job_slots"]
    if job.lever:
        return next((number for number, lever in places if lever.id == job.lever), -1)
    same = [(number, lever) for number, lever in places if lever.words["job"] == job.kind]
    return next((number for number, lever in same if lever.start <= month < lever.end), same[0][0] if same else -1)


def as_family(described: Described, rules: Rules, month: int) -> Family:
    """Return the family's columns as they are at the start of a month, its first or one before.

    Raises:
        ScenarioError: when it holds a place, or owes a loan, that no lever of the scenario knows.
    """
    check_levers(described, rules)
    land = rules.values["farm_income"].at(described.start)
    told = described.household
    household = {
        "group": BY_NAME["household", "group"].values.index(str(told["group"])),
        "ex_poor": 1.0 if told["group"] == "ex_poor" else 0.0,
        "land_mu": float(told["farm"] or 0) * YUAN / land if land else 0.0,
        "livestock": float(told["livestock"] or 0) * YUAN,
        "assets": float(told["assets"] or 0) * YUAN,
        "assessment_factor": 1.0,
        "house_safe": 1,
        "water_safe": 1,
        "refusal_rank": 99,
        "turn": 0.5,
    }
    if told["monitored"] != "none":
        household |= monitored_as(str(told["monitored"]), int(told["since"] or described.start - LIVED_BEFORE))
    household |= owed(described, rules, month) | dict(described.columns)
    members = [
        {
            "sex": 1.0 if member.sex == "male" else 0.0,
            "birth_month": member.born,
            "bmi_enrolled": 1,
            "enrolled_next": 1,
        }
        | working_as(member.job, rules, described.start, month)
        | dict(member.columns)
        for member in described.members
    ]
    return Family(household, members)


def monitored_as(kind: str, since: int) -> dict[str, float]:
    """Return the columns of a household in the registry; of kind ``none``, of one that has left it."""
    if kind == "none":
        return {"monitored": 0, "monitored_type": 0, "cleared_month": since, "flagged": 0}
    return {"monitored": 1, "monitored_type": MONITORED_TYPES.index(kind), "identified_month": since, "flagged": 0}


def working_as(job: Job | None, rules: Rules, told: int, month: int) -> dict[str, float]:
    """Return the columns of a member's work.

    Args:
        job: as described; None for nothing but the farm, and no wish for other work.
        rules: the scenario, for mean wages and for who pays posts.
        told: month at whose mean wages a wage in yuan is meant.
        month: month in which the job is as described.
    """
    if job is None:
        return {"job": JOBS.index("farm"), "wage": 0, "wants_work": 0, "work_rank": LAST, "job_since": month}
    columns: dict[str, float] = {"job": JOBS.index(job.kind), "job_since": month, "can_leave_home": 1}
    columns |= {"wants_work": 1, "work_rank": FIRST}
    if job.kind in ("local_wage", "migrant"):
        path = rules.values["migrant_wage" if job.kind == "migrant" else "local_wage"]
        columns["log_skill"] = math.log(job.wage * YUAN / path.at(told)) if job.wage else 0.0
        columns["wage"] = math.floor(path.at(month) * math.exp(columns["log_skill"]) + 0.5)
        if job.months is not None:
            columns["season"] = job.months - rules.values["season_months"].at(told)
    elif job.kind in PLACES:
        columns |= {"post_lever": payer(job, rules, month), "job_end": NO_END, "wants_work": 0, "work_rank": LAST}
        columns["wage"] = (job.wage or 0) * YUAN
    elif job.wage:
        columns["wage"] = job.wage * YUAN
    return columns


def as_script(described: Described, policy: str, rules: Rules, copies: int = 1, first: int = 0) -> Script:
    """Return what is forced on the copies of a family, numbered from ``first`` on, under a policy."""
    events = (*described.events, *described.under.get(policy, ()))
    forced: list[Forced] = []
    edits: list[Edit] = []
    for copy in range(first, first + copies):
        if described.luck == "quiet":
            forced += _quiet(described, copy)
        edits += _lent(described, rules, copy)
        for event in events:
            for one in _happening(event, described, rules, copy):
                (forced if isinstance(one, Forced) else edits).append(one)  # type: ignore[arg-type]
    return Script(_cut(forced), edits)


def _quiet(described: Described, copy: int) -> Iterator[Forced]:
    """Yield the draws of a family to which nothing happens by chance."""
    people = [member_id(copy, place) for place in range(len(described.members))]
    for stream, u in QUIET.items():
        entities = people if STREAMS[stream].entity == "person" else [family_id(copy)]
        for entity in entities:
            yield Forced(stream, entity, 0, FOREVER, u)


def _happening(event: Event, described: Described, rules: Rules, copy: int) -> Iterable[Forced | Edit]:
    """Return the draws and columns that make an event happen."""
    keys = [member.key for member in described.members]
    house = family_id(copy)
    who = member_id(copy, keys.index(event.member)) if event.member else house
    last = event.until or event.month
    if event.kind == "dies":
        return [Forced("death", who, event.month, last, SURE)]
    if event.kind == "admitted":
        return [
            Forced("admission", who, event.month, last, SURE),
            Forced("bill", who, event.month, last, _luck_of_bill(float(str(event.value)), rules, event.month)),
        ]
    if event.kind == "luck" and isinstance(event.value, dict):
        return [Forced(stream, who, event.month, last, u) for stream, u in event.value.items()]
    if event.kind == "applies":
        return [Forced("apply", house, event.month, last, SURE)]
    if event.kind == "disaster":
        return _disaster(event.month, float(str(event.value)))
    if event.kind == "monitored":
        return _edits(event.month, "household", house, monitored_as(str(event.value), event.month))
    if event.kind == "cleared":
        return _edits(event.month, "household", house, monitored_as("none", event.month))
    if event.kind == "job":
        return _work(event, described, rules, who)
    part = "person" if event.member else "household"
    columns: dict[str, float] = event.value if isinstance(event.value, dict) else {}
    return [edit for month in range(event.month, last + 1) for edit in _edits(month, part, who, columns)]


def _disaster(month: int, loss: float) -> list[Edit]:
    """Return a disaster in the family's township: it strikes in its month, and its loss stands to the end of the year."""
    rest = range(month, month // 12 * 12 + 12)
    return [Edit(month, "township", 0, "struck", loss)] + [
        Edit(later, "township", 0, name, loss) for later in rest for name in ("loss", "aftermath")
    ]


def _work(event: Event, described: Described, rules: Rules, who: int) -> Iterable[Forced | Edit]:
    """Return the columns of another job; with a last month it is held until then, and the job described comes back."""
    job = event.value if isinstance(event.value, Job) else None
    happens: list[Forced | Edit] = [*_edits(event.month, "person", who, working_as(job, rules, event.month, event.month))]
    if event.until is not None:
        before = next(member.job for member in described.members if member.key == event.member)
        happens += _edits(event.until + 1, "person", who, working_as(before, rules, described.start, event.until + 1))
        happens.append(Forced("job", who, event.month, event.until, QUIET["job"]))
    return happens


def _lent(described: Described, rules: Rules, copy: int) -> Iterable[Edit]:
    """Return the columns of the family's loan in the month in which it is taken; the money goes into what it is taken for."""
    month = described.loan.month if described.loan else 0
    return _edits(month, "household", family_id(copy), _loan(described, rules))


def owed(described: Described, rules: Rules, month: int) -> dict[str, float]:
    """Return the columns of the family's loan at the start of a month; nothing when it is not owed then."""
    loan = described.loan
    return _loan(described, rules) if loan and loan.month < month <= loan.month + loan.months else {}


def _loan(described: Described, rules: Rules) -> dict[str, float]:
    """Return the columns of the family's loan, if it takes one."""
    loan = described.loan
    if loan is None:
        return {}
    numbers = {lever.id: number for number, lever in enumerate(rules.levers)}
    return {
        "loan_balance": loan.amount * YUAN, "loan_rate": loan.rate, "loan_start": loan.month,
        "loan_due": loan.month + loan.months, "loan_lever": numbers.get(loan.lever or "", -1), "loan_renewals": 0, "loan_herd": 0,
    }  # fmt: skip


def _edits(month: int, part: str, entity: int, columns: dict[str, float]) -> list[Edit]:
    """Return edits of several columns."""
    return [Edit(month, part, entity, name, value) for name, value in columns.items()]


def _luck_of_bill(yuan: float, rules: Rules, month: int) -> float:
    """Return the draw that gives a hospital bill of so many yuan."""
    mean, sd = rules.values["bill_mean"].at(month), rules.values["bill_log_sd"].at(month)
    if sd <= 0.0:
        return 0.5
    place = (math.log(max(1.0, yuan * YUAN) / mean) + 0.5 * sd * sd) / sd
    return min(NEVER, max(SURE, NormalDist().cdf(place)))


def _cut(forced: Iterable[Forced]) -> list[Forced]:
    """Cut long spans where a shorter one of the same stream and entity lies within: what is written wins over quiet."""
    spans: dict[tuple[str, int], list[Forced]] = {}
    for one in forced:
        spans.setdefault((one.stream, one.entity), []).append(one)
    return [piece for ones in spans.values() for piece in _pieces(ones)]


def _pieces(ones: list[Forced]) -> Iterator[Forced]:
    """Yield spans that do not overlap: later ones of the list win."""
    taken: list[tuple[int, int]] = []
    for one in reversed(ones):
        first = one.first
        for start, stop in sorted(taken):
            if start > one.last or stop < first:
                continue
            if first < start:
                yield one._replace(first=first, last=start - 1)
            first = stop + 1
        if first <= one.last:
            yield one._replace(first=first)
        taken.append((one.first, one.last))
