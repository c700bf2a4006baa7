"""Daily operation of a gas plan: nominations, capacity, linepack, deliveries, fuel; mass closes every day.

The rule of a day, line after line in the order of the scenario:

- a line can deliver what flows steadily, plus the gas it holds beyond what that flow needs (less, while it is filled);
- it is asked for what is nominated and not delivered by the lines before it; meters bound the sum of all lines;
- the head then takes in what leaves, and as much as it can of what is missing to the best packing of that flow.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from corridor_sim.foundation.errors import ConservationError
from corridor_sim.foundation.gas_volumes import S_PER_DAY
from corridor_sim.gas.day_states import N_PARTS, solve_days
from corridor_sim.gas.draws import CAUSES

if TYPE_CHECKING:
    import numpy.typing as npt

    from corridor_sim.gas.day_states import SolvedStates
    from corridor_sim.gas.draws import GasLanes
    from corridor_sim.plan.gas import GasPlan

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]

SUMS = (
    "nominated", "delivered", "shortfall", "intake", "offtake_wanted", "offtake", "fuel", "loss", "swap", "swap_lost",
)  # fmt: skip
"""What is added up over the days, kg."""
SHORTFALL_CAUSES = ("phase late", *CAUSES, "sets out", "meter", "line")
DAILY = ("nominated", "capacity", "delivered", "linepack", "fuel")
"""What is kept of every day, kg or kg a day."""
MASS_TOLERANCE = 1e-9
LEAST_MOVED_KG = 1e3
"""Balances of less gas than this are judged as if it were this much."""


@dataclass(eq=False)
class GasYears:
    """What a block of lanes gives: sums by lane and year, and days by lane for the bands of the figures."""

    replications: tuple[int, ...]
    start_h: Floats
    """(n_lanes, n_phases)"""
    sums_kg: dict[str, Floats]
    """`SUMS`, each (n_lanes, n_years)"""
    shortfall_kg: Floats
    """(n_lanes, n_years, n_causes)"""
    capacity_kg: Floats
    """(n_lanes, n_years) what the days could have delivered."""
    limit_days: Floats
    """(n_lanes, n_years, n_limits) see `limit_names`."""
    short_days: Floats
    """(n_lanes, n_years) days on which less than 99.9 % of the nomination came."""
    line_delivered_kg: Floats
    """(n_lanes, n_years, n_lines)"""
    worst_balance: Floats
    """(n_lanes,) largest error of a day's balance, as a share of the gas moved and held."""
    daily: dict[str, npt.NDArray[np.float32]] = field(default_factory=dict)
    """`DAILY`, each (n_lanes, n_days), when asked for."""


def limit_names(plan: GasPlan) -> tuple[str, ...]:
    """Name everything that may limit a day: no phase yet, the meters, then sections and stations line by line."""
    names = ["no phase yet", *(f"meter {m}" for m in plan.meters)]
    for line in plan.lines:
        sites = [plan.sites[s] for s in line.site_idx]
        names += [f"pipe {line.id}: {a} - {b}" for a, b in pairwise(sites)]
        names += [f"power {line.id}: {s}" for s in sites] + [f"ratio {line.id}: {s}" for s in sites]
    return tuple(names)


def operate(plan: GasPlan, lanes: GasLanes, replications: tuple[int, ...], *, keep_daily: bool) -> GasYears:
    """Run all days of some lanes.

    Raises
    ------
    ConservationError
        When mass does not close on some day.
    """
    solved = [solve_days(plan, k, lanes) for k in range(len(plan.lines))]
    day = _Days(plan, lanes, solved, replications, keep_daily)
    for d in range(plan.n_days):
        day.run(d)
    return day.years()


