"""What tests of Compose share."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.house import House, open_house


@pytest.fixture
async def house(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[House]:
    async with open_house(tmp_path, **getattr(request, "param", {})) as opened:
        yield opened
