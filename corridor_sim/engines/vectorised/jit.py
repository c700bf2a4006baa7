"""Compilation by numba, where it is installed; without it functions run as they are, slower, with the same numbers.

Functions that are marked here use nothing but numbers, arrays and named tuples of arrays. Loading numba takes half a
second and compiling some: import this module only when there is enough to do, see `compiled.Worth`.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def code_of(folder: Path) -> str:
    """Return a digest of the modules in a folder."""
    found = hashlib.sha256()
    for module in sorted(folder.glob("*.py")):
        found.update(module.read_bytes())
    return found.hexdigest()


try:
    from numba import njit, types
    from numba.extending import intrinsic

    compiled: Callable[..., Any] = njit(cache=True, nogil=True, error_model="numpy")
    # what takes named tuples is put in place of its call: they are passed by value, array by array
    inlined: Callable[..., Any] = njit(cache=True, nogil=True, error_model="numpy", inline="always")

    @intrinsic
    def _borrowed(_context: Any, table: Any) -> Any:
        """Return a named tuple of arrays that nobody owns: counting owners at every use took most of the time."""

        def code(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            (found,) = arguments
            for k, kind in enumerate(table.types):
                if isinstance(kind, types.Array):
                    array = context.make_array(kind)(context, builder, builder.extract_value(found, k))
                    array.meminfo, array.parent = array.meminfo.type(None), array.parent.type(None)
                    found = builder.insert_value(found, array._getvalue(), k)  # noqa: SLF001  # as in numba itself
            return found

        return table(table), code

    borrowed: Callable[..., Any] = _borrowed
    IS_THERE = True

except ImportError:

    def compiled(what: Any) -> Any:
        """Leave a function, or a named tuple, as it is."""
        return what

    inlined = borrowed = compiled
    IS_THERE = False
