"""The book of posts: who held, got and left the places of each lever, month by month, by group and by reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

HOLDERS, APPOINTED = "holders", "appointed"
"""Holders at the end of the month, after the appointments of the month."""
UNFIT, OVER, NO_NEED, CUT, GONE, BRIDGE_OVER = "unfit", "contract_over", "no_need", "cut", "lever_gone", "bridge_over"
CLOSED = "closed"
"""Reasons of the office: too old or unable, contract over, need no longer there, number cut, lever gone, bridging work over;
closed where the holder lives."""
EVENTS = (HOLDERS, APPOINTED, UNFIT, OVER, NO_NEED, CUT, CLOSED, GONE, BRIDGE_OVER)
LEFT = (UNFIT, OVER, NO_NEED, CUT, CLOSED, GONE)
"""Events that take a place from its holder. Who dies, moves or finds other work leaves without the office."""


class PostBook:
    """Counts of persons by month, lever, event and group.

    Holders of one month, less those who left and plus those appointed in the next, less the holders of the next are those who
    gave up their place without the office.
    """

    def __init__(self) -> None:
        """Open an empty book."""
        self.counts: Counter[tuple[int, str, str, int]] = Counter()

    def note(self, month: int, lever: str, event: str, groups: Iterable[int]) -> None:
        """Count persons of some groups, one for each."""
        for group in groups:
            self.counts[month, lever, event, int(group)] += 1

    def lines(self) -> list[tuple[int, str, str, int, int]]:
        """Return month, lever, event, group and persons, ordered by them."""
        return [(*key, persons) for key, persons in sorted(self.counts.items()) if persons]
