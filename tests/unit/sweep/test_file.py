"""What a sweep file may say."""

from typing import Any

import pytest
from pydantic import ValidationError

from corridor_sim.sweep.file import Design, Levels, Morris, Parameter, Precision, Saltelli, Spread, SweepFile
from tests.support.sweeps import SMALL


def test_a_whole_file():
    file = SweepFile.model_validate(SMALL)
    assert file.design == "product"
    assert file.common_random_numbers
    assert file.seed is None


@pytest.mark.parametrize(
    ("model", "given", "words"),
    [
        (Levels, {"from": 1, "to": 2}, "spacing is missing"),
        (Levels, {"from": 1, "to": 2, "n": 2, "step": 1}, "given 2 times"),
        (Levels, {"from": 3, "to": 2, "n": 2}, "lies before 3"),
        (Spread, {"uniform": [2, 1]}, "must ascend"),
        (Spread, {"uniform": [1, 1]}, "must ascend"),
        (Spread, {"loguniform": [0, 1]}, "above 0"),
        (Spread, {}, "distribution is missing"),
        (Parameter, {"path": "a"}, "what the parameter takes is missing"),
        (Parameter, {"values": [1]}, "the path is missing"),
        (Parameter, {"path": "a", "paths": ["b"], "values": [1]}, "given 2 times"),
        (Parameter, {"path": "a", "values": [1, 1]}, "names a value twice"),
        (Parameter, {"path": "a", "options": {"x": {}}}, "holds the paths itself"),
        (Design, {"lhs": {"n": 1}, "sobol": {"n": 1}}, "given 2 times"),
        (Morris, {"trajectories": 3, "levels": 3}, "is odd"),
        (Saltelli, {"n": 12}, "no power of two"),
        (Precision, {"kpi": "a", "subject": "b", "relative": 0.1, "at_least": 9, "at_most": 5}, "below at_least"),
    ],
)
def test_what_cannot_be(model: Any, given: dict[str, Any], words: str):
    with pytest.raises(ValidationError, match=words):
        model.model_validate(given)
