"""A server that trains with little, and a company on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.company import TestCompany, make_company
from tests.support.server import Running, running

SMALL = {
    "RAPPORT_TRAINING_LEAST_CONVERSATIONS": "60",
    "RAPPORT_TRAINING_SLICE_CONVERSATIONS": "40",
    "RAPPORT_TRAINING_NICENESS": "0",
    "RAPPORT_TRAINING_THREADS": "1",
    "RAPPORT_TRAINING_EVERY_DAYS": "0",
}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server that trains with little."""
    with running(tmp_path_factory.mktemp("small"), **SMALL) as started:
        yield started


@pytest.fixture
async def company(small: Running) -> TestCompany:
    return await make_company(small)
