from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from corridor_sim.scenario import TravelStage

from .conftest import SMALL, Files

if TYPE_CHECKING:
    from collections.abc import Callable

STAGE = "{rail: [A, B, C], class: V1}"


def test_kinds_of_stages(files: Files) -> None:
    stages = files.load().itineraries["I1"].stages
    assert [(stage.kind, stage.at) for stage in stages] == [("hold", "A"), ("travel", "A"), ("queue", "C")]


@pytest.mark.parametrize(
    ("text", "mode", "nodes", "via"),
    [
        ("{rail: [A, B, C], class: V1}", "rail", ("A", "B", "C"), None),
        ("{road: {from: A, to: C}, class: V1}", "road", None, None),
        ("{sea: [A, C], via: suez, class: V1}", "sea", ("A", "C"), "suez"),
    ],
)
def test_travel(files: Files, text: str, mode: str, nodes: tuple[str, ...] | None, via: str | None) -> None:
    stage = files.load(SMALL.replace(STAGE, text)).itineraries["I1"].stages[1]
    assert isinstance(stage, TravelStage)
    assert (stage.mode, stage.nodes, stage.via) == (mode, nodes, via)
    assert (stage.at, stage.from_, stage.to, stage.travel_class) == ("A", "A", "C", "V1")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "{rail: [A, C], road: [A, C], class: V1}",
            (
                "s.yaml:24:9: itineraries.I1.stages.1: mode of travel is given 2 times (rail, road), "
                "expected one of rail, road, sea"
            ),
        ),
        ("{rail: [A], class: V1}", "s.yaml:24:10: itineraries.I1.stages.1.rail: holds 1 entries, expected at least 2"),
        (
            "{rail: [A, A, C], class: V1}",
            "s.yaml:24:20: itineraries.I1.stages.1.rail.1: node 'A' follows itself",
        ),
        ("{rail: A, class: V1}", "s.yaml:24:16: itineraries.I1.stages.1.rail: found 'A', expected a list"),
        (
            "{rail: {from: A}, class: V1}",
            "s.yaml:24:10: itineraries.I1.stages.1.rail.to: key is missing, expected node where the run ends",
        ),
        (
            "{rail: [A, B, C]}",
            "s.yaml:24:9: itineraries.I1.stages.1.class: key is missing, expected key of `travel_classes`",
        ),
        (
            "{rail: [A, B, C], clas: V1}",
            "s.yaml:24:27: itineraries.I1.stages.1.clas: unknown key; did you mean 'class'?",
        ),
        (
            "{split: 1, at: A}",
            "s.yaml:24:17: itineraries.I1.stages.1.split: found 1, expected at least 2",
        ),
        (
            "wait",
            (
                "s.yaml:24:9: itineraries.I1.stages.1: no such stage, expected one of hold, rail, road, sea, queue, "
                "split, gather, form, sail, take, give, chain, border, gauge"
            ),
        ),
    ],
)
def test_stages_that_cannot_be_read(changed: Callable[..., list[str]], text: str, message: str) -> None:
    assert changed(STAGE, text) == [message]


def test_validity(files: Files) -> None:
    text = SMALL.replace("    share: 1\n", "    valid_from: 2025-01-01\n    valid_until: 2025-12-31\n")
    itinerary = files.load(text).itineraries["I1"]
    assert itinerary.share.value == 1
    assert itinerary.is_valid_at(datetime(2025, 12, 31, 23, tzinfo=UTC))
    assert not itinerary.is_valid_at(datetime(2026, 1, 1, tzinfo=UTC))
    assert not itinerary.is_valid_at(datetime(2024, 12, 31, 23, 59, 59, tzinfo=UTC))
    assert itinerary.is_valid_between(datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
