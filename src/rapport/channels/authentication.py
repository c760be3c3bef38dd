"""Who writes from the web chat: the token says it, on every request and every heartbeat."""

from __future__ import annotations

from rapport.channels.tokens import CustomerTokens
from rapport.core.errors import Unauthenticated
from rapport.core.http.guards import Connection
from rapport.core.http.middleware import environment_of
from rapport.core.identity import Caller

_SCHEME = "Bearer "


class CustomerAuthenticator:
    """Proves that a connection comes from the customer of a chat session."""

    def __init__(self, tokens: CustomerTokens) -> None:
        self._tokens = tokens

    async def __call__(self, connection: Connection) -> Caller:
        """Return the customer whose token the request carries. Raises Unauthenticated."""
        header = connection.headers.get("authorization", "")
        if not header.startswith(_SCHEME):
            raise Unauthenticated(problem="the header Authorization: Bearer is needed")
        return await self.token(connection, header.removeprefix(_SCHEME))

    async def token(self, connection: Connection, token: str) -> Caller:
        """Return the customer of a token in the environment of the connection's host."""
        return self._tokens.caller(token, environment_of(connection.scope))
