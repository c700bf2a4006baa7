"""Lanes of one case: freight, gas or both, to the columns of KPIs that are kept."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.analysis.gas_kpis import gas_kpis
from corridor_sim.blocks import available_bytes, lanes_at_once, run_lanes
from corridor_sim.engines.protocol import refuse_unsupported
from corridor_sim.engines.registry import get_engine
from corridor_sim.gas_run import GasBlock, gas_lanes_at_once, ready_times, run_gas_block
from corridor_sim.sweep.kept import OF_GAS, chosen_columns, freight_columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from corridor_sim.drawn import DrawnLanes
    from corridor_sim.network import Network
    from corridor_sim.plan.plan import Plan
    from corridor_sim.scenario import Scenario
    from corridor_sim.sweep.kept import Columns, Kept, Label

    Floats = npt.NDArray[np.float64]


class CaseLanes:
    """A case that is ready to be run, some replications at a time.

    Parameters
    ----------
    scenario, plan, network
        The case.
    engine, seed
        How it is run.
    kept
        KPIs that are kept.
    drawn
        Lanes that were drawn for cases before.
    """

    def __init__(
        self,
        scenario: Scenario,
        plan: Plan,
        network: Network,
        engine: str,
        seed: int,
        kept: Kept,
        drawn: DrawnLanes | None = None,
    ) -> None:
        self._scenario, self._plan, self._network = scenario, plan, network
        self._engine, self._seed, self._kept, self._drawn = engine, seed, kept, drawn
        self.core_s = 0.0
        """Time in the engines so far, draws and reductions included."""
        self._has_freight = bool(scenario.flows)
        if self._has_freight:
            refuse_unsupported(get_engine(engine), plan)

    def at_once(self, n_lanes: int, workers: int) -> int:
        """Return how many replications fit the memory at once.

        Raises
        ------
        UnsupportedFeatureError
            When not even one does.
        """
        if self._has_freight:
            engine = get_engine(self._engine)
            return lanes_at_once(self._plan, engine, n_lanes, workers, max_memory_mib=None, chunk=None)
        assert self._plan.gas is not None  # noqa: S101  # a scenario has flows or a pipeline
        return gas_lanes_at_once(self._plan.gas, n_lanes, workers, available_bytes())

    def run(self, replications: Sequence[int]) -> Columns:
        """Run some replications."""
        labels: tuple[Label, ...] = ()
        values: Floats = np.empty((len(replications), 0))
        last_delivery_h: Floats | None = None
        if self._has_freight:
            began, wanted = time.perf_counter(), self._kept.wanted
            summary = run_lanes(self._plan, self._engine, self._seed, replications, wanted=wanted, drawn=self._drawn)
            self.core_s += time.perf_counter() - began
            labels, values = freight_columns(summary, self._kept, self._plan, self._scenario, self._network)
            last_delivery_h = summary.last_delivery_h
        if self._plan.gas is None or not self._kept.any_of(OF_GAS):
            return labels, values
        more, others = self._gas(tuple(replications), last_delivery_h)
        return (*labels, *more), np.hstack([values, others])

    def _gas(self, replications: tuple[int, ...], last_delivery_h: Floats | None) -> Columns:
        """Run the pipeline, whose phases wait for the freight that they are made of."""
        gas = self._plan.gas
        assert gas is not None  # noqa: S101  # asked before
        began = time.perf_counter()
        ready_h = None if last_delivery_h is None else ready_times(gas, last_delivery_h)
        years = run_gas_block(GasBlock(gas, self._seed, replications, keep_daily=False, ready_h=ready_h))
        self.core_s += time.perf_counter() - began
        return chosen_columns(*gas_kpis(gas, [years], every_limit=True), self._kept)
