"""Course of one itinerary, from the stages of a result: when consignments are where, and why they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_sim.plan.kinds import MOVES, Cause, StageKind

if TYPE_CHECKING:
    import pandas as pd

    from corridor_sim.plots.result_view import ResultView

Band = tuple[float, float]
"""P5 and P95 over consignments, hours after release; nan where a result does not hold them."""
WAIT_CAUSE = {StageKind.SAIL: Cause.DEPARTURE, StageKind.FORM: Cause.FORMING}
"""Cause of waiting by kind of stage; at all others it is queueing."""
BAND_COLUMNS = ("elapsed_p05_h", "elapsed_p95_h")
"""Columns of stages; results of older versions lack them."""


@dataclass
class Stop:
    """A stand at a node."""

    node: str
    km: float
    """Distance from the origin, km."""
    arrive_h: float
    """Hours after release."""
    arrive_band_h: Band
    leave_band_h: Band
    hours: dict[Cause, float] = field(default_factory=dict)
    places: dict[str, float] = field(default_factory=dict)
    """Hours queueing and closed by place."""
    stages: list[str] = field(default_factory=list)
    """Stages done here, and the leg that leaves."""

    @property
    def total_h(self) -> float:
        """Hours from arrival to departure."""
        return sum(self.hours.values())


@dataclass(frozen=True)
class Course:
    """An itinerary's mean course."""

    itinerary: str
    flow: str
    stops: list[Stop]
    end_km: float
    end_h: float
    end_band_h: Band
    n_departures: float
    """Consignments that completed it, all replications together."""


def main_itinerary(view: ResultView, route: str) -> str | None:
    """Return the itinerary of a route family on which cargo spends most tonne-days; None when nobody completed one."""
    stages = view.result.stages
    flows = {f for f, (r, _) in view.flow_routes.items() if r == route}
    rows = stages[stages["flow_id"].astype(str).isin(flows)]
    if rows.empty:
        return None
    load_t = view.means("throughput_t", "flow") / view.means("throughput_consignments", "flow")
    on_the_way = {}
    for itinerary, own in rows.groupby("itinerary_id", observed=True, sort=True):
        load = float(np.nan_to_num(load_t.get(str(own["flow_id"].iloc[0]), np.nan)))
        hours = float(own[["queue_h", "closed_h", "service_h"]].sum().sum())
        on_the_way[str(itinerary)] = _completed(own) * load * hours
    longest = max(on_the_way, key=lambda name: on_the_way[name])
    return longest if on_the_way[longest] > 0 else None


def mean_course(view: ResultView, itinerary: str) -> Course | None:
    """Follow an itinerary at its mean times; replications weigh by the consignments that completed it.

    Returns
    -------
    Course or None
        None when no consignment was delivered in the measured time.
    """
    stages = view.result.stages
    rows = stages[stages["itinerary_id"].astype(str) == itinerary]
    mean = _mean_rows(rows)
    if mean is None:
        return None
    stops: list[Stop] = []
    km = hours = 0.0
    band: Band = (0.0, 0.0)
    rows_in_order: list[Any] = list(mean.itertuples())
    for stage in rows_in_order:
        at = str(stage.node)
        if not stops or stops[-1].node != at or stops[-1].km != km:
            stops.append(Stop(at, km, hours, band, band))
        stops[-1].stages.append(str(stage.Index))
        band = (float(stage.elapsed_p05_h), float(stage.elapsed_p95_h))
        kind = StageKind[str(stage.kind).upper()]
        moves = kind in MOVES
        parts = [(WAIT_CAUSE.get(kind, Cause.QUEUEING), stage.queue_h), (Cause.CLOSED, stage.closed_h)]
        parts += [] if moves else [(Cause[str(stage.cause).upper()], stage.service_h)]
        for cause, h in parts:
            if h > 0:
                stops[-1].hours[cause] = stops[-1].hours.get(cause, 0.0) + h
                hours += h
        waited = stage.queue_h + stage.closed_h
        if stage.place_id and waited > 0:
            stops[-1].places[str(stage.place_id)] = stops[-1].places.get(str(stage.place_id), 0.0) + waited
        if moves:
            km += stage.km
            hours += stage.service_h
        else:
            stops[-1].leave_band_h = band
    ends = str(mean["to_node"].iloc[-1]) or str(mean["node"].iloc[-1])
    if stops[-1].node != ends:
        stops.append(Stop(ends, km, hours, band, band))
    return Course(itinerary, str(mean["flow_id"].iloc[0]), stops, km, hours, band, _completed(rows))


def _completed(rows: pd.DataFrame) -> float:
    return float(rows.groupby("replication", sort=True)["departures"].last().sum())


def _mean_rows(rows: pd.DataFrame) -> pd.DataFrame | None:
    """Average the stages of an itinerary over replications, in the order of travel."""
    rows = rows.reindex(columns=[*rows.columns, *(c for c in BAND_COLUMNS if c not in rows)])
    times = ["queue_h", "closed_h", "service_h"]
    weight = rows["replication"].map(rows.groupby("replication", sort=True)["departures"].last()).to_numpy(dtype=float)
    known = rows[times].notna().all(axis=1).to_numpy() & (weight > 0)
    rows, weight = rows[known], weight[known]
    if rows.empty:
        return None
    mean = rows.drop_duplicates("stage_id").set_index("stage_id").copy()
    for column in (*times, *BAND_COLUMNS):
        weighted = rows[column].to_numpy(dtype=float) * weight
        total = dict.fromkeys(mean.index, 0.0)
        weights = dict(total)
        for stage, x, w in zip(rows["stage_id"], weighted, weight, strict=True):
            total[stage] += x
            weights[stage] += w
        mean[column] = np.array([total[s] / weights[s] for s in mean.index])
    return mean
