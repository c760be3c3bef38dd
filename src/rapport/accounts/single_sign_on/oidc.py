"""OpenID Connect: the authorization-code flow with state, nonce and PKCE (CMP-246..248, PLT-196)."""

from __future__ import annotations

import base64
import hashlib
import warnings
from typing import Any
from urllib.parse import urlencode

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwt import JWTClaimsRegistry

from rapport.accounts.single_sign_on.arrivals import Identity
from rapport.accounts.single_sign_on.connections import OidcProvider
from rapport.accounts.single_sign_on.flows import Begun
from rapport.accounts.single_sign_on.models import Flow
from rapport.accounts.single_sign_on.problems import Problem, SingleSignOnRefused, unverified
from rapport.accounts.single_sign_on.providers import Offered, Providers
from rapport.core import clock

# Signatures of key pairs only: with `none` or a shared secret, whoever knows what is public signs.
_ALGORITHMS = [
    *("RS256", "RS384", "RS512"),
    *("PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512"),
]
_SKEW_SECONDS = 60


async def authorization_url(providers: Providers, provider: OidcProvider, begun: Begun) -> str:
    """Return where to send a browser that wants to sign in."""
    offered = await providers.offered(provider.issuer)
    flow = begun.flow
    challenge = hashlib.sha256(flow.code_verifier.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": flow.answer_url,
        "scope": " ".join(provider.scopes),
        "state": begun.state,
        "nonce": flow.nonce,
        "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    address = offered.authorization_endpoint
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"


async def identity_for(
    providers: Providers,
    provider: OidcProvider,
    client_secret: str,
    flow: Flow,
    code: str,
    issuer: str | None = None,
) -> Identity:
    """Give the code of a callback for whom it names; `issuer` is what the callback says it is of.

    Raises SingleSignOnRefused for whatever is not as it must be.
    """
    offered = await providers.offered(provider.issuer)
    is_said = issuer is not None or offered.authorization_response_iss_parameter_supported
    if is_said and issuer != provider.issuer:
        raise unverified("the callback is of another issuer")
    form = {"code": code, "redirect_uri": flow.answer_url, "code_verifier": flow.code_verifier}
    tokens = await providers.exchange(offered, provider.client_id, client_secret, form)
    claims = await _claims(providers, provider, offered, tokens.id_token, flow.nonce)
    if tokens.access_token and not _wanted(provider) <= set(claims):
        told = await _told(providers, offered, tokens.access_token)
        if told and told.get("sub") != claims["sub"]:
            raise unverified("the provider tells of somebody else")
        claims = {**told, **claims}
    return _identity(claims, provider)


def _wanted(provider: OidcProvider) -> set[str]:
    """Return the claims that are worth another question, when the ID token is without them."""
    by_scope = {"email": "email", "profile": "name"}
    wanted = {claim for scope, claim in by_scope.items() if scope in provider.scopes}
    return {provider.user_id_claim, *wanted}


async def _told(providers: Providers, offered: Offered, access_token: str) -> dict[str, Any]:
    """Return what the provider tells beside the ID token, which is enough where it tells nothing."""
    try:
        return await providers.user_info(offered, access_token)
    except SingleSignOnRefused:
        return {}


async def _claims(
    providers: Providers, provider: OidcProvider, offered: Offered, id_token: str, nonce: str
) -> dict[str, Any]:
    """Return what an ID token says, if it is signed by the provider, for us, now, for this flow."""
    try:
        header = jws.extract_compact(id_token.encode()).headers()
    except (JoseError, ValueError):
        raise unverified("the ID token cannot be read") from None
    if header.get("alg") not in _ALGORITHMS:
        raise unverified("the ID token has a signature of another kind")
    kid = header.get("kid")
    for candidate in await providers.keys(offered, kid if isinstance(kid, str) else None):
        claims = _signed(id_token, candidate.key)
        if claims is not None:
            _check(claims, provider, nonce)
            return claims
    raise unverified("the ID token is signed with no key of the provider")


def _signed(id_token: str, key: Any) -> dict[str, Any] | None:
    try:
        with warnings.catch_warnings():
            # A weak key is refused like one that does not fit.
            warnings.simplefilter("error")
            return dict(jwt.decode(id_token, key, algorithms=_ALGORITHMS).claims)
    except (JoseError, ValueError, TypeError, Warning):
        return None


def _check(claims: dict[str, Any], provider: OidcProvider, nonce: str) -> None:
    registry = JWTClaimsRegistry(
        now=int(clock.now().timestamp()),
        leeway=_SKEW_SECONDS,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        registry.validate(claims)
    except (JoseError, ValueError, TypeError) as error:
        raise unverified(f"a claim of the ID token does not hold: {_claim(error)}") from None
    audience = claims["aud"]
    party = claims.get("azp")
    is_shared = isinstance(audience, list) and len(audience) > 1
    if (is_shared or party is not None) and party != provider.client_id:
        raise unverified("the ID token was given to another client")


def _claim(error: Exception) -> str:
    name = getattr(error, "claim", None)
    known = {"iss", "aud", "exp", "iat", "nbf", "sub", "nonce"}
    return name if name in known else type(error).__name__


def _identity(claims: dict[str, Any], provider: OidcProvider) -> Identity:
    user_id = claims.get(provider.user_id_claim)
    if isinstance(user_id, int) and not isinstance(user_id, bool):
        user_id = str(user_id)
    if not isinstance(user_id, str) or not user_id:
        raise SingleSignOnRefused(Problem.NO_USER_ID, "the claim of the user id is missing")
    parts = (_text(claims, "given_name"), _text(claims, "family_name"))
    full = " ".join(part for part in parts if part)
    return Identity(
        user_id=user_id,
        email=_text(claims, "email"),
        name=_text(claims, "name") or full or _text(claims, "preferred_username"),
        email_is_disputed=claims.get("email_verified", True) not in (True, "true"),
    )


def _text(claims: dict[str, Any], name: str) -> str | None:
    value = claims.get(name)
    return value if isinstance(value, str) and value else None
