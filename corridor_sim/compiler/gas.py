"""The gas pipeline of a scenario as a plan: SI units, mass inside, one state of assets per phase."""

from __future__ import annotations

import calendar
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.compiler.durations import as_distribution
from corridor_sim.foundation.gas_volumes import DENSITY_20C_KG_PER_M3, kg_per_s_of_bcm_per_year
from corridor_sim.foundation.time_axis import H_PER_YEAR
from corridor_sim.plan.gas import GasEvents, GasLine, GasPhases, GasPlan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import numpy.typing as npt

    from corridor_sim.compiler.context import Context
    from corridor_sim.plan.tables import FlowTable
    from corridor_sim.scenario import Scenario
    from corridor_sim.scenario.flows import MonthProfile
    from corridor_sim.scenario.gas import GasEvent, GasString, GasSystem, PhaseDelivery
    from corridor_sim.scenario.periods import Period

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

PA_PER_BAR, M_PER_KM, M_PER_MM, W_PER_MW, CELSIUS_K = 1e5, 1e3, 1e-3, 1e6, 273.15
WHOLE_YEAR = (1, 366)
STEEL_T_PER_M3 = 7.85
DELIVERY_SLACK = 0.05
"""How far the tonnes of flows may be from those of the pipes they carry: whole trains, bends, spare pipes."""


def compile_gas(scenario: Scenario) -> GasPlan:
    """Compile the gas pipeline of a scenario, which has one."""
    gas, run = scenario.gas, scenario.run
    if gas is None:
        raise ValueError(f"scenario {scenario.name} has no gas pipeline")
    days = [run.start + timedelta(days=d) for d in range((run.end - run.start).days)]
    months = np.array([d.month - 1 for d in days])
    planned_state = np.array([sum(d >= p.planned for p in gas.phases.values()) for d in days])
    volumes = np.array([0.0, *(p.volume.value for p in gas.phases.values())])
    nominated = kg_per_s_of_bcm_per_year(volumes[planned_state]) * _months(gas.nomination_profile)[months]
    cold = gas.cold_spells
    return GasPlan(
        name=scenario.name,
        start=run.start.isoformat(),
        n_days=len(days),
        month=months,
        day_of_year=np.array([_day_of_leap_year(d) for d in days]),
        year=np.array([d.year for d in days]),
        sites=tuple(gas.sites),
        site_km=np.array([s.km.value for s in gas.sites.values()]),
        lines=tuple(_line(gas, key) for key in gas.lines),
        phases=_phases(gas, run.start),
        events=_events(gas),
        delivery_phase=_deliveries(scenario, gas)[0],
        delivery_flow=_deliveries(scenario, gas)[1],
        meters=tuple(m.name for m in gas.meters.values()),
        meter_site=np.array([list(gas.sites).index(m.at) for m in gas.meters.values()], dtype=np.int64),
        meter_kg_per_s=_meters(gas),
        nominated_kg_per_s=nominated,
        planned_state=planned_state,
        cold_rate_per_h=cold.rate.value / H_PER_YEAR if cold else 0.0,
        cold_window=np.array(_window(cold.window) if cold else WHOLE_YEAR),
        cold_duration=np.array(as_distribution(cold.duration).parameters if cold else (0.0,) * 6),
        cold_nomination_factor=cold.nomination.value if cold else 1.0,
        cold_offtake_factor=cold.offtake.value if cold else 1.0,
        swap_kg_per_s=_swap(gas, days),
        swap_is_netted=gas.swap is not None and gas.swap.rule == "net",
        ground_k=CELSIUS_K + np.array(gas.ground_c.months),
        ambient_k=CELSIUS_K + np.array(gas.ambient_c.months),
        loss_frac=gas.methane_loss.value,
        opex_frac_per_year=gas.opex.value,
        fuel_usd_per_kg=gas.fuel_price.value / (1000 * DENSITY_20C_KG_PER_M3),
        gwp_methane=gas.gwp_methane.value,
    )


def _phase_number(gas: GasSystem, name: str | None) -> int:
    """Return the state with which something comes; 0 when it stands from the beginning."""
    return 0 if name is None else 1 + list(gas.phases).index(name)


def _months(profile: MonthProfile | None) -> Floats:
    return np.ones(12) if profile is None else np.array(profile.months)


def _day_of_leap_year(day: datetime) -> int:
    """Day of the year as if every year were a leap year, so that a date is the same number each year."""
    n = day.timetuple().tm_yday
    return n if calendar.isleap(day.year) or day.month <= 2 else n + 1


def _window(period: Period | None) -> tuple[int, int]:
    if period is None or period.first is None or period.last is None:
        return WHOLE_YEAR
    before = np.cumsum([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30])
    return int(before[period.first[0] - 1]) + period.first[1], int(before[period.last[0] - 1]) + period.last[1]


