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
