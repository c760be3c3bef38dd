"""The scenarios by which an integration is certified (4.22), played by our own desk.

A desk asks of its live socket what others ask of the conversation and message routes.
"""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Route, expect

from rapport.core.identity import Role
from tests.browser.app.calls import in_order
from tests.browser.app.pages import Writing

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SENDING = ["suggestions", "spellcheck", "profanity", "messages", "message-sent"]


@pytest.mark.spec("CMP-262")
async def test_a_new_chat_is_opened_with_what_was_said_before(writing: Writing) -> None:
    customer = await writing.arrive("Ann Ode", "Where is my order?")
    await customer.says("It was due on Monday.")
    writing.calls.forget()
    await writing.page.reload()
    await writing.opens("Ann Ode")
    await expect(writing.log).to_contain_text("It was due on Monday.")
    await expect(writing.suggestions).to_have_count(3)
    topics = [body["topic"] for body in writing.calls.of("conversations")]
    assert customer.topic in topics
    assert in_order(["conversations", "suggestions"], writing.calls.names)
    assert writing.calls.of("suggestions")[-1] == {"query": ""}


@pytest.mark.spec("CMP-263")
async def test_a_suggestion_is_chosen_and_sent(writing: Writing) -> None:
    writing.calls.forget()
    customer = await writing.serves("Bob Ode")
    await expect(writing.suggestions).to_have_count(3)
    await writing.suggestions.first.click()
    chosen = await writing.field.input_value()
    await writing.field.press("Enter")
    said = await customer.hears(chosen)
    sent = await writing.calls.last("message-sent")
    assert in_order(SENDING, writing.calls.names)
    assert writing.calls.of("profanity") == [{"text": chosen}]
    assert sent["conversationId"] == customer.conversation
    assert sent["messageId"] == said["data"]["message"]
    assert sent["augmentationType"] == ["AUTOSUGGEST"]
    assert (sent["numEdits"], sent["selectedSuggestionIndex"]) == (0, 1)
    assert sent["selectedSuggestionText"] == chosen
    assert sent["selectedSuggestionsId"] == sent["initialSuggestionsId"] != ""
    assert writing.calls.refused == []
    assert writing.calls.of("events") == [
        {"type": "suggestion-1-inserted", "suggestionsId": sent["selectedSuggestionsId"]}
    ]


@pytest.mark.spec("CMP-264")
async def test_a_message_is_typed_by_hand(writing: Writing) -> None:
    customer = await writing.serves("Cid Ode")
    await expect(writing.suggestions).to_have_count(3)
    writing.calls.forget()
    await writing.types("Hello")
    await writing.field.press("Enter")
    await customer.hears("Hello")
    sent = await writing.calls.last("message-sent")
    asked = [body["query"] for body in writing.calls.of("suggestions")]
    assert asked[:5] == ["H", "He", "Hel", "Hell", "Hello"]
    assert in_order(["suggestions", *SENDING], writing.calls.names)
    assert sent["augmentationType"] == ["FREEHAND"]
    assert "selectedSuggestionIndex" not in sent
    assert writing.calls.of("events") == []


@pytest.mark.spec("CMP-265")
async def test_a_suggestion_is_edited_and_a_phrase_taken(writing: Writing) -> None:
    customer = await writing.serves("Dan Ode")
    await expect(writing.suggestions).to_have_count(3)
    await writing.suggestions.filter(has_text="May I have your order number?").click()
    writing.calls.forget()
    typed = " Please file a"
    await writing.types(typed)
    await expect(writing.grey).to_contain_text("missing baggage report")
    await writing.field.press("Tab")
    await expect(writing.field).to_have_value(re.compile(f"number\\?{typed} missing baggage"))
    whole = await writing.field.input_value()
    await writing.field.press("Enter")
    await customer.hears(whole.strip())
    sent = await writing.calls.last("message-sent")
    assert in_order(SENDING, writing.calls.names)
    assert sent["augmentationType"] == ["AUTOSUGGEST", "PHRASE_AUTOCOMPLETE"]
    assert sent["numEdits"] == len(typed) + 1
    assert sent["phraseAutocompletePresentedCt"] >= 1
    assert sent["phraseAutocompleteSelectedCt"] == 1
    assert writing.calls.refused == []


