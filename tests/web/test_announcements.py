"""Announcements hold from their start to their end; a bad file harms no other."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from web.announcements import current, problems

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)  # noon in Shanghai


def write(tmp_path, name, head, body="今晚维护。"):
    folder = tmp_path / "announcements"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.md").write_text(f"---\n{head}\n---\n\n{body}\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("span", "holds"),
    [
        ("", True),
        ("from: 2026-11-21\nuntil: 2026-11-21", True),
        ("from: 2026-11-22", False),
        ("until: 2026-11-20", False),
        ("until: 2026-11-21 12:00", False),
        ("until: 2026-11-21 12:01", True),
        ("from: 2026-11-21T05:00:00+00:00", False),
        ("from: 2026-11-21T12:00:00+08:00", True),
    ],
)
def test_a_notice_holds_within_its_span(tmp_path, span, holds):
    write(tmp_path, "upkeep", f"title: 系统维护\n{span}")
    assert bool(current(tmp_path, NOON)) == holds


def test_the_newest_comes_first_and_bad_files_are_left_out(tmp_path):
    write(tmp_path, "old", "id: other\ntitle: 旧\nfrom: 2026-11-01")
    write(tmp_path, "b", "title: 新\nfrom: 2026-11-20\nlevel: outage")
    write(tmp_path, "c", "title: [")
    write(tmp_path, "d", "level: info")
    write(tmp_path, "e", "title: 错\nlevel: loud")
    write(tmp_path, "f", "title: 错\nfrom: soon")
    write(tmp_path, "My Notice", "title: 没法在网页上改的名字")
    found = current(tmp_path, NOON)
    assert [(item.id, item.title, item.level) for item in found] == [
        ("b", "新", "outage"),
        ("old", "旧", "info"),
    ]
    assert found[0].text == "今晚维护。"


def test_no_folder_means_no_notices(tmp_path):
    assert current(tmp_path, NOON) == []


def test_what_is_no_plain_file_is_told_and_stops_nothing(tmp_path):
    write(tmp_path, "good", "title: 新")
    folder = tmp_path / "announcements"
    os.mkfifo(folder / "pipe.md")
    (folder / "gone.md").symlink_to(folder / "nowhere")
    (folder / "round.md").symlink_to("round.md")
    (folder / "folder.md").mkdir()
    assert [item.id for item in current(tmp_path, NOON)] == ["good"]
    assert len(problems(tmp_path)) == 4
