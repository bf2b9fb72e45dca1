"""What a study read besides shipped data: the user's files by name and hash, and what these were made from.

Hashes tell whether two results rest on the same survey or posterior without keeping either: no folder and no value of a row
goes into a result.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.study import SYNTHETIC
from scenarios.founders import MARK

if TYPE_CHECKING:
    from experiments.study import Study

MADE_FROM = b"fangpin_made_from"
"""Key in the metadata of a Parquet table of draws: what they were made from, as JSON. Populations have one of their own."""
FILES = (".yaml", ".yml", ".csv", ".parquet")
"""Endings by which a word of a study is a file of the user's."""
_BLOCK = 1 << 20


def file_hash(path: str | Path) -> str:
    """Return the SHA-256 of a file, or of all files of a folder in the order of their names; empty where nothing can be read."""
    root = Path(path)
    try:
        if root.is_dir():
            parts = [(one.name, file_hash(one)) for one in sorted(root.iterdir()) if one.is_file()]
            return hashlib.sha256(json.dumps(parts).encode()).hexdigest() if parts else ""
        told = root.stat()
    except OSError:
        return ""
    return _hashed(str(root), told.st_mtime_ns, told.st_size)


@lru_cache(maxsize=256)
def _hashed(path: str, changed: int, size: int) -> str:
    """Return the SHA-256 of a file; of one that is as it was, the hash is remembered."""
    digest = hashlib.sha256()
    try:
        with open(path, "rb") as handle:
            while block := handle.read(_BLOCK):
                digest.update(block)
    except OSError:
        return ""
    return digest.hexdigest()


def with_origin(table: Any, origin: dict[str, Any]) -> Any:
    """Return a table of pyarrow that says what it was made from."""
    metadata = {**(table.schema.metadata or {}), MADE_FROM: json.dumps(origin, sort_keys=True).encode()}
    return table.replace_schema_metadata(metadata)


def origin_of(path: str | Path) -> dict[str, Any]:
    """Return what a table of draws or a population was made from, as it says itself; nothing where it does not."""
    if Path(path).suffix != ".parquet":
        return {}
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        metadata = pq.read_schema(path).metadata or {}
        found = json.loads(metadata.get(MADE_FROM) or metadata.get(MARK, b"{}"))
    except (OSError, ValueError, pa.ArrowException):
        return {}
    return found if isinstance(found, dict) else {}


def read_files(study: Study) -> list[dict[str, Any]]:
    """Return the user's files behind a study: what each is for, its name without folders, its hash, what it was made from."""
    named = [("place", study.place), *(("policy", name) for name in study.policies), *(("levers", name) for name in study.levers)]
    named += [("parameters", study.parameters), ("population", study.founders)]
    found = []
    for use, name in named:
        # a county that a file lists stands behind the file's name; the changes of a cell behind a policy's
        path = next((name[: name.index(end) + len(end)] for end in FILES if end in name), "")
        if path:
            row = {"use": use, "name": Path(path).name, "sha256": file_hash(path)}
            origin = origin_of(path) if use in ("parameters", "population") else {}
            found.append({**row, "made_from": origin} if origin else row)
    return found


def sources(study: Study) -> dict[str, Any]:
    """Return where the persons and the parameters of a study come from, for the provenance of its runs."""
    drawn = study.parameters if study.parameters in ("", "priors") else "file"
    told: dict[str, Any] = {"population": study.population, "parameters": drawn or "values of the place"}
    files = read_files(study)
    if files:
        told["files"] = files
    if study.population != SYNTHETIC and not any(one["use"] in ("place", "population") for one in files):
        told["population_file"] = "none named: the place is a shipped one"
    return told
