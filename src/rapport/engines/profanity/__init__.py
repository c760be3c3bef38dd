"""Profanity, in English and Spanish: obscenities, slurs and other unwanted words (CMP-080..083).

finder = Finder(blocked=["darn it"], allowed=["Dick's Sporting Goods"])
assert finder.has("F.u.c.k!") and not finder.has("Scunthorpe")
"""

from __future__ import annotations

from rapport.engines.profanity.finder import Finder, Found
from rapport.engines.profanity.terms import words_of

__all__ = ["Finder", "Found", "words_of"]
