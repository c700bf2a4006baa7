"""Steps that many itineraries share, as chains, border posts and gauge breaks, worked in where one names them.

A border process is what happens at a crossing, step by step, on both sides: parking, documents, customs, checks of a
share of the consignments, weighing, release; lanes by kind. A gauge break is a choice of technologies, each with steps
of its own. Where consignments go different ways, an itinerary becomes several, with parts of its share.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from corridor_sim.foundation.errors import nearest
from corridor_sim.scenario.base import BadValueError, NonEmptyText, Sourced
from corridor_sim.scenario.itineraries import Stage
from corridor_sim.scenario.quantities import Dimension
from corridor_sim.scenario.yaml_tree import Node, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corridor_sim.foundation.errors import ProblemList

Steps = Annotated[tuple[Stage, ...], Field(min_length=1)]
TechnologyKind = Literal["wagon to wagon", "wagon to truck", "container lift", "bogie exchange"]

BOXES, ANYTHING = "containers", "any"
"""Words of `cargo`: consignments in containers, all consignments."""
VARIANT = "--"
"""Stands between the id of an itinerary and what tells its variant apart."""
CHAINS = {"border": ("border_processes", "border process"), "chain": ("chains", "chain")}
"""Section of what a stage names, and what it is called, by the key of the stage."""
MOST_VARIANTS = 32
"""Most itineraries that one may become."""


class Chain(Sourced):
    """Steps in order, written once for many itineraries, which take them with {chain: KEY, at: NODE}."""

    name: NonEmptyText
    """What it is, in words."""

    steps: Steps
    """Stages in order."""


class BorderProcess(Sourced):
    """Steps of a crossing in one direction, in order; an itinerary takes them with {border: KEY, at: NODE}."""

    name: NonEmptyText
    """What it is, in words."""

    steps: Steps
    """Stages on both sides; `share` on a queue or hold: for this share of the consignments only, `lane`: for a lane."""


class Technology(Sourced):
    """One way to get cargo over a break of gauge."""

    kind: TechnologyKind
    """What is moved: the load from wagon to wagon or to trucks, the container, or the wagon's body."""

    cargo: Annotated[tuple[NonEmptyText, ...], Field(min_length=1)]
    """Which cargo may use it: commodities of flows, `containers` (whatever is in them), or `any`."""

    cost: NonEmptyText | None = None
    """Key of `costs`: what it charges."""

    steps: Steps
    """Stages: queues with resources and rates of its own, wagons taken and given back."""


class GaugeBreak(Sourced):
    """A place where the gauge changes, and the technologies there; itineraries take it with {gauge: KEY, at: NODE}."""

    name: NonEmptyText
    """What it is, in words."""

    technologies: Annotated[dict[str, Technology], Field(min_length=1)]
    """By key; an itinerary that chooses none takes the first that its cargo may use."""


@dataclass(frozen=True)
class _Way:
    """One of the ways that consignments of an itinerary go."""

    share: float = 1.0
    marks: tuple[str, ...] = ()
    steps: tuple[Node, ...] = ()


def expand_processes(tree: Node, problems: ProblemList) -> Node:
    """Put the steps of border processes and gauge breaks where itineraries name them.

    Parameters
    ----------
    tree
        The scenario, with templates, overrides and milestones worked in.
    problems
        Takes what is named and does not exist, and cargo that a technology does not take.
    """
    itineraries = tree.entries.get("itineraries")
    if itineraries is None or not itineraries.entries:
        return tree
    made: dict[str, Node] = {}
    for key, entry in itineraries.entries.items():
        made |= _Itinerary(tree, key, entry, problems).expanded()
    return tree.with_value({**tree.entries, "itineraries": itineraries.with_value(made)})


