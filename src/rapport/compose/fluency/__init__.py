"""Fluency: the word an agent has just typed, corrected while it types on."""

from rapport.compose.fluency.corrections import find
from rapport.compose.fluency.service import Fluency

__all__ = ["Fluency", "find"]
