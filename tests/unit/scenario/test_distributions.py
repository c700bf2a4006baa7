from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from corridor_sim.scenario.distributions import (
    Distribution,
    DurationDist,
    FactorDist,
    ServiceDist,
    SpeedDist,
    describe,
)

from .test_quantities import found, read


@pytest.mark.parametrize(
    ("kind", "raw", "expected"),
    [
        (DurationDist, 3, Distribution("fixed", "h", mean=3)),
        (DurationDist, "2 d", Distribution("fixed", "h", mean=48)),
        (ServiceDist, "0 h", Distribution("fixed", "h", mean=0)),
        (ServiceDist, "1.5 h/consignment", Distribution("fixed", "h/consignment", mean=1.5)),
        (ServiceDist, {"value": 3, "unit": "min/t"}, Distribution("fixed", "h/t", "t", mean=0.05)),
        (
            ServiceDist,
            {"gamma": {"mean": "1.5 h/unit", "cv": 0.5}, "range": [1, 2], "source": "x", "grade": "B"},
            Distribution("gamma", "h/unit", "unit", mean=1.5, cv=0.5, source="x", grade="B", range=(1, 2)),
        ),
        (
            ServiceDist,
            {"uniform": {"low": 1, "high": "2 h/TEU"}},
            Distribution("uniform", "h/TEU", "TEU", low=1, high=2),
        ),
        (
            DurationDist,
            {"triangular": {"low": 1, "mode": 2, "high": 6}, "unit": "d"},
            Distribution("triangular", "h", low=24, mode=48, high=144),
        ),
        (SpeedDist, {"exponential": {"mean": "240 km/d"}}, Distribution("exponential", "km/h", mean=10)),
        (FactorDist, {"uniform": {"low": 0.3, "high": 0.65}}, Distribution("uniform", "1", low=0.3, high=0.65)),
        (DurationDist, {"lognormal": {"mean": 3, "cv": "40 %"}}, Distribution("lognormal", "h", mean=3, cv=0.4)),
        (DurationDist, {"lognormal": {"mean": 3, "cv": 0}}, Distribution("fixed", "h", mean=3)),
        (DurationDist, {"uniform": {"low": 3, "high": 3}}, Distribution("fixed", "h", mean=3)),
        (DurationDist, {"lognormal": {"median": 3, "low": 3, "high": 3}}, Distribution("fixed", "h", mean=3)),
    ],
)
def test_forms(kind: Any, raw: Any, expected: Distribution) -> None:
    assert read(kind, raw) == expected


def test_the_median_form_is_clipped() -> None:
    made = read(DurationDist, {"lognormal": {"median": "10 d", "low": "2 d", "high": "70 d"}})
    assert (made.family, made.clip_low, made.clip_high) == ("lognormal", 48, 1680)
    sigma = np.log(35) / 4
    draws = np.clip(240 * np.exp(sigma * np.random.default_rng(1).standard_normal(400_000)), 48, 1680)
    assert made.mean_value == pytest.approx(draws.mean(), rel=0.005)
    assert made.mean == pytest.approx(240 * np.exp(sigma**2 / 2))


@pytest.mark.parametrize(
    ("raw", "mean"),
    [
        ({"uniform": {"low": 2, "high": 4}}, 3),
        ({"triangular": {"low": 1, "mode": 2, "high": 6}}, 3),
        ({"exponential": {"mean": 3}}, 3),
        ("3 h", 3),
    ],
)
def test_mean_values(raw: Any, mean: float) -> None:
    assert read(DurationDist, raw).mean_value == mean


