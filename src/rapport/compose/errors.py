"""Refusals of suggestions."""

from __future__ import annotations

from rapport.core.errors import Refusal


class NoAgent(Refusal):
    """There is nobody in the conversation to send what would be suggested (PLT-080)."""

    sentence = "Bad request: the conversation has no agent"
