"""`python -m search`, as others use it for evaluation."""

from __future__ import annotations

import io
import json

import pytest

from search.__main__ import main
from search.settings import Settings
from tests.search.conftest import ROOT


@pytest.fixture(autouse=True)
def repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIAOHU_DATA", str(ROOT / "data"))
    monkeypatch.setenv("XIAOHU_VAR", str(ROOT / "var"))


def test_a_message_prints_its_ranking(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["扣了两次钱"]) == 0
    assert "pay-duplicate" in capsys.readouterr().out


def test_lines_come_back_with_hits_and_band(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = '{"text": "怎么退款", "tags": ["x"]}\n\n{"text": "你好"}\n'
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    assert main(["--jsonl"]) == 0
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first["tags"] == ["x"]
    assert first["hits"][0]["id"] == "refund-how"
    assert set(first["hits"][0]) == {"id", "score"}
    assert len(first["hits"]) == 10
    assert first["band"] == "answer"
    assert second["band"] == "unknown"


@pytest.mark.parametrize("line", ["no json", "[1]", '{"txt": "a"}', '{"text": 1}'])
def test_a_bad_line_is_named(
    line: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"text": "退款"}\n' + line + "\n"))
    assert main(["--jsonl"]) == 2
    assert "line 2" in capsys.readouterr().err


def test_the_content_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0
    assert "0 problems" in capsys.readouterr().out


def test_settings_come_from_the_environment() -> None:
    settings = Settings.from_env({"XIAOHU_DATA": "/d", "XIAOHU_VAR": "/v"})
    assert (str(settings.data), str(settings.index)) == ("/d", "/v/index")
