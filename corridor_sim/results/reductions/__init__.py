"""Reductions, fed by every engine: events of lanes to KPIs, lane by lane the same whatever the block or worker."""

from corridor_sim.results.reductions.lanes import LanesSummary, reduce_lanes

__all__ = ["LanesSummary", "reduce_lanes"]
