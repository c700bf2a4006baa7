"""Railway planners' measures of a single-track line: trains a day by Scott's formula, occupancy by UIC Code 406."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.time_axis import H_PER_DAY

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

SCOTT_EFFICIENCY = 0.7
"""Part of the theoretical trains a day that Indian Railways count on for a line; the rest goes to upkeep and delays."""
OCCUPIED_FRAC_LIMIT_DAY = 0.60
OCCUPIED_FRAC_LIMIT_PEAK = 0.75
"""Occupied part of a day, and of the peak hour, that a line with mixed traffic should not exceed: reference values of
UIC Code 406, 'Capacity', 2nd edition, June 2013. Above them a late train makes others late all day long."""


@dataclass(frozen=True)
class Occupancy:
    """How full one single-track section is, its trains pushed together without a gap (UIC Code 406).

    Parameters
    ----------
    n_trains
        Trains that entered in the window, both directions together.
    compressed_h
        Hours from the first entry until the section is free for the next train, all trains pushed together.
    window_h
        Length of the window in hours.
    occupied_frac
        ``compressed_h / window_h``; above 1 when trains ran closer together than the given spacing allows, or when
        the last of them were still on the section at the end of the window.
    trains_per_day_at_100_frac
        Trains a day, in the same order and with the same run times, that fill the section wholly; nan when no train
        ran or when the trains take up no time.
    """

    n_trains: int
    compressed_h: float
    window_h: float
    occupied_frac: float
    trains_per_day_at_100_frac: float


def scott_trains_per_day(
    run_h: float, working_h: float, efficiency: float = SCOTT_EFFICIENCY, run_back_h: float | None = None
) -> float:
    """Trains a day that a single-track section carries, both directions together, by Scott's formula.

    As Indian Railways use it: 1440 / (t + T) * 0.7, with t minutes of running time of the slowest train over the
    critical block section and T = 5 minutes of block working time. One train at a time is on the section, and the
    directions alternate.

    Parameters
    ----------
    run_h
        Hours that the slowest train takes over the critical section, between two passing loops.
    working_h
        Hours to work the block between two trains: clearing, setting the route, line clear.
    efficiency
        Part of the theoretical number that can be counted on, above 0 and up to 1; 1 gives the theoretical number.
    run_back_h
        Hours in the other direction where they differ, as on a gradient; the mean of both then counts.

    Returns
    -------
    float
        Trains a day.

    Raises
    ------
    ValueError
        If a time is negative or not finite, all are zero, or the efficiency is not above 0 and up to 1.
    """
    back_h = run_h if run_back_h is None else run_back_h
    for name, value_h in (("run_h", run_h), ("run_back_h", back_h), ("working_h", working_h)):
        _refuse_negative(name, value_h)
    if not 0 < efficiency <= 1:
        raise ValueError(f"efficiency is {efficiency}, must be above 0 and up to 1")
    cycle_h = (run_h + back_h) / 2 + working_h
    if cycle_h == 0:
        raise ValueError("run time and working time are both zero: the number of trains has no limit")
    return H_PER_DAY * efficiency / cycle_h


def occupancy(
    enter_h: npt.ArrayLike,
    leave_h: npt.ArrayLike,
    is_up: npt.ArrayLike,
    headway_h: float,
    working_h: float,
    from_h: float,
    until_h: float,
) -> Occupancy:
    """Push the trains of one single-track section together, as UIC Code 406 does, and see how full it is.

    The trains that entered in the window keep their order and their run times. Each is pushed to the earliest entry
    that the trains before it allow:

    - in the same direction, a headway after its leader entered, and no earlier than lets it leave a headway after the
      leader left (it may not overtake on the section);
    - in the opposite direction, when the section is clear and the working time has passed.

    As in the code, the sequence is closed by a train like the first: the section counts as occupied until that one
    could enter. A cut-out window then counts one spacing per train, whatever the numbers of trains each way.

    Parameters
    ----------
    enter_h, leave_h
        Hours at which each train entered and left the section, in any order of trains.
    is_up
        Whether each train ran in the up direction.
    headway_h
        Hours between two trains in the same direction.
    working_h
        Hours between the clearing of the section and the entry of a train in the opposite direction.
    from_h, until_h
        The window; trains count that entered at or after its start and before its end.

    Returns
    -------
    Occupancy
        With no train: nothing occupied.

    Raises
    ------
    ValueError
        If lengths differ, the window has no length, a time is not known, or a train left before it entered.
    """
    enters_h, leaves_h = np.asarray(enter_h, dtype=np.float64), np.asarray(leave_h, dtype=np.float64)
    ups = np.asarray(is_up, dtype=np.bool_)
    if not enters_h.shape == leaves_h.shape == ups.shape or enters_h.ndim != 1:
        raise ValueError(
            f"enter_h, leave_h and is_up must be of one length, one value a train: "
            f"shapes {enters_h.shape}, {leaves_h.shape}, {ups.shape}"
        )
    if not (np.isfinite(from_h) and np.isfinite(until_h) and until_h > from_h):
        raise ValueError(f"the window from {from_h} h until {until_h} h has no length")
    _refuse_negative("headway_h", headway_h)
    _refuse_negative("working_h", working_h)
    chosen = (enters_h >= from_h) & (enters_h < until_h)
    enters_h, leaves_h, ups = enters_h[chosen], leaves_h[chosen], ups[chosen]
    if not np.isfinite(leaves_h).all():
        raise ValueError("a train entered in the window and its leave_h is not known: end the window earlier")
    if (leaves_h < enters_h).any():
        raise ValueError("a train left the section before it entered: leave_h below enter_h")
    order = np.argsort(enters_h, kind="stable")
    runs_h = (leaves_h - enters_h)[order]
    compressed_h = _compress(runs_h, ups[order], headway_h, working_h)
    n_trains, window_h = len(runs_h), float(until_h - from_h)
    return Occupancy(
        n_trains=n_trains,
        compressed_h=compressed_h,
        window_h=window_h,
        occupied_frac=compressed_h / window_h,
        trains_per_day_at_100_frac=n_trains * H_PER_DAY / compressed_h if compressed_h > 0 else float("nan"),
    )


def _compress(runs_h: Floats, ups: npt.NDArray[np.bool_], headway_h: float, working_h: float) -> float:
    """Hours from the entry of the first train until another one like it could enter, without any gap."""
    if not len(runs_h):
        return 0.0
    # last entry and last exit of each direction, index 0 down and 1 up; nothing has run before the first train
    entered_h, left_h = [-np.inf, -np.inf], [-np.inf, -np.inf]
    at_h = 0.0
    for run_h, up in zip([*runs_h.tolist(), float(runs_h[0])], [*ups.tolist(), bool(ups[0])], strict=True):
        same, opposite = int(up), int(not up)
        # no earlier than the train before it: with a headway of zero the order would be lost otherwise
        at_h = max(
            at_h, entered_h[same] + headway_h, left_h[same] + headway_h - run_h, left_h[opposite] + working_h
        )  # fmt: skip
        entered_h[same], left_h[same] = at_h, at_h + run_h
    return at_h


def _refuse_negative(name: str, value_h: float) -> None:
    if not (np.isfinite(value_h) and value_h >= 0):
        raise ValueError(f"{name} is {value_h}, must be a number of hours, zero or more")
