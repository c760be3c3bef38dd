"""Suggestions for whoever writes: an integrator's agent, or one at our own desk."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Request
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, UnsetType

from rapport.compose.access import WRITERS, check_has_agent, conversation_of
from rapport.compose.greetings import Greeter, Offer
from rapport.compose.greetings.schemas import message_view
from rapport.compose.suggestions.schemas import (
    PhraseCompletion,
    SuggestionSet,
    SuggestionsRequest,
    SuggestionView,
)
from rapport.compose.suggestions.service import Composer, Suggested
from rapport.compose.switches import SwitchBoard
from rapport.conversations.directory import Known
from rapport.conversations.messages import service as messages
from rapport.conversations.messages.routes import said_by
from rapport.conversations.messages.schemas import MessageCreated, NewMessage
from rapport.conversations.messages.service import Talk
from rapport.core.http.busy import busy_post
from rapport.core.http.contract import refusals
from rapport.core.http.guards import caller_of


class SuggestionsController(Controller):
    """What an agent may say next."""

    path = "/autocompose/v1/conversations/{conversation_id:str}/suggestions"
    guards = [WRITERS]  # noqa: RUF012
    tags = ["AutoCompose"]  # noqa: RUF012

    @busy_post(status_code=200, operation_id="getSuggestions", responses=refusals())
    async def suggest(
        self,
        conversation_id: FromPath[str],
        request: Request[Any, Any, Any],
        data: JSONBody[SuggestionsRequest | None] = None,
    ) -> SuggestionSet:
        """Suggest up to three texts; a message in the request is stored first (PLT-080)."""
        state = request.app.state
        talk: Talk = state["talk"]
        composer: Composer = state["composer"]
        switches: SwitchBoard = state["switches"]
        greeter: Greeter = state["greeter"]
        caller = caller_of(request)
        asked = data or SuggestionsRequest()
        known = await conversation_of(caller, talk.directory, conversation_id)
        check_has_agent(known)
        created = await _store(talk, composer, known, asked.message)
        allowed = await switches.switches_of(known.scope, known.agent_external_id or "")
        found = await composer.suggest(known, asked.query, allowed)
        return _shown(found, created, await greeter.offer(known, asked.query))


async def _store(
    talk: Talk, composer: Composer, known: Known, message: NewMessage | UnsetType
) -> MessageCreated | UnsetType:
    if isinstance(message, UnsetType):
        return UNSET
    sent = await messages.send(talk, known, said_by(known, message, "/message"))
    composer.forget(known.id)
    return MessageCreated(sent.message_id)


def _shown(
    found: Suggested, created: MessageCreated | UnsetType, greeting: Offer | None
) -> SuggestionSet:
    shown = [SuggestionView(each.text, each.template, each.title) for each in found.suggestions]
    greets = UNSET if greeting is None else message_view(greeting)
    return SuggestionSet(
        id=found.id,
        suggestions=shown,
        phrase_completion=UNSET if found.phrase is None else PhraseCompletion(found.phrase),
        message=created,
        autopilot_message=greets,
    )
