"""Cases: the points of a sweep, each with the changes of the base scenario that it means and an id of its content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from corridor_sim.foundation.shipped import PACKAGE_DIR, data_dir
from corridor_sim.plan.plan import PLAN_VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridor_sim.scenario.variants import Variants
    from corridor_sim.sweep.designs import Row
    from corridor_sim.sweep.parameters import Value, Varied

NUMBERS_COME_FROM = ("foundation", "network", "scenario", "plan", "compiler", "engines", "results/reductions")
"""Parts of the package that the numbers of a run depend on."""
BESIDE = ("blocks.py", "analysis/chains.py", "analysis/money_and_carbon.py")
"""Files outside of them that numbers depend on, too."""
ID_LENGTH = 16


@dataclass(frozen=True)
class Case:
    """One point of a sweep."""

    number: int
    """From 0, in the order of the design."""
    id: str
    """Digest of the resolved scenario, the seed and the version of the model."""
    values: Mapping[str, Value]
    """Value of every parameter; of options, the label."""
    changes: Mapping[str, object]
    """What is changed of the base, by dotted path."""
    seed: int
    point: tuple[float, ...] = ()
    """Of a drawn design: where it lies in the unit cube, parameter by parameter."""


@cache
def model_version() -> str:
    """Version of everything that numbers depend on: raised by hand for plans, by content for code and geodata."""
    digest = hashlib.sha256()
    folders = [PACKAGE_DIR / part for part in NUMBERS_COME_FROM]
    files = [file for folder in folders for file in folder.rglob("*.py")] + [PACKAGE_DIR / name for name in BESIDE]
    for file in [*sorted(files), *sorted(data_dir("geodata").glob("*.geojson"))]:
        digest.update(file.name.encode() + file.read_bytes())
    return f"plan {PLAN_VERSION}, code {digest.hexdigest()[:12]}"


def case_id(scenario_digest: str, seed: int) -> str:
    """Id of a case."""
    text = f"{scenario_digest} {seed} {model_version()}"
    return hashlib.sha256(text.encode()).hexdigest()[:ID_LENGTH]


def make_case(number: int, row: Row, parameters: Sequence[Varied], variants: Variants, seed: int | None) -> Case:
    """Make a case of the values of its parameters.

    Parameters
    ----------
    number
        Its place in the design.
    row
        One value per parameter, and its place in a drawn design.
    parameters, variants
        Of the sweep.
    seed
        Seed of its draws; None for one of its own, made of the base's seed and its number.
    """
    changes: dict[str, object] = {}
    for parameter, value in zip(parameters, row.values, strict=True):
        changes |= parameter.changes(value, variants.base.named_tree, changes)
    variant = variants.make(changes, check=False)
    values = {p.id: value for p, value in zip(parameters, row.values, strict=True)}
    if seed is None:
        seed = own_seed(variants.base.run.seed, number)
    return Case(number, case_id(variant.digest, seed), values, changes, seed, row.point)


def own_seed(seed: int, number: int) -> int:
    """Seed of one case where cases do not share their random numbers."""
    digest = hashlib.blake2b(f"{seed}\x1fcase {number}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1
