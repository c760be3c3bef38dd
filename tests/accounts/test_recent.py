"""What is remembered in front of the database is never older than a change that was told."""

from __future__ import annotations

import asyncio

import pytest

from rapport.accounts.authentication.recent import Recent

pytestmark = pytest.mark.unit


class Shelf:
    """A database of one value, whose look-ups wait until they are let go."""

    def __init__(self) -> None:
        self.value: str | None = "old"
        self.looked = 0
        self.free = asyncio.Event()
        self.free.set()

    async def look(self, key: str) -> str | None:
        """Read first, answer later."""
        self.looked += 1
        read = self.value
        await self.free.wait()
        return read


def recent(shelf: Shelf, keep: float = 60, unknown: float = 60) -> Recent[str]:
    return Recent(shelf.look, keep_seconds=keep, keep_unknown_seconds=unknown)


async def test_a_value_is_looked_up_once_for_all_who_ask() -> None:
    shelf = Shelf()
    known = recent(shelf)
    assert await asyncio.gather(*(known.get("k") for _ in range(50))) == ["old"] * 50
    assert await known.get("k") == "old"
    assert shelf.looked == 1


async def test_what_is_forgotten_is_looked_up_again() -> None:
    shelf = Shelf()
    known = recent(shelf)
    await known.get("k")
    shelf.value = "new"
    assert await known.get("k") == "old"
    known.forget("k")
    assert await known.get("k") == "new"
    shelf.value = "newer"
    known.forget_where(lambda value: value == "another")
    assert await known.get("k") == "new"
    known.forget_where(lambda value: value == "new")
    assert await known.get("k") == "newer"


async def test_a_change_told_during_a_look_up_is_not_covered_by_it() -> None:
    shelf = Shelf()
    known = recent(shelf)
    shelf.free.clear()
    asking = asyncio.create_task(known.get("k"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert shelf.looked == 1
    shelf.value = "new"
    known.forget("k")
    shelf.free.set()
    assert await asking == "new"
    assert await known.get("k") == "new"


async def test_what_does_not_exist_is_remembered_for_its_own_time() -> None:
    shelf = Shelf()
    shelf.value = None
    known = recent(shelf, keep=60, unknown=0)
    assert await known.get("k") is None
    shelf.value = "made"
    assert await known.get("k") == "made"


async def test_a_failed_look_up_is_not_remembered() -> None:
    calls = 0

    async def look(key: str) -> str:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise ConnectionError
        return "value"

    known = Recent(look, keep_seconds=60, keep_unknown_seconds=60)
    with pytest.raises(ConnectionError):
        await known.get("k")
    assert await known.get("k") == "value"


async def test_one_who_leaves_does_not_take_the_answer_from_the_others() -> None:
    shelf = Shelf()
    known = recent(shelf)
    shelf.free.clear()
    leaving = asyncio.create_task(known.get("k"))
    staying = asyncio.create_task(known.get("k"))
    await asyncio.sleep(0)
    leaving.cancel()
    shelf.free.set()
    assert await staying == "old"
