"""The Python client: the HTTP API with the documented retries, and the live protocol with cursors."""

from rapport.client.http import ApiClient, ApiError
from rapport.client.live import LiveClient, Refused

__all__ = ["ApiClient", "ApiError", "LiveClient", "Refused"]
