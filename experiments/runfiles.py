"""The files of one run: Parquet tables that are equal for equal runs, and their provenance beside them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.output import Output
from sim.indicators import GROUPS, INDICATORS

Columns = dict[str, Any]


def _write_table(path: Path, columns: Columns) -> None:
    """Write columns as Parquet, compressed with zstd, without anything that depends on clock or place."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table(columns), path, compression="zstd", compression_level=3)


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


def write_run(folder: Path, output: Output, provenance: dict[str, Any]) -> None:
    """Write the files of a run into an empty folder."""
    _write_table(folder / "indicators.parquet", indicator_columns(output.first_month, output.record))
    _write_table(folder / "households.parquet", output.households)
    _write_table(folder / "ledger.parquet", output.ledger)
    _write_table(folder / "accounts.parquet", output.accounts)
    _write_table(folder / "posts.parquet", output.posts)
    _write_json(folder / "summary.json", output.summary)
    _write_json(folder / "provenance.json", provenance)


def _write_json(path: Path, value: Any) -> None:
    """Write a value as JSON that people can read."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8", newline="\n")


def read_record(folder: Path) -> tuple[int, NDArray[np.int64]]:
    """Return first month and counts by month, group and indicator.

    Raises:
        ValueError: if the file lists other groups or indicators than this version.
    """
    import pyarrow.parquet as pq

    table = pq.read_table(folder / "indicators.parquet")
    block = len(GROUPS) * len(INDICATORS)
    head = table.slice(0, block)
    names = [(group, indicator.name) for group in GROUPS for indicator in INDICATORS]
    found = list(zip(head["group"].to_pylist(), head["indicator"].to_pylist(), strict=True))
    if found != names or table.num_rows % block:
        raise ValueError(f"{folder}: indicators.parquet was written by another version of fangpin")
    values = table["value"].to_numpy().reshape(-1, len(GROUPS), len(INDICATORS))
    return int(head["month"][0].as_py()), values


def read_columns(folder: Path, name: str) -> dict[str, Any]:
    """Return the columns of ``households.parquet``, ``ledger.parquet``, ``accounts.parquet`` or ``posts.parquet`` as arrays."""
    import pyarrow.parquet as pq

    table = pq.read_table(folder / name)
    return {column: table[column].to_numpy() for column in table.column_names}


def read_summary(folder: Path) -> dict[str, Any]:
    """Return the small facts of a run."""
    summary: dict[str, Any] = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    return summary
