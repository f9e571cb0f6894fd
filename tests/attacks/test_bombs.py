"""Pictures made to take a server's time and memory: refused, given up, and decoded apart."""

from __future__ import annotations

import io
import struct
import zlib
from collections import Counter

import psutil
import pytest
from flask import Flask
from PIL import Image

from tests.attacks.conftest import visitor
from tests.attacks.test_starvation import OTHER, THIEF
from tests.attacks.test_starvation import at_one_moment as at_one_moment
from web.pictures import remaking
from web.pictures.remaking import Studio


def bomb(side: int) -> bytes:
    """A PNG of one colour: kilobytes that claim to be millions of pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    packer = zlib.compressobj(9)
    row = b"\0" * (side // 8 + 2)
    pixels = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"".join(
        (b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", head), chunk(b"IDAT", pixels), chunk(b"IEND", b""))
    )


def test_pictures_that_are_bombs_are_refused_before_they_are_decoded(app: Flask) -> None:
    thief = visitor(app, "198.51.100.67")
    animated = io.BytesIO()
    frames = [Image.new("P", (500, 500), shade) for shade in range(60)]
    frames[0].save(animated, "GIF", save_all=True, append_images=frames[1:])
    padded = Image.new("RGB", (8, 8))
    text = io.BytesIO()
    padded.save(text, "PNG")
    broken = text.getvalue()[:40]
    got = []
    for at, raw in enumerate((bomb(20_000), broken, b"<svg onload=alert(1)>", animated.getvalue())):
        path = f"{thief.base}/attachments?client_id=picture-{at:04}"
        headers = {**thief.headers, "Content-Type": "image/png"}
        answer = thief.client.post(path, data=raw, headers=headers)
        got.append((answer.status_code, (answer.get_json() or {}).get("reason")))
    assert got == [(422, "pixels"), (422, "kind"), (422, "kind"), (201, None)]


def endless() -> bytes:
    """A JPEG whose one scan is sent thousands of times: each is decoded over the whole picture."""
    out = io.BytesIO()
    Image.new("L", (5400, 5500), 99).save(out, "JPEG", progressive=True)
    raw = out.getvalue()
    first = raw.index(b"\xff\xda", raw.index(b"\xff\xda") + 2)
    second = raw.index(b"\xff\xda", first + 2)
    return raw[:second] + raw[first:second] * 2000 + raw[second:]


def test_a_picture_that_keeps_its_decoder_busy_is_given_up(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = Studio(cpu=1)
    monkeypatch.setattr(remaking, "studio", studio)
    raw = endless()
    assert len(raw) < 500_000
    thief, other = visitor(app, "198.51.100.68"), visitor(app, OTHER)
    small = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(small, "PNG")
    got = []
    for customer, sent in ((thief, raw), (other, small.getvalue())):
        path = f"{customer.base}/attachments?client_id=picture-9001"
        headers = {**customer.headers, "Content-Type": "image/png"}
        answer = customer.client.post(path, data=sent, headers=headers)
        got.append((answer.status_code, (answer.get_json() or {}).get("reason")))
    studio.close()
    assert got == [(422, "time"), (201, None)]


def test_who_decodes_pictures_knows_no_secret_and_writes_no_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SECRET_KEY", "a secret that a decoder has no need of")
    small = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(small, "PNG")
    studio, before = Studio(), psutil.Process().children()
    assert studio.receive(small.getvalue()).width == 8
    (decoder,) = (one for one in psutil.Process().children() if one not in before)
    assert "web.pictures.decoder" in decoder.cmdline()
    assert decoder.environ() == {}
    assert decoder.rlimit(psutil.RLIMIT_FSIZE) == (0, 0)
    studio.close()
    assert not decoder.is_running(), "nothing of it is left"


@pytest.mark.usefixtures("at_one_moment")
def test_uploads_of_one_address_end_whatever_conversations_it_opens(app: Flask) -> None:
    got: Counter[int] = Counter()
    for _ in range(9):
        thief = visitor(app, THIEF)
        for at in range(8):
            path = f"{thief.base}/attachments?client_id=picture-{at:04}"
            headers = {**thief.headers, "Content-Type": "image/png"}
            got[thief.client.post(path, data=b"\0x", headers=headers).status_code] += 1
    assert set(got) == {422, 429}
    assert got[422] <= 60
    other = visitor(app, OTHER)
    path = f"{other.base}/attachments?client_id=picture-0001"
    headers = {**other.headers, "Content-Type": "image/png"}
    raw = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(raw, "PNG")
    assert other.client.post(path, data=raw.getvalue(), headers=headers).status_code == 201
