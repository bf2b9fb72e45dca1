"""A household's memory: the last event of each kind, the transfers that it gets, and the new falls below a line."""

from __future__ import annotations

from typing import Any

from sim.eventkinds import KINDS
from sim.events import CUT, LARGEST, POOR_YEAR
from sim.indicators import CAUSES
from sim.relapse import DEFINITIONS
from twin import rules
from twin.law import Law
from twin.ledger import Tally

NAMES = [kind.name for kind in KINDS]


class Memory:
    """The part of a household that remembers. Attributes are the household's."""

    def __getattr__(self, name: str) -> Any:
        """Say which attribute is missing."""
        raise AttributeError(name)

    def note(self, kind: str, size: int = 0, month: int | None = None) -> None:
        """Note an event; what happens twice in a month adds up."""
        place, when = NAMES.index(kind), self.model.month if month is None else month
        if self.event_month[place] == when:
            size += self.event_size[place]
        self.event_month[place], self.event_size[place] = when, min(size, LARGEST)

    def note_harvest(self, law: Law, booked: int, lost: int, value: float) -> None:
        """Note a poor harvest and a poor price."""
        price = rules.less_loss(law.farm_price, self.model.policies.factor("price_loss", self))
        if value <= 0.0 or price <= 0.0:
            return
        if price < POOR_YEAR:
            self.note("price", rules.to_fen(value * (1.0 - price)))
        grown = (booked + lost) / (value * price)
        if grown < POOR_YEAR:
            self.note("yield", rules.to_fen(value * (1.0 - grown)))

    def note_sales(self, law: Law) -> None:
        """Note a poor price of half a year's animals."""
        price = rules.less_loss(law.livestock_price, self.model.policies.factor("price_loss", self))
        if self.livestock and self.members and law.moy in (6, 12) and price < POOR_YEAR:
            self.note("price", rules.to_fen(0.5 * self.livestock * (1.0 - price)))

    def note_costs(self, law: Law, schooling: int, rebuilding: int, water: int) -> None:
        """Note what schooling, rebuilding and water begin to cost."""
        if law.moy == 9 and schooling > 0:
            self.note("schooling", schooling)
        if rebuilding > 0:
            self.note("rebuilding", rebuilding)
        if law.moy == law.dry_month and water > 0:
            self.note("water", water)

    def note_supports(self, tally: Tally) -> None:
        """Note transfers that ended or were cut."""
        ended = self.supports_held & ~self.supports_now
        if ended or tally.entitled < self.transfers_due * (1.0 - CUT):
            self.note("support_ended", max(0, self.transfers_due - tally.entitled))
            self.supports_ended = ended
        self.supports_held, self.supports_now, self.transfers_due = self.supports_now, 0, min(tally.entitled, LARGEST)

    def note_fall(self, law: Law, new: dict[str, int], causes: dict[str, int], pushes: dict[str, dict[str, int]]) -> None:
        """Tell the model of a new fall: a row for each definition."""
        for number, definition in enumerate(DEFINITIONS):
            if not new[definition]:
                continue
            felt = pushes["gross" if definition == "gross" else "net"]
            largest = max(CAUSES, key=lambda cause: felt[cause])
            main = causes.get(definition, CAUSES.index(largest) if felt[largest] > 0 else CAUSES.index("other"))
            others = {cause: push for place, (cause, push) in enumerate(felt.items()) if place != main}
            second = max(others, key=lambda cause: others[cause])
            row = {
                "month": law.month, "household": self.id, "root": self.root, "group": self.group, "village": self.village,
                "township": self.township, "persons": self.members, "definition": number, "cause": main,
                "second": CAUSES.index(second) if others[second] > 0 else -1,
            }  # fmt: skip
            row |= {f"push_{cause}": push for cause, push in felt.items()}
            row |= {f"event_{name}": month for name, month in zip(NAMES, self.event_month, strict=True)}
            row |= {f"size_{kind.name}": size for kind, size in zip(KINDS, self.event_size, strict=True) if kind.size}
            followed = [lever for bit, lever in enumerate(self.model.transfers) if self.supports_ended >> bit & 1]
            self.model.falls.append(row | {"supports_ended": " ".join(followed)})
