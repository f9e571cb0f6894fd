"""Edits are live at once, bad files never are, and the disk always holds a whole generation."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from search import Settings, UnknownFaq, open_engine, open_live
from search.generation import is_built, newest
from search.live import fit
from tests.search.conftest import write_faq
from tests.thorough import examples

ROOT = Path(__file__).resolve().parents[2]
KILLS = examples(16, 50)  # spread over a fit, beside its last moments


def rewrite(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


@pytest.fixture
def path(settings: Settings) -> Path:
    return settings.data / "faq" / "payment" / "pay-failed.md"


def test_an_added_similar_question_is_answered_without_a_fit(
    settings: Settings, path: Path
) -> None:
    engine = open_engine(settings)
    rewrite(path, "similar: [", "similar: [小票机卡纸了, ")
    assert engine.refresh()
    assert not engine.follower.fitted
    hit = engine.rank("小票机卡纸").hits[0]
    assert (hit.id, hit.matched) == ("pay-failed", "小票机卡纸了")


def test_a_new_file_is_found_and_a_deleted_one_is_gone(settings: Settings, path: Path) -> None:
    engine = open_engine(settings)
    write_faq(settings.data, "payment/coupon-how", "优惠券怎么用", ["抵用券在哪用", "红包券使用"])
    path.unlink()
    assert engine.refresh()
    assert engine.rank("抵用券在哪里用").hits[0].id == "coupon-how"
    with pytest.raises(UnknownFaq):
        engine.faq("pay-failed")
    assert all(hit.id != "pay-failed" for hit in engine.rank("付不了款").hits)


def test_a_bad_file_leaves_its_last_good_version_and_the_rest_is_updated(
    settings: Settings, path: Path
) -> None:
    engine = open_engine(settings)
    path.write_text("---\nid: [\n---\n", encoding="utf-8")
    rewrite(settings.data / "faq" / "refund" / "refund-how.md", "先看交易记录", "请看交易记录")
    assert engine.refresh()
    assert engine.faq("refund-how").answer.startswith("请看交易记录")
    assert engine.faq("pay-failed").answer.startswith("先看交易记录")
    assert engine.rank("付不了款").hits[0].id == "pay-failed"
    (problem,) = engine.problems
    assert (problem.path, problem.line) == (path, 3)


def test_the_last_good_version_outlives_the_process(settings: Settings, path: Path) -> None:
    engine = open_engine(settings)
    rewrite(path, "先看交易记录", "第二版")
    engine.refresh()
    path.write_text("broken", encoding="utf-8")
    engine.refresh()
    stopped = threading.Event()
    again = open_live(settings, stopped=stopped)
    stopped.set()
    assert again.faq("pay-failed").answer.startswith("第二版")
    assert again.problems


def test_a_fixed_file_is_live_again(settings: Settings, path: Path) -> None:
    engine = open_engine(settings)
    good = path.read_text(encoding="utf-8")
    path.write_text("broken", encoding="utf-8")
    engine.refresh()
    path.write_text(good.replace("先看", "再看"), encoding="utf-8")
    engine.refresh()
    assert engine.faq("pay-failed").answer.startswith("再看")
    assert not engine.problems


def test_a_double_of_an_id_does_not_push_the_older_file_out(settings: Settings, path: Path) -> None:
    engine = open_engine(settings)
    double = write_faq(settings.data, "refund/pay-failed", "冒名的问题", ["冒名"])
    rewrite(double, "id: pay-failed", "id: pay-failed\ncategory: refund")
    engine.refresh()
    assert engine.faq("pay-failed").question == "支付失败怎么办"
    assert [problem.path for problem in engine.problems] == [double]


def test_all_files_gone_is_taken_for_a_mishap(settings: Settings) -> None:
    engine = open_engine(settings)
    for found in settings.data.glob("faq/*/*.md"):
        found.unlink()
    engine.refresh()
    assert engine.rank("付不了款").hits[0].id == "pay-failed"
    assert engine.problems


def test_a_synonym_added_counts_at_once(settings: Settings) -> None:
    engine = open_engine(settings)
    words = settings.data / "lexicon" / "synonyms.yml"
    words.write_text("groups:\n  - [转账, 打钱]\n  - [退款, 撤资]\n", encoding="utf-8")
    engine.refresh()
    assert engine.generation.analyser.standard("我要撤资") == "我要退款"
    assert engine.rank("申请撤资").hits[0].id == "refund-how"


def test_what_is_spliced_ranks_as_what_is_fitted(settings: Settings, path: Path) -> None:
    engine = open_engine(settings)
    rewrite(path, "similar: [", "similar: [收银台转圈, ")
    engine.refresh()
    texts = ["付不了款", "收银台一直转圈", "我要退钱", "明天下雨吗"]
    spliced = [engine.rank(text) for text in texts]
    assert fit(settings)
    assert engine.refresh()
    assert engine.follower.fitted
    fitted = [engine.rank(text) for text in texts]
    for before, after in zip(spliced, fitted, strict=True):
        assert (before.hits[0].id, before.topic) == (after.hits[0].id, after.topic)


def test_the_thread_brings_edits_in_and_has_them_fitted(settings: Settings, path: Path) -> None:
    open_engine(settings)
    stopped = threading.Event()
    engine = open_live(settings, stopped=stopped)
    try:
        rewrite(path, "先看交易记录", "看看交易记录")
        wait(lambda: engine.faq("pay-failed").answer.startswith("看看"), 60)
        wait(
            lambda: engine.follower.fitted and newest(settings.index) == engine.generation.name, 150
        )
    finally:
        stopped.set()


def test_no_query_fails_while_generations_change(settings: Settings, path: Path) -> None:
    engine = open_engine(settings)
    failed: list[BaseException] = []
    stopped = threading.Event()

    def ask() -> None:
        while not stopped.is_set():
            try:
                assert engine.rank("付不了款，我要退钱").hits
                engine.suggest("支付")
            except BaseException as error:
                failed.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    for number in range(15):
        rewrite(path, "similar: [", f"similar: [第{number}种问法, ")
        engine.refresh()
    stopped.set()
    asking.join()
    assert not failed


def test_a_kill_at_any_moment_leaves_a_whole_generation(settings: Settings, path: Path) -> None:
    engine = open_engine(settings)
    with dying(settings) as fitted:
        rewrite(path, "similar: [", "similar: [先数一次, ")
        seen, code = fitted(0)
        assert code == 0
        # From the first access to the last rename, and all the last ones.
        steps = [1 + seen * number // KILLS for number in range(KILLS)]
        for number, last in enumerate([*steps, *range(seen - 7, seen + 1)]):
            rewrite(path, "similar: [", f"similar: [第{number}次断电, ")
            assert fitted(last) == (0, -signal.SIGKILL)
            name = newest(settings.index)
            assert name is not None
            assert is_built(settings.index, name)
            engine.refresh()
            assert engine.rank(f"第{number}次断电").hits[0].id == "pay-failed"
    assert fit(settings)
    assert open_engine(settings).rank("第3次断电").hits[0].id == "pay-failed"


@contextmanager
def dying(settings: Settings) -> Iterator[Callable[[int], tuple[int, int]]]:
    """Give what fits in another process, killed at a counted access to a file (0: not at all).

    It returns how many accesses it counted (0 if killed) and the exit code.
    """
    assert settings.index.name == "index"
    env = {
        **os.environ,
        "XIAOHU_DATA": str(settings.data),
        "XIAOHU_VAR": str(settings.index.parent),
        "OPENBLAS_NUM_THREADS": "1",
    }
    command = [sys.executable, "-W", "ignore", "-m", "tests.search.dying"]
    with subprocess.Popen(
        command, env=env, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        given, told = process.stdin, process.stdout
        assert given is not None
        assert told is not None

        def fitted(last: int) -> tuple[int, int]:
            given.write(f"{last}\n")
            given.flush()
            seen = 0
            for line in told:
                what, number = line.split()
                if what == "ended":
                    return seen, int(number)
                seen = int(number)
            raise AssertionError("the fitting process ended")

        yield fitted
        given.close()


def wait(until, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.02)
