"""Reads a plain subset of YAML with the line of every value: no aliases, tags, repeated keys or interpolation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from scenarios.problems import Report, ScenarioError

Scalar = str | int | float | bool | None
Content = Scalar | list["Node"] | dict[str, "Node"]

_FAST: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same parser in C, ten times as fast, where PyYAML was built with it."""

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_NUMBER = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)([eE][-+]?[0-9]+)?\Z")
_WORDS: dict[str, Scalar] = {"true": True, "false": False, "null": None, "~": None, "": None}
_FORBIDDEN = {
    yaml.AnchorToken: ("an anchor (&)", "write the text out"),
    yaml.AliasToken: ("an alias (*)", "write the text out"),
    yaml.TagToken: ("a tag (!)", "remove it: a scenario holds plain values only"),
    yaml.DirectiveToken: ("a directive (%)", "remove it"),
}


@dataclass(frozen=True)
class Node:
    """A value of a file and where it stands.

    Attributes:
        value: text, number, true, false or nothing; a list of nodes; or a mapping from keys to nodes.
        file: name of the file as shown in messages.
        line: line of the key (in a mapping) or of the value (elsewhere), from 1.
    """

    value: Content
    file: str
    line: int

    @property
    def where(self) -> str:
        """Return ``file:line``; ``override`` alone for what is given by hand."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def plain(self) -> Any:
        """Return the value without places: text, numbers, lists and dicts."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        return [child.plain() for child in self.value] if isinstance(self.value, list) else self.value


def read_yaml(path: Path, shown: str | None = None) -> Node:
    """Read one file.

    Args:
        path: the file.
        shown: its name in messages; the file's own name by default.

    Raises:
        ScenarioError: when the file is missing, is not YAML, or uses more than the plain subset.
    """
    name = shown or path.name
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        report = Report()
        report.add(name, "file", f"cannot be read ({error.__class__.__name__})", "a readable file in UTF-8")
        raise ScenarioError(report.problems) from None
    return parse_yaml(text, name)


def parse_yaml(text: str, name: str) -> Node:
    """Parse the text of one file; see `read_yaml`."""
    try:
        return _parse(text, name, _FAST)
    except ScenarioError:
        # the slow parser, so that the words of an error never depend on how PyYAML was built
        return _parse(text, name, yaml.SafeLoader)


def _parse(text: str, name: str, loader: type[Any]) -> Node:
    """Parse with one of PyYAML's loaders."""
    report = Report()
    try:
        _refuse_tokens(text, name, report, loader)
        report.stop()
        root = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        report.add(f"{name}:{line}", "file", f"not YAML ({error.problem or error.context})", "YAML")
        raise ScenarioError(report.problems) from None
    except yaml.YAMLError as error:
        report.add(name, "file", f"not YAML ({str(error).splitlines()[0]})", "YAML")
        raise ScenarioError(report.problems) from None
    if root is None:
        report.add(f"{name}:1", "file", "empty", "a mapping")
        raise ScenarioError(report.problems)
    node = _convert(root, name, root.start_mark.line + 1, report)
    report.stop()
    return node


def _refuse_tokens(text: str, name: str, report: Report, loader: type[Any]) -> None:
    """Refuse the parts of YAML that hide where a value comes from or that name code."""
    for token in yaml.scan(text, Loader=loader):
        if type(token) in _FORBIDDEN:
            given, hint = _FORBIDDEN[type(token)]
            report.add(f"{name}:{token.start_mark.line + 1}", "file", given, "plain values", hint)


def _convert(node: yaml.Node, name: str, line: int, report: Report) -> Node:
    """Turn a composed node into ours."""
    if isinstance(node, yaml.MappingNode):
        return Node(_mapping(node, name, report), name, line)
    if isinstance(node, yaml.SequenceNode):
        return Node([_convert(item, name, item.start_mark.line + 1, report) for item in node.value], name, line)
    assert isinstance(node, yaml.ScalarNode)
    return Node(_scalar(node, name, line, report), name, line)


def _mapping(node: yaml.MappingNode, name: str, report: Report) -> dict[str, Node]:
    """Turn a mapping into a dict; the line of each value is the line of its key."""
    content: dict[str, Node] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        where = f"{name}:{line}"
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else ""
        if not key or key == "<<":
            report.add(where, key or "key", "not a plain key", "text")
        elif key.startswith("_"):
            report.add(where, key, "a key that begins with '_'", "names that begin with a letter")
        elif key in content:
            report.add(where, key, f"given twice (first on line {content[key].line})", "each key once", "remove one")
        else:
            content[key] = _convert(value_node, name, line, report)
    return content


def _scalar(node: yaml.ScalarNode, name: str, line: int, report: Report) -> Scalar:
    """Read text, a number, true, false or nothing; quoted text stays text."""
    text = str(node.value)
    if "${" in text:
        report.add(f"{name}:{line}", "value", f"{text!r} holds '${{'", "plain text", "write the value itself")
    if node.style:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.match(text):
        return int(text)
    return float(text) if _NUMBER.match(text) and not text.lstrip("+-").startswith("00") else text
