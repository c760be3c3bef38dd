"""Profanity: what must not be sent, from the built-in list and each company's own."""

from rapport.compose.profanity.board import Blocklists

__all__ = ["Blocklists"]
