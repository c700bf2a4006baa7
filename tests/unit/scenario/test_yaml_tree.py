from __future__ import annotations

import math
from datetime import UTC, date, datetime

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from corridor_sim.scenario import yaml_tree
from corridor_sim.scenario.yaml_tree import Node, Source, YamlError, from_python, parse_yaml, plain, resolve_scalar

SOURCE = Source("f.yaml")


def read(text: str) -> object:
    root, problems = parse_yaml(text, SOURCE)
    assert not problems
    return plain(root)


def error(text: str) -> list[str]:
    with pytest.raises(YamlError) as caught:
        parse_yaml(text, SOURCE)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("12:30", "12:30"),
        ("2025-01-01", "2025-01-01"),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("-3", -3),
        ("007", 7),
        ("1_000", "1_000"),
        ("0x10", "0x10"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        (".inf", math.inf),
        ("-.inf", -math.inf),
        ("15 Mt/yr", "15 Mt/yr"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_plain_scalars_follow_the_core_schema(text: str, value: object) -> None:
    found = resolve_scalar(text)
    assert found == value
    assert type(found) is type(value)


def test_quoted_scalars_and_keys_are_text() -> None:
    assert read("{'1': \"2\", 2025: '3', on: 1, NO: 2}") == {"1": "2", "2025": "3", "on": 1, "NO": 2}


def test_block_texts() -> None:
    assert read("a: >-\n  one\n  two\nb: |\n  x\n") == {"a": "one two", "b": "x\n"}


def test_places_are_kept() -> None:
    root, _ = parse_yaml("a:\n  b: 1\n  c: [x,\n    y]\n", SOURCE)
    a = root.entries["a"]
    assert str(a.location) == "f.yaml:1:1"
    assert str(a.entries["b"].location) == "f.yaml:2:6"
    assert str(a.entries["b"].key_location) == "f.yaml:2:3"
    assert str(a.entries["c"].location) == "f.yaml:3:3"
    assert isinstance(a.entries["c"].value, list)
    assert str(a.entries["c"].value[1].location) == "f.yaml:4:5"


def test_columns_count_characters() -> None:
    root, _ = parse_yaml("ü: {ñandú: 1}\n", SOURCE)
    assert str(root.entries["ü"].entries["ñandú"].location) == "f.yaml:1:12"


def test_duplicate_keys_are_refused_but_do_not_stop() -> None:
    root, problems = parse_yaml("q:\n  a: 1\n  b: 2\n  a: 3\nq: 4\nr: {a: 1, b: 2, b: 3, a: 4}\n", SOURCE)
    assert [str(problem) for problem in problems] == [
        "f.yaml:4:3: q.a: key is given twice, first in line 2",
        "f.yaml:6:17: r.b: keys are given twice: b, a, first in line 6; is a line missing above?",
        "f.yaml:5:1: q: key is given twice, first in line 1",
    ]
    assert plain(root) == {"q": {"a": 1, "b": 2}, "r": {"a": 1, "b": 2}}


def test_aliases_stand_for_their_anchor() -> None:
    root, problems = parse_yaml("a: &x {k: 1}\nb: *x\nc: &y 3\nd: [*y, *y]\n", SOURCE)
    assert plain(root) == {"a": {"k": 1}, "b": {"k": 1}, "c": 3, "d": [3, 3]}
    assert not problems
    assert str(root.entries["b"].location) == "f.yaml:2:1"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1, 2\n", "f.yaml:2:1: is not valid YAML: a ',' or the closing bracket is missing"),
        (
            "a: b: c\n",
            "f.yaml:1:5: is not valid YAML: a ':' where none may stand; check the indentation, or quote the text",
        ),
        (
            "a:\n\tb: 1\n",
            "f.yaml:2:1: is not valid YAML: a character that cannot start a value (a tab, @ or `); quote the text",
        ),
        (
            "a: 1\n b: 2\n",
            "f.yaml:2:3: is not valid YAML: a ':' where none may stand; check the indentation, or quote the text",
        ),
        ("a: 'x\n", "f.yaml:2:1: is not valid YAML: a quote or bracket is never closed"),
        ("a: \x00\n", "f.yaml:1:4: is not valid YAML: "),
        ("a: *x\n", "f.yaml:1:4: alias '*x' has no finished anchor before it"),
        ("a: &x [*x]\n", "f.yaml:1:8: alias '*x' has no finished anchor before it"),
        ("a: !!python/object:os.system 1\n", "f.yaml:1:4: tags such as 'tag:yaml.org,2002:python/object:os.system'"),
        ("a: !mine {b: 1}\n", "f.yaml:1:4: tags such as '!mine' are not read; write plain YAML"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2:1: the file holds more than one document; remove the line '---'"),
        ("a: {<<: {b: 1}}\n", "f.yaml:1:5: merge keys (<<) are not read; use a template: 'template: NAME'"),
        ("? [a]\n: 1\n", "f.yaml:1:3: a key must be a plain text"),
        ("", "f.yaml:1:1: the file is empty; see 'corridor-sim new'"),
        ("# only a remark\n", "f.yaml:1:1: the file is empty; see 'corridor-sim new'"),
    ],
)
def test_what_is_refused(text: str, message: str) -> None:
    (found,) = error(text)
    assert found.startswith(message)


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    assert error("[" * 41 + "]" * 41) == ["f.yaml:1:41: is nested more than 40 levels deep"]
    monkeypatch.setattr(yaml_tree, "MAX_ALIASES", 2)
    assert error("a: &x 1\nb: [*x, *x, *x]\n") == ["f.yaml:2:13: has more than 2 aliases"]


def test_many_laughs_are_stopped() -> None:
    text = "a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n"
    text += "".join(f"a{i + 1}: &a{i + 1} [{','.join([f'*a{i}'] * 10)}]\n" for i in range(8))
    (found,) = error(text)
    assert "holds more than 1000000 values once its aliases are followed" in found


def test_deep_nesting_does_not_exhaust_the_stack() -> None:
    (found,) = error("[" * 100_000)
    assert "is nested more than 40 levels deep" in found


def test_the_pure_python_parser_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a: {b: [1, 'x', 2025-01-01]}\nc: &n 3\nd: *n\n"
    fast = plain(parse_yaml(text, SOURCE)[0])
    monkeypatch.setattr(yaml_tree, "_LOADER", yaml.SafeLoader)
    assert plain(parse_yaml(text, SOURCE)[0]) == fast


def test_free_keys_are_left_out_on_demand() -> None:
    root, _ = parse_yaml("{a: 1, x-b: 2, c: {x-d: 3}}", SOURCE)
    assert plain(root) == {"a": 1, "c": {}}
    assert plain(root, free_keys=True) == {"a": 1, "x-b": 2, "c": {"x-d": 3}}


def test_python_values_become_nodes() -> None:
    value = {"a": (1, 2.5, True, None), "b": date(2025, 1, 2), "c": datetime(2025, 1, 2, tzinfo=UTC)}
    expected = {"a": [1, 2.5, True, None], "b": "2025-01-02", "c": "2025-01-02T00:00:00+00:00"}
    assert plain(from_python(value, SOURCE)) == expected
    with pytest.raises(TypeError, match="a value of type object cannot stand in a scenario"):
        from_python([object()], SOURCE)


def test_the_place_of_an_error_shows_its_problems() -> None:
    with pytest.raises(YamlError, match=r"^f\.yaml:1:1: the file is empty"):
        parse_yaml("", SOURCE)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        root, _ = parse_yaml(text, SOURCE)
    except YamlError:
        return
    assert isinstance(root, Node)
