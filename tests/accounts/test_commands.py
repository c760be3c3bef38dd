"""`rapport keys` and `rapport users` on an installation that nobody has signed in to yet."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from rapport.cli import app
from rapport.core.database.database import database_url
from rapport.core.database.upgrade import upgrade
from tests.accounts.conftest import in_a_folder

pytestmark = pytest.mark.unit


class Shell:
    """Runs commands on one installation."""

    def __init__(self, folder: Path) -> None:
        self._environ = {"RAPPORT_DATA_FOLDER": str(folder), "COLUMNS": "300"}

    def run(self, *arguments: str) -> Result:
        """Run a command."""
        return CliRunner().invoke(app, arguments, env=self._environ)

    def answer(self, *arguments: str) -> Any:
        """Run a command for machines and return its one JSON document."""
        result = self.run(*arguments, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """An installation with one company."""
    asyncio.run(upgrade(database_url(in_a_folder(tmp_path))))
    return Shell(tmp_path)


@pytest.fixture
def account(shell: Shell) -> Any:
    """The company acme, as its opening was printed."""
    people = ("--admin", "ada@acme.test", "--developer", "dev@acme.test")
    return shell.answer("users", "create-company", "acme", "--name", "Acme", *people)


def test_an_account_is_opened_and_printed_once(shell: Shell, account: Any) -> None:
    assert account["organization"] == "acme"
    assert account["admin"]["person"]["role"] == "administrator"
    listed = shell.answer("keys", "list", "acme")
    assert [key["id"] for key in listed] == [account["api_id"]]
    assert account["api_secret"] not in json.dumps(listed)
    again = shell.run(
        "users", "create-company", "acme", "--name", "B", "--admin", "a@b", "--developer", "c@d"
    )
    assert again.exit_code == 1
    assert "marker acme" in again.stderr


def test_people_are_invited_listed_and_shut_out(shell: Shell, account: Any) -> None:
    invited = shell.answer("users", "invite", "acme", "iris@acme.test", "--name", "Iris")
    assert invited["person"]["role"] == "agent"
    reset = shell.answer("users", "reset-password", "acme", "iris@acme.test")
    assert reset["password"] != invited["password"]
    assert shell.answer("users", "disable", "acme", "iris@acme.test")["enabled"] is False
    table = shell.run("users", "list", "acme").stdout
    assert [line.split()[-1] for line in table.splitlines()[1:]] == ["active", "active", "disabled"]
    assert shell.answer("users", "enable", "acme", "iris@acme.test")["enabled"] is True
    assert shell.answer("users", "unlock", "acme", "iris@acme.test")["locked_until"] is None
    last = shell.run("users", "disable", "acme", "ada@acme.test")
    assert (last.exit_code, last.stdout) == (1, "")
    assert "another administrator" in last.stderr
    assert shell.run("users", "invite", "acme", "nobody", "--name", "X").exit_code == 1


def test_keys_are_created_rotated_limited_and_revoked(shell: Shell, account: Any) -> None:
    made = shell.answer("keys", "create", "acme", "--name", "second", "--product", "health")
    assert made["key"]["products"] == ["health"]
    key = made["key"]["id"]
    rotated = shell.answer("keys", "rotate", key, "--grace", "1")
    assert rotated["secret"] != made["secret"]
    assert rotated["key"]["previous_until"] is not None
    shell.answer("keys", "limit", key, "--daily", "5")
    limited = shell.answer("keys", "limit", key, "--rate", "7")[0]
    assert (limited["rate_per_second"], limited["burst"], limited["daily_quota"]) == (7, 100, 5)
    revoked = shell.answer("keys", "revoke", key, "--reason", "abuse")
    assert revoked["revoked_at"] is not None
    every = ("keys", "limit", "--organization", "acme", "-e", "sandbox", "--burst", "9")
    assert [one["id"] for one in shell.answer(*every)] == [account["api_id"]]
    assert shell.run("keys", "rotate", key).exit_code == 1
    assert shell.run("keys", "limit", key, "--organization", "acme").exit_code == 2
    assert shell.run("keys", "create", "acme", "-e", "production", "--name", "x").exit_code == 1


def test_opt_in_services_are_off_until_switched_on(shell: Shell, account: Any) -> None:
    for service in ("metadata-ingestion", "fileexporter"):
        company = shell.answer("keys", "product", "acme", service, "-e", "sandbox")
        assert service in company["products"]["sandbox"]
        assert service not in company["products"]["production"]
        company = shell.answer("keys", "product", "acme", service, "-e", "sandbox", "--off")
        assert service not in company["products"]["sandbox"]
    assert shell.run("keys", "product", "acme", "juggling").exit_code == 1


def test_a_database_without_tables_is_explained(tmp_path: Path) -> None:
    result = Shell(tmp_path).run("keys", "list", "acme")
    assert result.exit_code == 1
    assert "rapport db upgrade" in result.stderr
