from __future__ import annotations

import os

import numpy as np
import pytest
from cardstunt.scenes import stored as stored_module
from cardstunt.scenes.stored import FOLDER_VARIABLE, store_folder, stored


class Work:
    """Counts how often it is done."""

    def __init__(self, *arrays):
        self.arrays, self.done = arrays, 0

    def __call__(self):
        self.done += 1
        return self.arrays


@pytest.fixture
def work():
    return Work(np.arange(6, dtype=np.int64).reshape(2, 3), np.array([0.1, np.inf]))


def same(one, other):
    return len(one) == len(other) and all(
        a.dtype == b.dtype and np.array_equal(a, b) for a, b in zip(one, other, strict=True)
    )


def test_it_is_worked_out_once(work, tmp_path):
    first = stored("ways", b"a", work, folder=tmp_path)
    second = stored("ways", b"a", work, folder=tmp_path)
    assert work.done == 1
    assert same(first, second)
    assert same(second, work.arrays)


@pytest.mark.parametrize(("kind", "key"), [("ways", b"b"), ("places", b"a")])
def test_another_thing_is_not_taken_for_it(work, tmp_path, kind, key):
    other = Work(np.zeros(1))
    stored("ways", b"a", work, folder=tmp_path)
    assert same(stored(kind, key, other, folder=tmp_path), other.arrays)


def test_what_another_source_worked_out_is_not_taken(work, tmp_path, monkeypatch):
    stored("ways", b"a", work, folder=tmp_path)
    monkeypatch.setattr(stored_module, "_source_digest", lambda: b"other")
    stored("ways", b"a", work, folder=tmp_path)
    assert work.done == 2


@pytest.mark.parametrize("harm", [lambda data: data[:40], lambda data: b"", lambda data: b"x" * len(data)])
def test_a_torn_file_is_worked_out_anew(work, tmp_path, harm):
    stored("ways", b"a", work, folder=tmp_path)
    (file,) = tmp_path.glob("*.npz")
    file.write_bytes(harm(file.read_bytes()))
    assert same(stored("ways", b"a", work, folder=tmp_path), work.arrays)
    assert work.done == 2
    assert same(stored("ways", b"a", work, folder=tmp_path), work.arrays)
    assert work.done == 2


def test_a_folder_that_cannot_be_made_costs_only_time(work, tmp_path):
    (tmp_path / "file").touch()
    for _ in range(2):
        assert same(stored("ways", b"a", work, folder=tmp_path / "file" / "store"), work.arrays)
    assert work.done == 2


def test_what_was_not_asked_for_longest_goes_first(tmp_path, monkeypatch):
    files = []
    for k in range(3):
        stored("ways", bytes([k]), Work(np.full(1000, k)), folder=tmp_path)
        (file,) = set(tmp_path.glob("*.npz")) - set(files)
        files.append(file)
        stamp = 10**9 * (k + 1)
        os.utime(file, ns=(stamp, stamp))
    stored("ways", bytes([0]), Work(), folder=tmp_path)  # asked for again
    size = files[0].stat().st_size
    monkeypatch.setattr(stored_module, "MOST_BYTES", 3 * size)
    stored("ways", b"new", Work(np.full(1000, 9)), folder=tmp_path)
    assert [file.exists() for file in files] == [True, False, True]
    assert not list(tmp_path.glob(".*"))


def test_where_things_are_stored(monkeypatch, tmp_path):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert store_folder() == tmp_path
    monkeypatch.setenv(FOLDER_VARIABLE, "")
    assert store_folder() is None
    monkeypatch.delenv(FOLDER_VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(stored_module.sys, "platform", "linux")
    assert store_folder() == tmp_path / "cache" / "cardstunt"


def test_without_a_store_things_are_worked_out(work, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, "")
    assert same(stored("ways", b"a", work), work.arrays)
    assert same(stored("ways", b"a", work), work.arrays)
    assert work.done == 2
