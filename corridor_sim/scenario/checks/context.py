"""What the cross-checks work on: the scenario as far as it could be read, and where to report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corridor_sim.foundation.errors import ProblemList, nearest
from corridor_sim.scenario.yaml_paths import Step, dotted, follow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import ValidationError

    from corridor_sim.scenario.run import Run
    from corridor_sim.scenario.scenario import Scenario
    from corridor_sim.scenario.yaml_tree import Node

_NOUNS = {
    "flows": "flow",
    "itineraries": "itinerary",
    "month_profiles": "month profile",
    "parcel_profiles": "parcel profile",
    "travel_classes": "travel class",
    "holds": "hold",
    "queues": "queue",
    "train_paths": "train path",
    "single_tracks": "single track",
    "pools": "pool",
    "services": "service",
    "formations": "formation",
    "calendars": "calendar",
    "costs": "cost",
    "emission_factors": "emission factor",
    "charges": "charge",
    "disruptions": "disruption",
}


@dataclass
class Context:
    """A scenario under check; entries that could not be read are left out of it but keep their ids."""

    tree: Node
    problems: ProblemList
    scenario: Scenario | None
    broken: set[tuple[str, str]] = field(default_factory=set)
    """(section, id) of entries that could not be read."""
    uncertain: set[str] = field(default_factory=set)
    """Sections of which part may be missing for a reason already reported: nothing is said of ids not found there."""
    complete: bool = True
    """Whether every imported file could be read: otherwise what is missing may stand there."""
    missing: dict[tuple[str, str], list[tuple[Step, ...]]] = field(default_factory=dict)
    """Where ids that do not exist are named, by (section, id)."""

    @property
    def valid(self) -> Scenario:
        """The scenario, or what is valid of it."""
        assert self.scenario is not None  # noqa: S101 - set before the checks run
        return self.scenario

    @property
    def run(self) -> Run | None:
        """The run section; None when it could not be read."""
        return self.valid.run

    def mark_broken(self, error: ValidationError, sections: Sequence[str]) -> None:
        """Note which entries a validation error touches, and which sections it leaves uncertain."""
        for item in error.errors(include_url=False, include_context=False, include_input=False):
            loc = item["loc"]
            if loc and loc[0] in sections:
                if len(loc) > 1:
                    self.broken.add((str(loc[0]), str(loc[1])))
                elif item["type"] != "missing":
                    self.uncertain.add(str(loc[0]))

    def ids(self, section: str) -> list[str]:
        """List the ids of a section, with those of entries that could not be read."""
        node = self.tree.entries.get(section)
        return [key for key in node.entries if not key.startswith("x-")] if node is not None else []

    def report(self, steps: Sequence[Step], message: str, hint: str = "") -> None:
        """Note a problem at a path, placed at its deepest part that was written."""
        node, _ = follow(self.tree, steps)
        self.problems.add(dotted(steps), message, location=node.location, hint=hint)

    def report_entry(self, steps: Sequence[Step], message: str, hint: str = "") -> None:
        """Note a problem of a whole entry, placed at its key."""
        node, _ = follow(self.tree, steps)
        self.problems.add(dotted(steps), message, location=node.key_location, hint=hint)

    def refer(self, steps: Sequence[Step], section: str, name: str | None) -> bool:
        """Check that an id exists in a section; absent references are fine.

        Returns
        -------
        bool
            Whether it exists (or is absent).
        """
        if name is None:
            return True
        ids = self.ids(section)
        if name in ids:
            return True
        if section not in self.uncertain:
            self.missing.setdefault((section, name), []).append(tuple(steps))
        return False

    def report_missing(self) -> None:
        """Note each id that does not exist once, at the first place that names it."""
        for (section, name), (first, *_) in self.missing.items():
            message = f"no {_NOUNS[section]} '{name}'"
            # what several itineraries took over from one process stands in one place
            written = dict.fromkeys(str(follow(self.tree, steps)[0].location) for steps in self.missing[section, name])
            others = list(written)[1:]
            if others:
                places = others[:3]
                more = f" and {len(others) - 3} more places" if len(others) > 3 else ""
                message += f" (named also in {', '.join(places)}{more})"
            self.report(first, message, self._hint(name, self.ids(section), section))
        self.missing.clear()

    def _hint(self, name: str, ids: Sequence[str], section: str) -> str:
        near = nearest(name, ids)
        if near:
            return near
        if not ids:
            return f"the scenario has no {section}"
        return f"{section} are {', '.join(ids[:8])}{', ...' if len(ids) > 8 else ''}"
