"""Per-lane reductions, fed by every engine: events of one lane to KPIs, whatever the chunk or worker."""

from corridor_sim.results.reductions.lane import LaneSummary, reduce_lane

__all__ = ["LaneSummary", "reduce_lane"]
