"""What a hindcast does about later knowledge: inputs that go on, default values set anew, and what cannot be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.asof import LaterInput, by_hand, holding, later_inputs, later_sources, used_later
from experiments.labels import Label
from scenarios.cited import show_month
from scenarios.knownby import HELD, SetAnew, known_by
from scenarios.override import TREND, TREND_MOST, TREND_YEARS

if TYPE_CHECKING:
    from scenarios import Observation, Scenario

COUNTRY = "nation"
"""Level of the values that are fitted to the country's figures; a place's own are its own."""


INPUTS_TOLD = {
    TREND: Label(
        f"此后的输入：以元计的按此前{TREND_YEARS}年各年变化率的中位数延续（每年至多{TREND_MOST:.0%}），其余固定在当月水平",
        f"inputs after that month: those in yuan go on by the median of their yearly changes in the {TREND_YEARS} years before, "
        f"at most {TREND_MOST:.0%} a year, "
        "all else stays as it was",
    ),
    HELD: Label(
        "此后的输入均固定在当月水平，模型的预测因此没有名义增长",
        "inputs after that month all stay as they were, so that the model has no growth of wages and prices",
    ),
}
"""What became of inputs, in words; forecasts frozen before there was a choice held all of them."""


class Hindsight(NamedTuple):
    """What a hindcast did about later knowledge.

    Attributes:
        later: figures of the scenario dated after its month, held or not.
        sources: figures that hold before it whose source is later; they stay.
        set_anew: default values put back to what the figures known then ask for.
        chosen_with: default values that were chosen with figures known only later, which stay, and the ids of these figures.
        inputs: what becomes of inputs after the month, one of `experiments.asof.INPUTS`.
    """

    later: tuple[LaterInput, ...] = ()
    sources: Mapping[str, str] = {}
    set_anew: tuple[SetAnew, ...] = ()
    chosen_with: Mapping[str, tuple[str, ...]] = {}
    inputs: str = TREND

    def changes(self, asof: int) -> tuple[str, ...]:
        """Return the changes by hand that do it: values set anew first, so that what is held is held at these."""
        return (*(one.change for one in self.set_anew), *holding(self.later, asof, self.inputs))

    def plain(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return {
            "inputs": self.inputs,
            "later_inputs": [{**one._asdict(), "month": show_month(one.month)} for one in self.later],
            "later_sources": dict(self.sources),
            "set_anew": [{"change": one.change, "how": one.how, "why": one.why} for one in self.set_anew],
            "chosen_with": {key: list(ids) for key, ids in self.chosen_with.items()},
        }


def hindsight_of(
    scenarios: Sequence[Scenario], facts: Iterable[Observation], asof: int, given: Iterable[str] = (), inputs: str = TREND
) -> Hindsight:
    """Return what has to be done about what was known only after a month.

    Args:
        scenarios: those of every county and policy of a study, as they are without changes.
        facts: the observed figures of the place.
        asof: the last month that is known.
        given: changes by hand of the user: what these set is the user's.
        inputs: what becomes of inputs after the month, one of `experiments.asof.INPUTS`.
    """
    row, theirs = known_by(asof), {_key(change) for change in given}
    values = () if row is None else row.values
    anew = tuple(one for one in values if one.key not in theirs and _is_the_countrys(one.key, scenarios))
    gone = theirs | {one.key for one in anew if row is not None and one.key in row.without_hindsight}
    later = later_inputs(scenarios, asof)
    return Hindsight(later, later_sources(scenarios, asof), anew, _chosen_with(facts, asof, gone), inputs)


def _key(change: str) -> str:
    """Return the key of a change by hand."""
    return change.partition("=")[0].partition("@")[0].rstrip("* ").strip()


def _is_the_countrys(key: str, scenarios: Sequence[Scenario]) -> bool:
    """Return whether all counties and policies have a value from the files of the country alone."""
    found = [{by_hand(name): series for name, series in scenario.series.items()}.get(key) for scenario in scenarios]
    return all(one is not None and all(entry.origin.level == COUNTRY for entry in one.entries) for one in found)


def _chosen_with(facts: Iterable[Observation], asof: int, gone: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the default values chosen with later figures, those apart that no later figure speaks in any more."""
    found: dict[str, list[str]] = {}
    for fact in used_later(facts, asof):
        for key in fact.used_for:
            if key not in gone:
                found.setdefault(key, []).append(fact.id)
    return {key: tuple(ids) for key, ids in sorted(found.items())}


def told(plain: Mapping[str, Any]) -> list[Label]:
    """Return in words what was done about later knowledge, from plain values as a frozen forecast keeps them."""
    lines, anew, stays = [], plain.get("set_anew", []), plain.get("chosen_with", {})
    if plain:
        lines.append(INPUTS_TOLD[plain.get("inputs", HELD)])
    if anew:
        names = "; ".join(one["change"] for one in anew if one["how"] != HELD)
        held = "; ".join(one["change"] for one in anew if one["how"] == HELD)
        zh, en = (f"；固定其后走势：{held}", f"; later course held: {held}") if held else ("", "")
        lines.append(
            Label(
                f"默认值按当时已知的数字重新设定：{names or '无'}{zh}",
                f"default values set anew from the figures known then: {names or 'none'}{en}",
            )
        )
    if isinstance(stays, list):
        # forecasts frozen before values were set anew listed the figures alone
        stays = {"?": stays} if stays else {}
    if stays:
        names = "; ".join(f"{key} ← {', '.join(ids)}" for key, ids in stays.items())
        lines.append(
            Label(
                f"注意：下列默认值仍是用此后才公布的数字选定的（参数 ← 观测）：{names}",
                f"warning: default values that still rest on figures told later (parameter ← observations): {names}",
            )
        )
    return lines
