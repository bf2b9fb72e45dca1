"""The last steps from rows of files to a panel: numbers of units, weights, columns that come from members, empty columns."""

from __future__ import annotations

import numpy as np
import pandas as pd

from calibration.coding import Codebook
from calibration.columns import TABLES
from experiments.labels import Label


def number_units(tables: dict[str, pd.DataFrame]) -> None:
    """Give households, persons and places numbers from 0 on, in the order of the file's ids; unknown places are -1."""
    for name, kind in (("household", "id"), ("person", "id"), *((one.name, one.kind) for one in TABLES["households"])):
        if kind not in ("id", "group"):
            continue
        holding = [frame for frame in tables.values() if name in frame.columns]
        if not holding:
            continue
        raw = [frame[name].fillna(-1).to_numpy(dtype=np.int64) for frame in holding]
        known, numbers = np.unique(np.concatenate(raw), return_inverse=True)
        numbers = numbers - int(kind == "group" and known[0] == -1)
        for frame, part in zip(holding, np.split(numbers, np.cumsum([len(one) for one in raw])[:-1]), strict=True):
            frame[name] = part


def weigh(tables: dict[str, pd.DataFrame], notes: list[Label]) -> bool:
    """Give every row a weight above zero; return whether the weights are the file's.

    Without weights every row counts once. Rows of no weight stand for nobody: they are left out and counted. Persons without
    weights of their own take their household's.
    """
    households = tables["households"]
    weighted = "weight" in households.columns
    if not weighted:
        households["weight"] = 1.0
        notes.append(Label("文件无权数：每行计一次", "the files have no weights: every row counts once"))
    tables["households"] = _with_weight(households, "households", notes)
    persons = tables["persons"]
    if len(persons):
        if "weight" not in persons.columns:
            weights = tables["households"][["household", "wave", "weight"]].drop_duplicates(["household", "wave"])
            persons = persons.merge(weights, on=["household", "wave"], how="left")
        tables["persons"] = _with_weight(persons, "persons", notes)
    return weighted


def _with_weight(frame: pd.DataFrame, table: str, notes: list[Label]) -> pd.DataFrame:
    """Return the rows that have a weight; those below zero are left for the panel's check to refuse."""
    without = frame["weight"].isna() | (frame["weight"] == 0.0)
    count = int(without.sum())
    if count == len(frame):
        return frame
    if count:
        what = {"households": ("户", "household"), "persons": ("人", "person")}[table]
        notes.append(Label(f"{count:,} 个{what[0]}的行无权数，未计入", f"{count:,} {what[1]} rows without a weight are left out"))
        return frame[~without].reset_index(drop=True)
    return frame


def derive(book: Codebook, tables: dict[str, pd.DataFrame]) -> None:
    """Add the columns of households that come from their members' rows."""
    people = tables["persons"]
    for mapped in (one for part in book.parts if part.table == "households" for one in part.columns if one.persons):
        households, name = tables["households"], mapped.column.name
        if not len(people) or (mapped.persons != "count" and mapped.of not in people.columns):
            continue
        grouped = people.groupby(["household", "wave"], sort=False)
        if mapped.persons == "count":
            found = grouped.size()
        elif mapped.persons == "sum":
            found = grouped[mapped.of].sum(min_count=1)
        else:
            found = grouped[mapped.of].max()
        tables["households"] = households.merge(found.rename(name).reset_index(), on=["household", "wave"], how="left")


def drop_empty(table: str, frame: pd.DataFrame, book: Codebook, notes: list[Label]) -> pd.DataFrame:
    """Return a table without the columns that nobody ever answered, unless the codebook requires them."""
    if not len(frame):
        return frame
    required = {mapped.column.name for part in book.parts if part.table == table for mapped in part.columns if mapped.required}
    asked = [name for name in frame.columns if name not in ("wave", "weight", "household", "person", "job")]
    empty = [name for name in asked if name not in required and bool(frame[name].isna().all())]
    for name in empty:
        notes.append(Label(f"{name}：无人作答，略去", f"{name}: never answered, left out"))
    return frame.drop(columns=empty)
