from __future__ import annotations

import os
from dataclasses import dataclass

import numpy as np
import pytest
from cardstunt.scenes.kept import Kept, digest, file_state


@dataclass(frozen=True, eq=False)
class Drawing:
    pixels: np.ndarray
    name: str


def test_what_is_kept_is_not_worked_out_again():
    kept, asked = Kept(), []

    def work_out():
        asked.append(1)
        return np.arange(3)

    one, two = kept.get("a", work_out), kept.get("a", work_out)
    assert one is two
    assert len(asked) == 1
    kept.clear()
    assert kept.get("a", work_out) is not one
    assert len(kept) == 1


def test_arrays_that_are_kept_cannot_be_written():
    kept = Kept()
    plain = kept.get("plain", lambda: np.zeros(3))
    within = kept.get("within", lambda: (Drawing(np.zeros(3), "x"), [np.zeros(3)]))
    for array in (plain, within[0].pixels, within[1][0]):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_what_was_not_asked_for_longest_goes_first():
    kept = Kept(most_bytes=3 * 2000)
    for name in "abc":
        kept.get(name, lambda: np.zeros(1200, dtype=np.uint8))
    kept.get("a", lambda: pytest.fail("a is kept"))
    kept.get("d", lambda: np.zeros(1200, dtype=np.uint8))
    assert len(kept) == 3
    kept.get("a", lambda: pytest.fail("a is kept"))
    again = []
    kept.get("b", lambda: again.append(1))
    assert again == [1]


def test_what_is_too_large_is_not_kept():
    kept = Kept(most_bytes=2000)
    kept.get("small", lambda: np.zeros(100, dtype=np.uint8))
    assert kept.get("large", lambda: np.zeros(5000, dtype=np.uint8)).size == 5000
    assert len(kept) == 1
    kept.get("small", lambda: pytest.fail("small is kept"))


def test_what_fails_is_not_kept():
    kept = Kept()
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 / 0)
    assert kept.get("a", lambda: 7) == 7


def test_a_digest_is_that_of_the_contents():
    array = np.arange(12).reshape(3, 4)
    assert digest(array) == digest(array.copy(order="F")) == digest(np.ascontiguousarray(array))
    others = (array.T, array.reshape(4, 3), array.astype(np.int32), array + 1)
    assert len({digest(other) for other in (array, *others)}) == 5
    assert digest(array, array) != digest(array)


def test_the_state_of_a_file_changes_when_it_is_written(tmp_path):
    path = tmp_path / "a.png"
    gone = file_state(path)
    path.write_bytes(b"one")
    written = file_state(path)
    os.utime(path, ns=(1, written[2] + 1))
    touched = file_state(path)
    path.unlink()
    assert len({gone, written, touched}) == 3
    assert file_state(path) == gone
