"""Fitting parameters to observations: misses on the scale of the observed ranges, a robust loss, a weak prior.

The loss of a point is Huber's [Huber, Annals of Mathematical Statistics 35 (1964)] summed over observations: quadratic
up to a miss of one (the end of the observed range), linear beyond, so that one observation that cannot be met does not
rule the others. A weak pull towards the values as stated keeps what no observation tells about where it was. The best
of a Latin hypercube is where a trust-region search with bounds begins [Branch, Coleman & Li, SIAM J. Sci. Comput. 21].
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Misses = Callable[[Floats], Floats]
    """From points (n, n_parameters) in the unit cube to misses (n, n_observations); nan where nothing is simulated."""

PULL = 0.5
"""Miss that a parameter counts for when it has gone half of its range from where it was: own choice."""
STEP = 0.04
"""Step of the derivatives in the unit cube: large beside the grain of a simulation."""
LEAST_KNOWN, WORSE = 0.05, 1.01
"""A parameter that is known less goes back to its stated value, unless the loss is worse by more than this factor."""
EDGE = 0.002
"""Distance from the ends of a range that is kept, so that a value that is written in six digits is inside."""
BEST_FRAC = 0.1
"""Part of the hypercube whose spread tells whether a parameter is identified."""


@dataclass(frozen=True)
class Fit:
    """A fitted point.

    Attributes
    ----------
    start, best
        (n_parameters,) points in the unit cube: as stated, and fitted.
    loss_before, loss_after
        Without the pull.
    known
        (n_parameters,) how much narrower the observations make a parameter's range: 1 - sd afterwards / sd of the
        range, from the curvature of the loss at the best point; 0 says that they tell nothing.
    decile
        (n_parameters,) spread of the hypercube's best tenth beside that of all: 1 says the same.
    n_points
        Points that were simulated.
    """

    start: Floats
    best: Floats
    loss_before: float
    loss_after: float
    known: Floats
    decile: Floats
    n_points: int


def scaled_misses(simulated: Floats, low: Floats, mid: Floats, high: Floats) -> Floats:
    """Return misses on a logarithmic scale: 0 in the middle of the observed range, -1 and 1 at its ends.

    Parameters
    ----------
    simulated
        (..., n_observations), above 0.
    low, mid, high
        (n_observations,) the observed range; the geometric middle where there is no mid.
    """
    middle = np.where(np.isnan(mid), np.sqrt(low * high), mid)
    distance = np.log(np.maximum(simulated, 1e-12) / middle)
    # a middle at an end of its range leaves no width on that side: the other side's is taken
    below, above = np.log(middle / low), np.log(high / middle)
    widest = np.maximum(np.maximum(below, above), 1e-6)
    width = np.where(distance < 0, below, above)
    return np.asarray(distance / np.where(width > 1e-9, width, widest))


def huber(misses: Floats) -> Floats:
    """Sum Huber's loss over the last axis; what is nan counts nothing."""
    size = np.abs(np.nan_to_num(misses))
    return np.asarray(np.where(size <= 1, size**2 / 2, size - 0.5).sum(axis=-1))


def fit(misses: Misses, start: Floats, points: Floats, *, most_steps: int) -> Fit:
    """Fit parameters.

    Parameters
    ----------
    misses
        Simulates; the same point must give the same misses (common random numbers).
    start
        (n_parameters,) where the stated values lie in their ranges; 0 to 1.
    points
        (n_cases, n_parameters) a Latin hypercube.
    most_steps
        Steps of the search at most; each takes one point and, for the derivatives, one per parameter.
    """
    from scipy.optimize import least_squares

    n = len(start)
    tried: dict[bytes, Floats] = {}

    def at(wanted: Floats) -> Floats:
        new = [p for p in wanted if p.tobytes() not in tried]
        if new:
            for p, found in zip(new, misses(np.array(new)), strict=True):
                tried[p.tobytes()] = found
        return np.array([tried[p.tobytes()] for p in wanted])

    def residuals(wanted: Floats) -> Floats:
        pull = PULL / 0.5 * (wanted - start)
        return np.hstack([np.nan_to_num(at(wanted)), pull])

    def derivative(x: Floats) -> Floats:
        step = np.where(x + STEP <= 1 - EDGE, STEP, -STEP)
        moved = residuals(np.vstack([x, x + np.diag(step)]))
        return np.asarray(((moved[1:] - moved[0]) / step[:, None]).T)

    whole = np.vstack([start, np.clip(points, EDGE, 1 - EDGE)])
    losses = huber(residuals(whole))
    begin = np.clip(whole[int(np.argmin(losses))], EDGE * 1.01, 1 - EDGE * 1.01)
    least_squares(
        lambda x: residuals(x[None])[0], begin, jac=derivative, bounds=(EDGE, 1 - EDGE), loss="huber",
        max_nfev=most_steps, xtol=1e-3, ftol=1e-3, gtol=1e-6,
    )  # fmt: skip
    met = np.array([np.frombuffer(key) for key in tried])
    best = met[int(np.argmin(huber(residuals(met))))]
    known = _known(derivative(best), residuals(best[None])[0], n)
    # what the observations do not tell goes back to where it was, unless they fit worse then
    plain = np.where(known < LEAST_KNOWN, start, best)
    if huber(residuals(plain[None]))[0] <= WORSE * huber(residuals(best[None]))[0]:
        best = plain
    before, after = (float(huber(at(p[None]))[0]) for p in (start, best))
    return Fit(start, best, before, after, known, _decile(points, losses[1:]), len(tried))


def _known(jacobian: Floats, at_best: Floats, n: int) -> Floats:
    """How much narrower the observations make each range: Laplace's approximation, a uniform range as the prior."""
    weight = np.where(np.abs(at_best) <= 1, 1.0, 1.0 / np.maximum(np.abs(at_best), 1.0))[:-n]
    of_data = jacobian[:-n]
    information = of_data.T @ (weight[:, None] * of_data) + 12.0 * np.eye(n)
    return np.asarray(np.clip(1.0 - np.sqrt(12.0 * np.diag(np.linalg.inv(information))), 0.0, 1.0))


def _decile(points: Floats, losses: Floats) -> Floats:
    if len(points) < 2 / BEST_FRAC:
        return np.full(points.shape[1], np.nan)
    best = points[np.argsort(losses, kind="stable")[: max(2, int(BEST_FRAC * len(points)))]]
    return np.asarray(best.std(axis=0, ddof=1) / points.std(axis=0, ddof=1))
