"""Single-track lines as they are written."""

from __future__ import annotations

import pytest

from .conftest import SMALL, Files

PLAIN = "loop_every: 20 km, run_speed: 30 km/h, headway: 15 min, working: 6 min"


def line(text: str = PLAIN, key: str = "A-B") -> str:
    return f"{SMALL}single_tracks:\n  {key}: {{{text}}}\n"


def test_what_is_not_said_of_a_line(files: Files) -> None:
    model = files.load(line()).single_tracks["A-B"]
    assert model.loop_every is not None
    assert (model.loop_every.value, model.run_speed.value, model.headway.value) == (20, 30, 0.25)
    assert model.working.value == pytest.approx(0.1)
    assert (model.meets, model.loop_tracks, model.reserved.value) == (True, 2, 0)
    assert (model.loops_at, model.run_speed_back, model.calendar) == (None, None, None)


def test_all_that_can_be_said_of_a_line(files: Files) -> None:
    text = PLAIN.replace("loop_every: 20 km", "loops_at: [5 km, 12.5 km]") + (
        ", meets: false, loop_tracks: 4, run_speed_back: 720 km/d, reserved: 25 %, calendar: DAY"
    )
    model = files.load(line(text)).single_tracks["A-B"]
    assert model.loops_at is not None
    assert [q.value for q in model.loops_at] == [5, 12.5]
    assert model.run_speed_back is not None
    assert (model.meets, model.loop_tracks, model.run_speed_back.value) == (False, 4, 30)
    assert (model.reserved.value, model.calendar) == (0.25, "DAY")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "loop_every: 20 km, ",
            "",
            "single_tracks.A-B: passing loops of the line is missing, expected one of loop_every, loops_at",
        ),
        (
            "loop_every: 20 km",
            "loop_every: 20 km, loops_at: [5 km]",
            (
                "s.yaml:43:3: single_tracks.A-B: passing loops of the line is given 2 times (loop_every, loops_at), "
                "expected one of loop_every, loops_at"
            ),
        ),
        (
            "loop_every: 20 km",
            "loop_every: 0 km",
            "s.yaml:43:21: single_tracks.A-B.loop_every: the distance between loops must be above 0",
        ),
        ("loop_every: 20 km", "loops_at: []", "single_tracks.A-B.loops_at: holds 0 entries, expected at least 1"),
        ("working: 6 min", "working: 6 min, loop_tracks: 1", "single_tracks.A-B.loop_tracks: "),
        ("working: 6 min", "working: 6 min, reserved: 1", "single_tracks.A-B.reserved: "),
        ("headway: 15 min", "headway: 0 min", "single_tracks.A-B.headway: "),
        ("run_speed: 30 km/h", "run_speed: 0 km/h", "single_tracks.A-B.run_speed: "),
        ("working: 6 min", "working: 6 min, calendar: NIGHT", "single_tracks.A-B.calendar: no calendar 'NIGHT'"),
        ("run_speed: 30 km/h, ", "", "single_tracks.A-B.run_speed: key is missing"),
    ],
)
def test_lines_that_cannot_be_read(files: Files, old: str, new: str, message: str) -> None:
    assert old in PLAIN
    (problem,) = files.problems(line(PLAIN.replace(old, new)))
    assert message in problem
