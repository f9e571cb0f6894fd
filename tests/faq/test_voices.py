"""Taking in what an author wrote, and telling rows that two owners claim."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from click.testing import CliRunner

from faq.__main__ import main
from faq.checking import check
from search.content import read_content

TODAY = dt.date(2026, 11, 22)


def take(data: Path, source: Path, *options: str, author: str = "lhasa-driver") -> tuple[int, str]:
    call = ["--data", str(data), "voices", "import", str(source), "--author", author, *options]
    result = CliRunner().invoke(main, call)
    return result.exit_code, result.output


def test_an_authors_file_is_split_over_the_owners(data: Path, tmp_path: Path) -> None:
    topic = read_content(data).lexicon.beyond[0]
    source = tmp_path / "driver.txt"
    source.write_text(
        "## refund-how\n车费退给我呗\n付不了款！\n我要退钱\n\n"
        f"## beyond: {topic.title}\n氢气在哪加\n## no-such\n谁知道呢\n",
        encoding="utf-8",
    )
    code, said = take(data, source)
    assert code == 1
    assert "「付不了款！」没有收进 refund-how：pay-failed 已经有了" in said
    assert "不认识「no-such」，它的 1 条没有收" in said
    assert "收进 2 条（2 处），1 条本来就有，0 条和已有的问法大半相同，没有收。" in said
    written = {path.parent.name: path.read_text() for path in data.glob("voices/*/*.txt")}
    assert written == {"refund-how": "车费退给我呗\n", f"beyond-{topic.id}": "氢气在哪加\n"}
    rows = {voice.owner: voice.lines for voice in read_content(data).voices}
    assert rows["refund-how"] == ((1, "车费退给我呗"),)
    assert take(data, source)[1].endswith(
        "收进 0 条（0 处），3 条本来就有，0 条和已有的问法大半相同，没有收。\n"
    )


def test_a_row_that_says_nothing_new_of_its_faq_is_left_out_but_not_of_a_topic_beyond(
    data: Path, tmp_path: Path
) -> None:
    topic = read_content(data).lexicon.beyond[0]
    rows = "车费退给我呗\n车费退给我呗啊\n路上加氢要排队吗\n"
    source = tmp_path / "driver.txt"
    source.write_text(
        f"## refund-how\n{rows}## beyond: {topic.title}\n氢气在哪加\n氢气在哪加啊\n",
        encoding="utf-8",
    )
    code, said = take(data, source)
    assert code == 0
    assert "收进 4 条（2 处）" in said
    assert "1 条和已有的问法大半相同" in said
    written = {path.parent.name: path.read_text() for path in data.glob("voices/*/*.txt")}
    assert written["refund-how"] == "车费退给我呗\n路上加氢要排队吗\n"
    assert written[f"beyond-{topic.id}"] == "氢气在哪加\n氢气在哪加啊\n"


def test_a_dry_run_writes_nothing_and_a_bad_author_is_refused(data: Path, tmp_path: Path) -> None:
    source = tmp_path / "driver.txt"
    source.write_text("## refund-how\n车费退给我呗\n", encoding="utf-8")
    assert take(data, source, "--dry-run")[0] == 0
    assert take(data, source, author="../../up")[0] == 2
    assert not (data / "voices").exists()


def test_a_row_of_two_owners_is_a_reminder_and_an_unknown_folder_an_error(data: Path) -> None:
    for folder, text in (("refund-how", "付 不了款\n车费退给我呗\n"), ("no-such", "谁知道呢\n")):
        path = data / "voices" / folder / "lhasa-driver.txt"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    found = [item for item in check(data, TODAY) if "voices" in str(item.path)]
    told = [(item.path.parent.name, item.line, item.severity) for item in found]
    assert told == [("no-such", 1, "error"), ("refund-how", 1, "warning")]
    assert "没有「no-such」这篇问答" in found[0].why
    assert "「付 不了款」同时是「pay-failed」的问法" in found[1].why
