"""try and diff: what an editor asks before publishing."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from faq import comparing, golden, trying, words
from faq.__main__ import main
from faq.errors import NoRevision
from faq.writing import Draft
from search import Engine, Settings, open_engine
from search.content import read_content
from tests.faq.conftest import build, write

TODAY = dt.date(2026, 11, 22)


@pytest.fixture
def engine(data: Path, tmp_path: Path) -> Engine:
    return open_engine(Settings(data, tmp_path / "index"))


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=小陈", "-c", "user.email=chen@localhost")
    subprocess.run(
        ["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True
    )


def test_try_says_in_words_why(engine: Engine) -> None:
    found = trying.attempt(engine, "付不了款啊")
    assert found["hits"][0]["id"] == "pay-failed"
    first = found["accounts"][0]
    assert first["title"] == "支付失败怎么办"
    assert first["rows"][0]["text"] == "付不了款"
    shown = "\n".join(trying.lines(found))
    assert all(reason["words"] in shown for reason in first["reasons"])
    assert all(reason["name"] not in shown for reason in first["reasons"])


def test_the_points_of_the_confidence_add_up(engine: Engine) -> None:
    from search.explanation import explain

    for text in ("付不了款", "明天下雨吗", "我要退钱", "充只失败"):
        seen = explain(engine.generation, text)
        assert seen.confidence == pytest.approx(engine.rank(text).confidence, abs=1e-3)


def test_every_feature_has_a_word(engine: Engine) -> None:
    from search.features import NAMES
    from search.model import GATE

    for group, names in (("features", NAMES), ("gate", GATE)):
        assert [name for name in names if words.name(group, name) == name] == []


def test_diff_names_who_took_a_golden_question(data: Path, tmp_path: Path) -> None:
    lines = [
        {"text": "怎么给我退钱", "faq": "refund-how"},
        {"text": "买单付不上", "faq": "pay-failed"},
    ]
    shown = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    golden.path_of(data).write_text(shown, encoding="utf-8")
    git(data, "init", "-q")
    git(data, "add", ".")
    git(data, "commit", "-qm", "Begin")
    taken = ["怎么给我退钱", "我要退钱吧", "钱怎么退回我", "给我退钱", *"甲乙丙丁"]
    write(data, "pay-failed", similar=taken)
    write(data, "refund-how", similar=["子丑寅", "卯辰巳"])
    settings = Settings(data, tmp_path / "index")
    after = open_engine(settings)
    with comparing.revision_engine(settings, "HEAD", lambda step: None) as before:
        changes, total = comparing.compare(before, after, golden.read(data)[0], ["想退款"])
        said = "\n".join(comparing.lines(changes, total, before, after))
    worse = [change for change in changes if change.worse]
    assert [(change.text, change.after[1]) for change in worse] == [("怎么给我退钱", "pay-failed")]
    assert total == 3
    assert "pay-failed" in said


@pytest.mark.parametrize("root", [".", "..", "../.."])
def test_a_revision_comes_back_whole_wherever_the_repository_begins(
    tmp_path: Path, root: str
) -> None:
    data = build(tmp_path / "shop" / "content")
    top = (data / root).resolve()
    git(top, "init", "-q")
    git(top, "add", ".")
    git(top, "commit", "-qm", "Begin")
    before = read_content(data).faqs
    path = write(data, "pay-failed", "改过的答案。")
    write(data, "refund-new", "新的一篇。")
    found = read_content(comparing.checkout(data, "HEAD", tmp_path / "before"))
    assert [Draft.of(faq) for faq in found.faqs.values()] == [
        Draft.of(faq) for faq in before.values()
    ]
    assert "改过的答案" in path.read_text(encoding="utf-8")


def test_diff_runs_where_the_content_is_a_part_of_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(tmp_path)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "Begin")
    (tmp_path / "asked.txt").write_text("付不了款\n我要退钱\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("XIAOHU_DATA", raising=False)
    monkeypatch.setenv("XIAOHU_VAR", str(tmp_path / "var"))
    done = CliRunner().invoke(main, ["diff", "--asked", "asked.txt"])
    assert (done.exit_code, done.stdout) == (0, "2 个问题，答案都没有变。\n"), done.output


def test_what_git_cannot_give_is_told_with_the_fix(tmp_path: Path) -> None:
    data = build(tmp_path)
    with pytest.raises(NoRevision, match="不在 git 仓库里"):
        comparing.checkout(data, "HEAD", tmp_path / "nothing")
    git(tmp_path, "init", "-q")
    git(tmp_path, "commit", "-qm", "Begin", "--allow-empty")
    with pytest.raises(NoRevision, match=r"没有.*data.*这个文件夹；用 --against"):
        comparing.checkout(data, "HEAD", tmp_path / "nothing")
    for wrong in ("no-such-revision", "--output=x"):
        with pytest.raises(NoRevision, match=f"不认识版本「{wrong}」；用 git log"):
            comparing.checkout(data, wrong, tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()
