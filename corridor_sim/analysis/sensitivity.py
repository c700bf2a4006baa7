"""Sensitivity of an answer to the parameters of a sweep: main effects, elementary effects, Sobol indices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from corridor_sim.foundation.errors import Problem, ResultError, UnsupportedFeatureError
from corridor_sim.results.statistics import summarise

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

CONFIDENCE = 0.95
RESAMPLES = 1000
"""Bootstrap samples of an interval."""


def main_effects(levels: Sequence[Sequence[object]], values: Floats) -> pd.DataFrame:
    """Effect of moving each parameter from its first to its last level, the others averaged over.

    Parameters
    ----------
    levels
        Of each parameter of a full product, in order.
    values
        (n_cases, n_replications) of an answer, cases in the order of the product; replications share their random
        numbers, so effects are taken replication by replication.

    Returns
    -------
    pandas.DataFrame
        One row per parameter: low and high (mean of the answer at its first and last level), effect, ci_low, ci_high
        (Student's t over replications).

    Raises
    ------
    ResultError
        When a case is missing.
    """
    _check_whole(values)
    shape = [len(own) for own in levels]
    cube = values.reshape(*shape, values.shape[1])
    rows = []
    for k in range(len(shape)):
        others = tuple(j for j in range(len(shape)) if j != k)
        by_level = cube.mean(axis=others)
        low, high = by_level[0], by_level[-1]
        found = summarise((high - low)[:, None])
        rows.append(
            {
                "low": float(np.nanmean(low)),
                "high": float(np.nanmean(high)),
                "effect": float(found["mean"][0]),
                "ci_low": float(found["ci_low"][0]),
                "ci_high": float(found["ci_high"][0]),
            }
        )
    return pd.DataFrame(rows)


def linear_effects(points: Floats, values: Floats) -> pd.DataFrame:
    """Effect of moving each parameter over nine tenths of its distribution, from a linear fit over all cases.

    Parameters
    ----------
    points
        (n_cases, n_parameters) places in the unit cube.
    values
        (n_cases, n_replications) of an answer.

    Returns
    -------
    pandas.DataFrame
        One row per parameter: effect, ci_low, ci_high (least squares on the means of the cases), low and high (the fit
        at the 5th and 95th percentile, the others in the middle), and r2, the share of the variance that is linear.
    """
    from scipy.stats import t as student

    there = ~np.isnan(values).all(axis=1)
    points, y = points[there], np.nanmean(values[there], axis=1)
    design = np.column_stack([np.ones(len(y)), points - 0.5])
    free = len(y) - design.shape[1]
    if free < 1:
        raise ResultError(
            f"{len(y)} cases are too few for {points.shape[1]} parameters, expected {points.shape[1] + 2}"
        )
    solution, *_ = np.linalg.lstsq(design, y, rcond=None)
    residual = y - design @ solution
    covariance = np.linalg.pinv(design.T @ design) * float(residual @ residual) / free
    half = student.ppf(0.5 + CONFIDENCE / 2, free) * np.sqrt(np.diag(covariance)[1:])
    slope, total = solution[1:], float(((y - y.mean()) ** 2).sum())
    return pd.DataFrame(
        {
            "low": solution[0] - 0.45 * slope,
            "high": solution[0] + 0.45 * slope,
            "effect": 0.9 * slope,
            "ci_low": 0.9 * (slope - half),
            "ci_high": 0.9 * (slope + half),
            "r2": 1 - float(residual @ residual) / total if total else np.nan,
        }
    )


def morris_effects(points: Floats, values: Floats, *, levels: int, seed: int = 0) -> pd.DataFrame:
    """Elementary effects [Morris 1991; Campolongo et al. 2007].

    Parameters
    ----------
    points
        (n_cases, n_parameters) places in the unit cube, trajectory by trajectory.
    values
        (n_cases, n_replications) of an answer; their means are analysed.
    levels
        Of the design.
    seed
        Of the bootstrap.

    Returns
    -------
    pandas.DataFrame
        One row per parameter: mu_star (mean size of the effect over the whole range), mu_star_half (half of its
        bootstrap interval), mu (mean with its sign), sigma (spread: interaction or curvature).
    """
    require_salib()
    _check_whole(values)
    from SALib.analyze import morris

    found = morris.analyze(
        unit_problem(points.shape[1]), points, np.nanmean(values, axis=1), num_resamples=RESAMPLES, num_levels=levels,
        conf_level=CONFIDENCE, seed=seed,
    )  # fmt: skip
    columns = {"mu_star": "mu_star", "mu_star_half": "mu_star_conf", "mu": "mu", "sigma": "sigma"}
    return pd.DataFrame({name: np.asarray(found[key], dtype=np.float64) for name, key in columns.items()})


def sobol_indices(values: Floats, n_parameters: int, *, second_order: bool, seed: int = 0) -> pd.DataFrame:
    """Sobol indices by Saltelli's scheme [Saltelli et al. 2010].

    Parameters
    ----------
    values
        (n_cases, n_replications) of an answer, in the order of the scheme; their means are analysed.
    n_parameters
        How many there are.
    second_order
        Whether the scheme was made for interactions of two.
    seed
        Of the bootstrap.

    Returns
    -------
    pandas.DataFrame
        One row per parameter: first (share of the variance it explains by itself), first_half (half of its bootstrap
        interval), total (its share with all interactions), total_half.
    """
    require_salib()
    from SALib.analyze import sobol

    _check_whole(values)
    y = np.nanmean(values, axis=1)
    if np.ptp(y) == 0:
        raise ResultError("the answer is the same in all cases: there is no variance to explain")
    found = sobol.analyze(
        unit_problem(n_parameters), y, calc_second_order=second_order, num_resamples=RESAMPLES,
        conf_level=CONFIDENCE, seed=seed,
    )  # fmt: skip
    columns = {"first": "S1", "first_half": "S1_conf", "total": "ST", "total_half": "ST_conf"}
    return pd.DataFrame({name: np.asarray(found[key], dtype=np.float64) for name, key in columns.items()})


def _check_whole(values: Floats) -> None:
    if np.isnan(values).all(axis=1).any():
        raise ResultError("this needs every case of the design; some have failed or have no value")


def unit_problem(n: int) -> dict[str, Any]:
    """Describe n parameters that lie between 0 and 1, as SALib wants it."""
    return {"num_vars": n, "names": [f"x{k}" for k in range(n)], "bounds": [[0.0, 1.0]] * n}


def require_salib() -> None:
    """Refuse what needs SALib where it is not installed.

    Raises
    ------
    UnsupportedFeatureError
        With the command that installs it.
    """
    from importlib.util import find_spec

    if find_spec("SALib") is None:
        text = "Morris and Saltelli designs need SALib"
        raise UnsupportedFeatureError([Problem("design", text, hint="pip install 'corridor-sim[sensitivity]'")])
