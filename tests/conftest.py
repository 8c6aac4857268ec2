"""Fixtures that several tests share, and how properties are tested."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from retrieval.assembling import build
from retrieval.generation import Generation
from tests.builders import Archive, shipped_archive

# A busy machine makes a good example slow: time is for the benchmarks to judge.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")


@pytest.fixture(scope="session")
def shipped() -> Generation:
    """The shipped archive, for tests that generate nothing: hypothesis would print it all."""
    return shipped_archive()


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Writes texts as files of an archive of its own, and builds it."""

    def write(texts: dict[str, str]) -> Generation:
        for name, text in texts.items():
            (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
        return build(tmp_path)

    return write
