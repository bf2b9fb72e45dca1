"""The mark beside made surveys: that files were made from a simulated county, so that their households are simulated ones.

It names each file with its hash, so it says nothing of files that were changed or put beside them later. It decides which
households are compared by default (`calibration.sample`) and nothing else: no file is treated as nobody's data because of it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from calibration.files import digest_of

MARK = "made.json"


def mark_made(folder: Path, paths: Sequence[Path]) -> None:
    """Note beside made files what they are; what was noted of other files stays."""
    files = _noted(folder) | {path.name: digest_of(path) for path in paths}
    told = {"made_by": "fangpin", "households": "simulated", "files": dict(sorted(files.items()))}
    (folder / MARK).write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def all_made(path: str | Path) -> bool:
    """Return whether every file of a survey stands, unchanged, in the mark beside it."""
    from calibration.matching import survey_files

    given = Path(path)
    noted = _noted(given if given.is_dir() else given.parent)
    return bool(noted) and all(noted.get(file.name) == digest_of(file) for file in survey_files(given))


def _noted(folder: Path) -> dict[str, str]:
    """Return the files that a folder's mark names, with their hashes; none without a mark that can be read."""
    try:
        files = json.loads((folder / MARK).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {str(name): str(value) for name, value in files.items()} if isinstance(files, dict) else {}