class _Days:
    """State carried from day to day, and what is added up."""

    def __init__(
        self, plan: GasPlan, lanes: GasLanes, solved: list[SolvedStates], replications: tuple[int, ...], keep: bool
    ) -> None:
        n, n_years = len(replications), int(plan.year[-1] - plan.year[0]) + 1
        self._plan, self._lanes, self._solved = plan, lanes, solved
        self._pack = [np.zeros(n) for _ in solved]
        self._rows, self._n_limits = np.arange(n), len(limit_names(plan))
        self._base = self._first_limits()
        # states first, so that a day reads one contiguous row
        self._of_day = [np.ascontiguousarray(s.of_day.T) for s in solved]
        self._state = np.ascontiguousarray(lanes.state.T)
        self._cause = np.ascontiguousarray(lanes.cause.T)
        self._cold = np.ascontiguousarray(lanes.cold.T)
        self._out = GasYears(
            replications=replications,
            start_h=lanes.start_h,
            sums_kg={name: np.zeros((n, n_years)) for name in SUMS},
            shortfall_kg=np.zeros((n, n_years, len(SHORTFALL_CAUSES))),
            capacity_kg=np.zeros((n, n_years)),
            limit_days=np.zeros((n, n_years, self._n_limits)),
            short_days=np.zeros((n, n_years)),
            line_delivered_kg=np.zeros((n, n_years, len(solved))),
            worst_balance=np.zeros(n),
            daily={name: np.zeros((n, plan.n_days), dtype=np.float32) for name in (DAILY if keep else ())},
        )

    def _first_limits(self) -> list[int]:
        """Return the number of the first limit of each line."""
        first, found = 1 + len(self._plan.meters), []
        for line in self._plan.lines:
            found.append(first)
            first += line.n_sections + 2 * line.n_sites
        return found

    def years(self) -> GasYears:
        """Return what was added up, after the last check."""
        sums = self._out.sums_kg
        gone = sum(sums[name].sum(axis=1) for name in ("delivered", "offtake", "fuel", "loss"))
        came = sums["intake"].sum(axis=1)
        whole = np.abs(came - gone - sum(self._pack, np.zeros(came.size))) / np.maximum(came, 1.0)
        self._out.worst_balance = np.maximum(self._out.worst_balance, whole)
        worst = float(self._out.worst_balance.max(initial=0.0))
        if not worst <= MASS_TOLERANCE:
            raise ConservationError(f"gas is lost or made: the balance of a day is off by {worst:.2g} of what moved")
        return self._out

    def run(self, d: int) -> None:
        """Run one day of all lanes."""
        plan, state = self._plan, self._state[d]
        nominated = plan.nominated_kg_per_s[d] * S_PER_DAY * np.where(self._cold[d], plan.cold_nomination_factor, 1.0)
        swap = np.full(state.size, plan.swap_kg_per_s[d] * S_PER_DAY)
        netted = np.minimum(swap, nominated) if plan.swap_is_netted else np.zeros(state.size)
        rows = [of_day[d] for of_day in self._of_day]
        able = [self._able(k, row) for k, row in enumerate(rows)]
        metered = self._metered(state)
        least = metered.min(axis=0)
        total = sum(able, np.zeros(state.size))
        bound = np.where(state > 0, least + netted, 0.0)  # before the first phase nobody has a contract
        left = np.minimum(nominated, bound)
        delivered = np.zeros(state.size)
        year = int(plan.year[d] - plan.year[0])
        totals = {name: np.zeros(state.size) for name in ("intake", "offtake_wanted", "offtake", "fuel", "loss")}
        for k, row in enumerate(rows):
            given = np.minimum(left, able[k])
            left, delivered = left - given, delivered + given
            self._out.line_delivered_kg[:, year, k] += given
            for name, value in self._flow(k, row, given).items():
                totals[name] += value
        capacity = np.minimum(total, bound)
        flows = netted if plan.swap_is_netted else np.where(delivered > 0, 0.0, swap)
        totals |= {
            "nominated": nominated, "delivered": delivered, "shortfall": nominated - delivered,
            "swap": np.minimum(flows, delivered) if plan.swap_is_netted else flows, "swap_lost": swap - flows,
        }  # fmt: skip
        for name, value in totals.items():
            self._out.sums_kg[name][:, year] += value
        self._note(d, year, rows, able, metered, capacity, totals)

    def _able(self, k: int, row: npt.NDArray[np.int32]) -> Floats:
        """Return what a line can deliver in the day, kg."""
        s = self._solved[k]
        spare = self._pack[k] - s.least_pack_kg[row]
        return np.maximum(s.capacity_kg_per_s[row] * S_PER_DAY + spare, 0.0)

    def _metered(self, state: Ints) -> Floats:
        """Return what each meter lets through to the end, (n_meters, n_lanes) kg."""
        plan = self._plan
        found = np.full((max(len(plan.meters), 1), state.size), np.inf)
        for m in range(len(plan.meters)):
            found[m] = plan.meter_kg_per_s[m][state] * S_PER_DAY
        return found

    def _flow(self, k: int, row: npt.NDArray[np.int32], given: Floats) -> dict[str, Floats]:
        """Let a line deliver, burn fuel, serve its offtakes and be filled; check its balance."""
        s, held = self._solved[k], self._pack[k]
        capacity = s.capacity_kg_per_s[row] * S_PER_DAY
        part = np.minimum(given / np.maximum(capacity, 1.0), 1.0) * N_PARTS
        low = np.minimum(part.astype(np.int64), N_PARTS - 1)
        weight = part - low
        fuel = ((1 - weight) * s.fuel_kg_per_s[row, low] + weight * s.fuel_kg_per_s[row, low + 1]) * S_PER_DAY
        aim = (1 - weight) * s.pack_kg[row, low] + weight * s.pack_kg[row, low + 1]
        offtake = s.offtake_kg_per_s[row] * S_PER_DAY
        stands = capacity + s.intake_kg_per_s[row] > 0
        fuel = np.where(stands, fuel, 0.0)
        loss = self._plan.loss_frac * (given + offtake)
        leaves = given + offtake + fuel + loss
        intake = np.clip(leaves + aim - held, 0.0, s.intake_kg_per_s[row] * S_PER_DAY + loss)
        # a line that is cut or emptied burns and gives no more than it holds
        fuel = np.minimum(fuel, np.maximum(held + intake - given - offtake - loss, 0.0))
        now = held + intake - given - offtake - loss - fuel
        moved = np.maximum(held + intake + now, LEAST_MOVED_KG)
        error = np.abs((now - held) - (intake - given - offtake - fuel - loss)) / moved
        self._out.worst_balance = np.maximum(self._out.worst_balance, np.where(now < 0, -now / moved, error))
        self._pack[k] = now
        return {
            "intake": intake, "offtake": offtake, "fuel": fuel, "loss": loss,
            "offtake_wanted": s.offtake_wanted_kg_per_s[row] * S_PER_DAY,
        }  # fmt: skip

    def _note(  # what one day gave
        self, d: int, year: int, rows: list[npt.NDArray[np.int32]], able: list[Floats], metered: Floats,
        capacity: Floats, totals: dict[str, Floats],
    ) -> None:  # fmt: skip
        """Add up capacity, what limits it and why gas is short."""
        out = self._out
        out.capacity_kg[:, year] += capacity
        limit = self._limits(self._state[d], rows, able, metered)
        out.limit_days[self._rows, year, limit] += 1.0
        short = totals["shortfall"]
        is_short = short > 1e-3 * np.maximum(totals["nominated"], 1.0)
        out.short_days[:, year] += is_short
        out.shortfall_kg[self._rows, year, self._why(d, rows, limit)] += short
        if out.daily:
            for name in ("nominated", "delivered", "fuel"):
                out.daily[name][:, d] = totals[name]
            out.daily["capacity"][:, d] = capacity
            out.daily["linepack"][:, d] = sum(self._pack, np.zeros(capacity.size))

    def _limits(self, state: Ints, rows: list[npt.NDArray[np.int32]], able: list[Floats], metered: Floats) -> Ints:
        """Return the number of what limits the day: a meter, else what limits the line that can do most."""
        most, found = np.zeros(self._rows.size), np.zeros(self._rows.size, dtype=np.int64)
        for k, row in enumerate(rows):
            limit = self._solved[k].limit[row]
            is_most = ((able[k] > most) | (found == 0)) & (limit >= 0)
            found = np.where(is_most, self._base[k] + limit, found)
            most = np.where(is_most, able[k], most)
        total = sum(able, np.zeros(self._rows.size))
        by_meter = (metered.min(axis=0) < total) & (total > 0)
        limit = np.where(by_meter, 1 + metered.argmin(axis=0), found)
        return np.asarray(np.where(state > 0, limit, 0))

    def _why(self, d: int, rows: list[npt.NDArray[np.int32]], limit: Ints) -> Ints:
        """Return the number of the cause of a shortfall, see `SHORTFALL_CAUSES`."""
        n_closures = len(CAUSES)
        by_meter = (limit >= 1) & (limit <= len(self._plan.meters))
        found = np.where(by_meter, n_closures + 2, n_closures + 3)
        sets = np.zeros(found.size, dtype=bool)
        for k, row in enumerate(rows):
            sets |= self._solved[k].is_short_of_sets[row] & (self._solved[k].capacity_kg_per_s[row] > 0)
        found = np.where(sets & ~by_meter, n_closures + 1, found)
        found = np.where(self._cause[d] > 0, self._cause[d], found)
        return np.asarray(np.where(self._state[d] < self._plan.planned_state[d], 0, found))
