"""Settings: one documented struct a room, filled from a file and the environment.

A setting `port` of the section `server` is read from `RAPPORT_SERVER_PORT`, else from `[server] port`
in the file named by `RAPPORT_CONFIG` (default `rapport.toml`), else it has its default.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeVar, cast

import msgspec
from msgspec import Meta

from rapport.core.errors import RapportError

PREFIX = "RAPPORT_"


class UnusableSetting(RapportError):
    """A setting has a value that cannot be used. Facts: `setting`, `problem`."""

    sentence = "The setting {setting} cannot be used: {problem}"


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of a room's settings; `section` is its name in the file and the environment."""

    section: ClassVar[str]


S = TypeVar("S", bound=Section)


class ServerSettings(Section, frozen=True):
    """The process and its addresses."""

    section: ClassVar[str] = "server"

    host: Annotated[str, Meta(description="Address to listen on")] = "127.0.0.1"
    port: Annotated[
        int, Meta(ge=0, le=65535, description="Port to listen on; 0 takes a free one")
    ] = 8080
    sandbox_hosts: Annotated[
        tuple[str, ...], Meta(description="Host names that are the sandbox (comma separated)")
    ] = ("sandbox.localhost",)
    production_hosts: Annotated[
        tuple[str, ...], Meta(description="Host names that are production (comma separated)")
    ] = ("production.localhost",)
    default_environment: Annotated[
        str,
        Meta(pattern="^(sandbox|production)$", description="Environment of every other host name"),
    ] = "production"
    require_https: Annotated[
        bool,
        Meta(
            description="Refuse plain HTTP (behind a proxy: by X-Forwarded-Proto); never redirect"
        ),
    ] = False
    trusted_proxies: Annotated[
        str,
        Meta(
            description="Addresses whose X-Forwarded-* headers count (comma separated, * for all)"
        ),
    ] = "127.0.0.1"
    body_limit_bytes: Annotated[int, Meta(ge=1024, description="Largest request body")] = 1_000_000
    secret: Annotated[
        str,
        Meta(
            description="Signs tokens and encrypts credentials; made in the data folder when empty"
        ),
    ] = ""


class DataSettings(Section, frozen=True):
    """Where things are kept."""

    section: ClassVar[str] = "data"

    folder: Annotated[
        str, Meta(description="Folder of the embedded database, files and secret")
    ] = "var"
    database_url: Annotated[
        str, Meta(description="postgresql://…; empty: SQLite in the data folder")
    ] = ""
    redis_url: Annotated[str, Meta(description="redis://…; empty: one node, in process")] = ""
    files_url: Annotated[
        str, Meta(description="s3://, gs://, az:// or file:// for files; empty: the data folder")
    ] = ""
    pool_size: Annotated[int, Meta(ge=1, le=200, description="Database connections of a node")] = 10


class TelemetrySettings(Section, frozen=True):
    """What the process tells about itself."""

    section: ClassVar[str] = "telemetry"

    log_level: Annotated[
        str, Meta(pattern="^(debug|info|warning|error)$", description="Least severe log line kept")
    ] = "info"
    log_format: Annotated[str, Meta(pattern="^(text|json)$", description="How log lines look")] = (
        "json"
    )
    otlp_endpoint: Annotated[
        str, Meta(description="OpenTelemetry collector (OTLP over HTTP) for traces; empty: none")
    ] = ""


class Settings:
    """Every section, by its struct: `settings[ServerSettings].port`."""

    def __init__(self, sections: Mapping[type[Section], Section]) -> None:
        self._sections = dict(sections)

    def __getitem__(self, section: type[S]) -> S:
        return cast("S", self._sections[section])

    def __iter__(self) -> Iterator[Section]:
        return iter(self._sections.values())

    def replace(self, section: Section) -> Settings:
        """Return a copy in which one section is another."""
        return Settings({**self._sections, type(section): section})

    @property
    def folder(self) -> Path:
        """The data folder."""
        return Path(self[DataSettings].folder)


def _from_environment(section: type[Section], environ: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in msgspec.structs.fields(section):
        name = f"{PREFIX}{section.section}_{field.name}".upper()
        if name in environ:
            text = environ[name]
            is_list = isinstance(field.default, tuple)
            values[field.name] = (
                [p.strip() for p in text.split(",") if p.strip()] if is_list else text
            )
    return values


def read_file(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the tables of the settings file; an absent default file is an empty one."""
    path = Path(environ.get(f"{PREFIX}CONFIG", "rapport.toml"))
    if not path.exists():
        if f"{PREFIX}CONFIG" in environ:
            raise UnusableSetting(setting=f"{PREFIX}CONFIG", problem=f"there is no file {path}")
        return {}
    try:
        return tomllib.loads(path.read_text())
    except tomllib.TOMLDecodeError as error:
        raise UnusableSetting(setting=str(path), problem=str(error)) from None


def load(sections: Sequence[type[Section]], environ: Mapping[str, str] | None = None) -> Settings:
    """Fill every section. Raises UnusableSetting for a wrong value or an unknown name in the file."""
    environ = os.environ if environ is None else environ
    tables = read_file(environ)
    unknown = set(tables) - {section.section for section in sections}
    if unknown:
        raise UnusableSetting(
            setting=", ".join(sorted(unknown)), problem="there is no such section"
        )
    loaded: dict[type[Section], Section] = {}
    for section in sections:
        values = {**tables.get(section.section, {}), **_from_environment(section, environ)}
        try:
            loaded[section] = msgspec.convert(values, section, strict=False)
        except msgspec.ValidationError as error:
            raise UnusableSetting(setting=section.section, problem=str(error)) from None
    return Settings(loaded)
