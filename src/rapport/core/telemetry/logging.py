"""Structured logs on standard error: events with fields, without anything a person wrote.

`structlog.get_logger(__name__).info("conversation_ended", conversation=id)`. Whatever is bound with
`bind(request_id=…)` accompanies every line until it is unbound.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from structlog.typing import EventDict, ExcInfo, Processor

from rapport.core import clock
from rapport.core.errors import RapportError
from rapport.core.settings import Settings, TelemetrySettings

# Names under which somebody would log a person's words. Logs are copied further and kept longer than
# the database, and redaction cannot take back what a log shipper has sent.
PRIVATE = frozenset(
    {"text", "body", "message_text", "content", "payload", "transcript", "password", "secret"}
)
# Libraries that tell every request at info; ours are told by metrics.
_TALKATIVE = ("httpx", "httpcore", "uvicorn.access", "dbos", "alembic", "asyncio", "aiosqlite")
# Libraries that at debug level tell every frame of a socket, with what people say in it (PLT-232).
_INDISCREET = ("uvicorn.error", "websockets")


def configure(settings: Settings) -> None:
    """Send the lines of structlog and of the standard library to standard error, in one form."""
    telemetry = settings[TelemetrySettings]
    level = logging.getLevelNamesMapping()[telemetry.log_level.upper()]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        _add_time,
        drop_private_fields,
        describe_exception,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = _StandardError()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _renderer(telemetry.log_format),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    for name in _INDISCREET:
        logging.getLogger(name).setLevel(max(level, logging.INFO))


class _StandardError(logging.Handler):
    """Writes to whatever standard error is at the moment: a test or a console may have replaced it."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stderr.write(self.format(record) + "\n")
        sys.stderr.flush()


@contextmanager
def bind(**fields: Any) -> Iterator[None]:
    """Have fields (request id, company, conversation) accompany every line of a block."""
    with structlog.contextvars.bound_contextvars(**fields):
        yield


def drop_private_fields(_logger: Any, _level: str, event: EventDict) -> EventDict:
    """Replace what could hold a person's words by the complaint that somebody logged it."""
    found = PRIVATE.intersection(event)
    if found:
        for name in found:
            del event[name]
        event["dropped_private_fields"] = sorted(found)
    return event


def describe_exception(_logger: Any, _level: str, event: EventDict) -> EventDict:
    """Tell an exception by its class and its frames: its text may hold what somebody wrote.

    Only our own errors are told with their sentence, because their facts never hold personal data.
    """
    info = event.pop("exc_info", None)
    error = _exception_of(info)
    if error is not None:
        event["error"] = type(error).__name__
        event["trace"] = [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
        if isinstance(error, RapportError):
            event["error_message"] = error.message
    return event


def _exception_of(info: ExcInfo | BaseException | bool | None) -> BaseException | None:
    if isinstance(info, BaseException):
        return info
    if isinstance(info, tuple):
        return info[1]
    return sys.exc_info()[1] if info else None


def _add_time(_logger: Any, _level: str, event: EventDict) -> EventDict:
    event["time"] = clock.wire(clock.now())
    return event


def _renderer(log_format: str) -> Processor:
    if log_format == "json":
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), timestamp_key="time")
