"""Demand of the plan: expected releases over time, timetables, load factors."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.time_axis import MONTHS
from corridor_sim.foundation.time_grid import scalar_to_grid
from corridor_sim.plan.kinds import ReleasePattern
from corridor_sim.plan.tables import FlowTable, Ragged

if TYPE_CHECKING:
    from corridor_sim.compiler.context import Context
    from corridor_sim.scenario.flows import Flow

DEPARTURE_HOUR_UTC = 12
"""Hour of the day at which timetabled trains without dates of their own leave; any other would do as well."""


def build_flows(context: Context) -> FlowTable:
    """Build the demand."""
    s = context.scenario
    flows = list(s.flows.values())
    plans = [_releases(context, key, f) for key, f in s.flows.items()]
    months = [_months(context, key, f) for key, f in s.flows.items()]
    return FlowTable(
        id=tuple(s.flows),
        name=tuple(f.name for f in flows),
        route=tuple(f.route for f in flows),
        direction=tuple(f.direction for f in flows),
        commodity=tuple(f.commodity for f in flows),
        counts_in=tuple(" ".join(f.counts_in) for f in flows),
        origin=tuple(f.origin for f in flows),
        destination=tuple(f.destination for f in flows),
        consignment_kind=tuple(f.consignment.kind for f in flows),
        load_t=np.array([f.consignment.load.value for f in flows]),
        load_teu=np.array([f.consignment.teu.value for f in flows]),
        pattern=np.array([p[0] for p in plans], dtype=np.int64),
        release_t_h=Ragged.of([p[1] for p in plans]),
        release_cum=Ragged.of([p[2] for p in plans]),
        load_from_h=Ragged.of([m[0] for m in months]),
        load_factor=Ragged.of([m[1] for m in months]),
    )


def tonnes_by_month(context: Context, key: str) -> dict[str, float]:
    """Return the tonnes of a flow that are expected to be released in each month of the horizon, t.

    Those of a timetable with departures of its own are what its trains carry.
    """
    flow, axis = context.scenario.flows[key], context.axis
    starts = axis.month_starts()
    names = [f"{m:%Y-%m}" for m in starts[:-1]]
    if flow.release.timetable is None:
        return dict(zip(names, _expected_t(context, key, flow), strict=True))
    _, times, _ = _releases(context, key, flow)
    begin_h, factor = _months(context, key, flow)
    edges = [axis.hours(m) for m in starts]
    carried = [flow.consignment.load.value * factor[np.searchsorted(begin_h, t, side="right") - 1] for t in times]
    found, _ = np.histogram(times, edges, weights=carried)
    return dict(zip(names, found.tolist(), strict=True))


def _months(context: Context, key: str, flow: Flow) -> tuple[list[float], list[float]]:
    """Pieces of the load factor: one per month where the flow has a parcel profile, else one in all."""
    # a timetable with departures of its own keeps them: growth then makes the trains heavier, not more
    is_fixed = flow.release.timetable is not None
    demand = context.scenario.demand
    if flow.parcel_profile is None and not (is_fixed and (flow.route in demand.by_route or key in demand.by_flow)):
        return [0.0], [float(demand.growth) if is_fixed else 1.0]
    profile = None if flow.parcel_profile is None else context.scenario.parcel_profiles[flow.parcel_profile]
    starts = context.axis.month_starts()[:-1]
    growth = [demand.factor(flow.route, m.year) * demand.flow_factor(key, m) if is_fixed else 1.0 for m in starts]
    parcels = [1.0 if profile is None else float(getattr(profile, MONTHS[m.month - 1])) for m in starts]
    return [max(context.axis.hours(m), 0.0) for m in starts], [g * f for g, f in zip(growth, parcels, strict=True)]


def _expected_t(context: Context, key: str, flow: Flow) -> list[float]:
    """Return the tonnes expected in each month that the horizon touches.

    A month has its share of the year's tonnes, spread evenly over it.
    """
    s, axis = context.scenario, context.axis
    profile = None if flow.profile is None else s.month_profiles[flow.profile]
    found = []
    for start, stop in pairwise(axis.month_starts()):
        days_in_year = (datetime(start.year + 1, 1, 1, tzinfo=UTC) - datetime(start.year, 1, 1, tzinfo=UTC)).days
        name = MONTHS[start.month - 1]
        weight = (stop - start).days / days_in_year if profile is None else float(getattr(profile, name))
        whole = flow.annual_t(start.year) * s.demand.factor(flow.route, start.year) * weight
        begin, end = max(axis.hours(start), 0.0), min(axis.hours(stop), axis.end_h)
        share = (end - begin) / (axis.hours(stop) - axis.hours(start))
        found.append(whole * s.demand.flow_factor(key, start) * share)
    return found


def _expected(context: Context, key: str, flow: Flow) -> tuple[list[float], list[float]]:
    """Return the cumulative number of consignments expected up to the borders of the months.

    Loads that follow a parcel profile change the number of consignments, never the tonnes.
    """
    axis, starts = context.axis, context.axis.month_starts()
    parcels = None if flow.parcel_profile is None else context.scenario.parcel_profiles[flow.parcel_profile]
    times, cum = [0.0], [0.0]
    for start, stop, expected_t in zip(starts, starts[1:], _expected_t(context, key, flow), strict=False):
        factor = 1.0 if parcels is None else float(getattr(parcels, MONTHS[start.month - 1]))
        times.append(min(axis.hours(stop), axis.end_h))
        cum.append(cum[-1] + expected_t / (flow.consignment.load.value * factor))
    return times, cum


def _releases(context: Context, key: str, flow: Flow) -> tuple[ReleasePattern, list[float], list[float]]:
    """Pattern, breakpoints and expected number released up to each; a timetable is its departures."""
    release = flow.release
    if release.pattern != "timetable":
        return ReleasePattern[release.pattern.upper()], *_expected(context, key, flow)
    axis, timetable = context.axis, release.timetable
    if timetable is None:
        times = _spread(context, key, flow)
    elif timetable.departures:
        times = [scalar_to_grid(axis.hours(d)) for d in timetable.departures]
    else:
        assert timetable.every is not None  # noqa: S101  # the model has departures or every
        first, every_h = context.hours(timetable.first, 0.0), timetable.every.value
        n = int((axis.end_h - first) / every_h) + 1
        times = [scalar_to_grid(first + k * every_h) for k in range(n)]
    times = [t for t in times if 0 <= t < axis.end_h]
    return ReleasePattern.TIMETABLE, times, list(np.arange(1.0, len(times) + 1))


def _spread(context: Context, key: str, flow: Flow) -> list[float]:
    """Departures that follow the month profile at equal expected distances, at noon of their day."""
    t_h, cum = _expected(context, key, flow)
    at = np.interp(np.arange(0.5, cum[-1]), cum, t_h)
    days = [context.axis.moment(float(h)).replace(hour=0, minute=0, second=0, microsecond=0) for h in at]
    noon = timedelta(hours=DEPARTURE_HOUR_UTC)
    return sorted(scalar_to_grid(context.axis.hours(d + noon)) for d in days)
