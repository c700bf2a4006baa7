"""What an engine is: a function from a plan and its drawn lanes to their events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from corridor_sim.foundation.errors import Problem, UnsupportedFeatureError

if TYPE_CHECKING:
    from corridor_sim.foundation.arena import Arena
    from corridor_sim.plan.kinds import StageKind
    from corridor_sim.plan.lanes import Lanes
    from corridor_sim.plan.plan import Plan
    from corridor_sim.results.events import Events


class Engine(Protocol):
    """An engine; stateless, so one object may serve many runs."""

    name: str
    supported: frozenset[StageKind]

    runs_lanes_together: bool
    """Whether several lanes at once take less time than one after the other."""

    def run(self, plan: Plan, lanes: Lanes, arena: Arena | None = None) -> Events:
        """Run lanes to the end of the horizon; see the vectorised engine for the arena."""
        ...


def refuse_unsupported(engine: Engine, plan: Plan) -> None:
    """Refuse a plan before the run when the engine lacks a kind of stage.

    Raises
    ------
    UnsupportedFeatureError
        Naming every kind that is missing and the first stage that needs it.
    """
    problems = []
    for kind in sorted(plan.stage_kinds() - engine.supported):
        first = plan.stages.kind.tolist().index(int(kind))
        problems.append(
            Problem(
                plan.stages.id[first],
                f"the engine '{engine.name}' has no stage '{kind.name.lower()}'",
                hint="choose another engine with --engine",
            )
        )
    if problems:
        raise UnsupportedFeatureError(problems)
