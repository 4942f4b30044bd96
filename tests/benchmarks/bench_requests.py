"""The product list beside an empty handler of the same server, at 1, 16 and 64 connections."""

import asyncio
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.benchmarks.serving import running
from tests.benchmarks.table import quantile, show

pytestmark = pytest.mark.network

SECONDS = 4.0
CONNECTIONS = 1, 16, 64


async def _connection(host: str, port: int, request: bytes, until: float, waits: list[float]) -> None:
    """Ask again and again over one connection; every answer must be 200."""
    reader, writer = await asyncio.open_connection(host, port)
    while (started := time.perf_counter()) < until:
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        assert head.startswith(b"http/1.1 200"), head
        length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
        waits.append(time.perf_counter() - started)
    writer.close()


async def _load(url: str, cookie: str, connections: int) -> list[float]:
    parts = urlsplit(url)
    assert parts.hostname
    assert parts.port
    lines = f"GET {parts.path} HTTP/1.1", f"Host: {parts.netloc}", f"Cookie: {cookie}", "", ""
    request = "\r\n".join(lines).encode()
    waits: list[float] = []
    until = time.perf_counter() + SECONDS
    tasks = (_connection(parts.hostname, parts.port, request, until, waits) for _ in range(connections))
    await asyncio.gather(*tasks)
    return waits


def test_the_product_list_beside_an_empty_handler(tmp_path: Path) -> None:
    rows = []
    with running(tmp_path) as server, httpx.Client(timeout=120) as client:
        made = server.sandbox(client, "Load")
        client.get(made["login_url"])
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        pages = {"empty": f"{server.address}/empty", "products": f"{server.address}/w/{made['id']}/products"}
        for name, url in pages.items():
            size = len(client.get(url).raise_for_status().content)
            for connections in CONNECTIONS:
                worked = server.cpu_seconds()
                waits = asyncio.run(_load(url, cookie, connections))
                assert waits
                each = f"{(server.cpu_seconds() - worked) * 1000 / len(waits):.1f}"
                p50, p99 = (f"{quantile(waits, share) * 1000:.1f}" for share in (0.5, 0.99))
                rate = f"{len(waits) / SECONDS:.0f}"
                rows.append([name, str(connections), f"{size / 1024:.0f}", rate, each, p50, p99])
    show("Requests", ["page", "connections", "KB", "req/s", "CPU ms", "p50 ms", "p99 ms"], rows)
