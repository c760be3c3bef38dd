"""The provider's SAML half: pysaml2, with the signatures of libxmlsec1."""

from __future__ import annotations

import base64
import tempfile
from pathlib import Path
from typing import Any

from litestar import Controller, MediaType, Request, get, post
from lxml import etree
from saml2 import BINDING_HTTP_REDIRECT, saml
from saml2.config import IdPConfig
from saml2.metadata import entity_descriptor
from saml2.saml import NAMEID_FORMAT_TRANSIENT, NameID
from saml2.server import Server
from saml2.sigver import CryptoBackend
from saml2.xmldsig import DIGEST_SHA1, DIGEST_SHA256, SIG_RSA_SHA1, SIG_RSA_SHA256

from tests.support.providers.keys import new_pair
from tests.support.providers.page import onward_page, sign_in_page
from tests.support.providers.signing import sign

_PAIR, _STRANGER = new_pair(), new_pair()
_FOLDER = Path(tempfile.mkdtemp())
_AUTHN = {"class_ref": saml.AUTHN_PASSWORD_PROTECTED, "authn_auth": "https://provider.test"}


class _Libxmlsec(CryptoBackend):  # type: ignore[misc]
    """Signs with libxmlsec1 as a library, where pysaml2 would start its command line."""

    def __init__(self, private: str) -> None:
        self._private = private

    def sign_statement(self, statement: Any, node_name: str, key_file: str, node_id: str) -> str:
        """Fill in the signature that stands empty in the element with an id."""
        given = statement if isinstance(statement, bytes) else str(statement).encode()
        root = etree.fromstring(given)
        sign(root, node_id, self._private)
        return etree.tostring(root).decode()


def _server(base: str, minutes: int = 5) -> Server:
    key, certificate = _FOLDER / "key.pem", _FOLDER / "certificate.pem"
    key.write_text(_PAIR.private)
    certificate.write_text(_PAIR.certificate)
    config = IdPConfig().load(
        {
            "entityid": f"{base}/saml/metadata",
            "crypto_backend": "XMLSecurity",
            "key_file": str(key),
            "cert_file": str(certificate),
            "allow_unknown_attributes": True,
            "service": {
                "idp": {
                    "endpoints": {
                        "single_sign_on_service": [(f"{base}/saml/sso", BINDING_HTTP_REDIRECT)]
                    },
                    "policy": {
                        "default": {
                            "lifetime": {"minutes": minutes},
                            "attribute_restrictions": None,
                            "name_form": "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified",
                        }
                    },
                }
            },
        }
    )
    server = Server(config=config)
    server.sec.crypto = _Libxmlsec(_PAIR.private)
    return server


class SamlController(Controller):
    """What an administrator and a browser ask of the provider."""

    path = "/saml"

    @get("/metadata", media_type=MediaType.XML)
    async def metadata(self, request: Request[Any, Any, Any]) -> str:
        return str(entity_descriptor(_shared(request).config))

    @post("/service-providers", status_code=204)
    async def register(self, request: Request[Any, Any, Any]) -> None:
        """Get to know a service provider by its own metadata."""
        server, described = _shared(request), (await request.body()).decode()
        if server.metadata is None:
            server.metadata = server.config.load_metadata({"inline": [described]})
        else:
            server.metadata.load("inline", described)

    @get("/sso", media_type=MediaType.HTML)
    async def ask(self, request: Request[Any, Any, Any]) -> str:
        query = dict(request.query_params.items())
        _shared(request).parse_authn_request(query["SAMLRequest"], BINDING_HTTP_REDIRECT)
        return sign_in_page("/saml/sso", query)

    @post("/sso", media_type=MediaType.HTML)
    async def tell(self, request: Request[Any, Any, Any]) -> str:
        form = {name: str(value) for name, value in (await request.form()).items()}
        fault = form.get("fault", "")
        server = _shared(request)
        asked = server.parse_authn_request(form["SAMLRequest"], BINDING_HTTP_REDIRECT)
        args = server.response_args(asked.message)
        acs = args["destination"]
        server.sec.crypto = _Libxmlsec((_STRANGER if fault == "other_key" else _PAIR).private)
        is_weak = fault == "sha1"
        response = server.create_authn_response(
            _attributes(form),
            in_response_to="_another" if fault == "other_request" else args["in_response_to"],
            destination="https://another.test/acs" if fault == "destination" else acs,
            sp_entity_id=acs,
            name_id=NameID(format=NAMEID_FORMAT_TRANSIENT, text=form["user"]),
            authn=_AUTHN,
            issuer="https://another.test" if fault == "issuer" else None,
            sign_response=fault != "response_unsigned",
            sign_assertion=fault != "assertion_unsigned",
            sign_alg=SIG_RSA_SHA1 if is_weak else SIG_RSA_SHA256,
            digest_alg=DIGEST_SHA1 if is_weak else DIGEST_SHA256,
        )
        encoded = base64.b64encode(str(response).encode()).decode()
        return onward_page(acs, {"SAMLResponse": encoded, "RelayState": form["RelayState"]})


def _attributes(form: dict[str, str]) -> dict[str, Any]:
    user: Any = [form["user"], "another"] if form.get("fault") == "two_ids" else form["user"]
    told = {"externalUserId": user, "email": form.get("email"), "displayName": form.get("name")}
    if form.get("fault") == "no_id":
        del told["externalUserId"]
    return {name: value for name, value in told.items() if value}


_servers: dict[str, Server] = {}


def _shared(request: Request[Any, Any, Any]) -> Server:
    base = str(request.base_url).rstrip("/")
    if base not in _servers:
        _servers[base] = _server(base)
    return _servers[base]
