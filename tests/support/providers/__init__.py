"""A small identity provider of its own, in its own process: OpenID Connect and SAML 2.0.

It shares no code with what it tests: ID tokens are signed by PyJWT, SAML is spoken by pysaml2 and
signed by libxmlsec1. Whoever signs in there says who they are on a page, and a test may say, too,
what the provider is to do wrong (`fault`).
"""
