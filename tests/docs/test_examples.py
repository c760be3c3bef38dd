"""What the documentation tells people to type works as it stands there."""

import json
import re
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.support.company import TestCompany

pytestmark = pytest.mark.api

DOCS = Path(__file__).resolve().parents[2] / "docs"
PLACEHOLDER = "01JNFQ2X8Z6T0V4M9S3B7D5KCE"


def shell_examples(page: str) -> list[str]:
    text = (DOCS / page).read_text(encoding="utf-8")
    return [b for b in re.findall(r"```console\n(.*?)```", text, re.DOTALL) if "curl " in b]


def answers(example: str, company: TestCompany) -> str:
    """Run an example as typed, with the addresses and keys that a reader would fill in."""
    headers = httpx.Headers(company.headers)
    filled = {
        "RAPPORT": company.server.address,
        "API_ID": headers["asapp-api-id"],
        "API_SECRET": headers["asapp-api-secret"],
    }
    typed = re.sub(r"^export .*$", "", example, flags=re.MULTILINE)
    quiet = {"PATH": "/usr/local/bin:/usr/bin:/bin", "no_proxy": "127.0.0.1", **filled}
    done = subprocess.run(
        ["bash", "-euc", typed], env=quiet, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout


def test_the_first_calls_work_as_written(acme: TestCompany) -> None:
    create, talk = shell_examples("start.md")

    conversation = json.loads(answers(create, acme))["id"]
    said = answers(talk.replace(PLACEHOLDER, conversation), acme)

    assert "Where is my order?" in said
    assert '"error"' not in said


async def test_the_contract_is_where_the_pages_say(acme: TestCompany) -> None:
    async with acme.api() as client:
        contract = await client.get("/schema/openapi.json")
        pages = await client.get("/schema")

    assert "/conversation/v1/conversations" in contract.json()["paths"]
    assert pages.headers["content-type"].startswith("text/html")
