"""A command runs with PostgreSQL and Redis answering at the addresses it is given."""

import sys
from pathlib import Path

import psycopg
import pytest
import redis

from tools import provision

pytestmark = pytest.mark.cluster


@pytest.fixture
def nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine with the programs but without running servers."""
    answers = provision.redis_answers
    monkeypatch.setattr(provision, "redis_answers", lambda port: port != 6379 and answers(port))
    monkeypatch.setattr(provision, "postgres_answers", lambda _home, _port: False)


@pytest.mark.usefixtures("nobody_listens")
def test_private_servers_are_started_and_stopped() -> None:
    with provision.postgres_server() as postgres, provision.redis_server() as cache:
        with psycopg.connect(postgres) as connection:
            durable = connection.execute("show synchronous_commit").fetchone()
        with redis.Redis.from_url(cache) as client:
            assert client.ping()
        assert durable == ("on",)

    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(postgres)
    with pytest.raises(redis.ConnectionError):
        redis.Redis.from_url(cache).ping()


def test_a_command_gets_the_addresses_and_gives_its_status(tmp_path: Path) -> None:
    told = tmp_path / "told"
    tell = (
        "import os, pathlib, sys\n"
        "names = ['RAPPORT_TEST_POSTGRES_URL', 'RAPPORT_TEST_REDIS_URL', 'RAPPORT_TEST_CHROMIUM']\n"
        f"pathlib.Path({str(told)!r}).write_text(' '.join(os.environ[n] for n in names))\n"
        "sys.exit(3)\n"
    )

    assert provision.main(["run", "--", sys.executable, "-c", tell]) == 3
    postgres, cache, chromium = told.read_text().split()
    assert postgres.startswith("postgresql://")
    assert cache.startswith("redis://")
    assert Path(chromium).exists()
