"""Plans built directly, without YAML and without a network: a few lines describe a corridor for a test.

    gate = Place("gate", servers=2)
    plan = make_plan(flows=[Flow("A", at=[0, 0, 1], stages=[Queue(gate, 2.0), Hold(1.0)])])

Places, ships and formations are collected from the stages that use them; give them to `make_plan` only to fix their
order, or when no stage visits them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from corridor_sim.foundation.calendars import Calendar
from corridor_sim.foundation.distributions import Distribution, Family
from corridor_sim.foundation.time_grid import TICK_H, scalar_to_grid
from corridor_sim.plan.kinds import Basis, Cause, Occurrence, ReleasePattern
from corridor_sim.plan.plan import Plan
from corridor_sim.plan.tables import (
    BorderPostTable,
    CalendarTable,
    DisruptionTable,
    DrawTable,
    FlowTable,
    FormationTable,
    ItineraryTable,
    JourneyTable,
    LoopTable,
    PlaceTable,
    PoolTable,
    Ragged,
    ServiceTable,
    StageTable,
    TrackTable,
)
from tests.support.parts import (
    KINDS,
    Disruption,
    Flow,
    Form,
    Formation,
    Gather,
    Give,
    Hold,
    Hours,
    Loop,
    Pieces,
    Place,
    Pool,
    Queue,
    Run,
    Sail,
    Ship,
    Split,
    Stage,
    Take,
    Track,
    Travel,
)


@dataclass
class _Books:
    """What is collected while the stages are laid down."""

    places: dict[str, Place] = field(default_factory=dict)
    ships: dict[str, Ship] = field(default_factory=dict)
    formations: dict[str, Formation] = field(default_factory=dict)
    tracks: dict[str, Track] = field(default_factory=dict)
    pools: dict[str, Pool] = field(default_factory=dict)
    calendars: list[Calendar] = field(default_factory=list)
    draws: list[tuple[str, int, int, Distribution]] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)

    def know(self, facility: Place | Ship | Formation | Track) -> None:
        known: dict[type, dict[str, Any]] = {
            Place: self.places, Ship: self.ships, Formation: self.formations, Track: self.tracks
        }  # fmt: skip
        known[type(facility)][facility.id] = facility

    def calendar(self, pieces: Pieces) -> int:
        made = pieces if isinstance(pieces, Calendar) else Calendar([p[0] for p in pieces], [p[1] for p in pieces])
        self.calendars.append(made)
        return len(self.calendars) - 1

    def draw(self, hours: Hours, stream: str, flow: int, units: int) -> tuple[float, int]:
        """Mean hours and the row of the factor of mean 1, -1 where nothing is random."""
        if not isinstance(hours, Distribution):
            return hours, -1
        if not hours.is_random:
            return hours.mean, -1
        self.draws.append((stream, flow, units, _with_mean_1(hours)))
        return hours.mean, len(self.draws) - 1


def _with_mean_1(d: Distribution) -> Distribution:
    scale = 1.0 / d.mean
    clips = {"clip_low": d.clip_low * scale, "clip_high": d.clip_high * scale}
    match d.family:
        case Family.LOGNORMAL:
            return replace(d, a=d.a - math.log(d.mean), **clips)
        case Family.GAMMA:
            return replace(d, a=1.0, **clips)
        case _:
            return replace(d, a=d.a * scale, b=d.b * scale, c=d.c * scale, **clips)


def _lay(books: _Books, itinerary: int, flow_idx: int, name: str, stages: Sequence[Stage]) -> None:
    units = 1
    seen: dict[str, int] = {}
    for k, stage in enumerate(stages):
        kind = KINDS[type(stage)]
        row: dict[str, Any] = {
            "id": f"{name}/{k:02d}/{kind.name.lower()}", "itinerary_idx": itinerary, "kind": int(kind),
            "target_idx": -1, "side": 0, "priority": 0, "amount": 0.0, "blocks": 0,
            "node": "N", "to_node": "", "section_id": "", "mode": "", "km": 0.0,
            "n_units": units,
            "cause": int(Cause.HANDLING), "calendar_idx": -1, "service_mean_h": 0.0, "service_basis": 0,
            "service_draw_idx": -1, "occupancy_mean_h": 0.0, "occupancy_basis": 0, "occupancy_draw_idx": -1,
            "path_t": 1.0, "path_teu": 1.0,
        }  # fmt: skip
        match stage:
            case Hold() | Travel():
                _lay_plain(books, row, stage, _stream(name, kind.name.lower(), seen), flow_idx)
            case Queue():
                _lay_queue(books, row, stage, _stream(name, stage.place.id, seen), flow_idx)
            case Split():
                units = stage.n
            case Gather():
                units = 1
            case Form():
                books.formations.setdefault(stage.formation.id, stage.formation)
                row |= {"target_idx": stage.formation.id, "cause": int(Cause.FORMING)}
            case Sail():
                books.ships.setdefault(stage.ship.id, stage.ship)
                row |= {"target_idx": stage.ship.id, "cause": int(Cause.DEPARTURE)}
            case Take() | Give():
                books.pools.setdefault(stage.pool.id, stage.pool)
                row |= {"target_idx": stage.pool.id, "side": stage.base, "amount": stage.amount}
                row |= {"cause": int(Cause.EQUIPMENT), "blocks": int(isinstance(stage, Take) and stage.blocks)}
            case Run():
                _lay_run(books, row, stage, _stream(name, stage.track.id, seen), flow_idx)
        books.rows.append(row)


def _stream(name: str, what: str, seen: dict[str, int]) -> str:
    """Streams are named after what they drive: a stage more or less elsewhere leaves them as they are."""
    seen[what] = seen.get(what, 0) + 1
    return f"{name}/{what}" if seen[what] == 1 else f"{name}/{what}#{seen[what]}"


def _lay_plain(books: _Books, row: dict[str, Any], stage: Hold | Travel, stream: str, flow: int) -> None:
    mean, draw = books.draw(stage.hours, stream, flow, row["n_units"])
    row |= {"service_mean_h": mean, "service_draw_idx": draw, "calendar_idx": books.calendar(stage.calendar)}
    if isinstance(stage, Hold):
        row |= {"cause": int(stage.cause), "service_basis": int(stage.basis), "node": stage.node}
    else:
        row |= {
            "cause": int(Cause.MOVING), "service_basis": int(Basis.UNIT), "km": stage.km, "mode": stage.mode,
            "node": stage.a, "to_node": stage.b, "section_id": f"{stage.a}-{stage.b}-{stage.mode}",
        }  # fmt: skip


def _lay_queue(books: _Books, row: dict[str, Any], stage: Queue, stream: str, flow: int) -> None:
    books.places.setdefault(stage.place.id, stage.place)
    mean, draw = books.draw(stage.service, stream, flow, row["n_units"])
    if stage.occupancy is None:
        taken, taken_draw, taken_basis = mean, draw, stage.basis
    else:
        taken, taken_draw = books.draw(stage.occupancy, f"{stream}/occupancy", flow, row["n_units"])
        taken_basis = stage.basis if stage.occupancy_basis is None else stage.occupancy_basis
    row |= {
        "target_idx": stage.place.id, "cause": int(stage.cause), "node": stage.place.node,
        "service_mean_h": mean, "service_draw_idx": draw, "service_basis": int(stage.basis),
        "occupancy_mean_h": taken, "occupancy_draw_idx": taken_draw, "occupancy_basis": int(taken_basis),
        "path_t": stage.path_t, "path_teu": stage.path_teu, "priority": stage.priority,
    }  # fmt: skip


def _lay_run(books: _Books, row: dict[str, Any], stage: Run, stream: str, flow: int) -> None:
    books.tracks.setdefault(stage.track.id, stage.track)
    mean, draw = books.draw(stage.hours, stream, flow, row["n_units"])
    gap, gap_draw = books.draw(stage.gap, f"{stream}/gap", flow, row["n_units"])
    ends = ("M", "N") if stage.back else ("N", "M")
    row |= {
        "target_idx": stage.track.id, "side": int(stage.back), "cause": int(Cause.MOVING), "mode": "rail", "km": 10.0,
        "node": ends[0], "to_node": ends[1], "section_id": f"line {stage.track.id}",
        "service_mean_h": mean, "service_draw_idx": draw, "service_basis": int(Basis.UNIT),
        "occupancy_mean_h": gap, "occupancy_draw_idx": gap_draw, "occupancy_basis": int(Basis.UNIT),
    }  # fmt: skip


def make_plan(
    *,
    flows: Sequence[Flow],
    end_h: float = 1000.0,
    warm_up_h: float = 0.0,
    start: str = "2025-01-01T00:00:00+00:00",
    facilities: Sequence[Place | Ship | Formation | Track] = (),
    disruptions: Sequence[Disruption] = (),
    posts: Sequence[tuple[str, str]] = (),
    journeys: Sequence[tuple[str, Sequence[int], bool]] = (),
) -> Plan:
    """Build a plan. ``posts`` are (id, node ids joined by blanks), ``journeys`` (id, stage rows, is a window)."""
    books = _Books()
    for facility in facilities:
        books.know(facility)
    itineraries: list[tuple[str, int, float, float, float, int, int]] = []
    for f, flow in enumerate(flows):
        for k, route in enumerate(flow.itineraries):
            name, first = f"{flow.id}{'abcdefghij'[k]}", len(books.rows)
            _lay(books, len(itineraries), f, name, route.stages)
            itineraries.append((name, f, route.share, route.since, route.until, first, len(route.stages)))
    places, ships, formations, tracks = (
        list(x.values()) for x in (books.places, books.ships, books.formations, books.tracks)
    )
    loops = {loop.id: loop for t in tracks for loop in (t.near, t.far) if loop is not None}
    place_calendars = [books.calendar(p.calendar) for p in places]
    ship_calendars = [books.calendar(s.calendar) for s in ships]
    track_calendars = [books.calendar(t.calendar) for t in tracks]
    targets = [[x.id for x in found] for found in (places, ships, formations, tracks, books.pools.values())]
    for row in books.rows:
        if isinstance(row["target_idx"], str):
            row["target_idx"] = next(names.index(row["target_idx"]) for names in targets if row["target_idx"] in names)
    return Plan(
        name="test",
        start=start,
        end_h=end_h,
        warm_up_h=warm_up_h,
        trucks_per_unit=5.0,
        flows=_flow_table(flows),
        itineraries=_itinerary_table(itineraries),
        stages=_stage_table(books.rows),
        draws=_draw_table(books.draws),
        places=_place_table(places, place_calendars),
        services=_service_table(ships, ship_calendars),
        formations=FormationTable(*_columns([(f.id, "N", f.size, f.max_wait) for f in formations], "ttif")),
        loops=LoopTable(*_columns([(loop.id, loop.tracks) for loop in loops.values()], "ti")),
        tracks=_track_table(tracks, list(loops), track_calendars),
        pools=_pool_table(list(books.pools.values())),
        calendars=CalendarTable(
            tuple(f"cal{i}" for i in range(len(books.calendars))),
            Ragged.of([c.times_h for c in books.calendars]),
            Ragged.of([c.rates for c in books.calendars]),
        ),
        disruptions=_disruption_table(disruptions, [*targets[0], *targets[1], *targets[3]]),
        border_posts=BorderPostTable(*_columns([(i, i, "rail", nodes) for i, nodes in posts], "tttt")),
        journeys=JourneyTable(
            tuple(j[0] for j in journeys),
            Ragged.of([j[1] for j in journeys], dtype=np.int64),
            np.array([j[2] for j in journeys], dtype=bool),
        ),
    )


def _floats(values: Sequence[float]) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def _ints(values: Sequence[int]) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def _columns(rows: Sequence[tuple[Any, ...]], types: str) -> list[Any]:
    """Turn rows into columns: t text, i integers, f floats."""
    made = {"t": tuple, "i": _ints, "f": _floats}
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(types)
    return [made[t](c) for t, c in zip(types, columns, strict=True)]


def _flow_table(flows: Sequence[Flow]) -> FlowTable:
    n = len(flows)
    is_timetable = [f.at is not None for f in flows]
    pattern = [
        ReleasePattern.TIMETABLE if dated else ReleasePattern.POISSON if f.poisson else ReleasePattern.EVEN
        for f, dated in zip(flows, is_timetable, strict=True)
    ]
    return FlowTable(
        id=tuple(f.id for f in flows), name=tuple(f.id for f in flows), route=tuple(f.route for f in flows),
        direction=tuple(f.direction for f in flows), commodity=("goods",) * n, counts_in=("i",) * n,
        origin=("N",) * n, destination=("M",) * n, consignment_kind=("box",) * n,
        load_t=_floats([f.load_t for f in flows]), load_teu=_floats([f.load_teu for f in flows]),
        pattern=_ints([int(p) for p in pattern]),
        release_t_h=Ragged.of([sorted(f.at) if f.at is not None else [p[0] for p in f.expected] for f in flows]),
        release_cum=Ragged.of(
            [np.arange(1.0, len(f.at) + 1) if f.at is not None else [p[1] for p in f.expected] for f in flows]
        ),
        load_from_h=Ragged.of([[p[0] for p in f.load_factors] for f in flows]),
        load_factor=Ragged.of([[p[1] for p in f.load_factors] for f in flows]),
    )  # fmt: skip


def _itinerary_table(rows: list[Any]) -> ItineraryTable:
    """Shares stay as they are all the time."""
    always, as_it_is = (Ragged.of([[value]] * len(rows)) for value in (0.0, 1.0))
    return ItineraryTable(*_columns(rows, "tifffii"), always, as_it_is)


def _stage_table(rows: list[dict[str, Any]]) -> StageTable:
    texts = {"id", "node", "to_node", "section_id", "mode"}
    floats = {"amount", "km", "service_mean_h", "occupancy_mean_h", "path_t", "path_teu"}
    columns: dict[str, Any] = {}
    for name in StageTable.__dataclass_fields__:
        values = [row[name] for row in rows]
        columns[name] = tuple(values) if name in texts else _floats(values) if name in floats else _ints(values)
    return StageTable(**columns)


def _draw_table(draws: list[tuple[str, int, int, Distribution]]) -> DrawTable:
    columns = _columns([(s, f, n) for s, f, n, _ in draws], "tii")
    return DrawTable(*columns, factor=Ragged.of([d.parameters for _, _, _, d in draws]))


def _place_table(places: list[Place], calendars: list[int]) -> PlaceTable:
    texts = _columns([(p.id, p.id, p.kind, p.node, "", "") for p in places], "tttttt")
    return PlaceTable(
        *texts,
        calendar_idx=_ints(calendars),
        reserved_frac=_floats([p.reserved for p in places]),
        ageing_h=_floats([p.ageing for p in places]),
        server_from_h=Ragged.of([[s for s, _ in p.dated] for p in places]),
        server_until_h=Ragged.of([[u for _, u in p.dated] for p in places]),
    )


def _service_table(ships: list[Ship], calendars: list[int]) -> ServiceTable:
    return ServiceTable(
        tuple(s.id for s in ships),
        ("N",) * len(ships),
        Ragged.of([s.departures for s in ships]),
        _floats([s.capacity for s in ships]),
        np.array([s.counts_teu for s in ships], dtype=bool),
        _ints(calendars),
    )


def _track_table(tracks: list[Track], loops: list[str], calendars: list[int]) -> TrackTable:
    def row(loop: Loop | None) -> int:
        return -1 if loop is None else loops.index(loop.id)

    texts = _columns([(t.id, t.id, "N", "M", f"line {t.id}") for t in tracks], "ttttt")
    numbers = [(0.0, 10.0, row(t.near), row(t.far), scalar_to_grid(t.working)) for t in tracks]
    return TrackTable(*texts, *_columns(numbers, "ffiif"), calendar_idx=_ints(calendars))


def _pool_table(pools: list[Pool]) -> PoolTable:
    return PoolTable(
        tuple(p.id for p in pools), tuple(p.id for p in pools), ("other",) * len(pools),
        tuple(" ".join("N" for _ in p.bases) for p in pools),
        Ragged.of([[b.stock for b in p.bases] for p in pools]),
        Ragged.of([[b.keep for b in p.bases] for p in pools]),
        Ragged.of([[b.home for b in p.bases] for p in pools], dtype=np.int64),
        Ragged.of([[max(scalar_to_grid(b.empty), TICK_H) for b in p.bases] for p in pools]),
    )  # fmt: skip


def _disruption_table(disruptions: Sequence[Disruption], facilities: list[str]) -> DisruptionTable:
    def parameters(hours: Hours) -> list[float]:
        d = hours if isinstance(hours, Distribution) else Distribution.fixed(hours)
        return [float(d.family), d.a, d.b, d.c, d.clip_low, d.clip_high]

    return DisruptionTable(
        id=tuple(d.id for d in disruptions),
        occurrence=_ints([int(Occurrence.ONCE if d.rate_per_h is None else Occurrence.POISSON) for d in disruptions]),
        rate_per_h=_floats([d.rate_per_h or 0.0 for d in disruptions]),
        window_from_h=Ragged.of([[w[0] for w in d.windows] for d in disruptions]),
        window_until_h=Ragged.of([[w[1] for w in d.windows] for d in disruptions]),
        duration=Ragged.of([parameters(d.duration) for d in disruptions]),
        factor=Ragged.of([parameters(d.factor) for d in disruptions]),
        choose_one=np.array([d.choose_one for d in disruptions], dtype=bool),
        target_idx=Ragged.of([[facilities.index(t) for t in d.targets] for d in disruptions], dtype=np.int64),
        target_group=Ragged.of([range(len(d.targets)) for d in disruptions], dtype=np.int64),
        target_base=Ragged.of([[d.base] * len(d.targets) for d in disruptions]),
        target_slope=Ragged.of([[d.slope] * len(d.targets) for d in disruptions]),
    )
