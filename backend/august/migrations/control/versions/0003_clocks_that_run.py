"""Clocks that run by themselves."""

import sqlalchemy as sa
from alembic import op
import august.kernel.columns

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "plays",
        sa.Column("sandbox_id", sa.String(length=10), nullable=False),
        sa.Column("seconds_per_day", sa.Integer(), nullable=False),
        sa.Column("since", august.kernel.columns.Instant(), nullable=False),
        sa.Column("world_since", august.kernel.columns.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sandbox_id"], ["sandboxes.id"], name=op.f("fk_plays_sandbox_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("sandbox_id", name=op.f("pk_plays")),
    )
