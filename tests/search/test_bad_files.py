"""Whatever becomes of a content file, at run time or at a start: the rest is served as it is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from search import Engine, Settings, open_engine, open_live
from search.content import NAMES
from search.files import LARGEST_FAQ
from tests.search.conftest import lay_out, write_faq

ROOT = Path(__file__).resolve().parents[2]
FAQ = "faq/payment/pay-failed.md"


def put(raw: bytes) -> Callable[[Path], None]:
    return lambda path: bytes_to(path, raw)


def bytes_to(path: Path, raw: bytes) -> None:
    path.unlink()
    path.write_bytes(raw)


def dangling(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.with_name("nowhere"))


def looping(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def huge(path: Path) -> None:
    path.write_bytes(path.read_bytes() + "水".encode() * (4 * 1024 * 1024))


BREAKS: dict[str, Callable[[Path], None]] = {
    "an open bracket": put(b"a: ["),
    "a list": put(b"- 1\n- 2\n"),
    "a word": put(b"oops"),
    "GBK": put("标题: 支付失败".encode("gbk")),
    "UTF-16": put("a: b\n".encode("utf-16")),
    "NUL": put(b"a: \x00"),
    "a dangling link": dangling,
    "a link to itself": looping,
    "a pipe": pipe,
    "a folder": folder,
    "ten megabytes": huge,
}
GONE = {**BREAKS, "removed": Path.unlink, "empty": put(b"")}
CASES = [(name, how) for name in NAMES for how in GONE if name != "lexicon/words.txt"]
CASES += [("lexicon/words.txt", how) for how in GONE if how not in ("empty", "a list")]


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the small content folder, fitted once."""
    here = tmp_path_factory.mktemp("fitted")
    open_engine(Settings(lay_out(here / "data"), here / "index"))
    return here / "index"


@pytest.fixture
def place(fitted: Path, content: Path, settings: Settings) -> Settings:
    """A content folder of the test's own whose index is fitted already."""
    shutil.copytree(fitted, settings.index)
    return settings


def started(settings: Settings) -> Engine:
    """Open the engine as a process that starts does, without its thread."""
    stopped = threading.Event()
    stopped.set()
    return open_live(settings, stopped=stopped)


def is_served(engine: Engine) -> None:
    """See that everything is there that was there before."""
    assert {faq.id for faq in engine.faqs()} == {"pay-failed", "refund-how"}
    assert engine.rank("付不了款").hits[0].id == "pay-failed"
    assert engine.rank("我要退钱").hits[0].id == "refund-how"
    assert engine.variables["hotline"]
    assert engine.categories()


@pytest.mark.parametrize(("name", "how"), CASES)
def test_a_bad_file_changes_nothing_while_running_and_nothing_at_a_start(
    place: Settings, name: str, how: str
) -> None:
    engine = open_engine(place)
    GONE[how](place.data / name)
    engine.refresh()
    is_served(engine)
    assert {problem.path for problem in engine.problems} == {place.data / name}
    again = started(place)
    is_served(again)
    assert {problem.path for problem in again.problems} == {place.data / name}


@pytest.mark.parametrize("how", BREAKS)
def test_a_bad_faq_keeps_its_last_good_version_over_a_start(place: Settings, how: str) -> None:
    engine = open_engine(place)
    path = place.data / FAQ
    path.write_text(path.read_text(encoding="utf-8").replace("先看", "再看"), encoding="utf-8")
    engine.refresh()
    BREAKS[how](path)
    engine.refresh()
    for one in (engine, started(place)):
        is_served(one)
        assert one.faq("pay-failed").answer.startswith("再看")
        (problem,) = one.problems
        assert problem.path == path
        assert problem.fix


@pytest.mark.parametrize("how", BREAKS)
def test_a_new_bad_file_takes_no_neighbour_with_it(place: Settings, how: str) -> None:
    engine = open_engine(place)
    new = place.data / "faq" / "refund" / "zz-new.md"
    new.write_bytes(b"")
    BREAKS[how](new)
    good = place.data / "faq" / "refund" / "refund-how.md"
    good.write_text(good.read_text(encoding="utf-8").replace("先看", "再看"), encoding="utf-8")
    engine.refresh()
    for one in (engine, started(place)):
        is_served(one)
        assert one.faq("refund-how").answer.startswith("再看")
        assert [problem.path for problem in one.problems] == [new]


