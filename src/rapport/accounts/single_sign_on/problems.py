"""Why single sign-on is refused: one word for the page, one reason for the log."""

from __future__ import annotations

from enum import StrEnum

from rapport.core.errors import Forbidden


class Problem(StrEnum):
    """What the sign-in page tells; it has a sentence for each."""

    NOT_CONFIGURED = "not_configured"
    STALE = "stale"
    DECLINED = "declined"
    UNREACHABLE = "unreachable"
    UNVERIFIED = "unverified"
    NO_USER_ID = "no_user_id"
    UNKNOWN_PERSON = "unknown_person"
    TAKEN = "taken"
    DISABLED = "disabled"
    LOCKED = "locked"
    TOO_MANY = "too_many"
    FAILED = "failed"


class SingleSignOnRefused(Forbidden):
    """Single sign-on was refused; the browser is led to the sign-in page, which says why (PLT-196)."""

    code = "403-06"
    sentence = "Forbidden: single sign-on was refused: {problem}"

    def __init__(self, problem: Problem, reason: str = "") -> None:
        """`reason` is for the log: it holds nothing that a person or a provider wrote."""
        super().__init__(problem=problem)
        self.problem = problem
        self.reason = reason or problem.value


def unverified(reason: str) -> SingleSignOnRefused:
    """Return the refusal of an answer that cannot be trusted."""
    return SingleSignOnRefused(Problem.UNVERIFIED, reason)
