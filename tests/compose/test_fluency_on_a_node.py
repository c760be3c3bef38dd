"""What a node keeps for spelling: its dictionaries, and what it has corrected."""

from __future__ import annotations

import pytest

from tests.support.house import House

pytestmark = pytest.mark.unit


async def test_dictionaries_that_could_not_be_loaded_are_tried_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    fluency = house.compose.fluency
    monkeypatch.setattr("rapport.engines.spelling.LANGUAGES", ("a language without a file",))
    with pytest.raises(FileNotFoundError):
        await fluency.prepare()
    monkeypatch.undo()

    loading = fluency.prepare()
    await loading

    assert fluency.prepare() is loading
