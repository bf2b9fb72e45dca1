"""`fangpin life --from DIR`: households of a stored run that fell below the poverty line, to choose one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from experiments.accounts import said
from experiments.decisions import GROUP_LABELS
from experiments.followed import Fallen, fallen
from experiments.labels import CAUSE_LABELS, Label
from fangpin.screen import Screen

LISTED = 10
"""Households of each group that are listed."""


def list_fallen(folder: Path, lang: str) -> None:
    """List households of a stored run that fell below the poverty line, with month and main cause under each policy.

    Raises:
        ScenarioError: when the folder holds no run.
    """
    screen = Screen(lang)
    policies, households = fallen(folder)
    for group, name in GROUP_LABELS.items():
        own = [one for one in households if one.group == group]
        if own:
            _list_group(screen, name, policies, own)
    which = Label(
        "先列各政策结果不同的户，再按时间；全部见 households.parquet。", "Those that policies part come first, then by month."
    )
    screen.line(Label(f"第一次重复。{which.zh}", f"First replication. {which.en} All stand in households.parquet."))
    command = f"fangpin life --from {folder} --household {households[0].id if households else 'ID'} policy={','.join(policies)}"
    screen.line(Label(f"讲述一户：{command}", f"To follow one: {command}"))


def _list_group(screen: Screen, name: Label, policies: Sequence[str], own: Sequence[Fallen]) -> None:
    """Print the first households of one group."""
    few = min(LISTED, len(own))
    screen.heading(
        Label(
            f"{name.zh}：{len(own)}户曾低于贫困线（净），列出{few}户",
            f"{name.en}: {len(own)} fell below the poverty line, net; {few} of them",
        )
    )
    head = [Label("住户编号", "household").said(screen.lang), Label("人口", "persons").said(screen.lang), *policies]
    rows = [
        [
            str(one.id),
            str(one.persons),
            *(f"{said(fall[0])} {CAUSE_LABELS[fall[1]].said(screen.lang)}" if fall else "–" for fall in one.falls),
        ]
        for one in own[:LISTED]
    ]
    screen.table(head, rows, left=1, whole=1)
