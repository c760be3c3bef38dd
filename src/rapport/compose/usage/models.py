"""The tables of usage: what clients reported, and what is made of it message by message, day by day.

The first two are facts and written once; the others are kept from the log and could be made anew.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import JSON, BigInteger, Float, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from rapport.conversations.models import Scoped
from rapport.core.database import Base


class MessageReport(Scoped, Base):
    """A client's account of how one message was written: all thirteen fields (3.6).

    Written by the log's own writer together with its event.
    """

    __tablename__ = "message_report"
    __table_args__ = (Index("ix_message_report_conversation", "conversation_id"),)

    message_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(26))
    seq: Mapped[int] = mapped_column(BigInteger)
    # A JSON list in the order of use, with repeats.
    augmentation_type: Mapped[str] = mapped_column(Text)
    num_edits: Mapped[int]
    selected_suggestion_text: Mapped[str] = mapped_column(Text)  # redacted
    selected_suggestions_id: Mapped[str] = mapped_column(String(255))
    selected_suggestion_index: Mapped[int]
    initial_suggestions_id: Mapped[str] = mapped_column(String(255))
    time_to_action: Mapped[float] = mapped_column(Float)
    crafting_time: Mapped[float] = mapped_column(Float)
    dwell_time: Mapped[float] = mapped_column(Float)
    phrase_autocomplete_presented_ct: Mapped[int]
    phrase_autocomplete_selected_ct: Mapped[int]
    # Of the chosen suggestion, as long as its set is kept: the list it came from, and how many
    # characters had been typed.
    source: Mapped[str] = mapped_column(String(16))
    typed_characters: Mapped[int]
    reported_at: Mapped[datetime]

    @property
    def types(self) -> list[str]:
        """The usages in their order."""
        return msgspec.json.decode(self.augmentation_type, type=list[str])


class MessageAction(Scoped, Base):
    """One thing an agent did with our help while it wrote a message (3.7)."""

    __tablename__ = "message_action"
    __table_args__ = (Index("ix_message_action_conversation", "conversation_id", "agent"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(26))
    seq: Mapped[int] = mapped_column(BigInteger)
    agent: Mapped[str] = mapped_column(String(255))
    type: Mapped[str] = mapped_column(String(40))
    suggestions_id: Mapped[str] = mapped_column(String(26))
    correction_id: Mapped[str] = mapped_column(String(255))
    query: Mapped[str] = mapped_column(Text)  # redacted, as is the text
    text: Mapped[str] = mapped_column(Text)
    # How the message's list of usages names it, and the list the text came from.
    augmentation_type: Mapped[str] = mapped_column(String(32))
    source: Mapped[str] = mapped_column(String(16))
    typed_characters: Mapped[int]
    # The agent's message before it: the next one is the message it belongs to.
    after_seq: Mapped[int] = mapped_column(BigInteger)
    message_id: Mapped[str | None] = mapped_column(String(26))
    acted_at: Mapped[datetime]


class MessageUsage(Scoped, Base):
    """One message of an agent and what it adds to its day: the utterance's row of a feed."""

    __tablename__ = "message_usage"
    __table_args__ = (Index("ix_message_usage_conversation", "conversation_id", "seq"),)

    message_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(26))
    seq: Mapped[int] = mapped_column(BigInteger)
    agent: Mapped[str] = mapped_column(String(255))
    queue: Mapped[str] = mapped_column(String(200))
    day: Mapped[str] = mapped_column(String(10))  # in the company's time zone at that time
    source: Mapped[str] = mapped_column(String(16))
    characters: Mapped[int]
    is_greeting: Mapped[bool]
    amounts: Mapped[dict[str, Any]] = mapped_column(JSON)


class UsageAgent(Scoped, Base):
    """The name an agent last wrote under."""

    __tablename__ = "usage_agent"

    company_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    environment: Mapped[str] = mapped_column(String(10), primary_key=True)
    agent: Mapped[str] = mapped_column(String(255), primary_key=True)
    name: Mapped[str] = mapped_column(String(255))


