from __future__ import annotations

from typing import TYPE_CHECKING

from .conftest import SMALL, Files

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = "DAY: {hours: daily 06-22}"


def test_hours_and_factors(files: Files) -> None:
    text = SMALL.replace(DAY, "DAY: {factors: [{name: feast, during: 03-20..04-03, factor: 0.6, grade: C}]}")
    calendar = files.load(text).calendars["DAY"]
    assert calendar.hours.always
    (row,) = calendar.factors
    assert (row.name, row.factor, row.during.first, row.grade) == ("feast", 0.6, (3, 20), "C")


def test_a_negative_factor(changed: Callable[..., list[str]]) -> None:
    assert changed(DAY, "DAY: {factors: [{during: 03-20..04-03, factor: -1}]}") == [
        "s.yaml:41:50: calendars.DAY.factors.0.factor: found -1, expected at least 0"
    ]
