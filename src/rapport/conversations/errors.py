"""Refusals of conversations."""

from __future__ import annotations

from rapport.core.errors import Conflict, Invalid, TooLarge


class ConversationOver(Conflict):
    """Nothing can be said any more."""

    sentence = "The conversation has ended"


class NotYours(Conflict):
    """The conversation is another agent's."""

    code = "409-02"
    sentence = "The conversation is not assigned to you"


class TextTooLong(TooLarge):
    """A message, name or metadata value is longer than anybody reads (setting `text_characters`)."""

    code = "413-02"
    sentence = "Request entity too large: a text has at most {limit} characters"


class WrongCustomer(Invalid):
    """The conversation belongs to another customer."""

    sentence = "ERROR - [Path '/customerExternalId'] the conversation belongs to another customer"


class WrongTimestamp(Invalid):
    """A timestamp that is not UTC in one of the documented forms (PLT-014, PLT-015)."""

    sentence = (
        "ERROR - [Path '{path}'] String {value} is invalid against requested date format(s) "
        "[yyyy-MM-dd'T'HH:mm:ssZ, yyyy-MM-dd'T'HH:mm:ss.[0-9]{{1,12}}Z]: []]"
    )
