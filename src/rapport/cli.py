"""The command line of Rapport."""

from __future__ import annotations

import typer

from rapport.commands import (
    compose,
    config,
    db,
    demo,
    doctor,
    keys,
    replay,
    serve,
    transcripts,
    users,
)

app = typer.Typer(
    name="rapport",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Rapport: a self-hosted customer-conversation platform.",
)
app.command("serve")(serve.serve)
app.command("demo")(demo.demo)
app.command("replay")(replay.replay)
app.command("doctor")(doctor.doctor)
app.add_typer(db.app, name="db")
app.add_typer(keys.app, name="keys")
app.add_typer(users.app, name="users")
app.add_typer(config.app, name="config")
compose.app.command("import")(transcripts.import_transcripts)
compose.app.command("propose")(transcripts.propose)
app.add_typer(compose.app, name="compose")
