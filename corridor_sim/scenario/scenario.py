"""The scenario: everything a run needs to know, validated and resolved."""

import hashlib
import json
from typing import Annotated, Any, Literal, Self

from pydantic import Field, PrivateAttr, WithJsonSchema

from corridor_sim.foundation.errors import Location
from corridor_sim.scenario.base import Model, Text
from corridor_sim.scenario.calendars import Calendar
from corridor_sim.scenario.charges import Charge, Emission
from corridor_sim.scenario.comparison import Comparison
from corridor_sim.scenario.disruptions import Disruption
from corridor_sim.scenario.economics import Cost, EmissionFactor
from corridor_sim.scenario.flows import Flow, MonthProfile
from corridor_sim.scenario.gas import GasSystem
from corridor_sim.scenario.itineraries import Itinerary
from corridor_sim.scenario.lines import SingleTrack
from corridor_sim.scenario.milestones import Milestone
from corridor_sim.scenario.observations import CalibrationTarget
from corridor_sim.scenario.policies.demand_shifts import DemandShift
from corridor_sim.scenario.policies.ice_winters import IceWinter
from corridor_sim.scenario.policies.payments import Payment
from corridor_sim.scenario.policies.price_changes import PriceChange
from corridor_sim.scenario.policies.scarcities import Scarcity
from corridor_sim.scenario.policies.sea_levels import SeaLevel
from corridor_sim.scenario.policies.tariff_cuts import TariffCut
from corridor_sim.scenario.pools import Pool
from corridor_sim.scenario.processes import BorderProcess, Chain, GaugeBreak
from corridor_sim.scenario.quantities import Quantity  # pydantic reads it
from corridor_sim.scenario.resources import BorderPost, Formation, Hold, Queue, Service, TrainPath, TravelClass
from corridor_sim.scenario.route_choice import RouteChoice
from corridor_sim.scenario.run import Demand, Run
from corridor_sim.scenario.upgrades import Upgrade
from corridor_sim.scenario.yaml_dump import to_yaml
from corridor_sim.scenario.yaml_paths import find
from corridor_sim.scenario.yaml_tree import Node

SCHEMA_VERSION = 1
NAME_PATTERN = r"^[a-z0-9][a-z0-9-]*$"


