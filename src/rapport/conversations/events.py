"""What can become true of a conversation (docs/protocol.md lists who sees what)."""

from __future__ import annotations

from msgspec import Struct

from rapport.core.identity import Scope
from rapport.core.log import Audience, Event, Stream, event_type

KIND = "conversation"
# The channel of conversations that an administrator plays alone: nobody else ever sees them.
SANDBOX = "sandbox"


def stream_of(conversation_id: str, scope: Scope) -> Stream:
    """Return the stream of a conversation."""
    return Stream(KIND, conversation_id, scope)


def audience_of(channel: str) -> Audience | None:
    """Return who alone may see what happens in a conversation of a channel; None: as types say."""
    return Audience.PLAYER if channel == SANDBOX else None


class CustomerSeen(Struct, frozen=True):
    """A customer as others see it."""

    id: str
    external_id: str
    name: str | None


@event_type("conversation.opened")
class ConversationOpened(Event, frozen=True):
    """A customer and a company began to talk."""

    channel: str
    customer: CustomerSeen
    external_id: str | None


@event_type("customer.identified")
class CustomerIdentified(Event, frozen=True):
    """An anonymous customer turned out to be somebody, or a name became known."""

    customer: CustomerSeen


@event_type("participant.joined")
class ParticipantJoined(Event, frozen=True):
    """An agent is responsible for the conversation from here on. `id` is set for people of the desk."""

    role: str
    id: str | None
    external_id: str
    name: str | None


@event_type("participant.left")
class ParticipantLeft(Event, frozen=True):
    """An agent is not responsible for the conversation any more."""

    role: str
    id: str | None
    external_id: str
    name: str | None
    reason: str  # replaced


@event_type("metadata.changed", audience=Audience.STAFF)
class MetadataChanged(Event, frozen=True):
    """Facts about the conversation changed; null means removed."""

    metadata: dict[str, str | None]


@event_type("message.sent")
class MessageSent(Event, frozen=True):
    """Somebody said something; `text` is redacted."""

    message: str
    text: str
    role: str
    sender: str | None
    sent_at: str
    key: str | None


@event_type("message.delivered")
class MessageDelivered(Event, frozen=True):
    """A side's device has every message up to this `seq`."""

    role: str
    up_to: int


@event_type("message.read")
class MessageRead(Event, frozen=True):
    """A side has seen every message up to this `seq`."""

    role: str
    up_to: int


@event_type("credentials.received", audience=Audience.PARTNER)
class CredentialsReceived(Event, frozen=True):
    """The customer's credentials were stored, so that whatever waited for them can go on."""


@event_type("conversation.noted", audience=Audience.STAFF)
class ConversationNoted(Event, frozen=True):
    """An agent left a note for colleagues; `text` is redacted."""

    text: str


@event_type("conversation.ended")
class ConversationEnded(Event, frozen=True):
    """The conversation is over. `reason` is agent, supervisor, quiet or metadata."""

    reason: str
