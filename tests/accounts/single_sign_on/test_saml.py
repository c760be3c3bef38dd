"""People sign in through a real SAML provider; what it did not sign, or not for us, opens nothing."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import etree

from rapport.core import clock
from tests.accounts.conftest import PASSWORD, Served, open_tenant
from tests.accounts.single_sign_on.conftest import SANDBOX, Browser, Connected, problem_in
from tests.support.providers.process import Page

pytestmark = [pytest.mark.api, pytest.mark.asyncio(loop_scope="module")]

BO = {"user": "e-1001", "email": "bo@acme.test", "name": "Bo Berg"}
NAMES = {
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}


def opened(page: Page) -> etree._Element:
    """Return the response that a provider's page would post."""
    return etree.fromstring(base64.b64decode(page.fields["SAMLResponse"]))


def closed(page: Page, root: etree._Element | bytes) -> Page:
    """Return a page that posts another response."""
    document = root if isinstance(root, bytes) else etree.tostring(root)
    encoded = base64.b64encode(document).decode()
    return Page(page.action, {**page.fields, "SAMLResponse": encoded})


def one(root: etree._Element, path: str) -> etree._Element:
    """Return the element at a path."""
    found = root.find(path, NAMES)
    assert found is not None
    return found


@pytest.mark.spec("CMP-249", "PLT-159", "PLT-197")
async def test_a_signed_assertion_is_given_for_a_session(
    company: Connected, browser: Browser
) -> None:
    saved = await company.connect_saml()
    acs = saved["addresses"]["saml_acs"]
    assert urlsplit(acs).path == (
        f"/auth/realms/standalone-{company.marker}-auth/broker/saml/endpoint/clients/asapp-saml"
    )
    begun = await browser.begin(company.marker, return_to="/desk")
    query = parse_qs(urlsplit(begun.headers["location"]).query)
    packed = base64.b64decode(query["SAMLRequest"][0])
    request = etree.fromstring(zlib.decompress(packed, -zlib.MAX_WBITS))
    assert request.get("AssertionConsumerServiceURL") == acs
    assert one(request, "saml:Issuer").text == acs

    page = await browser.saml_answer(company.marker, **BO)
    response = opened(page)
    methods = response.findall(".//ds:SignatureMethod", NAMES)
    assert len(methods) == 2
    assert {each.get("Algorithm", "").rpartition("#")[2] for each in methods} == {"rsa-sha256"}
    back = await browser.claim(page)
    assert (back.status_code, back.headers["location"]) == (303, "/sign-in")
    person = (await browser.me())["person"]
    assert (person["name"], person["email"], person["role"]) == ("Bo Berg", BO["email"], "agent")
    await browser.through_saml(company.marker, **{**BO, "name": "Bo Lund"})
    assert (await browser.me())["person"]["id"] == person["id"]
    assert len(await company.sign_ins()) == 2


@pytest.mark.spec("CMP-249")
async def test_the_sandbox_has_an_address_of_its_own(company: Connected, served: Served) -> None:
    company.ada.headers["host"] = SANDBOX
    saved = await company.connect_saml()
    path = urlsplit(saved["addresses"]["saml_acs"]).path
    assert path.endswith("/broker/saml-sandbox/endpoint/clients/asapp-saml-sandbox")
    sandbox, production = Browser(served, SANDBOX), Browser(served)
    page = await sandbox.saml_answer(company.marker, **BO)
    assert problem_in(await production.post_back(page)) == "not_configured"
    assert problem_in(await sandbox.claim(page)) is None
    assert (await sandbox.me())["person"]["name"] == "Bo Berg"
    await sandbox.close()
    await production.close()


async def test_the_attribute_of_the_user_id_is_chosen(company: Connected, browser: Browser) -> None:
    saved = await company.connect_saml()
    saml = saved["connection"]["saml"]
    assert saml["user_id_attribute"] == "externalUserId"
    for fault in ("no_id", "two_ids"):
        back = await browser.through_saml(company.marker, fault=fault, **BO)
        assert problem_in(back) == "no_user_id"
    await company.save(saml={**saml, "user_id_attribute": "displayName"})
    assert problem_in(await browser.through_saml(company.marker, fault="no_id", **BO)) is None


@pytest.mark.spec("CMP-250")
@pytest.mark.parametrize(
    "fault",
    [
        "response_unsigned",
        "assertion_unsigned",
        "other_key",
        "sha1",
        "issuer",
        "destination",
        "other_request",
    ],
)
async def test_what_is_not_signed_as_agreed_is_refused(
    company: Connected, browser: Browser, fault: str
) -> None:
    await company.connect_saml()
    before = await company.counts()
    assert problem_in(await browser.through_saml(company.marker, fault=fault, **BO)) == "unverified"
    assert await company.counts() == before


