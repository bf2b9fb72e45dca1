"""Random draws: a pure function of (seed, stream, entity, month), by Philox4x32-10.

Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, Parallel random numbers: as easy as 1, 2, 3, SC11, 2011.
One block of four words belongs to four streams; a stream's number is its place for ever: add new ones at the end.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.engine import procedure, rule


class Stream(NamedTuple):
    """One kind of luck: whose it is and what it decides."""

    entity: str
    meaning: str


_STREAMS: tuple[tuple[str, Stream], ...] = (
    # person, every month
    ("death", Stream("person", "dies this month")),
    ("admission", Stream("person", "is admitted to hospital this month")),
    ("job", Stream("person", "loses, leaves or finds work this month")),
    ("birth", Stream("person", "gives birth this month")),
    # person, on an event
    ("bill", Stream("person", "size of the hospital bill; the dearest are severe")),
    ("capacity", Stream("person", "a severe illness lowers labour capacity")),
    ("job_kind", Stream("person", "kind of work found")),
    ("spare_event", Stream("person", "kept free")),
    # person, once a year
    ("skill", Stream("person", "yearly change of the wage level")),
    ("chronic", Stream("person", "yearly onset of a chronic condition")),
    ("self_care", Stream("person", "yearly loss of self-care")),
    ("enrol", Stream("person", "pays for next year's insurance")),
    # person, at the start
    ("born_sex", Stream("person", "sex")),
    ("start_age", Stream("person", "age at the start")),
    ("start_skill", Stream("person", "wage level at the start")),
    ("start_work", Stream("person", "wants off-farm work")),
    ("start_leave", Stream("person", "can leave home")),
    ("start_season", Stream("person", "length of the working season")),
    ("start_chronic", Stream("person", "chronic conditions at the start")),
    ("start_care", Stream("person", "self-care at the start")),
    ("start_disability", Stream("person", "disability at the start")),
    ("start_job", Stream("person", "job at the start")),
    ("start_job_kind", Stream("person", "kind of that job")),
    ("start_job_age", Stream("person", "residual length of that job")),
    # household, every month
    ("report", Stream("household", "reports its hardship itself")),
    ("visit", Stream("household", "a visit notices the hardship")),
    ("data", Stream("household", "a department's data notice the hardship")),
    ("clear", Stream("household", "is cleared in a review")),
    ("apply", Stream("household", "applies for assistance")),
    ("confirm", Stream("household", "is confirmed as fallen")),
    # household, now and then
    ("yield", Stream("household", "own yield shock of a harvest")),
    ("sale", Stream("household", "the harvest is paid a month later")),
    ("verify", Stream("household", "income that verification sees")),
    ("miss", Stream("household", "verification turns a true case away")),
    ("register", Stream("household", "income that the register sees")),
    ("post_order", Stream("household", "place in a random exit order")),
    # household, at the start
    ("start_type", Stream("household", "type of household")),
    ("start_land", Stream("household", "land per member")),
    ("start_assessment", Stream("household", "lasting error of assessed income")),
    ("start_refused", Stream("household", "kept out of assistance for good")),
    ("start_turn", Stream("household", "place in the round of visits")),
    ("spare_household", Stream("household", "kept free")),
    ("start_assets", Stream("household", "liquid assets at the start")),
    ("start_head", Stream("household", "age of the head at the start")),
    # county and township
    ("disaster", Stream("county", "a disaster year")),
    ("disaster_extent", Stream("county", "share of townships hit")),
    ("price", Stream("county", "yearly change of the farm price")),
    ("spare_county", Stream("county", "kept free")),
    ("disaster_place", Stream("township", "the township's place in the order of being hit")),
    ("disaster_loss", Stream("township", "share of the harvest lost")),
    # what counties share, and the market of livestock
    ("township_yield", Stream("township", "yield shock that a township's farms share")),
    ("nation_disaster", Stream("nation", "the part of a county's disaster luck that counties share")),
    ("nation_price", Stream("nation", "the part of the crop price that counties share")),
    ("nation_livestock_price", Stream("nation", "the part of the livestock price that counties share")),
    ("livestock_price", Stream("county", "yearly change of the livestock price")),
    ("livestock", Stream("household", "begins to keep livestock")),
    ("herd", Stream("household", "size of the herd")),
    ("start_livestock", Stream("household", "keeps livestock at the start")),
    ("start_herd", Stream("household", "size of the herd at the start")),
    ("spare_market", Stream("household", "kept free")),
    # schooling, housing and water
    ("school", Stream("person", "goes on with schooling, or leaves it, in September")),
    ("start_school", Stream("person", "schooling at the start")),
    ("start_house", Stream("household", "house unsafe at the start")),
    ("house", Stream("household", "the house becomes unsafe by age")),
    ("storm", Stream("household", "a disaster damages the house")),
    ("rebuild", Stream("household", "an unsafe house is repaired this month")),
    ("return", Stream("person", "a service brings a child back to school")),
    ("service_cover", Stream("person", "a service enrols a person without cover")),
    ("service", Stream("household", "a service acts on an unsafe house")),
    ("grant", Stream("household", "a one-off grant is paid this month")),
    ("supply", Stream("village", "the water supply fails")),
    ("supply_repair", Stream("village", "the water supply is repaired")),
    # person, on an event: care
    ("care", Stream("person", "goes without the hospital care needed")),
    ("cause", Stream("person", "an admission's cause: accident, critical illness or other")),
    ("mental", Stream("person", "yearly onset of a severe mental disorder")),
    ("disability", Stream("person", "yearly onset of a disability")),
    ("recovery", Stream("person", "yearly recovery of labour capacity")),
    ("remission", Stream("person", "yearly end of a critical illness")),
    ("employee", Stream("person", "moves to employee insurance")),
    ("start_mental", Stream("person", "severe mental disorder at the start")),
    # credit and insurance of the farm
    ("loan_wish", Stream("household", "wants a loan this year")),
    ("loan_need", Stream("household", "size of the loan wanted")),
    ("loan", Stream("household", "the lender's answer comes this month")),
    ("renewal", Stream("household", "a loan that is due is renewed")),
    ("insure", Stream("household", "takes out farm insurance this year")),
    # household, monitoring
    ("false_alarm", Stream("household", "is flagged by mistake")),
    ("flag_day", Stream("household", "day of the month of a flag")),
    ("referral", Stream("household", "a referral gets lost between departments")),
    ("spare_monitoring", Stream("household", "kept free")),
    # person, in January
    ("marry", Stream("person", "marries this year")),
    ("move", Stream("person", "which of the spouses moves")),
    ("leave", Stream("person", "leaves for good with the own branch")),
    ("split", Stream("person", "founds an own household with the own branch")),
    ("come_back", Stream("person", "an adult child of this mother comes back")),
    # work
    ("business", Stream("person", "opens or closes a business, once a year")),
    ("business_profit", Stream("person", "profit of the year")),
    ("layoff_local", Stream("county", "a wave of lay-offs in local jobs begins")),
    ("layoff_migrant", Stream("nation", "a wave of lay-offs in jobs away from home begins")),
    # person, on an event: pension, care
    ("account", Stream("person", "is insured for the resident pension when first asked")),
    ("contribute", Stream("person", "begins or stops to contribute to the resident pension")),
    ("service_begin", Stream("person", "a service takes the person on")),
    ("disability_kind", Stream("person", "kind of disability that a certificate names")),
    # lasting traits: in the month's place stands the number of the trait
    ("trait", Stream("household", "lasting traits of a founding household and those that split from it")),
    ("village_trait", Stream("village", "lasting traits of a village")),
    ("operator", Stream("village", "the operators of the village fail this year")),
    ("project", Stream("village", "a project asset stops yielding this year")),
    ("training", Stream("person", "takes a skills course this winter")),
    ("revenue", Stream("county", "size of the year's further revenue")),
    # health
    ("policy", Stream("person", "takes out a commercial policy for next year")),
    ("sign_on", Stream("person", "signs on with a family doctor for the year")),
)

STREAMS: dict[str, Stream] = dict(_STREAMS)
NUMBER: dict[str, int] = {name: place for place, (name, _) in enumerate(_STREAMS)}

_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_HALF = 0.5
_SCALE = 2.0**-32


@rule
def philox(c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64) -> tuple:
    """Return the four 32-bit words of one Philox4x32-10 block (all arguments 32-bit values held in uint64)."""
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        n0 = (p1 >> _SHIFT) ^ c1 ^ k0
        n2 = (p0 >> _SHIFT) ^ c3 ^ k1
        c1 = p1 & _LOW
        c3 = p0 & _LOW
        c0 = n0
        c2 = n2
        k0 = (k0 + _W0) & _LOW
        k1 = (k1 + _W1) & _LOW
    return c0, c1, c2, c3


@rule
def uniform(word: float) -> float:
    """Turn a 32-bit word into a number strictly between 0 and 1."""
    return (word + _HALF) * _SCALE


@procedure
def fill(words: np.ndarray, row: int, ids: np.ndarray, first: int, last: int, month: int, block: int, key: int) -> None:
    """Write the four words of a block for the entities ``ids[first:last]`` into four rows of a tile's buffer."""
    k0 = np.uint64(key) & _LOW
    k1 = np.uint64(key) >> _SHIFT
    c2 = np.uint64(month)
    c3 = np.uint64(block)
    for j in range(last - first):
        entity = ids[first + j]
        a, b, c, d = philox(entity & _LOW, entity >> _SHIFT, c2, c3, k0, k1)
        words[row, j] = np.uint32(a)
        words[row + 1, j] = np.uint32(b)
        words[row + 2, j] = np.uint32(c)
        words[row + 3, j] = np.uint32(d)


