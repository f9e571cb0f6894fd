"""Generations: whole or not at all, and rebuilt only when the content asks for it."""

from __future__ import annotations

import datetime as dt
import fcntl
import subprocess
import sys
from pathlib import Path

import pytest

from search import IndexUnusable, Settings, UnknownFaq, open_engine
from search.content import read_files
from search.generation import name_of, open_current
from tests.search.conftest import ROOT, write_faq


def test_unchanged_content_is_built_once(settings: Settings) -> None:
    steps: list[str] = []
    first = open_current(settings, steps.append)
    assert steps
    steps.clear()
    assert open_current(settings, steps.append).name == first.name
    assert steps == []


def test_who_waits_for_another_process_that_builds_is_told_so(settings: Settings) -> None:
    settings.index.mkdir(parents=True, exist_ok=True)
    steps: list[str] = []
    with (settings.index / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)

        def told(step: str) -> None:
            steps.append(step)
            fcntl.flock(held, fcntl.LOCK_UN)

        open_engine(settings, progress=told)
        assert "another process" in steps[0]
        steps.clear()
        fcntl.flock(held, fcntl.LOCK_EX)
        open_engine(settings, progress=told)  # built: nobody waits
    assert steps == []


def test_the_same_content_gives_the_same_model(settings: Settings, tmp_path: Path) -> None:
    first = open_current(settings).model
    second = open_current(Settings(settings.data, tmp_path / "again")).model
    assert first.weights == pytest.approx(second.weights)
    assert first.gate == pytest.approx(second.gate)


def test_a_new_similar_question_is_found_after_refresh(settings: Settings) -> None:
    engine = open_engine(settings)
    assert not engine.refresh()
    before = engine.rank("小票打不出来").hits[0].matched
    write_faq(settings.data, "payment/pay-failed", "支付失败怎么办", ["小票打不出来", "刷不过"])
    assert engine.refresh()
    after = engine.rank("小票打不出来").hits[0]
    assert (after.id, after.matched) == ("pay-failed", "小票打不出来")
    assert before != after.matched


def test_a_bad_folder_leaves_the_old_generation_in_use(settings: Settings) -> None:
    engine = open_engine(settings)
    (settings.data / "lexicon" / "synonyms.yml").write_text("groups: [", encoding="utf-8")
    assert engine.refresh()
    assert [problem.path.name for problem in engine.problems] == ["synonyms.yml"]
    assert engine.rank("付不了款").hits[0].id == "pay-failed"


def test_an_unfinished_generation_is_never_opened(settings: Settings) -> None:
    name = name_of(read_files(settings.data))
    part = settings.index / f"{name}.part"
    part.mkdir(parents=True)
    (part / "rows.json").write_text("[]")
    assert open_current(settings).rows


def test_a_folder_without_faqs_says_so(settings: Settings) -> None:
    for path in (settings.data / "faq").glob("*/*.md"):
        path.unlink()
    with pytest.raises(IndexUnusable, match="no usable FAQ"):
        open_engine(settings)


def test_an_unwritable_index_folder_says_so(settings: Settings, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(IndexUnusable, match="XIAOHU_VAR"):
        open_engine(Settings(settings.data, blocked / "index"))


def test_old_generations_are_swept(settings: Settings) -> None:
    for number in range(4):
        write_faq(
            settings.data, "payment/pay-failed", "支付失败怎么办", [f"付不了{number}", "刷不过"]
        )
        open_current(settings)
    assert len([path for path in settings.index.iterdir() if (path / "model.json").exists()]) == 2


def test_faqs_outside_their_time_are_not_shown(settings: Settings) -> None:
    path = settings.data / "faq" / "refund" / "refund-how.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("related: []", "valid: {from: 2026-01-01, until: 2026-06-30}"),
        encoding="utf-8",
    )
    day = dt.date(2026, 6, 30)
    engine = open_engine(settings, today=lambda: day)
    assert "refund-how" in {hit.id for hit in engine.rank("我要退钱").hits}
    day = dt.date(2026, 7, 1)
    assert "refund-how" not in {hit.id for hit in engine.rank("我要退钱").hits}
    assert "refund-how" not in {faq.id for faq in engine.faqs()}


def test_an_unknown_id_is_named(settings: Settings) -> None:
    with pytest.raises(UnknownFaq, match="nope"):
        open_engine(settings).faq("nope")


def test_importing_search_reads_and_opens_nothing(tmp_path: Path) -> None:
    code = (
        "import search, sys; assert not any('dict' in m for m in sys.modules if 'jieba.dict' in m)"
    )
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        check=True,
    )
    assert list(tmp_path.iterdir()) == []
