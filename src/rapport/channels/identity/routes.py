"""`/console/v1/identity-keys` and `/console/v1/test-logins`: who says who a customer is."""

from __future__ import annotations

from litestar import Controller, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from rapport.channels.identity import service
from rapport.channels.identity.schemas import (
    IdentityKeyRequest,
    IdentityKeys,
    IdentityKeyWithSecret,
    SimulatedLogin,
    SimulatedLoginRequest,
    key_view,
    key_with_secret,
)
from rapport.channels.identity.tokens import cipher_of
from rapport.core.database import ReadSession, WriteSession
from rapport.core.http.contract import refusals
from rapport.core.http.guards import requires
from rapport.core.identity import Caller, Permission
from rapport.core.node import Node


class IdentityKeysController(Controller):
    """Keys with which a company signs who its customers are."""

    path = "/console/v1/identity-keys"
    tags = ("Identity",)
    guards = (requires(Permission.MANAGE_CONFIGURATION),)

    @get(responses=refusals(401, 403))
    async def list_keys(
        self, reading: NamedDependency[ReadSession], caller: NamedDependency[Caller]
    ) -> IdentityKeys:
        """List the keys of this environment."""
        return IdentityKeys([key_view(key) for key in await service.keys_of(reading, caller)])

    @post(responses=refusals(400, 401, 403, 409))
    async def add(
        self,
        data: JSONBody[IdentityKeyRequest],
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
        node: NamedDependency[Node],
    ) -> IdentityKeyWithSecret:
        """Trust one more key (PLT-062); a secret made here is shown only in this answer."""
        made = await service.add_key(
            session,
            caller,
            cipher_of(node.secret),
            name=data.name,
            algorithm=data.algorithm,
            public_key=data.public_key,
        )
        return key_with_secret(made.key, made.secret)

    @delete("/{key_id:str}", responses=refusals(401, 403, 404))
    async def remove(
        self,
        key_id: FromPath[str],
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
    ) -> None:
        """Trust a key no longer."""
        await service.remove_key(session, caller, key_id)


class SimulatedLoginsController(Controller):
    """Simulated customers for end-to-end tests."""

    path = "/console/v1/test-logins"
    tags = ("Identity",)
    guards = (requires(Permission.MANAGE_CONFIGURATION, Permission.USE_PORTAL),)

    @post(status_code=200, responses=refusals(400, 401, 403))
    async def log_in(
        self,
        data: JSONBody[SimulatedLoginRequest],
        caller: NamedDependency[Caller],
        node: NamedDependency[Node],
    ) -> SimulatedLogin:
        """Return a test customer's identity, in the sandbox only (PLT-065)."""
        identity, token = service.simulated_login(node.secret, caller, data.customer)
        return SimulatedLogin(identity.external_id, identity.name, token)
