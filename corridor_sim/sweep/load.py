"""From a sweep file to a `Sweep`: read, checked against the base scenario, every problem at once, nothing run."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from corridor_sim.foundation.errors import Problem, ProblemList, ScenarioError, nearest
from corridor_sim.foundation.shipped import data_dir
from corridor_sim.scenario.imports import read_files, shown
from corridor_sim.scenario.load import load_scenario
from corridor_sim.scenario.problems import translate
from corridor_sim.scenario.variants import Variants
from corridor_sim.scenario.yaml_paths import find
from corridor_sim.scenario.yaml_tree import Source, YamlError, parse_yaml, plain
from corridor_sim.sweep.cases import Case, make_case
from corridor_sim.sweep.designs import CASES, DRAWN, PRODUCT, ZIP, count, kind_of, rows
from corridor_sim.sweep.file import Parameter, SweepFile, Until
from corridor_sim.sweep.parameters import Varied, varied

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping, Sequence

    from corridor_sim.foundation.errors import Location
    from corridor_sim.scenario import Scenario
    from corridor_sim.scenario.yaml_tree import Node
    from corridor_sim.sweep.file import Answer

ROOT = (SweepFile,)


@dataclass(frozen=True, eq=False)
class Sweep:
    """A sweep that is ready to be run.

    Attributes
    ----------
    file
        The file as it was read.
    parameters
        What is varied, in order.
    variants
        Makes the scenario of a case.
    text
        The sweep file, word for word.
    """

    file: SweepFile
    parameters: tuple[Varied, ...]
    variants: Variants
    text: str

    @classmethod
    def of_options(  # what a file would say
        cls,
        base: Scenario,
        parameter: str,
        options: Mapping[str, Mapping[str, object]],
        *,
        name: str,
        title: str = "",
        replications: int,
        kpis: Sequence[Answer],
    ) -> Sweep:
        """Make a sweep whose only parameter takes whole sets of changes, by label.

        Parameters
        ----------
        base
            A loaded scenario.
        parameter
            Key of the parameter.
        options
            Changes by label; no changes leave the base as it is.
        name, title, replications, kpis
            As in a file.
        """
        model = Parameter(name=parameter, options=dict(options))
        file = SweepFile(
            schema_version=1,
            name=name,
            title=title,
            base=base.file or base.name,
            parameters={parameter: model},
            replications=replications,
            kpis=tuple(kpis),
            max_cases=len(options),
        )
        text = json.dumps(file.model_dump(mode="json", exclude_defaults=True), indent=1) + "\n"
        return cls(file, (varied(parameter, model, options),), Variants(base), text)

    @property
    def seed(self) -> int:
        """Seed of the sweep."""
        return self.variants.base.run.seed if self.file.seed is None else self.file.seed

    @property
    def n_cases(self) -> int:
        """Number of cases."""
        return count(self.file.design, self.parameters)

    @property
    def at_most(self) -> int:
        """Replications of a case at most."""
        asked = self.file.replications
        return asked.precision.at_most if isinstance(asked, Until) else asked

    def cases(self) -> Iterator[Case]:
        """Yield the cases in the order of the design."""
        common = self.seed if self.file.common_random_numbers else None
        for number, row in enumerate(rows(self.file.design, self.parameters, self.seed)):
            yield make_case(number, row, self.parameters, self.variants, common)


def find_sweep(path: str | os.PathLike[str]) -> Path:
    """Find a sweep file: on disk, else among those that come with the package (by file or by name).

    Raises
    ------
    ScenarioError
        When there is none.
    """
    given = Path(path)
    if given.is_file():
        return given
    folder = data_dir("scenarios") / "sweeps"
    for name in (given.name, f"{given.name}.yaml"):
        if ".." not in given.parts and not given.is_absolute() and (folder / name).is_file():
            return folder / name
    names = sorted(file.stem for file in folder.glob("*.yaml"))
    hint = nearest(given.stem, names) or f"sweeps that come with the package: {', '.join(names)}"
    raise ScenarioError([Problem("", f"{given}: no such file", hint=hint)])


def load_sweep_file(path: str | os.PathLike[str]) -> Sweep:
    """Load a sweep file and check all it says against its base scenario.

    Raises
    ------
    ScenarioError
        With every problem found, each with its place in the file.
    """
    file = find_sweep(path)
    name = str(path) if str(file) == str(path) else shown(file)
    text, tree = _read(file, name)
    problems = ProblemList()
    model = _validated(tree)
    base_path = _base_file(model.base, file)
    base = load_scenario(base_path, overrides=_texts(model.changes), named_overrides=model.overrides)
    variants = Variants(base)
    parameters = tuple(
        varied(key, p, _options(key, p, base_path, tree, problems)) for key, p in model.parameters.items()
    )
    _check_design(model, parameters, tree, problems)
    problems.raise_if_any(ScenarioError)
    for p in parameters:
        _check_values(p, variants, tree, problems)
    _check_overlap(parameters, tree, problems)
    problems.raise_if_any(ScenarioError)
    return Sweep(model, parameters, variants, text)


def _texts(changes: Mapping[str, Any]) -> dict[str, object]:
    return dict(changes)


def _read(file: Path, name: str) -> tuple[str, Node]:
    try:
        text = file.read_bytes().decode("utf-8-sig")
        tree, problems = parse_yaml(text, Source(name))
    except YamlError as error:
        raise ScenarioError(error.problems) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError([Problem("", f"{name}: cannot be read: {error}")]) from None
    if problems:
        raise ScenarioError(problems)
    return text, tree


def _validated(tree: Node) -> SweepFile:
    try:
        return SweepFile.model_validate(plain(tree))
    except ValidationError as error:
        raise ScenarioError(translate(error, tree, set(), ROOT)) from None


def _base_file(base: str, file: Path) -> str:
    """Path of the base scenario: beside the sweep file, else left to be found by its name."""
    near = file.parent / base
    return str(near) if near.is_file() else base


def _place(tree: Node, path: str) -> Location:
    return find(tree, path).node.location


def _options(
    key: str, model: Parameter, base_path: str, tree: Node, problems: ProblemList
) -> dict[str, Mapping[str, object]] | None:
    """Return the changes of every option; a text names an override of the base, nothing leaves the base as it is."""
    if model.options is None:
        return None
    known = _named_overrides(base_path)
    found: dict[str, Mapping[str, object]] = {}
    for label, given in model.options.items():
        where = f"parameters.{key}.options.{label}"
        if given is None or isinstance(given, dict):
            found[label] = given or {}
        elif str(given) in known:
            found[label] = known[str(given)]
        else:
            hint = nearest(str(given), known) or f"overrides are {', '.join(known)}"
            problems.add(where, f"the base has no override '{given}'", location=_place(tree, where), hint=hint)
    return found


def _named_overrides(base_path: str) -> dict[str, Mapping[str, object]]:
    from corridor_sim.scenario.imports import find_scenario

    files = read_files(find_scenario(base_path), base_path, ProblemList())
    node = files.tree.entries.get("overrides") if files.tree is not None else None
    return {name: plain(changes) for name, changes in node.entries.items()} if node is not None else {}


def _check_design(model: SweepFile, parameters: tuple[Varied, ...], tree: Node, problems: ProblemList) -> None:
    """Check that the parameters have what the design needs."""
    kind, where = kind_of(model.design), _place(tree, "design")
    if kind in {PRODUCT, ZIP}:
        for p in parameters:
            if p.spread is not None:
                path = f"parameters.{p.id}.distribution"
                text = f"a {kind} has no use for a distribution, expected values, range or options"
                problems.add(path, text, location=_place(tree, path), hint=f"or a design that draws: {_words(DRAWN)}")
    if kind == ZIP and len({len(p.levels) for p in parameters}) > 1:
        sizes = ", ".join(f"{p.id} {len(p.levels)}" for p in parameters)
        problems.add("design", f"a zip needs as many values of every parameter, found {sizes}", location=where)
    if kind == CASES and not isinstance(model.design, str):
        _check_cases(model.design.cases or (), parameters, tree, problems)


def _words(names: tuple[str, ...]) -> str:
    return ", ".join(names)


def _check_cases(
    cases: tuple[dict[str, Any], ...], parameters: tuple[Varied, ...], tree: Node, problems: ProblemList
) -> None:
    ids = [p.id for p in parameters]
    for k, case in enumerate(cases):
        path = f"design.cases.{k}"
        where = _place(tree, path)
        for key in case:
            if key not in ids:
                problems.add(f"{path}.{key}", "no such parameter", location=where, hint=nearest(key, ids))
        for p in parameters:
            if p.id not in case:
                problems.add(path, f"gives {p.id} no value", location=where)
            elif p.options is not None and str(case[p.id]) not in p.options:
                hint = f"options are {', '.join(p.options)}"
                problems.add(f"{path}.{p.id}", f"no option '{case[p.id]}'", location=where, hint=hint)


def _check_values(p: Varied, variants: Variants, tree: Node, problems: ProblemList) -> None:
    """Make the scenario of every level by itself (of a distribution, of its ends and its middle)."""
    where = f"parameters.{p.id}"
    for value in p.levels or tuple(p.at(u) for u in (0.0, 0.5, 1.0)):
        try:
            changes = p.changes(value, variants.base.named_tree)
        except ValueError as error:
            problems.add(where, f"'{', '.join(p.paths)}' {error}", location=_place(tree, where))
            return
        try:
            variants.make(changes)
        except ScenarioError as error:
            for found in error.problems:
                text = f"{found.path}: {found.message}" if found.path else found.message
                place = _value_place(tree, p, found)
                problems.problems.append(Problem(f"{where}, {value}", text, place, found.hint))
            if not p.options and any("no key" in found.message for found in error.problems):
                return  # the path is wrong, not the value


def _value_place(tree: Node, p: Varied, found: Problem) -> Location:
    """Place of a wrong value: the path where the path is wrong, else the values."""
    node = find(tree, f"parameters.{p.id}").node
    keys = ("path", "paths") if "no key" in found.message else ("values", "range", "distribution", "options")
    for key in (*keys, "options"):
        if key in node.entries:
            return node.entries[key].location
    return node.location


def _check_overlap(parameters: tuple[Varied, ...], tree: Node, problems: ProblemList) -> None:
    """Refuse two parameters that set the same path, where one would be without effect; factors multiply."""
    taken: dict[str, str] = {}
    factors = {p.id for p in parameters if p.scale}
    for p in parameters:
        paths = set(p.paths) | {path for changes in (p.options or {}).values() for path in changes}
        for path in sorted(paths):
            if path in taken and not {p.id, taken[path]} <= factors:
                where = f"parameters.{p.id}"
                text = f"'{path}' is set by the parameter {taken[path]}, too"
                problems.add(where, text, location=_place(tree, where))
        taken |= dict.fromkeys(paths, p.id)
