"""The accounting year by source: what is kept of each source of income and loss, and which cause of a fall it feeds.

A new source is one line here and one in `sim.counted.BOOKED_LIVE` or `BOOKED_SETTLE`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Source(NamedTuple):
    """A yearly sum of one household, in fen.

    Attributes:
        name: as ``year_<name>`` and ``last_<name>`` in rules.
        meaning: what is added up.
        pushes: by cause, the sign with which a rise since last year pushes the household towards the line.
        gross: whether gross income feels it; bills and premiums are felt in net income alone.
        kept: whether the sum is compared with last year's; if not, the whole of it counts.
    """

    name: str
    meaning: str
    pushes: Mapping[str, int]
    gross: bool = True
    kept: bool = True


SOURCES: tuple[Source, ...] = (
    Source("wage", "wages", {"job_loss": -1}),
    Source("post", "pay of posts, rangers, workshops and work for relief", {"post_end": -1}),
    Source("business", "profit of own businesses", {"job_loss": -1}),
    Source("farm", "farm income", {"farm": -1}),
    # a harvest lost to a disaster is no bad harvest, a wage lost to sickness no lost job: what one cause gains the other loses
    Source("lost", "harvest lost to disasters", {"disaster": 1, "farm": -1}),
    Source("sick", "wages lost to sickness", {"illness": 1, "job_loss": -1}),
    Source("dibao", "dibao", {"dibao_end": -1}),
    # single-person dibao and tekun are among the allowances: what they lose is an end of dibao, not of another support
    Source("assistance", "single-person dibao and tekun", {"dibao_end": -1, "support_end": 1}),
    Source("allowance", "all transfers to persons", {"support_end": -1}),
    Source("support", "transfers to the household", {"support_end": -1}),
    Source("medical", "own medical payments", {"illness": 1}, gross=False),
    Source("premium", "own premiums", {"premium": 1}, gross=False),
    Source("schooling", "schooling less aid", {"schooling": 1}, gross=False),
    Source("rebuilding", "repair of unsafe houses less grants", {"housing": 1}, gross=False),
    Source("water", "fetching or buying water", {"water": 1}, gross=False),
    Source("departed", "past incomes that left with their earners", {"household_change": 1, "job_loss": -1}, kept=False),
    Source("consumption", "consumption, for the burden of medical spending", {}, kept=False),
)

PLACE = {source.name: place for place, source in enumerate(SOURCES)}
COUNT = len(SOURCES)