def _phases(gas: GasSystem, start: datetime) -> GasPhases:
    each = list(gas.phases.values())
    return GasPhases(
        id=tuple(gas.phases),
        title=tuple(p.title for p in each),
        nameplate_kg_per_s=kg_per_s_of_bcm_per_year(np.array([p.volume.value for p in each])),
        planned_h=np.array([(p.planned - start) / timedelta(hours=1) for p in each]),
        lead_h=np.array([p.lead.value for p in each]),
        construction_h=np.array([p.construction.value for p in each]),
        slip=np.array([as_distribution(p.slip).parameters for p in each]),
        capex_usd=np.array([p.capex.value for p in each]),
    )


def _line(gas: GasSystem, key: str) -> GasLine:
    line = gas.lines[key]
    pipes = {k: p for k, p in gas.strings.items() if p.line == key}
    order = list(gas.sites)
    ends = [order.index(site) for p in pipes.values() for site in (p.from_, p.to)]
    sites = order[min(ends) : max(ends) + 1]
    at = {site: i for i, site in enumerate(sites)}
    km = np.array([gas.sites[s].km.value for s in sites])
    stands, limit = _standing(gas, pipes, at)
    stations = {k: s for k, s in gas.stations.items() if s.line == key}
    each = list(stations.values())
    offtakes = {k: o for k, o in gas.offtakes.items() if o.line == key}
    return GasLine(
        id=key,
        name=line.name,
        site_idx=np.array([order.index(s) for s in sites]),
        length_m=np.diff(km) * M_PER_KM,
        rise_m=np.diff([gas.sites[s].height_m for s in sites]),
        strings=tuple(pipes),
        diameter_m=np.array([(p.diameter.value - 2 * p.wall.value) * M_PER_MM for p in pipes.values()]),
        roughness_m=np.array([p.roughness.value * M_PER_MM for p in pipes.values()]),
        efficiency=np.array([p.efficiency.value for p in pipes.values()]),
        stands=stands,
        limit_pa=limit,
        stations=tuple(stations),
        station_site=np.array([at[s.at] for s in each], dtype=np.int64),
        station_phase=np.array([_phase_number(gas, s.phase) for s in each], dtype=np.int64),
        n_units=np.array([s.units for s in each], dtype=np.int64),
        n_spare=np.array([s.spare for s in each], dtype=np.int64),
        unit_power_w=np.array([s.unit_power.value * W_PER_MW for s in each]),
        unit_out_frac=np.array([s.out.value for s in each]),
        unit_repair_h=np.array([s.repair.value for s in each]),
        max_ratio=np.array([s.max_ratio.value for s in each]),
        compressor_efficiency=np.array([s.efficiency.value for s in each]),
        driver_efficiency=np.array([s.driver_efficiency.value for s in each]),
        offtakes=tuple(offtakes),
        offtake_site=np.array([at[o.at] for o in offtakes.values()], dtype=np.int64),
        offtake_kg_per_s=_offtakes(gas, list(offtakes)),
        feed_pa=line.feed_pressure.value * PA_PER_BAR,
        delivery_pa=line.delivery_pressure.value * PA_PER_BAR,
        least_pa=line.least_pressure.value * PA_PER_BAR,
        station_loss_in_pa=line.station_loss_in.value * PA_PER_BAR,
        station_loss_out_pa=line.station_loss_out.value * PA_PER_BAR,
        friction=line.friction,
    )


def _standing(gas: GasSystem, pipes: dict[str, GasString], at: dict[str, int]) -> tuple[npt.NDArray[np.bool_], Floats]:
    """Which strings stand in which section by state, and the pressure of the weakest; 0 where there is none."""
    n_states, n_sections = len(gas.phases) + 1, len(at) - 1
    stands = np.zeros((n_states, n_sections, len(pipes)), dtype=bool)
    most = np.full((n_states, n_sections, len(pipes)), np.inf)
    for k, pipe in enumerate(pipes.values()):
        here = slice(at[pipe.from_], at[pipe.to])
        stands[_phase_number(gas, pipe.phase) :, here, k] = True
        most[:, here, k] = pipe.max_pressure.value * PA_PER_BAR
        for uprate in sorted(pipe.uprates, key=lambda u: _phase_number(gas, u.phase)):
            most[_phase_number(gas, uprate.phase) :, here, k] = uprate.max_pressure.value * PA_PER_BAR
    limit = np.min(np.where(stands, most, np.inf), axis=2)
    whole: npt.NDArray[np.bool_] = np.all(stands.any(axis=2), axis=1)
    return stands, np.where(whole[:, None], limit, 0.0)


def _offtakes(gas: GasSystem, keys: Sequence[str]) -> Floats:
    found = np.zeros((len(keys), len(gas.phases) + 1, 12))
    for k, key in enumerate(keys):
        offtake = gas.offtakes[key]
        until = None if offtake.until is None else _phase_number(gas, offtake.until)
        found[k, :until] = kg_per_s_of_bcm_per_year(offtake.annual.value) * _months(offtake.profile)
    return found


