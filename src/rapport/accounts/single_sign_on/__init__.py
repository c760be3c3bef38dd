"""Single sign-on: people prove who they are to their company's identity provider.

Each company has at most one connection in each environment, by OpenID Connect (`oidc`, `providers`)
or by SAML 2.0 (`saml`, `saml_response`). Both end in an `Identity`, of which `arrivals` makes an
ordinary session.
"""
