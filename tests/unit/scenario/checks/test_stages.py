from __future__ import annotations

import pytest

from .conftest import SMALL, Files

STAGES = SMALL[SMALL.index("      - {hold") : SMALL.index("month_profiles:")]


def with_stages(*stages: str) -> str:
    return SMALL.replace(STAGES, "".join(f"      - {{{stage}}}\n" for stage in stages))


RAIL = "rail: [A, B, C], class: V1"


@pytest.mark.parametrize(
    ("stages", "messages"),
    [
        (
            ["split: 3, at: A", "split: 2, at: A", "gather: 2, at: A", RAIL],
            [
                (
                    "s.yaml:24:17: itineraries.I1.stages.1.split: splits again what stage 0 has split, "
                    "expected a gather before it"
                )
            ],
        ),
        (
            ["split: 3, at: A", RAIL, "gather: 4, at: C"],
            ["s.yaml:25:18: itineraries.I1.stages.2.gather: gathers 4 units, but stage 0 splits into 3"],
        ),
        (
            ["gather: 3, at: A", RAIL],
            ["s.yaml:23:18: itineraries.I1.stages.0.gather: nothing is split here, expected a split before it"],
        ),
        (
            ["split: 3, at: A", RAIL],
            ["s.yaml:23:17: itineraries.I1.stages.0.split: the 3 units are never gathered"],
        ),
        (
            ["hold: H1, at: A", "rail: [B, C], class: V1"],
            [
                (
                    "s.yaml:24:17: itineraries.I1.stages.1.rail.0: the stage begins at B, the one before it ends at A; "
                    "expected a rail, road or sea stage from A to B before it"
                ),
            ],
        ),
        (
            ["hold: H1, at: A", "rail: {from: B, to: C}, class: V1"],
            [
                (
                    "s.yaml:24:23: itineraries.I1.stages.1.rail.from: the stage begins at B, the one before it ends at "
                    "A; expected a rail, road or sea stage from A to B before it"
                ),
            ],
        ),
        (
            ["rail: [B, C], class: V1"],
            ["s.yaml:23:9: itineraries.I1.stages.0: begins at B, expected A, the origin of flow F1"],
        ),
        (
            ["hold: H1, at: A", "rail: [A, B], class: V1"],
            ["s.yaml:24:9: itineraries.I1.stages.1: ends at B, expected C, the destination of flow F1"],
        ),
        (
            ["hold: H1, at: A"],
            ["s.yaml:23:24: itineraries.I1.stages.0.at: ends at A, expected C, the destination of flow F1"],
        ),
    ],
)
def test_stages_that_make_no_way(files: Files, stages: list[str], messages: list[str]) -> None:
    assert files.problems(with_stages(*stages)) == messages


def test_split_units_form_no_train(files: Files) -> None:
    text = with_stages("split: 3, at: A", "form: T, at: A", "gather: 3, at: A", RAIL)
    assert files.problems(text + "formations:\n  T: {at: A, size: 2, max_wait: 1 d}\n") == [
        "s.yaml:24:16: itineraries.I1.stages.1.form: split units cannot form a train, expected a gather before it"
    ]


def test_splits_one_after_another(files: Files) -> None:
    stages = ["split: 3, at: A", "gather: 3, at: A", RAIL, "split: 4, at: C", "gather: 4, at: C"]
    assert len(files.load(with_stages(*stages)).itineraries["I1"].stages) == 5
