"""Reductions, fed by every engine: events of lanes to KPIs, lane by lane the same whatever the block or worker."""

from corridor_sim.results.reductions.lanes import LanesSummary, reduce_lanes
from corridor_sim.results.reductions.wanted import EVERYTHING, Wanted

__all__ = ["EVERYTHING", "LanesSummary", "Wanted", "reduce_lanes"]
