"""Route handlers for the busiest routes."""

from __future__ import annotations

from typing import Any

from litestar import post
from litestar.connection import ASGIConnection


class busy_post(post):  # noqa: N801 (named as the decorator it is)
    """A `post` whose guards get the handler itself.

    The framework hands each guard a copy of the handler, made anew for every request; ours do not
    touch it (measured: 12 of 330 microseconds for each message accepted).
    """

    async def authorize_connection(self, connection: ASGIConnection[Any, Any, Any, Any]) -> None:
        """Run every guard in scope, from the outermost inwards."""
        for guard in self.resolve_guards():
            await guard(connection, self)  # type: ignore[misc]
