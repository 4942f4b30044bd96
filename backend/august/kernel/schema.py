"""Alembic run from inside: a namespace is brought to a revision over an open connection."""

import threading
from functools import cache
from pathlib import Path

from alembic.autogenerate import compare_metadata, produce_migrations, render_python_code
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, MetaData, create_engine, text

# Alembic keeps the migration that runs in a global: two at once in one process mix each other up.
_alone = threading.Lock()
MIGRATIONS = Path(__file__).parent.parent / "migrations"


@cache
def _script(kind: str) -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS / kind))
    return ScriptDirectory.from_config(config)


@cache
def head(kind: str) -> str:
    """The newest revision of `world` or `control`."""
    revision = _script(kind).get_current_head()
    if revision is None:
        msg = f"no migrations of kind {kind}"
        raise RuntimeError(msg)
    return revision


def upgrade(connection: Connection, kind: str, *, to: str = "head", schema: str | None = None) -> None:
    """Bring the namespace to a revision inside the connection's running transaction."""
    script = _script(kind)
    if schema is not None:
        connection.execute(text(f'SET LOCAL search_path TO "{schema}"'))

    def steps(revision: str, _context: MigrationContext) -> list[object]:
        return list(script._upgrade_revs(to, revision))  # noqa: SLF001  Alembic's own commands do it so

    with _alone, EnvironmentContext(Config(), script, fn=steps, destination_rev=to) as environment:
        environment.configure(connection=connection, render_as_batch=True)
        environment.run_migrations()


def revision(connection: Connection) -> str | None:
    """The revision a namespace stands at."""
    return MigrationContext.configure(connection).get_current_revision()


def drift(connection: Connection, metadata: MetaData) -> list[object]:
    """What the tables in code have that the migrated namespace has not, or the other way."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


@cache
def known(kind: str) -> frozenset[str]:
    """Every revision this release knows."""
    return frozenset(step.revision for step in _script(kind).walk_revisions())


def draft(kind: str, message: str, metadata: MetaData) -> Path | None:
    """Write the migration that brings the newest revision to the tables in code; None when none is needed."""
    script = _script(kind)
    newest = script.get_current_head()
    with create_engine("sqlite://").begin() as connection:
        if newest is not None:
            upgrade(connection, kind)
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        changes = produce_migrations(context, metadata).upgrade_ops
        if changes is None or changes.is_empty():
            return None
        code = render_python_code(changes, render_as_batch=True, migration_context=context)
    number = f"{len(known(kind)) + 1:04d}"
    written = script.generate_revision(number, message, head=newest or "base", upgrades=code, downgrades="")
    return Path(written.path) if isinstance(written, Script) else None