@procedure
def draw(key: int, stream: int, entity: np.uint64, month: int) -> float:
    """Return the uniform of one stream for one entity and month."""
    key64 = np.uint64(key)
    words = philox(entity & _LOW, entity >> _SHIFT, np.uint64(month), np.uint64(stream // 4), key64 & _LOW, key64 >> _SHIFT)
    place = stream % 4
    word = words[3]
    if place == 0:
        word = words[0]
    elif place == 1:
        word = words[1]
    elif place == 2:
        word = words[2]
    return uniform(np.float64(word))


_FAMILY_TREE = np.uint64(0xFA31)


@procedure
def descendant(parent: np.uint64, order: int) -> np.uint64:
    """Return the id of the ``order``-th descendant of an entity: a child of its mother, a member of its household."""
    a, b, _, _ = philox(parent & _LOW, parent >> _SHIFT, np.uint64(order), _FAMILY_TREE, _LOW, _LOW)
    return (a << _SHIFT) | b


def bulk(key: int, stream: str, ids: np.ndarray, month: int) -> np.ndarray:
    """Return the uniforms of one stream for many entities: NumPy's way to the same numbers."""
    number = NUMBER[stream]
    c = [ids & _LOW, ids >> _SHIFT, np.full_like(ids, month), np.full_like(ids, number // 4)]
    k0, k1 = np.uint64(key & 0xFFFFFFFF), np.uint64(key >> 32)
    for _ in range(10):
        p0, p1 = _M0 * c[0], _M1 * c[2]
        c = [(p1 >> _SHIFT) ^ c[1] ^ k0, p1 & _LOW, (p0 >> _SHIFT) ^ c[3] ^ k1, p0 & _LOW]
        k0, k1 = (k0 + _W0) & _LOW, (k1 + _W1) & _LOW
    return (c[number % 4].astype(np.float64) + _HALF) * _SCALE
