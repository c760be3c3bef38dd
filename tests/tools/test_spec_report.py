"""`make spec` counts what the tests claim and refuses claims to rows that do not exist."""

import json
from pathlib import Path

import pytest

from tools import spec_report

pytestmark = pytest.mark.unit

PAGE = """# Platform (PLT)

| id | feature | what must work |
|---|---|---|
| PLT-001 | Header auth | Wrong keys give `401` \\| error object. |
| PLT-002 | Paging | Cursor works. |
| PLT-003 | Limits | 101st request is refused. |
"""

# Written apart so that this module's own text claims nothing.
MARK = "pytest.mark." + "spec"

PYTHON_TEST = f"""
import pytest

pytestmark = [pytest.mark.unit, {MARK}("PLT-001")]

class TestPaging:
    @{MARK}("PLT-002")
    async def test_it(self) -> None: ...
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "docs/specification").mkdir(parents=True)
    (tmp_path / "docs/specification/plt.md").write_text(PAGE)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_paging.py").write_text(PYTHON_TEST)
    (tmp_path / "web/sdk").mkdir(parents=True)
    return tmp_path


def report(
    repository: Path, capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, str]:
    status = spec_report.main(["--root", str(repository), *arguments])
    return status, capsys.readouterr().out


def test_marks_on_modules_and_functions_count(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out = report(repository, capsys)

    assert status == 0
    assert [line.split() for line in out.splitlines()] == [
        ["PLT", "2", "/", "3", "66.7%"],
        ["all", "2", "/", "3", "66.7%"],
    ]


def test_comments_in_web_tests_count(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "web/sdk/limits.test.ts").write_text("// spec: PLT-003, PLT-002\ntest();\n")

    status, out = report(repository, capsys, "--json")

    assert status == 0
    assert json.loads(out)["areas"] == {"PLT": {"covered": 3, "total": 3}}


def test_missing_rows_are_named_with_their_feature(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out = report(repository, capsys, "--missing")

    assert out.splitlines()[-1] == "PLT-003  Limits"


def test_a_mark_of_an_unknown_row_fails_with_its_place(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "tests/test_lie.py").write_text(f'x = {MARK}("PLT-999")\n')

    assert spec_report.main(["--root", str(repository)]) == 1
    assert "test_lie.py:1: PLT-999 is no row" in capsys.readouterr().err


def test_a_row_given_twice_is_refused(repository: Path) -> None:
    (repository / "docs/specification/zzz.md").write_text("| PLT-001 | Again | Twice. |\n")

    with pytest.raises(ValueError, match="PLT-001 a second time"):
        spec_report.rows_of(repository / "docs/specification")


def test_every_row_of_the_specification_is_read() -> None:
    pages = sorted((spec_report.ROOT / "docs/specification").glob("???.md"))
    rows = spec_report.rows_of(spec_report.ROOT / "docs/specification")

    assert len(pages) == 15
    for page in pages:
        announced = sum(line.startswith("| ") for line in page.read_text().splitlines())
        heads = page.read_text().count("\n| id | feature | what must work |\n")
        assert announced - heads == sum(row.startswith(page.stem.upper()) for row in rows)
