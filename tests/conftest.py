"""What costs seconds to build is built once: the shipped archive, as the bot holds it."""

import pytest

from retrieval.generation import Generation, build
from tests.builders import ARTICLES


@pytest.fixture(scope="session")
def shipped() -> Generation:
    """The five articles that ship, indexed."""
    return build(ARTICLES)
