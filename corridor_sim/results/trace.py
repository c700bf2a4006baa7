"""The trace: every event of every consignment as one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from corridor_sim.plan.lane import Lane
    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.events import LaneEvents


def trace_table(plan: Plan, lane: Lane, events: LaneEvents) -> pd.DataFrame:
    """Return the events of one lane as rows, consignment by consignment, in order of arrival.

    Columns: replication, flow_id, consignment_idx, unit_idx, stage_id, arrive_h, start_h, depart_h, tonnes; times are
    hours since the start of the horizon, nan where it did not happen before its end.
    """
    consignment, unit, stage = [], [], []
    for s in range(len(plan.stages)):
        members = lane.members[int(plan.stages.itinerary_idx[s])]
        n_units = int(plan.stages.n_units[s])
        consignment.append(np.repeat(members, n_units))
        unit.append(np.tile(np.arange(n_units), members.size))
        stage.append(np.full(members.size * n_units, s))
    none = np.empty(0, dtype=np.int64)
    who, which, where = (np.concatenate([*column, none]) for column in (consignment, unit, stage))
    keep = np.flatnonzero(~np.isnan(events.arrive_h))
    order = keep[np.lexsort((which[keep], events.arrive_h[keep], who[keep]))]
    who, which, where = who[order], which[order], where[order]
    flow = lane.flow_idx[who]
    return pd.DataFrame(
        {
            "replication": np.full(order.size, lane.replication, dtype=np.int64),
            "flow_id": pd.Categorical.from_codes(flow, categories=pd.Index(plan.flows.id)),
            "consignment_idx": who,
            "unit_idx": which,
            "stage_id": pd.Categorical.from_codes(where, categories=pd.Index(plan.stages.id)),
            "arrive_h": events.arrive_h[order],
            "start_h": events.start_h[order],
            "depart_h": events.depart_h[order],
            "tonnes": lane.load_t[who] / plan.stages.n_units[where],
        }
    )
