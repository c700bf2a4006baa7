from __future__ import annotations

from .conftest import SMALL, Files


def test_ids_fit_into_dotted_paths(files: Files) -> None:
    text = SMALL + "formations:\n  a.b: {at: A, size: 2, max_wait: 1 d}\n"
    assert files.problems(text) == ["s.yaml:43:3: formations.a.b: an id holds letters, digits, _ and - only"]


def test_keys_of_train_paths(files: Files) -> None:
    text = SMALL + "train_paths:\n  A-B: {trains_per_day: 1, train_net: 1}\n  A>A: {trains_per_day: 1, train_net: 1}\n"
    assert files.problems(text) == [
        "s.yaml:43:3: train_paths.A-B: the key of a train path is FROM>TO, such as RU_SHU>RU_MOW",
        "s.yaml:44:3: train_paths.A>A: a train path leads from one node to another",
    ]


def test_one_name_for_one_thing_that_can_be_disrupted(files: Files) -> None:
    text = SMALL.replace("holds:\n", "holds:\n  Q1: {duration: 1, cause: dwell}\n")
    assert files.problems(text) == [
        "s.yaml:31:3: holds.Q1: the id is taken by an entry of queues; disruptions could not tell them apart"
    ]


SINGLE = "{loop_every: 20 km, run_speed: 30 km/h, headway: 15 min, working: 5 min}"


def test_keys_of_single_tracks(files: Files) -> None:
    keys = ["AB", "A>B", "A-A", "-B", "A-"]
    text = SMALL + "single_tracks:\n" + "".join(f"  {key}: {SINGLE}\n" for key in keys)
    message = "the key of a single track is FROM-TO, such as IR_RAS-IR_QAZ"
    assert files.problems(text) == [f"s.yaml:{43 + i}:3: single_tracks.{key}: {message}" for i, key in enumerate(keys)]


def test_a_line_is_given_in_one_order_only(files: Files) -> None:
    for first, second in (("A-B", "B-A"), ("B-A", "A-B")):
        text = SMALL + f"single_tracks:\n  {first}: {SINGLE}\n  B-C: {SINGLE}\n  {second}: {SINGLE}\n"
        (problem,) = files.problems(text)
        assert problem.endswith("single_tracks.B-A: the section is there already, as A-B")
