"""The command line: serve, look after the databases."""

import argparse
import gc
import logging
import os
import sys
from collections.abc import Callable, Mapping, Sequence

import uvicorn
from sqlalchemy import MetaData, create_engine

from august.app import create_app, plan
from august.kernel import schema
from august.kernel.seeds import SeedError
from august.kernel.tables import WorldBase
from august.sandboxes.models import ControlBase
from august.sandboxes.service import Desk
from august.settings import Settings, from_environment

KINDS: Mapping[str, MetaData] = {"control": ControlBase.metadata, "world": WorldBase.metadata}


def serve(settings: Settings) -> int:
    """Answer requests until told to stop."""
    app = create_app(settings)
    grow(app.state["desk"])
    freeze()
    print(f"August listens on http://{settings.host}:{settings.port}", flush=True)
    uvicorn.run(app, host=settings.host, port=settings.port, log_level="warning", timeout_graceful_shutdown=5)
    return 0


def grow(desk: Desk) -> None:
    """Have every world ready before somebody asks for one; only a release's first start takes long."""
    for file in desk.files.values():
        if not desk.grown(file):
            print(f"Growing the world {file.key}, once for this release ...", flush=True)
            desk.template(file)


def freeze() -> None:
    """Tell the collector of garbage that what is loaded by now stays, so that it need not look there again.

    Judging a thousand products takes a quarter less for it.
    """
    gc.collect()
    gc.freeze()


def check_migrations(_settings: Settings) -> int:
    """Tell whether migrations and tables in code agree; 1 when they drifted apart."""
    plan()  # imports every room, so that all tables are known
    status = 0
    for kind, metadata in KINDS.items():
        engine = create_engine("sqlite://")
        with engine.begin() as connection:
            schema.upgrade(connection, kind)
            drifted = schema.drift(connection, metadata)
        engine.dispose()
        for change in drifted:
            print(f"{kind}: {change}", file=sys.stderr)
            status = 1
    return status


def check_seeds(_settings: Settings) -> int:
    """Read every seed once."""
    plan()
    return 0


COMMANDS: Mapping[str, Callable[[Settings], int]] = {
    "serve": serve,
    "check-migrations": check_migrations,
    "check-seeds": check_seeds,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 2 for settings or seeds that make no sense."""
    parser = argparse.ArgumentParser(prog="august")
    parser.add_argument("command", choices=sorted(COMMANDS))
    asked = parser.parse_args(arguments)
    logging.basicConfig(level=os.environ.get("AUGUST_LOG", "WARNING"))
    try:
        return COMMANDS[asked.command](from_environment())
    except (SeedError, ValueError) as error:
        print(f"August does not start: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
