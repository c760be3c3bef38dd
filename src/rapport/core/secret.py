"""The installation's secret: one value from which every signing and encryption key is derived."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from rapport.core.settings import ServerSettings, Settings


class Secret:
    """Derives keys for named purposes, so that one leaked key opens one door."""

    def __init__(self, root: str) -> None:
        self._root = root.encode()

    def key(self, purpose: str) -> bytes:
        """Return 32 bytes for a purpose, the same at every call and on every node."""
        hkdf = HKDF(algorithm=SHA256(), length=32, salt=b"rapport", info=purpose.encode())
        return hkdf.derive(self._root)


def installation_secret(settings: Settings) -> Secret:
    """Return the configured secret, or the one kept in the data folder, made on first use."""
    configured = settings[ServerSettings].secret
    return Secret(configured or _kept(settings.folder / "secret"))


def _kept(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        # Created by one process only: two nodes starting together must not sign with two secrets.
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text()