class _Itinerary:
    """One itinerary on its way to plain stages."""

    def __init__(self, tree: Node, key: str, entry: Node, problems: ProblemList) -> None:
        self._tree, self._key, self._entry, self._problems = tree, key, entry, problems
        flow = entry.entries.get("flow")
        flows = tree.entries.get("flows")
        found = flows.entries.get(str(flow.value)) if flow is not None and flows is not None else None
        self._flow: dict[str, Any] = plain(found) if found is not None and found.entries else {}

    def expanded(self) -> dict[str, Node]:
        """Return the itineraries that it becomes: itself, where nothing is to be worked in."""
        stages = self._entry.entries.get("stages")
        if stages is None or not isinstance(stages.value, list) or not any(map(_is_special, stages.value)):
            return {self._key: self._entry}
        options = [self._options(stage, f"stages.{k}") for k, stage in enumerate(stages.value)]
        n_ways = 1
        for option in options:
            n_ways *= len(option)
        if n_ways > MOST_VARIANTS:
            text = f"goes {n_ways} different ways, expected {MOST_VARIANTS} at most: fewer shares"
            self._report("stages", text, self._entry)
            return {}
        ways = [_joined(chosen) for chosen in product(*options)]
        return {self._name(way): self._made(way, stages) for way in ways}

    def _name(self, way: _Way) -> str:
        return VARIANT.join((self._key, *way.marks))

    def _made(self, way: _Way, stages: Node) -> Node:
        entries = {**self._entry.entries, "stages": stages.with_value(list(way.steps))}
        if way.share < 1.0:
            entries["share"] = self._times(self._entry.entries.get("share"), way.share)
        return self._entry.with_value(entries)

    def _times(self, share: Node | None, factor: float) -> Node:
        """Multiply the itinerary's share; one that cannot be read stays, validation says why."""
        if share is None:
            return Node(factor, self._entry.source, self._entry.line, self._entry.column)
        try:
            value = Dimension("fraction").read(plain(share)).value
        except BadValueError:
            return share
        return share.with_value(value * factor)

    def _options(self, stage: Node, path: str) -> list[_Way]:
        """Return the ways through one stage as it is written."""
        for word in CHAINS:
            if word in stage.entries:
                return self._through_chain(stage, word, path)
        if "gauge" in stage.entries:
            return self._through_gauge(stage, path)
        return [_Way(steps=(stage,))] if not _has_choice(stage) else self._through((stage,), path, lane=None)

    def _through_chain(self, stage: Node, word: str, path: str) -> list[_Way]:
        entry = self._entry_of(stage, word, self._tree.entries.get(CHAINS[word][0]), path)
        if entry is None:
            return [_Way()]
        steps = _list_of(entry.entries.get("steps"))
        lanes = [str(s.entries["lane"].value) for s in steps if "lane" in s.entries]
        own = stage.entries.get("lane")
        if own is not None and own.value not in lanes:
            hint = nearest(str(own.value), lanes) or f"lanes are {', '.join(dict.fromkeys(lanes)) or 'none'}"
            self._report(f"{path}.lane", f"no lane '{own.value}' there", own, hint)
        self._check_at(stage, steps, path)
        asked = own.value if own is not None else self._flow.get("lane")
        return self._through(steps, path, lane=asked if asked in lanes else lanes[0] if lanes else None)

    def _through_gauge(self, stage: Node, path: str) -> list[_Way]:
        section = self._tree.entries.get("gauge_breaks")
        entry = self._entry_of(stage, "gauge", section, path)
        known = entry.entries["technologies"].entries if entry is not None and "technologies" in entry.entries else {}
        ways: list[_Way] = []
        shares = list(self._chosen(stage, known, path))
        for name, share in shares:
            steps = _list_of(known[name].entries.get("steps"))
            self._check_at(stage, steps, path)
            mark = (name,) if len(shares) > 1 else ()
            ways += [_Way(share * w.share, (*mark, *w.marks), w.steps) for w in self._through(steps, path, lane=None)]
        return ways or [_Way()]

    def _chosen(self, stage: Node, known: dict[str, Node], path: str) -> Iterator[tuple[str, float]]:
        """Yield the technologies that are used, with their shares."""
        by = stage.entries.get("by")
        if by is None:
            able = [name for name, technology in known.items() if self._may_use(technology)]
            if known and not able:
                text = f"no technology there takes {self._flow.get('commodity', 'this cargo')}"
                self._report(f"{path}.gauge", text, stage.entries["gauge"], f"technologies are {', '.join(known)}")
            yield from ((name, 1.0) for name in able[:1])
            return
        shares = plain(by) if by.entries else {str(by.value): 1.0}
        good = {}
        for name, share in shares.items():
            place = by.entries.get(name, by)
            if name not in known:
                hint = nearest(name, known) or f"technologies are {', '.join(known)}"
                self._report(f"{path}.by", f"no technology '{name}' there", place, hint)
            elif not self._may_use(known[name]):
                text = f"'{name}' does not take {self._flow.get('commodity', 'this cargo')}"
                takes = ", ".join(map(str, plain(known[name]).get("cargo", ())))
                self._report(f"{path}.by", text, place, f"it takes {takes}")
            elif not isinstance(share, int | float) or not 0 < share <= 1:
                self._report(f"{path}.by.{name}", f"found {share!r}, expected a share above 0 and up to 1", place)
            else:
                good[name] = float(share)
        if len(good) == len(shares) and abs(sum(good.values()) - 1.0) > 1e-6:
            self._report(f"{path}.by", f"the shares sum to {sum(good.values()):g}, expected 1", by)
        yield from good.items()

    def _may_use(self, technology: Node) -> bool:
        cargo = _list_of(technology.entries.get("cargo"))
        words = {str(node.value) for node in cargo}
        own = {word.strip() for word in str(self._flow.get("commodity", "")).split(",")}
        consignment = self._flow.get("consignment")
        if isinstance(consignment, dict) and consignment.get("teu"):
            own = {BOXES}
        return ANYTHING in words or bool(words & own)

    def _through(self, steps: Sequence[Node], path: str, lane: object) -> list[_Way]:
        """Return the ways through steps, of which some are for a lane or a share of the consignments only."""
        ways = [_Way()]
        for step in steps:
            wanted = step.entries.get("lane")
            if wanted is not None and wanted.value != lane:
                continue
            share = self._share_of(step, path)
            bare = step.with_value({k: n for k, n in step.entries.items() if k not in {"share", "lane"}})
            taken = [_joined((way, _Way(share, (), (bare,)))) for way in ways]
            if share < 1.0:
                mark = next(str(n.value) for k, n in step.entries.items() if k in {"queue", "hold"})
                taken = [_Way(way.share, (*way.marks, mark), way.steps) for way in taken]
                taken = [_joined((way, _Way(1.0 - share))) for way in ways] + taken
            ways = [way for way in taken if way.share > 0]
        return ways

    def _share_of(self, step: Node, path: str) -> float:
        share = step.entries.get("share")
        if share is None:
            return 1.0
        if not {"queue", "hold"} & set(step.entries):
            self._report(f"{path}.share", "only a queue or a hold can be for a share of the consignments", share)
            return 1.0
        try:
            return Dimension("fraction", maximum=1.0).read(plain(share)).value
        except BadValueError as error:
            self._report(f"{path}.share", error.found[0].message, share)
            return 1.0

    def _entry_of(self, stage: Node, word: str, section: Node | None, path: str) -> Node | None:
        """Find what a stage names, and check that it begins where the stage is."""
        known = section.entries if section is not None else {}
        name = str(stage.entries[word].value)
        if name not in known:
            what = CHAINS[word][1] if word in CHAINS else "gauge break"
            hint = nearest(name, known) or (f"there are {', '.join(known)}" if known else "the scenario has none")
            self._report(f"{path}.{word}", f"no {what} '{name}'", stage.entries[word], hint)
            return None
        return known[name]

    def _check_at(self, stage: Node, steps: Sequence[Node], path: str) -> None:
        """Check that the steps begin where the stage says."""
        at, first = stage.entries.get("at"), steps[0].entries.get("at") if steps else None
        if at is not None and first is not None and at.value != first.value:
            self._report(f"{path}.at", f"is {at.value}, but the first step is at {first.value}", at)

    def _report(self, path: str, message: str, node: Node, hint: str = "") -> None:
        self._problems.add(f"itineraries.{self._key}.{path}", message, location=node.location, hint=hint)


def _is_special(stage: Node) -> bool:
    return any(word in stage.entries for word in (*CHAINS, "gauge")) or _has_choice(stage)


def _has_choice(stage: Node) -> bool:
    return "share" in stage.entries


def _list_of(node: Node | None) -> list[Node]:
    return node.value if node is not None and isinstance(node.value, list) else []


def _joined(ways: Sequence[_Way]) -> _Way:
    """One way after another."""
    share = 1.0
    for way in ways:
        share *= way.share
    marks = tuple(mark for way in ways for mark in way.marks)
    return _Way(share, marks, tuple(step for way in ways for step in way.steps))
