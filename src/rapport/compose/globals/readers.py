"""Counting how often the responses of the list are used, from what clients report (3.6, 3.7)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from ulid import ULID

from rapport.compose.globals.models import GlobalResponse, ResponseUse
from rapport.compose.globals.reading import deployed_to, stand_in
from rapport.compose.suggestions.models import SuggestionSet
from rapport.compose.texts import fingerprint_of
from rapport.compose.usage.events import ActionTaken, MessageReported
from rapport.compose.usage.models import MessageAction
from rapport.core import clock
from rapport.core.database import WriteSession
from rapport.core.errors import Unavailable
from rapport.core.identity import Scope
from rapport.core.log import Recorded
from rapport.core.readers import Reader

PANEL = "global-panel-inserted"
# A set is written a moment after it was offered.
LATELY = timedelta(seconds=10)
PACE_SECONDS = 1.0


def response_usage_reader() -> Reader:
    """Counts a response when a suggestion of it was sent, or it was taken from the panel."""
    return Reader(
        "response_usage", [MessageReported, ActionTaken], _count, pace_seconds=PACE_SECONDS
    )


async def _count(recorded: Recorded, session: WriteSession) -> None:
    if recorded.is_a(MessageReported):
        used = await _suggested(session, recorded.scope, recorded.decode(MessageReported))
    else:
        used = await _inserted(session, recorded.scope, recorded.decode(ActionTaken))
    if used is None:
        return
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    first = dialect.insert(ResponseUse).values(
        company_id=recorded.scope.company_id,
        environment=recorded.scope.environment,
        response_id=used,
        count=1,
        last_used_at=recorded.occurred,
    )
    more = {"count": ResponseUse.count + 1, "last_used_at": recorded.occurred}
    keys = ["company_id", "environment", "response_id"]
    await session.execute(first.on_conflict_do_update(index_elements=keys, set_=more))


async def _suggested(session: WriteSession, scope: Scope, sent: MessageReported) -> str | None:
    """Return the response that a chosen suggestion was. Raises Unavailable for a set still to come."""
    if sent.source != "global":
        return None
    offered = await session.get(SuggestionSet, sent.selected_suggestions_id)
    if offered is None:
        made = ULID.from_str(sent.selected_suggestions_id).datetime
        if clock.now() - made < LATELY:
            raise Unavailable(what="the set of suggestions is not written yet")
        return None
    place = sent.selected_suggestion_index - 1
    if offered.scope != scope or not 0 <= place < len(offered.shown):
        return None
    return str(offered.shown[place]["id"])


async def _inserted(session: WriteSession, scope: Scope, taken: ActionTaken) -> str | None:
    """Return the deployed response that has just the text that was inserted from the panel."""
    if taken.type != PANEL:
        return None
    action = await session.get(MessageAction, taken.action)
    if action is None:
        return None
    return await session.scalar(
        select(GlobalResponse.response_id)
        .where(
            stand_in(GlobalResponse, scope.company_id, deployed_to(scope)),
            GlobalResponse.fingerprint == fingerprint_of(action.text),
        )
        .limit(1)
    )