def _without_signatures(root: etree._Element) -> None:
    for signature in root.findall(".//ds:Signature", NAMES):
        parent = signature.getparent()
        assert parent is not None
        parent.remove(signature)


def _another_user(root: etree._Element) -> None:
    for value in root.iterfind(".//saml:AttributeValue", NAMES):
        value.text = "e-1"


def _forged(root: etree._Element) -> etree._Element:
    """Return the response as an attacker wants it read, without the signature of the original."""
    forged = deepcopy(root)
    _another_user(forged)
    forged.remove(one(forged, "ds:Signature"))
    return forged


def _wrapped_in_signature(root: etree._Element) -> etree._Element:
    forged, signature = _forged(root), deepcopy(one(root, "ds:Signature"))
    forged.set("ID", "_forged")
    bare = deepcopy(root)
    bare.remove(one(bare, "ds:Signature"))
    etree.SubElement(signature, f"{{{NAMES['ds']}}}Object").append(bare)
    forged.insert(1, signature)
    return forged


def _wrapped_in_extensions(root: etree._Element) -> etree._Element:
    forged, signature = _forged(root), deepcopy(one(root, "ds:Signature"))
    forged.set("ID", "_forged")
    forged.insert(1, signature)
    bare = deepcopy(root)
    bare.remove(one(bare, "ds:Signature"))
    etree.SubElement(forged, f"{{{NAMES['samlp']}}}Extensions").append(bare)
    return forged


def _wrapped_under_one_id(root: etree._Element) -> etree._Element:
    forged = _wrapped_in_extensions(root)
    forged.set("ID", root.get("ID", ""))
    return forged


def _original_inside(root: etree._Element) -> etree._Element:
    """The whole original, its signature too, inside an unsigned response."""
    forged = _forged(root)
    forged.set("ID", "_forged")
    forged.append(deepcopy(root))
    return forged


def _another_assertion(root: etree._Element) -> etree._Element:
    forged = deepcopy(root)
    evil = deepcopy(one(forged, "saml:Assertion"))
    evil.remove(one(evil, "ds:Signature"))
    evil.set("ID", "_evil")
    _another_user(evil)
    forged.insert(2, evil)
    return forged


def _assertion_in_assertion(root: etree._Element) -> etree._Element:
    forged = deepcopy(root)
    original = one(forged, "saml:Assertion")
    evil = deepcopy(original)
    evil.set("ID", "_evil")
    _another_user(evil)
    forged.replace(original, evil)
    etree.SubElement(one(evil, "ds:Signature"), f"{{{NAMES['ds']}}}Object").append(original)
    return forged


def _wrapped_twice(root: etree._Element) -> etree._Element:
    """Both signatures hold, each for an original that lies hidden inside it."""
    forged = _wrapped_in_signature(root)
    evil = one(forged, "saml:Assertion")
    bare = deepcopy(one(root, "saml:Assertion"))
    bare.remove(one(bare, "ds:Signature"))
    evil.set("ID", "_evil")
    etree.SubElement(one(evil, "ds:Signature"), f"{{{NAMES['ds']}}}Object").append(bare)
    return forged


@pytest.mark.spec("CMP-250")
@pytest.mark.parametrize(
    "wrap",
    [
        _wrapped_twice,
        _wrapped_in_signature,
        _wrapped_in_extensions,
        _wrapped_under_one_id,
        _original_inside,
        _another_assertion,
        _assertion_in_assertion,
    ],
)
async def test_a_signature_is_not_believed_for_what_it_does_not_cover(
    company: Connected, browser: Browser, wrap: Callable[[etree._Element], etree._Element]
) -> None:
    await company.connect_saml()
    before = await company.counts()
    page = await browser.saml_answer(company.marker, **BO)
    attempt = await browser.post_back(closed(page, wrap(opened(page))))
    assert problem_in(attempt) == "unverified"
    assert await company.counts() == before
    # The same answer as the provider gave it is believed: it was the wrapping that was refused.
    assert problem_in(await browser.claim(page)) is None


@pytest.mark.spec("CMP-250")
async def test_a_response_that_was_touched_is_refused(company: Connected, browser: Browser) -> None:
    await company.connect_saml()
    for touch in (_without_signatures, _another_user):
        page = await browser.saml_answer(company.marker, **BO)
        root = opened(page)
        touch(root)
        assert problem_in(await browser.post_back(closed(page, root))) == "unverified"


