"""The provider's OpenID Connect half: discovery, keys, sign-in page, token, userinfo."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from typing import Any
from urllib.parse import unquote, urlencode

import jwt
from jwt.algorithms import RSAAlgorithm
from litestar import Controller, MediaType, Request, Response, get, post

from tests.support.providers.keys import KeyPair, new_pair
from tests.support.providers.page import sign_in_page

SECRET = "a secret, with: signs & wonders"
_PAIR, _STRANGER = new_pair(), new_pair()
_CODES: dict[str, dict[str, Any]] = {}
_ACCESS: dict[str, dict[str, Any]] = {}


def issuer_of(request: Request[Any, Any, Any]) -> str:
    """Return what the provider calls itself."""
    return f"{str(request.base_url).rstrip('/')}/oidc"


class OidcController(Controller):
    """What a client and a browser ask of the provider."""

    path = "/oidc"

    @get("/.well-known/openid-configuration")
    async def discovery(self, request: Request[Any, Any, Any]) -> dict[str, Any]:
        issuer = issuer_of(request)
        return {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/keys",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "authorization_response_iss_parameter_supported": True,
        }

    @get("/keys")
    async def keys(self) -> dict[str, Any]:
        jwk = json.loads(
            RSAAlgorithm.to_jwk(RSAAlgorithm(RSAAlgorithm.SHA256).prepare_key(_PAIR.public))
        )
        return {
            "keys": [{"kty": "oct", "k": "AAAA", "kid": "1"}, {**jwk, "kid": "1", "use": "sig"}]
        }

    @get("/authorize", media_type=MediaType.HTML)
    async def ask(self, request: Request[Any, Any, Any]) -> str:
        query = dict(request.query_params.items())
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        return sign_in_page("/oidc/authorize", query)

    @post("/authorize")
    async def tell(self, request: Request[Any, Any, Any]) -> Response[None]:
        form = {name: str(value) for name, value in (await request.form()).items()}
        answer = {"state": form["state"], "iss": issuer_of(request)}
        if form.get("fault") == "declined":
            answer["error"] = "access_denied"
        else:
            answer["code"] = secrets.token_urlsafe(16)
            _CODES[answer["code"]] = form
        if form.get("fault") == "mixed_up":
            answer["iss"] = "https://another.test"
        url = f"{form['redirect_uri']}?{urlencode(answer)}"
        return Response(None, status_code=303, headers={"location": url}, media_type=MediaType.TEXT)

    @post("/token", status_code=200)
    async def token(self, request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
        form = {name: str(value) for name, value in (await request.form()).items()}
        told = _CODES.pop(form["code"], None)
        if told is None or not _is_client(request, told["client_id"]) or not _fits(form, told):
            return Response({"error": "invalid_grant"}, status_code=400)
        claims = _claims(issuer_of(request), told)
        access = secrets.token_urlsafe(16)
        _ACCESS[access] = told
        body = {"access_token": access, "token_type": "Bearer", "expires_in": 300}
        return Response({**body, "id_token": _signed(claims, told.get("fault", ""))})

    @get("/userinfo")
    async def userinfo(self, request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
        told = _ACCESS.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        if told is None:
            return Response({"error": "invalid_token"}, status_code=401)
        sub = "somebody-else" if told.get("fault") == "other_user" else told["user"]
        return Response({"sub": sub, "employee_number": f"E-{told['user']}"})


def _is_client(request: Request[Any, Any, Any], client_id: str) -> bool:
    kind, _, encoded = request.headers.get("authorization", "").partition(" ")
    name, _, secret = base64.b64decode(encoded).decode().partition(":")
    given = unquote(name.replace("+", " ")), unquote(secret.replace("+", " "))
    return kind == "Basic" and given == (client_id, SECRET)


def _fits(form: dict[str, str], told: dict[str, Any]) -> bool:
    digest = hashlib.sha256(form["code_verifier"].encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return (form["redirect_uri"], challenge) == (told["redirect_uri"], told["code_challenge"])


def _claims(issuer: str, told: dict[str, Any]) -> dict[str, Any]:
    now, fault = int(time.time()), told.get("fault", "")
    scopes = told["scope"].split()
    claims: dict[str, Any] = {
        "iss": "https://another.test" if fault == "issuer" else issuer,
        "sub": told["user"],
        "aud": "another-client" if fault == "audience" else told["client_id"],
        "exp": now - 120 if fault == "expired" else now + 300,
        "iat": now - 600 if fault == "expired" else now,
        "nonce": "of another flow" if fault == "nonce" else told["nonce"],
    }
    if fault == "shared_audience":
        claims |= {"aud": [told["client_id"], "another-client"], "azp": "another-client"}
    if "email" in scopes and told.get("email"):
        claims |= {"email": told["email"], "email_verified": fault != "email_not_verified"}
    if "profile" in scopes and told.get("name"):
        claims["name"] = told["name"]
    return {name: value for name, value in claims.items() if name != fault.removeprefix("no_")}


def _signed(claims: dict[str, Any], fault: str) -> str:
    if fault == "alg_none":
        return jwt.encode(claims, "", algorithm="none", headers={"kid": "1"})
    if fault == "alg_hs256":
        return _by_secret(claims, _PAIR.public.encode())
    if fault == "alg_hs256_of_jwks":
        return _by_secret(claims, base64.urlsafe_b64decode("AAAA"))
    if fault == "alg_hs256_of_client":
        return _by_secret(claims, SECRET.encode())
    pair: KeyPair = _STRANGER if fault == "other_key" else _PAIR
    token = jwt.encode(claims, pair.private, algorithm="RS256", headers={"kid": "1"})
    return token[:-8] + "AAAAAAAA" if fault == "broken" else token


def _by_secret(claims: dict[str, Any], secret: bytes) -> str:
    """Sign as a careless client would believe: with what everybody knows, as if it were a secret."""
    header = {"alg": "HS256", "kid": "1", "typ": "JWT"}
    signed = b".".join(_b64(json.dumps(part).encode()) for part in (header, claims))
    return (signed + b"." + _b64(hmac.digest(secret, signed, "sha256"))).decode()


def _b64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")
