"""What is sent is kept once, sealed, in its conversation; documents are told by their content."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desk.conftest import Desk
from tests.desk.papers import DOCX, OFD, PDF, TEXT, XLSX, archive
from tests.desk.test_pictures import drawn
from web.desk import attachments, documents, pixels
from web.desk.errors import NotFound


def test_a_picture_is_kept_once_and_found_in_its_own_conversation_alone(
    desk: Desk, tmp_path: Path
) -> None:
    xiaolin, ajie = (desk.open().conversation.id for _ in range(2))
    picture = pixels.remake(drawn())
    with desk.database.write() as session:
        event, new = attachments.add(session, tmp_path, xiaolin, "client-1", picture, desk.now)
        again, second = attachments.add(session, tmp_path, xiaolin, "client-1", picture, desk.now)
    assert (new, second, event.id) == (True, False, again.id)
    name = event.data["attachment"]
    with desk.database.read() as session:
        assert attachments.read(session, tmp_path, xiaolin, name) == picture.content
        (path,) = tmp_path.rglob("*.sealed")
        assert path.stat().st_mode & 0o777 == 0o600
        for where, what in ((ajie, name), (xiaolin, "../../secret_key"), (xiaolin, "x" * 32)):
            with pytest.raises(NotFound):
                attachments.read(session, tmp_path, where, what)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (PDF, "pdf"),
        (DOCX, "docx"),
        (XLSX, "xlsx"),
        (OFD, "ofd"),
        (TEXT, "txt"),
        ("交易流水 共 3 笔\r\n".encode("gb18030"), "txt"),
        ("\ufeff交易流水".encode(), "txt"),
        ("交易流水".encode("utf-16"), "txt"),
    ],
)
def test_a_document_is_told_by_its_content_whatever_it_is_called(raw: bytes, kind: str) -> None:
    taken = documents.take(raw, "回单.exe")
    assert taken is not None
    assert (taken.kind, taken.name, taken.content) == (kind, f"回单.{kind}", raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"MZ\x90\0 a program",
        b"\x7fELF\x02\x01",
        b"%PDF-1.7 cut off",
        b"<html><script>alert(1)</script>",
        b"\xef\xbb\xbf  <svg onload=alert(1)>",
        archive("invoice.js"),
        archive("word/document.xml", "word/vbaProject.bin"),
        archive("xl/workbook.xml", "xl/macrosheets/sheet1.xml"),
        archive("word/document.xml", "word/embeddings/oleObject1.bin"),
        archive("xl/workbook.xml", *(f"{number}" for number in range(documents.ENTRIES))),
        DOCX[: len(DOCX) // 2],
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old Word file",
        "一行\0字".encode(),
        PDF + b"\0" * pixels.LARGEST,
    ],
)
def test_what_could_run_or_is_none_of_the_kinds_is_refused(raw: bytes) -> None:
    assert documents.take(raw, "statement.pdf") is None


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("对账单.PDF", "对账单.pdf"),
        ("C:\\Users\\小林\\回单.pdf", "回单.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie_ x.pdf"),
        ('"><script>.pdf', "___script_.pdf"),
        ("", "file.pdf"),
        (".pdf", "pdf.pdf"),
        ("长" * 300, "长" * documents.LONGEST + ".pdf"),
    ],
)
def test_a_name_leads_nowhere_hides_nothing_and_ends_as_its_kind(given: str, name: str) -> None:
    assert documents.name_of(given, "pdf") == name


def test_a_secret_in_a_name_is_hidden() -> None:
    name = documents.name_of("银行卡6222020200112233440流水.pdf", "pdf")
    assert "6222020200112233440" not in name
    assert name.endswith("流水.pdf")


def test_a_document_is_kept_as_it_came_sealed_and_with_its_name_in_the_event_alone(
    desk: Desk, tmp_path: Path
) -> None:
    xiaolin, ajie = (desk.open().conversation.id for _ in range(2))
    paper = documents.take(PDF, "小林的对账单.pdf")
    picture = pixels.remake(drawn())
    with desk.database.write() as session:
        event, _ = attachments.add(session, tmp_path, xiaolin, "client-1", paper, desk.now)
        seen, _ = attachments.add(session, tmp_path, xiaolin, "client-2", picture, desk.now)
    one = event.data["attachment"]
    assert event.data == {
        "attachment": one, "kind": "pdf", "name": "小林的对账单.pdf", "size": len(PDF),
    }  # fmt: skip
    with desk.database.read() as session:
        assert attachments.read(session, tmp_path, xiaolin, one) == PDF
        named = attachments.named(session, xiaolin, one)
        assert (named.kind, named.name) == ("pdf", "小林的对账单.pdf")
        assert attachments.named(session, xiaolin, seen.data["attachment"]) is None
        with pytest.raises(NotFound):
            attachments.named(session, ajie, one)
    assert len(list(tmp_path.rglob("*.sealed"))) == 2
    assert not any(PDF[:8] in path.read_bytes() for path in tmp_path.rglob("*.*"))
