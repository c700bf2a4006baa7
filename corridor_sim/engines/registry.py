"""Engines by name. Each is imported when asked for, so that choosing one does not load the others."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from corridor_sim.foundation.errors import Problem, UnsupportedFeatureError, nearest

if TYPE_CHECKING:
    from corridor_sim.engines.protocol import Engine

ENGINES = {
    "des": "corridor_sim.engines.discrete_event.engine:DiscreteEventEngine",
    "vector": "corridor_sim.engines.vectorised.engine:VectorisedEngine",
}
HELD_TO_ONE_WAY = {
    "vector-rounds": "corridor_sim.engines.vectorised.engine:InRounds",
    "vector-events": "corridor_sim.engines.vectorised.engine:ByEvents",
}
"""The vectorised engine without its choice of how to compute a cyclic part: to compare and to check both."""
DEFAULT_ENGINE = "vector"
"""What ``auto`` picks."""


def get_engine(name: str) -> Engine:
    """Return an engine by its name, or the default one for ``auto``.

    Raises
    ------
    UnsupportedFeatureError
        When there is no such engine.
    """
    chosen = DEFAULT_ENGINE if name == "auto" else name
    known = ENGINES | HELD_TO_ONE_WAY
    if chosen not in known:
        valid = ["auto", *known]
        raise UnsupportedFeatureError(
            [
                Problem(
                    "engine",
                    f"there is no engine '{name}', expected one of {', '.join(valid)}",
                    hint=nearest(name, valid),
                )
            ]
        )
    module, attribute = known[chosen].split(":")
    return cast("Engine", getattr(import_module(module), attribute)())
