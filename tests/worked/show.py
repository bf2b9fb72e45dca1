"""Print what the families of a file of worked households live: ``PYTHONPATH=.:tests python -m worked.show FILE [CASE]``."""

from __future__ import annotations

import sys
from pathlib import Path

from worked.cases import FOLDER, read_file
from worked.living import alone, misses


def main() -> None:
    """Print, month by month of those looked at, payments and counts that are not zero, and what differs."""
    path = Path(sys.argv[1])
    for case in read_file(path if path.exists() else FOLDER / path):
        if len(sys.argv) > 2 and case.id != sys.argv[2]:
            continue
        months = alone(case)
        print(f"== {case.name}")
        for month in months:
            if month.month in case.expected:
                print(f"  {month.month // 12}-{month.month % 12 + 1:02d} paid", {k: v / 100 for k, v in month.paid.items()})
                print("    counts", {name: count for name, count in month.counts.items() if count})
                print("    household", {name: value for name, value in month.household.items() if value})
                for person in month.persons:
                    print("    person", {name: value for name, value in person.items() if value})
        print("\n".join(misses(case, months)) or "  all as worked out")


if __name__ == "__main__":
    main()
