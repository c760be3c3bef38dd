"""Requests for production: owners ask, administrators decide."""

from __future__ import annotations

from litestar import Controller, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from rapport.accounts.dependencies import provide_database
from rapport.accounts.portal import promotions
from rapport.accounts.portal.access import opens_portal
from rapport.accounts.portal.schemas import (
    PromotionApproved,
    PromotionDetails,
    PromotionRequest,
    Promotions,
    promotion_approved,
    promotion_details,
)
from rapport.core.database import Database, ReadSession, WriteSession
from rapport.core.http.contract import refusals
from rapport.core.http.guards import requires
from rapport.core.identity import Caller, Permission


class PromotionController(Controller):
    """From the sandbox to production (PLT-155)."""

    path = "/portal/v1"
    tags = ("Portal: promotion",)
    dependencies = {"database": Provide(provide_database, sync_to_thread=False)}  # noqa: RUF012

    @get("/promotions", guards=[opens_portal], responses=refusals(401, 403))
    async def list_promotions(
        self, reading: NamedDependency[ReadSession], caller: NamedDependency[Caller]
    ) -> Promotions:
        """List the requests of one's teams; administrators see the company's."""
        found = await promotions.promotions_of(reading, caller)
        return Promotions([promotion_details(one) for one in found])

    @post(
        "/teams/{team_id:str}/promotion",
        guards=[opens_portal],
        responses=refusals(400, 401, 403, 404, 409),
    )
    async def request(
        self,
        team_id: FromPath[str],
        data: JSONBody[PromotionRequest],
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
    ) -> PromotionDetails:
        """Ask for production, naming who is to run it (owners)."""
        return promotion_details(
            await promotions.request(
                session,
                caller,
                team_id,
                admin_email=data.admin_email,
                admin_name=data.admin_name,
            )
        )

    @post(
        "/promotions/{promotion_id:str}/approve",
        status_code=200,
        guards=[requires(Permission.MANAGE_PEOPLE)],
        responses=refusals(401, 403, 404, 409),
    )
    async def approve(
        self,
        promotion_id: FromPath[str],
        database: NamedDependency[Database],
        caller: NamedDependency[Caller],
    ) -> PromotionApproved:
        """Make the production team with its app and first key (administrators)."""
        return promotion_approved(await promotions.approve(database, caller, promotion_id))

    @post(
        "/promotions/{promotion_id:str}/decline",
        status_code=200,
        guards=[requires(Permission.MANAGE_PEOPLE)],
        responses=refusals(401, 403, 404, 409),
    )
    async def decline(
        self,
        promotion_id: FromPath[str],
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
    ) -> PromotionDetails:
        """Turn a request down (administrators)."""
        return promotion_details(await promotions.decline(session, caller, promotion_id))
