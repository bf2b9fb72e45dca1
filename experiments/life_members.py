"""What befalls the members of a family from one month to the next: births, deaths, moves, work, health, school."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from experiments.labels import Label
from experiments.life import Life
from sim.rules import Lever
from sim.trace import Traced

ADULT = 16
PLACES = {"public_welfare", "ranger", "workshop", "work_for_relief"}
"""Kinds of work of which there is a limited number."""
JOB_LABELS = {
    "none": Label("无业", "no work"),
    "farm": Label("务农", "farm"),
    "local_wage": Label("本地务工", "local wage work"),
    "migrant": Label("外出务工", "away for work"),
    "public_welfare": Label("公益性岗位", "public-welfare post"),
    "ranger": Label("生态护林员", "forest ranger"),
    "workshop": Label("帮扶车间", "workshop"),
    "work_for_relief": Label("以工代赈或过渡岗位", "work for relief"),
    "self_employed": Label("自营", "own business"),
}


def called(life: Life, person: Mapping[str, Any]) -> Label:
    """Return what to call a person: as the family file does, else by sex; with the age."""
    age = person["age"]
    if person["id"] in life.people:
        name = life.people[person["id"]]
        return Label(f"{name.zh}{age}岁", f"{name.en} {age}")
    male = person["sex"] == "male"
    sexes = ("man", "woman") if age >= ADULT else ("boy", "girl")
    return Label(f"{age}岁{'男' if male else '女'}", f"{sexes[0 if male else 1]} of {age}")


def does(person: Mapping[str, Any]) -> Label:
    """Return what a member does, or why none of the kinds of work is told."""
    if person["in_school"]:
        return Label("上学", "at school")
    if person["job"] in ("none", "farm") and person["age"] < ADULT:
        return Label("未成年", "a child")
    if person["job"] in ("none", "farm") and person["labour"] == "none":
        return Label("无劳动能力", "unable to work")
    return JOB_LABELS[person["job"]]


def people(life: Life, old: Traced, new: Traced) -> Iterator[Label]:
    """Yield births, deaths, who comes and goes, and changes of work."""
    before = {person["id"]: person for person in old.persons}
    after = {person["id"]: person for person in new.persons}
    gone, come = before.keys() - after.keys(), after.keys() - before.keys()
    for number in sorted(gone):
        name, left = called(life, before[number]), _why_gone(new, len(gone))
        yield Label(f"{name.zh}：{left.zh}", f"{name.en}: {left.en}")
    for number in sorted(come):
        name, born = called(life, after[number]), after[number]["birth_month"] == new.month
        yield Label(f"{'出生' if born else '新来'}：{name.zh}", f"{'born' if born else 'joins the family'}: {name.en}")
    for number in sorted(before.keys() & after.keys()):
        was, now = before[number], after[number]
        if was["job"] != now["job"]:
            name, why = called(life, now), _why_work(life, was, now, new.month)
            zh, en = (f"（{why.zh}）", f" ({why.en})") if why else ("", "")
            yield Label(
                f"{name.zh}：{JOB_LABELS[was['job']].zh}→{JOB_LABELS[now['job']].zh}{zh}",
                f"{name.en}: {JOB_LABELS[was['job']].en} -> {JOB_LABELS[now['job']].en}{en}",
            )


def _why_gone(new: Traced, gone: int) -> Label:
    """Return why members are no longer there, as far as the month's counts tell."""
    counts = new.counts
    if counts["deaths"] == gone:
        return Label("去世", "died")
    if counts["deaths"] == 0:
        married = counts["marriages_out"] == gone
        return (
            Label("出嫁或入赘离家", "married and left")
            if married
            else Label("离家或分户", "left for good or founded a household")
        )
    return Label("去世或离开", "died or left")


def _why_work(life: Life, was: Mapping[str, Any], now: Mapping[str, Any], month: int) -> Label | None:
    """Return why a member's work is another one; None where it is the own choice or the job market."""
    if was["job"] in PLACES:
        return _why_place_ended(life, was, now, month)
    if now["sick_months"] > 0:
        return Label("因病停工", "too ill to work")
    if was["job"] == "migrant" and not now["can_leave_home"]:
        return Label("返乡，不再外出", "comes home for good")
    if was["job"] == "migrant" and now["home_until"] > month:
        return Label("返乡一段时间", "comes home for a spell")
    return None


def _why_place_ended(life: Life, was: Mapping[str, Any], now: Mapping[str, Any], month: int) -> Label:
    """Return why a post, a workshop's place or work for relief ended."""
    lever = _numbered(life, was["post_lever"])
    oldest = lever.values["maximum_age"].at(month) if lever and "maximum_age" in lever.values else 0.0
    if was["job_end"] in (month, month - 1):
        return Label("合同到期", "the contract ended")
    if oldest and now["age"] > oldest:
        return Label(f"超过{oldest:.0f}岁上限", f"older than the limit of {oldest:.0f}")
    if now["labour"] == "none" or now["sick_months"] > 0:
        return Label("不再能胜任", "no longer fit for it")
    return Label("岗位取消或不再符合条件", "the place ended, or its conditions are no longer met")


def _numbered(life: Life, number: int) -> Lever | None:
    """Return a lever by its number in the rules."""
    levers = life.scenario.rules.levers
    return levers[number] if 0 <= number < len(levers) else None


def health(life: Life, old: Traced, new: Traced) -> Iterator[Label]:
    """Yield what befalls members: illness, capacity, school."""
    before = {person["id"]: person for person in old.persons}
    for now in new.persons:
        was = before.get(now["id"])
        if was is None:
            continue
        for told in (text for changed, text in _befell(was, now) if changed):
            name = called(life, now)
            yield Label(f"{name.zh}：{told.zh}", f"{name.en}: {told.en}")


def _befell(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[bool, Label]]:
    """Yield whether each of some things befell a member, and its name."""
    yield not was["critical_illness"] and now["critical_illness"], Label("患大病", "a critical illness")
    yield was["chronic_disease"] < now["chronic_disease"], Label("新患慢性病", "a chronic condition")
    yield (
        not was["disability_grade"] and now["disability_grade"],
        Label(f"评定残疾{now['disability_grade']}级", f"certified as disabled, grade {now['disability_grade']}"),
    )
    yield was["labour"] == "full" != now["labour"], Label("劳动能力下降", "loses labour capacity")
    yield was["self_care"] == "full" != now["self_care"], Label("生活不能完全自理", "needs care")
    left = was["in_school"] and not now["in_school"]
    finished = now["finished_stage_not_continuing"] and not was["finished_stage_not_continuing"]
    compulsory = was["school_stage"] == "compulsory" and now["age"] < ADULT and not finished
    yield left and finished, Label("毕业后不再升学", "finishes school and does not go on")
    yield left and compulsory, Label("义务教育阶段辍学", "drops out of compulsory school")
    yield left and not finished and not compulsory, Label("离开学校", "leaves school")
    yield not was["in_school"] and now["in_school"] and now["age"] > 6, Label("返校", "goes back to school")
