"""API keys: seen by every member, changed by owners and app admins."""

from __future__ import annotations

from datetime import timedelta

from litestar import Controller, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from rapport.accounts.portal import keys
from rapport.accounts.portal.access import Right, app_for, key_for, opens_portal
from rapport.accounts.portal.schemas import (
    KeyChange,
    KeyDetails,
    KeyRequest,
    Keys,
    KeyWithSecret,
    RevokeRequest,
    RotateRequest,
    key_details,
    key_with_secret,
)
from rapport.core.bus import Bus
from rapport.core.database import ReadSession, WriteSession
from rapport.core.http.contract import refusals
from rapport.core.identity import Caller
from rapport.core.log import Log


class KeyController(Controller):
    """The keys of an app."""

    path = "/portal/v1"
    tags = ("Portal: keys",)
    guards = (opens_portal,)

    @get("/apps/{app_id:str}/keys", responses=refusals(401, 403, 404))
    async def list_keys(
        self,
        app_id: FromPath[str],
        reading: NamedDependency[ReadSession],
        caller: NamedDependency[Caller],
    ) -> Keys:
        """List an app's keys, revoked ones included."""
        app, _ = await app_for(reading, caller, app_id)
        return Keys([key_details(key) for key in await keys.keys_of(reading, app.id)])

    @post("/apps/{app_id:str}/keys", responses=refusals(400, 401, 403, 404))
    async def create_key(
        self,
        app_id: FromPath[str],
        data: JSONBody[KeyRequest],
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
    ) -> KeyWithSecret:
        """Create a key; its secret is shown only here."""
        app, team = await app_for(session, caller, app_id, Right.MANAGE_APPS)
        new = await keys.create(session, caller, app, team, name=data.name, products=data.products)
        return key_with_secret(new)

    @patch("/keys/{key_id:str}", responses=refusals(400, 401, 403, 404, 409))
    async def change_key(
        self,
        key_id: FromPath[str],
        data: JSONBody[KeyChange],
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
        bus: NamedDependency[Bus],
    ) -> KeyDetails:
        """Rename a key, or choose the products that it may call."""
        key = await key_for(session, caller, key_id, Right.MANAGE_APPS)
        return key_details(
            keys.change(session, caller, bus, key, name=data.name, products=data.products)
        )

    @post(
        "/keys/{key_id:str}/rotate",
        status_code=200,
        responses=refusals(400, 401, 403, 404, 409),
    )
    async def rotate_key(
        self,
        key_id: FromPath[str],
        data: JSONBody[RotateRequest],
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
        bus: NamedDependency[Bus],
    ) -> KeyWithSecret:
        """Give a key another secret, shown only here; the old one works on for the grace."""
        key = await key_for(session, caller, key_id, Right.MANAGE_APPS)
        grace = timedelta(seconds=data.grace_seconds)
        return key_with_secret(keys.rotate(session, caller, bus, key, grace=grace))

    @post("/keys/{key_id:str}/revoke", status_code=200, responses=refusals(400, 401, 403, 404))
    async def revoke_key(
        self,
        key_id: FromPath[str],
        data: JSONBody[RevokeRequest],
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
        log: NamedDependency[Log],
        bus: NamedDependency[Bus],
    ) -> KeyDetails:
        """Make a key's calls fail at once, for good (PLT-032)."""
        key = await key_for(session, caller, key_id, Right.MANAGE_APPS)
        return key_details(await keys.revoke(session, caller, log, bus, key, reason=data.reason))
