"""What a response's metadata must be like to be kept: each item of it says something (4.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rapport.compose.texts import inserts_in
from rapport.core.errors import Invalid

LONGEST_KEY = 64
LONGEST_VALUE = 1_000
_BREAK = re.compile(r"[\r\n\t\x00]")


def checked(
    text: str, given: Sequence[Mapping[str, Any]]
) -> tuple[list[dict[str, Any]], list[str]]:
    """Return metadata as it is kept, and what is wrong with it.

    A binding without a value says nothing and is left out.
    """
    inserts, kept, problems = inserts_in(text), [], []
    for item in given:
        name = str(item["name"]).strip()
        values = list(dict.fromkeys(str(value).strip() for value in item["allowedValues"]))
        values = [value for value in values if value]
        if values or name not in inserts:
            kept.append({"name": name, "allowedValues": values})
            problems += _problems(name, values)
    names = [item["name"] for item in kept]
    twice = dict.fromkeys(name for name in names if names.count(name) > 1)
    return kept, problems + [f"the key {name} stands there twice" for name in twice]


def _problems(name: str, values: Sequence[str]) -> list[str]:
    found = []
    if not name or len(name) > LONGEST_KEY or _BREAK.search(name):
        found.append(f"a key has 1 to {LONGEST_KEY} characters and no line break")
    if not values:
        found.append(f"the filter {name} has no value")
    if any(len(value) > LONGEST_VALUE or _BREAK.search(value) for value in values):
        found.append(f"a value of {name} has at most {LONGEST_VALUE} characters and no line break")
    return found


def check(text: str, given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return metadata as it is kept. Raises Invalid."""
    kept, problems = checked(text, given)
    if problems:
        raise Invalid(path="/metadata", problem=problems[0])
    return kept
