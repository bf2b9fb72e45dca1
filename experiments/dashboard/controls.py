"""The controls of the page: place, size, and for each side its policy, its options and the levers' sliders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import solara

from experiments.dashboard import texts
from experiments.dashboard.opening import OPENING, place_choices, policy_choices
from experiments.dashboard.sliders import Slider, sliders, slots_in
from experiments.dashboard.start import option_name
from experiments.dashboard.wish import SIDES, YEARS, Side, Wish
from experiments.labels import Label, unit_label
from scenarios.group import open_group
from scenarios.load import load
from scenarios.problems import Report, ScenarioError
from scenarios.scenario import Scenario
from scenarios.shipped import shipped
from sim.rules import month_index

BARE = ("ratio", "share")
"""Units that go without saying."""


def policy_of(wish: Wish, side: Side) -> Scenario | None:
    """Return the scenario of a side's policy with its options, none of its sliders moved; None where it cannot be loaded."""
    try:
        return load(wish.place, replace(side, levels=(), typed="").name, wish.overrides)
    except ScenarioError:
        return None


def told_path(slider: Slider, scenario: Scenario | None) -> Label:
    """Return what a policy says of the figure that a slider moves, year by year."""
    slots = slots_in(slider, scenario) if scenario else ()
    if scenario is None or not slots:
        return texts.NOT_HERE
    series = scenario.series[slots[0]]
    values = ", ".join(f"{series.at(month_index(year)):g}" for year in YEARS)
    unit = unit_label(series.unit)
    first, last = YEARS[0], YEARS[-1]
    return Label(
        texts.UNDER.zh.format(first=first, last=last, values=values, unit=unit.zh),
        texts.UNDER.en.format(first=first, last=last, values=values, unit=unit.en),
    )


def start_level(slider: Slider, scenario: Scenario | None, since: int) -> float:
    """Return where a slider stands when it is taken up: for a figure what the policy says, for a multiple of it 1."""
    slots = slots_in(slider, scenario) if scenario else ()
    value = 1.0
    if scenario is not None and slots and scenario.series[slots[0]].unit == slider.unit:
        value = scenario.series[slots[0]].at(month_index(since))
    steps = round((min(max(value, slider.low), slider.high) - slider.low) / slider.step)
    return round(slider.low + steps * slider.step, 6)


@solara.component
def Controls(wish: solara.Reactive[Wish], applied: solara.Reactive[Wish], busy: bool) -> None:
    """Everything that can be chosen before the county starts.

    Args:
        wish: what is chosen, not yet simulated.
        applied: what is simulated; the button sets it.
        busy: whether a county is being prepared.
    """
    lang = OPENING.lang

    def change(**changes: object) -> None:
        wish.set(replace(wish.value, **changes))  # type: ignore[arg-type]

    with solara.Column(gap="6px", classes=["fangpin-controls"]):
        apply = texts.APPLY.said(lang)
        solara.Button(apply, color="primary", disabled=busy, classes=["fangpin-apply"], on_click=lambda: applied.set(wish.value))
        # always there: what follows would lose its state if its place among its neighbours changed
        solara.Text(texts.CHANGED.said(lang) if wish.value != applied.value else "", classes=["fangpin-note"])
        _Choice(texts.PLACE.said(lang), place_choices(), wish.value.place, lambda place: change(place=place))
        solara.InputInt(texts.HOUSEHOLDS.said(lang), wish.value.households, on_value=lambda n: change(households=n or 0))
        solara.InputInt(texts.SEED.said(lang), wish.value.seed, on_value=lambda n: change(seed=max(0, n or 0)))
        with solara.lab.Tabs():
            for number, letter in enumerate(SIDES):
                with solara.lab.Tab(letter.said(lang), classes=[f"fangpin-side-{letter.en}"]):
                    _SideControls(wish, number)


