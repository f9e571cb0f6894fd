"""The encoder's table lies once on a machine, and its vectors stay what they were."""

from __future__ import annotations

import importlib
import mmap

import numpy as np
import pytest

from search.reading.encoder import PACKAGE, Encoder

TEXTS = ["怎么提现", "押金什么时候退", "我要找人工"]


@pytest.fixture(scope="module")
def alone():
    """Vectors by a model that shares nothing."""
    return Encoder(importlib.import_module(PACKAGE).USE(threads=1))(TEXTS)


def opened(folder):
    model = importlib.import_module(PACKAGE).USE(threads=1)
    return model, Encoder(model, folder)


def is_mapped(table) -> bool:
    while isinstance(table, np.ndarray):
        table = table.base
    return isinstance(table, mmap.mmap)


def test_a_mapped_table_gives_the_same_vectors_to_whoever_made_it_and_to_others(tmp_path, alone):
    for _ in range(2):
        model, encoder = opened(tmp_path / "encoder")
        encoder(["一句别的话"])  # loads, and shares from then on
        assert is_mapped(model._backend.table)
        assert np.array_equal(encoder(TEXTS), alone)
    assert len(list((tmp_path / "encoder").iterdir())) == 1
    assert (tmp_path / "encoder").stat().st_mode & 0o777 == 0o700


def test_where_no_file_can_be_written_each_process_keeps_its_own(tmp_path, alone):
    (tmp_path / "encoder").write_text("no folder")
    model, encoder = opened(tmp_path / "encoder")
    encoder(["一句别的话"])
    assert not is_mapped(model._backend.table)
    assert np.array_equal(encoder(TEXTS), alone)


def test_a_file_that_was_cut_off_or_is_of_another_shape_is_not_taken(tmp_path, alone):
    model, encoder = opened(tmp_path / "encoder")
    encoder(["一句别的话"])
    (made,) = (tmp_path / "encoder").iterdir()
    for spoil in (lambda: made.write_bytes(made.read_bytes()[:1000]), lambda: np.save(made, TEXTS)):
        made.unlink()
        made.touch()
        np.save(made, np.zeros((2, 2), np.uint8))
        spoil()
        model, encoder = opened(tmp_path / "encoder")
        encoder(["一句别的话"])
        assert not is_mapped(model._backend.table)
        assert np.array_equal(encoder(TEXTS), alone)
