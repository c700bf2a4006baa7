"""Where the data that comes with the package lies: in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from corridor_sim.foundation.errors import GeodataError, InputError, Problem, ScenarioError

PACKAGE_DIR = Path(__file__).resolve().parent.parent
"""Folder of the package ``corridor_sim``."""

ShippedName = Literal["geodata", "scenarios"]
_ERRORS: dict[str, type[InputError]] = {"geodata": GeodataError, "scenarios": ScenarioError}


def data_dir(name: ShippedName) -> Path:
    """Find a folder of shipped data.

    Parameters
    ----------
    name : {"geodata", "scenarios"}
        The folder wanted.

    Returns
    -------
    pathlib.Path
        ``corridor_sim/data/<name>`` of an installed wheel, else ``<name>`` beside the package in a checkout.

    Raises
    ------
    GeodataError, ScenarioError
        When the folder is in neither place: the installation is incomplete.
    """
    if name not in _ERRORS:
        raise ValueError(f"no shipped data is called '{name}', expected one of {', '.join(sorted(_ERRORS))}")
    installed = PACKAGE_DIR / "data" / name
    if installed.is_dir():
        return installed
    root = PACKAGE_DIR.parent
    beside = root / name
    # Only a checkout has pyproject.toml there; in site-packages a folder of that name belongs to somebody else.
    if (root / "pyproject.toml").is_file() and beside.is_dir():
        return beside
    message = f"the package's folder '{name}' is missing, looked in {installed} and {beside}"
    raise _ERRORS[name]([Problem("", message, hint="install corridor-sim again, or run from a full checkout")])
