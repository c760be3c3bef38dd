"""The documentation tells the truth: settings, commands and links."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import reference

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]

_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)


def prose(page: Path) -> str:
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    titles = _HEADING.findall(prose(page))
    return {re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", t.lower()).strip()) for t in titles}


def broken_links(page: Path) -> Iterator[str]:
    for link in _LINK.findall(re.sub(r"`[^`]*`", "", prose(page))):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            yield link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_inside_the_repository_resolve(page: Path) -> None:
    assert list(broken_links(page)) == []


def test_every_page_can_be_reached_from_the_navigation() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")

    # Decisions are listed by their index, which `make reference` writes.
    pages = [p.relative_to(DOCS).as_posix() for p in DOCS.rglob("*.md")]
    assert [p for p in pages if p not in navigation and not p.startswith("decisions/0")] == []


@pytest.mark.parametrize("name", ["api.md", "operations.md", "decisions/index.md"])
def test_the_reference_says_what_the_code_does(name: str) -> None:
    """`make reference` repairs it."""
    reference.import_every_room()
    page = (DOCS / name).read_text(encoding="utf-8")

    assert page == reference.with_tables(page)


def test_every_table_has_its_page() -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in PAGES)

    assert [name for name in reference.TABLES if f"<!-- {name} -->" not in pages] == []
