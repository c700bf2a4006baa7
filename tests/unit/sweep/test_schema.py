"""The schema of sweep files, and the files that come with the package."""

import json

import pytest

from corridor_sim.foundation.shipped import data_dir
from corridor_sim.scenario.schema import layout
from corridor_sim.sweep import load_sweep_file
from corridor_sim.sweep.schema import SCHEMA_FILE, sweep_schema, write_sweep_schema

FOLDER = data_dir("scenarios") / "sweeps"


def test_the_shipped_schema_is_that_of_the_models(tmp_path):
    assert (FOLDER / SCHEMA_FILE).read_text(encoding="utf-8") == layout(sweep_schema())
    assert json.loads(write_sweep_schema(tmp_path).read_text())["properties"]["parameters"]


@pytest.mark.parametrize("name", sorted(file.stem for file in FOLDER.glob("*.yaml")))
def test_every_shipped_sweep_fits_its_base(name):
    sweep = load_sweep_file(name)
    assert 1 < sweep.n_cases <= sweep.file.max_cases
    assert any(a.subject for a in sweep.file.kpis)
    assert str(sweep.file.title)
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=sweep.schema.json")
