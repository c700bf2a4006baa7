"""Which numbers an answer's spread rests on: a sparse polynomial of a Latin hypercube, its variance shared out.

Legendre polynomials of independent uniform numbers are orthogonal, so the squares of their coefficients add up to the
variance [Sudret, Reliability Engineering & System Safety 93 (2008)]. Terms are chosen forward [Blatman & Sudret,
J. Comput. Phys. 230 (2011)]; a product of two numbers is shared between both in halves, as Shapley effects do [Owen,
SIAM/ASA J. Uncertainty Quantification 2 (2014)].
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.errors import ResultError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

Term = tuple[int, ...]
"""Numbers whose first Legendre polynomials are multiplied; the same one twice stands for its second polynomial."""
LEAST_CASES = 20
CASES_PER_TERM = 6
"""Cases for each term at least: more terms would fit what is chance."""
RESAMPLES = 400
"""Bootstrap samples of an interval."""


@dataclass(frozen=True)
class Spread:
    """The variance of an answer over cases and replications, shared out.

    Attributes
    ----------
    mean, sd
        Of the answer, luck included.
    luck
        Share of replications: what differs where all numbers are the same.
    share, low, high
        (n_numbers,) share of each number, with a 95 % interval by bootstrap of the cases (terms as chosen).
    group_share, group_low, group_high
        The same for each group.
    explained, predicted
        Of the variance between cases: share the polynomial fits, and predicts of cases left out one at a time.
    smallest
        Share of the variance between cases below which a number cannot be told from chance.
    """

    mean: float
    sd: float
    luck: float
    share: Floats
    low: Floats
    high: Floats
    group_share: Floats
    group_low: Floats
    group_high: Floats
    explained: float
    predicted: float
    smallest: float

    @property
    def rest(self) -> float:
        """Share that is told of no number: small effects, bends and joint effects beyond the polynomial."""
        return max(0.0, 1.0 - self.luck - float(self.share.sum()))


def share_out(points: Floats, values: Floats, groups: Sequence[int], n_groups: int, *, seed: int = 0) -> Spread:
    """Share out the variance of an answer.

    Parameters
    ----------
    points
        (n_cases, n_numbers) places in the unit cube, independent and uniform.
    values
        (n_cases, n_replications) of the answer; replication r has the same luck in all cases.
    groups
        (n_numbers,) group of each number.
    n_groups
        How many there are.
    seed
        Of the bootstrap.

    Raises
    ------
    ResultError
        When fewer than `LEAST_CASES` cases have a value.
    """
    there = ~np.isnan(values).any(axis=1)
    points, values = points[there], values[there]
    if len(values) < LEAST_CASES:
        raise ResultError(f"{len(values)} cases have a value, {LEAST_CASES} are the least that can be shared out")
    y = values.mean(axis=1)
    luck, own = _luck(values)
    member = np.eye(n_groups)[np.asarray(groups)]
    if float(y.var()) + luck <= (1e-9 * max(abs(float(y.mean())), 1e-300)) ** 2:
        none, no_group = np.zeros(points.shape[1]), np.zeros(n_groups)
        return Spread(float(y.mean()), 0.0, 0.0, none, none, none, no_group, no_group, no_group, 0.0, 0.0, 1.0)
    x = np.sqrt(3.0) * (2.0 * points - 1.0)
    terms = _choose(x, y)
    design = _columns(x, terms)
    shares, total = _shares(design, y, terms, points.shape[1], luck, own)
    draws = np.random.default_rng(seed).integers(len(y), size=(RESAMPLES, len(y)))
    again = np.array([_shares(design[k], y[k], terms, points.shape[1], luck, own)[0] for k in draws])
    low, high = np.percentile(again, [2.5, 97.5], axis=0)
    group_low, group_high = np.percentile(again @ member, [2.5, 97.5], axis=0)
    explained, predicted = _fit(design, y)
    return Spread(
        float(y.mean()), float(np.sqrt(total)), luck / total, shares, low, high, shares @ member, group_low, group_high,
        explained, predicted, min(1.0, _bound(x.shape[1]) ** 2 / len(y) * (1.0 - max(explained, 0.0))),
    )  # fmt: skip


def _luck(values: Floats) -> tuple[float, float]:
    """Variance over replications of a case, and the part of it in a case's mean that the cases do not have in common.

    Replication r has the same luck in all cases, by two-way means: what all share does not differ between cases.
    """
    n = values.shape[1]
    if n == 1:
        return 0.0, 0.0
    residual = values - values.mean(axis=1, keepdims=True) - values.mean(axis=0) + values.mean()
    own = float((residual**2).sum()) / ((len(values) - 1) * (n - 1))
    return float(values.var(axis=1, ddof=1).mean()), own / n


def _bound(n: int) -> float:
    """Largest size of n normal numbers, about: a smaller effect may be chance [Donoho & Johnstone 1994]."""
    return float(np.sqrt(2.0 * np.log(max(n, 2))))


def _choose(x: Floats, y: Floats) -> list[Term]:
    """Choose terms forward, the one that the rest follows most first, until it may be chance."""
    terms: list[Term] = []
    most = len(y) // CASES_PER_TERM
    while len(terms) < most:
        candidates = [t for t in _candidates(x.shape[1], terms) if t not in terms]
        columns = _columns(x, candidates)
        design = np.column_stack([np.ones(len(y)), _columns(x, terms)])
        basis, _ = np.linalg.qr(design)
        columns = columns - basis @ (basis.T @ columns)
        residual = y - basis @ (basis.T @ y)
        norms = np.linalg.norm(columns, axis=0)
        follows = np.abs(columns.T @ residual) / np.where(norms > 0, norms, np.inf)
        k = int(np.argmax(follows))
        left = float(residual @ residual) - follows[k] ** 2
        free = len(y) - design.shape[1] - 1
        if left <= 1e-12 * float(y @ y):
            return [*terms, candidates[k]]
        if follows[k] / np.sqrt(left / free) < _bound(len(candidates)):
            break
        terms.append(candidates[k])
    return terms


def _candidates(n: int, terms: Iterable[Term]) -> list[Term]:
    """All numbers by themselves; bends and products of those that were chosen."""
    met = sorted({k for term in terms for k in term})
    return [*((k,) for k in range(n)), *((k, k) for k in met), *combinations(met, 2)]


def _columns(x: Floats, terms: Sequence[Term]) -> Floats:
    """Return (n_cases, n_terms) the polynomials; x has mean 0 and variance 1."""
    columns = np.empty((len(x), len(terms)))
    for k, term in enumerate(terms):
        if len(term) == 1:
            columns[:, k] = x[:, term[0]]
        elif term[0] == term[1]:  # second Legendre polynomial, made to variance 1
            columns[:, k] = np.sqrt(5.0) / 2.0 * (x[:, term[0]] ** 2 - 1.0)
        else:
            columns[:, k] = x[:, term[0]] * x[:, term[1]]
    return columns


def _shares(design: Floats, y: Floats, terms: Sequence[Term], n: int, luck: float, own: float) -> tuple[Floats, float]:
    """Share of each number, and the whole variance.

    Parts are squares of coefficients, less what chance adds to them; what two numbers have jointly goes to both in
    halves. The whole is the parts, what the polynomial leaves of the cases' means (less the luck in them) and luck: of
    the sample's own variance, the chance correlations of numbers would be a part.
    """
    full = np.column_stack([np.ones(len(y)), design])
    inverse = np.linalg.pinv(full.T @ full)
    beta = inverse @ full.T @ y
    residual = y - full @ beta
    left = float(residual @ residual) / max(len(y) - full.shape[1], 1)
    parts = np.maximum(beta[1:] ** 2 - np.diag(inverse)[1:] * left, 0.0)
    total = float(parts.sum()) + max(left - own, 0.0) + luck
    shares = np.zeros(n)
    for term, part in zip(terms, parts / total, strict=True):
        for k in term:
            shares[k] += part / len(term)
    return shares, total


def _fit(design: Floats, y: Floats) -> tuple[float, float]:
    """Share of the variance of y that is fitted, and that is predicted of cases left out."""
    full = np.column_stack([np.ones(len(y)), design])
    basis, _ = np.linalg.qr(full)
    residual = y - basis @ (basis.T @ y)
    around = float(((y - y.mean()) ** 2).sum())
    left_out = residual / np.maximum(1.0 - (basis**2).sum(axis=1), 1e-12)
    return 1.0 - float(residual @ residual) / around, 1.0 - float(left_out @ left_out) / around
