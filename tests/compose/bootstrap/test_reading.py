"""Files of transcripts as other systems write them."""

from __future__ import annotations

import io
from collections.abc import Iterable

import pytest

from rapport.compose.bootstrap.reading import Problem, Row, rows_in, talks_in

pytestmark = pytest.mark.unit

CSV = (
    "conversation_externalId,sender_externalId,sender_role,text,timestamp\n"
    'c-1,cu-1,customer,"Where is my order, please?",2026-03-04T09:10:11Z\n'
    "c-2,b-1,bot,How can I help?,2026-03-04T09:10:12Z\n"
    'c-1,ag-1,agent,"It is ""on its way"".\nThanks!",2026-03-04T09:11:00+00:00\n'
)


def read(text: str) -> tuple[list[Row], list[Problem]]:
    found = list(rows_in(io.StringIO(text, newline="")))
    return [r for r in found if isinstance(r, Row)], [p for p in found if isinstance(p, Problem)]


def said(rows: Iterable[Row]) -> dict[str, list[tuple[str, str]]]:
    return {talk.id: [(row.role, row.text) for row in talk.rows] for talk in talks_in(rows)}


EXPECTED = {
    "c-1": [
        ("customer", "Where is my order, please?"),
        ("agent", 'It is "on its way".\nThanks!'),
    ],
    "c-2": [("system", "How can I help?")],
}


@pytest.mark.parametrize("text", [CSV, "\ufeff" + CSV, CSV.replace("\n", "\r\n")])
def test_the_documented_columns_are_read(text: str) -> None:
    rows, problems = read(text)

    assert not problems
    heard = {key: [(r, t.replace("\r\n", "\n")) for r, t in v] for key, v in said(rows).items()}
    assert heard == EXPECTED
    assert [row.sender for row in rows] == ["cu-1", "b-1", "ag-1"]


def test_columns_may_stand_in_another_order_among_others() -> None:
    rows, problems = read(
        "text,extra,sender_role,timestamp,conversation_externalId,sender_externalId\n"
        "Hello,x,agent,,c-1,ag-1\n"
    )

    assert not problems
    assert said(rows) == {"c-1": [("agent", "Hello")]}


def test_json_lines_of_messages_and_of_conversations_are_read() -> None:
    rows, problems = read(
        '{"conversation_externalId":"c-1","sender_externalId":"a","sender_role":"agent",'
        '"text":"Hello","timestamp":"2026-03-04T09:10:11Z"}\n\n'
        '{"id":"c-2","messages":[{"role":"customer","text":"Hi"},{"role":"agent","text":"Hey"}]}\n'
    )

    assert not problems
    assert said(rows) == {
        "c-1": [("agent", "Hello")],
        "c-2": [("customer", "Hi"), ("agent", "Hey")],
    }


def test_messages_stand_in_the_order_of_their_times() -> None:
    rows, _ = read(
        CSV.splitlines()[0]
        + "\nc-1,a,agent,second,2026-03-04T09:11:00Z\nc-1,c,customer,first,2026-03-04 09:10:59\n"
    )

    assert said(rows) == {"c-1": [("customer", "first"), ("agent", "second")]}


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (",a,agent,Hello,", "conversation_externalId"),
        ("c-1,a,boss,Hello,", "sender_role"),
        ("c-1,a,agent, ,", "text"),
        ("c-1,a,agent,caf\ufffd,", "text"),
        ("c-1,a,agent,Hello,yesterday", "timestamp"),
        ("c-1,a", "sender_role"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_and_left_out(row: str, why: str) -> None:
    rows, problems = read(f"{CSV}{row}\nc-3,a,agent,Goodbye,\n")

    assert said(rows) == {**EXPECTED, "c-3": [("agent", "Goodbye")]}
    assert [problem.line for problem in problems] == [6]
    assert why in problems[0].why


@pytest.mark.parametrize("line", ['{"id": 5}', '{"id":"c","messages":[{"role":"agent"}]}', "{x"])
def test_a_line_of_json_that_cannot_be_used_is_named_without_its_text(line: str) -> None:
    rows, problems = read(f'{{"id":"c-1","messages":[{{"role":"agent","text":"Hi"}}]}}\n{line}\n')

    assert said(rows) == {"c-1": [("agent", "Hi")]}
    assert [problem.line for problem in problems] == [2]


def test_a_file_without_the_columns_is_refused_at_its_heading() -> None:
    rows, problems = read("who,what\nagent,Hello\n")

    assert not rows
    assert [problem.line for problem in problems] == [1]
    assert "sender_role" in problems[0].why