def _meters(gas: GasSystem) -> Floats:
    found = np.full((len(gas.meters), len(gas.phases) + 1), np.inf)
    for m, meter in enumerate(gas.meters.values()):
        for phase in gas.phases:
            if phase in meter.capacity:
                found[m, _phase_number(gas, phase) :] = kg_per_s_of_bcm_per_year(meter.capacity[phase].value)
    return found


def _swap(gas: GasSystem, days: Sequence[datetime]) -> Floats:
    if gas.swap is None or gas.swap.during.start is None or gas.swap.during.end is None:
        return np.zeros(len(days))
    begin, end = gas.swap.during.start, gas.swap.during.end
    return kg_per_s_of_bcm_per_year(gas.swap.annual.value) * np.array([float(begin <= d < end) for d in days])


def _deliveries(scenario: Scenario, gas: GasSystem) -> tuple[Ints, Ints]:
    """Pair phases and flows."""
    flows, phases = list(scenario.flows), list(gas.phases)
    pairs = [(phases.index(d.phase), flows.index(f)) for d in gas.deliveries.values() for f in d.flows]
    table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def pipe_t(gas: GasSystem, strings: Sequence[str]) -> float:
    """Return the tonnes of steel of some strings: pi (diameter - wall) wall x length x 7,850 kg/m3."""
    total = 0.0
    for pipe in (gas.strings[s] for s in strings):
        wall_m = pipe.wall.value * M_PER_MM
        length_m = (gas.sites[pipe.to].km.value - gas.sites[pipe.from_].km.value) * M_PER_KM
        total += np.pi * (pipe.diameter.value * M_PER_MM - wall_m) * wall_m * length_m * STEEL_T_PER_M3
    return float(total)


def sets_t(gas: GasSystem, delivery: PhaseDelivery) -> float:
    """Return the tonnes of the compressor sets of some stations."""
    if delivery.set_mass is None:
        return 0.0
    return sum(gas.stations[s].units for s in delivery.stations) * delivery.set_mass.value


def check_deliveries(context: Context, flows: FlowTable) -> None:
    """Report flows that do not carry the pipes and sets they should during the run."""
    gas = context.scenario.gas
    for key, delivery in gas.deliveries.items() if gas is not None else ():
        assert gas is not None  # noqa: S101 - just asked
        rows = [flows.id.index(f) for f in delivery.flows]
        carried = sum(float(flows.release_cum[r][-1]) * float(flows.load_t[r]) for r in rows)
        needed = pipe_t(gas, delivery.strings) + sets_t(gas, delivery)
        if not needed * (1 - DELIVERY_SLACK) <= carried <= needed * (1 + DELIVERY_SLACK):
            context.problem(
                f"gas.deliveries.{key}.flows",
                f"carry {carried:,.0f} t during the run, {_what(delivery)} weigh {needed:,.0f} t",
                "change the annual tonnes of the flows; a twentieth more or less is fine",
            )


def _what(delivery: PhaseDelivery) -> str:
    """Say what a delivery is."""
    pipes = f"the pipes of {', '.join(delivery.strings)}" if delivery.strings else ""
    sets = f"the sets of {', '.join(delivery.stations)}" if delivery.stations else ""
    return " and ".join(filter(None, (pipes, sets)))


def _events(gas: GasSystem) -> GasEvents:
    each = list(gas.events.values())
    lines, strings = list(gas.lines), gas.strings
    places = [_place(gas, e) for e in each]
    return GasEvents(
        id=tuple(gas.events),
        cause=tuple(e.cause for e in each),
        line_idx=np.array([lines.index(strings[e.string].line) for e in each], dtype=np.int64),
        slot_idx=np.array([_slot(gas, e.string) for e in each], dtype=np.int64),
        first_section=np.array([first for first, _ in places], dtype=np.int64),
        n_sections=np.array([n for _, n in places], dtype=np.int64),
        rate_per_h=np.array([0.0 if e.rate is None else e.rate.value / H_PER_YEAR for e in each]),
        window=np.array([_window(e.during or e.window) for e in each], dtype=np.int64).reshape(-1, 2),
        duration=np.array(
            [(0.0,) * 6 if e.duration is None else as_distribution(e.duration).parameters for e in each]
        ).reshape(-1, 6),
    )


def _slot(gas: GasSystem, string: str) -> int:
    return [k for k, p in gas.strings.items() if p.line == gas.strings[string].line].index(string)


def _place(gas: GasSystem, event: GasEvent) -> tuple[int, int]:
    """First section along its line, and how many, that an event may hit."""
    pipe, order = gas.strings[event.string], list(gas.sites)
    head = min(order.index(p.from_) for p in gas.strings.values() if p.line == pipe.line)
    a, b = event.between or (pipe.from_, pipe.to)
    first, last = sorted((order.index(a) - head, order.index(b) - head))
    return first, last - first