@pytest.mark.spec("CMP-074", "CMP-075", "CMP-266")
async def test_a_correction_is_taken_back(writing: Writing) -> None:
    customer = await writing.serves("Eve Ode")
    await expect(writing.suggestions).to_have_count(3)
    await writing.suggestions.filter(has_text="May I have your order number?").click()
    writing.calls.forget()
    await writing.types(" Send tihs ")
    await expect(writing.field).to_have_value("May I have your order number? Send this ")
    corrected = writing.page.locator("mark[data-correction]")
    await expect(corrected).to_have_text("this")
    line = await corrected.evaluate("one => getComputedStyle(one).textDecoration")
    assert "wavy" in line

    box = await corrected.bounding_box()
    assert box is not None
    await writing.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await writing.page.get_by_role("button", name="Undo “tihs”").click()
    await expect(writing.field).to_have_value("May I have your order number? Send tihs ")
    await expect(corrected).to_have_count(0)
    await writing.types("please")
    await writing.field.press("Enter")
    await customer.hears("May I have your order number? Send tihs please")
    sent = await writing.calls.last("message-sent")
    assert in_order(["suggestions", *SENDING], writing.calls.names)
    assert sent["augmentationType"] == ["AUTOSUGGEST", "FLUENCY_APPLY", "FLUENCY_UNDO"]
    told = writing.calls.of("events")
    assert [event["type"] for event in told] == ["spellcheck-applied", "spellcheck-undone"]
    assert told[0]["spellcheckApplied"] == told[1]["spellcheckUndone"]
    assert writing.calls.refused == []


@pytest.mark.spec("CMP-085", "CMP-267")
async def test_a_profane_word_is_taken_out_before_it_goes(writing: Writing) -> None:
    customer = await writing.serves("Fay Ode")
    await expect(writing.suggestions).to_have_count(3)
    await writing.suggestions.filter(has_text="May I have your order number?").click()
    writing.calls.forget()
    await writing.types(" What bullshit")
    await writing.field.press("Enter")
    notice = writing.page.get_by_role("alert")
    await expect(notice).to_contain_text("a word that must not go to customers")
    await expect(writing.field).to_have_value("May I have your order number? What bullshit")
    assert writing.calls.of("messages") == []
    await expect(writing.log).not_to_contain_text("bullshit")

    await writing.field.fill("May I have your order number?")
    await expect(notice).to_have_count(0)
    await writing.field.press("Enter")
    await customer.hears("May I have your order number?")
    sent = await writing.calls.last("message-sent")
    assert in_order(["profanity", "profanity", "messages", "message-sent"], writing.calls.names)
    assert sent["augmentationType"] == ["AUTOSUGGEST"]
    assert sent["numEdits"] == 2 * len(" What bullshit")


@pytest.mark.spec("CMP-268")
async def test_a_disabled_key_is_refused_with_a_reference_for_the_agent(writing: Writing) -> None:
    company = writing.company
    async with company.signed_in(Role.DEVELOPER) as developer:
        key = f"/portal/v1/keys/{company.headers['asapp-api-id']}"
        answer = await developer.post(f"{key}/revoke", json={})
        assert answer.status_code == 200, answer.text

    async def by_key(route: Route) -> None:
        headers = {**route.request.headers, **company.headers, "cookie": ""}
        await route.fulfill(response=await route.fetch(headers=headers))

    await writing.serves("Gus Ode")
    await writing.page.route("**/autocompose/v1/**", by_key)
    async with writing.page.expect_response("**/suggestions") as answering:
        await writing.types("H")
    refused = await answering.value
    error = (await refused.json())["error"]
    assert (refused.status, error["code"][:3]) == (401, "401")
    await expect(writing.page.get_by_text(f"Reference {error['requestId']}")).to_be_visible()
    await expect(writing.field).to_have_value("H")
    await writing.page.unroute("**/autocompose/v1/**")
