"""Result folders appear whole or not at all: written under a temporary name, then renamed."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from corridor_sim.foundation.errors import ResultError

if TYPE_CHECKING:
    from collections.abc import Callable


WRITTEN = frozenset({".json", ".yaml", ".parquet", ".csv", ".png", ".svg", ".html"})
"""Endings of what runs write. Anything else in a result folder is the user's, and stays when the result is replaced."""


def is_result_folder(folder: Path) -> bool:
    """Whether a folder holds a result."""
    return (folder / "manifest.json").is_file()


def check_writable(folder: str | Path) -> Path:
    """Check, before a long run, that a result folder can be put there.

    Raises
    ------
    ResultError
        When the folder cannot be created there, or something that is no result folder is in the way.
    """
    target = Path(folder)
    if target.exists() and not is_result_folder(target) and (not target.is_dir() or any(target.iterdir())):
        raise ResultError(f"{target}: is in the way and is no result folder; choose another one with --out")
    parent = target.absolute().parent
    while not parent.exists():
        parent = parent.parent
    try:
        Path(tempfile.mkdtemp(prefix=f".{target.name}.tmp-", dir=parent)).rmdir()
    except OSError as error:
        raise ResultError(f"{target}: cannot be written, {parent} is not a folder one may write to") from error
    return target


def write_folder(folder: str | Path, write: Callable[[Path], None]) -> Path:
    """Let ``write`` fill a temporary folder beside the target, then put it in the target's place.

    Raises
    ------
    ResultError
        When the folder cannot be written. What stood under its name before is then still there.
    """
    target = check_writable(folder)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.tmp-", dir=target.parent))
    except OSError as error:
        raise ResultError(f"{target}: cannot be written: {error.strerror}") from error
    try:
        write(draft)
        draft.chmod(0o755)
        _put_in_place(draft, target)
    except OSError as error:
        raise ResultError(f"{target}: cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return target


def _put_in_place(draft: Path, target: Path) -> None:
    """Rename; a folder that is replaced steps aside first, so that there is never half of one."""
    if not target.exists():
        draft.replace(target)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}.tmp-", dir=target.parent))
    target.replace(aside / target.name)
    draft.replace(target)
    for kept in (aside / target.name).iterdir():
        if kept.suffix not in WRITTEN and not (target / kept.name).exists():
            kept.replace(target / kept.name)
    shutil.rmtree(aside, ignore_errors=True)
