"""What a company has decided about greetings, with what holds until it does."""

from __future__ import annotations

from typing import NamedTuple

from rapport.compose.greetings.models import AgentGreeting, GreetingPolicy


class Texts(NamedTuple):
    """A greeting for anybody, and one for a customer whose name is known."""

    generic: str
    named: str


class Policy(NamedTuple):
    """A company's greetings; off until somebody switches them on, because they send by themselves."""

    enabled: bool = False
    # How long the agent sees the greeting before it goes out.
    delay_seconds: int = 10
    # How long after the first suggestions it is shown.
    trigger_after_seconds: int = 3
    generic: str = "Hello, thanks for reaching out. How can I help you today?"
    named: str = "Hello {NAME}, thanks for reaching out. How can I help you today?"


def policy_from(row: GreetingPolicy | None) -> Policy:
    """Return what a company's row says."""
    if row is None:
        return Policy()
    return Policy(*(getattr(row, name) for name in Policy._fields))


def is_on(policy: Policy, own: AgentGreeting | None) -> bool:
    """Tell whether an agent has greetings on; without a word of its own, as its company has."""
    return policy.enabled if own is None or own.enabled is None else own.enabled


def texts_for(policy: Policy, own: AgentGreeting | None) -> Texts:
    """Return an agent's texts: its own, else the company's (CMP-144, CMP-149)."""
    if own is None:
        return Texts(policy.generic, policy.named)
    return Texts(own.generic or policy.generic, own.named or policy.named)
