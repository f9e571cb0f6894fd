"""The pack of evidence: a ZIP with the letter, the transcript, the card, pictures and documents."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Response, render_template

from web import flows
from web.desk import cards
from web.offload import offload
from web.services import services, utc_now


def build(
    letter: str,
    *,
    transcript: str = "",
    card: Mapping[str, Any] | None = None,
    pictures: Sequence[bytes] = (),
    documents: Sequence[tuple[str, bytes]] = (),
) -> bytes:
    """Pack; evidence.html shows all of it on one page that can be printed.

    documents: each with its name.
    """
    at = utc_now().astimezone(services().contacts.hours.zone)
    known = {field: card[field] for field in cards.WRITTEN if field in card} if card else {}
    tried = [entry["step"] for entry in card.get("tried", ())] if card else []
    names = [f"pictures/{number:02d}.webp" for number in range(1, len(pictures) + 1)]
    papers = {f"files/{number:02d}-{name}": raw for number, (name, raw) in enumerate(documents, 1)}
    values = {
        "letter": letter,
        "transcript": transcript,
        "card": known,
        "tried": tried,
        "pictures": names,
        "documents": list(papers),
        "field_names": cards.names("letter"),
        "step_names": flows.tried(services().flows),
        "at": at,
    }
    files = {
        "letter.txt": letter,
        "evidence.html": render_template("complaint/evidence.html", **values),
    }
    if transcript:
        files["transcript.txt"] = transcript
    if known or tried:
        files["card.txt"] = render_template("complaint/card.txt", **values).strip() + "\n"
    enclosed = {**dict(zip(names, pictures, strict=True)), **papers}
    return offload(lambda: _packed(files, enclosed, at))


def _packed(texts: Mapping[str, str], enclosed: Mapping[str, bytes], at: datetime) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, text in texts.items():
            # Text programs on Windows know UTF-8 by its mark alone.
            mark = "\ufeff" if name.endswith(".txt") else ""
            pack.writestr(_entry(name, at), mark + text.replace("\n", "\r\n"))
        for name, raw in enclosed.items():
            pack.writestr(_entry(name, at), raw)
    return out.getvalue()


def answer(pack: bytes) -> Response:
    """Answer with a pack as a download."""
    response = Response(pack, content_type="application/zip")
    name = f"xiaohu-complaint-{utc_now():%Y%m%d-%H%M}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, at.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry
