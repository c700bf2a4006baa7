"""Consignments of a trace on the map: along which lines each moves and when, thinned so that a page can carry it."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from corridor_sim.plan.kinds import MOVES
from corridor_sim.plots.basemap import map_xy
from corridor_sim.report.map_lines import point, section_lines

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from corridor_sim.network.model import Section
    from corridor_sim.plots.result_view import ResultView
    from corridor_sim.report.map_lines import Line

MOST_MOVES = 120_000
"""Moves that a page carries: some 600 kB."""
TICK_H = 0.25
NEVER = 2**16 - 1
LONGEST_D = 400
"""Days that are shown at most: the last ones of the measured time."""
KINDS = frozenset(kind.name.lower() for kind in MOVES)


class Move(NamedTuple):
    """A movement along one line."""

    line: str
    """Id of a section; from and to, where the network has none."""
    forward: bool
    mode: str
    ends: tuple[str, str]


class Trips(NamedTuple):
    """Consignments of one itinerary."""

    moves: tuple[Move, ...]
    times_h: npt.NDArray[np.float64]
    """(n_consignments, n_moves, 2) start and end; nan where it did not happen."""


def animation_data(view: ResultView) -> dict[str, Any] | None:
    """Return the movements of the first replication of a trace; None without a trace.

    Times are counted from the begin of what is shown, in quarters of an hour, as 16-bit numbers: start and end of
    every move of every consignment, itinerary after itinerary. Background traffic is left out; of consignments that
    are split into trucks the first is shown.
    """
    trace, measured = view.result.trace, view.measured
    if trace is None or trace.empty or measured is None:
        return None
    end_h = float(view.result.manifest["end_h"])
    begin_h = max(float(view.result.manifest["warm_up_h"]), end_h - 24 * LONGEST_D)
    trips = [_within(t, begin_h, end_h) for t in trips_of(view, trace)]
    trips = [t for t in trips if len(t.times_h)]
    n_moves = sum(t.times_h.shape[0] * t.times_h.shape[1] for t in trips)
    if not n_moves:
        return None
    every = -(-n_moves // MOST_MOVES)
    thinned = [t._replace(times_h=t.times_h[::every]) for t in trips]
    lines = list(dict.fromkeys(move.line for t in thinned for move in t.moves))
    move_of = {move.line: move for t in thinned for move in t.moves}
    shapes = _shapes(view, [move_of[line] for line in lines])
    number = {line: k + 1 for k, line in enumerate(lines)}
    begin = measured[1] - timedelta(hours=end_h - begin_h)
    return {
        "begin": begin.strftime("%Y-%m-%dT%H:%M:%SZ"), "length_h": end_h - begin_h, "tick_h": TICK_H, "never": NEVER,
        "lines": [{"mode": move_of[line].mode, "points": shape} for line, shape in zip(lines, shapes, strict=True)],
        "itineraries": [
            {"n": len(t.times_h), "moves": [number[m.line] if m.forward else -number[m.line] for m in t.moves]}
            for t in thinned
        ],
        "times": _encode([t.times_h for t in thinned], begin_h),
        "note": _note(every),
    }  # fmt: skip


def _note(every: int) -> str:
    some = "Every" if every == 1 else f"One of {every} consignments of each itinerary; every"
    return f"{some} mark is one consignment of the first replication, background traffic left out."


def trips_of(view: ResultView, trace: pd.DataFrame) -> list[Trips]:
    """Gather the moves of the first replication of a trace, itinerary by itinerary."""
    stages = _moving_stages(view)
    rows = (trace["replication"] == trace["replication"].iloc[0]) & (trace["unit_idx"] == 0)
    known = trace["stage_id"].astype("category")
    code = stages.index.get_indexer(known.cat.categories)[known.cat.codes]
    rows &= code >= 0
    table = trace.loc[rows, ["consignment_idx", "start_h", "depart_h"]]
    table = table.assign(stage=code[rows.to_numpy()])
    table["itinerary"] = stages["itinerary_id"].to_numpy()[table["stage"]]
    table["move"] = stages["move"].to_numpy()[table["stage"]]
    found = []
    for itinerary, part in table.groupby("itinerary", sort=True):
        own = stages[stages["itinerary_id"] == itinerary].drop_duplicates("move")
        keys = part.groupby(["consignment_idx", "move"], sort=True)
        # several stages may be one move (a line with loops): it ends when the last of them does
        times = keys.agg(start_h=("start_h", "min"), end_h=("depart_h", "max"), n=("start_h", "size"))
        whole = own.set_index("move")["n_stages"]
        times.loc[times["n"] < whole.reindex(times.index.get_level_values("move")).to_numpy(), "end_h"] = np.nan
        wide = times.pivot_table(index="consignment_idx", columns="move", values=["start_h", "end_h"], dropna=False)
        columns = [wide[name].reindex(columns=list(own["move"])).to_numpy() for name in ("start_h", "end_h")]
        found.append(Trips(tuple(own["along"]), np.stack(columns, axis=2)))
    return found


def _moving_stages(view: ResultView) -> Any:
    """Stages at which corridor cargo moves, by id: itinerary, number of the move, what it goes along."""
    table: Any = view.result.stages
    table = table[table["kind"].isin(KINDS) & (table["replication"] == table["replication"].iloc[0])]
    table = table[~table["flow_id"].astype(str).map(view.is_background).astype(bool)]
    table = table.assign(along=[_move(view, row) for row in table.to_dict("records")])
    new = (table["along"] != table["along"].shift()) | (table["itinerary_id"] != table["itinerary_id"].shift())
    table["move"] = new.groupby(table["itinerary_id"]).cumsum()
    table["n_stages"] = table.groupby(["itinerary_id", "move"])["stage_id"].transform("size")
    return table.set_index("stage_id")[["itinerary_id", "move", "along", "n_stages"]]


def _move(view: ResultView, row: dict[str, Any]) -> Move:
    a, b, mode = str(row["node"]), str(row["to_node"]), str(row["mode"])
    if not b:  # single track from loop to loop: the line goes from here to its other end
        b = next((end for end in str(row["place_id"]).partition("/")[0].split("-") if end != a), a)
    section = _section(view, a, b, mode, float(row["km"]))
    if section is None:
        return Move(f"{a}>{b}", True, mode, (a, b))
    return Move(section.id, section.a == a, mode, (a, b))


def _section(view: ResultView, a: str, b: str, mode: str, km: float) -> Section | None:
    """Find the section between two nodes; of parallel ones that of the stated length."""
    return min(view.network.parallel(a, b, mode), key=lambda s: abs(s.km - km), default=None)


def _shapes(view: ResultView, moves: list[Move]) -> list[Line]:
    known = set(view.network.section_ids)
    lines = section_lines(view, [m.line for m in moves if m.line in known])
    return [lines[m.line] if m.line in known else _straight(view, m.ends) for m in moves]


def _straight(view: ResultView, ends: tuple[str, str]) -> Line:
    return [point(*map_xy(view.network.node(n).lon, view.network.node(n).lat)) for n in ends]


def _within(trips: Trips, begin_h: float, end_h: float) -> Trips:
    """Keep the consignments that move while it is shown; a move that does not end in time ends with the show."""
    start, end = trips.times_h[..., 0], trips.times_h[..., 1]
    end = np.where(np.isnan(end) & ~np.isnan(start), end_h, end)
    last = np.where(np.isnan(end), -np.inf, end).max(axis=1)
    keep = last > begin_h
    return trips._replace(times_h=np.stack([start[keep], end[keep]], axis=2))


def _encode(times_h: list[npt.NDArray[np.float64]], begin_h: float) -> str:
    flat = np.concatenate([t.reshape(-1) for t in times_h])
    ticks = np.clip(np.rint((flat - begin_h) / TICK_H), 0, NEVER - 1)
    return b64encode(np.where(np.isnan(flat), NEVER, ticks).astype("<u2").tobytes()).decode("ascii")
