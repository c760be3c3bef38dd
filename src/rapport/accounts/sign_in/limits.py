"""How often one network address may try to sign in, by a password or through a provider."""

from __future__ import annotations

from rapport.accounts.settings import AccountsSettings
from rapport.core.errors import TooMany
from rapport.core.http.guards import Connection
from rapport.core.limits import Limits


async def take_attempt(connection: Connection) -> None:
    """Count an attempt. Raises TooMany for more than people at one address make."""
    settings = connection.app.state["settings"][AccountsSettings]
    limits: Limits = connection.app.state["limits"]
    address = connection.client.host if connection.client else ""
    rate, burst = settings.address_rate, settings.address_burst
    wait = await limits.take(f"sign-in:{address}", rate=rate, burst=burst)
    if wait is not None:
        raise TooMany(limit="sign in a little later", retry_after_seconds=wait)
