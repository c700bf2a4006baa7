"""Upgrades: another pace from a date on."""

from __future__ import annotations

import pytest

from .conftest import SMALL, Files

UPGRADE = "upgrades:\n  U: {name: second crane, from: 2025-02-01, factor: 2, targets: [Q1]}\n"


def test_an_upgrade(files: Files) -> None:
    upgrade = files.load(SMALL + UPGRADE).upgrades["U"]
    assert (upgrade.from_.month, upgrade.factor, upgrade.targets) == (2, 2.0, ("Q1",))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[Q1]", "[Q2]", "no queue, train path, single track or service 'Q2'"),
        ("factor: 2", "factor: 0", "upgrades.U.factor"),
        ("from: 2025-02-01", "from: {milestone: M}", "no milestone 'M'"),
        ("[Q1]", "[]", "upgrades.U.targets"),
    ],
)
def test_upgrades_that_cannot_be(files: Files, old: str, new: str, message: str) -> None:
    problems = files.problems(SMALL + UPGRADE.replace(old, new))
    assert any(message in problem for problem in problems), problems
