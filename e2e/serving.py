"""August on a loopback port, in a thread of this process: for browser tests, pictures and benchmarks."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from august.app import create_app
from tests.tools.worlds import provide

START_SECONDS = 60.0


class Loopback(uvicorn.Server):
    """A server that says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()


@contextmanager
def served(app: object) -> Iterator[str]:
    """Serve an ASGI application; gives its address without a slash at the end."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        # asyncio sends without delay only on sockets that name their protocol, and this one does not:
        # the body of an answer would wait for the acknowledgement of its head, forty milliseconds.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        port = listener.getsockname()[1]
        server = Loopback(uvicorn.Config(app, log_level="warning", access_log=False, lifespan="on"))
        thread = threading.Thread(target=server.run, args=([listener],), name="server", daemon=True)
        thread.start()
        if not server.listening.wait(START_SECONDS):
            raise RuntimeError("the server did not start")
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join(START_SECONDS)


@contextmanager
def august(data: Path) -> Iterator[str]:
    """August itself over a data folder of its own, its worlds grown already."""
    with served(create_app(provide(data))) as address:
        yield address
