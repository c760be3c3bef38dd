"""`/console/v1/identity-keys` and `/console/v1/test-logins`: who says who a customer is."""

from __future__ import annotations

from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from rapport.channels.identity import policies, service
from rapport.channels.identity.schemas import (
    IdentityKeyRequest,
    IdentityKeys,
    IdentityKeyWithSecret,
    IdentityPolicyRequest,
    IdentityPolicyView,
    SimulatedLogin,
    SimulatedLoginRequest,
    key_view,
    key_with_secret,
    policy_view,
)
from rapport.channels.identity.tokens import cipher_of
from rapport.channels.settings import ChatSettings
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


class IdentityPolicyController(Controller):
    """How the tokens of customers are checked."""

    path = "/console/v1/identity-policy"
    tags = ("Identity",)
    guards = (requires(Permission.MANAGE_CONFIGURATION),)

    @get(responses=refusals(401, 403))
    async def show(
        self, reading: NamedDependency[ReadSession], caller: NamedDependency[Caller]
    ) -> IdentityPolicyView:
        """Show how tokens are checked in this environment."""
        return policy_view(await policies.policy_of(reading, caller.scope))

    @put(responses=refusals(400, 401, 403))
    async def set(
        self,
        data: JSONBody[IdentityPolicyRequest],
        session: NamedDependency[WriteSession],
        caller: NamedDependency[Caller],
        node: NamedDependency[Node],
    ) -> IdentityPolicyView:
        """Decide how tokens are checked (PLT-061, PLT-062)."""
        wanted = policies.Policy(
            tuple(data.accepts),
            tuple(data.same_as_page),
            tuple(data.same_as_profile),
            data.profile_url,
            data.token_url,
            data.client_id,
        )
        settings = node.settings[ChatSettings]
        cipher = cipher_of(node.secret)
        await policies.decide(session, caller, settings, cipher, wanted, data.client_secret)
        return policy_view(wanted)


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
