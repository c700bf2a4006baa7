from __future__ import annotations

import pytest

from .conftest import SMALL, Files

SECOND = """\
  I2:
    flow: F1
    share: %s
    stages:
      - {rail: [A, B, C], class: V1}
month_profiles:
"""


def two(first: str, second: str) -> str:
    return SMALL.replace("share: 1\n", f"share: {first}\n").replace("month_profiles:\n", SECOND % second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("0.4", "0.6"),
        ("40 %", "{value: 0.6, range: [0.5, 0.7]}"),
        ("1\n    valid_until: 2025-01-31", "1\n    valid_from: 2025-02-01"),
        ("0.4", "0.6\n    valid_from: 2019-01-01\n    valid_until: 2030-01-01"),
        ("1", "1\n    valid_from: 2030-01-01"),
    ],
)
def test_shares_that_sum_to_one(files: Files, first: str, second: str) -> None:
    files.load(two(first, second))


@pytest.mark.parametrize(
    ("first", "second", "messages"),
    [
        (
            "0.4",
            "0.5",
            [
                "s.yaml:21:12: itineraries.I1.share: the shares of flow F1 sum to 0.9, expected 1: I1 0.4 + I2 0.5",
            ],
        ),
        (
            "1\n    valid_until: 2025-01-31",
            "1\n    valid_from: 2025-01-31",
            [
                (
                    "s.yaml:21:12: itineraries.I1.share: the shares of flow F1 sum to 2 from 2025-01-31, expected 1: "
                    "I1 1 + I2 1"
                ),
            ],
        ),
        (
            "1\n    valid_until: 2025-01-15",
            "1\n    valid_from: 2030-01-01",
            [
                (
                    "s.yaml:8:3: flows.F1: none of its itineraries is valid from 2025-01-16; "
                    "extend one of them, or add one that carries on"
                ),
            ],
        ),
        (
            "1\n    valid_until: 2024-01-31",
            "1\n    valid_from: 2026-01-31",
            ["s.yaml:8:3: flows.F1: none of its itineraries (I1, I2) is valid during the run"],
        ),
    ],
)
def test_shares_that_do_not(files: Files, first: str, second: str, messages: list[str]) -> None:
    assert files.problems(two(first, second)) == messages


def test_a_flow_without_itinerary(files: Files) -> None:
    text = SMALL.replace(
        "itineraries:\n",
        "  F2: {name: x, origin: A, destination: C, direction: south, commodity: x, route: x, annual: 1,"
        " consignment: {kind: x, load: 1}}\nitineraries:\n",
    )
    assert files.problems(text) == ["s.yaml:18:3: flows.F2: no itinerary carries this flow; add one under itineraries"]


def test_weights_of_months(files: Files) -> None:
    assert files.problems(SMALL.replace("jan: 0.5", "jan: 0.4")) == [
        "s.yaml:27:3: month_profiles.FLAT: the weights of the months sum to 0.9, expected 1"
    ]


def test_factors_of_parcels(files: Files) -> None:
    months = SMALL.split("FLAT: ")[1].split("\n", maxsplit=1)[0]
    text = SMALL + f"parcel_profiles:\n  P: {months}\n"
    assert files.problems(text) == ["s.yaml:43:3: parcel_profiles.P: a factor is 0, expected all twelve above 0"]
