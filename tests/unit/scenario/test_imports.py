from __future__ import annotations

from pathlib import Path

import pytest

from corridor_sim.foundation.errors import ProblemList, ScenarioError
from corridor_sim.foundation.shipped import data_dir
from corridor_sim.scenario.imports import find_scenario, read_files, shipped_scenarios, shown
from corridor_sim.scenario.yaml_tree import plain

from .conftest import SMALL, Files


def read(files: Files, text: str) -> tuple[object, list[str]]:
    problems = ProblemList()
    tree = read_files(files.write("s.yaml", text), "s.yaml", problems).tree
    return (plain(tree) if tree else None), [str(problem) for problem in problems.problems]


def test_sections_of_imported_files_are_joined(files: Files) -> None:
    files.write("base/a.yaml", "flows: {A: {x: 1}}\n")
    files.write("base/b.yaml", "import: [c.yaml]\nflows: {B: {x: 1}}\n")
    files.write("base/c.yaml", "holds: {C: {x: 1}}\n")
    content, problems = read(files, "import: [base/a.yaml, base/b.yaml]\nflows: {D: {x: 1}}\n")
    assert problems == []
    assert content == {"flows": {"A": {"x": 1}, "B": {"x": 1}, "D": {"x": 1}}, "holds": {"C": {"x": 1}}}


def test_one_import_may_be_a_plain_text(files: Files) -> None:
    files.write("a.yaml", "holds: {A: {x: 1}}\n")
    assert read(files, "import: a.yaml\n") == ({"holds": {"A": {"x": 1}}}, [])


def test_a_file_imported_by_two_ways_is_read_once(files: Files) -> None:
    files.write("a.yaml", "import: [c.yaml]\n")
    files.write("b.yaml", "import: [c.yaml]\n")
    files.write("c.yaml", "holds: {C: {x: 1}}\n")
    assert read(files, "import: [a.yaml, b.yaml]\n") == ({"holds": {"C": {"x": 1}}}, [])


def test_overlap_is_refused_with_both_places(files: Files) -> None:
    files.write("base/a.yaml", "flows:\n  A:\n    x: 1\n")
    _, problems = read(files, "import: [base/a.yaml]\nflows:\n  A: {x: 2, y: 3}\n")
    assert problems == [
        "s.yaml:3:7: flows.A.x: is set in two files, also in base/a.yaml:3:5; a key may be set in one file only"
    ]


def test_a_file_may_name_itself_and_repeat_the_version(files: Files) -> None:
    files.write("a.yaml", "schema_version: 1\nname: base\ntitle: the base\nholds: {}\n")
    content, problems = read(files, "schema_version: 1\nname: mine\nimport: [a.yaml]\n")
    assert problems == []
    assert isinstance(content, dict)
    assert content["name"] == "mine"


def test_a_circle_is_reported_with_its_chain(files: Files) -> None:
    files.write("a.yaml", "import: [b.yaml]\n")
    files.write("b.yaml", "name: b\nimport:\n  - a.yaml\n")
    _, problems = read(files, "import: [a.yaml]\n")
    assert problems == [
        (
            "b.yaml:3:5: import: the files import each other in a circle: a.yaml -> b.yaml -> a.yaml "
            "(imported by s.yaml:1 -> a.yaml:1)"
        )
    ]


def test_a_file_that_imports_itself(files: Files) -> None:
    _, problems = read(files, "import: [s.yaml]\n")
    assert problems == ["s.yaml:1:10: import: the files import each other in a circle: s.yaml -> s.yaml"]


@pytest.mark.parametrize("path", ["../outside.yaml", "base/../../outside.yaml", "link/outside.yaml"])
def test_paths_may_not_leave_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "outside.yaml").write_text("holds: {}\n")
    (inner / "link").symlink_to(tmp_path)
    monkeypatch.chdir(inner)
    _, problems = read(Files(inner), f"import: [{path}]\n")
    if path.startswith("base"):  # `base` does not exist, so the path is only text here
        assert problems[0].startswith("s.yaml:1:10: import: '")
    assert len(problems) == 1
    assert "leaves the scenario's folder" in problems[0]


