"""Asking identity providers over HTTP: what they offer, their keys, a code for tokens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Generic, NamedTuple, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey
from msgspec import Meta

from rapport.accounts.single_sign_on.connections import is_web_address
from rapport.accounts.single_sign_on.problems import Problem, SingleSignOnRefused, unverified
from rapport.accounts.single_sign_on.settings import SingleSignOnSettings
from rapport.core import clock

T = TypeVar("T")

_TIMEOUT = httpx.Timeout(8, connect=4)
_LONGEST_ANSWER = 1_000_000
_REMEMBER = timedelta(minutes=10)
# A key that nobody knows is looked for anew, but not at every forged token.
_LOOK_AGAIN = timedelta(seconds=30)
_MOST_REMEMBERED = 500
_KEY_TYPES: dict[str, type[RSAKey] | type[ECKey]] = {"RSA": RSAKey, "EC": ECKey}

Url = Annotated[str, Meta(min_length=1, max_length=2000)]


class Offered(msgspec.Struct, frozen=True):
    """What a provider says of itself (OpenID Connect Discovery)."""

    issuer: str
    authorization_endpoint: Url
    token_endpoint: Url
    jwks_uri: Url
    userinfo_endpoint: Url | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


class Tokens(msgspec.Struct, frozen=True):
    """What a provider gives for a code."""

    id_token: str
    access_token: str | None = None


class SigningKey(NamedTuple):
    """One public key of a provider, and its name."""

    kid: str | None
    key: RSAKey | ECKey


class _Remembered(NamedTuple, Generic[T]):
    value: T
    at: datetime


class _Memory(Generic[T]):
    """What providers said lately, by the address at which they said it."""

    def __init__(self) -> None:
        self._known: dict[str, _Remembered[T]] = {}

    def recent(self, address: str, longest: timedelta) -> T | None:
        found = self._known.get(address)
        return found.value if found and clock.now() - found.at < longest else None

    def keep(self, address: str, value: T) -> None:
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
        self._known[address] = _Remembered(value, clock.now())


class _Jwks(msgspec.Struct):
    keys: list[dict[str, Any]]


class Providers:
    """Every identity provider that this node asks; what they say of themselves is remembered."""

    def __init__(self, settings: SingleSignOnSettings) -> None:
        self._settings = settings
        self._client = httpx.AsyncClient(timeout=_TIMEOUT, follow_redirects=False)
        # Apart, as one provider's name may be where another one says its keys are.
        self._offered: _Memory[Offered] = _Memory()
        self._keys: _Memory[list[SigningKey]] = _Memory()

    async def close(self) -> None:
        """Let go of every connection."""
        await self._client.aclose()

    async def offered(self, issuer: str) -> Offered:
        """Return what a provider says of itself; it has to call itself by the configured name."""
        known = self._offered.recent(issuer, _REMEMBER)
        if known is not None:
            return known
        address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        offered = self._read(await self._ask("GET", address), Offered)
        if offered.issuer != issuer:
            raise unverified("the provider calls itself by another name")
        if not is_web_address(offered.authorization_endpoint, plain_http=self._settings.plain_http):
            raise unverified("the provider's sign-in page is no https address")
        self._offered.keep(issuer, offered)
        return offered

    async def keys(self, offered: Offered, kid: str | None) -> list[SigningKey]:
        """Return the provider's keys of a name, all of them for None; new keys are looked for."""
        known = self._keys.recent(offered.jwks_uri, _REMEMBER)
        if known is None or (
            not _named(known, kid) and self._keys.recent(offered.jwks_uri, _LOOK_AGAIN) is None
        ):
            answer = self._read(await self._ask("GET", offered.jwks_uri), _Jwks)
            known = _signing_keys(answer.keys)
            self._keys.keep(offered.jwks_uri, known)
        return _named(known, kid)

    async def exchange(
        self, offered: Offered, client_id: str, client_secret: str, form: Mapping[str, str]
    ) -> Tokens:
        """Give a code for tokens, as the client that the secret proves."""
        sent = {"grant_type": "authorization_code", **form}
        auth: httpx.BasicAuth | None = None
        methods = offered.token_endpoint_auth_methods_supported
        if "client_secret_basic" in methods or "client_secret_post" not in methods:
            auth = httpx.BasicAuth(_encoded(client_id), _encoded(client_secret))
        else:
            sent |= {"client_id": client_id, "client_secret": client_secret}
        return self._read(
            await self._ask("POST", offered.token_endpoint, data=sent, auth=auth), Tokens
        )

    async def user_info(self, offered: Offered, access_token: str) -> dict[str, Any]:
        """Return what the provider tells of whoever signed in; nothing where it tells nothing."""
        if offered.userinfo_endpoint is None:
            return {}
        headers = {"authorization": f"Bearer {access_token}"}
        answer = await self._ask("GET", offered.userinfo_endpoint, headers=headers)
        return self._read(answer, dict[str, Any])

    async def _ask(self, method: str, url: str, **more: Any) -> bytes:
        self._check(url)
        try:
            async with self._client.stream(
                method,
                url,
                headers={"accept": "application/json", **more.pop("headers", {})},
                **more,
            ) as answer:
                if answer.status_code != 200:
                    raise _unreachable(f"the provider answered {answer.status_code}")
                body = bytearray()
                async for part in answer.aiter_bytes():
                    body += part
                    if len(body) > _LONGEST_ANSWER:
                        raise _unreachable("the provider's answer is too long")
                return bytes(body)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _unreachable(type(error).__name__) from None

    def _check(self, url: str) -> None:
        if not is_web_address(url, plain_http=self._settings.plain_http):
            raise _unreachable("the provider names an address without https")
        hosts = self._settings.provider_hosts
        if hosts and urlsplit(url).hostname not in hosts:
            raise _unreachable("the provider is on a host that is not to be asked")

    def _read(self, body: bytes, kind: type[T]) -> T:
        try:
            return msgspec.json.decode(body, type=kind)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise _unreachable("the provider's answer cannot be read") from None


def _signing_keys(jwks: list[dict[str, Any]]) -> list[SigningKey]:
    """Return the public keys for signatures. A shared secret in a public place is none."""
    found = []
    for jwk in jwks:
        kind = _KEY_TYPES.get(str(jwk.get("kty")))
        if kind is None or jwk.get("use", "sig") != "sig":
            continue
        try:
            key = kind.import_key(jwk)
        except (JoseError, ValueError, KeyError, TypeError):
            continue
        kid = jwk.get("kid")
        found.append(SigningKey(kid if isinstance(kid, str) else None, key))
    return found


def _named(keys: list[SigningKey], kid: str | None) -> list[SigningKey]:
    return [each for each in keys if kid is None or each.kid in {kid, None}]


def _encoded(part: str) -> str:
    """Return an id or secret as HTTP Basic authentication of OAuth 2.0 wants it."""
    return str(httpx.QueryParams({"": part}))[1:]


def _unreachable(reason: str) -> SingleSignOnRefused:
    return SingleSignOnRefused(Problem.UNREACHABLE, reason)
