"""`/configuration/v1/redaction-entities`, and the older spelling with its older shape (PLT-003)."""

from __future__ import annotations

from litestar import Controller, get, patch
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from rapport.configuration.redaction import entities
from rapport.configuration.redaction.policies import Policy
from rapport.configuration.redaction.schemas import (
    Limit,
    OlderEntity,
    OlderEntityPage,
    OlderEntityUpdate,
    RedactionEntity,
    RedactionEntityPage,
    RedactionEntityUpdate,
    entity_page,
    entity_view,
    older_page,
    older_view,
)
from rapport.core.bus import Bus
from rapport.core.database import ReadSession, WriteSession
from rapport.core.http.contract import refusals
from rapport.core.http.guards import requires_key
from rapport.core.identity import Caller
from rapport.core.log import Log


class EntitiesController(Controller):
    """What is hidden for which policy, in the environment of the key."""

    path = "/configuration/v1/redaction-entities"
    tags = ("Configuration",)
    guards = (requires_key("configuration"),)

    @get(operation_id="listRedactionEntities", responses=refusals())
    async def list_entities(
        self,
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
        limit: Limit = 20,
        cursor: FromQuery[str | None] = None,
        active: FromQuery[bool | None] = None,
    ) -> RedactionEntityPage:
        """List every entity with its activation per policy (PLT-105)."""
        return entity_page(
            await entities.page(reading, caller.scope, cursor=cursor, limit=limit, active=active)
        )

    @get("/{entity_id:str}", operation_id="getRedactionEntity", responses=refusals())
    async def show(
        self,
        entity_id: FromPath[str],
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
    ) -> RedactionEntity:
        """Return one entity (PLT-107)."""
        return entity_view(await entities.show(reading, caller.scope, entity_id))

    @patch("/{entity_id:str}", operation_id="updateRedactionEntity", responses=refusals())
    async def change(
        self,
        entity_id: FromPath[str],
        data: JSONBody[RedactionEntityUpdate],
        session: NamedDependency[WriteSession],
        log: NamedDependency[Log],
        bus: NamedDependency[Bus],
        caller: NamedDependency[Caller],
    ) -> RedactionEntity:
        """Change policies of an entity; nothing else about it can change (PLT-108)."""
        wanted = data.policies.wanted()
        return entity_view(await entities.switch(session, log, bus, caller, entity_id, wanted))


class OlderEntitiesController(Controller):
    """The older paths: `active` is the policy for transcripts."""

    path = "/configuration/v1/redaction"
    tags = ("Configuration",)
    guards = (requires_key("configuration"),)

    @get("/redaction-entities", operation_id="listOlderRedactionEntities", responses=refusals())
    async def list_entities(
        self,
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
        limit: Limit = 20,
        cursor: FromQuery[str | None] = None,
        active: FromQuery[bool | None] = None,
    ) -> OlderEntityPage:
        """List entities, with `?active=true` only the active ones (PLT-106)."""
        return older_page(
            await entities.page(reading, caller.scope, cursor=cursor, limit=limit, active=active)
        )

    @get(
        "/redaction-entity/{entity_id:str}",
        operation_id="getOlderRedactionEntity",
        responses=refusals(),
    )
    async def show(
        self,
        entity_id: FromPath[str],
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
    ) -> OlderEntity:
        """Return one entity."""
        return older_view(await entities.show(reading, caller.scope, entity_id))

    @patch(
        "/redaction-entity/{entity_id:str}",
        operation_id="updateOlderRedactionEntity",
        responses=refusals(),
    )
    async def change(
        self,
        entity_id: FromPath[str],
        data: JSONBody[OlderEntityUpdate],
        session: NamedDependency[WriteSession],
        log: NamedDependency[Log],
        bus: NamedDependency[Bus],
        caller: NamedDependency[Caller],
    ) -> OlderEntity:
        """Switch an entity on or off (PLT-109)."""
        wanted = {Policy.AUTO_TRANSCRIBE: data.active}
        return older_view(await entities.switch(session, log, bus, caller, entity_id, wanted))
