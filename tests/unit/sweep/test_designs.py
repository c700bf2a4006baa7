"""Designs: how many cases, and which."""

import numpy as np
import pytest

from corridor_sim.sweep.designs import count, kind_of, rows, unit_points
from corridor_sim.sweep.file import Design, Parameter
from corridor_sim.sweep.parameters import varied

SPREAD = {"path": "a", "distribution": {"uniform": [0, 1]}}
DRAWN = [
    {"lhs": {"n": 12}},
    {"sobol": {"n": 12}},
    {"morris": {"trajectories": 3}},
    {"saltelli": {"n": 8}},
    {"saltelli": {"n": 8, "second_order": True}},
]


def parameters(*models):
    return [varied(f"p{k}", Parameter.model_validate(m), None) for k, m in enumerate(models)]


def test_a_product_varies_the_last_parameter_fastest():
    two = parameters({"path": "a", "values": [1, 2]}, {"path": "b", "values": ["x", "y"]})
    assert [r.values for r in rows("product", two, 0)] == [(1, "x"), (1, "y"), (2, "x"), (2, "y")]
    assert [r.values for r in rows("zip", two, 0)] == [(1, "x"), (2, "y")]


@pytest.mark.parametrize("design", DRAWN)
def test_the_count_is_known_before(design):
    model, own = Design.model_validate(design), parameters(SPREAD, SPREAD, SPREAD)
    made = list(rows(model, own, 7))
    assert len(made) == count(model, own)
    assert all(r.values == r.point for r in made)  # uniform from 0 to 1


@pytest.mark.parametrize("design", DRAWN)
def test_a_drawn_design_is_a_function_of_its_seed(design):
    model = Design.model_validate(design)
    assert np.array_equal(unit_points(model, 3, 7), unit_points(model, 3, 7))
    assert not np.array_equal(unit_points(model, 3, 7), unit_points(model, 3, 8))


def test_a_latin_hypercube_draws_once_from_every_slice():
    points = unit_points(Design.model_validate({"lhs": {"n": 10}}), 4, 3)
    assert all(sorted(column) == list(range(10)) for column in np.floor(10 * points).astype(int).T)


def test_a_sobol_sequence_is_balanced():
    points = unit_points(Design.model_validate({"sobol": {"n": 16}}), 2, 3)
    cells = {tuple(cell) for cell in np.floor(4 * points).astype(int)}
    assert len(cells) == 16


def test_morris_moves_one_parameter_at_a_time():
    points = unit_points(Design.model_validate({"morris": {"trajectories": 4}}), 3, 3)
    for trajectory in points.reshape(4, 4, 3):
        assert (np.count_nonzero(np.diff(trajectory, axis=0), axis=1) == 1).all()


def test_cases_one_by_one():
    design = Design.model_validate({"cases": [{"p0": 1, "p1": 9}, {"p1": 8, "p0": 2}]})
    two = parameters({"path": "a", "values": [1, 2]}, {"path": "b", "values": [8, 9]})
    assert [r.values for r in rows(design, two, 0)] == [(1, 9), (2, 8)]
    assert kind_of(design) == "cases"
