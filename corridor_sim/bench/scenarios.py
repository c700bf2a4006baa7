"""Scenarios of size n, made for measuring: a tandem of queues, and a line on which nothing runs in a circle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

LOAD_FRAC = 0.8
"""Share of its time for which every server is busy."""
PARCEL_T = 1000.0
H_PER_JANUARY, H_PER_YEAR = 744.0, 8760.0
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LINE = ("RU_MCX", "RU_DER", "RU_SAM", "AZ_YAL", "AZ_SUM", "AZ_BIL")
"""Nodes of the feed-forward line, north to south."""
SHIFT_H = 16.0
TRIPS = {"THROUGH": (0, 5, 0.5), "SHORT": (0, 3, 0.25), "JOINING": (2, 5, 0.25)}
"""Flows of each direction: where they get on and off the line, and their share of its consignments."""


def tandem_scenario(n_queues: int, n_consignments: int) -> dict[str, Any]:
    """Describe Poisson arrivals through January at queues in series, one server each; all is over in March.

    Work is exponential, and the shorter the more consignments there are: the load stays at `LOAD_FRAC`.
    """
    node = LINE[0]
    mean_h = LOAD_FRAC * H_PER_JANUARY / n_consignments
    queues = {
        f"Q{i}": _queue(f"queue {i}", node, 1, {"exponential": {"mean": f"{mean_h:.12g} h"}}) for i in range(n_queues)
    }
    flow = _flow(node, node, "south", float(n_consignments)) | {"profile": "JANUARY"}
    return _head("tandem", "2025-04-01") | {
        "flows": {"A": flow},
        "itineraries": {"A": {"flow": "A", "stages": [{"queue": name, "at": node} for name in queues]}},
        "month_profiles": {"JANUARY": {m: float(m == "jan") for m in MONTHS}},
        "queues": queues,
    }


def feed_forward_scenario(n_consignments: int, copies: int = 1) -> dict[str, Any]:
    """Describe a year on a line of eleven places in series per direction; the directions share no equipment.

    Train paths on five sections, queues at six stations: of one server and of several, with equal and with random
    work, four of the eleven with a calendar; two of five runs take random times, so that trains overtake each other.
    Three flows per direction get on and off on the way.

    Parameters
    ----------
    n_consignments
        In a year, of all flows; capacities grow with them, the load stays at `LOAD_FRAC`.
    copies
        Every flow comes so many times, for scenarios with many itineraries.
    """
    parts = [_Direction(name, n_consignments / 2.0, copies) for name in ("south", "north")]
    return _head("feed-forward", "2026-01-01") | {
        "flows": {k: v for p in parts for k, v in p.flows().items()},
        "itineraries": {k: v for p in parts for k, v in p.itineraries().items()},
        "travel_classes": {
            "STEADY": {"speed": "30 km/h"},
            "UNSTEADY": {"speed": {"lognormal": {"mean": "25 km/h", "cv": 0.3}}},
        },
        "queues": {k: v for p in parts for k, v in p.queues().items()},
        "train_paths": {k: v for p in parts for k, v in p.train_paths().items()},
        "calendars": {
            "SHIFT": {"hours": "daily 06-22"},
            "WORKS": {"factors": [{"name": "works", "during": "05-01..06-30", "factor": 0.7}]},
        },
    }


@dataclass(frozen=True)
class _Station:
    """What stands at a station: servers, work relative to its mean, hours it is open a day."""

    servers: int
    family: str
    shift: bool = False


STATIONS = (
    _Station(8, "fixed"),
    _Station(2, "gamma"),
    _Station(1, "gamma", shift=True),
    _Station(3, "gamma", shift=True),
    _Station(4, "fixed"),
    _Station(1, "exponential", shift=True),
)
UNSTEADY_RUNS = (0, 3)
"""Sections run at random speed."""
WORKS_ON = 2
"""Section with a calendar."""


@dataclass(frozen=True)
class _Direction:
    """One direction of the line: everything that is its own."""

    name: str
    n_consignments: float
    copies: int

    @property
    def nodes(self) -> tuple[str, ...]:
        return LINE if self.name == "south" else LINE[::-1]

    def rate_per_h(self, first: int, last: int) -> float:
        """Consignments per hour that pass from one position to another, both included."""
        share = sum(s for on, off, s in TRIPS.values() if on <= first and off >= last)
        return self.n_consignments * share / H_PER_YEAR

    def flows(self) -> dict[str, Any]:
        made = {}
        for trip, (on, off, share) in TRIPS.items():
            for copy in range(self.copies):
                n = self.n_consignments * share / self.copies
                made[self._id(trip, copy)] = _flow(self.nodes[on], self.nodes[off], self.name, n)
        return made

    def itineraries(self) -> dict[str, Any]:
        ids = [(self._id(trip, copy), trip) for trip in TRIPS for copy in range(self.copies)]
        return {name: {"flow": name, "stages": self._stages(*TRIPS[trip][:2])} for name, trip in ids}

    def queues(self) -> dict[str, Any]:
        made = {}
        for i, station in enumerate(STATIONS):
            open_frac = SHIFT_H / 24.0 if station.shift else 1.0
            mean = f"{LOAD_FRAC * open_frac * station.servers / self.rate_per_h(i, i):.12g} h"
            family = {"fixed": mean, "exponential": {"exponential": {"mean": mean}},
                      "gamma": {"gamma": {"mean": mean, "cv": 0.5}}}[station.family]  # fmt: skip
            queue = _queue(f"station {i}, {self.name}", self.nodes[i], station.servers, family)
            made[self._station(i)] = queue | ({"calendar": "SHIFT"} if station.shift else {})
        return made

    def train_paths(self) -> dict[str, Any]:
        made = {}
        for i in range(len(LINE) - 1):
            per_day = 24.0 * self.rate_per_h(i, i + 1) / LOAD_FRAC
            path = {"trains_per_day": round(per_day, 6), "train_net": f"{PARCEL_T:g} t", "single_track": False}
            made[f"{self.nodes[i]}>{self.nodes[i + 1]}"] = path | ({"calendar": "WORKS"} if i == WORKS_ON else {})
        return made

    def _stages(self, on: int, off: int) -> list[dict[str, Any]]:
        stages: list[dict[str, Any]] = []
        for i in range(on, off):
            speed = "UNSTEADY" if i in UNSTEADY_RUNS else "STEADY"
            stages += [self._visit(i), {"rail": [self.nodes[i], self.nodes[i + 1]], "class": speed}]
        return [*stages, self._visit(off)]

    def _visit(self, i: int) -> dict[str, Any]:
        return {"queue": self._station(i), "at": self.nodes[i]}

    def _station(self, i: int) -> str:
        return f"STATION{i}_{self.name.upper()}"

    def _id(self, trip: str, copy: int) -> str:
        return f"{trip}{copy}_{self.name.upper()}"


def _head(name: str, end: str) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "name": name,
        "title": f"Workload {name}",
        "run": {"start": "2025-01-01", "warm_up": "0 d", "end": end, "replications": 1, "seed": 1},
    }


def _flow(origin: str, destination: str, direction: str, n_a_year: float) -> dict[str, Any]:
    return {
        "name": "goods", "origin": origin, "destination": destination, "direction": direction,
        "commodity": "goods", "route": "line", "annual": f"{n_a_year * PARCEL_T:.12g} t/yr",
        "consignment": {"kind": "block train", "load": f"{PARCEL_T:g} t"}, "release": "poisson",
    }  # fmt: skip


def _queue(name: str, node: str, servers: int, service: object) -> dict[str, Any]:
    return {"name": name, "at": node, "kind": "other", "servers": servers, "service": service}
