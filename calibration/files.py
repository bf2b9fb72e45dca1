"""Survey files by their ending: Stata, SPSS, CSV, Excel, Parquet. Only asked columns are read, a chunk at a time.

No message of a reading library is passed on: it might hold a value of a row.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from calibration.problems import SurveyError, rows
from scenarios.problems import Problem, listing

CHUNK = 250_000
"""Rows that are held at a time before they are turned into our columns."""
_FIRST = 4_000_000
"""Bytes from which the encoding of a text file is found out."""
GUESSES = ("utf-8-sig", "gb18030")


def digest_of(path: str | Path) -> str:
    """Return the SHA-256 of a survey's file, or of the names and contents of all files of its folder, in order."""
    given = Path(path)
    if given.is_file():
        return _hashed(given)
    files = sorted(part for part in given.rglob("*") if part.is_file())
    lines = [f"{part.relative_to(given).as_posix()} {_hashed(part)}" for part in files]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _hashed(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@dataclass(frozen=True)
class Table:
    """An opened file.

    Attributes:
        path: the file.
        variables: its columns.
        labels: what its columns are called beside their names.
        meanings: value labels: by column, from code as text to label.
        total: rows it says it has; None where it does not say.
        read: returns chunks of some columns; rows at most are read, all where it is None.
    """

    path: Path
    variables: tuple[str, ...]
    read: Callable[[Sequence[str], int | None], Iterator[pd.DataFrame]]
    labels: Mapping[str, str] = field(default_factory=dict)
    meanings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    total: int | None = None

    def chunks(self, variables: Sequence[str], most: int | None = None) -> Iterator[pd.DataFrame]:
        """Return chunks of some columns.

        Raises:
            SurveyError: when the file breaks off, or holds text in another encoding.
        """
        seen = 0
        try:
            for chunk in self.read(variables, most):
                seen += len(chunk)
                yield chunk
        except Exception as error:
            raise _unreadable(self.path, error) from None
        if most is None and self.total is not None and seen < self.total:
            given = f"breaks off: {rows(seen, self.total)} could be read"
            raise _refusal(self.path, given, "a whole file", "copy it again from its source")


def _refusal(path: Path, given: str, allowed: str, hint: str = "") -> SurveyError:
    """Return an error about a file as a whole."""
    return SurveyError([Problem(path.name, "file", given, allowed, hint)])


def _unreadable(path: Path, error: Exception) -> Exception:
    """Return what to tell the user about a file that a library cannot read; its own words may hold values."""
    if isinstance(error, SurveyError | MemoryError):
        return error
    if isinstance(error, ImportError):
        return _refusal(path, f"a package is missing ({error.name})", "an installed reader", "pip install 'fangpin[survey]'")
    text = str(error).lower()
    if isinstance(error, LookupError) and "unknown encoding" in text:
        return _refusal(path, "an encoding that there is not", "names such as utf-8, gb18030, gbk", "see encoding=")
    if isinstance(error, UnicodeDecodeError | LookupError) or "encod" in text or "convert string" in text:
        hint = "name the right one: encoding=gb18030 (covers GBK), or encoding: in the codebook"
        return _refusal(path, "text in another encoding", "the file's encoding", hint)
    given = f"cannot be read as {path.suffix} ({type(error).__name__})"
    return _refusal(path, given, "a whole file of that kind", "it may be cut off, or have a wrong ending; copy it again")


def open_table(path: Path, encoding: str = "") -> Table:
    """Open a file.

    Args:
        path: the file; its ending says its kind.
        encoding: of its text; empty to find out.

    Raises:
        SurveyError: when there is no such file, it is of another kind, or it cannot be read.
    """
    kind = _KINDS.get(path.suffix.lower())
    if not path.exists():
        raise _refusal(path, "no such file or folder", "a file, or a folder with the files of all waves")
    if kind is None:
        raise _refusal(path, f"ending '{path.suffix}'", listing(_KINDS), "save it as one of these")
    try:
        if not path.is_file():
            raise _refusal(path, "no file", "a file")
        if path.stat().st_size == 0:
            raise _refusal(path, "empty", "a file with rows")
        table = kind(path, encoding)
    except Exception as error:
        raise _unreadable(path, error) from None
    if not table.variables:
        raise _refusal(path, "no columns", "a header with the names of the variables")
    return table


def endings() -> tuple[str, ...]:
    """Return the endings of files that can be read."""
    return tuple(_KINDS)


def _statistical(path: Path, encoding: str) -> Table:
    """Open a Stata or SPSS file: values and labels apart; the file's own missing values are missing."""
    import pyreadstat

    reader: Any = pyreadstat.read_dta if path.suffix.lower() == ".dta" else pyreadstat.read_sav
    options: dict[str, Any] = {"encoding": encoding} if encoding else {}
    _, meta = reader(str(path), metadataonly=True, **options)

    def read(variables: Sequence[str], most: int | None) -> Iterator[pd.DataFrame]:
        limit = meta.number_rows if most is None else min(most, meta.number_rows or most)
        start = 0
        while limit is None or start < limit:
            size = CHUNK if limit is None else min(CHUNK, limit - start)
            # dates stay numbers: no survey variable of ours is one
            chunk, _ = reader(
                str(path), usecols=list(variables), row_offset=start, row_limit=size, disable_datetime_conversion=True, **options
            )
            if not len(chunk):
                return
            yield chunk
            start += len(chunk)

    labels = {name: str(label) for name, label in zip(meta.column_names, meta.column_labels, strict=True) if label}
    meanings = {
        name: {_code(code): str(label).strip() for code, label in codes.items()}
        for name, codes in meta.variable_value_labels.items()
    }
    return Table(path, tuple(meta.column_names), read, labels, meanings, meta.number_rows)


def _code(code: object) -> str:
    """Return a code of a value label as text."""
    from calibration.coding import as_code

    return as_code(code)


def _text(path: Path, encoding: str) -> Table:
    """Open a CSV file, or one with tabs."""
    encoding = encoding or _found_encoding(path)
    separator = "\t" if path.suffix.lower() in (".tsv", ".txt") else ","
    with path.open(encoding=encoding, newline="") as stream:
        header = next(csv.reader(stream, delimiter=separator), [])
    names = tuple(name.strip() for name in header)
    _check_end(path, encoding, separator, len(names))

    def read(variables: Sequence[str], most: int | None) -> Iterator[pd.DataFrame]:
        places = [names.index(name) for name in variables]
        frames = pd.read_csv(
            path, encoding=encoding, sep=separator, header=0, names=list(range(len(names))), usecols=places, chunksize=CHUNK,
            nrows=most, thousands=",", skipinitialspace=True, low_memory=False, index_col=False,
        )  # fmt: skip
        for chunk in frames:
            yield chunk[places].set_axis(list(variables), axis=1)

    return Table(path, names, read)


def _found_encoding(path: Path) -> str:
    """Return the first of the usual encodings in which the beginning of a file is text."""
    with path.open("rb") as stream:
        start = stream.read(_FIRST)
    start = start[: start.rfind(b"\n") + 1] or start
    for encoding in GUESSES:
        try:
            start.decode(encoding)
            return encoding
        except UnicodeDecodeError:
            continue
    raise LookupError("encoding")


def _check_end(path: Path, encoding: str, separator: str, width: int) -> None:
    """Refuse a text file whose last row has fewer fields than its header: it is cut off."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - 65_536))
        end = stream.read()
    last = end.rstrip(b"\r\n").rsplit(b"\n", 1)[-1].decode(encoding, errors="replace")
    fields = next(csv.reader([last], delimiter=separator), [])
    if len(fields) < width:
        given = f"breaks off: its last row has {len(fields)} of {width} fields"
        raise _refusal(path, given, "a whole file", "copy it again from its source")


def _excel(path: Path, encoding: str) -> Table:
    """Open the first sheet of an Excel file."""
    frame = pd.read_excel(path, dtype=object, engine="openpyxl")
    frame.columns = pd.Index([str(name).strip() for name in frame.columns])

    def read(variables: Sequence[str], most: int | None) -> Iterator[pd.DataFrame]:
        yield frame[list(variables)].head(most) if most is not None else frame[list(variables)]

    return Table(path, tuple(frame.columns), read, total=len(frame))


def _parquet(path: Path, encoding: str) -> Table:
    """Open a Parquet file."""
    import pyarrow.parquet as parquet

    with parquet.ParquetFile(path) as opened:
        names, total = tuple(opened.schema_arrow.names), opened.metadata.num_rows

    def read(variables: Sequence[str], most: int | None) -> Iterator[pd.DataFrame]:
        left = total if most is None else min(most, total)
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=CHUNK, columns=list(variables)):
                if left <= 0:
                    return
                yield batch.to_pandas().head(left)[list(variables)]
                left -= batch.num_rows

    return Table(path, names, read, total=total)


_KINDS: dict[str, Callable[[Path, str], Table]] = {
    ".dta": _statistical,
    ".sav": _statistical,
    ".zsav": _statistical,
    ".csv": _text,
    ".tsv": _text,
    ".txt": _text,
    ".xlsx": _excel,
    ".parquet": _parquet,
}
