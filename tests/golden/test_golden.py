"""Numbers that moved without a word in the changelog."""

from __future__ import annotations

import json

import pytest
from golden import FILE, POLICIES, counts


@pytest.mark.parametrize("policy", POLICIES)
def test_the_numbers_have_not_moved(policy):
    wanted = json.loads(FILE.read_text(encoding="utf-8"))[policy]
    found = counts(policy)
    moved = [
        f"{group}.{name}: {wanted[group].get(name)} -> {values}"
        for group, names in found.items()
        for name, values in names.items()
        if wanted[group].get(name) != values
    ]
    assert not moved, "refresh on purpose (see golden.py) and say why in CHANGELOG.md:\n" + "\n".join(moved[:20])
    assert {name for names in wanted.values() for name in names} == {name for names in found.values() for name in names}


def test_a_changed_input_moves_them():
    assert counts("kept", "values.bill_mean=7000") != json.loads(FILE.read_text(encoding="utf-8"))["kept"]
