import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from august.kernel.luck import Luck, Mixed

BINS = 100
DRAWS = 100_000
# The 99.99 % point of chi-square with 99 degrees of freedom; seeds and ids are fixed, so is the outcome.
CHI_SQUARE = 160.1

ID = st.integers(min_value=-(2**63), max_value=2**63 - 1)


@given(st.integers(), st.text(max_size=8), st.lists(st.tuples(ID, ID), min_size=1, max_size=20))
def test_a_column_holds_the_same_numbers_as_single_draws(
    seed: int, stream: str, ids: list[tuple[int, int]]
) -> None:
    luck = Luck(seed)
    columns = np.array(ids, dtype=np.int64)
    drawn = luck.uniforms(stream, columns[:, 0], columns[:, 1])
    assert drawn.tolist() == [luck.uniform(stream, *pair) for pair in ids]
    turned = np.arange(len(ids))[::-1]
    again = luck.uniforms(stream, Mixed(columns[:, 0])[turned], columns[turned, 1])
    assert again.tolist() == drawn[::-1].tolist()
    whole = luck.integers(stream, columns[:, 0], columns[:, 1], below=7)
    assert whole.tolist() == [luck.integer(stream, *pair, below=7) for pair in ids]


def test_plain_ids_are_broadcast_against_columns() -> None:
    luck = Luck(3)
    drawn = luck.uniforms("visits", np.arange(3), 5, np.arange(2)[:, None])
    assert drawn.shape == (2, 3)
    assert drawn[1, 2] == luck.uniform("visits", 2, 5, 1)


KNOWN = (0.20530454621574035, 0.993391060314422, 100)


def test_known_draws_never_change() -> None:
    # Worlds on disk rest on these very numbers (K4).
    luck = Luck(7)
    assert luck.uniform("x", 0, 5) == KNOWN[0]
    assert luck.uniform("x") == KNOWN[1]
    assert luck.integer("buyers", 1, below=1000) == KNOWN[2]


@pytest.mark.parametrize("seed", [0, 7, 2**70])
def test_draws_are_uniform(seed: int) -> None:
    drawn = Luck(seed).uniforms("exposure", np.arange(DRAWS))
    assert drawn.min() >= 0
    assert drawn.max() < 1
    counts = np.bincount((drawn * BINS).astype(int), minlength=BINS)
    assert ((counts - DRAWS / BINS) ** 2 / (DRAWS / BINS)).sum() < CHI_SQUARE


@pytest.mark.parametrize(
    "other",
    [
        Luck(7).uniforms("b", np.arange(DRAWS)),
        Luck(8).uniforms("a", np.arange(DRAWS)),
        Luck(7).uniforms("a", np.arange(1, DRAWS + 1)),
        Luck(7).uniforms("a", np.arange(DRAWS), 0),
        Luck(7).uniforms("a", 0, np.arange(DRAWS)),
    ],
    ids=["stream", "seed", "neighbour", "one id more", "order of ids"],
)
def test_streams_seeds_and_neighbours_are_independent(other: np.ndarray) -> None:
    one = Luck(7).uniforms("a", np.arange(DRAWS))
    assert abs(np.corrcoef(one, other)[0, 1]) < 4 / np.sqrt(DRAWS)
    cells = np.bincount((one * 10).astype(int) * 10 + (other * 10).astype(int), minlength=100)
    assert ((cells - DRAWS / 100) ** 2 / (DRAWS / 100)).sum() < CHI_SQUARE


def test_a_choice_is_one_of_the_options_and_all_come_up() -> None:
    luck = Luck(1)
    assert {luck.choice("colour", number, options="abc") for number in range(50)} == set("abc")


@pytest.mark.parametrize("below", [0, -1, 2**32 + 1])
def test_a_range_must_make_sense(below: int) -> None:
    with pytest.raises(ValueError, match=str(below)):
        Luck(1).integer("x", below=below)
