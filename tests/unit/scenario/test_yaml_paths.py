from __future__ import annotations

from corridor_sim.scenario.yaml_paths import dotted, find, follow, replaced
from corridor_sim.scenario.yaml_tree import Node, Source, parse_yaml, plain


def tree() -> Node:
    return parse_yaml("a:\n  data sheet 1.1: x\n  b: [1, {c: 2}]\n", Source("f.yaml"))[0]


def test_paths_are_followed_as_far_as_they_exist() -> None:
    place = find(tree(), "a.b.1.c")
    assert (place.node.value, place.steps, place.rest) == (2, ("a", "b", 1, "c"), ())
    place = find(tree(), "a.b.5.c")
    assert (place.steps, place.rest) == (("a", "b"), ("5", "c"))
    assert find(tree(), "").steps == ()


def test_keys_with_dots_are_found() -> None:
    assert find(tree(), "a.data sheet 1.1").node.value == "x"


def test_steps_are_followed_as_far_as_they_exist() -> None:
    node, taken = follow(tree(), ("a", "b", 1, "d"))
    assert (taken, plain(node)) == (3, {"c": 2})
    assert follow(tree(), ("a", "b", 0, "x"))[1] == 3


def test_replacing_leaves_the_old_tree_as_it_is() -> None:
    old, new = tree(), parse_yaml("9", Source("g.yaml"))[0]
    changed = replaced(old, ("a", "b", 1, "c"), new)
    assert plain(changed)["a"]["b"] == [1, {"c": 9}]
    assert plain(old)["a"]["b"] == [1, {"c": 2}]
    assert plain(replaced(old, ("a", "d"), new))["a"]["d"] == 9
    assert plain(replaced(old, (), new)) == 9


def test_dotted() -> None:
    assert dotted(("a", 1, "b")) == "a.1.b"
