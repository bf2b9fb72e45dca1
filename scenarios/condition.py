"""Conditions over named attributes: text in, any-of-all-of intervals out. A small grammar, no evaluation of code.

    condition := all ("or" all)*
    all       := one ("and" one)*
    one       := "not" one | "(" condition ")" | "True" | "False" | attribute | attribute test
    test      := ("==" | "!=" | "<" | "<=" | ">" | ">=") literal | "in" "(" literal ("," literal)* ")"

Amounts are yuan; columns in fen get fen. Strict signs on whole numbers step by one, on others to the next number.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from scenarios.problems import listing, nearest
from sim.rules import Condition, Term
from sim.state import COLUMNS, COUNTY, FLAG, RESERVED, Column, attribute

MOST_CLAUSES = 64
"""A condition that unfolds into more alternatives than this is refused."""

TESTED_KINDS = ("i1", "i2", "i4")
"""How a column must be stored for the engine to test it month by month."""

_TOKEN = re.compile(
    r"""\s*(?:(?P<sign>==|!=|<=|>=|<|>|\(|\)|,)|(?P<text>'[^']*'|"[^"]*")"""
    r"""|(?P<number>-?\d+(?:\.\d+)?)|(?P<word>[A-Za-z_][\w.]*))"""
)
_SIGNS = ("==", "!=", "<", "<=", ">", ">=")
_EVERYBODY: Condition = ((),)
_NOBODY: Condition = ()


class ConditionError(ValueError):
    """A condition that cannot be read.

    Attributes:
        given: what stands there.
        allowed: what may stand there.
        hint: nearest match or remedy.
    """

    def __init__(self, given: str, allowed: str, hint: str = "") -> None:
        """Keep the three parts of the message."""
        super().__init__(f"{given}; allowed: {allowed}. {hint}".rstrip(". "))
        self.given, self.allowed, self.hint = given, allowed, hint


@dataclass(frozen=True)
class Token:
    """A piece of a condition: ``sign``, ``text`` (quoted), ``number`` or ``word``; its text and where it begins."""

    kind: str
    text: str
    place: int


def parse_condition(text: str) -> Condition:
    """Compile a condition to alternatives of intervals.

    Args:
        text: such as ``h.ex_poor and not (h.dibao or h.monitored)``.

    Returns:
        Clauses of terms; ``((),)`` is everybody, ``()`` nobody.

    Raises:
        ConditionError: when the text is not a condition over known attributes.
    """
    parser = _Parser(tokens(text))
    condition = parser.either(True)
    parser.end()
    return condition


def attributes_of(condition: Condition) -> tuple[str, ...]:
    """Return the attributes that a condition tests, sorted."""
    return tuple(sorted({term.attribute for clause in condition for term in clause}))


def tokens(text: str) -> list[Token]:
    """Cut the text into signs, numbers, quoted names and words."""
    found: list[Token] = []
    place = 0
    while place < len(text.rstrip()):
        match = _TOKEN.match(text, place)
        if match is None:
            allowed = "attributes, numbers, 'names', and, or, not, in, comparisons, parentheses"
            raise ConditionError(f"{text[place:].strip()[:20]!r}", allowed)
        kind = str(match.lastgroup)
        found.append(Token(kind, match.group(kind), place))
        place = match.end()
    return found


class _Parser:
    """Recursive descent; ``sign`` False stands for an odd number of nots above."""

    def __init__(self, pieces: list[Token]) -> None:
        self.tokens = pieces
        self.at = 0

    def peek(self) -> str:
        """Return the next token's text, empty at the end."""
        return self.tokens[self.at].text if self.at < len(self.tokens) else ""

    def take(self, expected: str = "") -> Token:
        """Consume the next token, of a given text when one is asked for."""
        if self.at >= len(self.tokens) or (expected and self.peek() != expected):
            given = f"'{self.peek()}'" if self.peek() else "the end of the condition"
            raise ConditionError(given, f"'{expected}'" if expected else "an attribute")
        self.at += 1
        return self.tokens[self.at - 1]

    def end(self) -> None:
        """Check that nothing is left."""
        if self.at < len(self.tokens):
            raise ConditionError(f"'{self.peek()}' after a whole condition", "and, or, the end")

    def either(self, sign: bool) -> Condition:
        """Parse alternatives."""
        condition = self.both(sign)
        while self.peek() == "or":
            self.take()
            other = self.both(sign)
            condition = _any(condition, other) if sign else _all(condition, other)
        return condition

    def both(self, sign: bool) -> Condition:
        """Parse what must hold together."""
        condition = self.one(sign)
        while self.peek() == "and":
            self.take()
            other = self.one(sign)
            condition = _all(condition, other) if sign else _any(condition, other)
        return condition

    def one(self, sign: bool) -> Condition:
        """Parse a negation, a group, a constant or a test."""
        token = self.take()
        if token.text == "not":
            return self.one(not sign)
        if token.text == "(":
            condition = self.either(sign)
            self.take(")")
            return condition
        if token.text in ("True", "False"):
            return _EVERYBODY if (token.text == "True") == sign else _NOBODY
        if token.kind != "word" or token.text in ("and", "or", "in"):
            raise ConditionError(f"'{token.text}'", "an attribute such as h.ex_poor, not, or a group")
        return self.test(_column(token.text), token.text, sign)

    def test(self, column: Column, name: str, sign: bool) -> Condition:
        """Parse what follows an attribute."""
        operator = self.peek()
        if operator == "in":
            self.take()
            return _members(column, name, [_code(column, name, token) for token in self.choices()], sign)
        if operator in _SIGNS:
            self.take()
            code = _code(column, name, self.take(), operator)
            return _compare(column, name, operator if sign else _OPPOSITE[operator], code)
        if column.values != FLAG:
            raise ConditionError(f"'{name}' alone", f"a comparison, because it is {_what(column)}")
        return _compare(column, name, "==" if sign else "!=", 1.0)

    def choices(self) -> list[Token]:
        """Parse the list after ``in``."""
        self.take("(")
        found = [self.take()]
        while self.peek() == ",":
            self.take()
            found.append(self.take())
        self.take(")")
        return found


