"""Dates in order, and a run that has something to run."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from corridor_sim.scenario.itineraries import QueueStage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor_sim.scenario.checks.context import Context
    from corridor_sim.scenario.yaml_paths import Step


def check_dates(context: Context) -> None:
    """Check the run's horizon, validity dates, dated servers and departures."""
    scenario = context.valid
    _check_run(context)
    for section in ("itineraries", "train_paths"):
        for key, entry in getattr(scenario, section).items():
            _check_order(context, (section, key, "valid_until"), entry.valid_from, entry.valid_until, "valid_from")
    for key, queue in scenario.queues.items():
        for place, group in enumerate(queue.servers):
            _check_order(context, ("queues", key, "servers", place, "until"), group.from_, group.until, "from")
        if sum(group.n for group in queue.servers) == 0:
            context.report(("queues", key, "servers"), "there is no server, expected at least 1")
    _check_servers(context)
    for key, service in scenario.services.items():
        _check_departures(context, ("services", key, "departures"), service.departures)
    for key, flow in scenario.flows.items():
        timetable = flow.release.timetable
        if timetable is not None:
            _check_departures(context, ("flows", key, "release", "timetable", "departures"), timetable.departures)


def _check_run(context: Context) -> None:
    run = context.run
    if run is None:
        return
    if run.start >= run.end:
        context.report(("run", "end"), f"is {_day(run.end)}, expected a date after the start {_day(run.start)}")
        return
    length_h = (run.end - run.start) / timedelta(hours=1)
    if run.warm_up_h >= length_h:
        message = f"the warm-up of {run.warm_up_h / 24:g} d is not shorter than the run of {length_h / 24:g} d"
        context.report(("run", "warm_up"), message)


def _check_order(
    context: Context, steps: Sequence[Step], first: datetime | None, last: datetime | None, name: str
) -> None:
    if first is not None and last is not None and last < first:
        context.report(steps, f"is {_day(last)}, expected a date not before {name} {_day(first)}")


def _check_servers(context: Context) -> None:
    """Check that every queue used during the run has servers at some time of it."""
    scenario, run = context.valid, context.run
    if run is None or run.start >= run.end:
        return
    used = {
        stage.queue
        for itinerary in scenario.itineraries.values()
        if itinerary.is_valid_between(run.start, run.end)
        for stage in itinerary.stages
        if isinstance(stage, QueueStage)
    }
    for key in scenario.queues.keys() & used:
        groups = [group for group in scenario.queues[key].servers if group.n > 0]
        there = [
            group
            for group in groups
            if (group.from_ is None or group.from_ < run.end)
            and (group.until is None or group.until + timedelta(days=1) > run.start)
        ]
        if groups and not there:
            span = f"{_day(run.start)} to {_day(run.end)}"
            context.report(("queues", key, "servers"), f"is used, but no server is there during the run, {span}")


def _check_departures(context: Context, steps: Sequence[Step], departures: Sequence[datetime] | None) -> None:
    for place, (before, after) in enumerate(pairwise(departures or ())):
        if after <= before:
            message = f"the departures are not in order: {after:%Y-%m-%dT%H:%M} follows {before:%Y-%m-%dT%H:%M}"
            context.report((*steps, place + 1), message)


def _day(time: datetime) -> str:
    return f"{time:%Y-%m-%d}" if time.hour == time.minute == 0 else f"{time:%Y-%m-%dT%H:%M}"