@pytest.mark.parametrize("path", ["/etc/hostname", "..\\\\outside.yaml"])
def test_only_relative_paths(files: Files, path: str) -> None:
    _, problems = read(files, f'import: ["{path}"]\n')
    assert len(problems) == 1
    assert "is no relative path with /" in problems[0]


def test_a_missing_import_names_the_nearest_file(files: Files) -> None:
    files.write("base/flows.yaml", "flows: {}\n")
    _, problems = read(files, "import: [base/flow.yaml]\n")
    assert problems == ["s.yaml:1:10: import: no such file 'base/flow.yaml'; did you mean 'base/flows.yaml'?"]


def test_a_missing_import_does_not_cascade(files: Files) -> None:
    text = SMALL.replace("queues:", "x-queues:") + "import: [queues.yaml]\n"
    assert files.problems(text) == ["s.yaml:42:10: import: no such file 'queues.yaml'"]


def test_a_problem_in_an_import_names_the_chain(files: Files) -> None:
    files.write("base/more.yaml", "import: [holds.yaml]\n")
    files.write("base/holds.yaml", "holds:\n  H9: {duration: 2 km, cause: documents}\n")
    assert files.problems("import: [base/more.yaml]\n" + SMALL) == [
        (
            "base/holds.yaml:2:18: holds.H9.duration: 'km' is a length, expected a time, such as 36 h, 3.5 d or 20 min "
            "(imported by s.yaml:1 -> base/more.yaml:1)"
        )
    ]


def test_an_import_that_is_no_path(files: Files) -> None:
    _, problems = read(files, "import: [{a: 1}, 3]\n")
    assert problems == [
        "s.yaml:1:10: import.0: found a mapping, expected the path of a file",
        "s.yaml:1:18: import.1: found the number 3, expected the path of a file",
    ]


def test_files_that_cannot_be_read(files: Files) -> None:
    files.write("latin.yaml", b"name: ok\ntitle: caf\xe9\n")
    files.write("list.yaml", "- a\n- b\n")
    files.write("empty.yaml", "# nothing\n")
    files.write("huge.yaml", "# " + "x" * 5_000_001)
    _, problems = read(files, "import: [latin.yaml, list.yaml, empty.yaml, huge.yaml]\n")
    chain = " (imported by s.yaml:1)"
    assert problems == [
        "latin.yaml:2:11: the file is no UTF-8 text" + chain,
        "list.yaml:1:1: found a list, expected a scenario: keys and values such as 'name: my-scenario'" + chain,
        "empty.yaml:1:1: the file is empty; see 'corridor-sim new'" + chain,
        "huge.yaml:1:1: the file is larger than 5 MB" + chain,
    ]


def test_a_file_without_permission(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert read(files, "name: x\n") == (None, ["s.yaml:1:1: the file cannot be read: Permission denied"])


def test_shipped_files_are_imported_from_anywhere(files: Files) -> None:
    content, problems = read(files, "import: [base/calendars.yaml]\n")
    assert problems == []
    assert isinstance(content, dict)
    assert "CAL_24_7" in content["calendars"]


@pytest.mark.parametrize("name", ["tiny", "tiny.yaml", "scenarios/tiny.yaml", "scenarios/tiny"])
def test_shipped_scenarios_are_found_by_name(files: Files, name: str) -> None:
    assert find_scenario(name) == data_dir("scenarios").resolve() / "tiny.yaml"


def test_a_file_on_disk_goes_before_a_shipped_one(files: Files) -> None:
    files.write("tiny.yaml", SMALL)
    assert find_scenario("tiny.yaml") == Path("tiny.yaml")


def test_shipped_scenarios_are_listed() -> None:
    assert {"baseline-2025", "tiny"} <= set(shipped_scenarios())


@pytest.mark.parametrize("name", ["", "../scenarios/tiny.yaml", "scenarios"])
def test_what_is_no_scenario(files: Files, name: str) -> None:
    with pytest.raises(ScenarioError):
        find_scenario(name)


def test_paths_are_shown_relative_to_the_working_folder(files: Files) -> None:
    assert shown(files.folder / "a" / "b.yaml") == "a/b.yaml"
    assert shown(Path("/elsewhere/b.yaml")) == "/elsewhere/b.yaml"