def test_a_file_that_vanishes_while_the_folder_is_listed_takes_no_other_with_it(
    place: Settings,
) -> None:
    engine = open_engine(place)
    over = threading.Event()

    def come_and_go() -> None:
        number = 0
        while not over.is_set():
            number += 1
            passing = place.data / "faq" / "refund" / f"aa-{number % 50}.md"
            passing.write_bytes(b"x")
            passing.unlink()

    other = threading.Thread(target=come_and_go)
    other.start()
    try:
        for _ in range(60):
            engine.refresh()
            assert engine.faq("refund-how")
            assert engine.faq("pay-failed")
    finally:
        over.set()
        other.join()


def test_a_file_that_is_too_large_and_too_many_ways_of_asking_are_told_with_the_fix(
    place: Settings,
) -> None:
    engine = open_engine(place)
    many = [f"第{number}种付不了款的说法" for number in range(2_000)]
    path = write_faq(place.data, "payment/pay-failed", "支付失败怎么办", many)
    assert path.stat().st_size < LARGEST_FAQ
    engine.refresh()
    (problem,) = engine.problems
    assert "2000 entries" in problem.reason
    is_served(engine)
    with path.open("a", encoding="utf-8") as file:
        file.write("水" * LARGEST_FAQ)
    engine.refresh()
    (problem,) = engine.problems
    assert "too large" in problem.reason
    assert "256 KB" in problem.fix
    is_served(engine)


def test_a_start_waits_for_no_fit_where_something_can_be_served(
    place: Settings,
) -> None:
    path = place.data / "variables.yml"
    path.write_text("hotline: [", encoding="utf-8")
    write_faq(place.data, "payment/coupon-how", "优惠券怎么用", ["抵用券在哪用", "红包券使用"])
    before = sorted(found.name for found in place.index.iterdir() if (found / "code").exists())
    env = {
        **os.environ,
        "XIAOHU_DATA": str(place.data),
        "XIAOHU_VAR": str(place.index.parent),
    }
    command = [sys.executable, "-W", "ignore", "-m", "search", "--ready"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "variables.yml:" in done.stderr
    assert "weighing" not in done.stderr
    after = sorted(found.name for found in place.index.iterdir() if (found / "code").exists())
    assert after == before
    engine = started(place)
    assert engine.rank("抵用券在哪里用").hits[0].id == "coupon-how"
    assert engine.variables["hotline"]


def test_a_new_version_of_the_program_fits_bad_files_as_they_were_when_last_good(
    place: Settings,
) -> None:
    for code in place.index.glob("*/code"):
        code.write_text("of another version", encoding="ascii")
    (place.data / FAQ).write_text("broken", encoding="utf-8")
    (place.data / "categories.yml").write_text("broken", encoding="utf-8")
    engine = started(place)
    is_served(engine)
    broken = {place.data / FAQ, place.data / "categories.yml"}
    assert {problem.path for problem in engine.problems} == broken


@pytest.mark.parametrize("name", ["safety/fraud.yml", "safety/stories/a.txt"])
@pytest.mark.parametrize("how", [how for how in BREAKS if how != "ten megabytes"])
def test_bad_words_of_fraud_stop_no_search_and_no_edit(
    place: Settings, name: str, how: str
) -> None:
    stories = place.data / "safety" / "stories"
    stories.mkdir(parents=True)
    shutil.copy(ROOT / "data" / "safety" / "fraud.yml", place.data / "safety")
    (stories / "a.txt").write_text("## fraud\n骗子把我的钱转走了\n## harmless\n怎么转账\n", "utf-8")
    engine = started(place)
    assert engine.rank("骗子让我共享屏幕把钱转走了").hits
    BREAKS[how](place.data / name)
    path = place.data / FAQ
    path.write_text(path.read_text(encoding="utf-8").replace("刷不过", "刷不出来"), "utf-8")
    assert engine.refresh()
    for running in (engine, started(place)):
        is_served(running)
        assert running.rank("刷不出来").hits[0].id == "pay-failed"
