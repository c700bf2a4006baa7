"""Generalised cost of every route of a market in every period: money, time, reliability, constant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.analysis.chains import NO_HOURS, Hours

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from corridor_sim.analysis.chains import Chain
    from corridor_sim.choice.markets import MarketTonnes
    from corridor_sim.choice.periods import ChoicePeriods
    from corridor_sim.choice.trips import TripTimes

    Floats = npt.NDArray[np.float64]

TIME_KIND = "time"
"""Kind of charge that the value of time stands for."""
ONE_IN_TWENTY = 0.95


@dataclass(frozen=True, eq=False)
class Sample:
    """Trips on one route: what was paid beside the value of time."""

    release_h: Floats
    hours: Floats
    tonnes: Floats
    usd_per_t: Floats

    @classmethod
    def of(cls, trips: Sequence[tuple[TripTimes, Chain]]) -> Sample:
        """Join the trips of several itineraries, each with its bill."""
        return cls(
            np.concatenate([times.release_h for times, _ in trips]),
            np.concatenate([times.hours for times, _ in trips]),
            np.concatenate([times.tonnes for times, _ in trips]),
            np.concatenate([_usd_per_t(chain, times.hours) for times, chain in trips]),
        )


@dataclass(frozen=True, eq=False)
class RouteCosts:
    """Generalised cost of the routes of one market, each array (n_routes, n_periods)."""

    mean_h: Floats
    p95_h: Floats
    n: Floats
    """Consignments that times were taken of, all replications together; 0 of what is stated."""
    money: Floats
    time: Floats
    reliability: Floats
    constant: Floats
    """USD per tonne, as the three before it."""

    @property
    def usd_per_t(self) -> Floats:
        """Their sum; infinite where a route cannot be taken."""
        return self.money + self.time + self.reliability + self.constant


def _usd_per_t(chain: Chain, hours: Floats) -> Floats:
    """Money per tonne of trips that take so many hours, without what time itself is worth.

    What trucks in line and ships at anchor cost falls on their owners; the prices that shippers choose by do not move
    with the queue of the day.
    """
    once, with_hour = chain.usd(NO_HOURS), chain.usd(Hours(trip=1.0))
    fixed = sum(usd for kind, usd in once.items() if kind != TIME_KIND)
    per_h = sum(usd - once.get(kind, 0.0) for kind, usd in with_hour.items() if kind != TIME_KIND)
    return np.asarray((fixed + per_h * hours) / chain.load.t)


def route_costs(
    tonnes: MarketTonnes,
    trips: Mapping[str, TripTimes],
    chains: Mapping[str, Chain],
    periods: ChoicePeriods,
    smallest_sample: int,
) -> RouteCosts:
    """Work out what the routes of a market cost in each period.

    Parameters
    ----------
    tonnes
        The market; where a simulated route has no tonnes in a period it cannot be taken then.
    trips
        Trips by itinerary; those that are not valid in the horizon have none.
    chains
        Bills by itinerary.
    periods
        Periods by the instant of release.
    smallest_sample
        Consignments to take times of at least; where a period has fewer its neighbours count, too, more and more of
        them on both sides.
    """
    found = RouteCosts(*np.full((7, *tonnes.volumes_t.shape), np.nan))
    for row, alternative in enumerate(tonnes.market.alternatives.values()):
        found.constant[row] = alternative.constant.value
        if (stated := alternative.reference) is not None:
            found.mean_h[row], found.p95_h[row], found.n[row] = stated.mean.value, stated.p95.value, 0
            found.money[row] = tonnes.per_t(stated.price)
            continue
        own = [(trips[i], chains[i]) for i, route in tonnes.rows.items() if route == row and i in trips]
        _measure(Sample.of(own), periods, smallest_sample, found, row)
        found.money[row, tonnes.volumes_t[row] <= 0] = np.inf
    found.time[:] = tonnes.time_usd_per_t_h * found.mean_h
    found.reliability[:] = tonnes.reliability_usd_per_t_h * (found.p95_h - found.mean_h)
    return found


def _measure(sample: Sample, periods: ChoicePeriods, smallest: int, found: RouteCosts, row: int) -> None:
    """Fill in times and money of one simulated route."""
    period = periods.of_hours(sample.release_h)
    last = len(periods.names) - 1
    for p in range(last + 1):
        for reach in range(last + 1):
            near = np.abs(period - p) <= reach
            if np.count_nonzero(near) >= smallest:
                break
        hours, weight = sample.hours[near], sample.tonnes[near]
        if not hours.size:
            continue
        found.n[row, p] = hours.size
        found.mean_h[row, p] = np.average(hours, weights=weight)
        found.p95_h[row, p] = _quantile(hours, weight, ONE_IN_TWENTY)
        found.money[row, p] = np.average(sample.usd_per_t[near], weights=weight)


def _quantile(values: Floats, weight: Floats, level: float) -> float:
    """Smallest value that so large a part of the tonnes does not exceed."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weight[order])
    return float(values[order][min(int(np.searchsorted(below, level * below[-1])), values.size - 1)])
