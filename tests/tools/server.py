"""Run August as its users run it, on a free port, with data of its own."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 90


def _free_port() -> int:
    with socket.socket() as plug:
        plug.bind(("127.0.0.1", 0))
        port: int = plug.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    with socket.socket() as plug:
        plug.settimeout(1)
        return plug.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[str]:
    """Yield the address of a server with its data in a folder; RuntimeError with its log when it does not start."""
    port = _free_port()
    own = {
        "AUGUST_HOST": "127.0.0.1",
        "AUGUST_PORT": str(port),
        "AUGUST_DATA": str(folder / "data"),
        "AUGUST_DATABASE_URL": "",
        "PYTHONPATH": str(ROOT / "backend"),
    }
    command = [sys.executable, "-m", "august.cli", "serve"]
    log = folder / "server.log"
    pause = Event()
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command, cwd=ROOT, env=os.environ | own | settings, stdout=output, stderr=subprocess.STDOUT
        ) as server,
    ):
        try:
            for _ in range(START_SECONDS * 10):
                if server.poll() is not None or _answers(port):
                    break
                pause.wait(0.1)
            if server.poll() is not None or not _answers(port):
                message = f"August did not start:\n{log.read_text(encoding='utf-8', errors='replace')}"
                raise RuntimeError(message)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
