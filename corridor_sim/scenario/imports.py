"""Finding scenario files, reading them with all their imports, and joining them into one tree."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from corridor_sim.foundation.errors import Problem, ProblemList, ScenarioError, nearest
from corridor_sim.foundation.shipped import data_dir
from corridor_sim.scenario.base import describe_type
from corridor_sim.scenario.yaml_tree import MAX_BYTES, Node, Source, YamlError, parse_yaml

if TYPE_CHECKING:
    from corridor_sim.foundation.errors import Location

MAX_FILES = 200
"""Most files of one scenario."""
OWN_KEYS = ("name", "title", "description")
"""Keys that describe a file itself: those of imported files are left aside."""


def shipped_folder() -> Path | None:
    """Folder of the scenarios that come with the package, None when the installation lacks it."""
    try:
        return data_dir("scenarios").resolve()
    except ScenarioError:
        return None


def shipped_scenarios() -> list[str]:
    """List the names of the scenarios that come with the package."""
    folder = shipped_folder()
    return sorted(path.stem for path in folder.glob("*.yaml")) if folder else []


def find_scenario(path: str | os.PathLike[str]) -> Path:
    """Find a scenario file: on disk, else among those that come with the package (by file or by name).

    Raises
    ------
    ScenarioError
        When there is none.
    """
    given = Path(path)
    if given.is_file():
        return given
    if given.is_dir():
        raise ScenarioError([Problem("", f"{given}: is a folder, expected a scenario file")])
    folder = shipped_folder()
    if folder is not None and not given.is_absolute() and ".." not in given.parts:
        parts = given.parts[1:] if given.parts[:1] == ("scenarios",) else given.parts
        for name in (Path(*parts), Path(*parts).with_name(f"{given.name}.yaml")) if parts else ():
            if (folder / name).is_file():
                return folder / name
    names = shipped_scenarios()
    hint = nearest(given.stem, names) or (f"scenarios that come with the package: {', '.join(names)}" if names else "")
    raise ScenarioError([Problem("", f"{given}: no such file", hint=hint)])


def shown(path: Path) -> str:
    """Write a path as the user would: relative to the working folder when it lies below."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


@dataclass
class Files:
    """What was read: the joined tree, and whether a file is missing from it."""

    tree: Node | None
    complete: bool


