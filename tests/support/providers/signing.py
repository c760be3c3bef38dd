"""XML signatures by libxmlsec1."""

from __future__ import annotations

import xmlsec
from lxml import etree

_DS = "{http://www.w3.org/2000/09/xmldsig#}"


def sign(root: etree._Element, node_id: str, private: str) -> None:
    """Fill in the signature that stands empty in the element with an id."""
    xmlsec.tree.add_ids(root, ["ID"])
    signed = next(each for each in root.iter() if each.get("ID") == node_id)
    template = signed.find(f"{_DS}Signature")
    assert template is not None
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(private, xmlsec.constants.KeyDataFormatPem)
    context.sign(template)


def empty_signature(node_id: str) -> str:
    """Return a signature of an element that is yet to be made: RSA-SHA256, SHA-256."""
    c14n = "http://www.w3.org/2001/10/xml-exc-c14n#"
    enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
    return (
        '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>'
        f'<ds:CanonicalizationMethod Algorithm="{c14n}"/>'
        '<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>'
        f'<ds:Reference URI="#{node_id}"><ds:Transforms><ds:Transform Algorithm="{enveloped}"/>'
        f'<ds:Transform Algorithm="{c14n}"/></ds:Transforms>'
        '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
        "<ds:DigestValue/></ds:Reference></ds:SignedInfo><ds:SignatureValue/></ds:Signature>"
    )
