"""JSON that comes in from outside is looked at once, before anything is made of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from rapport.core.errors import Invalid, Malformed

# Every reader and writer of JSON has a limit; this one is met before any of theirs.
DEPTH = 64
_NUL = rb"\u0000"


def check_payload(body: bytes) -> None:
    """Refuse JSON that could be read but not kept, whichever route or request it is for.

    Raises Malformed for what is not UTF-8 or nested deeper than `DEPTH`, and Invalid, with the
    property's path, for the character U+0000 in any text, which databases do not take. What is not
    JSON at all is left to whoever reads it for its meaning.
    """
    try:
        body.decode()
    except UnicodeDecodeError:
        raise Malformed(problem="the body is not UTF-8") from None
    # Inside JSON that character can only stand escaped, so most bodies are not read twice.
    has_nul = _NUL in body
    if not has_nul and body.count(b"[") + body.count(b"{") <= DEPTH:
        return
    try:
        value = msgspec.json.decode(body)
    except RecursionError:
        raise _too_deep() from None
    except msgspec.DecodeError:
        return
    _check_depth(value)
    if has_nul:
        _refuse_nul(value, "")


def _too_deep() -> Malformed:
    return Malformed(problem=f"the body is nested more than {DEPTH} deep")


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(DEPTH + 1):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise _too_deep()


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _refuse_nul(value: Any, path: str) -> None:
    if isinstance(value, str) and "\x00" in value:
        raise Invalid(path=path or "/", problem="the character U+0000 cannot be kept")
    if isinstance(value, dict):
        for key, item in value.items():
            _refuse_nul(key, f"{path}/{{key}}")
            _refuse_nul(item, f"{path}/{key}")
    if isinstance(value, list):
        for place, item in enumerate(value):
            _refuse_nul(item, f"{path}/{place}")
