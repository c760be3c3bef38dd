"""Whatever the server refuses, the pages say in the reader's language."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import rapport
from rapport.core.errors import (
    Conflict,
    Forbidden,
    Invalid,
    Malformed,
    NotFound,
    Refusal,
    TooLarge,
    TooMany,
    Unauthenticated,
)

pytestmark = pytest.mark.unit

WORDS = Path(__file__).parents[2] / "web/app/src/i18n"
# Told by their status, with what the server says where that helps; `Refusal` and `Conflict` are bases only.
BY_STATUS = {
    *(Refusal, Conflict, Malformed, Invalid, Unauthenticated),
    *(Forbidden, NotFound, TooLarge, TooMany),
}
# What no page can be told: of routes that only a key calls, of commands, and what the stream client heals.
ELSEWHERE = {"WrongCustomer", "WrongTimestamp", "MarkerTaken", "SnapshotRequired"}


def refusals(of: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    for each in of.__subclasses__():
        yield each
        yield from refusals(each)


def known_to_the_server() -> dict[str, type[Refusal]]:
    """Every refusal that some module of the server defines, by the name it goes by."""
    for module in pkgutil.walk_packages(rapport.__path__, "rapport."):
        if not module.name.endswith("__main__") and ".migrations" not in module.name:
            importlib.import_module(module.name)
    return {
        re.sub(r"(?<!^)(?=[A-Z])", "_", each.__name__).lower(): each
        for each in refusals()
        if each.__module__.startswith("rapport.") and each not in BY_STATUS
    }


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_refusal_of_the_server_has_words_in_every_language(language: str) -> None:
    written = (WORDS / language / "refusals.ts").read_text()
    words = set(re.findall(r'^  "refusal\.(\w+)": ".+",$', written, re.MULTILINE))
    known = known_to_the_server()

    wanted = {name for name, each in known.items() if each.__name__ not in ELSEWHERE}
    assert wanted - words == set()
    # And nothing is kept for what is refused no more.
    assert words - set(known) == set()


def test_what_is_told_by_its_status_is_never_a_bare_base() -> None:
    for source in Path(next(iter(rapport.__path__))).rglob("*.py"):
        assert not re.search(r"raise (Conflict|Refusal)\(", source.read_text()), source
