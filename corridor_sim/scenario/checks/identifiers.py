"""Ids of entries: fit for dotted paths, and one name for one resource."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corridor_sim.scenario.structure import SECTIONS

if TYPE_CHECKING:
    from corridor_sim.scenario.checks.context import Context

_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
_PATH_ID = re.compile(r"([A-Za-z0-9_-]+)>([A-Za-z0-9_-]+)")
_DISRUPTABLE = ("queues", "single_tracks", "services", "holds", "travel_classes")


def check_identifiers(context: Context) -> None:
    """Check the spelling of ids, and that a disruption's target can only mean one thing."""
    for section in SECTIONS:
        for key in context.ids(section):
            if section == "train_paths":
                _check_path_id(context, key)
            elif section == "single_tracks":
                _check_line_id(context, key)
            elif not _ID.fullmatch(key):
                context.report_entry((section, key), "an id holds letters, digits, _ and - only")
    homes: dict[str, str] = {}
    for section in _DISRUPTABLE:
        for key in context.ids(section):
            if key in homes:
                message = f"the id is taken by an entry of {homes[key]}; disruptions could not tell them apart"
                context.report_entry((section, key), message)
            homes.setdefault(key, section)


def _check_line_id(context: Context, key: str) -> None:
    a, dash, b = key.partition("-")
    if not (dash and _ID.fullmatch(a) and _ID.fullmatch(b)) or a == b:
        context.report_entry(("single_tracks", key), "the key of a single track is FROM-TO, such as IR_RAS-IR_QAZ")
    elif f"{b}-{a}" in context.ids("single_tracks") and a < b:
        context.report_entry(("single_tracks", f"{b}-{a}"), f"the section is there already, as {key}")


def _check_path_id(context: Context, key: str) -> None:
    match = _PATH_ID.fullmatch(key)
    if match is None:
        context.report_entry(("train_paths", key), "the key of a train path is FROM>TO, such as RU_SHU>RU_MOW")
    elif match[1] == match[2]:
        context.report_entry(("train_paths", key), "a train path leads from one node to another")
