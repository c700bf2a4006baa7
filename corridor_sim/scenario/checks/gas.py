"""What the parts of a gas pipeline say about each other."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from corridor_sim.foundation.errors import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridor_sim.scenario.checks.context import Context
    from corridor_sim.scenario.flows import MonthProfile
    from corridor_sim.scenario.gas import GasEvent, GasSystem

MOST_SECTION_KM = 250.0
"""Longest stretch that one element may stand for: beyond it the mean-pressure formula loses its accuracy."""


def check_gas(context: Context) -> None:
    """Check the gas pipeline; a scenario has one, or flows, or both."""
    gas = context.valid.gas
    if gas is None:
        if context.complete and "gas" not in context.tree.entries:
            _check_freight(context)
        return
    _check_phases(context, gas)
    _check_references(context, gas)
    _check_places(context, gas)
    _check_pressures(context, gas)
    _check_meters(context, gas)
    _check_events(context, gas)
    _check_profiles(context, gas)


def _check_freight(context: Context) -> None:
    """Without a pipeline there are flows, and ways for them to travel."""
    needed = {
        "flows": ("demand: goods from origin to destination, by key", "a pipeline alone stands under 'gas'"),
        "itineraries": ("how the flows travel, by key", ""),
    }
    for section, (what, hint) in needed.items():
        if section not in context.tree.entries:
            context.report((section,), f"key is missing, expected {what}", hint)
        elif not context.ids(section) and (section not in context.uncertain):
            context.report((section,), f"is empty, expected {what}")


def _check_phases(context: Context, gas: GasSystem) -> None:
    for (before, a), (name, b) in pairwise(gas.phases.items()):
        if b.planned < a.planned:
            context.report(
                ("gas", "phases", name, "planned"),
                f"is {b.planned:%Y-%m-%d}, before its predecessor {before} of {a.planned:%Y-%m-%d}",
                "phases stand in the order in which they start",
            )
        if b.volume.value <= a.volume.value:
            context.report(
                ("gas", "phases", name, "volume"),
                f"is {b.volume.value:g} bcm/yr, not more than the {a.volume.value:g} bcm/yr of {before} before it",
            )


def _check_references(context: Context, gas: GasSystem) -> None:
    for key, pipe in gas.strings.items():
        _refer(context, ("strings", key, "line"), pipe.line, gas.lines, "line")
        _refer(context, ("strings", key, "from"), pipe.from_, gas.sites, "site")
        _refer(context, ("strings", key, "to"), pipe.to, gas.sites, "site")
        _refer(context, ("strings", key, "phase"), pipe.phase, gas.phases, "phase")
        for k, uprate in enumerate(pipe.uprates):
            _refer(context, ("strings", key, "uprates", k, "phase"), uprate.phase, gas.phases, "phase")
    for key, station in gas.stations.items():
        _refer(context, ("stations", key, "line"), station.line, gas.lines, "line")
        _refer(context, ("stations", key, "at"), station.at, gas.sites, "site")
        _refer(context, ("stations", key, "phase"), station.phase, gas.phases, "phase")
        if station.spare >= station.units:
            context.report(
                ("gas", "stations", key, "spare"), f"{station.spare} of {station.units} sets stand by, none works"
            )
    for key, offtake in gas.offtakes.items():
        _refer(context, ("offtakes", key, "line"), offtake.line, gas.lines, "line")
        _refer(context, ("offtakes", key, "at"), offtake.at, gas.sites, "site")
        _refer(context, ("offtakes", key, "until"), offtake.until, gas.phases, "phase")
    for key, meter in gas.meters.items():
        _refer(context, ("meters", key, "at"), meter.at, gas.sites, "site")
        for phase in meter.capacity:
            _refer(context, ("meters", key, "capacity", phase), phase, gas.phases, "phase")
    for key, delivery in gas.deliveries.items():
        _refer(context, ("deliveries", key, "phase"), delivery.phase, gas.phases, "phase")
        for k, string in enumerate(delivery.strings):
            _refer(context, ("deliveries", key, "strings", k), string, gas.strings, "string")
        for k, at in enumerate(delivery.stations):
            _refer(context, ("deliveries", key, "stations", k), at, gas.stations, "station")
        for k, flow in enumerate(delivery.flows):
            context.refer(("gas", "deliveries", key, "flows", k), "flows", flow)
    for key, event in gas.events.items():
        _refer(context, ("events", key, "string"), event.string, gas.strings, "string")
        for k, site in enumerate(event.between or ()):
            _refer(context, ("events", key, "between", k), site, gas.sites, "site")


def _refer(context: Context, steps: tuple[str | int, ...], name: str | None, known: Iterable[str], noun: str) -> None:
    known = list(known)
    if name is not None and name not in known:
        hint = nearest(name, known) or f"{noun}s are {', '.join(known)}"
        context.report(("gas", *steps), f"no {noun} '{name}'", hint)


def _check_places(context: Context, gas: GasSystem) -> None:
    """Sites stand apart; strings run forward and, of each line, join up."""
    for (before, a), (name, b) in pairwise(gas.sites.items()):
        if b.km.value <= a.km.value:
            context.report(
                ("gas", "sites", name, "km"),
                f"is {b.km.value:g} km, where {before} is",
            )
    for key, pipe in gas.strings.items():
        known = pipe.from_ in gas.sites and pipe.to in gas.sites
        if known and gas.sites[pipe.to].km.value <= gas.sites[pipe.from_].km.value:
            context.report(("gas", "strings", key, "to"), f"{pipe.to} does not lie beyond {pipe.from_}")
        if 2 * pipe.wall.value >= pipe.diameter.value:
            context.report(
                ("gas", "strings", key, "wall"),
                f"two walls of {pipe.wall.value:g} mm leave no bore in {pipe.diameter.value:g} mm",
            )
    for key in gas.lines:
        if not any(pipe.line == key for pipe in gas.strings.values()):
            context.report_entry(("gas", "lines", key), "has no strings")
    for (before, first), (name, second) in pairwise(gas.sites.items()):
        km = second.km.value - first.km.value
        if km > MOST_SECTION_KM:
            context.report(
                ("gas", "sites", name, "km"),
                f"lies {km:g} km from {before}, expected at most {MOST_SECTION_KM:g} km",
                "put a site between them: one element would be inexact",
            )


def _check_pressures(context: Context, gas: GasSystem) -> None:
    for key, line in gas.lines.items():
        pipes = {k: p for k, p in gas.strings.items() if p.line == key}
        for name in ("least_pressure", "delivery_pressure"):
            least = getattr(line, name).value
            weakest = min((p.max_pressure.value for p in pipes.values()), default=least + 1)
            if least >= weakest:
                context.report(
                    ("gas", "lines", key, name),
                    f"is {least:g} bar, not below the {weakest:g} bar that the line's pipes may have",
                )
        for pipe_id, pipe in pipes.items():
            if pipe.max_pressure.value < line.feed_pressure.value and not line.regulated:
                context.report(
                    ("gas", "strings", pipe_id, "max_pressure"),
                    f"is {pipe.max_pressure.value:g} bar, below the supply of {line.feed_pressure.value:g} bar",
                    "a pipe must bear its supply; or set 'regulated: true' where it is brought down",
                )


def _check_meters(context: Context, gas: GasSystem) -> None:
    """Refuse a nomination beyond what the meters pass: it can never be delivered."""
    order = list(gas.phases)
    for key, phase in gas.phases.items():
        for name, meter in gas.meters.items():
            so_far = [meter.capacity[p].value for p in order[: order.index(key) + 1] if p in meter.capacity]
            if so_far and phase.volume.value > so_far[-1]:
                context.report(
                    ("gas", "phases", key, "volume"),
                    f"{phase.volume.value:g} bcm/yr can never be delivered: {meter.name} passes {so_far[-1]:g} bcm/yr",
                    f"raise gas.meters.{name}.capacity.{key}, or nominate less",
                )


def _check_events(context: Context, gas: GasSystem) -> None:
    for key, event in gas.events.items():
        _check_event(context, key, event)


def _check_event(context: Context, key: str, event: GasEvent) -> None:
    if (event.during is None) == (event.rate is None):
        context.report(("gas", "events", key), "expected one of during (every year) or rate (drawn)")
    if event.rate is not None and event.duration is None:
        context.report(("gas", "events", key), "key 'duration' is missing, expected how long a drawn closure lasts")
    for name in ("during", "window"):
        period = getattr(event, name)
        if period is not None and not period.yearly:
            context.report(("gas", "events", key, name), "has a year, expected days of the year such as 07-01..07-08")


def _check_profiles(context: Context, gas: GasSystem) -> None:
    profiles: dict[tuple[str, ...], MonthProfile | None] = {("nomination_profile",): gas.nomination_profile}
    profiles |= {("offtakes", key, "profile"): o.profile for key, o in gas.offtakes.items()}
    for steps, profile in profiles.items():
        if profile is not None and abs(sum(profile.months) / 12 - 1) > 5e-3:
            context.report(("gas", *steps), f"has the mean {sum(profile.months) / 12:.3f}, expected 1")
    if gas.cold_spells is not None and not gas.cold_spells.window.yearly:
        context.report(("gas", "cold_spells", "window"), "has a year, expected days of the year such as 12-01..02-28")
    if gas.swap is not None and gas.swap.during.yearly:
        context.report(("gas", "swap", "during"), "has no year, expected dates such as 2027-01-01..2030-12-31")
