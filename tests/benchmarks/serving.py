"""August in a process of its own, with an empty handler beside its pages."""

import multiprocessing
import multiprocessing.connection
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from litestar import Response, get

from august.app import create_app
from august.cli import freeze
from e2e.serving import served
from tests.tools.worlds import provide

START_SECONDS = 60


@get("/empty", sync_to_thread=True)
def empty() -> Response[str]:
    """Nothing, by way of everything that stands before a page."""
    return Response("", media_type="text/html")


@dataclass(frozen=True)
class Running:
    """A server: its address and its process."""

    address: str
    pid: int

    def resident_mb(self) -> float:
        """How much memory the process holds just now."""
        lines = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024

    def cpu_seconds(self) -> float:
        """How long the process has worked, whatever it had to wait for."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def sandbox(self, client: httpx.Client, name: str) -> Any:
        """A fresh furniture sandbox as the API answers it."""
        asked = {"world": "furniture", "seed": 7, "name": name}
        return client.post(f"{self.address}/api/v1/sandboxes", json=asked).raise_for_status().json()


def _serve(data: Path, pipe: multiprocessing.connection.Connection) -> None:
    app = create_app(provide(data))
    app.register(empty)
    freeze()
    with served(app) as address:
        pipe.send(address)
        # Until the other end closes or says anything.
        pipe.poll(None)


@contextmanager
def running(data: Path) -> Iterator[Running]:
    """A server over a data folder, ended afterwards."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=_serve, args=(data, theirs))
    process.start()
    try:
        if not ours.poll(START_SECONDS):
            raise RuntimeError("the server did not start")
        yield Running(ours.recv(), process.pid or 0)
    finally:
        if process.is_alive():
            ours.send("stop")
        process.join(START_SECONDS)
