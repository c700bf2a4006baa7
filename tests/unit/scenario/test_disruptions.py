from __future__ import annotations

import pytest

from .conftest import SMALL, Files

DATED = "disruptions:\n  E: {during: 2025-01-10..2025-01-12, targets: [Q1], factor: 0.3}\n"


def test_a_dated_disruption(files: Files) -> None:
    disruption = files.load(SMALL + DATED).disruptions["E"]
    assert not disruption.drawn
    assert disruption.enabled
    assert disruption.factor.mean_value == 0.3
    (target,) = disruption.targets
    assert (target.target, target.base, target.slope) == ("Q1", 0, 1)


@pytest.mark.parametrize("targets", ["[A>B, {Q1: {base: 0.6, slope: 0.4}}]", "{A>B: , Q1: {base: 0.6, slope: 0.4}}"])
def test_a_drawn_disruption_with_weakened_targets(files: Files, targets: str) -> None:
    text = "train_paths:\n  A>B: {trains_per_day: 10, train_net: 3000 t}\n"
    text += f"disruptions:\n  X: {{start_window: 12-06..12-13, duration: 3 d, factor: 0.3, targets: {targets}}}\n"
    disruption = files.load(SMALL + text).disruptions["X"]
    assert disruption.drawn
    assert disruption.duration is not None
    assert disruption.duration.mean_value == 72
    assert [(t.target, t.base, t.slope) for t in disruption.targets] == [("A>B", 0, 1), ("Q1", 0.6, 0.4)]


@pytest.mark.parametrize("window", ["any", "12-01..02-28"])
def test_a_rate(files: Files, window: str) -> None:
    text = f"disruptions:\n  X: {{rate: 0.3 1/yr, window: {window}, duration: 3 d, factor: 0, targets: [Q1]}}\n"
    disruption = files.load(SMALL + text).disruptions["X"]
    assert disruption.rate is not None
    assert (disruption.rate.value, disruption.rate.unit, disruption.window.yearly) == (0.3, "1/yr", True)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (
            "during: 2025-01-10..2025-01-12, rate: 1, targets: [Q1]",
            (
                "43:3: disruptions.E: during and rate exclude each other, expected one of during (dated), rate or "
                "start_window (drawn)"
            ),
        ),
        (
            "targets: [Q1]",
            (
                "43:3: disruptions.E: says not when it happens, expected one of during (dated), rate or "
                "start_window (drawn)"
            ),
        ),
        (
            "rate: 1, targets: [Q1]",
            "43:3: disruptions.E: key 'duration' is missing, expected how long a drawn disruption lasts",
        ),
        (
            "during: 2025-01-10..2025-01-12, duration: 3 d, targets: [Q1]",
            "43:62: disruptions.E.duration: a dated disruption lasts as long as 'during' says",
        ),
        (
            "start_window: 2025-01-10..2025-01-12, duration: 3 d, targets: [Q1]",
            "43:34: disruptions.E.start_window: has a year, expected days of the year such as 12-06..12-13",
        ),
        (
            "rate: 1, window: 2025-01-10..2025-01-12, duration: 3 d, targets: [Q1]",
            "43:37: disruptions.E.window: has a year, expected any, or days of the year such as 12-01..03-31",
        ),
        (
            "rate: 1, duration: 3 d, targets: [Q1, 7]",
            "43:58: disruptions.E.targets.1: found the number 7, expected the key of what is disrupted",
        ),
        (
            "rate: 1, duration: 3 d, targets: [{Q1: 3}]",
            "43:59: disruptions.E.targets.0.Q1: found the number 3, expected {base: 0.6, slope: 0.4}",
        ),
        (
            "rate: 1, duration: 3 d, targets: {Q1: {bas: 3}}",
            "43:64: disruptions.E.targets.Q1.bas: unknown key, expected {base: 0.6, slope: 0.4}",
        ),
        (
            "rate: 1, duration: 3 d, targets: {Q1: {base: -3}}",
            "43:65: disruptions.E.targets.Q1.base: found the number -3, expected a number of 0 or more",
        ),
        ("rate: 1, duration: 3 d, targets: Q1", "43:53: disruptions.E.targets: found 'Q1', expected a list"),
    ],
)
def test_disruptions_that_cannot_be_read(files: Files, keys: str, message: str) -> None:
    assert files.problems(SMALL + f"disruptions:\n  E: {{factor: 0.3, {keys}}}\n") == [f"s.yaml:{message}"]
