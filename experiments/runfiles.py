"""The files of one run: Parquet tables and a summary, equal for equal runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.output import Output
from experiments.stopped import OtherVersion
from sim.indicators import GROUPS, INDICATORS

Columns = dict[str, Any]
SHARED = "shared"
"""Folder of a study for what many of its runs have in common: scenarios, what they assume, names; each by its hash."""
PROVENANCE = "provenance.json"
"""Where a run came from; not equal for equal runs."""


def _table(columns: Columns) -> bytes:
    """Return columns as Parquet, compressed with zstd, without anything that depends on clock or place."""
    import pyarrow as pa

    return table_bytes(pa.table(columns))


def table_bytes(table: Any) -> bytes:
    """Return a table of pyarrow as Parquet, compressed with zstd."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    stream = pa.BufferOutputStream()
    pq.write_table(table, stream, compression="zstd", compression_level=3)
    written: bytes = stream.getvalue().to_pybytes()
    return written


def _names(names: list[str], repeats: int, tiles: int) -> Any:
    """Return a column of names, each `repeats` times, the whole `tiles` times, stored as codes."""
    import pyarrow as pa

    codes = np.tile(np.repeat(np.arange(len(names), dtype=np.int32), repeats), tiles)
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(names))


def indicator_columns(first_month: int, record: NDArray[np.int64]) -> Columns:
    """Return the long table of a record: month, group, indicator, value; ordered by them."""
    months, groups, indicators = record.shape
    return {
        "month": np.repeat(np.arange(first_month, first_month + months, dtype=np.int32), groups * indicators),
        "group": _names(list(GROUPS), indicators, months),
        "indicator": _names([indicator.name for indicator in INDICATORS], 1, months * groups),
        "value": np.ascontiguousarray(record, dtype=np.int64).reshape(-1),
    }


def run_files(output: Output) -> dict[str, bytes]:
    """Return the files of a run by name: equal for equal runs, wherever they are made. Its provenance is no part of them."""
    return {
        "indicators.parquet": _table(indicator_columns(output.first_month, output.record)),
        "households.parquet": _table(output.households),
        "ledger.parquet": _table(output.ledger),
        "accounts.parquet": _table(output.accounts),
        "posts.parquet": _table(output.posts),
        "spells.parquet": _table(output.spells),
        "lists.parquet": _table(output.lists),
        "risks.parquet": _table(output.risks),
        "relapses.parquet": _table(output.relapses),
        "summary.json": json_bytes(output.summary),
    }


def json_bytes(value: Any) -> bytes:
    """Return a value as JSON that people can read."""
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def read_record(folder: Path) -> tuple[int, NDArray[np.int64]]:
    """Return first month and counts by month, group and indicator.

    Raises:
        OtherVersion: if the file lists other groups or indicators than this version.
    """
    import pyarrow.parquet as pq

    table = pq.read_table(folder / "indicators.parquet")
    block = len(GROUPS) * len(INDICATORS)
    head = table.slice(0, block)
    names = [(group, indicator.name) for group in GROUPS for indicator in INDICATORS]
    found = list(zip(head["group"].to_pylist(), head["indicator"].to_pylist(), strict=True))
    if found != names or table.num_rows % block:
        raise OtherVersion(f"{folder}: indicators.parquet was written by another version of fangpin; run the command again")
    values = table["value"].to_numpy().reshape(-1, len(GROUPS), len(INDICATORS))
    return int(head["month"][0].as_py()), values


def read_columns(folder: Path, name: str) -> dict[str, Any]:
    """Return the columns of a Parquet table of a run, such as ``households.parquet``, as arrays."""
    import pyarrow.parquet as pq

    table = pq.read_table(folder / name)
    return {column: table[column].to_numpy() for column in table.column_names}


def read_provenance(folder: Path) -> dict[str, Any]:
    """Return where a run came from (`experiments.provenance.describe_run`)."""
    told: dict[str, Any] = json.loads((folder / PROVENANCE).read_text(encoding="utf-8"))
    return told


def read_shared(folder: Path, said: Any) -> Any:
    """Return a part of a run's provenance that stands once for many runs of its study.

    Args:
        folder: the run's folder.
        said: what the provenance says: the name of the part, or the part itself, as earlier versions wrote it.
    """
    if not isinstance(said, str):
        return said
    return json.loads((folder.parent.parent / SHARED / f"{said}.json").read_text(encoding="utf-8"))


def read_summary(folder: Path) -> dict[str, Any]:
    """Return the small facts of a run."""
    summary: dict[str, Any] = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    return summary
