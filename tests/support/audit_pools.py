"""Audit of closed pools: what stands at each base is worked out anew from what was taken and given back."""

import heapq
from collections.abc import Iterator

import numpy as np

from corridor_sim.plan.kinds import StageKind
from tests.support.audit_table import TICK, Table, say

ROUNDING = 1e-9


def pools(t: Table) -> Iterator[str]:
    """Name what breaks the rules of pools."""
    for p in range(len(t.plan.pools)):
        takes = t.in_order(np.flatnonzero((t.kind == StageKind.TAKE) & (t.target == p)))
        gives = t.in_order(np.flatnonzero((t.kind == StageKind.GIVE) & (t.target == p)))
        yield from say(t, gives, t.start[gives] != t.arrive[gives], "does not give back at once")
        for rows, rule in ((takes, "takes longer than a tick to take"), (gives, "takes longer than a tick to give")):
            yield from say(t, rows, t.depart[rows] > t.start[rows] + TICK, rule)
        for base in range(t.plan.pools.stock[p].size):
            mine = takes[t.side[takes] == base]
            starts = np.where(np.isnan(t.start[mine]), np.inf, t.start[mine])
            yield from say(t, mine[1:], starts[1:] < starts[:-1], "takes before one who came earlier")
        yield from _Stock(t, p, takes, gives).faults()


class _Stock:
    """A pool from instant to instant: what comes home, what is given back, what is taken, what goes home."""

    def __init__(self, t: Table, pool: int, takes: np.ndarray, gives: np.ndarray) -> None:
        table = t.plan.pools
        self.t, self.takes, self.gives = t, takes, gives
        self.keep, self.home, self.empty_h = table.keep[pool], table.home[pool], table.empty_h[pool]
        self.stock = table.stock[pool].astype(float)
        self.on_the_way: list[tuple[float, int, float]] = []

    def faults(self) -> Iterator[str]:
        t = self.t
        times = np.concatenate([t.arrive[self.takes], t.start[self.takes], t.start[self.gives]])
        ahead = np.unique(times[~np.isnan(times)]).tolist()
        while ahead:
            now = heapq.heappop(ahead)
            while ahead and ahead[0] == now:
                heapq.heappop(ahead)
            yield from self._instant(now)
            if self.on_the_way and self.on_the_way[0][0] < t.plan.end_h:
                heapq.heappush(ahead, self.on_the_way[0][0])

    def _instant(self, now: float) -> Iterator[str]:
        t = self.t
        while self.on_the_way and self.on_the_way[0][0] <= now:
            _, base, amount = heapq.heappop(self.on_the_way)
            self.stock[base] += amount
        given = self._amounts(self.gives[t.start[self.gives] == now])
        taking = self.takes[t.start[self.takes] == now]
        # one by one, as amounts may have no exact sum
        self.stock += given
        np.subtract.at(self.stock, t.side[taking], t.plan.stages.amount[t.stage[taking]])
        yield from say(t, taking, self.stock[t.side[taking]] < -ROUNDING, "takes more than there is")
        for base in range(self.stock.size):
            mine = self.takes[t.side[self.takes] == base]
            # nan: not before the end
            waiting = mine[(t.arrive[mine] <= now) & ~(t.start[mine] <= now)][:1]
            enough = t.plan.stages.amount[t.stage[waiting]] <= self.stock[base]
            yield from say(t, waiting, enough, "waits though there is enough")
            surplus = min(given[base], self.stock[base] - self.keep[base])
            if self.home[base] >= 0 and surplus > 0 and not waiting.size:
                self.stock[base] -= surplus
                heapq.heappush(self.on_the_way, (now + float(self.empty_h[base]), int(self.home[base]), surplus))

    def _amounts(self, rows: np.ndarray) -> np.ndarray:
        """What these take or give, by base."""
        return np.bincount(self.t.side[rows], self.t.plan.stages.amount[self.t.stage[rows]], minlength=self.stock.size)
