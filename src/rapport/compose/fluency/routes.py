"""The spelling check for whoever writes: an integrator's agent, or one at our own desk."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import HeaderParameter, JSONBody, QueryParameter

from rapport.compose.access import WRITERS, agent_in
from rapport.compose.fluency.schemas import SpellcheckCorrection, SpellcheckRequest
from rapport.compose.fluency.service import Fluency, Found, Typing
from rapport.compose.switches import SwitchBoard
from rapport.conversations.directory import Directory
from rapport.core.http.contract import refusals
from rapport.core.identity import Caller

Language = Annotated[str | None, HeaderParameter(name="Accept-Language")]
Conversation = Annotated[str | None, QueryParameter(name="conversationId", max_length=26)]


class SpellcheckController(Controller):
    """The word just typed."""

    path = "/autocompose/v1/spellcheck/correction"
    guards = (WRITERS,)
    tags = ("AutoCompose",)

    @post(status_code=200, operation_id="getSpellingCorrection", responses=refusals())
    async def correct(
        self,
        data: JSONBody[SpellcheckRequest],
        fluency: NamedDependency[Fluency],
        switches: NamedDependency[SwitchBoard],
        directory: NamedDependency[Directory],
        caller: NamedDependency[Caller],
        language: Language = None,
        conversation_id: Conversation = None,
    ) -> SpellcheckCorrection:
        """Correct the word that a typing event has completed; nothing where it is right, or all is off.

        With a `conversationId` (an addition of ours) the settings of its agent hold; a key that names none
        gets the company's.
        """
        event = data.typing_event
        typing = Typing(data.text, event.cursor_start, event.cursor_end)
        agent = await agent_in(caller, directory, conversation_id)
        allowed = await switches.switches_for(caller, agent)
        words = data.user_dictionary
        is_on = allowed.corrects_spelling
        return _shown(await fluency.correct(caller, typing, words, language) if is_on else None)


def _shown(found: Found | None) -> SpellcheckCorrection:
    return SpellcheckCorrection(*found) if found else SpellcheckCorrection()
