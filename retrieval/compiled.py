"""Compiled code, if there is any: kernels made by numba, an optional package.

Whoever has a kernel has the same in numpy as well, and takes that until all kernels are loaded.
Nothing is ever compiled on the way: a kernel is compiled for the signatures that its module lists,
when `load` is called, and then refuses any other. Numba keeps what it compiled next to the module,
or in the user's cache folder if that one cannot be written to.
"""

import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

MODULES = ("retrieval.bm25.kernels", "retrieval.tally_kernels")
"""The only ones that import numba. Each has `KERNELS`: its functions, each with the tuples of
argument types that it is compiled for."""


@cache
def load() -> bool:
    """Compile the kernels or take them from numba's cache; False without numba.

    Takes seconds. Other threads may ask `loaded` meanwhile.
    """
    if not find_spec("numba"):
        return False
    for kernel, signatures in _kernels():
        kernel.disable_compile(False)
        for signature in signatures:
            kernel.compile(signature)
        kernel.disable_compile()
    return True


def loaded() -> bool:
    """Whether `load` was called in this process, has ended, and found numba."""
    return load.cache_info().currsize == 1 and load()


def cached() -> bool:
    """Whether `load` would compile nothing. Imports numba, if there is one (0.3 s)."""
    if not find_spec("numba"):
        return False
    stored = import_module("numba.core.caching").FunctionCache
    return all(
        stored(kernel.py_func).load_overload(signature, kernel.targetctx) is not None
        for kernel, signatures in _kernels()
        for signature in signatures
    )


def kernels(module: str) -> ModuleType | None:
    """One of `MODULES`; None as long as they are not loaded."""
    return sys.modules[module] if loaded() else None


def _kernels() -> Iterator[tuple[Any, tuple[Any, ...]]]:
    for name in MODULES:
        if find_spec(name):
            yield from import_module(name).KERNELS
