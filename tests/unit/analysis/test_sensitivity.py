"""Sensitivities against functions whose answers are known."""

import numpy as np
import pytest

from corridor_sim.analysis import sensitivity
from corridor_sim.analysis.sensitivity import linear_effects, main_effects, morris_effects, sobol_indices
from corridor_sim.foundation.errors import ResultError, UnsupportedFeatureError
from corridor_sim.sweep.designs import rows
from corridor_sim.sweep.file import Design, Parameter
from corridor_sim.sweep.parameters import varied

A, B = 7.0, 0.1
"""Constants of the Ishigami function."""


def ishigami(x: np.ndarray) -> np.ndarray:
    return np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0])


def sampled(design: dict[str, object], n: int = 3, ends: tuple[float, float] = (-np.pi, np.pi)):
    """Points and values of the parameters, as a sweep draws them."""
    model = Parameter.model_validate({"path": "a", "distribution": {"uniform": ends}})
    parameters = [varied(f"x{k}", model, None) for k in range(n)]
    made = list(rows(Design.model_validate(design), parameters, 11))
    return np.array([r.point for r in made]), np.array([r.values for r in made], dtype=float)


@pytest.mark.parametrize("second_order", [False, True])
def test_sobol_indices_of_the_ishigami_function(second_order, monkeypatch):
    """Known values, Ishigami and Homma (1990)."""
    monkeypatch.setattr(sensitivity, "RESAMPLES", 100)
    variance = A**2 / 8 + B * np.pi**4 / 5 + B**2 * np.pi**8 / 18 + 0.5
    v1, v2 = 0.5 * (1 + B * np.pi**4 / 5) ** 2, A**2 / 8
    v13 = B**2 * np.pi**8 * (1 / 18 - 1 / 50)
    first, total = np.array([v1, v2, 0]) / variance, np.array([v1 + v13, v2, v13]) / variance
    _, x = sampled({"saltelli": {"n": 2048, "second_order": second_order}})
    found = sobol_indices(ishigami(x)[:, None], 3, second_order=second_order)
    assert np.allclose(found["first"], first, atol=0.02)
    assert np.allclose(found["total"], total, atol=0.02)
    assert (np.abs(found["first"] - first) <= 2 * found["first_half"]).all()
    assert (np.abs(found["total"] - total) <= 2 * found["total_half"]).all()


def test_elementary_effects_of_a_plane_are_its_slopes():
    points, x = sampled({"morris": {"trajectories": 6}}, ends=(0, 1))
    found = morris_effects(points, (3 * x[:, 0] - 2 * x[:, 1])[:, None], levels=4)
    assert np.allclose(found["mu"], [3, -2, 0], atol=1e-9)
    assert np.allclose(found["mu_star"], [3, 2, 0], atol=1e-9)
    assert np.allclose(found["sigma"], 0, atol=1e-9)


def test_an_interaction_spreads_elementary_effects():
    points, x = sampled({"morris": {"trajectories": 20}}, ends=(0, 1))
    found = morris_effects(points, (x[:, 0] * x[:, 1])[:, None], levels=4)
    assert (found["sigma"][:2] > 0.2).all()
    assert found["sigma"][2] == 0


def test_linear_effects_find_the_slopes_and_say_how_linear_it_is():
    points, x = sampled({"lhs": {"n": 40}}, ends=(0, 1))
    noise = np.random.default_rng(1).normal(0, 0.1, (40, 1))
    found = linear_effects(points, (5 * x[:, 0] - x[:, 1])[:, None] + noise)
    assert np.allclose(found["effect"], [4.5, -0.9, 0], atol=0.2)
    assert ((found["ci_low"] <= [4.5, -0.9, 0]) & (found["ci_high"] >= [4.5, -0.9, 0])).all()
    assert found["r2"].iloc[0] > 0.98
    with pytest.raises(ResultError, match="too few"):
        linear_effects(points[:4], x[:4, :1])


def test_main_effects_are_taken_replication_by_replication():
    """Luck that all cases share drops out of the effect."""
    luck = np.array([0.0, 10.0, -5.0, 3.0])
    a, b = np.meshgrid([0, 1, 2], [0, 1], indexing="ij")
    values = (4.0 * a + b).reshape(6, 1) + luck
    found = main_effects([[0, 1, 2], [0, 1]], values)
    assert np.allclose(found["effect"], [8, 1])
    assert np.allclose(found["ci_high"] - found["ci_low"], 0)
    assert np.allclose(found["low"], [0.5 + luck.mean(), 4 + luck.mean()])


def test_what_has_no_variance_or_misses_cases():
    with pytest.raises(ResultError, match="no variance"):
        sobol_indices(np.ones((40, 1)), 3, second_order=False)
    with pytest.raises(ResultError, match="every case"):
        sobol_indices(np.full((40, 1), np.nan), 3, second_order=False)
    with pytest.raises(ResultError, match="every case"):
        main_effects([[0, 1]], np.array([[1.0], [np.nan]]))


def test_salib_that_is_not_installed(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(UnsupportedFeatureError, match=r"corridor-sim\[sensitivity\]"):
        sensitivity.require_salib()