class Scenario(Model):
    """A validated scenario; imports, templates and overrides are already worked in."""

    schema_version: Literal[1]
    """Version of the file format, 1."""

    name: Annotated[str, Field(pattern=NAME_PATTERN)]
    """Short name: small letters, digits and hyphens."""

    title: Text = ""
    """One line that says what the scenario is."""

    description: Text = ""
    """What it assumes and what it is for."""

    run: Run
    """Horizon, warm-up, replications, seed and engine."""

    demand: Demand = Demand()
    """What changes all flows at once."""

    sources: dict[str, Text] = Field(default_factory=dict)
    """Citations, by the name that `source` keys use."""

    milestones: dict[str, Milestone] = Field(default_factory=dict)
    """Dates that other entries name: {milestone: KEY} is the day, {before: KEY} the day before it."""

    flows: dict[str, Flow] = Field(default_factory=dict)
    """Demand: goods from origin to destination, by key; may be absent where there is a gas pipeline."""

    itineraries: dict[str, Itinerary] = Field(default_factory=dict)
    """How the flows travel, by key."""

    chains: dict[str, Chain] = Field(default_factory=dict)
    """Stages that many itineraries share, by key; taken with {chain: KEY, at: NODE}."""

    border_processes: dict[str, BorderProcess] = Field(default_factory=dict)
    """Crossings step by step, by key; itineraries take them with {border: KEY, at: NODE}."""

    gauge_breaks: dict[str, GaugeBreak] = Field(default_factory=dict)
    """Places where the gauge changes, with their technologies, by key; taken with {gauge: KEY, at: NODE}."""

    gas: GasSystem | None = None
    """The gas pipeline beside the corridor."""

    month_profiles: dict[str, MonthProfile] = Field(default_factory=dict)
    """Weights of the months, summing to 1, by key."""

    parcel_profiles: dict[str, MonthProfile] = Field(default_factory=dict)
    """Factors on the load of a consignment by month of release, by key."""

    travel_classes: dict[str, TravelClass] = Field(default_factory=dict)
    """Speeds, by key."""

    holds: dict[str, Hold] = Field(default_factory=dict)
    """Standing times, by key."""

    queues: dict[str, Queue] = Field(default_factory=dict)
    """Places with servers, by key."""

    train_paths: dict[str, TrainPath] = Field(default_factory=dict)
    """Train paths of a section in one direction, by FROM>TO."""

    single_tracks: dict[str, SingleTrack] = Field(default_factory=dict)
    """Sections of one track where trains meet at passing loops, by FROM-TO; they come before train paths."""

    pools: dict[str, Pool] = Field(default_factory=dict)
    """Equipment that comes back, and yards, by key."""

    services: dict[str, Service] = Field(default_factory=dict)
    """Departures with a capacity, by key."""

    formations: dict[str, Formation] = Field(default_factory=dict)
    """Trains and convoys formed of several consignments, by key."""

    calendars: dict[str, Calendar] = Field(default_factory=dict)
    """Opening hours and slack days, by key."""

    disruptions: dict[str, Disruption] = Field(default_factory=dict)
    """Disruptions, dated or drawn, by key."""

    upgrades: dict[str, Upgrade] = Field(default_factory=dict)
    """What works at another pace from a date on, by key."""

    payments: dict[str, Payment] = Field(default_factory=dict)
    """Consignments that wait for their payment before they leave, by key."""

    tariff_cuts: dict[str, TariffCut] = Field(default_factory=dict)
    """Trade agreements and the demand that follows them, by key."""

    demand_shifts: dict[str, DemandShift] = Field(default_factory=dict)
    """More or less demand for a time, by key."""

    price_changes: dict[str, PriceChange] = Field(default_factory=dict)
    """Other prices from a date on: transit fees, insurance, discounts; by key."""

    scarcities: dict[str, Scarcity] = Field(default_factory=dict)
    """Ships, trucks or wagons that are short and dear for a time, by key."""

    sea_levels: dict[str, SeaLevel] = Field(default_factory=dict)
    """What ships load as a sea falls and channels are dredged, by key."""

    ice_winters: dict[str, IceWinter] = Field(default_factory=dict)
    """Ice every winter, of one severity, by key."""

    border_posts: dict[str, BorderPost] = Field(default_factory=dict)
    """Border crossings of the reports, by key."""

    costs: dict[str, Cost] = Field(default_factory=dict)
    """Tariffs and prices, by key."""

    emission_factors: dict[str, EmissionFactor] = Field(default_factory=dict)
    """Emission factors, by key."""

    charges: dict[str, Charge] = Field(default_factory=dict)
    """Where which of `costs` is paid, by key; the order counts."""

    emissions: dict[str, Emission] = Field(default_factory=dict)
    """Where which of `emission_factors` holds, by key; the order counts."""

    route_choice: RouteChoice | None = None
    """Markets that choose among routes; `run` looks for the equilibrium first."""

    calibration: dict[str, CalibrationTarget] = Field(default_factory=dict)
    """Observations to compare a run with, by key."""

    comparison: Annotated[Comparison | None, Field(exclude=True)] = None
    """What `corridor-sim compare` runs and shows; no part of what one run is."""

    trucks_per_unit: Annotated[int, Field(ge=1, le=1000)] = 5
    """Trucks in one truck group, the unit of queues that serve per unit."""

    _tree: Node | None = PrivateAttr(default=None)
    _named_tree: Node | None = PrivateAttr(default=None)
    _file: str = PrivateAttr(default="")
    _applied: tuple[str, ...] = PrivateAttr(default=())

    def __eq__(self, other: object) -> bool:
        """Compare what the scenarios say, not the files they were read from."""
        if not isinstance(other, Scenario):
            return NotImplemented
        left, right = ({k: v for k, v in s.__dict__.items() if k != "comparison"} for s in (self, other))
        return left == right

    __hash__ = None  # type: ignore[assignment]  # holds mappings, so it is no key

    @property
    def file(self) -> str:
        """Path of the file it was read from, as shown to the user."""
        return self._file

    @property
    def tree(self) -> Node:
        """The resolved tree that it was read from."""
        if self._tree is None:
            raise ValueError("a scenario that was not loaded from a file has no resolved view")
        return self._tree

    @property
    def named_tree(self) -> Node:
        """The same tree before milestones and processes were worked in: what can still be changed."""
        return self._named_tree or self.tree

    @property
    def applied(self) -> tuple[str, ...]:
        """What was changed when it was loaded: names of overrides, and ``path=value`` of single changes."""
        return self._applied

    @property
    def digest(self) -> str:
        """SHA-256 of the resolved content in hex: independent of files, formatting and units as written."""
        content = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()

    def locate(self, path: str) -> Location | None:
        """Find where a dotted path such as ``queues.LANE_AST_N.servers`` was written.

        Returns
        -------
        Location or None
            Place of the value, or of its nearest parent that was written; None for a scenario that has no file.
        """
        return find(self._tree, path).node.location if self._tree is not None else None

    def resolved_yaml(self) -> str:
        """Write the scenario as one YAML text, with imports, templates and overrides worked in."""
        entries = {key: node for key, node in self.tree.entries.items() if key != "comparison"}
        return to_yaml(self.tree.with_value(entries))

    def with_warm_up(self, warm_up: Quantity) -> Self:
        """Return the same scenario with another warm-up."""
        return self.model_copy(update={"run": self.run.model_copy(update={"warm_up": warm_up})})

    def came_from(self, tree: Node, file: str, applied: tuple[str, ...] = (), *, named: Node | None = None) -> Self:
        """Remember the resolved tree (also before it was expanded), the file and the changes that were asked for."""
        self._tree, self._file, self._applied, self._named_tree = tree, file, applied, named or tree
        return self


_OVERRIDES_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "description": "Dotted paths and the values they take, such as queues.LANE_AST_N.servers: 6.",
    },
}


class ScenarioFile(Scenario):
    """A scenario as written: with imports, templates and overrides still to be worked in."""

    import_: Annotated[tuple[str, ...], Field(alias="import")] = ()
    """Files that belong to the scenario, relative to this one; nothing may be set in two of them."""

    templates: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """Values that entries take over with `template: NAME`; an entry's own keys win."""

    changes: dict[str, Any] = Field(default_factory=dict)
    """What is changed of the imported files: dotted paths and new values, such as queues.LANE_AST_N.servers: 6."""

    overrides: Annotated[dict[str, dict[str, Any]], WithJsonSchema(_OVERRIDES_SCHEMA)] = Field(default_factory=dict)
    """Named sets of changes by dotted path, chosen with --override NAME."""
