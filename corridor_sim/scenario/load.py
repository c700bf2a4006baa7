"""From a scenario file to a `Scenario`: read, join, override, expand, validate, check; every problem at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from corridor_sim.foundation.errors import Problem, ProblemList, ScenarioError, nearest
from corridor_sim.scenario.checks import run_checks
from corridor_sim.scenario.checks.context import Context
from corridor_sim.scenario.comparison import check_comparison
from corridor_sim.scenario.gas import GasSystem
from corridor_sim.scenario.imports import Files, find_scenario, read_files, shown
from corridor_sim.scenario.milestones import expand_milestones
from corridor_sim.scenario.overrides import apply_changes, given_changes, is_early, named_changes
from corridor_sim.scenario.problems import translate
from corridor_sim.scenario.processes import expand_processes
from corridor_sim.scenario.scenario import Scenario
from corridor_sim.scenario.structure import SECTIONS, entry_model
from corridor_sim.scenario.templates import expand_templates
from corridor_sim.scenario.yaml_tree import Node, plain

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

_CONSUMED = ("import", "templates", "overrides", "changes")


def load_scenario(
    path: str | os.PathLike[str],
    *,
    overrides: Mapping[str, object] | None = None,
    named_overrides: Sequence[str] = (),
) -> Scenario:
    """Load a scenario file, with its imports, templates and overrides worked in.

    Parameters
    ----------
    path
        The file, or the name of a scenario that comes with the package.
    overrides
        Values by dotted path, such as ``{"demand.growth": 1.1}``; a text is read as YAML. They win over all else.
    named_overrides
        Names of sets of changes under `overrides` in the file; later ones win.

    Raises
    ------
    ScenarioError
        With every problem found, each with its place in the files.
    """
    file = find_scenario(path)
    name = str(path) if str(file) == str(path) else shown(file)
    problems = ProblemList()
    files = read_files(file, name, problems)
    if files.tree is None:
        raise ScenarioError(problems.problems)
    tree, named, suspect = _resolve(files, overrides or {}, named_overrides, problems)
    scenario = _validate(tree, problems, suspect, complete=files.complete)
    if problems.problems or scenario is None:
        raise ScenarioError(_in_order(problems.problems))
    applied = (*named_overrides, *(f"{key}={value}" for key, value in (overrides or {}).items()))
    return scenario.came_from(tree, name, applied, named=named)


AS_IT_STANDS = "as it stands"
"""Name of the case of a scenario that nothing is changed of."""


def load_cases(
    path: str | os.PathLike[str],
    names: Sequence[str] | None = None,
    *,
    overrides: Mapping[str, object] | None = None,
) -> dict[str, Scenario]:
    """Load a scenario once for each case that is to be compared, the reference first.

    Parameters
    ----------
    path
        The file, or the name of a scenario that comes with the package.
    names
        Named overrides, each a case beside the scenario as it stands; those of its `comparison` when absent.
    overrides
        Values by dotted path, for all cases; they win.

    Raises
    ------
    ScenarioError
        When the scenario cannot be loaded, or says of no comparison and no names are given.
    """
    plain_one = load_scenario(path, overrides=overrides)
    reference: str | None = None
    if not names:
        said = plain_one.comparison
        if said is None:
            message = f"{plain_one.name} has no comparison of its own"
            raise ScenarioError([Problem("comparison", message, None, "choose overrides to compare with --override")])
        reference, names = said.reference, said.cases
    cases = {AS_IT_STANDS: plain_one} if reference is None else {}
    for name in ([] if reference is None else [reference]) + list(names):
        cases[name] = load_scenario(path, overrides=overrides, named_overrides=[name])
    return cases


def _resolve(
    files: Files, overrides: Mapping[str, object], named: Sequence[str], problems: ProblemList
) -> tuple[Node, Node, set[tuple[str, str]]]:
    """Work overrides, templates, milestones and processes into the tree; a caller's override wins over a named one.

    Returns
    -------
    tuple
        The tree, the same before it was expanded, and the entries that are known to be incomplete.
    """
    tree = files.tree
    assert tree is not None  # noqa: S101 - checked by the caller
    absent = ProblemList()
    check_comparison(tree, absent)
    changes = [*named_changes(tree, named, absent), *given_changes(overrides, problems)]
    tree = apply_changes(tree, [change for change in changes if is_early(change[0])], absent)
    tree, suspect = expand_templates(tree, absent)
    tree = apply_changes(tree, [change for change in changes if not is_early(change[0])], absent)
    named_tree = tree.with_value({key: node for key, node in tree.entries.items() if key not in _CONSUMED})
    tree = expand(named_tree, absent)
    # What may stand in a file that could not be read, or in a section under a misspelt name, is not called missing.
    unsure = _renamed_sections(plain(tree)) if files.complete else set(SECTIONS)
    problems.problems += [item for item in absent.problems if unsure.isdisjoint(item.path.split("."))]
    return tree, named_tree, suspect


def expand(tree: Node, problems: ProblemList) -> Node:
    """Work milestones and processes into a tree that holds templates and overrides already."""
    return expand_processes(expand_milestones(tree, problems), problems)


def _validate(tree: Node, problems: ProblemList, suspect: set[tuple[str, str]], *, complete: bool) -> Scenario | None:
    """Validate the tree, then check what its parts say about each other as far as they could be read."""
    data = plain(tree)
    context = Context(tree=tree, problems=problems, scenario=None, broken=set(suspect), complete=complete)
    if not complete:
        context.uncertain.update(SECTIONS)
    try:
        context.scenario = Scenario.model_validate(data)
    except ValidationError as error:
        found = translate(error, tree, suspect)
        problems.problems += [item for item in found if complete or not _may_be_imported(item)]
        context.mark_broken(error, SECTIONS)
        context.scenario = _salvage(data)
        context.uncertain.update(_renamed_sections(data))
    run_checks(context)
    return None if problems.problems else context.scenario


def _may_be_imported(problem: Problem) -> bool:
    """Whether a problem is a missing key that an unreadable import may hold."""
    return "key is missing" in problem.message and problem.path.count(".") <= 2


def _renamed_sections(data: dict[str, Any]) -> set[str]:
    """Sections that may be there under a misspelt name, so that references into them are not reported one by one.

    Entries without their heading may belong to any section.
    """
    unknown = [key for key in data if key not in Scenario.model_fields and key not in _CONSUMED]
    renamed = {section for section in SECTIONS for key in unknown if nearest(key, [section])}
    stray = any(isinstance(data[key], dict) and not nearest(key, SECTIONS) for key in unknown)
    return set(SECTIONS) if stray else renamed


def _salvage(data: dict[str, Any]) -> Scenario:
    """Make a scenario of the parts that are valid by themselves, for the checks that can still be made."""
    values: dict[str, Any] = {}
    for name, field in Scenario.model_fields.items():
        raw = data.get(name)
        model = entry_model(name)
        if model is not None:
            entries = raw if isinstance(raw, dict) else {}
            made = {key: _valid_or_none(model, value) for key, value in entries.items()}
            values[name] = {key: value for key, value in made.items() if value is not None}
        elif name == "run":
            values[name] = _valid_or_none(field.annotation, raw)
        elif name == "demand":
            values[name] = _valid_or_none(field.annotation, raw or {}) or field.get_default()
        elif name == "gas" and raw is not None:
            values[name] = _valid_or_none(GasSystem, raw)
    return Scenario.model_construct(**values)


def _valid_or_none(model: Any, raw: Any) -> Any:
    try:
        return model.model_validate(raw)
    except ValidationError:
        return None


def _in_order(problems: list[Problem]) -> list[Problem]:
    """Sort problems by file (in the order of their first problem) and place, each once.

    What stands in a template is wrong in every entry that takes it over; it is reported for the first of them.
    """
    files: dict[str, int] = {}
    once: dict[object, Problem] = {}
    for problem in problems:
        if problem.location is not None:
            files.setdefault(problem.location.file, len(files))
        key = problem.path.rpartition(".")[2] if problem.location is not None else problem.path
        once.setdefault((problem.location, key, problem.message, problem.hint), problem)

    def place(problem: Problem) -> tuple[int, int, int]:
        where = problem.location
        return (-1, 0, 0) if where is None else (files[where.file], where.line, where.column)

    return sorted(once.values(), key=place)
