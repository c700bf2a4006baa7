"""How large everything is that is measured: in full, or quickly."""

from __future__ import annotations

from dataclasses import dataclass

from corridor_sim.blocks import MOST_LANES


@dataclass(frozen=True)
class Scale:
    """Sizes of all groups."""

    is_quick: bool
    repeats: int
    """Rounds of which the median is taken."""
    long_repeats: int
    """The same for what takes seconds."""
    tandem: tuple[int, int]
    """Queues, consignments."""
    n_feed_forward: int
    """Consignments a year."""
    growing: tuple[int, ...]
    """Consignments a year over which growth is fitted."""
    itineraries: tuple[int, ...]
    """Itineraries over which the growth of loading and compiling is fitted."""
    block_rows: int
    """Rows (stage events) of a block of lanes that are drawn and run together."""
    worker_s: float
    """About how long the run takes that is spread over workers, s on one of them."""


FULL = Scale(
    is_quick=False,
    repeats=5,
    long_repeats=3,
    tandem=(10, 2000),
    n_feed_forward=10_000,
    growing=(2_500, 5_000, 10_000, 20_000),
    itineraries=(6, 24, 96),
    block_rows=40_000_000,
    worker_s=20.0,
)
QUICK = Scale(
    is_quick=True,
    repeats=2,
    long_repeats=1,
    tandem=(3, 300),
    n_feed_forward=1_000,
    growing=(500, 1_000, 2_000),
    itineraries=(6, 24),
    block_rows=200_000,
    worker_s=2.0,
)


def lanes_of_block(scale: Scale, rows_per_lane: int) -> int:
    """Return how many lanes make a block: as many as fit into its rows."""
    return max(1, min(MOST_LANES, scale.block_rows // max(rows_per_lane, 1)))
