"""Shares of a spread: functions whose shares are known by hand go through the same machinery."""

import numpy as np
import pytest
from scipy.stats import qmc

from corridor_sim.analysis.spread import LEAST_CASES, share_out
from corridor_sim.foundation.errors import ResultError

N_CASES, N_NUMBERS = 240, 60


def points(n_cases: int = N_CASES, n_numbers: int = N_NUMBERS) -> np.ndarray:
    return np.asarray(qmc.LatinHypercube(n_numbers, rng=np.random.default_rng(5)).random(n_cases))


def with_luck(y: np.ndarray, sd: float, n: int = 3) -> np.ndarray:
    """Luck that all cases share in part, as common random numbers make it."""
    rng = np.random.default_rng(6)
    common, own = rng.normal(size=n), rng.normal(size=(len(y), n))
    common = (common - common.mean()) / common.std(ddof=1)
    return np.asarray(y[:, None] + sd * np.sqrt(0.8) * common + sd * np.sqrt(0.2) * own)


def test_a_linear_function_is_shared_by_its_squares() -> None:
    u = points()
    y = 10 + 4 * u[:, 0] + 2 * u[:, 7] + 1 * u[:, 30]  # variances 16, 4 and 1 twelfths
    found = share_out(u, with_luck(y, np.sqrt(7 / 12)), [k % 3 for k in range(N_NUMBERS)], 3)
    assert found.luck == pytest.approx(7 / 28, abs=0.04)
    assert found.share[[0, 7, 30]] == pytest.approx([16 / 28, 4 / 28, 1 / 28], abs=0.04)
    assert found.group_share == pytest.approx([17 / 28, 4 / 28, 0], abs=0.05)  # 0 and 30 are of the first group
    assert found.low[0] <= 16 / 28 + 0.02
    assert found.high[0] >= 16 / 28 - 0.02
    assert np.all(found.low <= found.high)
    assert found.share.sum() + found.luck + found.rest == pytest.approx(1)


def test_bends_and_products_are_found() -> None:
    """The function of Ishigami and Homma, made simple: x1 + x1 x2 + bend of x2; a product goes half to each."""
    u = points()
    x = np.sqrt(3) * (2 * u - 1)
    y = 2 * x[:, 3] + x[:, 3] * x[:, 4] + x[:, 4] + np.sqrt(5) / 2 * (x[:, 4] ** 2 - 1)  # 4 + 1 + 1 + 1
    found = share_out(u, y[:, None], [0] * N_NUMBERS, 1)
    assert found.share[[3, 4]] == pytest.approx([4.5 / 7, 2.5 / 7], abs=0.06)
    assert found.explained > 0.99
    assert found.predicted > 0.98
    assert found.rest < 0.06


def test_what_follows_nothing_is_given_to_nobody() -> None:
    noise = np.random.default_rng(8).normal(size=(N_CASES, 1))
    found = share_out(points(), noise, [0] * N_NUMBERS, 1)
    assert found.share.sum() < 0.12
    assert found.rest > 0.88
    assert found.smallest > 0.02


def test_luck_alone() -> None:
    found = share_out(points(), with_luck(np.zeros(N_CASES), 1.0), [0] * N_NUMBERS, 1)
    assert found.luck > 0.9


def test_an_answer_that_is_always_the_same() -> None:
    found = share_out(points(), np.full((N_CASES, 2), 3.0), [0] * N_NUMBERS, 1)
    assert (found.sd, found.luck, found.share.sum()) == (0, 0, 0)


def test_too_few_cases() -> None:
    values = np.full((N_CASES, 2), np.nan)
    values[: LEAST_CASES - 1] = 1.0
    with pytest.raises(ResultError, match=f"{LEAST_CASES - 1} cases have a value"):
        share_out(points(), values, [0] * N_NUMBERS, 1)
