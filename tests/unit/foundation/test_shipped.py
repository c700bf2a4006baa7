import pytest

from corridor_sim.foundation import shipped
from corridor_sim.foundation.errors import GeodataError, ScenarioError
from corridor_sim.foundation.shipped import data_dir


def test_the_checkout_has_scenarios_and_geodata():
    assert (data_dir("scenarios") / "baseline-2025.yaml").is_file()
    assert data_dir("geodata").is_dir()


def test_an_installed_package_uses_its_own_copy(tmp_path, monkeypatch):
    package = tmp_path / "site-packages" / "corridor_sim"
    (package / "data" / "scenarios").mkdir(parents=True)
    monkeypatch.setattr(shipped, "PACKAGE_DIR", package)
    assert data_dir("scenarios") == package / "data" / "scenarios"


@pytest.mark.parametrize(("name", "kind"), [("scenarios", ScenarioError), ("geodata", GeodataError)])
def test_a_folder_of_that_name_beside_an_installed_package_is_somebody_elses(tmp_path, monkeypatch, name, kind):
    (tmp_path / name).mkdir()
    monkeypatch.setattr(shipped, "PACKAGE_DIR", tmp_path / "corridor_sim")
    with pytest.raises(kind, match=f"folder '{name}' is missing"):
        data_dir(name)


def test_other_names_are_refused():
    with pytest.raises(ValueError, match="expected one of geodata, scenarios"):
        data_dir("secrets")  # type: ignore[arg-type]
