"""The real server: `python -m august.cli serve` in a process of its own, on a loopback port."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
# The client waits longer before each: about a minute in all.
ATTEMPTS = 7


@dataclass(frozen=True)
class Serving:
    """A running server and a client of it."""

    process: subprocess.Popen[str]
    client: httpx.Client

    def call(self, method: str, path: str, token: str | None = None, **options: Any) -> Any:
        """The JSON of an answer that went well."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = self.client.request(method, path, headers=headers, **options)
        assert answer.is_success, answer.text
        return answer.json()

    def kill(self) -> None:
        """SIGKILL: no handler, no farewell."""
        self.process.kill()
        assert self.process.wait(30) == -9


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def serving(data: Path, url: str | None = None) -> Iterator[Serving]:
    """Start the server over a data folder and give it up at the end, killed or not."""
    port = _free_port()
    told = {"AUGUST_DATA": str(data), "AUGUST_PORT": str(port), "PYTHONPATH": str(ROOT / "backend")}
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("AUGUST_", "DATABASE_"))
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "august.cli", "serve"],
        env=kept | told | ({"AUGUST_DATABASE_URL": url} if url else {}),
        cwd=data,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == f"August listens on http://127.0.0.1:{port}\n"
        transport = httpx.HTTPTransport(retries=ATTEMPTS)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", transport=transport, timeout=60) as client:
            yield Serving(process, client)
    finally:
        process.terminate()
        process.stdout.close()
        process.wait(30)
