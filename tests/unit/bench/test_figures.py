"""Figures, their targets, and how they are written."""

import pytest

from corridor_sim.bench.figures import Figure, number_text, skipped


@pytest.mark.parametrize(
    ("value", "target", "better", "met", "text", "verdict"),
    [
        (100.0, 120.0, "lower", True, "<= 120", "yes"),
        (130.0, 120.0, "lower", False, "<= 120", "NO"),
        (1.9, 1.8, "higher", True, ">= 1.8", "yes"),
        (1.7, 1.8, "higher", False, ">= 1.8", "NO"),
        (1.7, None, "lower", None, "", ""),
        (None, 1.0, "lower", None, "<= 1", ""),
    ],
)
def test_targets(value, target, better, met, text, verdict):
    figure = Figure("g", "w", "s", value, "u", target, better)
    assert (figure.is_met, figure.target_text, figure.verdict) == (met, text, verdict)


@pytest.mark.parametrize(
    ("unit", "needs"), [("ns/stage event", True), ("s", True), ("MiB", True), ("times des", False), ("p", False)]
)
def test_only_times_and_memory_need_the_same_machine(unit, needs):
    assert Figure("g", "w", "s", 1.0, unit).needs_same_machine is needs


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "-"), (3.0, "3"), (122268.0, "122,268"), (0.03456, "0.0346"), (43.21, "43.2"), (12345.6, "12,346")],
)
def test_numbers(value, text):
    assert number_text(value) == text


def test_what_was_skipped_says_why():
    figure = skipped("peers", "bare ciw", "not installed")
    assert figure.value is None
    assert figure.note == "not installed"
