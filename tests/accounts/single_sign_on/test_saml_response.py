"""Each thing that a signed SAML response has to say, one by one."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta

import pytest
from lxml import etree

from rapport.accounts.single_sign_on.arrivals import Identity
from rapport.accounts.single_sign_on.connections import SamlProvider
from rapport.accounts.single_sign_on.problems import Problem, SingleSignOnRefused
from rapport.accounts.single_sign_on.saml_response import Asked, identity_in
from rapport.core import clock
from tests.support.providers.keys import new_pair
from tests.support.providers.signing import empty_signature, sign

pytestmark = pytest.mark.unit

PAIR, STRANGER = new_pair(), new_pair()
ACS = "https://talk.test/acs"
ASKED = Asked("_request", ACS)
PROVIDER = SamlProvider(
    entity_id="https://provider.test/metadata",
    sso_url="https://provider.test/sso",
    certificates=(STRANGER.certificate, PAIR.certificate),
)
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"


def at(minutes: float) -> str:
    """Return a time as SAML writes it, some minutes from now."""
    return (clock.now() + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def document() -> str:
    """Return a response in which everything is as it must be, not yet signed."""
    return f"""\
<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
    xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_response" Version="2.0"
    IssueInstant="{at(0)}" Destination="{ACS}" InResponseTo="_request">
  <saml:Issuer>https://provider.test/metadata</saml:Issuer>{empty_signature("_response")}
  <samlp:Status><samlp:StatusCode Value="{SUCCESS}"/></samlp:Status>
  <saml:Assertion ID="_assertion" Version="2.0" IssueInstant="{at(0)}">
    <saml:Issuer>https://provider.test/metadata</saml:Issuer>{empty_signature("_assertion")}
    <saml:Subject>
      <saml:NameID>somebody</saml:NameID>
      <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
        <saml:SubjectConfirmationData Recipient="{ACS}" NotOnOrAfter="{at(5)}"
            InResponseTo="_request"/>
      </saml:SubjectConfirmation>
    </saml:Subject>
    <saml:Conditions NotBefore="{at(-5)}" NotOnOrAfter="{at(6)}">
      <saml:AudienceRestriction><saml:Audience>{ACS}</saml:Audience></saml:AudienceRestriction>
    </saml:Conditions>
    <saml:AuthnStatement AuthnInstant="{at(0)}" SessionNotOnOrAfter="{at(7)}"/>
    <saml:AttributeStatement>
      <saml:Attribute Name="externalUserId">
        <saml:AttributeValue>e-1001</saml:AttributeValue>
      </saml:Attribute>
      <saml:Attribute Name="mail"><saml:AttributeValue>bo@acme.test</saml:AttributeValue></saml:Attribute>
      <saml:Attribute Name="firstName"><saml:AttributeValue>Bo</saml:AttributeValue></saml:Attribute>
      <saml:Attribute Name="lastName"><saml:AttributeValue>Berg</saml:AttributeValue></saml:Attribute>
    </saml:AttributeStatement>
  </saml:Assertion>
