"""Believing a SAML response: signed whole, its assertion signed too, meant for us, now, once (CMP-250).

Only what a verified signature covers is ever read. The response's signature gives the response, and
inside that, the assertion's signature gives the assertion: what an attacker moves, copies or adds
around either is not looked at.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from cryptography import x509
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration, XMLVerifier

from rapport.accounts.single_sign_on.arrivals import Identity
from rapport.accounts.single_sign_on.connections import SamlProvider
from rapport.accounts.single_sign_on.problems import Problem, SingleSignOnRefused, unverified
from rapport.accounts.single_sign_on.saml_metadata import read_certificates
from rapport.accounts.single_sign_on.xml import (
    SAML,
    SAMLP,
    UnreadableXml,
    children,
    only,
    parse,
    text_of,
)
from rapport.core import clock

_SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
_BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
# Clocks differ a little between machines.
_SKEW = timedelta(seconds=60)
# The conditions we know how to keep; one that we do not makes the assertion worthless to us.
_CONDITIONS = {f"{{{SAML}}}AudienceRestriction", f"{{{SAML}}}OneTimeUse"}
_CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
_EMAIL = ("email", "mail", f"{_CLAIMS}emailaddress", "urn:oid:0.9.2342.19200300.100.1.3")
_NAME = ("name", "displayName", f"{_CLAIMS}name", "urn:oid:2.16.840.1.113730.3.1.241")
_FIRST_NAME = ("firstName", "givenName", f"{_CLAIMS}givenname", "urn:oid:2.5.4.42")
_LAST_NAME = ("lastName", "sn", f"{_CLAIMS}surname", "urn:oid:2.5.4.4")


class Asked(NamedTuple):
    """What we asked for, and so what the answer has to say."""

    request_id: str
    acs_url: str


def identity_in(encoded: str, provider: SamlProvider, asked: Asked) -> Identity:
    """Return whom a response names. Raises SingleSignOnRefused for whatever is not as it must be."""
    root = _read(encoded)
    certificates = read_certificates(provider.certificates)
    response = _signed(root, f"{{{SAMLP}}}Response", certificates)
    _check_response(response, provider, asked)
    inside = only(response, "saml:Assertion")
    if inside is None:
        raise unverified("there is not exactly one assertion that can be read")
    assertion = _signed(inside, f"{{{SAML}}}Assertion", certificates)
    _check_assertion(assertion, provider, asked)
    return _identity(assertion, provider)


def _read(encoded: str) -> etree._Element:
    try:
        root = parse(base64.b64decode("".join(encoded.split()), validate=True))
    except (UnreadableXml, binascii.Error, ValueError):
        raise unverified("the response cannot be read") from None
    named = [element.get("ID") for element in root.iter() if element.get("ID") is not None]
    if len(named) != len(set(named)):
        raise unverified("two elements have one ID")
    return root


def _signed(
    element: etree._Element, tag: str, certificates: Sequence[x509.Certificate]
) -> etree._Element:
    """Return what the signature that is a child of an element covers: that element and no other."""
    if element.tag != tag:
        raise unverified("the response is of another kind")
    config = SignatureConfiguration(
        location="./",
        expect_references=1,
        signature_methods=frozenset({SignatureMethod.RSA_SHA256}),
        digest_algorithms=frozenset({DigestAlgorithm.SHA256}),
        verification_time=clock.now(),
    )
    for certificate in certificates:
        try:
            verified = XMLVerifier().verify(
                element, x509_cert=certificate, id_attribute="ID", expect_config=config
            )
        except (SignXMLException, etree.LxmlError, ValueError, LookupError, TypeError):
            continue
        signed = verified.signed_xml if not isinstance(verified, list) else None
        if signed is None or signed.tag != tag or signed.get("ID") != element.get("ID"):
            raise unverified("the signature covers something else")
        return signed
    raise unverified(f"no valid signature on {etree.QName(tag).localname}")


def _check_response(response: etree._Element, provider: SamlProvider, asked: Asked) -> None:
    status = only(response, "samlp:Status/samlp:StatusCode")
    if status is None or status.get("Value") != _SUCCESS:
        raise SingleSignOnRefused(Problem.DECLINED, "the response reports no success")
    issuers = children(response, "saml:Issuer")
    if any(text_of(issuer) != provider.entity_id for issuer in issuers):
        raise unverified("the response is of another issuer")
    if response.get("Version") != "2.0":
        raise unverified("the response is of another version")
    if response.get("Destination") != asked.acs_url:
        raise unverified("the response has another destination")
    if response.get("InResponseTo") != asked.request_id:
        raise unverified("the response answers another request")


def _check_assertion(assertion: etree._Element, provider: SamlProvider, asked: Asked) -> None:
    issuer = only(assertion, "saml:Issuer")
    if issuer is None or text_of(issuer) != provider.entity_id:
        raise unverified("the assertion is of another issuer")
    if assertion.get("Version") != "2.0":
        raise unverified("the assertion is of another version")
    if not any(
        _confirms(each, asked)
        for each in children(assertion, "saml:Subject/saml:SubjectConfirmation")
    ):
        raise unverified("no subject confirmation holds")
    _check_conditions(only(assertion, "saml:Conditions"), asked)
    statements = children(assertion, "saml:AuthnStatement")
    if not statements:
        raise unverified("the assertion says nothing of an authentication")
    if any(not _before(each.get("SessionNotOnOrAfter")) for each in statements):
        raise unverified("the session at the provider has ended")


def _confirms(confirmation: etree._Element, asked: Asked) -> bool:
    data = only(confirmation, "saml:SubjectConfirmationData")
    return (
        data is not None
        and confirmation.get("Method") == _BEARER
        and data.get("Recipient") == asked.acs_url
        and data.get("InResponseTo") == asked.request_id
        and data.get("NotOnOrAfter") is not None
        and _before(data.get("NotOnOrAfter"))
        and data.get("NotBefore") is None
    )


def _check_conditions(conditions: etree._Element | None, asked: Asked) -> None:
    if conditions is None or any(each.tag not in _CONDITIONS for each in conditions):
        raise unverified("the assertion has conditions that cannot be kept")
    not_before = conditions.get("NotBefore")
    if not_before is not None and clock.now() + _SKEW < _time(not_before):
        raise unverified("the assertion is not valid yet")
    if not _before(conditions.get("NotOnOrAfter")):
        raise unverified("the assertion has expired")
    restrictions = children(conditions, "saml:AudienceRestriction")
    if not restrictions or any(
        asked.acs_url not in [text_of(one) for one in children(each, "saml:Audience")]
        for each in restrictions
    ):
        raise unverified("the assertion is for another audience")


def _before(limit: str | None) -> bool:
    """Tell whether it is still before a time limit; before none, it always is."""
    return limit is None or clock.now() - _SKEW < _time(limit)


def _time(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise unverified("a time cannot be read") from None
    if moment.tzinfo is None:
        raise unverified("a time has no zone")
    return moment


def _identity(assertion: etree._Element, provider: SamlProvider) -> Identity:
    values: dict[str, str] = {}
    for attribute in children(assertion, "saml:AttributeStatement/saml:Attribute"):
        found = [text_of(value) for value in children(attribute, "saml:AttributeValue")]
        name = attribute.get("Name", "")
        if name == provider.user_id_attribute and (len(found) != 1 or name in values):
            raise SingleSignOnRefused(Problem.NO_USER_ID, "there is more than one user id")
        if found and found[0]:
            values.setdefault(name, found[0])
    user_id = values.get(provider.user_id_attribute)
    if not user_id:
        raise SingleSignOnRefused(Problem.NO_USER_ID, "the assertion has no user id")
    full = " ".join(
        part for part in (_first(values, _FIRST_NAME), _first(values, _LAST_NAME)) if part
    )
    return Identity(
        user_id=user_id, email=_first(values, _EMAIL), name=_first(values, _NAME) or full or None
    )


def _first(values: dict[str, str], names: Iterable[str]) -> str | None:
    return next((values[name] for name in names if name in values), None)
