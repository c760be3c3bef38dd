"""A request as every route receives it: its address and its body hold only what can be kept."""

from __future__ import annotations

import re
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from rapport.core.errors import Malformed
from rapport.core.texts import refuse_unstorable

_NUL_IN_QUERY = re.compile(rb"%00|\x00")


class CleanRequest(Request[Any, Any, Any]):
    """A request whose body has been looked through once, whichever route reads it."""

    async def body(self) -> bytes:
        """Return the body. Raises Invalid for a text in it that cannot be kept."""
        unread = not isinstance(self._body, bytes)
        body = await super().body()
        if unread:
            refuse_unstorable(body)
        return body


async def clean_address(
    connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler
) -> None:
    """Refuse an address that names what no database, file or id can be called (a guard of all routes)."""
    scope = connection.scope
    if "\x00" in scope["path"] or _NUL_IN_QUERY.search(scope["query_string"]):
        raise Malformed(problem="the address contains the character U+0000")
