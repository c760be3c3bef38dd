"""Texts that a database cannot keep are refused as they come in, wherever they come in."""

from __future__ import annotations

from typing import Any

import msgspec

from rapport.core.errors import Invalid

_ESCAPED = rb"\u0000"


def refuse_unstorable(body: bytes) -> None:
    """Raise Invalid, with the property's path, for JSON with the character U+0000 in any text.

    Inside JSON that character can only stand escaped, so a body without the escape is not read.
    One that cannot be read at all is left to whoever reads it for its meaning.
    """
    if _ESCAPED not in body:
        return
    try:
        _look_into(msgspec.json.decode(body), "")
    except msgspec.DecodeError:
        return


def _look_into(value: Any, path: str) -> None:
    if isinstance(value, str) and "\x00" in value:
        raise Invalid(path=path or "/", problem="the character U+0000 cannot be kept")
    if isinstance(value, dict):
        for key, item in value.items():
            _look_into(key, f"{path}/{{key}}")
            _look_into(item, f"{path}/{key}")
    if isinstance(value, list):
        for place, item in enumerate(value):
            _look_into(item, f"{path}/{place}")
