"""Texts that a database cannot keep are refused at the edge, before anything is done with them."""

from __future__ import annotations

from typing import Any

import msgspec

from rapport.core.errors import Invalid


def refuse_unstorable(value: Any, path: str = "") -> None:
    """Raise Invalid, with its path, for a text that contains a NUL character."""
    if isinstance(value, str):
        if "\x00" in value:
            raise Invalid(path=path or "/", problem="the character U+0000 cannot be kept")
    elif isinstance(value, msgspec.Struct):
        names = zip(value.__struct_fields__, value.__struct_encode_fields__, strict=True)
        for name, wire_name in names:
            refuse_unstorable(getattr(value, name), f"{path}/{wire_name}")
    elif isinstance(value, dict):
        for key, item in value.items():
            refuse_unstorable(key, f"{path}/{{key}}")
            refuse_unstorable(item, f"{path}/{key}")
