"""Passwords of people: argon2id, off the event loop, a few at a time."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

T = TypeVar("T")

# OWASP's choice for argon2id, 24 ms of one processor: a session is opened far more often than a
# database is stolen. Two at a time bound memory and processor, however many guessers come at once.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# What is stored for those who have no password: no password matches it.
NO_PASSWORD = "!"  # noqa: S105
_WORKERS = ThreadPoolExecutor(2, thread_name_prefix="passwords")
# Letters and digits that nobody confuses when reading them out; 16 of them carry 79 bits.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def one_time_password() -> str:
    """Return a password to be told once and changed at the first sign-in: `abcd-efgh-jkmn-pqrs`."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


async def hashed(password: str) -> str:
    """Return what is stored for a password."""
    return await _in_worker(_HASHER.hash, password)


async def matches(stored: str | None, password: str) -> bool:
    """Tell whether a password is the stored one; as slow when there is nothing to compare with."""
    if stored is None or stored == NO_PASSWORD:
        await hashed(password)
        return False
    return await _in_worker(_verify, stored, password)


def _verify(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


async def _in_worker(run: Callable[..., T], *arguments: str) -> T:
    return await asyncio.get_running_loop().run_in_executor(_WORKERS, run, *arguments)