_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_PREFIX = {"person": "p", "household": "h", "village": "v", "county": "j"}


def _column(name: str) -> Column:
    """Return the column of an attribute."""
    column = attribute(name)
    if column is None:
        known = [f"{_PREFIX[c.entity]}.{c.name}" for c in (*COLUMNS, *COUNTY, *RESERVED) if c.entity in _PREFIX]
        allowed = "a column of the state: p. for persons, h. for households, v. for villages, j. for the county"
        raise ConditionError(f"unknown attribute '{name}'", allowed, nearest(name, known))
    if column not in RESERVED and (column.length != 1 or column.entity == "village" or column.kind not in TESTED_KINDS):
        allowed = "attributes of persons and households with one small whole number"
        raise ConditionError(f"'{name}', which the engine cannot test", allowed)
    return column


def _code(column: Column, name: str, token: Token, operator: str = "==") -> float:
    """Return the number that a literal stands for in a column."""
    if token.kind == "text":
        word = token.text[1:-1]
        if not column.values or column.values == FLAG:
            raise ConditionError(f"'{word}' for '{name}'", f"a number, because it is {_what(column)}")
        if word not in column.values:
            raise ConditionError(f"'{word}' for '{name}'", listing(column.values), nearest(word, column.values))
        if operator not in ("==", "!="):
            raise ConditionError(f"'{name} {operator} '{word}''", "==, != or in, because names have no order")
        return float(column.values.index(word))
    if token.kind != "number":
        raise ConditionError(f"'{token.text}' after '{name}'", "a number or a quoted name")
    if column.values and column.values != FLAG:
        raise ConditionError(f"{token.text} for '{name}'", listing(column.values), "write the name in quotes")
    return float(token.text) * (100 if column.unit.startswith("fen") else 1)


def _compare(column: Column, name: str, operator: str, value: float) -> Condition:
    """Return the intervals of one comparison."""
    whole = column.kind != "f4"
    below = float(math.ceil(value) - 1) if whole else math.nextafter(value, -math.inf)
    above = float(math.floor(value) + 1) if whole else math.nextafter(value, math.inf)
    down, up = (float(math.floor(value)), float(math.ceil(value))) if whole else (value, value)
    intervals = {
        "==": ((value, value),),
        "!=": ((-math.inf, below), (above, math.inf)),
        "<": ((-math.inf, below),),
        "<=": ((-math.inf, down),),
        ">": ((above, math.inf),),
        ">=": ((up, math.inf),),
    }[operator]
    if column.values:
        limits = [(max(low, 0.0), min(high, len(column.values) - 1.0)) for low, high in intervals]
        intervals = tuple((low, high) for low, high in limits if low <= high)
    return tuple((Term(name, low, high),) for low, high in intervals)


def _members(column: Column, name: str, codes: list[float], sign: bool) -> Condition:
    """Return the intervals of a list of values, or of all others; neighbouring whole numbers share an interval."""
    if not sign:
        condition = _EVERYBODY
        for code in sorted(set(codes)):
            condition = _all(condition, _compare(column, name, "!=", code))
        return condition
    intervals: list[tuple[float, float]] = []
    for code in sorted(set(codes)):
        if intervals and column.kind != "f4" and code == intervals[-1][1] + 1:
            intervals[-1] = (intervals[-1][0], code)
        else:
            intervals.append((code, code))
    return tuple((Term(name, low, high),) for low, high in intervals)


def _what(column: Column) -> str:
    """Say what kind of attribute a column is."""
    if column.values == FLAG:
        return "a yes-or-no attribute"
    return f"one of {listing(column.values)}" if column.values else f"a number ({column.unit or 'no unit'})"


def _any(left: Condition, right: Condition) -> Condition:
    """Join alternatives, without repeats and without those that another one contains."""
    clauses = list(dict.fromkeys((*left, *right)))
    kept = tuple(c for c in clauses if not any(o is not c and set(o) < set(c) for o in clauses))
    return _limited(kept)


def _all(left: Condition, right: Condition) -> Condition:
    """Combine every alternative of one side with every one of the other."""
    _limited_count(len(left) * len(right))
    joined = (_meet(a, b) for a in left for b in right)
    return _any(tuple(clause for clause in joined if clause is not None), ())


def _meet(left: tuple[Term, ...], right: tuple[Term, ...]) -> tuple[Term, ...] | None:
    """Intersect two clauses; None when nobody can be in both."""
    limits: dict[str, tuple[float, float]] = {}
    for term in (*left, *right):
        low, high = limits.get(term.attribute, (-math.inf, math.inf))
        limits[term.attribute] = (max(low, term.low), min(high, term.high))
    if any(low > high for low, high in limits.values()):
        return None
    return tuple(Term(name, *limits[name]) for name in sorted(limits))


def _limited(condition: Condition) -> Condition:
    """Return a condition that is not too long."""
    _limited_count(len(condition))
    return condition


def _limited_count(count: int) -> None:
    """Refuse a condition that unfolds into too many alternatives."""
    if count > MOST_CLAUSES:
        given = f"a condition with {count} alternatives"
        raise ConditionError(given, f"at most {MOST_CLAUSES}", "split the lever in two")
