"""Designs: which values the parameters take together, case by case."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.analysis.sensitivity import require_salib, unit_problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from corridor_sim.sweep.file import Design, Morris, Saltelli
    from corridor_sim.sweep.parameters import Value, Varied

    Floats = npt.NDArray[np.float64]

PRODUCT, ZIP, CASES = "product", "zip", "cases"
DRAWN = ("lhs", "sobol", "morris", "saltelli")
"""Designs that draw from the parameters' distributions."""


@dataclass(frozen=True)
class Row:
    """Values of the parameters in one case, in their order."""

    values: tuple[Value, ...]
    point: tuple[float, ...] = ()
    """Where a drawn case lies in the unit cube."""


def kind_of(design: str | Design) -> str:
    """Name of a design."""
    if isinstance(design, str):
        return design
    return next(name for name in type(design).model_fields if getattr(design, name) is not None)


def count(design: str | Design, parameters: Sequence[Varied]) -> int:
    """Return the number of cases of a design before it is made."""
    n = len(parameters)
    if isinstance(design, str):
        sizes = [len(p.levels) for p in parameters]
        return int(np.prod(sizes)) if design == PRODUCT else sizes[0]
    if design.cases is not None:
        return len(design.cases)
    if design.morris is not None:
        return design.morris.trajectories * (n + 1)
    if design.saltelli is not None:
        return design.saltelli.n * ((2 * n + 2) if design.saltelli.second_order else (n + 2))
    sample = design.lhs or design.sobol
    assert sample is not None  # noqa: S101  # one of them is given
    return sample.n


def rows(design: str | Design, parameters: Sequence[Varied], seed: int) -> Iterable[Row]:
    """Yield the values of every case, in the order of the parameters.

    A drawn design is a function of the seed, the number of cases and the number of parameters.
    """
    kind = kind_of(design)
    if kind == PRODUCT:
        yield from map(Row, product(*(p.levels for p in parameters)))
    elif kind == ZIP:
        yield from map(Row, zip(*(p.levels for p in parameters), strict=True))
    elif not isinstance(design, str) and design.cases is not None:
        yield from (Row(tuple(case[p.id] for p in parameters)) for case in design.cases)
    else:
        for point in unit_points(design, len(parameters), seed):
            place = tuple(point.tolist())
            yield Row(tuple(p.at(u) for p, u in zip(parameters, place, strict=True)), place)


def unit_points(design: str | Design, n: int, seed: int) -> Floats:
    """Return (n_cases, n) the points of a drawn design in the unit cube."""
    from scipy.stats import qmc

    assert not isinstance(design, str)  # noqa: S101  # named designs are not drawn
    seed32 = seed % 2**32
    if design.lhs is not None:
        return np.asarray(qmc.LatinHypercube(n, rng=np.random.default_rng(seed)).random(design.lhs.n))
    if design.sobol is not None:
        sequence = qmc.Sobol(n, rng=np.random.default_rng(seed))
        m = max(0, int(np.ceil(np.log2(design.sobol.n))))
        return np.asarray(sequence.random_base2(m))[: design.sobol.n]
    if design.morris is not None:
        return _morris(design.morris, n, seed32)
    assert design.saltelli is not None  # noqa: S101  # the last one
    return _saltelli(design.saltelli, n, seed32)


def _morris(design: Morris, n: int, seed: int) -> Floats:
    require_salib()
    from SALib.sample import morris

    found = morris.sample(unit_problem(n), design.trajectories, num_levels=design.levels, seed=seed)
    return np.asarray(found, dtype=np.float64)


def _saltelli(design: Saltelli, n: int, seed: int) -> Floats:
    require_salib()
    from SALib.sample import sobol

    found = sobol.sample(unit_problem(n), design.n, calc_second_order=design.second_order, seed=seed)
    return np.asarray(found, dtype=np.float64)