@solara.component
def _Choice(label: str, names: dict[str, dict[str, str]], value: str, on_value: Callable[[str], None]) -> None:
    """Choose one of several by name; names that occur twice carry their id."""
    said = [names[key][OPENING.lang] for key in names]
    by_label = {
        (name if said.count(name) == 1 else f"{name} ({key})"): key for key, name in zip(names, said, strict=True)
    }  # fmt: skip
    here = next((name for name, key in by_label.items() if key == value), value)
    solara.Select(label, values=list(by_label), value=here, on_value=lambda name: on_value(by_label[name]))


@solara.component
def _SideControls(wish: solara.Reactive[Wish], number: int) -> None:
    """The controls of one side: policy, options of groups, sliders, changes by hand."""
    lang, side = OPENING.lang, wish.value.sides[number]
    plain = (wish.value.place, wish.value.overrides, side.policy, side.options)
    scenario = solara.use_memo(lambda: policy_of(wish.value, side), list(plain))

    def change(new: Side) -> None:
        wish.set(wish.value.with_side(number, new))

    with solara.Column(gap="4px"):
        chosen = policy_choices()
        _Choice(texts.POLICY.said(lang), chosen, side.policy, lambda policy: change(replace(side, policy=policy)))
        with solara.Details(texts.OPTIONS.said(lang)):
            for group in shipped("groups"):
                _Group(group, side, change)
        with solara.Details(texts.SLIDERS.said(lang), expand=True):
            years = [str(year) for year in YEARS]
            since = texts.SINCE.said(lang)
            solara.Select(
                since, values=years, value=str(side.since), on_value=lambda year: change(replace(side, since=int(year)))
            )
            for slider in sliders():
                _Level(slider, scenario, side, change)
        solara.InputText(texts.TYPED.said(lang), side.typed, on_value=lambda typed: change(replace(side, typed=typed)))


@solara.component
def _Group(group: str, side: Side, change: Callable[[Side], None]) -> None:
    """Choose one option of a group, or none."""
    lang, value = OPENING.lang, dict(side.options).get(group, "")
    found = open_group(group, Report())
    options = tuple(found.options) if found else ()
    name = Label(found.names["zh"], found.names["en"]) if found else Label(group, group)
    labels = {texts.AS_POLICY.said(lang): "", **{option_name(group, option).said(lang): option for option in options}}
    here = next(label for label, option in labels.items() if option == value)
    solara.Select(
        name.said(lang), values=list(labels), value=here, on_value=lambda label: change(side.with_option(group, labels[label]))
    )


@solara.component
def _Level(slider: Slider, scenario: Scenario | None, side: Side, change: Callable[[Side], None]) -> None:
    """One slider: off, it leaves the policy as it is; on, it sets the figure from the chosen year."""
    lang = OPENING.lang
    value = dict(side.levels).get(slider.key)
    here = bool(scenario and slots_in(slider, scenario))
    first = start_level(slider, scenario, side.since)
    with solara.Column(gap="0px", classes=["fangpin-slider"], style={"padding": "4px 0"}):
        name = f"{slider.lever.said(lang)}"
        solara.Switch(
            label=name, value=value is not None, disabled=not here, classes=[f"fangpin-switch-{slider.key.replace('.', '-')}"],
            on_value=lambda on: change(side.with_level(slider.key, first if on else None)),
        )  # fmt: skip
        solara.Text(told_path(slider, scenario).said(lang), classes=["fangpin-note"])
        if value is not None:
            meaning = Label(f"{slider.meaning.zh}：{value:g}", f"{slider.meaning.en}: {value:g}").said(lang)
            solara.Text(f"{meaning} {'' if slider.unit in BARE else unit_label(slider.unit).said(lang)}")
            # a long label beside a slider would leave it no width
            solara.SliderFloat(
                "", value=value, min=slider.low, max=slider.high, step=slider.step,
                on_value=lambda level: change(side.with_level(slider.key, round(level, 6))),
            )  # fmt: skip