class UsageDay(Scoped, Base):
    """What the messages of one day, agent, queue and list amount to; counts and sums."""

    __tablename__ = "usage_day"

    company_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    environment: Mapped[str] = mapped_column(String(10), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    agent: Mapped[str] = mapped_column(String(255), primary_key=True)
    queue: Mapped[str] = mapped_column(String(200), primary_key=True)
    # global, custom, organic, or "" when the text came from none of them.
    source: Mapped[str] = mapped_column(String(16), primary_key=True)

    messages: Mapped[int] = mapped_column(BigInteger, default=0)
    reported: Mapped[int] = mapped_column(BigInteger, default=0)
    greetings: Mapped[int] = mapped_column(BigInteger, default=0)
    # Messages for which suggestions were shown, and those for which one was chosen.
    offered: Mapped[int] = mapped_column(BigInteger, default=0)
    accepted: Mapped[int] = mapped_column(BigInteger, default=0)
    # Messages whose whole text was replaced by one of ours, those edited after that, and how much.
    replaced: Mapped[int] = mapped_column(BigInteger, default=0)
    edited: Mapped[int] = mapped_column(BigInteger, default=0)
    characters: Mapped[int] = mapped_column(BigInteger, default=0)
    characters_saved: Mapped[int] = mapped_column(BigInteger, default=0)
    # Messages with reported times: with help and without.
    timed_augmented: Mapped[int] = mapped_column(BigInteger, default=0)
    crafting_augmented: Mapped[float] = mapped_column(Float, default=0.0)
    timed_plain: Mapped[int] = mapped_column(BigInteger, default=0)
    crafting_plain: Mapped[float] = mapped_column(Float, default=0.0)

    # The counters of 4.6 by their names in the feeds.
    augmented_utterances_ct: Mapped[int] = mapped_column(BigInteger, default=0)
    multiple_augmentation_features_used_ct: Mapped[int] = mapped_column(BigInteger, default=0)
    autosuggest_ct: Mapped[int] = mapped_column(BigInteger, default=0)
    autocomplete_ct: Mapped[int] = mapped_column(BigInteger, default=0)
    phrase_autocomplete_ct: Mapped[int] = mapped_column(BigInteger, default=0)
    custom_drawer_ct: Mapped[int] = mapped_column(BigInteger, default=0)
    custom_insert_ct: Mapped[int] = mapped_column(BigInteger, default=0)
    global_insert_ct: Mapped[int] = mapped_column(BigInteger, default=0)
    unknown_augmentation_ct: Mapped[int] = mapped_column(BigInteger, default=0)
    fluency_apply_ct: Mapped[int] = mapped_column(BigInteger, default=0)
    fluency_undo_ct: Mapped[int] = mapped_column(BigInteger, default=0)
    autosuggest_utterance_ct: Mapped[int] = mapped_column(BigInteger, default=0)
    autocomplete_utterance_ct: Mapped[int] = mapped_column(BigInteger, default=0)
    phrase_autocomplete_utterance_ct: Mapped[int] = mapped_column(BigInteger, default=0)
    custom_drawer_utterance_ct: Mapped[int] = mapped_column(BigInteger, default=0)
    custom_insert_utterance_ct: Mapped[int] = mapped_column(BigInteger, default=0)
    global_insert_utterance_ct: Mapped[int] = mapped_column(BigInteger, default=0)
    fluency_apply_utterance_ct: Mapped[int] = mapped_column(BigInteger, default=0)
    fluency_undo_utterance_ct: Mapped[int] = mapped_column(BigInteger, default=0)
    message_edits_ct: Mapped[int] = mapped_column(BigInteger, default=0)
    time_to_action_seconds: Mapped[float] = mapped_column(Float, default=0.0)
    crafting_time_seconds: Mapped[float] = mapped_column(Float, default=0.0)
    dwell_time_seconds: Mapped[float] = mapped_column(Float, default=0.0)
    phrase_autocomplete_presented_ct: Mapped[int] = mapped_column(BigInteger, default=0)
    phrase_autocomplete_selected_ct: Mapped[int] = mapped_column(BigInteger, default=0)
