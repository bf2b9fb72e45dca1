"""Kinds of events that a household remembers: the last month of each, and what it came to. A new kind is one line here."""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """A kind of event.

    Attributes:
        name: as in ``event_<name>`` of the table of relapses.
        meaning: what happened.
        size: what its amount is, in fen; empty where it has none.
    """

    name: str
    meaning: str
    size: str = ""


KINDS: tuple[Kind, ...] = (
    Kind("admission", "hospital admission for an illness", "own payment after all layers"),
    Kind("accident", "hospital admission for an injury", "own payment after all layers"),
    Kind("capacity", "labour capacity lost by an illness, an injury or a disability, or a certificate of disability"),
    Kind("chronic", "a chronic condition begins, or a second one"),
    Kind("death", "death of a member", "own income of the 12 months before, which leaves with the member"),
    Kind("departure", "members marry out or leave for good", "own incomes of the 12 months before"),
    Kind("newcomer", "a birth, a spouse who joins, a child who comes back"),
    Kind("job_lost", "an off-farm job lost, left or given up", "pay of a month worked"),
    Kind("post_ended", "a public-welfare post, ranger's or workshop place ended", "pay of a month"),
    Kind("dibao_ended", "dibao ended", "payment of the last month"),
    Kind("support_ended", "a transfer of a lever ended, or was cut by a tenth or more", "fall of what is due in a year"),
    Kind("lapse", "a member pays for no insurance cover of the next year"),
    Kind("disaster", "a disaster in the township", "loss noted: the harvest that stands, and the repair of the house"),
    Kind("yield", "a harvest of less than nine tenths of a normal one, disasters apart", "what it fell short of a normal one"),
    Kind("price", "a harvest or animals sold below nine tenths of base prices", "what they brought less than at base prices"),
    Kind("schooling", "a school year begins that costs money", "own cost of its first month, less aid"),
    Kind("rebuilding", "the unsafe house is repaired", "own cost, less grants of services"),
    Kind("water", "the water supply fails in the dry season", "cost of a month's water"),
    Kind("distress_sale", "animals sold in distress", "what they brought"),
    Kind("default", "a loan that was due is not repaid", "arrears"),
)

KIND = {kind.name: place for place, kind in enumerate(KINDS)}
COUNT = len(KINDS)