async def test_a_comment_does_not_shorten_a_user_id(company: Connected, browser: Browser) -> None:
    """It can be put into a signed value without breaking the signature."""
    await company.connect_saml()
    page = await browser.saml_answer(company.marker, user="e-1001.evil", name="Eve")
    document = base64.b64decode(page.fields["SAMLResponse"])
    assert b"e-1001.evil" in document
    cut = document.replace(b"e-1001.evil", b"e-1001<!---->.evil")
    assert problem_in(await browser.claim(closed(page, cut))) is None
    eve = (await browser.me())["person"]["id"]
    await browser.through_saml(company.marker, user="e-1001", name="Bo")
    assert (await browser.me())["person"]["id"] != eve


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
async def test_no_dtd_is_read(company: Connected, browser: Browser, encoding: str) -> None:
    await company.connect_saml()
    page = await browser.saml_answer(company.marker, **BO)
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    dtd = f'<!DOCTYPE r [<!ENTITY l0 "lol">{lol}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    text = base64.b64decode(page.fields["SAMLResponse"]).decode()
    body = text[text.index("?>") + 2 :] if text.startswith("<?xml") else text
    document = f'<?xml version="1.0" encoding="{encoding}"?>{dtd}{body}'
    attempt = await browser.post_back(closed(page, document.encode(encoding)))
    assert problem_in(attempt) == "unverified"


@pytest.mark.parametrize("response", ["", "not base64!", "PHg+", "PHgvPg==", "A" * 900_000])
async def test_what_is_no_response_is_refused(
    company: Connected, browser: Browser, response: str
) -> None:
    await company.connect_saml()
    page = await browser.saml_answer(company.marker, **BO)
    attempt = Page(page.action, {**page.fields, "SAMLResponse": response})
    assert problem_in(await browser.post_back(attempt)) == "unverified"


async def test_an_answer_is_believed_once_and_by_the_browser_that_asked(
    company: Connected, browser: Browser, another: Browser
) -> None:
    await company.connect_saml()
    page = await browser.saml_answer(company.marker, **BO)
    posted = await browser.post_back(page)
    claim = posted.headers["location"]
    assert problem_in(await browser.post_back(page)) == "stale"
    # An attacker's own answer, posted from a victim's browser, does not sign the victim in as them.
    assert problem_in(await another.client.get(claim)) == "stale"
    assert problem_in(await browser.client.get(claim)) is None
    assert problem_in(await browser.client.get(claim)) == "stale"
    assert problem_in(await browser.post_back(page)) == "stale"
    assert problem_in(await browser.client.get("/auth/v1/finish")) == "stale"


async def test_nobody_comes_who_was_not_sent_for(company: Connected, browser: Browser) -> None:
    await company.connect_saml()
    page = await browser.saml_answer(company.marker, **BO)
    for fields in (
        {"SAMLResponse": page.fields["SAMLResponse"]},
        {**page.fields, "RelayState": ""},
        {**page.fields, "RelayState": "guessed"},
        {"RelayState": page.fields["RelayState"]},
    ):
        assert problem_in(await browser.post_back(Page(page.action, fields))) == "stale"


async def test_an_answer_to_one_flow_is_none_to_another(
    company: Connected, browser: Browser
) -> None:
    await company.connect_saml()
    first = await browser.saml_answer(company.marker, **BO)
    second = await browser.saml_answer(company.marker, **BO)
    crossed = Page(second.action, {**second.fields, "SAMLResponse": first.fields["SAMLResponse"]})
    assert problem_in(await browser.post_back(crossed)) == "unverified"


async def test_an_answer_to_another_company_is_refused(
    company: Connected, browser: Browser, another: Browser
) -> None:
    globex = await open_tenant(company.tenant.served, "Globex")
    async with globex.browser("ada@globex.test", PASSWORD) as admin:
        await Connected(globex, admin, company.provider).connect_saml()
    await company.connect_saml()
    theirs = await another.saml_answer(globex.marker, **BO)
    ours = await browser.saml_answer(company.marker, **BO)
    crossed = Page(ours.action, {**ours.fields, "SAMLResponse": theirs.fields["SAMLResponse"]})
    assert problem_in(await browser.post_back(crossed)) == "unverified"
    assert problem_in(await browser.post_back(Page(ours.action, theirs.fields))) == "stale"


async def test_an_assertion_has_an_end(company: Connected, browser: Browser) -> None:
    await company.connect_saml()
    page = await browser.saml_answer(company.marker, **BO)
    with clock.running_on(clock.ManualClock(clock.now() + timedelta(minutes=7))):
        assert problem_in(await browser.post_back(page)) == "unverified"
