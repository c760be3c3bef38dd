"""The spelling check for whoever writes: an integrator's agent, or one at our own desk."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import HeaderParameter, JSONBody

from rapport.compose.access import WRITERS
from rapport.compose.fluency.schemas import SpellcheckCorrection, SpellcheckRequest
from rapport.compose.fluency.service import Fluency, Found, Typing
from rapport.compose.switches import SwitchBoard
from rapport.core.http.contract import refusals
from rapport.core.identity import Caller

Language = Annotated[str | None, HeaderParameter(name="Accept-Language")]


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
        caller: NamedDependency[Caller],
        language: Language = None,
    ) -> SpellcheckCorrection:
        """Correct the word that a typing event has completed; nothing where it is right, or all is off."""
        event = data.typing_event
        typing = Typing(data.text, event.cursor_start, event.cursor_end)
        allowed = await switches.switches_for(caller)
        words = data.user_dictionary
        is_on = allowed.corrects_spelling
        return _shown(await fluency.correct(caller, typing, words, language) if is_on else None)


def _shown(found: Found | None) -> SpellcheckCorrection:
    return SpellcheckCorrection(*found) if found else SpellcheckCorrection()
