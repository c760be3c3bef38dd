"""Reading XML that strangers send: no DTD, no entities, nothing fetched, bounded."""

from __future__ import annotations

from lxml import etree

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
METADATA = "urn:oasis:names:tc:SAML:2.0:metadata"
DS = "http://www.w3.org/2000/09/xmldsig#"
NAMES = {"saml": SAML, "samlp": SAMLP, "md": METADATA, "ds": DS}

LONGEST = 500_000


class UnreadableXml(ValueError):
    """Not XML as we take it."""


def parse(document: bytes) -> etree._Element:
    """Return the root of a document. Raises UnreadableXml, also for any kind of DTD."""
    # The declaration of an entity is what makes a small document large or read a file: whatever
    # has a DTD is refused before anything is made of it.
    if len(document) > LONGEST or b"<!DOCTYPE" in document or b"<!ENTITY" in document:
        raise UnreadableXml
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise UnreadableXml from None
    # Also in an encoding in which the words above are written with other bytes.
    if root.getroottree().docinfo.doctype:
        raise UnreadableXml
    return root


def text_of(element: etree._Element) -> str:
    """Return all the text inside an element, its ends trimmed."""
    return "".join(str(part) for part in element.itertext()).strip()


def children(element: etree._Element, path: str) -> list[etree._Element]:
    """Return the elements at a path below an element, in document order."""
    return element.findall(path, NAMES)


def only(element: etree._Element, path: str) -> etree._Element | None:
    """Return the one element at a path; None when there is none or more than one."""
    found = children(element, path)
    return found[0] if len(found) == 1 else None
