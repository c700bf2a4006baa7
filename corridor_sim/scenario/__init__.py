"""YAML to Scenario: models, loading, imports and overrides, provenance, schema export, cross-checks."""

from __future__ import annotations

from corridor_sim.scenario.calendars import Calendar, CalendarFactor
from corridor_sim.scenario.disruptions import Disruption, DisruptionTarget
from corridor_sim.scenario.distributions import Distribution
from corridor_sim.scenario.economics import Cost, EmissionFactor
from corridor_sim.scenario.flows import ConsignmentSize, Flow, MonthProfile, Release, Timetable
from corridor_sim.scenario.imports import find_scenario, shipped_scenarios
from corridor_sim.scenario.itineraries import (
    FormStage,
    GatherStage,
    GiveStage,
    HoldStage,
    Itinerary,
    QueueStage,
    SailStage,
    SplitStage,
    Stage,
    TakeStage,
    TravelStage,
)
from corridor_sim.scenario.lines import SingleTrack
from corridor_sim.scenario.load import load_cases, load_scenario
from corridor_sim.scenario.observations import CalibrationTarget, Measure
from corridor_sim.scenario.periods import Period, WeeklyHours
from corridor_sim.scenario.pools import Pool, PoolBase
from corridor_sim.scenario.quantities import Quantity
from corridor_sim.scenario.resources import (
    BorderPost,
    Formation,
    Hold,
    Queue,
    ServerGroup,
    Service,
    TrainPath,
    TravelClass,
)
from corridor_sim.scenario.run import Demand, Run
from corridor_sim.scenario.scenario import Scenario

__all__ = [
    "BorderPost",
    "Calendar",
    "CalendarFactor",
    "CalibrationTarget",
    "ConsignmentSize",
    "Cost",
    "Demand",
    "Disruption",
    "DisruptionTarget",
    "Distribution",
    "EmissionFactor",
    "Flow",
    "FormStage",
    "Formation",
    "GatherStage",
    "GiveStage",
    "Hold",
    "HoldStage",
    "Itinerary",
    "Measure",
    "MonthProfile",
    "Period",
    "Pool",
    "PoolBase",
    "Quantity",
    "Queue",
    "QueueStage",
    "Release",
    "Run",
    "SailStage",
    "Scenario",
    "ServerGroup",
    "Service",
    "SingleTrack",
    "SplitStage",
    "Stage",
    "TakeStage",
    "Timetable",
    "TrainPath",
    "TravelClass",
    "TravelStage",
    "WeeklyHours",
    "find_scenario",
    "load_cases",
    "load_scenario",
    "shipped_scenarios",
]
