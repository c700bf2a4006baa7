"""Money and carbon of transport chains: what each itinerary costs and emits, leg by leg and hub by hub.

Emissions have the shape of ISO 14083 and the GLEC Framework: transport chain elements (legs) by tonne-kilometres, hubs
by tonnes or moves, well to wheel with tank to wheel apart. Prices and factors, with their sources and grades, are the
scenario's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from corridor_sim.foundation.errors import Problem, ScenarioError, nearest
from corridor_sim.plan.kinds import MOVES, StageKind
from corridor_sim.scenario.policies import with_policies
from corridor_sim.scenario.policies.price_changes import price_of_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from corridor_sim.network import Network
    from corridor_sim.plan.plan import Plan
    from corridor_sim.scenario import Scenario
    from corridor_sim.scenario.charges import Charge, Emission, Rule
    from corridor_sim.scenario.flows import Flow
    from corridor_sim.scenario.quantities import Quantity

    Prices = Callable[[str, str, float], float]
    """From a charge, a country (empty at a place) and its price as written to what is paid on the day."""

AnyRule = TypeVar("AnyRule", bound="Rule")

LOT_T = 20.0
"""Tonnes of a rail lot that a border fee is paid for, as for a truck (CAREC's corridor monitoring counts 20 t)."""
TEU_PER_BOX = 1.5
"""Own estimate, grade C: as many boxes of 40 feet as of 20."""
SHIP_T = 3500.0
"""Tonnes of a river-sea ship that share its hours; ships of 3-7 kt with parcels of 3000 t: own estimate, grade C."""
H_PER_YEAR = 8760.0
FRACTION = "fraction"
"""Unit of a factor that is multiplied by what the other rules say a leg emits: empty running."""
KG_PER_G = 1e-3


@dataclass(frozen=True)
class Load:
    """One consignment of a flow."""

    t: float
    teu: float
    value_usd: float

    @property
    def boxes(self) -> float:
        """Containers, of either length."""
        return self.teu / TEU_PER_BOX


@dataclass(frozen=True)
class Amount:
    """What a price or factor is multiplied by."""

    of: str
    """Property of the load."""
    per: str = ""
    """km of a leg, h of the trip or of waiting; once where empty."""
    scale: float = 1.0

    def times(self, load: Load, km: float, h: float) -> float:
        """Return the amount of one consignment on a leg of so many km, in a trip of so many hours."""
        length = km if self.per == "km" else h if self.per == "h" else 1.0
        return float(getattr(load, self.of)) * length * self.scale


AMOUNTS = {
    "USD/tkm": Amount("t", "km"),
    "USD/TEU-km": Amount("teu", "km"),
    "USD/t": Amount("t"),
    "USD/TEU": Amount("teu"),
    "USD/box": Amount("boxes"),
    "USD/move": Amount("boxes"),
    "USD per truck or per 20 t rail lot": Amount("t", scale=1.0 / LOT_T),
    "USD/TEU-h": Amount("teu", "h"),
    "USD/truck-h": Amount("t", "h", 1.0 / LOT_T),
    "USD/ship-h": Amount("t", "h", 1.0 / SHIP_T),
    "kg/truck-h": Amount("t", "h", 1.0 / LOT_T),
    "kg/ship-h": Amount("t", "h", 1.0 / SHIP_T),
    "per year of cargo value": Amount("value_usd", "h", 1.0 / H_PER_YEAR),
    "g/tkm": Amount("t", "km", KG_PER_G),
    "kg/t": Amount("t"),
    "kg/move": Amount("boxes"),
}
"""By the unit of the price or factor, as `costs` and `emission_factors` write it."""


TRIP, STANDING, WAITING = "trip", "standing", "waiting"
"""Hours that a price or factor per hour is multiplied by: of the trip, of it without moving, in line at a stage."""


@dataclass(frozen=True)
class Hours:
    """Hours of a consignment, as numbers or as arrays over replications."""

    trip: Any = 0.0
    standing: Any = 0.0
    """Of the trip, without those moving."""
    waiting: Mapping[int, Any] = field(default_factory=dict)
    """In line and before closed doors, by row of the stage table."""

    def of(self, per: str, stage: int) -> Any:
        """Return the hours that count; 1 for what is paid or emitted once."""
        match per:
            case "trip":
                return self.trip
            case "standing":
                return self.standing
            case "waiting":
                return self.waiting.get(stage, 0.0)
            case _:
                return 1.0


NO_HOURS = Hours()


@dataclass(frozen=True)
class Item:
    """One line of an itinerary's bill."""

    kind: str
    """Kind of the charge."""
    key: str
    """Key of the charge."""
    stage: int
    """Row in the stage table; -1 for what runs with the hours of the trip."""
    usd: float
    """Per consignment; per hour where it runs with hours."""
    low_usd: float
    high_usd: float
    """The same at the ends of the price's range; as `usd` where it has none."""
    per: str = ""
    """Which hours; empty for once."""


@dataclass(frozen=True)
class Puff:
    """One line of an itinerary's footprint."""

    mode: str
    """Mode of the leg, `hub`, `empty` (running), `idling` or `reefer`."""
    stage: int
    wtw_kg: float
    """CO2 equivalent, well to wheel; per hour where it runs with hours."""
    ttw_kg: float
    """Of it tank to wheel."""
    per: str = ""


@dataclass
class Chain:
    """Bill and footprint of one consignment on one itinerary."""

    itinerary: str
    flow: str
    load: Load
    bill: list[Item] = field(default_factory=list)
    footprint: list[Puff] = field(default_factory=list)
    tkm: float = 0.0

    def usd(self, hours: Hours) -> dict[str, Any]:
        """Cost by kind of one consignment that takes so many hours."""
        total: dict[str, Any] = {}
        for item in self.bill:
            total[item.kind] = total.get(item.kind, 0.0) + item.usd * hours.of(item.per, item.stage)
        return total

    def kg(self, hours: Hours) -> tuple[Any, Any]:
        """CO2 equivalent of one consignment that takes so many hours: well to wheel, and of it tank to wheel."""
        counted = [(puff, hours.of(puff.per, puff.stage)) for puff in self.footprint]
        return sum(p.wtw_kg * h for p, h in counted) + 0.0, sum(p.ttw_kg * h for p, h in counted) + 0.0

    def by_mode_kg(self, hours: Hours) -> dict[str, Any]:
        """Well to wheel by mode; hubs, empty running, idling and reefers by themselves."""
        total: dict[str, Any] = {}
        for puff in self.footprint:
            total[puff.mode] = total.get(puff.mode, 0.0) + puff.wtw_kg * hours.of(puff.per, puff.stage)
        return total


@dataclass(frozen=True)
class _Leg:
    """A part of a leg within one country."""

    stage: int
    mode: str
    km: float
    country: str
    ends: tuple[str, str]
    electrified: bool


def build_chains(scenario: Scenario, plan: Plan, network: Network) -> list[Chain]:
    """Work out what one consignment costs and emits on every itinerary, in the plan's order.

    Raises
    ------
    ScenarioError
        When a rule names a price that does not exist or whose unit says nothing of what it is paid for.
    """
    _check_units(scenario)
    scenario = with_policies(scenario)
    chains = []
    for i, name in enumerate(plan.itineraries.id):
        flow_id = plan.flows.id[plan.itineraries.flow_idx[i]]
        flow = scenario.flows[flow_id]
        t = flow.consignment.load.value
        value = flow.cargo_value.value if flow.cargo_value else 0.0
        chain = Chain(name, flow_id, Load(t, flow.consignment.teu.value, value * t))
        first = int(plan.itineraries.first_stage_idx[i])
        rows = range(first, first + int(plan.itineraries.n_stages[i]))
        prices = _prices(scenario, flow_id, float(plan.itineraries.valid_from_h[i]))
        _charge(chain, scenario, prices, flow, list(_legs(plan, network, rows)), _hubs(plan, rows))
        _emit(chain, scenario, flow, list(_legs(plan, network, rows)), _hubs(plan, rows))
        chains.append(chain)
    return chains


def _check_units(scenario: Scenario) -> None:
    problems = []
    named: list[tuple[str, str, str, str, Any]] = [
        ("charges", key, "cost", rule.cost, scenario.costs) for key, rule in scenario.charges.items()
    ]
    named += [
        ("emissions", k, "factor", rule.factor, scenario.emission_factors) for k, rule in scenario.emissions.items()
    ]
    for section, key, word, name, entries in named:
        quantity = getattr(entries[name], "rate" if word == "cost" else "wtw")
        is_share = word == "factor" and quantity is not None and quantity.unit == FRACTION
        if not is_share and (quantity is None or quantity.unit not in AMOUNTS):
            path, unit = f"{section}.{key}.{word}", "nothing" if quantity is None else quantity.unit
            hint = nearest(unit, AMOUNTS) or f"units are {', '.join(AMOUNTS)}"
            message = f"'{name}' is in {unit}, which does not say what it is multiplied by"
            problems.append(Problem(path, message, scenario.locate(path), hint))
    if problems:
        raise ScenarioError(problems)


def _legs(plan: Plan, network: Network, rows: Iterable[int]) -> Iterator[_Leg]:
    """Yield the legs of an itinerary; one over a border in two halves."""
    stages = plan.stages
    for s in rows:
        if stages.kind[s] not in MOVES or stages.km[s] <= 0:
            continue
        section = network.section_by_id(stages.section_id[s])
        # a stretch between loops has one node; it lies in the section, so the section's ends tell its countries
        a, b = (network.node(n).country for n in (section.a, section.b))
        if stages.to_node[s]:
            a, b = network.node(stages.node[s]).country, network.node(stages.to_node[s]).country
        is_electrified = str(section.properties.get("electrified") or "").startswith(("3kV", "25kV"))
        km = float(stages.km[s])
        for country in dict.fromkeys((a, b)):
            part = km if a == b else km / 2
            yield _Leg(s, str(stages.mode[s]), part, country, (a, b), is_electrified)


def _hubs(plan: Plan, rows: Iterable[int]) -> dict[int, str]:
    """Return the id of what each stage uses, by row: queue, service, pool, or hold."""
    tables: Mapping[int, tuple[str, ...]] = {
        StageKind.QUEUE: plan.places.id,
        StageKind.SAIL: plan.services.id,
        StageKind.FORM: plan.formations.id,
        StageKind.TAKE: plan.pools.id,
        StageKind.GIVE: plan.pools.id,
    }
    found = {}
    for s in rows:
        kind = int(plan.stages.kind[s])
        if kind in tables:
            found[s] = tables[kind][plan.stages.target_idx[s]]
        elif kind == StageKind.HOLD:
            found[s] = plan.stages.id[s].rsplit("/", 1)[1]
    return found


def _fits(rule: Rule, flow: Flow) -> bool:
    """Whether a rule is for a flow."""
    boxes = flow.consignment.teu.value > 0
    words = {word.strip() for word in flow.commodity.split(",")}
    return (
        (rule.cargo is None or (rule.cargo == "boxes") == boxes)
        and (not rule.commodities or bool(words.intersection(rule.commodities)))
        and (not rule.routes or flow.route in rule.routes)
        and (rule.direction is None or rule.direction == flow.direction)
    )


def _fits_leg(rule: Rule, leg: _Leg) -> bool:
    """Whether a rule is for a leg; on sea both ends must lie in its countries, on land the part at hand."""
    where = set(leg.ends) if leg.mode == "sea" else {leg.country}
    return (
        rule.on == leg.mode
        and (not rule.countries or where <= set(rule.countries))
        and (rule.electrified is None or rule.electrified == leg.electrified)
    )


def _holding(rules: Iterable[tuple[str, AnyRule]], fits: Callable[[AnyRule], bool]) -> Iterator[tuple[str, AnyRule]]:
    """Yield the rules that hold: the first that fits, and all that fit and come on top."""
    found = False
    for key, rule in rules:
        if fits(rule) and (rule.also or not found):
            found = found or not rule.also
            yield key, rule


def _ends(price: Quantity) -> tuple[float, float]:
    return price.range or (price.value, price.value)


def _prices(scenario: Scenario, flow_id: str, valid_from_h: float) -> Prices:
    """Return the prices of the day on which consignments of an itinerary are released: it is cut where one changes."""
    changes = [c for c in scenario.price_changes.values() if c.enabled and c.takes(flow_id, scenario.flows[flow_id])]
    released = scenario.run.start + timedelta(hours=max(valid_from_h, 0.0))
    return lambda charge, country, rate: price_of_day(changes, rate, charge, country, released)


def _charge(
    chain: Chain, scenario: Scenario, prices: Prices, flow: Flow, legs: list[_Leg], hubs: Mapping[int, str]
) -> None:
    rules = [(key, rule) for key, rule in scenario.charges.items() if _fits(rule, flow)]

    def pay(key: str, rule: Charge, stage: int, leg: _Leg | None = None, share: float = 1.0) -> None:
        rate = scenario.costs[rule.cost].rate
        country, km = (leg.country, leg.km) if leg is not None else ("", 0.0)
        amount = share * AMOUNTS[rate.unit].times(chain.load, km, 1.0)
        factor = None if rule.times is None else scenario.costs[rule.times].rate
        usd = amount * prices(key, country, rate.value) * (1.0 if factor is None else factor.value)
        low_high = [prices(key, country, end) for end in _ends(rate)]
        ends = [amount * r * f for r in low_high for f in ((1.0,) if factor is None else _ends(factor))]
        chain.bill.append(Item(rule.kind, key, stage, usd, min(ends), max(ends), _hours_of(rule, rate.unit)))

    for leg in legs:
        # a price for the voyage is paid once, in halves where the leg is in halves
        share = 1.0 if leg.ends[0] == leg.ends[1] else 0.5
        for key, rule in _holding(rules, lambda rule, leg=leg: _fits_leg(rule, leg)):  # type: ignore[misc]
            by_km = AMOUNTS[scenario.costs[rule.cost].rate.unit].per == "km"
            pay(key, rule, leg.stage, leg, 1.0 if by_km else share)
    for stage, used in hubs.items():
        for key, rule in rules:
            if rule.at is not None and used in rule.at:
                pay(key, rule, stage)
    for key, rule in _holding(rules, lambda rule: rule.during is not None):
        pay(key, rule, -1)


def _hours_of(rule: Rule, unit: str) -> str:
    """Which hours a price or factor is multiplied by; none where its unit has no hour."""
    if AMOUNTS[unit].per != "h":
        return ""
    return WAITING if rule.at is not None else rule.during or TRIP


def _emit(chain: Chain, scenario: Scenario, flow: Flow, legs: list[_Leg], hubs: Mapping[int, str]) -> None:
    rules = [(key, rule) for key, rule in scenario.emissions.items() if _fits(rule, flow)]

    def emit(rule: Emission, mode: str, stage: int, km: float) -> None:
        factor = scenario.emission_factors[rule.factor]
        assert factor.wtw is not None  # noqa: S101  # units were checked
        amount = AMOUNTS[factor.wtw.unit].times(chain.load, km, 1.0)
        ttw = factor.ttw.value if factor.ttw else 0.0
        per = _hours_of(rule, factor.wtw.unit)
        chain.footprint.append(Puff(mode, stage, factor.wtw.value * amount, ttw * amount, per))

    def share_of(rule: Emission) -> float:
        factor = scenario.emission_factors[rule.factor].wtw
        return factor.value if factor is not None and factor.unit == FRACTION else 0.0

    for leg in legs:
        chain.tkm += leg.km * chain.load.t
        holding = [rule for _, rule in _holding(rules, lambda rule, leg=leg: _fits_leg(rule, leg))]  # type: ignore[misc]
        before = len(chain.footprint)
        for rule in holding:
            if not share_of(rule):
                emit(rule, leg.mode, leg.stage, leg.km)
        loaded, empty = chain.footprint[before:], sum(map(share_of, holding))
        if empty:
            chain.footprint += [Puff("empty", p.stage, empty * p.wtw_kg, empty * p.ttw_kg) for p in loaded]
    for stage, used in hubs.items():
        for _, rule in rules:
            if rule.at is not None and used in rule.at:
                is_idling = _hours_of(rule, scenario.emission_factors[rule.factor].wtw.unit)  # type: ignore[union-attr]
                emit(rule, "idling" if is_idling else "hub", stage, 0.0)
    for _, rule in _holding(rules, lambda rule: rule.during is not None):
        emit(rule, "reefer", -1, 0.0)
