"""Values of parameters, and the changes they mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor_sim.scenario.yaml_tree import Source, from_python
from corridor_sim.sweep.file import Parameter, Spread
from corridor_sim.sweep.parameters import quantile, scaled, varied

HERE = Source("x", has_lines=False)


def levels(**given_range: float) -> tuple[object, ...]:
    model = Parameter.model_validate({"path": "a", "range": {"from": given_range.pop("first")} | given_range})
    return varied("p", model, None).levels


def test_spacing_is_free_of_rounding():
    assert levels(first=0.8, to=1.2, step=0.1) == (0.8, 0.9, 1.0, 1.1, 1.2)
    assert levels(first=0.1, to=0.7, n=3) == (0.1, 0.4, 0.7)


def test_whole_numbers_stay_whole():
    found = levels(first=2, to=8, step=2)
    assert found == (2, 4, 6, 8)
    assert all(isinstance(v, int) for v in found)


def test_a_step_that_does_not_reach_the_end():
    assert levels(first=1, to=6, step=2) == (1, 3, 5)


def test_quantiles():
    assert quantile(Spread(uniform=(2, 6)), 0.25) == 3
    assert quantile(Spread(loguniform=(1, 100)), 0.5) == pytest.approx(10)
    assert quantile(Spread(triangular=(0, 1, 2)), 0.5) == pytest.approx(1)
    assert quantile(Spread(triangular=(0, 0, 2)), 0.75) == pytest.approx(1)
    assert [quantile(Spread(integers=(3, 5)), u) for u in (0, 0.33, 0.34, 0.99, 1)] == [3, 3, 4, 5, 5]


@given(st.floats(0, 1), st.floats(0, 1))
def test_quantiles_ascend_within_their_ends(u, v):
    for spread in (Spread(triangular=(1, 4, 5)), Spread(uniform=(1, 5)), Spread(loguniform=(1, 5))):
        low, high = quantile(spread, min(u, v)), quantile(spread, max(u, v))
        assert 1 - 1e-9 <= low <= high + 1e-9 <= 5 + 1e-8


def test_levels_under_a_design_that_draws_count_alike():
    p = varied("p", Parameter.model_validate({"path": "a", "values": [1, 2, 4]}), None)
    assert [p.at(u) for u in (0.0, 0.3, 0.4, 0.99, 1.0)] == [1, 1, 2, 4, 4]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (4, 6.0),
        ("3 h", "4.5 h"),
        ({"value": 4, "unit": "h", "range": [1, 5]}, {"value": 6.0, "unit": "h"}),
        (
            {"gamma": {"mean": "2 h/t", "cv": 0.5}, "source": "x"},
            {"gamma": {"mean": "3.0 h/t", "cv": 0.5}, "source": "x"},
        ),
    ],
)
def test_scaling(value, expected):
    assert scaled(from_python(value, HERE), 1.5) == expected


@pytest.mark.parametrize("value", [None, True, [1, 2], "many"])
def test_what_cannot_be_scaled(value):
    with pytest.raises(ValueError, match="number"):
        scaled(from_python(value, HERE), 1.5)


def test_changes():
    tree = from_python({"q": {"service": "3 h"}}, HERE)
    plain = varied("p", Parameter.model_validate({"paths": ["q.service", "q.other"], "unit": "d", "values": [2]}), None)
    assert plain.changes(2, tree) == {"q.service": "2 d", "q.other": "2 d"}
    factor = varied("p", Parameter.model_validate({"path": "q.service", "scale": True, "values": [2]}), None)
    assert factor.changes(2, tree) == {"q.service": "6.0 h"}
    options = {"as it is": {}, "more": {"q.service": 1}}
    choice = varied("p", Parameter.model_validate({"options": options}), options)
    assert choice.levels == ("as it is", "more")
    assert choice.changes("more", tree) == {"q.service": 1}
    assert not choice.is_numeric
