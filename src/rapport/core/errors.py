"""The errors of Rapport, and nothing else's.

::

    RapportError
    ├── Refusal            the caller can do something about it; logged at info
    │   ├── Malformed 400      unreadable, or not what the contract asks for
    │   ├── Unauthenticated 401
    │   ├── Forbidden 403      known to exist, not permitted
    │   ├── NotFound 404       also for what the caller may not know exists
    │   ├── Conflict 409       a room adds leaves: ConversationEnded, …
    │   ├── TooLarge 413
    │   └── TooMany 429        with retry_after_seconds
    ├── Unavailable 503    a dependency is down; retryable
    └── (anything else)    a bug: 500, its text never shown

An error is raised with facts; the class owns status, code, name and sentence. One handler
(`rapport.core.http.errors`) renders the envelope (PLT-011, PLT-012).
"""

from __future__ import annotations

import re
from typing import Any, ClassVar


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class RapportError(Exception):
    """Base of every error raised on purpose. `facts` never hold personal data."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "500-01"
    sentence: ClassVar[str] = "Internal server error"

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.sentence)
        self.facts = facts

    @property
    def name(self) -> str:
        """The stable name for machines, such as `conversation_ended`."""
        return _snake(type(self).__name__)

    @property
    def message(self) -> str:
        """The sentence for people, with the facts filled in."""
        return self.sentence.format_map(self.facts)


class Refusal(RapportError):
    """The caller can do something about it."""

    status = 400
    code = "400-01"
    sentence = "Bad request"


class Malformed(Refusal):
    """The request cannot be read, or asks for something the contract does not know (`400-02`)."""

    code = "400-02"
    sentence = "Bad request: {problem}"


class Invalid(Refusal):
    """A value has the wrong format (`400-03`, PLT-014). Facts: `path`, `problem`."""

    code = "400-03"
    sentence = "ERROR - [Path '{path}'] {problem}"


class Unauthenticated(Refusal):
    """Missing or wrong credentials."""

    status = 401
    code = "401-01"
    sentence = "Unauthorized: {problem}"


class Forbidden(Refusal):
    """The caller is known and may not do this."""

    status = 403
    code = "403-01"
    sentence = "Forbidden: {problem}"


class NotFound(Refusal):
    """There is no such thing, or none that this caller may know of."""

    status = 404
    code = "404-01"
    sentence = "Not found: {what}"


class Conflict(Refusal):
    """The state of things does not allow it."""

    status = 409
    code = "409-01"
    sentence = "Conflict: {problem}"


class TooLarge(Refusal):
    """The body is larger than allowed (PLT-024)."""

    status = 413
    code = "413-01"
    sentence = "Request entity too large: at most {limit} bytes"


class TooMany(Refusal):
    """A rate limit or quota is reached (PLT-029, PLT-031). Facts: `retry_after_seconds`, `limit`."""

    status = 429
    code = "429-01"
    sentence = "Too many requests: {limit}"


class Unavailable(RapportError):
    """A dependency is down; the same request may succeed later."""

    status = 503
    code = "503-01"
    sentence = "Service unavailable: {what}"
