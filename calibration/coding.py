"""What a codebook says once it is read: how the variables of a survey's files become the columns of a panel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from calibration.columns import PanelColumn
from calibration.panel import Meta

UNITS = {"yuan": 1.0, "yuan/month": 12.0, "thousand yuan": 1e3, "10000 yuan": 1e4, "万元": 1e4, "元": 1.0, "fen": 0.01}
"""Units of amounts in files: how many yuan a year each is."""
RULES = ("positive", "birth_year")
"""``positive``: 1 where the amount or count is above zero. ``birth_year``: age, the year of the wave less the number."""
FROM_PERSONS = ("sum", "any", "count")
WAVE_KEYS = ("variable", "file", "year", "each")
WORDS = {"yes": 1.0, "no": 0.0, "missing": float("nan")}
"""What a code may mean beside a number or a job."""


@dataclass(frozen=True)
class Mapped:
    """How one column of ours is found.

    Attributes:
        column: our column.
        variables: the file's names for it; the first that a file has is taken.
        plus: variables added up instead; what is missing in one counts as zero where another is known.
        minus: variables taken off.
        persons: how a household's column comes from its members' rows: ``sum``, ``any``, ``count`` or empty.
        of: the members' column for that.
        factor: yuan a year (or our unit) in one of the file's units.
        missing: codes that mean that nothing was observed, as text.
        codes: the file's codes or labels, as text, and what they mean to us; empty for numbers.
        rule: one of `RULES`, or empty.
        required: whether a file without it is refused.
        checked: whether the user vouches for amounts that look like a mixture of units.
        where: file and line, for messages.
    """

    column: PanelColumn
    variables: tuple[str, ...]
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    persons: str = ""
    of: str = ""
    factor: float = 1.0
    missing: tuple[str, ...] = ()
    codes: Mapping[str, float | str] | None = None
    rule: str = ""
    required: bool = False
    checked: bool = False
    where: str = ""


@dataclass(frozen=True)
class Keep:
    """A condition on the rows of a file: only those with one of these codes are read."""

    variable: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class WaveOf:
    """Where the year of a row's wave stands: in a variable, in the file's name, in the codebook, or in each name of a wide file.

    Attributes:
        variable: a variable with the year; empty for none.
        file: whether it is the ``{wave}`` or ``{yy}`` of the file's name.
        year: one year for all rows; 0 for none.
        each: for a wide file, the text that stands for ``{w}`` in the variables of each wave, and its year.
    """

    variable: str = ""
    file: bool = False
    year: int = 0
    each: Mapping[str, int] | None = None


@dataclass(frozen=True)
class Part:
    """One kind of file of a survey.

    Attributes:
        table: ``households`` or ``persons``.
        file: pattern of the file's name, with ``*`` and ``{wave}``.
        wave: where the year stands.
        columns: what is read.
        keep: conditions that rows must all meet.
        repeated: whether a household stands once for each member, always alike.
        where: file and line, for messages.
    """

    table: str
    file: str
    wave: WaveOf
    columns: tuple[Mapped, ...]
    keep: tuple[Keep, ...] = ()
    repeated: bool = False
    where: str = ""


@dataclass(frozen=True)
class Codebook:
    """A whole codebook.

    Attributes:
        id: its shipped name, or its path.
        names: title in Chinese and English.
        note: what its user must check, in Chinese and English; empty for nothing.
        meta: how the survey measures.
        encoding: encoding of text in its files; empty to find out.
        parts: its kinds of files.
        sample: which of its households stand beside simulated ones (`calibration.sample.SAMPLES`).
    """

    id: str
    names: Mapping[str, str]
    note: Mapping[str, str]
    meta: Meta
    encoding: str
    parts: tuple[Part, ...]
    sample: str = "poorer"


def as_code(value: object) -> str:
    """Return a code of a file as text: whole numbers without a point, text without blanks around it."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
