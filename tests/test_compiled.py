"""Kernels are compiled when they are asked for, and never on the way."""

import subprocess
import sys
from importlib import import_module
from unittest.mock import patch

import pytest

from retrieval import compiled
from tests.builders import ROOT

NOT_YET = """
import sys
from retrieval import compiled
from retrieval.bm25 import Bm25
assert not compiled.loaded() and compiled.kernels("retrieval.bm25.kernels") is None
Bm25([]).top(["уран"], 3)
assert "numba" not in sys.modules
"""


def test_nothing_is_imported_before_it_is_asked_for() -> None:
    subprocess.run([sys.executable, "-c", NOT_YET], check=True, cwd=ROOT)


def test_without_numba_there_are_none() -> None:
    with patch.object(compiled, "find_spec", lambda _: None):
        assert not compiled.load.__wrapped__()
        assert not compiled.cached()


def test_loaded_they_are_cached_and_compile_nothing_more() -> None:
    pytest.importorskip("numba")
    assert compiled.load()
    assert compiled.loaded()
    assert compiled.cached()
    for name in compiled.MODULES:
        assert compiled.kernels(name) is import_module(name)
        for kernel, signatures in import_module(name).KERNELS:
            assert len(kernel.signatures) == len(signatures)
            with pytest.raises(TypeError, match="No matching definition"):
                kernel(*["unknown"] * len(signatures[0]))
