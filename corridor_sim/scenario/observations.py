"""Calibration targets: what was observed, and the measure of a run that it is compared with."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from corridor_sim.foundation.time_axis import MONTHS
from corridor_sim.scenario.base import Found, Model, NonEmptyText, Sourced, Text, bad_value, check_exactly_one
from corridor_sim.scenario.periods import UtcTime

Month = Literal["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTHS_SCHEMA = {
    "anyOf": [
        {"type": "array", "items": {"enum": list(MONTHS)}},
        {
            "type": "object",
            "properties": {month: {"type": "number", "minimum": 0} for month in MONTHS},
            "additionalProperties": False,
        },
    ]
}


def _month_weights(raw: Any) -> Any:
    """Turn a list of months into weights of 1."""
    if isinstance(raw, list | tuple) and all(isinstance(month, str) for month in raw):
        return dict.fromkeys(raw, 1.0)
    return raw


def _listed(raw: Any) -> Any:
    """Turn one text into a list of one."""
    return [raw] if isinstance(raw, str) else raw


MonthWeights = Annotated[
    dict[Month, Annotated[float, Field(ge=0, allow_inf_nan=False)]],
    BeforeValidator(_month_weights),
    WithJsonSchema(_MONTHS_SCHEMA),
]
"""Months that count, with the part of each (1: all of it)."""
Texts = Annotated[
    tuple[NonEmptyText, ...],
    Field(min_length=1),
    BeforeValidator(_listed),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}),
]


class ItineraryWindow(Model):
    """A stretch of an itinerary, or all of it."""

    itinerary: NonEmptyText
    """Key of `itineraries`."""

    from_: Annotated[NonEmptyText | None, Field(alias="from")] = None
    """Node: the window starts with the first run that leaves it; the origin when absent."""

    to: NonEmptyText | None = None
    """Node: the window ends with the run that arrives at it; the destination when absent."""

    include_stops: bool = False
    """Whether the stages at `from` before that run count as well."""


class DwellAt(Model):
    """Time spent at some nodes by an itinerary."""

    itinerary: NonEmptyText
    """Key of `itineraries`."""

    nodes: Texts
    """Nodes at which the time counts."""


class MeanDwell(Model):
    """Mean of several dwell times."""

    of: Annotated[tuple[DwellAt, ...], Field(min_length=1)]
    """The dwell times."""


class WinterDwell(Model):
    """Time in a queue in the worst of some months, and in a hold beside it."""

    queue: NonEmptyText
    """Key of `queues`."""

    hold: NonEmptyText | None = None
    """Key of `holds` that is added; none when absent."""

    months: MonthWeights
    """Months that count, by the time of leaving the queue; the one with the longest mean rules."""


class FlowSelection(Model):
    """Flows that fit all conditions given."""

    route: Texts | None = None
    """Route families."""

    counts_in: Texts | None = None
    """Volumes counted in: i, ii, iii."""

    direction: Literal["south", "north"] | None = None
    """Direction of the flow."""

    flow: Texts | None = None
    """Keys of `flows`."""


class FlowVolume(Model):
    """Volume of some flows in a year or some months."""

    where: FlowSelection = FlowSelection()
    """Which flows; all when absent."""

    months: MonthWeights | None = None
    """Months that count; the whole year when absent."""


class QueueVolume(Model):
    """What passes some queues in a year or some months."""

    queues: Texts
    """Keys of `queues`."""

    months: MonthWeights | None = None
    """Months that count; the whole year when absent."""


class QueueCapacity(Model):
    """What some queues can handle."""

    queues: Texts
    """Keys of `queues`."""

    on: UtcTime | None = None
    """Date whose servers count; the start of counting when absent."""


class Tariff(Model):
    """A tariff applied to a quantity."""

    cost: NonEmptyText
    """Key of `costs`."""

    quantity: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    """How many of the tariff's unit are paid."""


class Measure(Model):
    """What a run is measured by; exactly one of these."""

    time_d: ItineraryWindow | None = None
    """Time over a stretch, d."""

    speed_km_per_d: ItineraryWindow | None = None
    """Distance by time with stops over a stretch, km/d."""

    speed_km_per_h: ItineraryWindow | None = None
    """Distance by time with stops over a stretch, km/h."""

    moving_km_per_h: ItineraryWindow | None = None
    """Distance by time in motion over a stretch, km/h."""

    dwell_h: DwellAt | None = None
    """Time at nodes, h."""

    mean_dwell_h: MeanDwell | None = None
    """Mean of several times at nodes, h."""

    winter_dwell_h: WinterDwell | None = None
    """Time in a queue and a hold in some months, h."""

    flow_mt: FlowVolume | None = None
    """Volume of flows, Mt."""

    flow_kteu: FlowVolume | None = None
    """Containers of flows, thousand TEU."""

    through_mt: QueueVolume | None = None
    """Volume through queues, Mt."""

    trucks_per_d: QueueVolume | None = None
    """Trucks through queues, 1/d."""

    truck_capacity_per_d: QueueCapacity | None = None
    """Trucks that the queues can handle, 1/d."""

    load_per_truck_t: QueueVolume | None = None
    """Mean load of the trucks through queues, t."""

    tariff_usd: Tariff | None = None
    """A tariff, USD."""

    @property
    def kind(self) -> str:
        """Name of the measure given."""
        return next(name for name in type(self).model_fields if getattr(self, name) is not None)

    @property
    def of(self) -> Model:
        """The measure's own model."""
        found: Model = getattr(self, self.kind)
        return found

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_exactly_one({name: getattr(self, name) for name in type(self).model_fields}, what="measure")
        return self


class CalibrationTarget(Sourced):
    """One observation with its range, and what of a run it is compared with."""

    quantity: Text
    """What was observed."""

    where: Text | None = None
    """Where."""

    measure: Measure
    """What of a run it is compared with."""

    low: Annotated[float, Field(allow_inf_nan=False)]
    """Lower end of the observed range, in `unit`."""

    mid: Annotated[float | None, Field(allow_inf_nan=False)] = None
    """Observed or most likely value, in `unit`."""

    high: Annotated[float, Field(allow_inf_nan=False)]
    """Upper end of the observed range, in `unit`."""

    unit: Text
    """Unit of low, mid and high."""

    period: Text | None = None
    """When it was observed."""

    statistic: Literal["median", "mean"] = "median"
    """What of the simulated values is compared: the median, or the mean where a mean was observed."""

    set: Literal["calibration", "crosscheck"] = "calibration"
    """calibration counts; crosscheck is printed only."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        values = [self.low, self.high] if self.mid is None else [self.low, self.mid, self.high]
        if values != sorted(values):
            text = " <= ".join(f"{value:g}" for value in values)
            raise bad_value([Found((), f"low <= mid <= high does not hold: {text}")])
        return self