</samlp:Response>"""


def signed(text: str) -> str:
    """Sign the assertion, then the response around it."""
    root = etree.fromstring(text.encode())
    sign(root, "_assertion", PAIR.private)
    sign(root, "_response", PAIR.private)
    return base64.b64encode(etree.tostring(root)).decode()


def refusal(encoded: str, provider: SamlProvider = PROVIDER) -> SingleSignOnRefused:
    """Return how a response is refused."""
    with pytest.raises(SingleSignOnRefused) as refused:
        identity_in(encoded, provider, ASKED)
    return refused.value


@pytest.mark.spec("CMP-249")
def test_what_is_as_it_must_be_is_believed() -> None:
    identity = identity_in(signed(document()), PROVIDER, ASKED)
    assert identity == Identity("e-1001", "bo@acme.test", "Bo Berg")


@pytest.mark.spec("CMP-250")
@pytest.mark.parametrize(
    ("there", "instead", "reason"),
    [
        (f'Destination="{ACS}"', 'Destination="https://evil.test/acs"', "destination"),
        (f'Destination="{ACS}"', "", "destination"),
        (f'Destination="{ACS}" InResponseTo="_request"', f'Destination="{ACS}"', "request"),
        ('ID="_response" Version="2.0"', 'ID="_response" Version="1.1"', "version"),
        ('ID="_assertion" Version="2.0"', 'ID="_assertion" Version="1.1"', "version"),
        (f'Recipient="{ACS}"', 'Recipient="https://evil.test/acs"', "subject confirmation"),
        (f'Recipient="{ACS}"', "", "subject confirmation"),
        ('"\n            InResponseTo="_request"', '"', "subject confirmation"),
        ("cm:bearer", "cm:sender-vouches", "subject confirmation"),
        (
            "SubjectConfirmationData ",
            'SubjectConfirmationData NotBefore="2020-01-01T00:00:00Z" ',
            "subject",
        ),
        (f"<saml:Audience>{ACS}<", "<saml:Audience>https://evil.test<", "audience"),
        ("<saml:OneTimeUse/>", "<saml:ProxyRestriction/>", "conditions"),
        ("<saml:AuthnStatement", "<saml:AuthzStatement", "authentication"),
        ("</saml:Issuer><ds:", "/evil</saml:Issuer><ds:", "issuer"),
    ],
)
def test_what_it_says_of_itself_has_to_hold(there: str, instead: str, reason: str) -> None:
    text = document().replace(
        "</saml:AudienceRestriction>", "</saml:AudienceRestriction><saml:OneTimeUse/>"
    )
    assert identity_in(signed(text), PROVIDER, ASKED).user_id == "e-1001"
    assert there in text
    changed = text.replace(there, instead)
    found = refusal(signed(changed))
    assert (found.problem, reason in found.reason) == (Problem.UNVERIFIED, True), found.reason


@pytest.mark.parametrize("which", ["assertion", "response"])
def test_both_issuers_are_the_provider(which: str) -> None:
    text = document()
    there = "<saml:Issuer>https://provider.test/metadata"
    head, _, tail = text.partition("<saml:Assertion")
    head = head.replace(there, f"{there}2") if which == "response" else head
    tail = tail.replace(there, f"{there}2") if which == "assertion" else tail
    assert which in refusal(signed(f"{head}<saml:Assertion{tail}")).reason


@pytest.mark.parametrize(
    ("element", "attribute", "minutes"),
    [
        ("SubjectConfirmationData", "NotOnOrAfter", -2),
        ("Conditions", "NotOnOrAfter", -2),
        ("Conditions", "NotBefore", 2),
        ("AuthnStatement", "SessionNotOnOrAfter", -2),
    ],
)
def test_every_time_limit_is_kept(element: str, attribute: str, minutes: float) -> None:
    def with_time(text: str) -> str:
        root = etree.fromstring(document().encode())
        found = root.find(f".//{{*}}{element}")
        assert found is not None
        found.set(attribute, text)
        return signed(etree.tostring(root).decode())

    assert refusal(with_time(at(minutes))).problem is Problem.UNVERIFIED
    for unreadable in ("soon", at(minutes / -1).rstrip("Z")):
        assert "time" in refusal(with_time(unreadable)).reason
    # A little is forgiven: clocks differ.
    assert identity_in(with_time(at(minutes / 4)), PROVIDER, ASKED).user_id == "e-1001"


def test_what_is_missing_is_not_made_up() -> None:
    for path in ("Subject", "Conditions", "AudienceRestriction", "AuthnStatement", "Issuer"):
        root = etree.fromstring(document().encode())
        assertion = root.find("{*}Assertion")
        assert assertion is not None
        found = assertion.find(f".//{{*}}{path}")
        assert found is not None
        parent = found.getparent()
        assert parent is not None
        parent.remove(found)
        assert refusal(signed(etree.tostring(root).decode())).problem is Problem.UNVERIFIED, path


def test_a_provider_that_reports_failure_is_heard() -> None:
    text = document().replace(SUCCESS, SUCCESS.replace("Success", "Requester"))
    assert refusal(signed(text)).problem is Problem.DECLINED


def test_only_the_certificates_that_were_agreed_are_believed() -> None:
    alone = SamlProvider(PROVIDER.entity_id, PROVIDER.sso_url, (STRANGER.certificate,))
    assert "signature" in refusal(signed(document()), alone).reason


def test_a_certificate_that_has_run_out_is_believed_no_longer() -> None:
    encoded = signed(document().replace(at(0)[:4], at(0)[:4]))
    later = clock.ManualClock(clock.now() + timedelta(days=60))
    with clock.running_on(later):
        fresh = signed(document())
        assert "signature" in refusal(fresh).reason
    assert isinstance(clock.now(), datetime)
    assert identity_in(encoded, PROVIDER, ASKED).user_id == "e-1001"
