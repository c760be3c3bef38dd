"""What a response's metadata must be like to be kept: each item of it says something (4.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rapport.compose.globals.findings import Finding, found
from rapport.compose.texts import inserts_in
from rapport.core.errors import Invalid

LONGEST_KEY = 64
LONGEST_VALUE = 1_000
_BREAK = re.compile(r"[\r\n\t\x00]")


def checked(
    text: str, given: Sequence[Mapping[str, Any]]
) -> tuple[list[dict[str, Any]], list[Finding]]:
    """Return metadata as it is kept, and what is wrong with it.

    A binding without a value says nothing and is left out.
    """
    inserts = inserts_in(text)
    kept: list[dict[str, Any]] = []
    problems: list[Finding] = []
    for item in given:
        name = str(item["name"]).strip()
        values = list(dict.fromkeys(str(value).strip() for value in item["allowedValues"]))
        values = [value for value in values if value]
        if values or name not in inserts:
            kept.append({"name": name, "allowedValues": values})
            problems += _problems(name, values)
    names = [item["name"] for item in kept]
    twice = dict.fromkeys(name for name in names if names.count(name) > 1)
    return kept, problems + [found("key_twice", name=name) for name in twice]


def _problems(name: str, values: Sequence[str]) -> list[Finding]:
    wrong = []
    if not name or len(name) > LONGEST_KEY or _BREAK.search(name):
        wrong.append(found("key_wrong", limit=LONGEST_KEY))
    if not values:
        wrong.append(found("filter_empty", name=name))
    if any(len(value) > LONGEST_VALUE or _BREAK.search(value) for value in values):
        wrong.append(found("value_wrong", name=name, limit=LONGEST_VALUE))
    return wrong


def check(text: str, given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return metadata as it is kept. Raises Invalid."""
    kept, problems = checked(text, given)
    if problems:
        raise Invalid(path="/metadata", problem=problems[0].sentence)
    return kept
