"""What clients report of single actions: kept, and tied to the message that was sent next."""

from __future__ import annotations

import httpx
import pytest

from tests.compose.reporting import (
    LIBRARY,
    Json,
    act,
    is_reported,
    offered,
    open_talk,
    report,
    say,
    usage_of,
)
from tests.support.company import TestCompany
from tests.support.responses import publish

pytestmark = pytest.mark.api

# Each type with what its details must say.
ACTIONS: dict[str, Json] = {
    "suggestion-1-inserted": {},
    "suggestion-2-inserted": {},
    "suggestion-3-inserted": {},
    "phrase-completion-accepted": {},
    "custom-response-drawer-inserted": {
        "customResponseDrawerInserted": {"query": "hi", "text": "Hi, this is Dana."}
    },
    "custom-panel-inserted": {"customPanelInserted": {"text": "Hi, this is Dana."}},
    "global-panel-inserted": {"globalPanelInserted": {"text": "One moment, please."}},
}


@pytest.mark.spec("CMP-104")
async def test_a_chosen_suggestion_is_kept_with_its_set_and_place(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await publish(acme, LIBRARY)
    for place in (1, 2, 3):
        talk = await open_talk(api)
        shown = await offered(api, talk)
        assert len(shown["suggestions"]) == 3

        answer = await act(api, talk, f"suggestion-{place}-inserted", shown["id"])
        message = await say(api, talk, shown["suggestions"][place - 1]["text"])

        assert (answer.status_code, answer.content) == (200, b"")
        usage = await usage_of(acme, talk, is_reported(1))
        [action] = usage["messages"][0]["actions"]
        assert usage["messages"][0]["messageId"] == message
        assert action["type"] == f"suggestion-{place}-inserted"
        assert action["suggestionsId"] == shown["id"]
        assert action["position"] == place
        assert action["text"] == shown["suggestions"][place - 1]["text"]
        assert usage["counters"]["autosuggest_ct"] == 1
        assert usage["messages"][0]["list"] == "global"


async def test_a_suggestion_chosen_while_typing_is_another_kind_of_help(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await publish(acme, LIBRARY)
    talk = await open_talk(api)
    shown = await offered(api, talk, "Your")
    await act(api, talk, "suggestion-1-inserted", shown["id"])
    await say(api, talk, shown["suggestions"][0]["text"])

    usage = await usage_of(acme, talk, is_reported(1))

    assert usage["counters"]["autocomplete_ct"] == 1
    assert usage["counters"]["autosuggest_utterance_ct"] == 0


@pytest.mark.spec("CMP-105", "CMP-107", "CMP-108", "CMP-109")
@pytest.mark.parametrize(
    ("kind", "counter", "source"),
    [
        ("phrase-completion-accepted", "phrase_autocomplete_ct", ""),
        ("custom-response-drawer-inserted", "custom_drawer_ct", "custom"),
        ("custom-panel-inserted", "custom_insert_ct", "custom"),
        ("global-panel-inserted", "global_insert_ct", "global"),
    ],
)
async def test_an_action_is_kept_and_counts_as_what_it_is(
    api: httpx.AsyncClient, acme: TestCompany, kind: str, counter: str, source: str
) -> None:
    await publish(acme, LIBRARY)
    talk = await open_talk(api)
    shown = await offered(api, talk)

    answer = await act(api, talk, kind, shown["id"], **ACTIONS[kind])
    await say(api, talk, "Hi, this is Dana. One moment, please.")

    assert (answer.status_code, answer.content) == (200, b"")
    usage = await usage_of(acme, talk, is_reported(1))
    [message] = usage["messages"]
    [action] = message["actions"]
    details: Json = next(iter(ACTIONS[kind].values()), {})
    assert (action["type"], action["suggestionsId"]) == (kind, shown["id"])
    assert (action["query"], action["text"]) == (details.get("query", ""), details.get("text", ""))
    assert usage["counters"][counter] == 1
    assert usage["counters"]["augmented_utterances_ct"] == 1
    assert message["list"] == source
    accepted = int(kind == "phrase-completion-accepted")
    assert usage["counters"]["phrase_autocomplete_selected_ct"] == accepted


@pytest.mark.spec("CMP-106")
async def test_a_correction_and_its_undoing_are_kept_with_what_was_corrected(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await publish(acme, LIBRARY)
    talk = await open_talk(api)
    shown = await offered(api, talk)
    typed = {"text": "How is tihs ", "typingEvent": {"cursorStart": 11, "cursorEnd": 12}}
    correction = (await api.post("/autocompose/v1/spellcheck/correction", json=typed)).json()["id"]
    details = {"correctionId": correction}

    applied = await act(api, talk, "spellcheck-applied", shown["id"], spellcheckApplied=details)
    repeated = await act(api, talk, "spellcheck-applied", shown["id"], spellcheckApplied=details)
    undone = await act(api, talk, "spellcheck-undone", shown["id"], spellcheckUndone=details)
    unknown = [
        await act(api, talk, kind, shown["id"], **{field: {"correctionId": given}})
        for kind, field in (
            ("spellcheck-applied", "spellcheckApplied"),
            ("spellcheck-undone", "spellcheckUndone"),
        )
        for given in ("01JN0000000000000000000000", "")
    ]
    await say(api, talk, "How is tihs going?")

    for answer in (applied, repeated, undone):
        assert (answer.status_code, answer.content) == (200, b"")
    assert [answer.status_code for answer in unknown] == [404] * len(unknown)
    usage = await usage_of(acme, talk, is_reported(1))
    actions = [(one["type"], one["correctionId"]) for one in usage["messages"][0]["actions"]]
    assert actions == [("spellcheck-applied", correction), ("spellcheck-undone", correction)]
    assert usage["counters"]["fluency_apply_ct"] == usage["counters"]["fluency_undo_ct"] == 1
    assert usage["counters"]["augmented_utterances_ct"] == 0


@pytest.mark.spec("CMP-110")
async def test_an_action_belongs_to_the_message_that_is_sent_next(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await publish(acme, LIBRARY)
    talk = await open_talk(api)
    before = await say(api, talk, "A moment")
    first = await offered(api, talk)
    await act(api, talk, "custom-panel-inserted", first["id"], customPanelInserted={"text": "A"})
    await say(api, talk, "Are you there?", role="customer")
    sent = await say(api, talk, "Answer one")
    second = await offered(api, talk)
    following = await say(api, talk, "Answer two")
    # Told late: the message was sent meanwhile.
    await act(api, talk, "global-panel-inserted", second["id"], globalPanelInserted={"text": "B"})

    usage = await usage_of(acme, talk, is_reported(2))

    found = {one["messageId"]: [a["type"] for a in one["actions"]] for one in usage["messages"]}
    assert found == {
        before: [],
        sent: ["custom-panel-inserted"],
        following: ["global-panel-inserted"],
    }


async def test_an_action_whose_agent_left_belongs_to_no_message_of_another(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await publish(acme, LIBRARY)
    talk = await open_talk(api)
    shown = await offered(api, talk)
    await act(api, talk, "suggestion-1-inserted", shown["id"])
    other = talk._replace(agent="ag-2")
    message = await say(api, other, "I take over")
    await report(api, other, message, "FREEHAND")

    usage = await usage_of(acme, talk, is_reported(1))

    assert usage["messages"][0]["actions"] == []
    assert usage["counters"]["augmented_utterances_ct"] == 0


async def test_what_both_routes_tell_of_a_message_counts_once(
    api: httpx.AsyncClient, acme: TestCompany
) -> None:
    await publish(acme, LIBRARY)
    talk = await open_talk(api)
    shown = await offered(api, talk)
    await act(api, talk, "suggestion-1-inserted", shown["id"])
    message = await say(api, talk, shown["suggestions"][0]["text"])
    await report(
        api,
        talk,
        message,
        "AUTOSUGGEST",
        selectedSuggestionsId=shown["id"],
        selectedSuggestionIndex=1,
        craftingTime=2.0,
    )

    usage = await usage_of(
        acme, talk, lambda found: found["counters"]["crafting_time_seconds"] == 2.0
    )

    assert usage["counters"]["autosuggest_ct"] == 1
    assert usage["counters"]["augmented_utterances_ct"] == 1
    assert usage["counters"]["multiple_augmentation_features_used_ct"] == 0


@pytest.mark.spec("CMP-111")
async def test_actions_that_do_not_fit_are_refused_and_nothing_is_kept(
    api: httpx.AsyncClient, acme: TestCompany, globex: TestCompany
) -> None:
    await publish(acme, LIBRARY[:1])
    talk = await open_talk(api)
    other = await open_talk(api)
    shown = await offered(api, talk)
    elsewhere = await offered(api, other)

    refused = [
        await act(api, talk, "suggestion-4-inserted", shown["id"]),
        await act(api, talk, "", shown["id"]),
        await act(api, talk, "suggestion-2-inserted", shown["id"]),
        await act(api, talk, "spellcheck-applied", shown["id"]),
        await act(api, talk, "spellcheck-undone", shown["id"], spellcheckUndone=None),
        await act(api, talk, "custom-response-drawer-inserted", shown["id"]),
        await act(
            api,
            talk,
            "custom-response-drawer-inserted",
            shown["id"],
            customResponseDrawerInserted={"text": "Hi"},
        ),
        await act(api, talk, "custom-panel-inserted", shown["id"], customPanelInserted={}),
        await act(
            api, talk, "global-panel-inserted", shown["id"], customPanelInserted={"text": "Hi"}
        ),
        await api.post(talk.actions, json={"type": "suggestion-1-inserted"}),
    ]
    unknown = [
        await act(api, talk, "suggestion-1-inserted", "01JN0000000000000000000000"),
        await act(api, talk, "suggestion-1-inserted", elsewhere["id"]),
        await act(api, talk, "suggestion-1-inserted", ""),
    ]
    async with globex.api() as stranger:
        unknown.append(await act(stranger, talk, "suggestion-1-inserted", shown["id"]))

    assert [answer.status_code for answer in refused] == [400] * len(refused)
    assert [answer.status_code for answer in unknown] == [404] * len(unknown)
    message = await say(api, talk, "Hello")
    await report(api, talk, message, "FREEHAND")
    usage = await usage_of(acme, talk, is_reported(1))
    assert usage["messages"][0]["actions"] == []
    assert usage["counters"]["augmented_utterances_ct"] == 0
