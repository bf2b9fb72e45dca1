"""Worked households: for every direct lever the payment or state worked by hand from its rule, at the edges of its thresholds.

A file `tests/worked/<lever>.yaml`, named after the catalogue id, holds one or more cases::

    lever: medical_assistance_annual_limit      # catalogue id
    about: what the rule says, in a line
    base:                       # laid under every case: mappings by key, lists one after the other; all keys of a case
      household: {group: ex_poor, set: {dibao_stage: paid}}
      members:
        man: {sex: male, born: 1970-01}         # births differ: a member is found by the month of birth
    cases:
      - id: just_below          # one case for each side of a threshold: just below, at it, just above
        about: why this is the figure
        place: golden           # default; conventions under which nothing happens by chance
        policy: kept            # default
        overrides: ["medical_assistance.dibao.cap=1000"]     # changes of the scenario as `fangpin run` takes them
        start: 2021-01          # default; a January
        village: own            # default shared; own: in the county too the family is alone in its village, with its funds
        alone: reason           # the case lives only by itself, because its lever looks at the whole county
        household: {...}        # with members, events as in docs/families.md: `set` takes columns, amounts in fen
        events:
          - {month: 2021-03, member: man, admitted: 10000}
        expect:                 # by month: what was worked out, in yuan; the comment shows the arithmetic
          2021-03:
            paid: {medical_assistance.dibao: 999.99}    # by lever entry: to the household or for it in this month; may be 0
            counts: {own_medical: 1234.50}              # counts of this household alone (docs/reference.md)
            household: {dibao: 1, dibao_stage: paid}    # columns at the end of the month: enumerations by name, amounts in yuan
            members: {man: {own_share: 30}}

Each case lives by itself and inside one county of thousands into which all families of the same place, policy, changes and
disasters move together; nothing is rationed in either; every figure is compared to the fen. A direct lever of the catalogue
without a file fails, unless `exempt/<group>.yaml` gives the reason (id: reason). Print what a family lives with
`PYTHONPATH=.:tests python -m worked.show FILE [CASE]`.
"""

from __future__ import annotations

import pytest
import yaml

from scenarios.problems import ScenarioError
from worked.cases import FOLDER, Case, exemptions, files, read_file
from worked.living import alone, misses, together

PLANS = FOLDER.parents[1] / "scenarios" / "plans"
CASES = [case for path in files() for case in read_file(path)]


def worlds() -> dict[tuple[object, ...], list[Case]]:
    """Return the cases by the world that they share."""
    found: dict[tuple[object, ...], list[Case]] = {}
    for case in CASES:
        if not case.alone:
            found.setdefault(case.world, []).append(case)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_alone(case: Case):
    found = misses(case, alone(case))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("cases", worlds().values(), ids=lambda cases: f"{cases[0].name}+{len(cases) - 1}")
def test_in_a_county_of_thousands(cases: list[Case]):
    lived = together(cases)
    found = [line for case in cases for line in misses(case, lived[case.name])]
    assert not found, "\n".join(found)


def test_a_file_is_named_after_its_lever():
    assert [path.stem for path in files()] == sorted({case.lever for case in CASES})
    assert len({case.name for case in CASES}) == len(CASES)


def direct_levers() -> set[str]:
    """Return the direct levers of the catalogue."""
    books = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(PLANS.glob("*.yaml"))]
    return {lever["id"] for book in books for lever in book.get("levers") or () if lever.get("kind") == "direct"}


@pytest.mark.skipif(not PLANS.exists(), reason="the catalogue is not there yet")
def test_every_direct_lever_has_a_worked_household():
    worked = {case.lever for case in CASES}
    missing = sorted(direct_levers() - worked - set(exemptions()))
    assert not missing, f"direct levers without a file in tests/worked: {', '.join(missing)}"


def test_an_exemption_has_a_reason_and_no_file():
    worked = {case.lever for case in CASES}
    assert all(reason for reason in exemptions().values())
    assert not worked & set(exemptions())


def test_a_wrong_figure_is_told_and_a_wrong_key_refused(tmp_path):
    (case,) = [one for one in CASES if one.name == "medical_assistance:dibao"]
    month = max(case.expected)
    wrong = {month: {"paid": {"medical_assistance.dibao": 1.23}, "household": {"members": 99}}}
    found = misses(Case(case.lever, case.id, case.policy, case.described, wrong), alone(case))
    assert len(found) == 2 and "worked out 1.23" in found[0] and "worked out 99" in found[1]
    bad = tmp_path / "bad.yaml"
    bad.write_text("lever: x\ncases:\n  - {id: a, membrs: {}, expect: {}}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="membrs"):
        read_file(bad)
    bad.write_text(
        "lever: x\ncases:\n  - {id: a, members: {a: {sex: f, born: 1970-01}}, expect: {2021-01: {}}}\n", encoding="utf-8"
    )
    with pytest.raises(ScenarioError):
        read_file(bad)
