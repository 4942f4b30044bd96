"""The frame itself: databases come up empty, the network stays shut."""

import socket

import pytest
from sqlalchemy import create_engine, inspect


def test_a_database_of_either_kind_is_empty(database: str) -> None:
    engine = create_engine(database)
    assert inspect(engine).get_table_names() == []
    engine.dispose()


def test_unit_tests_reach_no_network() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as plug,
        pytest.raises(pytest.fail.Exception, match="wants to connect a network socket"),
    ):
        plug.connect(("127.0.0.1", 9))


def test_local_sockets_stay_open() -> None:
    left, right = socket.socketpair()
    with left, right:
        left.send(b"x")
        assert right.recv(1) == b"x"
