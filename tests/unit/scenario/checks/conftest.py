"""The small scenario of the folder above."""

from __future__ import annotations

from ..conftest import SMALL, Files  # noqa: TID252 - one small scenario for all

__all__ = ["SMALL", "Files"]
