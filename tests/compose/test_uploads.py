"""Uploading a list: worked out while others write, written in a few statements, right in between."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from rapport.accounts.onboarding.service import create_company, operator
from rapport.compose.globals import dictionary, restoring, uploads, versions
from rapport.compose.globals.draft import DraftChanged, add, hold
from rapport.compose.globals.models import GlobalResponse
from rapport.compose.globals.reading import all_responses, folders_in
from rapport.compose.globals.replacing import Line, Replaced, replace_all
from rapport.compose.globals.restoring import restore
from rapport.compose.globals.rows import Content
from rapport.compose.globals.sheets import Sheet
from rapport.compose.globals.uploads import Report, UploadRefused, Wanted
from rapport.compose.texts import ROOT
from rapport.core.identity import Caller
from tests.support.house import House, open_house
from tests.support.nodes import postgres_database

pytestmark = pytest.mark.unit

COMMON = (Line("Hello"), Line("Good bye", "Farewell", ("Ends",)))
A, B, C = Line("A", "One", ("X", "Y")), Line("B", "Two", ("X",)), Line("C")
Between = Callable[[], Awaitable[object]]


@pytest.fixture
async def caller(house: House) -> Caller:
    return await opened(house)


async def opened(house: House) -> Caller:
    async with house.node.database.writing() as session:
        account = await create_company(session, "acme", "Acme", "a@acme.test", "d@acme.test")
    return operator(account.company.id)


async def upload(
    house: House, caller: Caller, *lines: Line, based_on: int = 0, is_trial: bool = False
) -> Report:
    sheet = Sheet(lines, range(2, len(lines) + 2), ())
    wanted = Wanted(based_on, "", is_trial=is_trial)
    return await uploads.upload(house.node.database, house.node.log, caller, sheet, wanted)


async def listed(house: House, caller: Caller, number: int) -> list[tuple[Any, ...]]:
    """What a version says: text, title, the path of the folder."""
    company_id = caller.scope.company_id
    async with house.node.database.reading() as session:
        folders = await folders_in(session, company_id, number)
        rows = await session.scalars(all_responses(company_id, number))
        return [(row.text, row.title, folders.path(row.folder_id)) for row in rows]


def once_worked_out(monkeypatch: pytest.MonkeyPatch, do: Between) -> None:
    """Have something done between what an upload works out first and what it writes."""
    prepare, left = uploads._prepared, [do]

    async def prepared(*arguments: Any) -> Any:
        found = await prepare(*arguments)
        while left:
            await left.pop()()
        return found

    monkeypatch.setattr(uploads, "_prepared", prepared)


async def test_a_list_of_any_length_is_written_in_a_few_statements(
    house: House, caller: Caller
) -> None:
    statements = 0

    def count(*_arguments: Any) -> None:
        nonlocal statements
        statements += 1

    engine = house.node.database._write_engine.sync_engine
    event.listen(engine, "before_cursor_execute", count)
    many = [Line(f"Text {n}", f"Title {n}", (f"F{n % 50}",)) for n in range(1_000)]

    report = await upload(house, caller, *many)
    # Every row ends, and another begins.
    other = [line._replace(text=f"{line.text}!", title="") for line in many]
    assert report.saved is not None
    again = await upload(house, caller, *other, based_on=1)

    assert (report.replaced.added, again.replaced.removed) == (1_000, 1_000)
    assert statements < 60
    assert len(await listed(house, caller, 1)) == len(await listed(house, caller, 2)) == 1_000


@pytest.mark.spec("CMP-199")
async def test_a_version_of_any_length_is_restored_in_a_few_statements(
    house: House, caller: Caller
) -> None:
    many = [Line(f"Text {n}", f"Title {n}", (f"F{n % 50}",)) for n in range(1_000)]
    first = await upload(house, caller, *many)
    # Some stay, some say something else, some are gone, some are new.
    other = [line._replace(title="") for line in many[:500]]
    await upload(house, caller, *many[900:], *other, *COMMON, based_on=1)
    assert first.saved is not None
    ids = await ids_in(house, caller, 1)
    statements = Counter[str]()

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements[statement.split()[0]] += 1

    event.listen(house.node.database._write_engine.sync_engine, "before_cursor_execute", count)

    revision = await restore(house.node.database, caller, 2, first.saved.id)

    assert revision == 3
    assert sum(statements.values()) < 40, statements
    assert await listed(house, caller, 3) == await listed(house, caller, 1)
    assert await ids_in(house, caller, 3) == ids
    assert len(await listed(house, caller, 2)) == 602


@pytest.mark.spec("CMP-199")
async def test_what_is_changed_while_a_version_is_restored_is_not_overwritten(
    house: House, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = (await upload(house, caller, A, B)).saved
    assert first is not None
    await upload(house, caller, C, based_on=1)
    prepare = restoring._prepared

    async def then_changed(*arguments: Any) -> Any:
        found = await prepare(*arguments)
        monkeypatch.setattr(restoring, "_prepared", prepare)
        async with house.node.database.writing() as session:
            await add(session, caller, Content("Mine", "", ROOT, []), "")
        return found

    monkeypatch.setattr(restoring, "_prepared", then_changed)

    with pytest.raises(DraftChanged):
        await restore(house.node.database, caller, 2, first.id)
    assert await listed(house, caller, 3) == [("C", "", ""), ("Mine", "", "")]


async def test_a_draft_that_says_again_what_was_saved_leaves_no_trace(
    house: House, caller: Caller
) -> None:
    saved = (await upload(house, caller, A, B)).saved
    assert saved is not None
    async with house.node.database.writing() as session:
        await replace_all(await hold(session, caller), [B, C])

    await restore(house.node.database, caller, 1, saved.id)

    assert await listed(house, caller, 2) == await listed(house, caller, 1)
    assert await traces(house, caller) == [(1, None), (1, None)]


async def test_a_trial_keeps_nobody_from_writing(house: House, caller: Caller) -> None:
    await upload(house, caller, A, B)

    async with asyncio.timeout(10), house.node.database.gate():
        report = await upload(house, caller, B, C, based_on=1, is_trial=True)

    assert report.replaced == Replaced(added=1, changed=0, removed=1, unchanged=1)
    assert (await upload(house, caller, A, B, based_on=1)).replaced.unchanged == 2


async def test_what_somebody_changes_meanwhile_is_not_overwritten(
    house: House, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def change() -> None:
        async with house.node.database.writing() as session:
            await add(session, caller, Content("Mine", "", ROOT, []), "")

    once_worked_out(monkeypatch, change)

    with pytest.raises(DraftChanged):
        await upload(house, caller, A)
    assert await listed(house, caller, 1) == [("Mine", "", "")]


async def test_what_was_saved_meanwhile_stays_a_version(
    house: House, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def save() -> None:
        async with house.node.database.writing() as session:
            await versions.save(session, house.node.log, caller, 1, "In between")

    async with house.node.database.writing() as session:
        await add(session, caller, Content("Mine", "", ROOT, []), "")
    once_worked_out(monkeypatch, save)

    report = await upload(house, caller, A, based_on=1)

    assert report.saved is not None
    assert report.saved.number == 2
    assert await listed(house, caller, 1) == [("Mine", "", "")]
    assert await listed(house, caller, 2) == [("A", "One", "X > Y")]


async def test_what_the_dictionary_lost_meanwhile_is_not_inserted(
    house: House, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house.node.database.writing() as session:
        entry = await dictionary.add(session, caller, "insert", "plan", dictionary.Said())

    async def remove() -> None:
        async with house.node.database.writing() as session:
            await dictionary.remove(session, caller, entry.id)

    once_worked_out(monkeypatch, remove)

    with pytest.raises(UploadRefused):
        await upload(house, caller, Line("Your {plan} ends."))
    assert await listed(house, caller, 1) == []


@pytest.mark.parametrize(
    ("between", "is_same_again"),
    [
        ([], False),
        ([C], False),
        ([A._replace(text="Other"), B], True),
        ([A._replace(folder=("Z",)), B._replace(title="Else"), C], False),
        ([A, A, B, C], True),
    ],
)
async def test_a_draft_is_replaced_as_often_as_one_likes(
    house: House, caller: Caller, between: list[Line], is_same_again: bool
) -> None:
    await upload(house, caller, A, B)
    for lines in (between, [*between, Line("D"), Line("D", "Two")], [A, B]):
        async with house.node.database.writing() as session:
            await replace_all(await hold(session, caller), lines)
        assert await listed(house, caller, 2) == sorted(
            (line.text, line.title, " > ".join(line.folder)) for line in lines
        )

    assert await listed(house, caller, 1) == [("A", "One", "X > Y"), ("B", "Two", "X")]
    # Where every response went on under its id, nothing is left of what was said in between.
    assert (await traces(house, caller) == [(1, None), (1, None)]) is is_same_again


@pytest.mark.cluster
async def test_on_postgresql_it_is_the_same(tmp_path: Path) -> None:
    async with (
        postgres_database() as url,
        open_house(tmp_path, RAPPORT_DATA_DATABASE_URL=url) as house,
    ):
        caller = await opened(house)
        await upload(house, caller, A, B)
        report = await upload(house, caller, A._replace(text="Other"), C, based_on=1)

        assert report.replaced == Replaced(added=1, changed=1, removed=1, unchanged=0)
        assert await listed(house, caller, 1) == [("A", "One", "X > Y"), ("B", "Two", "X")]
        assert await listed(house, caller, 2) == [("C", "", ""), ("Other", "One", "X > Y")]


async def ids_in(house: House, caller: Caller, number: int) -> list[str]:
    """The ids of a version's responses, in the order of their texts."""
    async with house.node.database.reading() as session:
        rows = await session.scalars(all_responses(caller.scope.company_id, number))
        return [row.response_id for row in rows]


async def traces(house: House, caller: Caller) -> list[tuple[int, int | None]]:
    """From which version to which the rows of a list hold, of all there are."""
    rows = select(GlobalResponse.since, GlobalResponse.until)
    own = GlobalResponse.company_id == caller.scope.company_id
    async with house.node.database.reading() as session:
        return [(since, until) for since, until in await session.execute(rows.where(own))]
