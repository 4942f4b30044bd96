"""Rows in bulk: plain values, books, packed numbers."""

from itertools import repeat
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import bindparam, create_engine, select

from august.kernel.bulk import Book, insert_columns, insert_rows, put, row_of, update_rows
from august.kernel.columns import Numbers, from_epoch, packed
from august.kernel.plain import among, columns_of, plain, rows
from august.kernel.tables import Event, WorldBase, WorldSession

FACT = {
    "at": 1_661_400_000,
    "kind": "x",
    "object_kind": "thing",
    "object_id": 5,
    "merchant_id": None,
    "actor": "player",
    "params": '{"a":1}',
}


@pytest.fixture
def session(tmp_path: Path) -> WorldSession:  # type: ignore[misc]
    engine = create_engine(f"sqlite:///{tmp_path / 'w.sqlite'}")
    WorldBase.metadata.create_all(engine, tables=[Event.__table__])  # type: ignore[list-item]
    with WorldSession(engine) as made:
        yield made
    engine.dispose()


def test_a_kept_statement_is_asked_again_with_other_values(session: WorldSession) -> None:
    """Those with a list of values in them too, whether it is the statement's own or given."""
    insert_rows(session.connection(), Event, [dict(FACT, object_id=number) for number in range(4)])
    table = plain(Event)
    below = select(table.c.object_id).where(table.c.object_id < bindparam("most"), table.c.kind == "x")
    own = below.where(table.c.actor.in_(["player", "buyer"]))
    given = below.where(among(table.c.object_id, "those"))
    for most in (3, 1):
        for asked in (below, own):
            assert columns_of(session.connection(), asked, {"most": most}) == [tuple(range(most))]
    for those in ([0], [1, 2], []):
        found = columns_of(session.connection(), given, {"most": 3, "those": those})
        assert found == [tuple(those)]
    open_ones = below.where(table.c.object_id.in_(bindparam("those", expanding=True)))
    with pytest.raises(TypeError, match="among"):
        columns_of(session.connection(), open_ones, {"most": 3, "those": [0]})


def test_plain_rows_are_the_objects_rows(session: WorldSession) -> None:
    insert_rows(session.connection(), Event, [dict(FACT), dict(FACT, object_id=6)])
    first = session.get_one(Event, 1)
    assert (first.at, first.params) == (from_epoch(1_661_400_000), {"a": 1})
    assert row_of(first) == {"id": 1, **FACT}
    put(first, {"at": 1_661_400_060, "kind": "y"})
    session.flush()
    (found,) = rows(session.connection(), plain(Event).select().where(plain(Event).c.kind == "y"))
    assert found == {"id": 1, **FACT, "at": 1_661_400_060, "kind": "y"}


def test_a_book_writes_what_was_added_changed_and_removed(session: WorldSession) -> None:
    insert_rows(session.connection(), Event, [dict(FACT, object_id=number) for number in range(3)])
    book = Book(session.connection(), Event)
    taken = book.take("object_id", [0, 1])
    assert [row["object_id"] for row in taken] == [0, 1]
    added = book.add(dict(FACT, object_id=9))
    assert added["id"] == 4
    book.change(added, {"kind": "fresh"})
    book.change(taken[0], {"kind": "changed"})
    book.remove(taken[1])
    # A row in hand stays as it is in hand.
    assert book.get(1)["kind"] == "changed"
    book.write()
    stored = rows(session.connection(), plain(Event).select().order_by(plain(Event).c.id))
    assert [(row["id"], row["kind"]) for row in stored] == [(1, "changed"), (3, "x"), (4, "fresh")]
    with pytest.raises(KeyError):
        book.get(2)


@given(st.lists(st.integers(-(2**31), 2**31 - 1), max_size=50))
def test_packed_numbers_come_back(values: list[int]) -> None:
    kind = Numbers("i4")
    packed = kind.process_bind_param(np.array(values, dtype=np.int64), None)  # type: ignore[arg-type]
    assert packed is not None
    assert len(packed) == 4 * len(values)
    back = kind.process_result_value(packed, None)  # type: ignore[arg-type]
    assert back is not None
    assert back.tolist() == values


def test_a_number_that_does_not_fit_is_refused() -> None:
    with pytest.raises(OverflowError):
        Numbers("i1").process_bind_param(np.array([200]), None)  # type: ignore[arg-type]


def test_columns_are_stored_like_rows(database: str) -> None:
    engine = create_engine(database)
    WorldBase.metadata.create_all(engine, tables=[Event.__table__])  # type: ignore[list-item]
    with WorldSession(engine) as session:
        same = {name: repeat(value) for name, value in FACT.items()}
        parts = {**same, "id": range(1, 4), "object_id": [7, 8, 9], "merchant_id": [None, 1, None]}
        insert_columns(session.connection(), Event, parts)
        stored = rows(session.connection(), plain(Event).select().order_by(plain(Event).c.id))
        assert stored == [
            {"id": 1, **FACT, "object_id": 7},
            {"id": 2, **FACT, "object_id": 8, "merchant_id": 1},
            {"id": 3, **FACT, "object_id": 9},
        ]
    engine.dispose()


@given(st.lists(st.lists(st.integers(-(2**31), 2**31 - 1), min_size=3, max_size=3), min_size=1))
def test_a_matrix_is_packed_row_by_row(matrix: list[list[int]]) -> None:
    found = packed(np.array(matrix, dtype=np.int64), "i4")
    assert found == [Numbers("i4").process_bind_param(np.array(row), None) for row in matrix]  # type: ignore[arg-type]


def test_a_number_too_large_to_be_packed_is_refused() -> None:
    with pytest.raises(OverflowError):
        packed(np.array([[1, 2**31]]), "i4")
    assert packed(np.zeros((0, 3), dtype=np.int64), "i4") == []


def test_only_the_named_columns_are_written(database: str) -> None:
    """What else a row holds stays out of the statement on both databases."""
    engine = create_engine(database)
    WorldBase.metadata.create_all(engine, tables=[Event.__table__])  # type: ignore[list-item]
    with WorldSession(engine) as session:
        insert_rows(session.connection(), Event, [dict(FACT)])
        update_rows(
            session.connection(), Event, ("kind",), [(1, {"id": 9, **FACT, "kind": "y", "object_id": 8})]
        )
        (stored,) = rows(session.connection(), plain(Event).select())
        assert stored == {"id": 1, **FACT, "kind": "y"}
    engine.dispose()
