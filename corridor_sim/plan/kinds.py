"""The closed lists of a plan: kinds of stages, bases of durations, causes of time, release patterns, windows."""

from __future__ import annotations

from enum import IntEnum


class StageKind(IntEnum):
    """What a stage does; the rules are those of the model description."""

    HOLD = 0
    TRAVEL = 1
    QUEUE = 2
    SPLIT = 3
    GATHER = 4
    FORM = 5
    SAIL = 6
    SINGLE_TRACK = 7
    TAKE = 8
    GIVE = 9


MOVES = (StageKind.TRAVEL, StageKind.SINGLE_TRACK)
"""Kinds of stages at which something moves."""


OCCUPIED = (StageKind.QUEUE, StageKind.SINGLE_TRACK)
"""Kinds of stages at which consignments take something that others wait for."""


class Basis(IntEnum):
    """What one mean duration is multiplied by to give a consignment's duration."""

    CONSIGNMENT = 0
    TONNE = 1
    TEU = 2
    UNIT = 3
    PATH = 4
    """Train paths: TEU per path for containers, tonnes per path for all else."""


class Cause(IntEnum):
    """Why time passes. Every hour of a trip has exactly one cause."""

    MOVING = 0
    HANDLING = 1
    INSPECTION = 2
    QUEUEING = 3
    CLOSED = 4
    DEPARTURE = 5
    FORMING = 6
    EQUIPMENT = 7
    DOCUMENTS = 8
    DWELL = 9

    @property
    def label(self) -> str:
        """Words for a planner."""
        return _CAUSE_LABELS[self]


_CAUSE_LABELS = {
    Cause.MOVING: "moving",
    Cause.HANDLING: "handling",
    Cause.INSPECTION: "inspection",
    Cause.QUEUEING: "queueing",
    Cause.CLOSED: "closed hours",
    Cause.DEPARTURE: "waiting for a departure",
    Cause.FORMING: "forming a train or lot",
    Cause.EQUIPMENT: "waiting for wagons",
    Cause.DOCUMENTS: "documents",
    Cause.DWELL: "port dwell",
}


class ReleasePattern(IntEnum):
    """How a flow's consignments are spread over the time its month profile gives them."""

    EVEN = 0
    POISSON = 1
    TIMETABLE = 2


class Occurrence(IntEnum):
    """How the events of a drawn disruption fall in its windows."""

    POISSON = 0
    """A Poisson number of events in each window, at the yearly rate spread over the windows of a year."""
    ONCE = 1
    """Exactly one event in each window."""


TRAIN_PATH = "train path"
"""Kind of the places that are train paths."""