@pytest.mark.parametrize(
    ("kind", "raw", "expected"),
    [
        (
            DurationDist,
            {"normal": {"mean": 3, "sd": 1}},
            [(("normal",), "a normal distribution can be negative; use lognormal or gamma", "")],
        ),
        (
            DurationDist,
            {"triangular": {"low": "-1 h", "mode": 2, "high": 3}},
            [
                (
                    ("triangular", "low"),
                    (
                        "the triangular distribution can be negative (-1 h), "
                        "expected a time, such as 36 h, 3.5 d or 20 min"
                    ),
                    "",
                )
            ],
        ),
        (DurationDist, {"gama": {"mean": 3}}, [(("gama",), "unknown key", "did you mean 'gamma'?")]),
        (
            DurationDist,
            {"grade": "C"},
            [
                (
                    (),
                    "holds no number, expected one of value, uniform, triangular, exponential, gamma, lognormal",
                    "",
                )
            ],
        ),
        (
            DurationDist,
            {"gamma": {"mean": 3, "cv": 1}, "exponential": {"mean": 3}},
            [
                (
                    (),
                    (
                        "holds 2 distributions (gamma, exponential), expected one of value, uniform, triangular, "
                        "exponential, gamma, lognormal"
                    ),
                    "",
                )
            ],
        ),
        (DurationDist, {"gamma": 3}, [(("gamma",), "found the number 3, expected {mean, cv}", "")]),
        (
            DurationDist,
            {"gamma": {"mean": 3, "sd": 1}},
            [
                (("gamma", "sd"), "unknown key", "valid keys are mean, cv"),
                (("gamma",), "key 'cv' is missing, expected {mean, cv}", ""),
            ],
        ),
        (
            DurationDist,
            {"lognormal": {"mediann": 3, "low": 1, "high": 4}},
            [(("lognormal", "mediann"), "unknown key", "did you mean 'median'?")],
        ),
        (
            DurationDist,
            {"gamma": {"mean": "3 km", "cv": "2 h"}},
            [
                (("gamma", "mean"), "'km' is a length, expected a time, such as 36 h, 3.5 d or 20 min", ""),
                (("gamma", "cv"), "'h' is a unit, the coefficient of variation has none", ""),
            ],
        ),
        (
            DurationDist,
            {"gamma": {"mean": 3, "cv": -1}},
            [(("gamma", "cv"), "-1 is out of bounds, a coefficient of variation lies between 0 and 10", "")],
        ),
        (
            DurationDist,
            {"gamma": {"mean": 0, "cv": 1}},
            [(("gamma", "mean"), "is 0, the mean of a distribution must be above 0", "")],
        ),
        (
            DurationDist,
            {"uniform": {"low": 4, "high": 3}},
            [(("uniform",), "low 4 is above high 3, expected low <= high", "")],
        ),
        (
            DurationDist,
            {"lognormal": {"median": 4, "low": 0, "high": 5}},
            [(("lognormal", "low"), "is 0, the low end of a lognormal distribution must be above 0", "")],
        ),
        (
            ServiceDist,
            {"uniform": {"low": "1 h/t", "high": "2 h/TEU"}},
            [(("uniform", "high"), "is in h/TEU, expected h/t as in the parameter before it", "")],
        ),
        (
            ServiceDist,
            "3 t/h",
            [
                (
                    (),
                    (
                        "'t/h' is tonnes per year, expected a time per consignment, tonne, TEU or unit, such as 3 h, "
                        "0.02 h/t, 0.1 h/TEU or 1.55 h/unit"
                    ),
                    "",
                )
            ],
        ),
        (
            DurationDist,
            {"gamma": {"mean": 3, "cv": 1}, "range": [4, 5]},
            [(("range",), "the mean lies outside its own range [4, 5]", "")],
        ),
        (SpeedDist, 0, [((), "is 0, a speed here must be above 0", "")]),
    ],
)
def test_everything_wrong_is_found(kind: Any, raw: Any, expected: list[Any]) -> None:
    assert found(kind, raw) == expected


@given(st.floats(0.01, 1e4), st.floats(0, 10), st.sampled_from(["gamma", "lognormal"]))
def test_means_are_kept(mean: float, cv: float, family: str) -> None:
    made = TypeAdapter(DurationDist).validate_python({family: {"mean": mean, "cv": cv}})
    assert made.mean_value == mean


def test_describe() -> None:
    assert describe(read(DurationDist, {"gamma": {"mean": 3, "cv": 0.5}})) == "gamma (mean 3, cv 0.5) h"
