"""What a scenario compares: itself, or one of its named overrides, with others of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from corridor_sim.foundation.errors import nearest
from corridor_sim.scenario.base import Model, NonEmptyText, Text

if TYPE_CHECKING:
    from corridor_sim.foundation.errors import ProblemList
    from corridor_sim.scenario.yaml_tree import Node


class Comparison(Model):
    """Cases that `corridor-sim compare SCENARIO` runs on the same random numbers."""

    question: Text = ""
    """What it answers, in words."""

    reference: NonEmptyText | None = None
    """Named override that the others are compared with; the scenario as it stands when absent."""

    cases: Annotated[tuple[NonEmptyText, ...], Field(min_length=1)]
    """Named overrides that are compared with it."""

    subjects: tuple[NonEmptyText, ...] = ()
    """What is shown first, such as route:west_truck_gap, flow:WG01 or place:LANE_AST_N; all cargo when absent."""


def check_comparison(tree: Node, problems: ProblemList) -> None:
    """Check that the cases of a comparison are named overrides, before those are worked in."""
    section = tree.entries.get("comparison")
    overrides = tree.entries["overrides"].entries if "overrides" in tree.entries else {}
    if section is None:
        return
    cases = section.entries.get("cases")
    named = {"reference": section.entries.get("reference")}
    if cases is not None and isinstance(cases.value, list):
        named |= {f"cases.{k}": node for k, node in enumerate(cases.value)}
    for path, node in named.items():
        if node is not None and isinstance(node.value, str) and node.value not in overrides:
            hint = nearest(node.value, overrides) or f"overrides are {', '.join(overrides) or 'none'}"
            message = f"no override named '{node.value}'"
            problems.add(f"comparison.{path}", message, location=node.location, hint=hint)
