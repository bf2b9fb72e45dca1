"""The plain subset of YAML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.problems import ScenarioError
from scenarios.yamlfile import parse_yaml, read_yaml


def test_values_keep_their_lines():
    node = parse_yaml("a: 1\nb:\n  - x\n  - {c: 2.5}\n", "f.yaml")
    assert node.value["a"].where == "f.yaml:1"
    assert node.value["b"].where == "f.yaml:2"
    assert [item.line for item in node.value["b"].value] == [3, 4]
    assert node.value["b"].value[1].value["c"].value == 2.5


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1), ("-3", -3), ("0.5", 0.5), ("1e-3", 0.001), ("true", True), ("null", None), ("no", "no"), ("on", "on"),
        ("2021-04", "2021-04"), ("2021-04-26", "2021-04-26"), ("12:30", "12:30"), ("'1'", "1"), ("007", "007"),
        ("1_000", "1_000"), (".inf", ".inf"), ("nan", "nan"),
    ],
)  # fmt: skip
def test_scalars_are_what_they_look_like(text, value):
    found = parse_yaml(f"a: {text}", "f.yaml").value["a"].value
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\na: 2", r"f.yaml:2: a: given twice \(first on line 1\)"),
        ("a: &x 1\nb: *x", "f.yaml:1: file: an anchor"),
        ("a: &x 1\nb: *x", "f.yaml:2: file: an alias"),
        ("a: !!python/object:os.system 1", r"f.yaml:1: file: a tag \(!\)"),
        ("a: !!float 1", r"a tag \(!\)"),
        ("%YAML 1.1\n---\na: 1", "a directive"),
        ("a:\n  _target_: x", "f.yaml:2: _target_: a key that begins with '_'"),
        ("a: ${oc.env:HOME}", r"f.yaml:1: value: '\${oc.env:HOME}' holds"),
        ("a: {<<: {b: 1}}", "<<: not a plain key"),
        ("? [a]\n: 1", "not a plain key"),
        ("a: [1", "f.yaml:.*not YAML"),
        ("a: 1\n\tb: 2", "f.yaml:2: file: not YAML"),
        ("", "f.yaml:1: file: empty"),
        ("a: 1\n---\nb: 2", "not YAML"),
        ("a: \x00", "not YAML"),
    ],
)
def test_refuses_everything_else(text, message):
    with pytest.raises(ScenarioError, match=message):
        parse_yaml(text, "f.yaml")


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(ScenarioError, match=r"gone.yaml: file: cannot be read"):
        read_yaml(tmp_path / "gone.yaml")
    (tmp_path / "latin.yaml").write_bytes("a: é".encode("latin-1"))
    with pytest.raises(ScenarioError, match="a readable file in UTF-8"):
        read_yaml(tmp_path / "latin.yaml")


@given(st.text(alphabet="ab:-[]{}'\"&*!%<_$ \n#?|>1.,", max_size=60))
def test_any_text_is_read_or_refused_in_our_words(text):
    try:
        parse_yaml(text, "f.yaml")
    except ScenarioError as error:
        assert error.problems
