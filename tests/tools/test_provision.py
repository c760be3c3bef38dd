"""Provisioning finds what is there, believes only what answers, and says what is missing."""

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tools import provision

pytestmark = pytest.mark.unit


@contextmanager
def server_that_answers(reply: bytes) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(64)
                connection.sendall(reply)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


@pytest.mark.parametrize(
    ("reply", "usable"),
    [(b"+PONG\r\n", True), (b"-NOAUTH Authentication required.\r\n", False), (b"HTTP/1.1", False)],
)
def test_a_redis_is_believed_when_it_answers_without_a_password(reply: bytes, usable: bool) -> None:
    with server_that_answers(reply) as port:
        assert provision.redis_answers(port) is usable


def test_a_port_without_listener_is_no_redis() -> None:
    assert not provision.redis_answers(provision.free_port())


def test_a_version_is_read_from_what_the_command_prints(tmp_path: Path) -> None:
    assert provision.version_of([sys.executable, "--version"]) == sys.version_info[:2]
    assert provision.version_of([sys.executable, "-c", "raise SystemExit(127)"]) == ()
    assert provision.version_of([str(tmp_path / "absent")]) == ()


def test_everything_missing_is_named_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(provision, "POSTGRES_HOMES", ())

    assert provision.main(["run", "--", "true"]) == 1
    said = capsys.readouterr().err
    assert "please install: chromium fonts-liberation postgresql redis-server" in said


def test_a_wrong_call_prints_the_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert provision.main(["run"]) == 2
    assert "python -m tools.provision node" in capsys.readouterr().err
