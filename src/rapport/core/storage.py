"""Files that are not rows: attachments, feeds, audio; a local folder or a bucket, by setting.

Every file belongs to a company in an environment; its key begins with both, here and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import obstore
from obstore.exceptions import NotSupportedError
from obstore.store import AzureStore, GCSStore, LocalStore, ObjectStore, S3Store, from_url

from rapport.core.errors import NotFound, RapportError
from rapport.core.identity import Scope
from rapport.core.settings import DataSettings, Settings

# A part of a key: no empty one, none that climbs out of its folder, nothing a shell or URL would read.
_PART = re.compile(r"^[A-Za-z0-9_\-][A-Za-z0-9_.\-]{0,127}$")
CHUNK_BYTES = 1_000_000

_SIGNS = (S3Store, GCSStore, AzureStore)


class UnusableKey(RapportError):
    """A file's key is not made of plain names separated by slashes. Facts: `key`."""

    sentence = "A file cannot be called {key}"


class File(NamedTuple):
    """A stored file: its key within its scope, its size and when it was last written (UTC)."""

    key: str
    size_bytes: int
    modified_at: datetime


class Files:
    """The files of an installation."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def put(self, scope: Scope, key: str, data: bytes | AsyncIterable[bytes]) -> None:
        """Store a file, whole or as it comes; readers see the old one or the new one, never half."""
        await obstore.put_async(self._store, _path(scope, key), data)

    async def get(self, scope: Scope, key: str) -> bytes:
        """Return a file's content. Raises NotFound."""
        try:
            found = await obstore.get_async(self._store, _path(scope, key))
        except FileNotFoundError:
            raise NotFound(what="file") from None
        return bytes(await found.bytes_async())

    async def stream(self, scope: Scope, key: str) -> AsyncIterator[bytes]:
        """Yield a file's content in pieces of about a megabyte. Raises NotFound at the first."""
        try:
            found = await obstore.get_async(self._store, _path(scope, key))
        except FileNotFoundError:
            raise NotFound(what="file") from None
        async for piece in found.stream(min_chunk_size=CHUNK_BYTES):
            yield bytes(piece)

    async def delete(self, scope: Scope, key: str) -> None:
        """Remove a file; one that is not there is no error."""
        try:
            await obstore.delete_async(self._store, _path(scope, key))
        except FileNotFoundError:
            return

    async def list(self, scope: Scope, folder: str = "") -> Sequence[File]:
        """Return the files of a scope, or of a folder in it, by key."""
        root = _path(scope, folder) if folder else _root(scope)
        found: list[File] = []
        async for page in obstore.list(self._store, prefix=root):
            found += [
                File(meta["path"].removeprefix(_root(scope) + "/"), meta["size"], modified)
                for meta in page
                if isinstance(modified := meta["last_modified"], datetime)
            ]
        return sorted(found)

    async def signed_url(self, scope: Scope, key: str, lifetime: timedelta) -> str | None:
        """Return an address from which anybody may fetch a file for a while.

        None where the store cannot sign (a local folder): the file is then served by a route.
        """
        if not isinstance(self._store, _SIGNS):
            return None
        try:
            return await obstore.sign_async(self._store, "GET", _path(scope, key), lifetime)
        except NotSupportedError:
            return None


def open_files(settings: Settings) -> Files:
    """Return the configured files: a bucket, or the folder `files` of the data folder."""
    url = settings[DataSettings].files_url
    if url and not url.startswith("file://"):
        return Files(from_url(url))
    folder = url.removeprefix("file://") or str((settings.folder / "files").absolute())
    return Files(LocalStore(folder, automatic_cleanup=True, mkdir=True))


def _root(scope: Scope) -> str:
    return f"{scope.company_id}/{scope.environment}"


def _path(scope: Scope, key: str) -> str:
    if not all(_PART.match(part) for part in key.split("/")):
        raise UnusableKey(key=key)
    return f"{_root(scope)}/{key}"
