"""Single-track lines: both directions on one track, trains meet at passing loops."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from corridor_sim.scenario.base import Found, Sourced, bad_value, check_exactly_one
from corridor_sim.scenario.quantities import LengthQ, PositiveTimeQ, Quantity, ReservedQ, SpeedQ, TimeQ


class SingleTrack(Sourced):
    """A section of one track between two stations; the key is FROM-TO.

    Stations at its ends take any number of trains. A train that comes to a loop has a track kept for it there before it
    enters the stretch that leads to it, and of one direction a loop takes one train less than it has tracks.
    """

    meets: bool = True
    """Whether trains of both directions share the track and meet at its loops; else they run on the directed train
    paths of the section."""

    loop_every: LengthQ | None = None
    """Distance between passing loops, km; they are spread evenly."""

    loops_at: Annotated[tuple[LengthQ, ...], Field(min_length=1)] | None = None
    """Places of the passing loops, km from FROM; instead of `loop_every`."""

    loop_tracks: Annotated[int, Field(ge=2, le=20)] = 2
    """Tracks of a loop, the running track included."""

    run_speed: SpeedQ
    """Mean speed of a train between two loops, from FROM to TO, km/h."""

    run_speed_back: SpeedQ | None = None
    """The same from TO to FROM, km/h; as `run_speed` when absent."""

    headway: PositiveTimeQ
    """Shortest time between two trains that follow each other into a stretch, h."""

    working: TimeQ
    """Time from when a train has left a stretch until one the other way may enter it, h."""

    reserved: ReservedQ = Quantity(0.0, "fraction")
    """Share of the track's time that traffic outside the flows takes, 0 to below 1."""

    calendar: str | None = None
    """Key of `calendars`: when trains may enter; works and slack days; always when absent."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_exactly_one({"loop_every": self.loop_every, "loops_at": self.loops_at}, what="passing loops of the line")
        if self.loop_every is not None and self.loop_every.value <= 0:
            raise bad_value([Found(("loop_every",), "the distance between loops must be above 0")])
        return self
