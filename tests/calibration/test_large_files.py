"""Large files: read a chunk at a time, only what is asked for, in memory bounded by the panel and not by the file."""

import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

ROOT = Path(__file__).parents[2]
BOOK = """name: {zh: 大, en: large}
operator: survey
recall_months: 12
interval: 2
parts:
  - table: households
    wave: {variable: year}
    columns:
      household: {variable: hid}
      weight: {variable: w}
      cluster: {variable: village}
      size: {variable: n}
      income_total: {variable: income, unit: yuan, missing: [-8]}
      consumption: {variable: spent, unit: yuan}
      dibao: {variable: db, codes: {1: yes, 5: no}}
"""
CHILD = """
    import sys, time
    from calibration.reader import read_survey

    def highest():
        # most memory that this process ever held, in kB; the figure of resource would begin with the parent's
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))

    before = highest()
    start = time.process_time()
    panel = read_survey(sys.argv[1], sys.argv[2])
    peak = highest() - before
    held = panel.households.memory_usage(deep=True).sum() / 1024
    mean = float(panel.households["income_total"].mean())
    print(len(panel.households), peak / held, held / 1024, time.process_time() - start, mean)
"""
UNUSED = 4
"""Columns that nobody asks for."""


def write(path, rows, piece=500_000):
    """Write a file of two waves, row groups apart; return the mean income."""
    luck, total, writer = np.random.default_rng(1), 0.0, None
    for start in range(0, rows, piece):
        count = min(piece, rows - start)
        number = np.arange(start, start + count)
        income = np.round(luck.lognormal(10.0, 0.7, count), 2)
        total += income.sum()
        columns = {"hid": number // 2 + 10**8, "year": 2018 + 2 * (number % 2), "w": 1.0 + number % 7, "village": number // 400}
        columns |= {"n": 1 + number % 5, "income": income, "spent": 0.7 * income, "db": np.where(number % 9 == 0, 1, 5)}
        columns |= {f"unused{place}": luck.random(count) for place in range(UNUSED)}
        table = pa.table(columns)
        if path.suffix == ".csv":
            table.to_pandas().to_csv(path, mode="a", header=start == 0, index=False)
            continue
        writer = writer or parquet.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer:
        writer.close()
    return total / rows


def read_alone(path, tmp_path):
    """Read in a process of its own; return rows, peak memory over the panel's, its MB, seconds of the processor, mean income."""
    (tmp_path / "book.yaml").write_text(BOOK, encoding="utf-8")
    words = [sys.executable, "-c", textwrap.dedent(CHILD), str(path), str(tmp_path / "book.yaml")]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    return [float(word) for word in done.stdout.split()]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_a_hundred_thousand_rows(tmp_path, ending):
    mean = write(tmp_path / f"panel.{ending}", 100_000)
    rows, _, _, _, read = read_alone(tmp_path / f"panel.{ending}", tmp_path)
    assert rows == 100_000 and abs(read / mean - 1.0) < 1e-9


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_ten_million_rows_in_bounded_memory(tmp_path, ending):
    mean = write(tmp_path / f"panel.{ending}", 10_000_000)
    rows, share, held, seconds, read = read_alone(tmp_path / f"panel.{ending}", tmp_path)
    print(f"{ending}: panel of {held:.0f} MB, peak {share:.1f} times that, {seconds:.0f} s")
    assert rows == 10_000_000 and abs(read / mean - 1.0) < 1e-9
    assert share < 5.0
