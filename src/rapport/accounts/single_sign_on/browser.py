"""`/auth`: where browsers begin single sign-on, and where providers send them back to.

These are pages' addresses, not an API: whatever happens, the browser is led on, to the application
or to the sign-in page, which says what was refused and under which request id the log has it.
"""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

import structlog
from litestar import Controller, Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, FromQuery, QueryParameter

from rapport.accounts.settings import AccountsSettings
from rapport.accounts.sign_in.cookies import session_cookie
from rapport.accounts.sign_in.limits import take_attempt
from rapport.accounts.single_sign_on import service
from rapport.accounts.single_sign_on.addresses import (
    addresses_of,
    base_url,
    marker_of_callback,
    marker_of_realm,
    own_path,
)
from rapport.accounts.single_sign_on.flows import cookie_name
from rapport.accounts.single_sign_on.models import Flow
from rapport.accounts.single_sign_on.problems import Problem, SingleSignOnRefused
from rapport.accounts.single_sign_on.saml_metadata import own_metadata
from rapport.accounts.single_sign_on.service import Callback, SignedIn, Tools
from rapport.accounts.single_sign_on.settings import SingleSignOnSettings
from rapport.core.errors import RapportError, TooMany
from rapport.core.http.guards import Connection
from rapport.core.http.middleware import environment_of, request_id_of

log = structlog.get_logger(__name__)

AnyRequest = Request[Any, Any, Any]
# Where who signs in goes when they do not say: it leads on to where their role begins.
_HOME = "/sign-in"


def _to_sign_in(request: AnyRequest, error: Exception) -> Response[None]:
    """Lead a browser to the sign-in page, which says what was refused."""
    request_id = request_id_of(request.scope)
    problem, reason = Problem.FAILED, type(error).__name__
    if isinstance(error, SingleSignOnRefused):
        problem, reason = error.problem, error.reason
    elif isinstance(error, TooMany):
        problem = Problem.TOO_MANY
    log.info(
        "single_sign_on_refused",
        request_id=request_id,
        problem=problem.value,
        reason=reason,
        path=request.scope.get("path_template"),
    )
    query = urlencode({"problem": problem.value, "request": request_id})
    return _lead_to(f"/sign-in?{query}")


async def _may_begin(connection: Connection, _handler: BaseRouteHandler) -> None:
    await take_attempt(connection)


class BrowserController(Controller):
    """Single sign-on, as a browser goes through it."""

    path = "/auth"
    include_in_schema = False
    guards = (_may_begin,)
    exception_handlers = {  # noqa: RUF012
        RapportError: _to_sign_in,
        HTTPException: _to_sign_in,
    }

    @get("/v1/sign-in/{company_marker:str}")
    async def begin(
        self,
        company_marker: FromPath[str],
        request: AnyRequest,
        sso: NamedDependency[Tools],
        return_to: FromQuery[str | None] = None,
    ) -> Response[None]:
        """Send a browser to the company's identity provider."""
        marker, environment = company_marker.lower(), environment_of(request.scope)
        settings = sso.settings[SingleSignOnSettings]
        addresses = addresses_of(base_url(settings, request), marker, environment)
        wanted = own_path(return_to) if return_to else _HOME
        departure = await service.begin(sso, marker, environment, addresses, wanted)
        begun = departure.begun
        seconds = round(settings.minutes * 60)
        return _lead_to(departure.url, _flow_cookie(request, begun.flow, begun.browser, seconds))

    @get("/v1/callback/{company_marker:str}")
    async def answer_oidc(
        self,
        company_marker: FromPath[str],
        request: AnyRequest,
        sso: NamedDependency[Tools],
        oidc_state: Annotated[str, QueryParameter(name="state")] = "",
        code: FromQuery[str | None] = None,
        error: FromQuery[str | None] = None,
        iss: FromQuery[str | None] = None,
    ) -> Response[None]:
        """Take back a browser from an OpenID Connect provider (CMP-246)."""
        environment = environment_of(request.scope)
        signed_in = await service.finish_oidc(
            sso,
            marker_of_callback(company_marker, environment),
            environment,
            request.cookies,
            Callback(oidc_state, code, error, iss),
        )
        return _welcome(request, sso, signed_in)

    @post("/realms/{realm:str}/broker/{alias:str}/endpoint/clients/{client:str}")
    async def answer_saml(
        self,
        realm: FromPath[str],
        alias: FromPath[str],
        client: FromPath[str],
        request: AnyRequest,
        sso: NamedDependency[Tools],
    ) -> Response[None]:
        """Take a SAML response that a provider's page posts (CMP-249)."""
        environment = environment_of(request.scope)
        marker = marker_of_realm(realm, alias, environment, client)
        form = await request.form()
        response, relay_state = form.get("SAMLResponse"), form.get("RelayState")
        if not isinstance(response, str) or not isinstance(relay_state, str):
            raise SingleSignOnRefused(Problem.STALE, "nobody here asked for it")
        ticket = await service.receive_saml(sso, marker, environment, response, relay_state)
        return _lead_to(f"/auth/v1/finish?{urlencode({'ticket': ticket})}")

    @get("/v1/finish")
    async def finish_saml(
        self,
        request: AnyRequest,
        sso: NamedDependency[Tools],
        ticket: FromQuery[str] = "",
    ) -> Response[None]:
        """Let the browser that began it claim a verified SAML response."""
        environment = environment_of(request.scope)
        signed_in = await service.finish_saml(sso, environment, request.cookies, ticket)
        return _welcome(request, sso, signed_in)

    @get("/realms/{realm:str}/broker/{alias:str}/endpoint/descriptor")
    async def describe(
        self,
        realm: FromPath[str],
        alias: FromPath[str],
        request: AnyRequest,
        sso: NamedDependency[Tools],
    ) -> Response[bytes]:
        """Describe this service provider to an identity provider, whoever the company is."""
        environment = environment_of(request.scope)
        marker = marker_of_realm(realm, alias, environment)
        base = base_url(sso.settings[SingleSignOnSettings], request)
        metadata = own_metadata(addresses_of(base, marker, environment))
        return Response(metadata, media_type="application/samlmetadata+xml")


def _welcome(request: AnyRequest, sso: Tools, signed_in: SignedIn) -> Response[None]:
    longest = round(sso.settings[AccountsSettings].session_hours * 3600)
    return _lead_to(
        signed_in.flow.return_to,
        session_cookie(request, signed_in.arrived.token, longest),
        _flow_cookie(request, signed_in.flow, "", 0),
    )


def _lead_to(url: str, *cookies: Cookie) -> Response[None]:
    headers = {"location": url, "cache-control": "no-store", "referrer-policy": "no-referrer"}
    return Response(
        None, status_code=303, headers=headers, cookies=cookies, media_type=MediaType.TEXT
    )


def _flow_cookie(request: AnyRequest, flow: Flow, value: str, max_age: int) -> Cookie:
    return Cookie(
        cookie_name(flow),
        value=value,
        path="/auth",
        max_age=max_age,
        httponly=True,
        samesite="lax",
        secure=request.scope["scheme"] == "https",
    )


controllers = [BrowserController]
