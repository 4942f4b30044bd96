"""Alembic revisions of the control database and of worlds."""
