"""Bearer tokens of companies: asking their own API whose one is, and getting another for an expired one."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar

import httpx
import msgspec
from msgspec import Struct

from rapport.channels.identity.policies import is_allowed
from rapport.channels.settings import ChatSettings
from rapport.core import clock
from rapport.core.errors import Unavailable

T = TypeVar("T")

_TIMEOUT = httpx.Timeout(5, connect=3)
_LONGEST_ANSWER = 100_000
# What says that the token is the trouble, not the company's server.
_REFUSED = {400, 401, 403}


class BearerSet(Struct, kw_only=True):
    """An access token with what renews it, as the company's sign-in gives it out."""

    token_type: str
    access_token: str
    expires_in: float | None = None
    expires_on: float | None = None
    refresh_token: str | None = None

    @property
    def is_expired(self) -> bool:
        """Whether it says of itself that it is over."""
        return self.expires_on is not None and self.expires_on <= clock.now().timestamp()


class Client(NamedTuple):
    """As whom tokens are refreshed."""

    id: str
    secret: str


class Companies:
    """Every company's API that this node asks about its customers."""

    def __init__(self, settings: ChatSettings) -> None:
        self._settings = settings
        self._client = httpx.AsyncClient(timeout=_TIMEOUT, follow_redirects=False)

    async def close(self) -> None:
        """Let go of every connection."""
        await self._client.aclose()

    async def profile(self, url: str, token: str) -> dict[str, Any] | None:
        """Return what a company says of whoever bears a token; None when it refuses the token.

        Raises Unavailable when it cannot be asked.
        """
        if not (token.isascii() and token.isprintable()):
            return None
        headers = {"authorization": f"Bearer {token}"}
        return await self._ask("GET", url, dict[str, Any], headers=headers)

    async def refreshed(self, url: str, client: Client, old: BearerSet) -> BearerSet | None:
        """Return another set for the refresh token of an old one; None when it is refused.

        Raises Unavailable when it cannot be asked.
        """
        if old.refresh_token is None:
            return None
        form = {"grant_type": "refresh_token", "refresh_token": old.refresh_token}
        auth = httpx.BasicAuth(client.id, client.secret)
        found = await self._ask("POST", url, BearerSet, data=form, auth=auth)
        if found is None:
            return None
        if found.expires_in is not None and found.expires_on is None:
            found.expires_on = int(clock.now().timestamp() + found.expires_in)
        # A refresh token that is not replaced goes on.
        found.refresh_token = found.refresh_token or old.refresh_token
        return found

    async def _ask(self, method: str, url: str, kind: type[T], **more: Any) -> T | None:
        if not is_allowed(url, self._settings):
            raise Unavailable(what="the company's API is on a host that is not to be asked")
        try:
            async with self._client.stream(method, url, **more) as answer:
                if answer.status_code in _REFUSED:
                    return None
                if answer.status_code != 200:
                    raise Unavailable(what=f"the company's API answered {answer.status_code}")
                body = bytearray()
                async for part in answer.aiter_bytes():
                    body += part
                    if len(body) > _LONGEST_ANSWER:
                        raise Unavailable(what="the company's API said too much")
            return msgspec.json.decode(body, type=kind)
        except (httpx.HTTPError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise Unavailable(what=f"the company's API: {type(error).__name__}") from None
