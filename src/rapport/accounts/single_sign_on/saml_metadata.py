"""SAML metadata: ours for the provider, and the provider's for us; and the request that we send."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from rapport.accounts.single_sign_on.addresses import Addresses
from rapport.accounts.single_sign_on.xml import (
    METADATA,
    SAML,
    SAMLP,
    UnreadableXml,
    children,
    parse,
    text_of,
)
from rapport.core import clock

REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
_UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
_LEAST_RSA_BITS = 2048


class DescribedProvider(NamedTuple):
    """What an identity provider's metadata says: its name, where it signs people in, its keys."""

    entity_id: str
    sso_url: str
    certificates: tuple[str, ...]


def read_certificates(pems: Iterable[str]) -> list[x509.Certificate]:
    """Return certificates of RSA keys. Raises ValueError for none, and for what is none."""
    found = [x509.load_pem_x509_certificate(pem.encode()) for pem in pems]
    keys = [certificate.public_key() for certificate in found]
    if not keys or any(
        not isinstance(key, RSAPublicKey) or key.key_size < _LEAST_RSA_BITS for key in keys
    ):
        raise ValueError("no certificate of a strong RSA key")
    return found


def read_provider(document: str) -> DescribedProvider:
    """Read an identity provider's metadata. Raises ValueError for what does not describe one."""
    root = parse(document.strip().encode())
    descriptors = children(root, "md:IDPSSODescriptor")
    entity_id = root.get("entityID", "")
    if root.tag != f"{{{METADATA}}}EntityDescriptor" or len(descriptors) != 1 or not entity_id:
        raise UnreadableXml
    services = children(descriptors[0], "md:SingleSignOnService")
    urls = [each.get("Location", "") for each in services if each.get("Binding") == REDIRECT]
    certificates = tuple(
        _pem(text_of(certificate))
        for key in children(descriptors[0], "md:KeyDescriptor")
        if key.get("use") in {None, "signing"}
        for certificate in children(key, "ds:KeyInfo/ds:X509Data/ds:X509Certificate")
    )
    if not urls or not certificates:
        raise UnreadableXml
    return DescribedProvider(entity_id, urls[0], certificates)


def own_metadata(addresses: Addresses) -> bytes:
    """Describe this service provider to an identity provider (CMP-249).

    Single sign-on URL, recipient, destination and audience are one address.
    """
    names: dict[str | None, str] = {None: METADATA}
    root = etree.Element(f"{{{METADATA}}}EntityDescriptor", nsmap=names)
    root.set("entityID", addresses.saml_acs)
    descriptor = etree.SubElement(root, f"{{{METADATA}}}SPSSODescriptor")
    descriptor.set("AuthnRequestsSigned", "false")
    descriptor.set("WantAssertionsSigned", "true")
    descriptor.set("protocolSupportEnumeration", SAMLP)
    etree.SubElement(descriptor, f"{{{METADATA}}}NameIDFormat").text = _UNSPECIFIED
    service = etree.SubElement(descriptor, f"{{{METADATA}}}AssertionConsumerService")
    service.set("Binding", POST)
    service.set("Location", addresses.saml_acs)
    service.set("index", "1")
    service.set("isDefault", "true")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def request_url(sso_url: str, acs_url: str, request_id: str, relay_state: str) -> str:
    """Return where to send a browser with an AuthnRequest (HTTP-Redirect binding)."""
    names: dict[str | None, str] = {"samlp": SAMLP, "saml": SAML}
    root = etree.Element(f"{{{SAMLP}}}AuthnRequest", nsmap=names)
    root.set("ID", request_id)
    root.set("Version", "2.0")
    root.set("IssueInstant", clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"))
    root.set("Destination", sso_url)
    root.set("AssertionConsumerServiceURL", acs_url)
    root.set("ProtocolBinding", POST)
    etree.SubElement(root, f"{{{SAML}}}Issuer").text = acs_url
    policy = etree.SubElement(root, f"{{{SAMLP}}}NameIDPolicy")
    policy.set("AllowCreate", "true")
    deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = deflate.compress(etree.tostring(root)) + deflate.flush()
    query = {"SAMLRequest": base64.b64encode(packed).decode(), "RelayState": relay_state}
    return f"{sso_url}{'&' if '?' in sso_url else '?'}{urlencode(query)}"


def _pem(encoded: str) -> str:
    try:
        der = base64.b64decode("".join(encoded.split()), validate=True)
        certificate = x509.load_der_x509_certificate(der)
    except ValueError:
        raise UnreadableXml from None
    return certificate.public_bytes(Encoding.PEM).decode()
