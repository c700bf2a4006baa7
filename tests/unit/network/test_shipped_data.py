"""Shipped data is found in a checkout and in an installed wheel, and nowhere else."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from corridor_sim.foundation import shipped
from corridor_sim.foundation.errors import GeodataError, ScenarioError

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("name", ["geodata", "scenarios"])
def test_checkout(name):
    assert shipped.data_dir(name).is_dir()


@pytest.mark.parametrize("name", ["geodata", "scenarios"])
def test_wheel_puts_the_folders_where_they_are_looked_for(name):
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"][
        "wheel"
    ]
    assert wheel["force-include"][name] == f"corridor_sim/data/{name}"


def test_installed_wheel(tmp_path, monkeypatch):
    package = tmp_path / "site-packages" / "corridor_sim"
    (package / "data" / "geodata").mkdir(parents=True)
    (package.parent / "geodata").mkdir()
    monkeypatch.setattr(shipped, "PACKAGE_DIR", package)
    assert shipped.data_dir("geodata") == package / "data" / "geodata"


@pytest.mark.parametrize(("name", "error"), [("geodata", GeodataError), ("scenarios", ScenarioError)])
def test_foreign_folder_beside_an_installed_package_is_not_taken(tmp_path, monkeypatch, name, error):
    package = tmp_path / "site-packages" / "corridor_sim"
    package.mkdir(parents=True)
    (package.parent / name).mkdir()
    monkeypatch.setattr(shipped, "PACKAGE_DIR", package)
    with pytest.raises(error, match=f"folder '{name}' is missing.*install corridor-sim again"):
        shipped.data_dir(name)


def test_unknown_name():
    with pytest.raises(ValueError, match="expected one of geodata, scenarios"):
        shipped.data_dir("geo")


def test_import_is_light():
    heavy = ["geopandas", "networkx", "shapely", "pyproj"]
    code = f"import sys, corridor_sim.network; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
