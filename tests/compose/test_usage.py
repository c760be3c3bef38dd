"""What clients report about messages: kept whole, once, and tied to the message it belongs to."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from rapport.core.identity import Role
from tests.compose.reporting import (
    LIBRARY,
    SENT,
    Json,
    act,
    is_reported,
    offered,
    open_talk,
    report,
    say,
    usage_of,
)
from tests.compose.test_greetings import set_policy
from tests.support.company import TestCompany
from tests.support.responses import publish

pytestmark = pytest.mark.api

DEFAULTS = {
    "numEdits": 0,
    "selectedSuggestionText": "",
    "selectedSuggestionsId": "",
    "selectedSuggestionIndex": 0,
    "initialSuggestionsId": "",
    "timeToAction": 0,
    "craftingTime": 0,
    "dwellTime": 0,
    "phraseAutocompletePresentedCt": 0,
    "phraseAutocompleteSelectedCt": 0,
}


def without_time(reported: Json) -> Json:
    assert reported.pop("reportedAt")
    return reported


@pytest.mark.spec("CMP-087", "CMP-088", "CMP-096", "CMP-097")
async def test_all_thirteen_fields_are_kept(api: httpx.AsyncClient, acme: TestCompany) -> None:
    await publish(acme, LIBRARY)
    talk = await open_talk(api)
    first = await offered(api, talk)
    second = await offered(api, talk, "Ple")
    message = await say(api, talk, "Please file a missing baggage report at the airport. Thanks")
    types = ["FLUENCY_APPLY", "AUTOCOMPLETE", "FLUENCY_APPLY", "FLUENCY_UNDO", "AUTOCOMPLETE"]
    told = {
        "numEdits": 7,
        "selectedSuggestionText": second["suggestions"][0]["text"],
        "selectedSuggestionsId": second["id"],
        "selectedSuggestionIndex": 1,
        "initialSuggestionsId": first["id"],
        "timeToAction": 1.25,
        "craftingTime": 8.5,
        "dwellTime": 0.875,
        "phraseAutocompletePresentedCt": 3,
        "phraseAutocompleteSelectedCt": 2,
    }

    answer = await report(api, talk, message, *types, **told)

    assert (answer.status_code, answer.content) == (200, b"")
    usage = await usage_of(acme, talk, is_reported(1))
    [kept] = usage["messages"]
    assert kept["messageId"] == message
    assert without_time(kept["report"]) == {"augmentationType": types, **told}
    # Joined with the set that was served: the text came from the company's list.
    assert kept["list"] == "global"
    assert kept["counters"]["time_to_action_seconds"] == 1.25
    assert kept["counters"]["crafting_time_seconds"] == 8.5
    assert kept["counters"]["dwell_time_seconds"] == 0.875


@pytest.mark.spec("CMP-099")
async def test_phrase_counts_are_in_the_feeds_of_messages_and_conversations(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    talk = await open_talk(api)
    for counts in ((2, 1), (3, 0)):
        message = await say(api, talk, "A phrase or two")
        await report(
            api,
            talk,
            message,
            "PHRASE_AUTOCOMPLETE",
            phraseAutocompletePresentedCt=counts[0],
            phraseAutocompleteSelectedCt=counts[1],
        )

    usage = await usage_of(acme, talk, is_reported(2))

    names = ("phrase_autocomplete_presented_ct", "phrase_autocomplete_selected_ct")
    each = [tuple(one["counters"][name] for name in names) for one in usage["messages"]]
    assert each == [(2, 1), (3, 0)]
    assert tuple(usage["counters"][name] for name in names) == (5, 1)
    assert [one["report"]["phraseAutocompletePresentedCt"] for one in usage["messages"]] == [2, 3]


@pytest.mark.spec("CMP-102", "CMP-103")
async def test_what_is_left_out_is_empty_or_zero(api: httpx.AsyncClient, acme: TestCompany) -> None:
    talk = await open_talk(api)
    message = await say(api, talk, "Hello")
    body = {"messageId": message, "augmentationType": ["FREEHAND"]}

    answer = await api.post(SENT, json=body)

    assert answer.status_code == 200
    usage = await usage_of(acme, talk, is_reported(1))
    [kept] = usage["messages"]
    assert without_time(kept["report"]) == {"augmentationType": ["FREEHAND"], **DEFAULTS}
    assert kept["messageId"] == message


@pytest.mark.spec("CMP-100")
async def test_messages_without_help_have_their_event_too(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    talk = await open_talk(api)
    by_hand = [await say(api, talk, f"By hand {number}") for number in range(2)]
    for message in by_hand:
        await report(api, talk, message, "FREEHAND", craftingTime=4.0)

    usage = await usage_of(acme, talk, is_reported(2))

    assert [one["messageId"] for one in usage["messages"]] == by_hand
    assert [one["report"]["augmentationType"] for one in usage["messages"]] == [["FREEHAND"]] * 2
    assert usage["counters"]["augmented_utterances_ct"] == 0
    assert usage["counters"]["crafting_time_seconds"] == 8.0


@pytest.mark.spec("CMP-098")
async def test_edits_are_summed_and_none_are_none(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    talk = await open_talk(api)
    for edits in (0, 12):
        message = await say(api, talk, "Your refund will arrive within seven days.")
        await report(api, talk, message, "AUTOSUGGEST", numEdits=edits)

    usage = await usage_of(acme, talk, is_reported(2))

    assert [one["counters"]["message_edits_ct"] for one in usage["messages"]] == [0, 12]
    assert usage["counters"]["message_edits_ct"] == 12


@pytest.mark.spec("CMP-101")
async def test_what_is_no_stored_message_of_an_agent_is_not_found(
    api: httpx.AsyncClient, acme: TestCompany, globex: TestCompany
) -> None:
    talk = await open_talk(api)
    other = await open_talk(api)
    message = await say(api, talk, "Hello")
    asked = await say(api, talk, "Anybody there?", role="customer")
    async with globex.api() as stranger:
        refused = [
            await report(api, talk, "01JN0000000000000000000000", "FREEHAND"),
            await report(api, talk, "", "FREEHAND"),
            await report(api, other, message, "FREEHAND"),
            await report(api, talk, asked, "FREEHAND"),
            await report(stranger, talk, message, "FREEHAND"),
            await stranger.post(SENT, json={"messageId": message, "augmentationType": []}),
        ]

    assert [answer.status_code for answer in refused] == [404] * len(refused)
    assert {answer.json()["error"]["code"] for answer in refused} == {"404-01"}
    await report(api, talk, message, "GLOBAL_INSERT")
    usage = await usage_of(acme, talk, is_reported(1))
    assert [one["report"]["augmentationType"] for one in usage["messages"]] == [["GLOBAL_INSERT"]]


async def test_a_message_that_is_reported_again_counts_once_and_stays_as_it_was(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    talk = await open_talk(api)
    message = await say(api, talk, "Hello")
    answers = await asyncio.gather(
        *(report(api, talk, message, "GLOBAL_INSERT", numEdits=3) for _ in range(5))
    )
    again = await report(api, talk, message, "CUSTOM_INSERT", numEdits=9)
    following = await say(api, talk, "Bye")
    await report(api, talk, following, "FREEHAND")

    usage = await usage_of(acme, talk, is_reported(2))

    assert {answer.status_code for answer in (*answers, again)} == {200}
    assert usage["messages"][0]["report"]["augmentationType"] == ["GLOBAL_INSERT"]
    assert usage["counters"]["augmented_utterances_ct"] == 1
    assert usage["counters"]["message_edits_ct"] == 3


async def test_a_usage_that_nobody_knows_is_kept_and_counted_as_unknown(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    talk = await open_talk(api)
    message = await say(api, talk, "Hello")

    answer = await report(api, talk, message, "TELEPATHY")

    assert answer.status_code == 200
    usage = await usage_of(acme, talk, is_reported(1))
    assert usage["messages"][0]["report"]["augmentationType"] == ["TELEPATHY"]
    assert usage["counters"]["unknown_augmentation_ct"] == 1
    assert usage["counters"]["augmented_utterances_ct"] == 1


async def test_bad_reports_are_refused_and_nothing_is_kept(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    talk = await open_talk(api)
    message = await say(api, talk, "Hello")
    refused = [
        await api.post(SENT, json={"conversationId": talk.id, "augmentationType": []}),
        await api.post(SENT, json={"conversationId": talk.id, "messageId": message}),
        await report(api, talk, message, numEdits="many"),
        await report(api, talk, message, numEdits=2**40),
        await report(api, talk, message, timeToAction="soon"),
        await report(api, talk, message, augmentationType="FREEHAND"),
        await report(api, talk, message, augmentationType=[1]),
        await report(api, talk, message, initialSuggestionsId="x" * 300),
    ]

    assert [answer.status_code for answer in refused] == [400] * len(refused)
    later = await say(api, talk, "Bye")
    await report(api, talk, later, "FREEHAND")
    usage = await usage_of(acme, talk, is_reported(1))
    assert [one["report"] is None for one in usage["messages"]] == [True, False]


async def test_what_must_not_be_kept_is_masked_in_reports(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await publish(acme, LIBRARY)
    talk = await open_talk(api)
    shown = await offered(api, talk)
    # A number that no other test says: the files are those of all companies of the server.
    secret = "My card is 5425 2334 3010 9903."
    details = {"query": secret, "text": secret}
    drawer = "custom-response-drawer-inserted"
    await act(api, talk, drawer, shown["id"], customResponseDrawerInserted=details)
    message = await say(api, talk, "Hello")
    await report(api, talk, message, "CUSTOM_DRAWER", selectedSuggestionText=secret)

    usage = await usage_of(acme, talk, is_reported(1))

    assert "5425" not in usage["messages"][0]["report"]["selectedSuggestionText"]
    assert b"5425 2334" not in acme.raw_files()


async def test_a_greeting_that_was_sent_by_itself_gets_no_credit(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await set_policy(acme, enabled=True)
    talk = await open_talk(api)
    greeting = (await offered(api, talk))["autopilotMessage"]
    message = await say(api, talk, greeting["text"])
    await report(api, talk, message)
    following = await say(api, talk, "What is it about?")
    await report(api, talk, following, "FREEHAND")

    usage = await usage_of(acme, talk, lambda found: len(found["messages"]) == 2)

    assert [one["isGreeting"] for one in usage["messages"]] == [True, False]
    assert usage["counters"]["augmented_utterances_ct"] == 0
    assert usage["counters"]["crafting_time_seconds"] == 0


@pytest.mark.spec("CMP-270")
async def test_a_conversations_counters_are_the_sums_of_its_messages(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    talk = await open_talk(api)
    usages = [
        ["FREEHAND"],
        ["AUTOSUGGEST"],
        ["AUTOCOMPLETE", "FLUENCY_APPLY"],
        ["FLUENCY_APPLY", "FLUENCY_UNDO"],
        ["PHRASE_AUTOCOMPLETE", "GLOBAL_INSERT"],
        ["CUSTOM_DRAWER", "CUSTOM_DRAWER"],
        ["CUSTOM_INSERT"],
        ["TELEPATHY"],
    ]
    for number, types in enumerate(usages):
        message = await say(api, talk, f"Message {number}")
        more = {"numEdits": number, "craftingTime": number / 4, "timeToAction": 0.5}
        await report(api, talk, message, *types, **more)

    usage = await usage_of(acme, talk, is_reported(len(usages)))

    messages = usage["messages"]
    for name, total in usage["counters"].items():
        assert total == sum(one["counters"][name] for one in messages), name
    told = usage["counters"]
    assert told["augmented_utterances_ct"] == 6
    assert told["multiple_augmentation_features_used_ct"] == 1
    assert told["fluency_apply_ct"] == told["fluency_apply_utterance_ct"] == 2
    assert told["fluency_undo_ct"] == told["custom_drawer_ct"] == told["custom_insert_ct"] == 1
    assert told["unknown_augmentation_ct"] == told["autosuggest_ct"] == told["autocomplete_ct"] == 1
    assert told["phrase_autocomplete_ct"] == told["global_insert_ct"] == 0
    assert told["phrase_autocomplete_utterance_ct"] == told["global_insert_utterance_ct"] == 1
    assert told["message_edits_ct"] == 28
    assert told["crafting_time_seconds"] == 7.0


async def test_only_those_who_watch_see_how_messages_were_written(
    api: httpx.AsyncClient, acme: TestCompany, globex: TestCompany
) -> None:
    talk = await open_talk(api)
    path = f"/console/v1/compose/conversations/{talk.id}/usage"
    async with acme.signed_in(Role.AGENT) as agent:
        assert (await agent.get(path)).status_code == 403
    async with globex.signed_in(Role.SUPERVISOR) as stranger:
        assert (await stranger.get(path)).status_code == 404
