"""Files: kept by company, whole or not at all, in a folder as in a bucket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from obstore.store import MemoryStore, S3Store

from rapport.core.errors import NotFound
from rapport.core.identity import Environment, Scope
from rapport.core.ids import CompanyId
from rapport.core.settings import DataSettings, Settings
from rapport.core.storage import CHUNK_BYTES, Files, UnusableKey, open_files

pytestmark = pytest.mark.unit

SCOPE = Scope(CompanyId("acme"), Environment.SANDBOX)
OTHER = Scope(CompanyId("globex"), Environment.SANDBOX)


@pytest.fixture(params=["folder", "bucket"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    if request.param == "bucket":
        return Files(MemoryStore())
    return open_files(Settings({DataSettings: DataSettings(folder=str(tmp_path))}))


async def test_a_file_comes_back_as_it_was(files: Files) -> None:
    await files.put(SCOPE, "feeds/2026-05-01.csv", b"a,b\n1,2\n")
    await files.put(SCOPE, "feeds/2026-05-01.csv", b"a,b\n1,3\n")

    assert await files.get(SCOPE, "feeds/2026-05-01.csv") == b"a,b\n1,3\n"


async def test_a_large_file_streams_in_and_out(files: Files) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for number in range(30):
            yield bytes([number]) * 100_000

    await files.put(SCOPE, "audio/call.wav", pieces())

    got = [piece async for piece in files.stream(SCOPE, "audio/call.wav")]
    assert b"".join(got) == b"".join(bytes([number]) * 100_000 for number in range(30))
    assert max(len(piece) for piece in got) <= 4 * CHUNK_BYTES


async def test_another_companys_file_is_not_there(files: Files) -> None:
    await files.put(SCOPE, "a.txt", b"x")

    for scope in (OTHER, Scope(SCOPE.company_id, Environment.PRODUCTION)):
        with pytest.raises(NotFound):
            await files.get(scope, "a.txt")
        with pytest.raises(NotFound):
            _ = [piece async for piece in files.stream(scope, "a.txt")]
        assert await files.list(scope) == []


async def test_files_are_listed_by_folder_and_deleted(files: Files) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)
    for key in ("b/2.txt", "b/1.txt", "a.txt", "bb/3.txt"):
        await files.put(SCOPE, key, b"xyz")

    assert [file.key for file in await files.list(SCOPE)] == [
        "a.txt",
        "b/1.txt",
        "b/2.txt",
        "bb/3.txt",
    ]
    listed = await files.list(SCOPE, "b")
    assert [(file.key, file.size_bytes) for file in listed] == [("b/1.txt", 3), ("b/2.txt", 3)]
    assert all(file.modified_at > before for file in listed)

    await files.delete(SCOPE, "b/1.txt")
    await files.delete(SCOPE, "b/1.txt")
    assert [file.key for file in await files.list(SCOPE, "b")] == ["b/2.txt"]


@pytest.mark.parametrize(
    "key", ["", "/etc/passwd", "../other", "a/../../b", "a//b", ".hidden", "a b", "a/", "a\nb"]
)
async def test_a_key_cannot_leave_its_scope(files: Files, key: str) -> None:
    with pytest.raises(UnusableKey):
        await files.put(SCOPE, key, b"x")


async def test_only_buckets_sign_addresses(files: Files) -> None:
    assert await files.signed_url(SCOPE, "a.txt", timedelta(minutes=5)) is None

    bucket = S3Store("rapport", access_key_id="id", secret_access_key="secret", region="eu-west-1")
    signed = await Files(bucket).signed_url(SCOPE, "a.txt", timedelta(minutes=5))
    assert signed is not None
    assert "/acme/sandbox/a.txt?" in signed
    assert "X-Amz-Expires=300" in signed


def test_a_folder_may_be_named(tmp_path: Path) -> None:
    url = f"file://{tmp_path / 'elsewhere'}"
    open_files(Settings({DataSettings: DataSettings(files_url=url)}))

    assert (tmp_path / "elsewhere").is_dir()
