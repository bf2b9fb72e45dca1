"""Chains of events before falls, and one made-up household's story: a table, and its years as a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.labels import Label
from experiments.persons import population_of
from experiments.quantities import EX_POOR
from experiments.report.document import Block, Cell, Figure, Row, Section, Table, Value
from experiments.report.said import NOTHING
from experiments.report.subject import Subject
from experiments.study import SYNTHETIC

if TYPE_CHECKING:
    from experiments.chains import Fall, Falls
    from experiments.tale import Tale

HOUSEHOLDS, YUAN = Label("户", "households"), Label("元", "yuan")
CHAINS = 8
"""Chains of events that the report names."""
MOST_TRIED = 12
"""Households looked at for one that lived through all years."""


def chained(subject: Subject) -> Section | None:
    """Return the most frequent chains of events, and one made-up household's."""
    from experiments.chains import chains

    falls = subject.falls
    if falls is None:
        return None
    found = [one for one in chains(falls, "net", EX_POOR, CHAINS) if one.policy == subject.policy]
    if not found:
        return None
    rows = []
    for number, one in enumerate(found):
        key = f"chain/{one.policy}/{number + 1}"
        households = Value(key, float(one.households), unit=subject.said(HOUSEHOLDS))
        rows.append(
            Row((_events(subject, one.events),), (households, Value(f"{key}/share", 100 * one.share, digits=1, unit="%")))
        )
    table = Table(
        "chains",
        subject.say(
            f"返贫之前的事件链，“{subject.name(subject.policy)}”",
            f"Chains of events before falls, '{subject.name(subject.policy)}'",
        ),
        (subject.say("事件（先后）", "events in order"),),
        subject.say("指标", "figure"),
        (subject.say("户次（各次重复合计）", "households, all repetitions"), subject.say("占比", "share")),
        tuple(rows),
        long=False,
    )
    wanted = next((one.events for one in found if len(one.events) > 1), found[0].events)
    return Section(subject.say("事件链", "Chains of events"), (table, *_story(subject, falls, wanted)))


def _events(subject: Subject, events: tuple[str, ...]) -> str:
    """Return a chain of events."""
    from experiments.eventlabels import EVENT_LABELS

    return " → ".join(subject.said(EVENT_LABELS[event]) for event in events) or subject.say("（无）", "(none)")


def _story(subject: Subject, falls: Falls, chain: tuple[str, ...]) -> tuple[Block, ...]:
    """Return the story of the first household with a chain: its events in months and yuan, its years; never of real persons."""
    from experiments.tale import tale_of

    if not chain or population_of(subject.folder) != SYNTHETIC:
        return ()
    chosen: list[Fall] = [one for one in falls.chosen(subject.policy, "net", EX_POOR) if one.events]
    first = sorted(chosen, key=lambda one: one.chain != chain)
    tried = [one for one in first if one.household == one.root][:MOST_TRIED]
    for fall in tried:
        tale = tale_of(subject.stored, fall, subject.shown)
        # one that lived through all years under every policy tells most
        if tale is not None and tale.whole:
            return _story_table(subject, fall), _years(subject, tale)
    return (_story_table(subject, first[0]),) if first else ()


def _years(subject: Subject, tale: Tale) -> Figure:
    """Return the chart of the household's years."""
    from experiments.charts.tale import draw_tale

    names = {policy: subject.results.name(policy) for policy in tale.heads}
    caption = subject.say(
        f"合成家庭{tale.household}：各政策之下的人均净收入、两条线和跌破之前的事件",
        f"Made-up household {tale.household}: net income per head under each policy, the lines, and the events before its fall",
    )
    return Figure("story_years", caption, lambda: draw_tale(tale, names, subject.place, subject.lang))


def _story_table(subject: Subject, fall: Fall) -> Table:
    """Return the events before the fall, in months and yuan."""
    from experiments.chains import said_month
    from experiments.eventlabels import EVENT_LABELS

    rows = []
    for event in fall.events:
        key = f"story/{fall.household}/{event.kind}"
        amount: Cell = NOTHING if event.fen is None else Value(key, event.fen / 100, unit=subject.said(YUAN))
        rows.append(Row((said_month(event.month), subject.said(EVENT_LABELS[event.kind])), (amount,)))
    return Table(
        "story",
        subject.say(
            f"一户之例（合成家庭{fall.household}，第{fall.replication + 1}次重复，{said_month(fall.month)}检验时跌破，"
            f"{fall.persons}人，主因{fall.main.names['zh']}）",
            f"One household (made-up household {fall.household}, repetition {fall.replication + 1}, below at the test of "
            f"{said_month(fall.month)}, {fall.persons} persons, main cause {fall.main.names['en']})",
        ),
        (subject.say("月份", "month"), subject.say("事件", "event")),
        subject.say("项", "part"),
        (subject.say("金额", "amount"),),
        tuple(rows),
        subject.say("家庭是合成的，不对应任何真实的户。", "The household is made up and stands for nobody."),
        long=False,
    )
