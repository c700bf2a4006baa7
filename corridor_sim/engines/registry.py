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
    if chosen not in ENGINES:
        valid = ["auto", *ENGINES]
        raise UnsupportedFeatureError(
            [
                Problem(
                    "engine",
                    f"there is no engine '{name}', expected one of {', '.join(valid)}",
                    hint=nearest(name, valid),
                )
            ]
        )
    module, attribute = ENGINES[chosen].split(":")
    return cast("Engine", getattr(import_module(module), attribute)())
