"""`/accounts/v1`: signing in and out, who one is, and one's own password (docs/protocol.md)."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from litestar.params import CookieParameter, JSONBody

from rapport.accounts.dependencies import provide_database
from rapport.accounts.settings import AccountsSettings
from rapport.accounts.sign_in import service
from rapport.accounts.sign_in.cookies import session_cookie
from rapport.accounts.sign_in.limits import take_attempt
from rapport.accounts.sign_in.schemas import (
    PasswordRequest,
    SessionAnswer,
    SignInRequest,
    session_answer,
)
from rapport.accounts.sign_in.sessions import COOKIE, csrf_of, end_session
from rapport.core.bus import Bus
from rapport.core.database import Database, ReadSession, WriteSession
from rapport.core.errors import Forbidden
from rapport.core.http.contract import refusals
from rapport.core.http.guards import Connection, requires
from rapport.core.identity import Caller
from rapport.core.settings import Settings

SessionToken = Annotated[str, CookieParameter(name=COOKIE)]


async def may_try(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Refuse what another site's page sends, and more attempts than people at one address make.

    The first would sign its visitor in as somebody else; the second would keep the threads that
    hash passwords from everybody.
    """
    if connection.headers.get("sec-fetch-site") == "cross-site":
        raise Forbidden(problem="sign in from our own pages")
    await take_attempt(connection)


class SignInController(Controller):
    """Sessions of people."""

    path = "/accounts/v1"
    tags = ("Accounts",)
    dependencies = {"database": Provide(provide_database, sync_to_thread=False)}  # noqa: RUF012

    @post("/sign-in", status_code=200, guards=[may_try], responses=refusals(400, 401, 403, 429))
    async def sign_in(
        self,
        data: JSONBody[SignInRequest],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        request: Request[Any, Any, Any],
    ) -> Response[SessionAnswer]:
        """Sign in; the session travels in the cookie `rapport_session`."""
        accounts = settings[AccountsSettings]
        signed_in = await service.sign_in(
            database,
            accounts,
            organization=data.organization,
            email=data.email,
            password=data.password,
        )
        answer = session_answer(signed_in.person, signed_in.company, signed_in.csrf)
        longest = round(accounts.session_hours * 3600)
        return Response(answer, cookies=[session_cookie(request, signed_in.token, longest)])

    @get("/me", guards=[requires()], responses=refusals(401))
    async def me(
        self,
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
        token: SessionToken,
    ) -> SessionAnswer:
        """Tell who is signed in."""
        person, company = await service.identify(reading, caller)
        return session_answer(person, company, csrf_of(token))

    @post("/sign-out", status_code=204, guards=[requires()], responses=refusals(401, 403))
    async def sign_out(
        self,
        session: NamedDependency[WriteSession],
        bus: NamedDependency[Bus],
        caller: NamedDependency[Caller],
        token: SessionToken,
        request: Request[Any, Any, Any],
    ) -> Response[None]:
        """End this session, on every node at once."""
        await end_session(session, bus, caller.id, token)
        return Response(None, cookies=[session_cookie(request, "", 0)])

    @post(
        "/password",
        status_code=204,
        guards=[requires()],
        responses=refusals(400, 401, 403, 409, 429),
    )
    async def change_password(
        self,
        data: JSONBody[PasswordRequest],
        database: NamedDependency[Database],
        bus: NamedDependency[Bus],
        settings: NamedDependency[Settings],
        caller: NamedDependency[Caller],
        token: SessionToken,
    ) -> None:
        """Change one's own password; every other session of the person ends."""
        await service.change_password(
            database,
            bus,
            settings[AccountsSettings],
            caller,
            current=data.current,
            new=data.new,
            token=token,
        )


controllers = [SignInController]
