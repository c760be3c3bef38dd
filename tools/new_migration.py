"""Write the next migration from what the models say and the migrations do not yet.

    python -m tools.new_migration "routing: queues have opening hours"

Read what it wrote before committing it: a renamed column looks like one dropped and one added.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import MetaData, create_engine

from rapport.core.database import Base
from rapport.core.database.upgrade import MIGRATIONS, configuration

SOURCE = Path(__file__).resolve().parent.parent / "src"


def every_table() -> MetaData:
    """Return the schema that all rooms' models describe together."""
    for path in sorted(SOURCE.glob("rapport/**/models.py")):
        importlib.import_module(".".join(path.relative_to(SOURCE).with_suffix("").parts))
    return Base.metadata


def write(message: str) -> str:
    """Write the next migration; returns the path of its file."""
    numbers = [int(path.name[:4]) for path in MIGRATIONS.glob("versions/[0-9]*.py")]
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/empty.db")
        with engine.begin() as connection:
            config = configuration(connection)
            config.attributes["metadata"] = every_table()
            if numbers:
                command.upgrade(config, "head")
            made = command.revision(
                config, message, autogenerate=True, rev_id=f"{max(numbers, default=0) + 1:04}"
            )
        engine.dispose()
    assert made is not None
    assert not isinstance(made, list)
    return str(made.path)


if __name__ == "__main__":
    print(write(" ".join(sys.argv[1:])))
