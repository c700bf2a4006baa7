"""Runs of trains along a line, from a trace: what string-line diagrams and measures of capacity are made of."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from corridor_sim.analysis.line_capacity import occupancy, scott_trains_per_day
from corridor_sim.foundation.errors import ResultError, nearest
from corridor_sim.plan.kinds import StageKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor_sim.plan.plan import Plan

H_PER_DAY = 24.0
BLOCK_COLUMNS = ("stage_id", "from_km", "to_km", "is_up")
RUN_COLUMNS = ("train", "flow", "is_up", "from_km", "to_km", "arrive_h", "enter_h", "leave_h")


@dataclass(frozen=True, eq=False)
class LineRuns:
    """Runs along a line of several sections, in one replication.

    Attributes
    ----------
    nodes
        Stations at the ends of its sections, in order; up is towards the last.
    trains
        One row per passage of a stretch between two stations or loops: columns train, flow, is_up, from_km, to_km,
        arrive_h (asks for the stretch), enter_h, leave_h; km from the first station, hours since ``start``.
    stations
        Stations and loops: columns name, km, is_loop (whether trains can meet there).
    tracks
        Single tracks: columns track_id, from_km, to_km, headway_h, working_h (other traffic included).
    start
        Instant of hour 0.
    """

    nodes: tuple[str, ...]
    trains: pd.DataFrame
    stations: pd.DataFrame
    tracks: pd.DataFrame
    start: pd.Timestamp

    @property
    def name(self) -> str:
        """Name of the line."""
        return "-".join(self.nodes)

    def busiest_day_h(self, since_h: float = 0.0) -> float:
        """Return the hour at which the first of the days with the most passages begins, from an hour on."""
        enters = self.trains["enter_h"].to_numpy()
        enters = enters[enters >= since_h]
        if not enters.size:
            raise ResultError(f"no train runs on {self.name} in the time that is reported")
        days = np.bincount((enters // H_PER_DAY).astype(np.int64))
        return float(days.argmax() * H_PER_DAY)


def single_track_lines(plan: Plan) -> list[str]:
    """List the sections on which trains meet, as FROM-TO."""
    return list(dict.fromkeys(track.rpartition("/")[0] for track in plan.tracks.id))


def line_runs(plan: Plan, trace: pd.DataFrame, nodes: Sequence[str], replication: int = 0) -> LineRuns:
    """Find the runs along a line.

    Parameters
    ----------
    plan
        The plan that was run.
    trace
        Its trace, see `corridor_sim.results.trace`.
    nodes
        Stations at the ends of the sections of the line, in order.
    replication
        Which one.

    Raises
    ------
    ResultError
        When the trace has no such replication, or no train can run between two of the nodes.
    """
    if len(set(nodes)) < 2:
        raise ResultError(f"a line leads from one station to another, such as A-B, not {'-'.join(nodes)}")
    if replication not in set(trace["replication"].unique().tolist()):
        raise ResultError(f"the trace has no replication {replication}")
    blocks, stations, tracks = [], [(nodes[0], 0.0, True)], []
    base_km = 0.0
    for a, b in pairwise(nodes):
        own_blocks, loops, own_tracks, length_km = _section(plan, a, b, base_km)
        blocks += own_blocks
        tracks += own_tracks
        base_km += length_km
        stations += [*loops, (b, base_km, True)]
    table = pd.DataFrame(blocks, columns=list(BLOCK_COLUMNS))
    return LineRuns(
        tuple(nodes),
        _runs(trace[trace["replication"] == replication], plan, table),
        pd.DataFrame(stations, columns=["name", "km", "is_loop"]).drop_duplicates("km").reset_index(drop=True),
        pd.DataFrame(tracks, columns=list(Track._fields)),
        pd.Timestamp(plan.time_axis.start).tz_localize(None),
    )


Block = tuple[str, float, float, bool]
Station = tuple[str, float, bool]


class Track(NamedTuple):
    """A single track of a line: a row of `LineRuns.tracks`."""

    track_id: str
    from_km: float
    to_km: float
    headway_h: float
    working_h: float


def _section(plan: Plan, a: str, b: str, base_km: float) -> tuple[list[Block], list[Station], list[Track], float]:
    """Stages, loops, tracks and length of the section between two nodes."""
    ends = {(a, b), (b, a)}
    rows = [r for r, both in enumerate(zip(plan.tracks.node, plan.tracks.to_node, strict=True)) if both in ends]
    return _single(plan, rows, a, base_km) if rows else _directed(plan, a, b, base_km)


def _single(
    plan: Plan, rows: list[int], a: str, base_km: float
) -> tuple[list[Block], list[Station], list[Track], float]:
    t, stages = plan.tracks, plan.stages
    is_forward = t.node[rows[0]] == a
    length_km = float(t.to_km[rows].max())
    place = {r: (base_km + float(t.from_km[r]), base_km + float(t.to_km[r])) for r in rows}
    if not is_forward:
        place = {r: (2 * base_km + length_km - high, 2 * base_km + length_km - low) for r, (low, high) in place.items()}
    blocks: list[Block] = []
    headway_h: dict[int, float] = {}
    for s in np.flatnonzero(stages.kind == StageKind.SINGLE_TRACK).tolist():
        r = int(stages.target_idx[s])
        if r in place:
            is_up = (int(stages.side[s]) == 0) == is_forward
            low, high = place[r]
            blocks.append((stages.id[s], low if is_up else high, high if is_up else low, is_up))
            headway_h[r] = float(stages.occupancy_mean_h[s])
    loops = [(f"km {km:.0f}", km, True) for km in sorted({p for both in place.values() for p in both})[1:-1]]
    tracks = [Track(t.id[r], *place[r], headway_h.get(r, 0.0), float(t.working_h[r])) for r in rows]
    return blocks, loops, sorted(tracks, key=lambda track: track.from_km), length_km


def _directed(plan: Plan, a: str, b: str, base_km: float) -> tuple[list[Block], list[Station], list[Track], float]:
    """Stages of a section with a track each way."""
    stages = plan.stages
    found = [
        (s, stages.node[s] == a)
        for s in np.flatnonzero(stages.kind == StageKind.TRAVEL).tolist()
        if {stages.node[s], stages.to_node[s]} == {a, b} and stages.mode[s] == "rail"
    ]
    if not found:
        rows = [s for s, mode in enumerate(stages.mode) if mode == "rail"]
        nodes = sorted({x for s in rows for x in (stages.node[s], stages.to_node[s]) if x})
        unknown = [x for x in (a, b) if x not in nodes]
        hint = nearest(unknown[0], nodes) if unknown else "they are no neighbours, name the stations between them"
        raise ResultError(f"no train runs from {a} to {b} or back" + (f"; {hint}" if hint else ""))
    length_km = max(float(stages.km[s]) for s, _ in found)
    ends = base_km, base_km + length_km
    return [(stages.id[s], *(ends if up else ends[::-1]), up) for s, up in found], [], [], length_km


def _runs(trace: pd.DataFrame, plan: Plan, blocks: pd.DataFrame) -> pd.DataFrame:
    """Rows of the trace on the blocks; a train asks for one with a path when it asks for the path."""
    of_stage = {stage: s for s, stage in enumerate(plan.stages.id)}
    before = {
        stage: plan.stages.id[of_stage[stage] - 1] for stage in blocks["stage_id"]
        if of_stage[stage] > 0 and plan.waits_for_path(of_stage[stage] - 1)
    }  # fmt: skip
    own = trace.astype({"stage_id": str, "flow_id": str})
    own = own[own["stage_id"].isin({*blocks["stage_id"], *before.values()})]
    keys = ["consignment_idx", "unit_idx", "stage_id"]
    asked = own.set_index(keys)["arrive_h"]
    runs = own.merge(blocks, on="stage_id").dropna(subset=["start_h", "depart_h"])
    path = runs["stage_id"].map(before)
    wanted = pd.MultiIndex.from_arrays([runs["consignment_idx"], runs["unit_idx"], path], names=keys)
    asked_h = asked.reindex(wanted).to_numpy()
    runs["arrive_h"] = np.where(np.isnan(asked_h), runs["arrive_h"], asked_h)
    runs["train"] = runs["consignment_idx"].astype(str) + "/" + runs["unit_idx"].astype(str)
    runs = runs.rename(columns={"flow_id": "flow", "start_h": "enter_h", "depart_h": "leave_h"})
    return runs.sort_values(["enter_h", "train"])[list(RUN_COLUMNS)].reset_index(drop=True)


def line_capacity(runs: LineRuns, from_h: float, until_h: float) -> pd.DataFrame:
    """Measure how full each single track is, and what it could carry.

    Returns
    -------
    pandas.DataFrame
        One row per track: track_id, from_km, to_km, trains_per_day (both ways), run_up_h, run_down_h, wait_mean_h,
        wait_p95_h, occupied_frac (UIC 406, compressed, other traffic included), scott_trains_per_day (both ways, with
        the spacing that other traffic leaves).
    """
    rows = []
    days = (until_h - from_h) / H_PER_DAY
    inside = runs.trains[(runs.trains["enter_h"] >= from_h) & (runs.trains["enter_h"] < until_h)]
    low_km, high_km = inside[["from_km", "to_km"]].min(axis=1), inside[["from_km", "to_km"]].max(axis=1)
    for track in map(Track._make, runs.tracks.to_numpy().tolist()):
        here = inside[(low_km == track.from_km) & (high_km == track.to_km)]
        run_h = here["leave_h"] - here["enter_h"]
        up_h, down_h = (float(run_h[here["is_up"] == side].median()) for side in (True, False))
        wait_h = here["enter_h"] - here["arrive_h"]
        used = occupancy(
            here["enter_h"], here["leave_h"], here["is_up"], track.headway_h, track.working_h, from_h, until_h
        )
        slow_h = float(np.nanmean([up_h, down_h])) if len(here) else np.nan
        rows.append(
            {
                "track_id": track.track_id,
                "from_km": track.from_km,
                "to_km": track.to_km,
                "trains_per_day": len(here) / days,
                "run_up_h": up_h,
                "run_down_h": down_h,
                "wait_mean_h": float(wait_h.mean()),
                "wait_p95_h": float(wait_h.quantile(0.95)),
                "occupied_frac": used.occupied_frac,
                "scott_trains_per_day": scott_trains_per_day(slow_h, track.working_h) if len(here) else np.nan,
            }
        )
    return pd.DataFrame(rows)