@dataclass
class _Reader:
    """Reads a scenario and its imports, each file once."""

    problems: ProblemList
    root_folder: Path
    shipped: Path | None
    done: set[Path] = field(default_factory=set)
    complete: bool = True
    n_files: int = 0

    def read(self, path: Path, name: str, chain: tuple[str, ...], opened: tuple[tuple[Path, str], ...]) -> Node | None:
        """Read one file with its imports; `opened` are the files on the way here, to find circles."""
        real = path.resolve()
        source = Source(name, chain, self.n_files)
        self.n_files += 1
        self.done.add(real)
        own = self._parse(path, source)
        if own is None:
            self.complete = False
            return None
        result: Node | None = None
        for text, node in self._imports(own):
            imported = self._import(text, node, real, (*opened, (real, name)))
            if imported is not None:
                result = imported if result is None else self._join(result, imported)
        own = own.with_value({key: value for key, value in own.entries.items() if key != "import"})
        return own if result is None else self._join(result, own)

    def _parse(self, path: Path, source: Source) -> Node | None:
        try:
            if path.stat().st_size > MAX_BYTES:
                text = f"the file is larger than {MAX_BYTES / 1e6:g} MB"
                self.problems.problems.append(Problem("", text, source.at(1, 1)))
                return None
            root, found = parse_yaml(path.read_bytes().decode("utf-8-sig"), source)
        except OSError as error:
            problem = Problem("", f"the file cannot be read: {error.strerror or error}", source.at(1, 1))
            self.problems.problems.append(problem)
            return None
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            column = error.start - (error.object.rfind(b"\n", 0, error.start) + 1) + 1
            self.problems.problems.append(Problem("", "the file is no UTF-8 text", source.at(line, column)))
            return None
        except YamlError as error:
            self.problems.problems.extend(error.problems)
            return None
        self.problems.problems.extend(found)
        if not isinstance(root.value, dict):
            text = (
                f"found {describe_type(root.value)}, expected a scenario: keys and values such as 'name: my-scenario'"
            )
            self.problems.add("", text, location=root.location)
            return None
        return root

    def _imports(self, own: Node) -> list[tuple[str, Node]]:
        node = own.entries.get("import")
        if node is None or node.value is None:
            return []
        items = node.value if isinstance(node.value, list) else [node]
        found: list[tuple[str, Node]] = []
        for place, item in enumerate(items):
            if isinstance(item.value, str) and item.value:
                found.append((item.value, item))
            else:
                text = f"found {describe_type(item.value)}, expected the path of a file"
                self.problems.add(f"import.{place}", text, location=item.location)
                self.complete = False
        return found

    def _import(self, text: str, node: Node, importer: Path, opened: tuple[tuple[Path, str], ...]) -> Node | None:
        """Read one imported file unless it was read before; None when there is nothing to join."""
        path = self._locate(text, node.location, importer)
        if path is None:
            self.complete = False
            return None
        here = [name for file, name in opened if file == path]
        if here:
            names = [name for _, name in opened]
            circle = " -> ".join([*names[names.index(here[0]) :], here[0]])
            self.problems.add("import", f"the files import each other in a circle: {circle}", location=node.location)
            return None
        if path in self.done:
            return None
        if self.n_files >= MAX_FILES:
            self.problems.add("import", f"more than {MAX_FILES} files", location=node.location)
            self.complete = False
            return None
        where = node.source
        chain = (*where.chain, f"{where.file}:{node.line}")
        return self.read(path, self._name(text, path, where.file, importer), chain, opened)

    def _locate(self, text: str, where: Location, importer: Path) -> Path | None:
        """Return the real path of an imported file, after checking that it lies where it may."""
        if Path(text).is_absolute() or "\\" in text:
            self.problems.add("import", f"'{text}' is no relative path with /", location=where)
            return None
        near = (importer.parent / text).resolve()
        candidates = [near] if self._is_inside(near) else []
        if self.shipped is not None and (packaged := (self.shipped / text).resolve()).is_relative_to(self.shipped):
            candidates.append(packaged)
        path = next((candidate for candidate in candidates if candidate.is_file()), None)
        if path is None and near not in candidates:
            message = f"'{text}' leaves the scenario's folder, expected a file below {shown(self.root_folder)}"
            self.problems.add("import", message, location=where)
        elif path is None:
            others = [other for other in near.parent.glob("*.y*ml") if other != importer]
            hint = nearest(text, [str(Path(text).with_name(other.name)) for other in others])
            self.problems.add("import", f"no such file '{text}'", location=where, hint=hint)
        return path

    def _is_inside(self, path: Path) -> bool:
        folders = (self.root_folder, self.shipped)
        return any(path.is_relative_to(folder) for folder in folders if folder is not None)

    def _name(self, text: str, path: Path, importer_name: str, importer: Path) -> str:
        """Path of an imported file as shown to the user: beside its importer's."""
        if (importer.parent / text).resolve() == path:
            return os.path.normpath(Path(importer_name).parent / text)
        return shown(path)

    def _join(self, first: Node, second: Node, steps: tuple[str, ...] = ()) -> Node:
        """Join two files' mappings; a value set in both is a problem."""
        entries = dict(first.entries)
        for key, node in second.entries.items():
            before = entries.get(key)
            if before is None:
                entries[key] = node
            elif isinstance(before.value, dict) and isinstance(node.value, dict):
                entries[key] = self._join(before, node, (*steps, key))
            elif not steps and key in OWN_KEYS:
                entries[key] = node
            elif not steps and key == "schema_version" and before.value == node.value:
                continue
            else:
                message = f"is set in two files, also in {before.key_location}; a key may be set in one file only"
                self.problems.add(".".join((*steps, key)), message, location=node.key_location)
        return second.with_value(entries)


def read_files(path: Path, name: str, problems: ProblemList) -> Files:
    """Read a scenario file with its imports.

    Parameters
    ----------
    path
        The file.
    name
        Its path as shown to the user.
    problems
        Takes what is wrong.
    """
    reader = _Reader(problems, path.resolve().parent, shipped_folder())
    tree = reader.read(path, name, (), ())
    return Files(tree, reader.complete and tree is not None)
