"""`/conversation/v1/conversations/{conversationId}/authenticate`."""

from __future__ import annotations

from datetime import timedelta

from cryptography.fernet import Fernet
from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from rapport.conversations.credentials import service
from rapport.conversations.credentials.schemas import AuthenticateRequest
from rapport.conversations.settings import ConversationSettings
from rapport.core.database import WriteSession
from rapport.core.http.contract import refusals
from rapport.core.http.guards import requires_key
from rapport.core.identity import Caller
from rapport.core.log import Log
from rapport.core.settings import Settings


class CredentialsController(Controller):
    """Pass a customer's credentials on to integrated flows."""

    path = "/conversation/v1/conversations/{conversation_id:str}/authenticate"
    guards = [requires_key("conversation")]  # noqa: RUF012
    tags = ["Conversations"]  # noqa: RUF012

    @post(status_code=204, operation_id="postAuthenticate", responses=refusals())
    async def authenticate(
        self,
        conversation_id: FromPath[str],
        data: JSONBody[AuthenticateRequest],
        session: NamedDependency[WriteSession],
        log: NamedDependency[Log],
        cipher: NamedDependency[Fernet],
        settings: NamedDependency[Settings],
        caller: NamedDependency[Caller],
    ) -> None:
        """Store credentials for the conversation (PLT-050..055, PLT-057)."""
        await service.store(
            session,
            log,
            cipher,
            caller,
            conversation_id,
            str(data.customer_external_id),
            data.auth,
            valid_for=timedelta(minutes=settings[ConversationSettings].credential_minutes),
        )
