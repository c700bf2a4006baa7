"""Parameters of a sweep made ready: levels or a distribution, and the changes of the scenario that a value means."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor_sim.foundation.units import split_quantity
from corridor_sim.scenario.yaml_paths import find
from corridor_sim.scenario.yaml_tree import Node, Source, from_python, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from corridor_sim.sweep.file import Levels, Parameter, Spread

    Floats = npt.NDArray[np.float64]

Value = int | float | str | bool
HERE = Source("the sweep", has_lines=False)
UNSCALED = ("cv", "range", "grade", "source", "note", "unit", "from", "until", "value_usd_per_t")
"""Keys of a value's mapping that a factor leaves as they are."""


@dataclass(frozen=True)
class Varied:
    """A parameter with its values worked out.

    Attributes
    ----------
    levels
        Its values in order (of options: the labels); empty when it has a distribution.
    spread
        Its distribution, or None.
    options
        Changes by label, for a parameter that is a choice among sets of changes.
    """

    id: str
    name: str
    paths: tuple[str, ...]
    unit: str
    scale: bool
    levels: tuple[Value, ...]
    spread: Spread | None = None
    options: Mapping[str, Mapping[str, object]] | None = None

    @property
    def is_numeric(self) -> bool:
        """Whether its values are numbers, so that they can stand on an axis."""
        return self.spread is not None or all(
            isinstance(v, int | float) and not isinstance(v, bool) for v in self.levels
        )

    def changes(self, value: Value, tree: Node, before: Mapping[str, object] | None = None) -> dict[str, object]:
        """Return the changes of the base scenario that a value means.

        Parameters
        ----------
        value
            One of its values.
        tree
            Of the base.
        before
            Changes that other parameters make: two factors on one path multiply.

        Raises
        ------
        ValueError
            When the number that should be scaled is none.
        """
        if self.options is not None:
            return dict(self.options[str(value)])
        if self.scale:
            made = before or {}
            nodes = {p: from_python(made[p], HERE) if p in made else find(tree, p).node for p in self.paths}
            return {path: scaled(node, float(value)) for path, node in nodes.items()}
        written: object = f"{value} {self.unit}" if self.unit else value
        return dict.fromkeys(self.paths, written)

    def at(self, fraction: float) -> Value:
        """Return the value below which a fraction of the parameter's distribution lies; of levels, all count alike."""
        if self.spread is None:
            return self.levels[min(int(fraction * len(self.levels)), len(self.levels) - 1)]
        return quantile(self.spread, fraction)


def varied(name: str, model: Parameter, options: Mapping[str, Mapping[str, object]] | None) -> Varied:
    """Work out a parameter; of options, their changes are given."""
    paths = (model.path,) if model.path else (model.paths or ())
    levels: tuple[Value, ...] = ()
    if model.values is not None:
        levels = model.values
    elif model.range is not None:
        levels = _spaced(model.range)
    elif options is not None:
        levels = tuple(options)
    return Varied(
        name, str(model.name) or name.replace("_", " "), paths, str(model.unit), model.scale, levels,
        model.distribution, options,
    )  # fmt: skip


def _spaced(levels: Levels) -> tuple[Value, ...]:
    """Equally spaced values, free of rounding in the last digits; whole numbers where all are."""
    values: Floats
    if levels.n is not None:
        values = np.asarray(np.linspace(levels.from_, levels.to, levels.n), dtype=np.float64)
    else:
        assert levels.step is not None  # noqa: S101  # one of both is given
        n = math.floor((levels.to - levels.from_) / levels.step + 1e-9)
        values = np.asarray(levels.from_ + levels.step * np.arange(n + 1), dtype=np.float64)
    rounded = [float(f"{v:.12g}") for v in values]
    return tuple(int(v) for v in rounded) if all(v == int(v) for v in rounded) else tuple(rounded)


def quantile(spread: Spread, u: float) -> Value:
    """Inverse of a distribution function, u from 0 to 1."""
    if spread.uniform is not None:
        low, high = spread.uniform
        return low + u * (high - low)
    if spread.loguniform is not None:
        low, high = spread.loguniform
        return float(low * (high / low) ** u)
    if spread.integers is not None:
        first, last = spread.integers
        return min(first + int(u * (last - first + 1)), last)
    assert spread.triangular is not None  # noqa: S101  # one of them is given
    low, mode, high = spread.triangular
    rising = (mode - low) / (high - low)
    if u <= rising:
        return low + math.sqrt(u * (high - low) * (mode - low))
    return high - math.sqrt((1 - u) * (high - low) * (high - mode))


def scaled(node: Node, factor: float) -> Any:
    """Return the value of a node times a factor: a number, with or without unit, a mapping or a distribution.

    Raises
    ------
    ValueError
        When there is no number in it.
    """
    value = node.value
    if isinstance(value, bool) or value is None:
        raise ValueError("holds no number to scale")
    if isinstance(value, int | float):
        return value * factor
    if isinstance(value, str):
        number, unit = split_quantity(value)
        return f"{number * factor!r} {unit}".strip()
    if isinstance(value, list):
        raise ValueError("is a list, name the number inside it")  # noqa: TRY004  # the value is wrong, not the call
    kept = {key: child for key, child in value.items() if key != "range"}  # it may not hold the new number
    return {key: plain(child) if key in UNSCALED else scaled(child, factor) for key, child in kept.items()}
