"""Voices are rows like the editors' own, and know who wrote them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from search import Engine, Settings, open_engine
from search.analysis import FIELDS
from search.content import read_content
from search.files import Listing, list_files
from search.index import rows_of
from search.live import fit, start
from search.sources import VOICES, Sources
from search.splicing import VOICED


def speak(data: Path, folder: str, author: str, text: str) -> Path:
    path = data / "voices" / folder / f"{author}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_voice_is_answered_like_a_similar_question(settings: Settings) -> None:
    speak(settings.data, "refund-how", "lhasa-driver", "# 师傅们的话\n\n车费退给我呗\n")
    engine = open_engine(settings)
    hit = engine.rank("车费退给我").hits[0]
    assert (hit.id, hit.matched) == ("refund-how", "车费退给我呗")
    rows = {row.text: row.author for row in engine.generation.rows}
    assert rows["车费退给我呗"] == "lhasa-driver"
    assert rows[engine.faq("refund-how").question] == ""
    assert not any("师傅" in text for text in rows)


def test_a_voice_speaks_for_a_topic_beyond_the_help_center(settings: Settings) -> None:
    topic = read_content(settings.data).lexicon.beyond[0].id
    speak(settings.data, f"beyond-{topic}", "lhasa-driver", "路上哪儿能加氢气\n")
    rows = [row for row in open_engine(settings).generation.rows if row.text == "路上哪儿能加氢气"]
    assert [(row.kind, row.owner, row.author) for row in rows] == [
        ("beyond", topic, "lhasa-driver")
    ]


def test_a_row_that_an_editor_lists_too_is_the_editors(settings: Settings) -> None:
    content = read_content(settings.data)
    text = content.faqs["refund-how"].similar[0]
    speak(settings.data, "refund-how", "lhasa-driver", f"{text}\n")
    rows = [row for row in open_engine(settings).generation.rows if row.text == text]
    assert [row.author for row in rows] == [""]


@pytest.mark.parametrize("folder", ["no-such-faq", "beyond-no-such-topic", "beyond-refund-how"])
def test_a_folder_that_names_nothing_is_told_and_the_rest_is_served(
    settings: Settings, folder: str
) -> None:
    path = speak(settings.data, folder, "lhasa-driver", "随便写的\n")
    engine = open_engine(settings)
    assert [problem.path for problem in engine.problems] == [path]
    assert engine.rank("付不了款").hits[0].id == "pay-failed"


def test_a_voice_added_later_is_live_and_bad_bytes_are_told(settings: Settings) -> None:
    engine = open_engine(settings)
    path = speak(settings.data, "refund-how", "lhasa-driver", "车费退给我呗\n")
    assert refreshed(engine)
    assert engine.rank("车费退给我").hits[0].matched == "车费退给我呗"
    path.write_bytes("车费退给我呗\n".encode("gbk"))
    assert refreshed(engine)
    assert [problem.path for problem in engine.problems] == [path]
    assert engine.rank("退款怎么退").hits[0].id == "refund-how"


def test_a_bad_faq_keeps_its_voices(settings: Settings) -> None:
    speak(settings.data, "refund-how", "lhasa-driver", "车费退给我呗\n")
    engine = open_engine(settings)
    faq = settings.data / "faq" / "refund" / "refund-how.md"
    faq.write_text("broken", encoding="utf-8")
    assert refreshed(engine)
    assert [problem.path for problem in engine.problems] == [faq]
    assert engine.rank("车费退给我").hits[0].matched == "车费退给我呗"


def test_a_first_start_serves_the_editors_rows_and_has_the_voices_fitted_meanwhile(
    settings: Settings,
) -> None:
    rows = "".join(f"第{number}趟车费退给我呗\n" for number in range(VOICED + 1))
    speak(settings.data, "refund-how", "lhasa-driver", rows)
    first = start(settings)
    assert not any(row.author for row in first.rows)
    engine = Engine(settings, first, lambda: dt.date(2026, 11, 30))
    engine.refresh()
    assert not any(row.author for row in engine.generation.rows)
    assert engine.rank("付不了款").hits[0].id == "pay-failed"
    assert not engine.follower.fitted
    assert fit(settings)
    assert refreshed(engine)
    assert engine.follower.fitted
    assert sum(row.author == "lhasa-driver" for row in engine.generation.rows) == VOICED + 1
    assert engine.rank("第7趟车费退给我呗").hits[0].id == "refund-how"


def test_voices_stand_in_the_postings_as_if_the_index_held_them(settings: Settings) -> None:
    speak(settings.data, "refund-how", "lhasa-driver", "车费退给我呗\n")
    generation = open_engine(settings).generation
    assert [(row.kind, row.owner, row.text, row.author) for row in generation.rows] == list(
        rows_of(generation.content)
    )
    for name in FIELDS:
        field = generation.compiled.fields[name]
        found: dict[str, list[int]] = {term: [] for term in field.terms}
        for number, row in enumerate(generation.rows):
            for term in dict.fromkeys(getattr(generation.analyser(row.text), name)):
                found[term].append(number)
        for term, place in field.terms.items():
            rows = field.rows[field.starts[place] : field.starts[place + 1]].tolist()
            assert rows == found[term]


def refreshed(engine: object) -> bool:
    """Look as often as it takes to come by the voices."""
    found = [engine.refresh() for _ in range(25)]  # type: ignore[attr-defined]
    return True in found


def test_looking_for_edits_lists_the_voices_once_in_many_looks(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak(settings.data, "refund-how", "lhasa-driver", "车费退给我呗\n")
    sources = Sources(settings.data, settings.index / "accepted", {})
    sources.read()
    listed: list[bool] = []

    def noted(data: Path, names: tuple[str, ...], *, voices: bool = True) -> Listing:
        listed.append(voices)
        return list_files(data, names, voices=voices)

    monkeypatch.setattr("search.sources.list_files", noted)
    assert not any(sources.changed() for _ in range(2 * VOICES))
    assert listed.count(True) == 2
