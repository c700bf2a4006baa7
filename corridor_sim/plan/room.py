"""Cargo and room on board as whole millionths of a tonne or TEU: whether it fits does not depend on rounding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

MILLIONTHS = 1e6


def room_millionths(room: npt.ArrayLike) -> Floats:
    """Room of departures, t or TEU, to the nearest millionth."""
    return np.asarray(np.rint(np.asarray(room, dtype=np.float64) * MILLIONTHS))


def load_millionths(load: npt.ArrayLike) -> Floats:
    """Cargo, t or TEU, down to the millionth (what is nearly the next is it): three thirds fit where a whole does."""
    return np.asarray(np.floor(np.asarray(load, dtype=np.float64) * MILLIONTHS + 1e-3))
