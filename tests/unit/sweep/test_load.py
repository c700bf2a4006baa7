"""Everything a sweep file can get wrong about its base is said before anything runs."""

import pytest

from corridor_sim.foundation.errors import ScenarioError
from corridor_sim.sweep import load_sweep_file
from tests.support.sweeps import SMALL, write_sweep

OFFICERS, GROWTH = SMALL["parameters"]["officers"], SMALL["parameters"]["growth"]


def problems(folder, **changes):
    with pytest.raises(ScenarioError) as caught:
        load_sweep_file(write_sweep(folder, **changes))
    return str(caught.value)


def test_a_good_one(tmp_path):
    sweep = load_sweep_file(write_sweep(tmp_path))
    cases = list(sweep.cases())
    assert sweep.n_cases == len(cases) == 9
    assert cases[0].values == {"officers": 1, "growth": 0.8}
    assert cases[0].seed == 1
    assert len({c.id for c in cases}) == 9


@pytest.mark.parametrize(
    ("parameter", "words"),
    [
        (
            {"path": "queues.CUSTOM.servers", "values": [1]},
            ("no key 'CUSTOM'", "did you mean 'CUSTOMS'?", "small.yaml:"),
        ),
        ({"path": "queues.CUSTOMS.server", "values": [1]}, ("no key 'server'", "did you mean 'servers'?")),
        ({"path": "queues.CUSTOMS.servers", "values": [1, "two"]}, ("parameters.p, two", "expected a whole number")),
        ({"path": "queues.CUSTOMS.service", "values": ["3 t"]}, ("3 t", "expected a time")),
        ({"path": "queues.CUSTOMS.servers", "scale": True, "values": [2]}, ()),
        ({"path": "queues.CUSTOMS.name", "scale": True, "values": [2]}, ("does not begin with a number",)),
        ({"path": "queues.CUSTOMS.calendar", "values": ["NIGHT"]}, ("no calendar 'NIGHT'",)),
        ({"options": {"x": "third-officer"}}, ("no override 'third-officer'", "did you mean 'second-officer'?")),
        ({"path": "schema_version", "values": [2]}, ("cannot be overridden",)),
        ({"path": "demand.growth", "distribution": {"uniform": [1, 2]}}, ("a product has no use for a distribution",)),
    ],
)
def test_a_parameter_that_does_not_fit_the_base(tmp_path, parameter, words):
    if not words:  # the number of officers is a number: it can be scaled
        load_sweep_file(write_sweep(tmp_path, parameters={"p": parameter}))
        return
    found = problems(tmp_path, parameters={"p": parameter})
    assert all(word in found for word in words), found


def test_all_parameters_at_once(tmp_path):
    found = problems(tmp_path, parameters={"a": {"path": "x", "values": [1]}, "b": {"path": "y", "values": [1]}})
    assert "no key 'x'" in found
    assert "no key 'y'" in found


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"design": "zip", "parameters": {"a": OFFICERS, "b": GROWTH | {"range": {"from": 1, "to": 2, "n": 2}}}},
            "as many",
        ),
        ({"design": {"cases": [{"officers": 1}]}}, "gives growth no value"),
        ({"design": {"cases": [{"officers": 1, "growth": 1, "grow": 2}]}}, "no such parameter; did you mean 'growth'?"),
        ({"parameters": {"a": OFFICERS, "b": OFFICERS}}, "is set by the parameter a, too"),
        ({"design": "products"}, "design"),
        ({"replicatons": 5}, "did you mean 'replications'?"),
        ({"base": "tinny"}, "tinny: no such file; did you mean 'tiny'?"),
        ({"parameters": {}}, "expected at least 1"),
        ({"overrides": ["nothing"]}, "no override named 'nothing'"),
    ],
)
def test_a_file_that_does_not_fit(tmp_path, changes, words):
    assert words in problems(tmp_path, **changes)


def test_an_override_as_an_option(tmp_path):
    options = {"one": None, "two": "second-officer"}
    sweep = load_sweep_file(write_sweep(tmp_path, parameters={"officers": {"options": options}}))
    assert [c.changes for c in sweep.cases()] == [{}, {"queues.CUSTOMS.servers": 2}]


def test_no_such_sweep():
    with pytest.raises(ScenarioError, match=r"did you mean 'astara-terminal'\?"):
        load_sweep_file("astara-terminl")
