"""Closed pools as they are written."""

from __future__ import annotations

import pytest

from .conftest import SMALL, Files


def pool(bases: str) -> str:
    return f"{SMALL}pools:\n  W: {{name: wagons, kind: wagons, bases: [{bases}]}}\n"


def test_what_is_not_said_of_a_base(files: Files) -> None:
    (base,) = files.load(pool("{at: A, n: 20}")).pools["W"].bases
    assert (base.at, base.n, base.keep, base.empty_to, base.empty_time) == ("A", 20, None, None, None)


def test_empties_go_from_one_base_to_another(files: Files) -> None:
    south, north = files.load(pool("{at: A, n: 9}, {at: B, keep: 3, empty_to: A, empty_time: 4 d}")).pools["W"].bases
    assert south.empty_to is None
    assert north.empty_time is not None
    assert (north.n, north.keep, north.empty_to, north.empty_time.value) == (0, 3, "A", 96)


@pytest.mark.parametrize(
    ("bases", "message"),
    [
        ("{at: A}, {at: A}", "a node is the base of a pool once"),
        ("{at: A, empty_to: A, empty_time: 1 d}", "empties go to another base of the pool"),
        ("{at: A, empty_to: C, empty_time: 1 d}", "empties go to another base of the pool"),
        ("{at: A, empty_to: B}, {at: B}", "empties need both empty_to and empty_time"),
        ("{at: A, keep: 2}", "keep has an effect with empty_to only"),
    ],
)
def test_bases_that_make_no_sense(files: Files, bases: str, message: str) -> None:
    (problem,) = files.problems(pool(bases))
    assert message in problem
    assert "pools.W" in problem


@pytest.mark.parametrize(
    ("stages", "message"),
    [
        ("{take: W, at: A, n: 2}, {give: W, at: A}", "of 'W' 1 more are taken than given back: a pool is closed"),
        ("{give: W, at: A}", "of 'W' 1 more are given back than taken: a pool is closed"),
        ("{take: W, at: A, holds_server: true}, {give: W, at: A}", "no server can be held here, expected a queue"),
        ("{take: WW, at: A}", "did you mean 'W'?"),
    ],
)
def test_what_is_taken_is_given_back(files: Files, stages: str, message: str) -> None:
    first = "      - {hold: H1, at: A}\n"
    more = "".join(f"      - {{{stage.strip('{}')}}}\n" for stage in stages.split(", {"))
    problems = files.problems(pool("{at: A, n: 20}, {at: B}").replace(first, more + first))
    assert any(message in problem for problem in problems), problems
