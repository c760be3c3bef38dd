"""Each house rule finds what it is for, and leaves its neighbours alone."""

from pathlib import Path

import pytest

from tools import lint_house
from tools.lint_house import Source

pytestmark = pytest.mark.unit

HOME, HOST = "/ro" + "ot/", "pypi" + ".org"


def broken(path: str, text: str) -> list[str]:
    return [rule for rule, _ in lint_house.complaints(Source(path, text))]


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        ("file-length", "src/rapport/desk/service.py", "x = 1\n" * 501),
        ("file-length", "web/app/src/Inbox/index.tsx", "x();\n" * 251),
        ("clock", "src/rapport/desk/service.py", "x = datetime.now(UTC)\n"),
        ("clock", "src/rapport/desk/service.py", "x = datetime.datetime.utcnow()\n"),
        ("clock", "src/rapport/desk/service.py", "x = time.time()\n"),
        ("log-text", "src/rapport/desk/service.py", "log.info('sent', text=words)\n"),
        ("log-text", "src/rapport/desk/service.py", "log.warning('refused', what=message.text)\n"),
        ("log-text", "src/rapport/desk/service.py", "logger.error(body)\n"),
        ("category", "tests/desk/test_inbox.py", "import pytest\n"),
        ("category", "tests/desk/test_inbox.py", "pytestmark = pytest.mark.asyncio\n"),
        ("machine", "README.md", f"run {HOME}bin/rapport\n"),
        ("machine", "Makefile", f"pip install -i https://{HOST}/simple x\n"),
    ],
)
def test_a_broken_rule_is_found(rule: str, path: str, text: str) -> None:
    assert broken(path, text) == [rule]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("src/rapport/desk/service.py", "x = 1\n" * 500),
        ("src/rapport/core/clock.py", "x = datetime.now(UTC)\n"),
        ("src/rapport/desk/service.py", "x = time.monotonic() + time.perf_counter()\n"),
        ("src/rapport/desk/service.py", "x = clock.now()\n"),
        ("src/rapport/desk/service.py", "await log.append(session, sent, text=words)\n"),
        ("src/rapport/desk/service.py", "log.info('sent', length=len(message.text))\n"),
        ("tests/desk/test_inbox.py", "pytestmark = [pytest.mark.api, pytest.mark.timeout(60)]\n"),
        ("tests/desk/conftest.py", "import pytest\n"),
        ("docs/start.md", "the shadow root/host\n"),
        ("uv.lock", f"https://{HOST}/simple\n"),
    ],
)
def test_what_is_right_is_left_alone(path: str, text: str) -> None:
    assert broken(path, text) == []


def test_a_marked_line_may_break_the_named_rule_only() -> None:
    line = "x = time.time()  # house: allow {}: the kernel's own stamp\n"

    assert broken("src/rapport/x.py", line.format("clock")) == []
    assert broken("src/rapport/x.py", line.format("machine")) == ["clock"]


def test_complaints_are_printed_with_their_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "README.md").write_text(f"fine\n{HOME}x\n")
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules/README.md").write_text(HOME)

    assert lint_house.main([str(tmp_path)]) == 1
    assert capsys.readouterr().out == f"README.md:2: machine: names {HOME}\n"
