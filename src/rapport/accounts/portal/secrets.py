"""Secrets of API keys: random, shown once, kept as a hash."""

from __future__ import annotations

import hashlib
import secrets

# So that scanners of source code and logs can tell what they have found.
_PREFIX = "rapport_"


def new_secret() -> str:
    """Return a secret of 256 random bits."""
    return _PREFIX + secrets.token_urlsafe(32)


def secret_hash(secret: str) -> str:
    """Return what is stored of a secret.

    One SHA-256: guessing 256 random bits is hopeless however fast each guess is, and this runs on
    every request.
    """
    return hashlib.sha256(secret.encode()).hexdigest()
