"""Fixtures that several tests share, and how properties are tested."""

import pytest
from hypothesis import HealthCheck, settings

from retrieval.generation import Generation
from tests.builders import shipped_archive

# A busy machine makes a good example slow: time is for the benchmarks to judge.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")


@pytest.fixture(scope="session")
def shipped() -> Generation:
    """The shipped archive, for tests that generate nothing: hypothesis would print it all."""
    return shipped_archive()
