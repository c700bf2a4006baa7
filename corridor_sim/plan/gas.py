"""The gas part of a plan: lines, stations, phases and events as frozen arrays, SI units, mass inside."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]
    Texts = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class GasLine:
    """One line: sites in a row, sections between them, parallel strings (slots) in each section, stations at sites.

    The axis of states of assets (``n_states``) is the phase reached: 0 before the first one.
    """

    id: str
    name: str
    site_idx: Ints
    """(n_sites,) rows of the plan's sites, from head to end."""
    length_m: Floats
    """(n_sections,)"""
    rise_m: Floats
    """(n_sections,)"""
    strings: Texts
    """Ids of the slots."""
    diameter_m: Floats
    """(n_slots,) inside."""
    roughness_m: Floats
    efficiency: Floats
    stands: Bools
    """(n_states, n_sections, n_slots)"""
    limit_pa: Floats
    """(n_states, n_sections) largest pressure of the weakest string that stands."""
    stations: Texts
    """Ids of groups of compressor sets."""
    station_site: Ints
    """(n_stations,) position along the line."""
    station_phase: Ints
    """(n_stations,) phase with which it comes."""
    n_units: Ints
    n_spare: Ints
    unit_power_w: Floats
    unit_out_frac: Floats
    """Share of the time that a set is out."""
    unit_repair_h: Floats
    max_ratio: Floats
    compressor_efficiency: Floats
    driver_efficiency: Floats
    offtakes: Texts
    offtake_site: Ints
    offtake_kg_per_s: Floats
    """(n_offtakes, n_states, 12) by state and month, before cold spells."""
    feed_pa: float
    delivery_pa: float
    least_pa: float
    station_loss_in_pa: float
    station_loss_out_pa: float
    friction: str

    @property
    def n_sections(self) -> int:
        """Stretches between neighbouring sites."""
        return int(self.length_m.size)

    @property
    def n_sites(self) -> int:
        """Sites."""
        return int(self.site_idx.size)

    @cached_property
    def exists(self) -> Bools:
        """(n_states,) whether every section has a string."""
        return np.asarray(np.all(self.stands.any(axis=2), axis=1))


@dataclass(frozen=True, eq=False)
class GasPhases:
    """Phases in the order in which they come."""

    id: Texts
    title: Texts
    nameplate_kg_per_s: Floats
    planned_h: Floats
    lead_h: Floats
    construction_h: Floats
    slip: Floats
    """(n_phases, 6) parameters of the distribution, see `Distribution.parameters`."""
    capex_usd: Floats


@dataclass(frozen=True, eq=False)
class GasEvents:
    """Closures of strings between two sites: dated every year, or drawn."""

    id: Texts
    cause: Texts
    line_idx: Ints
    slot_idx: Ints
    first_section: Ints
    n_sections: Ints
    """One section of these is hit, by its length."""
    rate_per_h: Floats
    """Mean events per hour of the window; 0 for dated ones."""
    window: Ints
    """(n_events, 2) first and last day of the year, 1..366, both included."""
    duration: Floats
    """(n_events, 6) parameters of the distribution, h; of dated ones not used."""


@dataclass(frozen=True, eq=False)
class GasPlan:
    """Everything a gas run needs."""

    name: str
    start: str
    n_days: int
    month: Ints
    """(n_days,) 0..11"""
    day_of_year: Ints
    year: Ints
    sites: Texts
    site_km: Floats
    lines: tuple[GasLine, ...]
    phases: GasPhases
    events: GasEvents
    delivery_phase: Ints
    """(n_deliveries,) phase, from 0, that waits for the last consignment of a flow."""
    delivery_flow: Ints
    """(n_deliveries,) that flow, a row of the flow table."""
    meters: Texts
    meter_site: Ints
    meter_kg_per_s: Floats
    """(n_meters, n_states); infinite where there is none yet."""
    nominated_kg_per_s: Floats
    """(n_days,) by plan, before cold spells."""
    planned_state: Ints
    """(n_days,) phase that should stand by plan."""
    cold_rate_per_h: float
    cold_window: Ints
    cold_duration: Floats
    cold_nomination_factor: float
    cold_offtake_factor: float
    swap_kg_per_s: Floats
    """(n_days,) swap that wants to flow against the transit."""
    swap_is_netted: bool
    ground_k: Floats
    """(12,)"""
    ambient_k: Floats
    loss_frac: float
    opex_frac_per_year: float
    fuel_usd_per_kg: float
    gwp_methane: float

    def dump(self) -> Iterator[str]:
        """Yield a line per field; numbers with 12 digits, of long series their digest, so that no libm decides."""
        yield from _lines("", self)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the dump, hexadecimal."""
        return hashlib.sha256("\n".join(self.dump()).encode()).hexdigest()


LONG = 400
"""Numbers in a series from which on a dump gives their digest."""


def _lines(name: str, value: Any) -> Iterator[str]:
    if is_dataclass(value):
        for f in fields(value):
            yield from _lines(f"{name}.{f.name}".lstrip("."), getattr(value, f.name))
    elif isinstance(value, tuple) and value and is_dataclass(value[0]):
        for k, item in enumerate(value):
            yield from _lines(f"{name}.{k}", item)
    else:
        yield f"{name} = {_text(value)}"


def _text(value: Any) -> str:
    if not isinstance(value, np.ndarray):
        return f"{value:.12g}" if isinstance(value, float) else str(value)
    numbers = " ".join(f"{float(x):.12g}" for x in value.ravel())
    if value.size > LONG:
        numbers = f"sha256 {hashlib.sha256(numbers.encode()).hexdigest()}"
    return f"{list(value.shape)} {numbers}"
